"""The event log: each call the bot made, each update it was given, each change of a chat; and who wants to know."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Literal

from bot.sandbox.model import JsonObject

EventKind = Literal["call", "update", "chat", "stage"]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log.

    `call`: method, params, status, answer, ms, fault. `update`: kind, update. `chat`: chat_id, message_id, change.
    `stage`: what `Backstage.status` says.
    """

    number: int
    at: datetime
    kind: EventKind
    data: JsonObject

    def api(self) -> JsonObject:
        """The event as JSON."""
        return {"number": self.number, "at": self.at.isoformat(), "kind": self.kind, **self.data}


class Journal:
    """A bounded list of events, oldest first, with subscribers that are called for each new one."""

    def __init__(self, clock: Callable[[], datetime], size: int) -> None:
        self._clock = clock
        self._events: deque[Event] = deque(maxlen=size)
        self._subscribers: dict[object, Callable[[Event], None]] = {}
        self._closing: set[asyncio.Future[None]] = set()
        self.last_number = 0

    def add(self, kind: EventKind, data: JsonObject) -> None:
        """Write an event down and tell the subscribers."""
        self.last_number += 1
        event = Event(self.last_number, self._clock(), kind, data)
        self._events.append(event)
        if self._subscribers:
            for callback in list(self._subscribers.values()):
                callback(event)

    def since(self, number: int = 0) -> Iterator[Event]:
        """The events after the given number that are still kept, oldest first."""
        newest_first = takewhile(lambda event: event.number > number, reversed(self._events))
        return reversed(list(newest_first))

    def subscribe(self, callback: Callable[[Event], None]) -> Callable[[], None]:
        """Call `callback` for every event from now on; the result ends that. The callback must not block."""
        key = object()
        self._subscribers[key] = callback
        return lambda: self._subscribers.pop(key, None) and None

    async def wait(self, wanted: Callable[[Event], bool], seconds: float) -> None:
        """Return when the next event that is wanted arrives, when time is up, or when the log is closed."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look(event: Event) -> None:
            if not done.done() and wanted(event):
                done.set_result(None)

        stop = self.subscribe(look)
        self._closing.add(done)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await done
        finally:
            self._closing.discard(done)
            stop()

    def close(self) -> None:
        """End every wait."""
        for waiting in list(self._closing):
            if not waiting.done():
                waiting.set_result(None)
