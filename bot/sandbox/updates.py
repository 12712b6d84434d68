"""The bot's queue of updates: kept in order until confirmed, read by one long poll at a time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bot.sandbox.errors import conflict
from bot.sandbox.model import JsonObject

FIRST_UPDATE_ID = 100_000_001
MAX_BATCH = 100
MAX_POLL_SECONDS = 50
# Kinds that are only sent to a bot that names them in allowed_updates.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update; those of one lane must be delivered one after the other, different lanes may overtake."""

    id: int
    payload: JsonObject
    lane: int


class UpdateQueue:
    """Updates that the bot has not confirmed yet, oldest first."""

    def __init__(self) -> None:
        self.allowed: frozenset[str] | None = None
        self.on_put: Callable[[Update], None] = lambda _update: None
        self._pending: OrderedDict[int, Update] = OrderedDict()
        self._next_id = FIRST_UPDATE_ID
        self._poll: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits right now."""
        return self._poll is not None

    def pending(self) -> list[Update]:
        """Everything unconfirmed."""
        return list(self._pending.values())

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for this kind of update."""
        return kind not in ON_REQUEST if self.allowed is None else kind in self.allowed

    def allow(self, kinds: list[str]) -> None:
        """Remember allowed_updates; an empty list means the default. Updates already queued stay."""
        self.allowed = frozenset(kinds) if kinds else None

    def put(self, body: JsonObject, lane: int) -> Update:
        """Queue an update and wake whoever waits for it."""
        update = Update(self._next_id, {"update_id": self._next_id, **body}, lane)
        self._next_id += 1
        self._pending[update.id] = update
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self.on_put(update)
        return update

    def confirm(self, offset: int) -> None:
        """Forget all updates below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popitem(last=False)
            return
        while self._pending and next(iter(self._pending)) < offset:
            self._pending.popitem(last=False)

    def discard(self, update_id: int) -> None:
        """Forget one update: it was delivered by webhook."""
        self._pending.pop(update_id, None)

    def clear(self) -> None:
        """Forget everything."""
        self._pending.clear()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[JsonObject]:
        """Answer getUpdates: what there is, or what comes within the time. Ends an older poll with 409."""
        self.end_poll(
            conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        )
        if offset:
            self.confirm(offset)
        if self._pending or seconds <= 0:
            return self._batch(limit)
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        return self._batch(limit)

    def end_poll(self, error: Exception | None = None) -> None:
        """Let the waiting poll end, with an error or with what there is."""
        poll, self._poll = self._poll, None
        if poll is None or poll.done():
            return
        if error is None:
            poll.set_result(None)
        else:
            poll.set_exception(error)

    def _batch(self, limit: int) -> list[JsonObject]:
        return [update.payload for update in islice(self._pending.values(), limit)]
