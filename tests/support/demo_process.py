"""`factdesk demo` as a process of its own: what it prints, and its people over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from bot.callbacks import Verb
from bot.demo.seat import buttons_of, offers
from bot.sandbox import Group, HttpTransport, Person
from bot.sandbox.client import People
from jobs.seeding import read_seed

PATIENCE = 60.0
EDITOR = 7001
ROOT = Path(__file__).parents[2]


class Demo:
    """A demo that runs."""

    def __init__(
        self, process: asyncio.subprocess.Process, transport: HttpTransport, address: str, key: str, printed: list[str]
    ) -> None:
        self.process = process
        self.transport = transport
        self.address = address
        self.key = key
        self.people = People(transport)
        self.printed = printed

    async def person(self, telegram_id: int) -> Person:
        """One of the seeds' people."""
        seed = next(seed for seed in read_seed("people.json")["people"] if seed["telegram_id"] == telegram_id)
        return await self.people.user(
            seed["first_name"], id=telegram_id, last_name=seed["last_name"], username=seed["username"]
        )

    async def team(self) -> Group:
        """The group of the seeds."""
        number = read_seed("people.json")["chats"][0]["telegram_id"]
        known = next(chat for chat in await self.act("chat_list") if chat["id"] == number)
        return Group(self.transport, known)

    async def sort(self) -> None:
        """Send of the article to the queue what is chosen already, as its editor, so that reviewers get offers."""
        editor = await self.person(EDITOR)
        for verb in (Verb.TRIAGE, Verb.TRIAGE_SEND):
            card = await editor.wait(offers(verb), since=0, timeout=PATIENCE)
            await editor.press_raw(card, buttons_of(card, verb)[0].data or "", timeout=PATIENCE)

    async def act(self, action: str, **arguments: Any) -> Any:
        """Any action of the sandbox."""
        return await self.transport.act(action, **arguments)

    async def line(self, part: str) -> str:
        """Wait for the next line with this in it."""
        return await next_line(self.process, part, self.printed)

    async def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal and wait for the end, which must come within three seconds; returns the exit code."""
        self.process.send_signal(number)
        rest, _ = await asyncio.wait_for(self.process.communicate(), 3.0)
        self.printed += rest.decode().splitlines()
        assert self.process.returncode is not None
        return self.process.returncode


async def spawn(
    *arguments: str, folder: Path, command: Iterable[str] = ("-m", "bot"), **env: str
) -> asyncio.subprocess.Process:
    """Start `factdesk demo`; its temporary folder is made in `folder`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        "demo",
        *arguments,
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )


async def next_line(process: asyncio.subprocess.Process, part: str, printed: list[str]) -> str:
    """Read until a line with this in it."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        while True:
            line = (await process.stdout.readline()).decode()
            if not line:
                errors = b"" if process.stderr is None else await process.stderr.read()
                raise AssertionError(f"the demo ended before {part!r}: {printed} {errors.decode()}")
            printed.append(line.rstrip("\n"))
            if part in line:
                return printed[-1]


@asynccontextmanager
async def a_demo(folder: Path, *arguments: str, **env: str) -> AsyncIterator[Demo]:
    """Run a demo on any free port, without a browser, until its desk is open; at the end it is killed if need be."""
    printed: list[str] = []
    async with AsyncExitStack() as stack:
        process = await spawn("--port", "0", "--no-browser", *arguments, folder=folder, **env)
        stack.push_async_callback(_reap, process)
        opened = await next_line(process, "The desk is open", printed)
        address = re.search(r"(http://\S+?)/#(\S+)", opened)
        assert address is not None, opened
        transport = await stack.enter_async_context(HttpTransport(address[1], address[2]))
        yield Demo(process, transport, address[1], address[2], printed)


async def _reap(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()


def is_alive(pid: int) -> bool:
    """Whether a process lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What nobody waits for any more stays in the table as a zombie where no init collects it.
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        # It went just now; or this system has no such files, and the signal above found it.
        return not stat.parents[1].exists()


async def gone(pid: int) -> None:
    """Wait until a process is gone."""
    async with asyncio.timeout(10):
        while is_alive(pid):
            await asyncio.sleep(0.02)
