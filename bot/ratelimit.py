"""When may a message go to a chat? Telegram's limits as plain arithmetic; the clock stays outside.

The courier asks ``ready_at(chat, now)``. If that is ``<= now`` it sends and says so with ``take(chat, now)``; else it
sleeps until then (or serves another chat) and asks again. Asking changes nothing; only ``take`` uses up a slot. ``now``
is a monotonic clock in seconds and must not run backwards.

The limits are kept as if the server counted strictly
-----------------------------------------------------
Telegram counts arrivals, we count departures; two messages may come closer together on the way by the difference of
their delays. Each rule therefore keeps a ``margin`` of 12 ms:

* **Over all, N = 30 in any second.** Message n leaves no earlier than ``1 s + margin`` after message n - 30. So any 31
  messages span 1.012 s: even if the first is delayed 11 ms and the last not at all, no window of a second holds 31.
  The rate is 30 / 1.012 = 29.64/s. Sleeping overshoots by 2–3 ms; because the distance is measured from a message 30
  places back, that is paid once a second and not once a message: 30 / (1.012 + 0.003) = 29.56/s, 98.5 % of what is
  permitted. (A plain interval of 1/29.6 s would lose 3 ms of every 34 ms, 8 %, unless it may catch up, and each
  millisecond of catching up is taken from the margin.)
* **Evenly.** That rule alone would send 30 at once and then wait. A second one spaces messages by 1/30 s on average and
  lets them catch up 50 ms; being faster than 29.64/s it never limits the rate, only the bunching.
* **Per chat, one per second with a burst of 3.** A bucket that holds 3 and regains one in ``1 s + margin``: n messages
  in a row span at least (n - 3) × 1.012 s, where the server asks for n - 3.
* **Per group, 20 in any minute.** Message n leaves no earlier than ``60 s + margin`` after message n - 20 of the group.

After a 429
-----------
The answer does not say which limit was hit. ``flooded`` takes it for the chat's own and pauses that chat as long as
asked. Only when a second chat is refused while the first is still paused is everything paused, and for 5 s at most: the
flood is probably the bot's then, yet two busy groups refused at once must not silence the bot for minutes. Pauses only
ever grow; a message that was already under way and succeeds does not end one.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final, Self

_NEVER: Final = float("-inf")
_CATCH_UP: Final = 0.050  # seconds by which evenly spaced messages may be early, to make good an overslept timer
_LONGEST_OVERALL_PAUSE: Final = 5.0
_MINUTE: Final = 60.0
_SWEEP_FROM: Final = 1024  # chats; below that it is not worth looking for idle ones


@dataclass(frozen=True, slots=True)
class SendLimits:
    """What the server permits; 0 lifts a limit. ``margin`` is the jitter of the network that is allowed for."""

    overall_per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    margin: float = 0.012

    def __post_init__(self) -> None:
        if min(self.overall_per_second, self.chat_per_second, self.group_per_minute, self.margin) < 0:
            raise ValueError("a limit cannot be negative")
        if self.chat_burst < 1:
            raise ValueError("chat_burst must be at least 1, or no message could ever be sent")

    @classmethod
    def telegram(cls) -> Self:
        """The limits Telegram publishes for bots."""
        return cls()

    @classmethod
    def off(cls) -> Self:
        """No limits; pauses after a 429 are still kept."""
        return cls(overall_per_second=0, chat_per_second=0.0, group_per_minute=0)


class _Chat:
    """One chat's recent past: when its bucket is full again, its last minute (groups), its pause."""

    __slots__ = ("full_at", "minute", "paused_until")

    def __init__(self, remembered: int) -> None:
        self.full_at = _NEVER
        self.minute: deque[float] | None = deque(maxlen=remembered) if remembered else None
        self.paused_until = _NEVER


class Pacer:
    """Keeps the limits over all chats of one bot. Forgets a chat once its past no longer matters."""

    def __init__(self, limits: SendLimits) -> None:
        self.limits = limits
        self._window = 1.0 + limits.margin
        self._group_window = _MINUTE + limits.margin
        self._spacing = 1.0 / limits.overall_per_second if limits.overall_per_second else 0.0
        self._regain = 1.0 / limits.chat_per_second + limits.margin if limits.chat_per_second else 0.0
        self._burst_credit = (limits.chat_burst - 1) * self._regain
        self._second: deque[float] = deque(maxlen=limits.overall_per_second)
        self._even_at = _NEVER
        self._paused_until = _NEVER
        self._last_flood: tuple[int, float] | None = None  # which chat, and until when it is paused
        self._chats: dict[int, _Chat] = {}
        self._sweep_at = _SWEEP_FROM

    def __len__(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)

    def ready_at(self, chat_id: int, now: float) -> float:
        """The first instant, not before ``now``, at which a message may go to this chat."""
        return max(self.overall_ready_at(now), self.chat_ready_at(chat_id, now))

    def overall_ready_at(self, now: float) -> float:
        """The same, for the limits that all chats share: while these say no, there is no need to ask for a chat."""
        ready = max(now, self._paused_until, self._even_at - _CATCH_UP)
        recent = self._second
        if recent and len(recent) == recent.maxlen:
            ready = max(ready, recent[0] + self._window)
        return ready

    def chat_ready_at(self, chat_id: int, now: float) -> float:
        """The same, for the chat's own limits: by this a courier can line up its chats."""
        chat = self._chats.get(chat_id)
        if chat is None:
            return now
        ready = max(now, chat.paused_until, chat.full_at - self._burst_credit)
        recent = chat.minute
        if recent and len(recent) == recent.maxlen:
            ready = max(ready, recent[0] + self._group_window)
        return ready

    def take(self, chat_id: int, now: float) -> None:
        """A message goes to this chat now. Counts it, also if it goes too early (the others then wait for it)."""
        if self._spacing:
            self._second.append(now)
            self._even_at = max(self._even_at, now) + self._spacing
        group = chat_id < 0 and self.limits.group_per_minute > 0
        if not self._regain and not group:
            return
        chat = self._chats.get(chat_id)
        if chat is None:
            self._sweep(now)
            chat = self._remember(chat_id)
        if self._regain:
            chat.full_at = max(chat.full_at, now) + self._regain
        if chat.minute is not None:
            chat.minute.append(now)

    def pause(self, chat_id: int | None, until: float) -> None:
        """Send nothing to this chat (None: to anyone) before ``until``. Never shortens a pause."""
        if chat_id is None:
            self._paused_until = max(self._paused_until, until)
            return
        chat = self._chats.get(chat_id) or self._remember(chat_id)
        chat.paused_until = max(chat.paused_until, until)

    def flooded(self, chat_id: int, now: float, retry_after: float) -> None:
        """The server answered a message to this chat with 429: pause it, and all if another one is paused for that."""
        until = now + retry_after + self.limits.margin
        self.pause(chat_id, until)
        if self._last_flood is not None:
            other, paused_until = self._last_flood
            if other != chat_id and paused_until > now:
                self.pause(None, min(until, now + _LONGEST_OVERALL_PAUSE))
            until = max(until, paused_until)
        self._last_flood = (chat_id, until)

    def forget_idle(self, now: float) -> int:
        """Drop the chats whose past no longer holds anything back, and say how many. ``take`` does it now and then."""
        idle = [chat_id for chat_id, chat in self._chats.items() if self._is_idle(chat, now)]
        for chat_id in idle:
            del self._chats[chat_id]
        return len(idle)

    def _is_idle(self, chat: _Chat, now: float) -> bool:
        if max(chat.full_at, chat.paused_until) > now:
            return False
        return not chat.minute or chat.minute[-1] + self._group_window <= now

    def _remember(self, chat_id: int) -> _Chat:
        chat = self._chats[chat_id] = _Chat(self.limits.group_per_minute if chat_id < 0 else 0)
        return chat

    def _sweep(self, now: float) -> None:
        # Only when the number has doubled since the last time: so its cost per message stays constant.
        if len(self._chats) >= self._sweep_at:
            self.forget_idle(now)
            self._sweep_at = max(_SWEEP_FROM, 2 * len(self._chats))
