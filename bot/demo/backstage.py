"""Behind the scene of a demo: keeps the bot running, and lets a visitor end it, start it and move the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.clock import MovableClock
from bot.demo.process import DeskLost, DeskProcess
from bot.demo.stage import ZONE
from bot.sandbox import ActionError, Sandbox, SandboxServer
from bot.sandbox.model import JsonObject

READY_WITHIN = 20.0
"""Seconds that the bot may take until it says hello to the Bot API."""

STOP_WITHIN = 2.0
"""Seconds that the bot has to end in order when it is restarted: Ctrl-C may come meanwhile, and has three in all. What
it could not send by then it sends when it is there again."""

LONGEST_JUMP = timedelta(days=366)
"""How far the clock may be moved at once. All periods in between are gone through, and dates have an end."""

_PAUSE = 0.5
_MOST_FAILURES = 3


class NoHello(DeskLost):
    """The bot's process runs but has not said hello in time."""


class _Ended(DeskLost):
    """The bot's process ended before it said hello."""


class _Hurried(Exception):
    """Somebody who waits for the lock does not want the start to go on."""


class DeskBackstage:
    """The `Backstage` of a demo's sandbox. Its actions happen one after the other, however fast they are pressed."""

    def __init__(
        self, desk: DeskProcess, clock: MovableClock, server: SandboxServer, say: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._people = server.people
        self._box: Sandbox = server.sandbox
        self._say = say
        self._lock = asyncio.Lock()
        self._hurry = asyncio.Event()
        self._wanted = True
        self._closed = False
        self._pressed: set[asyncio.Task[None]] = set()

    def status(self) -> JsonObject:
        """See `Backstage`."""
        pid = self._desk.pid
        return {
            "running": pid is not None,
            "pid": pid,
            "now": self._clock().isoformat(),
            "ahead": self._clock.ahead.total_seconds(),
            "zone": ZONE,
        }

    async def kill(self) -> None:
        """See `Backstage`. A start that is under way is given up."""
        await self._to_its_end(self._kill())

    async def _kill(self) -> None:
        self._hurry.set()
        try:
            async with self._turn():
                if self._wanted:
                    self._wanted = False
                    await self._desk.kill()
                    self._end_poll()
                    self._say("The bot is killed, and stays down until it is started on the page.")
                    self._tell()
        finally:
            if not self._closed:
                self._hurry.clear()

    async def start(self) -> None:
        """See `Backstage`.

        Raises:
            ActionError: it does not start, or does not say hello in time.
        """
        await self._to_its_end(self._start_once())

    async def _start_once(self) -> None:
        async with self._turn():
            self._wanted = True
            if self._desk.pid is None:
                await self._start_or_explain()

    async def restart(self) -> None:
        """See `Backstage`; raises as `start` does."""
        await self._to_its_end(self._restart())

    async def _restart(self) -> None:
        async with self._turn():
            self._wanted = True
            await self._desk.stop(STOP_WITHIN)
            self._end_poll()
            self._tell()
            await self._start_or_explain()

    async def move_clock(self, at: datetime) -> None:
        """See `Backstage`.

        Raises:
            ActionError: `at` is no instant, is past, or is further ahead than the clock may be moved at once.
        """
        if at.utcoffset() is None:
            raise ActionError("the time needs a zone or an offset from UTC")
        now = self._clock()
        if at < now:
            local = now.astimezone(ZoneInfo(ZONE))
            raise ActionError(f"the clock never goes back: it is {local:%Y-%m-%d %H:%M} in {ZONE} already")
        if at - now > LONGEST_JUMP:
            raise ActionError(f"the clock can be moved by {LONGEST_JUMP.days} days at once")
        self._clock.move_to(at)
        self._tell()

    async def keep_running(self, opened: Callable[[], Awaitable[None]]) -> None:
        """Start the bot, and start it again whenever its process ends by itself; `opened` is called once it said hello.

        Raises:
            DeskLost: it ended several times in a row before it said hello, or cannot be started at all.
        """
        failures = 0
        has_opened = False
        while True:
            try:
                if await self._start_if_down():
                    failures = 0
                    if not has_opened:
                        has_opened = True
                        await opened()
            except _Ended:
                failures += 1
            except NoHello as error:
                if not has_opened:
                    raise
                # It lives: somebody is trying what a slow network does.
                self._say(str(error))
            how = await self._desk.lost()
            self._tell()
            if failures >= _MOST_FAILURES:
                raise DeskLost(how)
            if self._wanted:
                self._say(f"{how} It is started again.")
            await asyncio.sleep(_PAUSE)

    async def close(self) -> None:
        """Let nothing be started any more, and return when nothing is under way."""
        self._closed = True
        self._hurry.set()
        await asyncio.gather(*self._pressed, return_exceptions=True)
        async with self._lock:
            pass

    async def _to_its_end(self, action: Coroutine[Any, Any, None]) -> None:
        """Carry something out even if the page that asked for it is closed or loaded anew meanwhile."""
        task = asyncio.ensure_future(action)
        self._pressed.add(task)
        task.add_done_callback(self._pressed.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            # Nobody hears any more how it went.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        async with self._lock:
            if self._closed:
                raise ActionError("the demo is ending")
            yield

    async def _start_if_down(self) -> bool:
        """Start the bot unless it runs or is to stay down; True if it was started and said hello."""
        async with self._lock:
            if self._closed or not self._wanted or self._desk.pid is not None:
                return False
            try:
                await self._start()
            except _Hurried:
                return False
            return True

    async def _start_or_explain(self) -> None:
        try:
            await self._start()
        except _Hurried:
            raise ActionError("the start was given up: the bot was killed meanwhile, or the demo is ending") from None
        except DeskLost as error:
            raise ActionError(str(error)) from error

    async def _start(self) -> None:
        """Start the process and wait until it says hello to the Bot API; DeskLost if it ends instead."""
        if self._hurry.is_set():
            raise _Hurried
        before = await self._people.last_event()
        await self._desk.start()
        hello = asyncio.ensure_future(self._people.wait_call("getMe", after=before, timeout=READY_WITHIN))
        ended = asyncio.ensure_future(self._desk.ended())
        hurried = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait({hello, ended, hurried}, return_when=asyncio.FIRST_COMPLETED)
            if hurried.done():
                raise _Hurried
            if not hello.done():
                raise _Ended("The bot's process ended before it said hello.")
            hello.result()
        except TimeoutError as error:
            raise NoHello(f"The bot did not say hello within {READY_WITHIN:g} s.") from error
        finally:
            for task in (hello, ended, hurried):
                task.cancel()
            await asyncio.gather(hello, ended, hurried, return_exceptions=True)
            self._tell()
        self._say(f"The bot is process {self._desk.pid}.")

    def _end_poll(self) -> None:
        """Let go of the poll of a process that is gone: the next one would be told off for it."""
        self._box.updates.end_poll()

    def _tell(self) -> None:
        self._box.journal.add("stage", self.status())
