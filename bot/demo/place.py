"""Where a demo keeps its things: in a temporary folder that is removed at the end, or beside a database that stays.

What stays is three files: the database, and beside it what the sandbox knows (`.demo`) and by how much the demo's clock
is ahead (`.demo-clock`). A database without the other two belongs to a real desk and is not touched.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.demo.clock import MovableClock
from bot.sandbox import Sandbox
from bot.sandbox.keeping import StateUnusable, load, save
from bot.terminal.outcome import CommandError
from bot.terminal.session import usable_path
from storage.engines.sqlite import FileHold
from storage.errors import DatabaseInUse
from storage.file import is_served

LET_GO_WITHIN = 6.0
"""Seconds that the bot of a demo that was killed may need to notice it and to end."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of a demo. `folder`, for what nobody needs afterwards, is always a temporary one."""

    folder: Path
    database: Path
    clock_file: Path
    state: Path | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was played here before."""
        return not self.database.exists()

    def clock(self, at: datetime) -> MovableClock:
        """Go on with the clock of the earlier run; without one, begin at `at`.

        A clock file alone is left over from a demo that was removed, and says nothing about this one.
        """
        if self.state is None or not self.clock_file.exists() or (self.is_new and not self.state.exists()):
            return MovableClock.starting_at(self.clock_file, at)
        return MovableClock(self.clock_file)

    def fill(self, box: Sandbox) -> None:
        """Let the sandbox know what it knew at the end of the earlier run, if there was one.

        Raises:
            CommandError: what was kept cannot be used. Nothing has been changed.
        """
        if self.state is None or not self.state.exists():
            return
        try:
            load(box, self.state)
        except (StateUnusable, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise CommandError(f"{self.state} cannot be used: {why}; put a copy back, or name another file") from error
        if self.is_new and any(chat.messages for chat in box.chats.values()):
            raise CommandError(f"{self.database} is gone but not its chats; remove {self.state} to begin anew")

    def save(self, box: Sandbox) -> None:
        """Write down what the sandbox knows, if that is to stay."""
        if self.state is not None:
            save(box, self.state)


@asynccontextmanager
async def temporary_place() -> AsyncIterator[Place]:
    """A place that is removed at the end, whatever happened."""
    with _folder() as name:
        folder = Path(name)
        yield Place(folder, folder / "desk.db", folder / "clock")


@asynccontextmanager
async def lasting_place(database: Path) -> AsyncIterator[Place]:
    """A place that stays. It is this demo's alone until the end.

    Raises:
        CommandError: the database is not a demo's, or another process uses it. StorageError, OSError: it cannot be
            used. Nothing has been changed.
    """
    database = usable_path(database).resolve()
    clock_file = database.with_name(f"{database.name}.demo-clock")
    state = database.with_name(f"{database.name}.demo")
    if database.exists() and not state.exists():
        raise CommandError(f"{database} is not a demo's database and stays as it is; name another file")
    if database.exists() or state.exists():
        _check_clock(clock_file, needed=database.exists())
    try:
        hold = FileHold(state)
    except DatabaseInUse as error:
        raise CommandError(f"another demo uses {database}; end it first, or name another file") from error
    with closing(hold), _folder() as name:
        await _let_go(database)
        yield Place(Path(name), database, clock_file, state)


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="factdesk-demo-", ignore_cleanup_errors=True)


def _check_clock(path: Path, *, needed: bool) -> None:
    if not path.exists() and not needed:
        return
    try:
        if math.isfinite(MovableClock(path).ahead.total_seconds()):
            return
    except (ValueError, OverflowError, OSError):
        pass
    raise CommandError(
        f"{path} does not say by how much the demo's clock is ahead; write 0 into it to go on by real time"
    )


async def _let_go(database: Path) -> None:
    """Wait for the bot of a demo that was killed."""
    try:
        async with asyncio.timeout(LET_GO_WITHIN):
            while is_served(database):  # noqa: ASYNC110 - another process's lock rings no bell
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise CommandError(f"another process serves {database}; stop it first, or name another file") from error
