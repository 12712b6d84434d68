"""The stage of a demo: its files, the sandbox with its people, the database, the bot's process, the clock."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.clock import MovableClock
from bot.demo.place import Place, lasting_place, temporary_place
from bot.demo.process import DeskProcess, environment, run_tool
from bot.sandbox import Group, Limits, Person, Sandbox, SandboxServer
from bot.sandbox.keeping import keep
from jobs.seeding import read_seed
from storage.database import Database
from storage.kinds import ChatKind

ZONE = "Asia/Dhaka"

NEVER_TELEGRAM = "FACTDESK_TOKEN is set and stays unused: the demo never talks to Telegram."


END_WITHIN = 2.0
"""Seconds that the bot has to end in order at the end of the demo, which has three in all."""


class PortTaken(Exception):
    """Somebody else listens on the port, or it is not permitted; the one argument is its number."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that a demo plays with."""

    folder: Path
    env: dict[str, str]
    clock: MovableClock
    server: SandboxServer
    database: Database
    desk: DeskProcess
    users: dict[int, Person]
    names: dict[int, str]
    python: str

    async def group(self) -> Group:
        """The team's group; its owner, the first of the seeds' people, brings the bot in."""
        return await self._place(ChatKind.GROUP, list(self.users.values())[:4])

    async def channel(self) -> Group:
        """The public channel, in which the bot is an administrator."""
        return await self._place(ChatKind.CHANNEL, list(self.users.values()))

    @property
    def learners(self) -> tuple[int, ...]:
        """The reviewers who are on duty, by their Telegram ids."""
        return tuple(seed["telegram_id"] for seed in _people() if seed["role"] == "reviewer" and seed["on_duty"])

    def has_started(self, telegram_id: int) -> bool:
        """Whether somebody has pressed Start, now or in an earlier run."""
        return self.server.sandbox.users[telegram_id].started

    async def make_places(self) -> None:
        """Make the group and the channel, unless they are there from an earlier run."""
        made = self.server.sandbox.chats
        for seed in read_seed("people.json")["chats"]:
            if seed["telegram_id"] not in made:
                await (self.group() if seed["kind"] == ChatKind.GROUP else self.channel())

    async def _place(self, kind: ChatKind, members: list[Person]) -> Group:
        seed = next(seed for seed in read_seed("people.json")["chats"] if seed["kind"] == kind)
        people = self.server.people
        if kind is ChatKind.CHANNEL:
            return await people.channel(seed["title"], members, id=seed["telegram_id"])
        return await people.group(seed["title"], members, id=seed["telegram_id"])

    async def run(self, *arguments: str) -> str:
        """Run a `factdesk` command as a process of its own and return what it printed."""
        return await run_tool(self.folder, self.env, *arguments, python=self.python)


@asynccontextmanager
async def set_stage(
    at: datetime,
    *,
    port: int = 0,
    keep_in: Path | None = None,
    limits: bool = True,
    semantic: bool = True,
    say: Callable[[str], None] = lambda _line: None,
    python: str = sys.executable,
) -> AsyncIterator[Stage]:
    """Set the stage; the bot is not started yet. At the end, whatever happened, all of it ends and is cleared away.

    Args:
        at: what the clock shows at the beginning of the first run.
        port: where the sandbox listens; 0 takes a free one.
        keep_in: the database that this run begins with and leaves behind, with the chats and the clock; none if None.
        limits: keep to Telegram's limits of speed, on both sides.
        semantic: let the bot use the extra of that name, if it is installed.
        say: is told of each step.
        python: the interpreter of the bot's process and of the commands beside it.

    Raises:
        PortTaken: nobody can listen there. CommandError, StorageError: what was kept cannot be used.
    """
    async with temporary_place() if keep_in is None else lasting_place(keep_in) as place:
        clock = place.clock(at)
        box = Sandbox(clock=clock, limits=Limits() if limits else Limits.off())
        place.fill(box)
        server = SandboxServer(box)
        try:
            await server.start(port)
        except OSError as error:
            raise PortTaken(port) from error
        try:
            say(f"Sandbox: listening on {server.base_url}, for this machine only.")
            is_new = place.is_new
            # Before the database is made: one without it would be taken for a real desk's.
            place.save(box)
            database = await Database.open(place.database, clock())
            say(f"Database: {_about(place, is_new=is_new)}.")
            env = environment(
                place.database,
                place.clock_file,
                token=server.token,
                api_url=server.base_url,
                admins=",".join(str(seed["telegram_id"]) for seed in _people() if seed["role"] == "admin"),
                timezone=ZONE,
                limits="telegram" if limits else "off",
                semantic="auto" if semantic else "off",
            )
            desk = DeskProcess(place.folder, env, python=python)
            async with _kept(place, box, say):
                try:
                    users = {seed["telegram_id"]: await _user(server, seed) for seed in _people()}
                    names = {seed["telegram_id"]: f"{seed['first_name']} {seed['last_name']}" for seed in _people()}
                    yield Stage(place.folder, env, clock, server, database, desk, users, names, python)
                finally:
                    await desk.stop(END_WITHIN)
                    await database.close()
        finally:
            await server.stop()


def _about(place: Place, *, is_new: bool) -> str:
    if place.state is None:
        return "made in a temporary folder that is removed at the end"
    return f"{'made' if is_new else 'opened'}, {place.database}; it stays, and the chats with it"


@asynccontextmanager
async def _kept(place: Place, box: Sandbox, say: Callable[[str], None]) -> AsyncIterator[None]:
    """Write down what the sandbox knows while the body runs and once more at its end, if that is to stay."""
    if place.state is None:
        yield
        return

    def failed(error: OSError) -> None:
        say(f"The chats cannot be kept: {error.strerror or error}.")

    keeping = asyncio.ensure_future(keep(box, place.state, failed))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        try:
            place.save(box)
        except OSError as error:
            failed(error)


def token_is_set() -> bool:
    """Whether somebody's real bot is set up in this very terminal."""
    return bool(os.environ.get("FACTDESK_TOKEN"))


@contextmanager
def on_interrupt(end: Callable[[], object]) -> Iterator[None]:
    """Call `end` on Ctrl-C and on SIGTERM while the body runs, so that all that was started is ended in order."""
    loop = asyncio.get_running_loop()
    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not on every system, and in the main thread only.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, end)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


def _people() -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = read_seed("people.json")["people"]
    return people


async def _user(server: SandboxServer, seed: dict[str, Any]) -> Person:
    return await server.people.user(
        seed["first_name"],
        id=seed["telegram_id"],
        last_name=seed["last_name"],
        username=seed["username"],
        language_code="en",  # as on many phones whose owner reads Bengali: the desk asks
    )
