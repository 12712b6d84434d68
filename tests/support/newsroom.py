"""A newsroom for tests: the embedded Bot API, the desk as a process of its own, and people who use it.

Buttons are found by what they carry (`bot/callbacks.py`), so that tests do not depend on the wording.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.callbacks import VERSION, Verb
from bot.sandbox import Limits, Person, Sandbox, SandboxServer
from bot.sandbox.seen import NotShownError, SeenMessage, Toast

ROOT = Path(__file__).parents[2]
ADMIN = 9001
PATIENCE = 90.0
"""Seconds that a test waits for something to be shown; reached only if it never is. Long enough for a desk that dies
again and again meanwhile."""


def find_data(message: SeenMessage, verb: Verb, *rest: str) -> str | None:
    """Return what the first button with this verb (and these arguments among its own) carries."""
    for row in message.buttons:
        for button in row:
            parts = (button.data or "").split(":")
            if parts[:2] == [VERSION, verb.value] and all(each in parts[2:] for each in rest):
                return button.data
    return None


def offers(verb: Verb, *rest: str) -> Callable[[SeenMessage], bool]:
    """Return a predicate: the message has such a button."""
    return lambda message: find_data(message, verb, *rest) is not None


class DeskProcess:
    """The desk, started, stopped, killed and started again."""

    def __init__(self, server: SandboxServer, folder: Path, **settings: str) -> None:
        self.database = folder / "desk.db"
        self.log = folder / "desk.log"
        self.clock = folder / "clock"
        self.kills = folder / "kills"
        self.deaths = folder / "deaths"
        self.clock.write_text("0")
        self._server = server
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FACTDESK_")},
            "FACTDESK_TOKEN": server.token,
            "FACTDESK_API_URL": server.base_url,
            "FACTDESK_DATABASE": str(self.database),
            "FACTDESK_ADMINS": str(ADMIN),
            "FACTDESK_TIMEZONE": "Asia/Dhaka",
            "FACTDESK_LIMITS": "off",
            # Loading the model is a second of work; tests that are about it switch it on.
            "FACTDESK_SEMANTIC": "off",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *, command: Iterable[str] = ("-m", "bot", "run"), **settings: str) -> None:
        """Start the desk and wait until it speaks to Telegram."""
        since = await self._server.people.last_event()
        await self.spawn(command=command, **settings)
        await self._server.people.wait_call("getMe", after=since, timeout=PATIENCE)

    async def spawn(self, *, command: Iterable[str] = ("-m", "bot", "run"), **settings: str) -> None:
        """Start the desk without waiting."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=self.database.parent,
                env={**self._environment, **settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def start_controlled(self, *, dying: bool = False, ticks: Path | None = None) -> None:
        """Start the desk with a clock that `move_clock` moves.

        `dying`: it kills itself at each commit once, and lives again; `ticks`: it runs its jobs whenever a number is
        written there (`desk_process.py`).
        """
        settings = {"TEST_CLOCK": str(self.clock)}
        if ticks is not None:
            settings["TEST_TICKS"] = str(ticks)
        if dying:
            settings |= {"TEST_KILLS": str(self.kills), "TEST_DEATHS": str(self.deaths)}
        command = (str(ROOT / "tests" / "support" / "desk_process.py"),)
        await (self.spawn if dying else self.start)(command=command, **settings)

    def move_clock(self, seconds: float) -> None:
        """Put the clock of a controlled desk ahead."""
        waiting = self.clock.with_suffix(".new")
        waiting.write_text(str(seconds))
        waiting.replace(self.clock)

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM, and wait; returns the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), 10)

    async def ended(self) -> int:
        """Wait until the process is gone; returns its exit code (negative: killed by that signal)."""
        assert self._process is not None
        return await self._process.wait()

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Read the desk's file directly."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            rows = connection.execute(sql, params).fetchall()
        connection.close()
        return rows

    def set(self, setting: str, value: int | bool) -> None:
        """Change a setting in the desk's file directly."""
        with sqlite3.connect(self.database, timeout=PATIENCE) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings (name, value, changed_at) VALUES (?, ?, ?)",
                (setting, json.dumps(value), "2025-01-01T00:00:00.000000Z"),
            )
        connection.close()

    def value(self, sql: str, *params: Any) -> Any:
        """Read one value of the desk's file."""
        return self.rows(sql, *params)[0][0]

    def tail(self, lines: int = 40) -> str:
        """Return the end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    async def command(self, *args: str, stdin: str | None = None) -> tuple[int, str, str]:
        """Run a `factdesk` command on the same file; returns exit code, output, errors."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *args,
            cwd=self.database.parent,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(None if stdin is None else stdin.encode())
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()


class Newsroom:
    """People around one desk."""

    def __init__(self, server: SandboxServer, desk: DeskProcess) -> None:
        self.server = server
        self.people = server.people
        self.desk = desk
        self.admin: Person
        self.forgetful = False
        self._next_id = 9100
        self._secrets: set[str] = set()

    async def open(self, language: str = "en", *, undo_within: int = 0) -> None:
        """Let the admin in. Nothing waits until it can no longer be taken back, except for `undo_within` seconds.

        Nor do documents wait to be sorted, unless a test says so.
        """
        self.admin = await self.person("Amina", telegram_id=ADMIN, language=language)
        self.desk.set("undo_within", undo_within)
        self.desk.set("queue_from_documents", True)

    async def person(self, name: str, *, language: str = "en", telegram_id: int | None = None) -> Person:
        """Let a person say /start and choose their language."""
        self._next_id += 1
        person = await self.people.user(name, id=telegram_id or self._next_id, language_code=language)
        await person.start()
        await person.wait(lambda message: message.by_bot, timeout=PATIENCE)
        await person.send(f"/language {language}")
        await person.wait(lambda message: message.by_bot, timeout=PATIENCE)
        return person

    async def hire(self, name: str, role: str = "reviewer", *, language: str = "en", duty: bool = True) -> Person:
        """Invite a person by a one-time link, as the admin does it in chat, and put them on duty."""
        person = await self.person(name, language=language)
        await self.admin.send(f"/invite {role}")
        # An earlier link may be shown again after a kill; only a new one will do.
        shown = await self.see(self.admin, lambda message: self._new_secret(message) is not None)
        secret = self._new_secret(shown)
        assert secret is not None
        self._secrets.add(secret)
        await person.start(secret)
        await self.until(lambda: self.role_of(person) == role)
        if duty:
            await person.send("/duty on")
            await self.until(
                lambda: self.desk.value("SELECT on_duty FROM people WHERE telegram_id = ?", person.id) == 1
            )
        return person

    def _new_secret(self, message: SeenMessage) -> str | None:
        found = re.search(r"start=([A-Za-z0-9_-]+)", message.html)
        return None if found is None or found[1] in self._secrets else found[1]

    def role_of(self, person: Person) -> str:
        """Return the role that the desk knows a person by."""
        found = self.desk.rows("SELECT role FROM people WHERE telegram_id = ?", person.id)
        return found[0][0] if found else "nobody"

    async def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is so in the desk's file."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            if asyncio.get_running_loop().time() > deadline:
                raise NotShownError(f"it did not become so; the desk's log ends:\n{self.desk.tail()}")
            await asyncio.sleep(0.05)

    async def see(self, person: Person, wanted: str | Callable[[SeenMessage], bool], **where: Any) -> SeenMessage:
        """Wait until a person sees something, whenever it was sent."""
        where.setdefault("since", 0)
        try:
            return await person.wait(wanted, timeout=PATIENCE, **where)
        except NotShownError as error:
            raise NotShownError(f"{error}\nthe desk's log ends:\n{self.desk.tail()}") from None

    async def tap(self, person: Person, verb: Verb, *rest: str, **where: Any) -> Toast | None:
        """Press the newest button with this verb that the person sees; waits until there is one."""
        message = await self.see(person, offers(verb, *rest), **where)
        data = find_data(message, verb, *rest)
        assert data is not None
        # A desk that was killed after the commit never answers the button: what it did is seen in its file.
        return await person.press_raw(message, data, timeout=0 if self.forgetful else PATIENCE)

    async def ask(self, person: Person, text: str) -> None:
        """Send a rumour and confirm it."""
        await person.send(text)
        await self.tap(person, Verb.SEND)

    async def review(
        self, person: Person, rating: str, *, sources: Iterable[str] = ("https://example.org/report",), why: str
    ) -> None:
        """Take the claim that is offered, go through every step and hand the review in."""
        await self.tap(person, Verb.TAKE)
        await self.tap(person, Verb.RATE, rating)
        for source in sources:
            await self.see(person, offers(Verb.STEP))
            await person.send(source)
            await self.tap(person, Verb.SOURCE_KIND, "primary")
            await self.tap(person, Verb.SOURCE_STANCE, "supports")
        await self.explain(person, why)
        await self.tap(person, Verb.SUBMIT)

    async def explain(self, person: Person, why: str) -> None:
        """Go to the explanation, if the card is not there, and send it."""
        await self.until(lambda: self.awaiting(person) in {"source", "explanation"})
        if self.awaiting(person) != "explanation":
            await self.tap(person, Verb.STEP, "explanation")
            await self.until(lambda: self.awaiting(person) == "explanation")
        await person.send(why)

    def described(self, person: Person) -> bool:
        """True once a person's sources say what they are and what they show."""
        return bool(
            self.desk.value(
                "SELECT count(*) > 0 AND count(*) = count(s.stance) "
                "FROM sources s JOIN reviews v ON v.id = s.review_id JOIN people p ON p.id = v.person_id "
                "WHERE p.telegram_id = ?",
                person.id,
            )
        )

    def awaiting(self, person: Person) -> str | None:
        """Return the step at which a person is."""
        found = self.desk.rows(
            "SELECT f.awaiting FROM focuses f JOIN people p ON p.id = f.person_id WHERE p.telegram_id = ?", person.id
        )
        return found[0][0] if found else None


@asynccontextmanager
async def a_newsroom(
    folder: Path, *, limits: Limits | None = None, start: bool = True, **settings: str
) -> AsyncIterator[Newsroom]:
    """Open a newsroom in a folder; stops everything at the end."""
    async with SandboxServer(Sandbox(limits=limits or Limits.off())) as server:
        desk = DeskProcess(server, folder, **settings)
        room = Newsroom(server, desk)
        try:
            if start:
                await desk.start()
                await room.open()
            yield room
        finally:
            if desk.running:
                await desk.kill()
