"""The desk as `factdesk run` starts it, for tests that also move its clock or kill it at a commit.

    python tests/support/desk_process.py

Besides the FACTDESK_ settings it reads TEST_CLOCK, a file with the seconds by which the desk's clock is ahead, and
TEST_KILLS, a file of the commit boundaries at which it has already died: it kills itself (SIGKILL) once before and
once after every commit that handles an update, leases a message, marks one, or ends a job that did something.
Nothing of the product is replaced; its methods are only listened to.

With TEST_TICKS, a file, every job runs once each time a number is written there, as it would have run in the hours that
the clock was moved by; the number then stands in the file beside it that ends in `.done`.

With TEST_DEATHS, a file, the process does not serve itself: it forks one that does, and another each time that one is
killed, and writes down how each ended. A new life then costs no new imports.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import main as main_room
from bot.config import load
from bot.logs import set_up
from jobs.clock import utc_now
from jobs.runner import run_job
from jobs.schedule import JOBS
from storage.engines.sqlite import SqliteConnection
from storage.outbox import Outbox
from storage.settings import Settings
from storage.subscriptions import Subscriptions
from storage.updates import Updates


def moved_clock(path: Path) -> Callable[[], datetime]:
    """Return a clock that is ahead by the seconds that stand in a file."""

    def now() -> datetime:
        return utc_now() + timedelta(seconds=float(path.read_text() or 0))

    return now


class Reaper:
    """Knows what the open transaction did, and kills the process once before and once after its commit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done = set(path.read_text().split("\n")) if path.exists() else set()
        self._notes: list[str] = []

    def listen(self) -> None:
        """Put an ear to the methods that make an effect durable."""
        self._hear(Updates, "add", lambda args, _: [f"update {number}" for number in args[0]])
        self._hear(Outbox, "lease_due", lambda _, leased: [f"lease {row.id}" for row in leased])
        self._hear(Outbox, "_end", lambda args, _: [f"end {args[0]}"])
        self._hear(Outbox, "mark_deferred", lambda args, _: [f"defer {args[0]}"])
        self._hear(Subscriptions, "add_digest", lambda args, _: [f"digest {args[0]} {args[2]:%Y%m%d%H%M}"])
        self._hear(Settings, "mark_job_finished", lambda args, _: [f"job {args[0]}"])
        commit = SqliteConnection.run

        async def watched(connection: SqliteConnection, sql: str) -> None:
            if sql != "COMMIT":
                self._notes.clear()
                await commit(connection, sql)
                return
            notes = list(self._notes)
            self._die_at("before", notes)
            await commit(connection, sql)
            self._die_at("after", notes)

        SqliteConnection.run = watched  # type: ignore[method-assign]

    def _hear(self, owner: type, name: str, note: Callable[[tuple[Any, ...], Any], list[str]]) -> None:
        method: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def heard(this: Any, *args: Any, **kwargs: Any) -> Any:
            result = await method(this, *args, **kwargs)
            self._notes += note(args, result)
            return result

        setattr(owner, name, heard)

    def _die_at(self, phase: str, notes: list[str]) -> None:
        for note in notes:
            boundary = f"{phase} {note}"
            if boundary not in self._done:
                with self._path.open("a") as file:
                    file.write(boundary + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                os.kill(os.getpid(), signal.SIGKILL)


def listen_for_ticks(path: Path, clock: Callable[[], datetime]) -> None:
    """Run every job when a tick is asked for."""
    build = main_room.build
    held: list[asyncio.Task[None]] = []

    async def built(*args: Any) -> main_room.Desk:
        desk = await build(*args)
        held.append(asyncio.create_task(ticking(desk)))
        return desk

    async def ticking(desk: main_room.Desk) -> None:
        done = path.with_suffix(".done")
        while True:
            await asyncio.sleep(0.005)
            asked = path.read_text() if path.exists() else ""
            if asked and (not done.exists() or done.read_text() != asked):
                for job in JOBS:
                    await run_job(desk.database, job, clock())
                desk.courier.ring()
                done.write_text(asked)

    main_room.build = built  # type: ignore[assignment]


def live_again(deaths: Path) -> None:
    """Return in a child, again and again, for as long as the children are killed. Never returns in the parent."""
    while True:
        child = os.fork()
        if not child:
            return
        _, status = os.waitpid(child, 0)
        with deaths.open("a") as file:
            file.write(f"{os.waitstatus_to_exitcode(status)}\n")
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            os._exit(1)


def main() -> None:
    """Serve."""
    if "TEST_DEATHS" in os.environ:
        live_again(Path(os.environ["TEST_DEATHS"]))
    settings = load()
    set_up(settings.log)
    if "TEST_KILLS" in os.environ:
        Reaper(Path(os.environ["TEST_KILLS"])).listen()
    clock = moved_clock(Path(os.environ["TEST_CLOCK"])) if "TEST_CLOCK" in os.environ else utc_now
    if "TEST_TICKS" in os.environ:
        listen_for_ticks(Path(os.environ["TEST_TICKS"]), clock)
    asyncio.run(main_room.run(settings, clock))


if __name__ == "__main__":
    sys.exit(main())
