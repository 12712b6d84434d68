"""Flood limits: how much a bot may send, overall, per chat and per group."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import too_many_requests

OVERALL_SECONDS = 1.0
GROUP_SECONDS = 60.0
# Full buckets and empty windows carry no information; they are swept once so many chats are on record.
SWEEP_AT = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The permitted rates. Telegram publishes approximations only; these are its own figures, kept strictly."""

    enabled: bool = True
    overall_per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20

    @classmethod
    def off(cls) -> "Limits":
        """No limit at all."""
        return cls(enabled=False)


class FloodGate:
    """Counts what the bot sends and refuses what is too much; a refused call counts nowhere."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self.limits = limits
        self._monotonic = monotonic
        self._overall: deque[float] = deque()
        self._buckets: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}

    def spend(self, chat_id: int, *, in_group: bool, is_edit: bool = False) -> None:
        """Count one call to the chat, or raise ApiError 429 with the wait in seconds. Edits skip the group rule."""
        limits = self.limits
        if not limits.enabled:
            return
        now = self._monotonic()
        wait = _window_wait(self._overall, limits.overall_per_second, OVERALL_SECONDS, now)
        tokens = self._tokens(chat_id, now)
        if tokens < 1.0:
            wait = max(wait, (1.0 - tokens) / limits.chat_per_second)
        group = None
        if in_group and not is_edit:
            group = self._groups.setdefault(chat_id, deque())
            wait = max(wait, _window_wait(group, limits.group_per_minute, GROUP_SECONDS, now))
        if wait > 0.0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._overall.append(now)
        self._buckets[chat_id] = (tokens - 1.0, now)
        if group is not None:
            group.append(now)
        if len(self._buckets) > SWEEP_AT:
            self._sweep(now)

    def _tokens(self, chat_id: int, now: float) -> float:
        burst = float(self.limits.chat_burst)
        tokens, since = self._buckets.get(chat_id, (burst, now))
        # The small addition keeps rounding of float sums from refusing a call that comes exactly on time.
        return min(burst, tokens + (now - since) * self.limits.chat_per_second + 1e-9)

    def _sweep(self, now: float) -> None:
        burst = float(self.limits.chat_burst)
        self._buckets = {chat: kept for chat, kept in self._buckets.items() if self._tokens(chat, now) < burst}


def _window_wait(window: deque[float], most: int, seconds: float, now: float) -> float:
    while window and window[0] + seconds <= now:
        window.popleft()
    return window[len(window) - most] + seconds - now if len(window) >= most else 0.0
