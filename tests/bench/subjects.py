"""What is measured: the echo bots and the desk, each a running process with the fake API before it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from desk import Presser, is_drained, work_done
from runs import HERE, BenchError, Bot, FakeApi, Measured

_TEXT = "ঢাকায় আজ সকালে ভারী বৃষ্টিতে কয়েকটি সড়ক ডুবে গেছে বলে ফেসবুকে যে ছবি ছড়িয়েছে, সেটি কি আজকের? জানতে চাই। 🙏 "

Figures = dict[str, float]


def figures_of(measured: Measured) -> Figures:
    """What is told of a stretch of work."""
    return {
        "per_second": measured.per_second,
        "cpu_us": measured.cpu_us,
        "bot_busy": measured.cpu / measured.wall,
        "fake_api_busy": measured.fake_cpu / measured.wall,
        "others_busy": measured.others,
    }


class Place:
    """Where bots run: the fake API, the folder for their files, the core they are bound to, and the next token."""

    def __init__(self, api: FakeApi, folder: Path, core: int | None) -> None:
        self.api = api
        self.folder = folder
        self.core = core
        self._serial = 0

    def token(self) -> str:
        """Return a token of its own for a bot."""
        self._serial += 1
        return f"{4242 + self._serial}:bench-bench-bench-bench-bench-bench"

    def log(self, name: str) -> Path:
        """Return a file for a bot's output."""
        return self.folder / f"{name}-{self._serial}.log"

    def copy(self, name: str) -> Path:
        """Return a copy of a prepared database."""
        target = self.folder / f"{name}-{self._serial}.db"
        shutil.copy(self.folder / f"{name}.db", target)
        return target

    def desk(self, name: str, token: str, database: Path, *, limits: str) -> Bot:
        """Start the desk as its operator does."""
        environment = {
            "FACTDESK_TOKEN": token,
            "FACTDESK_API_URL": self.api.url,
            "FACTDESK_DATABASE": str(database),
            "FACTDESK_LIMITS": limits,
            "FACTDESK_LOG": "json",
            "FACTDESK_SEMANTIC": "off",
        }
        return Bot(["-m", "bot", "run"], self.log(name), self.core, environment)


class Echo:
    """A framework's echo: a text comes, the same text goes."""

    def __init__(self, place: Place, name: str) -> None:
        self._api, self._token = place.api, place.token()
        self._api.scene(self._token, texts=[_message(number) for number in range(1000)])
        self.bot = Bot([str(HERE / "echoes.py"), name, self._api.url, self._token], place.log(name), place.core, {})

    def work(self, count: int) -> Figures:
        """Echo so many messages."""
        return figures_of(self._api.run(self._token, count, self.bot.pid))

    def finish(self) -> Figures:
        """End it."""
        self.bot.end()
        return {}


class Steps:
    """The desk, doing review steps."""

    def __init__(self, place: Place, name: str, pressers: list[Presser], *, by_turns: bool) -> None:
        self._api, self._token = place.api, place.token()
        self._by_turns = by_turns
        self._done = 0
        self._database = place.copy("reviews")
        self._before = work_done(self._database)
        self._api.scene(self._token, pressers=[asdict(presser) for presser in pressers], by_turns=by_turns)
        self.bot = place.desk(name, self._token, self._database, limits="off")
        self._raw = sqlite3.connect(self._database)

    def work(self, count: int) -> Figures:
        """Do so many steps; the clock stops when nothing waits to be sent any more."""
        before = self._edits()
        measured = self._api.run(self._token, count, self.bot.pid)
        drain(self._raw)
        wall, cpu = time.monotonic() - measured.began, self.bot.cpu() - measured.cpu_at_start
        self._done += count
        edits = {"edits_per_update": (self._edits() - before) / count}
        return figures_of(replace(measured, wall=wall, cpu=cpu)) | edits

    def finish(self) -> Figures:
        """End it, and hold it to account: BenchError unless its database shows every step."""
        polled_at = self._api.totals(self._token)["polled_at"]
        result = {"peak_mb": self.bot.peak_mb(), "first_poll_s": polled_at - self.bot.started_at}
        edits = self._edits()
        self._raw.close()
        if code := self.bot.end():
            raise BenchError(f"exit code {code}")
        done = work_done(self._database)
        wanted = dict.fromkeys(("revisions", "audited", "updates"), self._done)
        wanted |= {"cards_edited": self._before["cards_edited"] + edits, "dead_letters": 0, "unsent": 0}
        if self._by_turns and edits != self._done:
            raise BenchError(f"{self._done} presses, {edits} edits")
        if any(done[name] != value for name, value in wanted.items()):
            raise BenchError(f"the work was not done: wanted {wanted}, found {done}")
        if done["chain_broken_at"] is not None or done["damage"] != "ok":
            raise BenchError(f"the database is damaged: {done}")
        return result

    def _edits(self) -> int:
        return int(self._api.totals(self._token).get("editMessageText", 0))


def send_all(place: Place, name: str, count: int, *, limits: str) -> tuple[Measured, float]:
    """Let the desk send the messages that wait in a prepared database; returns its peak memory, too."""
    token = place.token()
    place.api.scene(token, strict=limits != "off", times=limits != "off")
    database = place.copy(name)
    bot = place.desk(name, token, database, limits=limits)
    with watched(bot):
        measured = place.api.run(token, count, bot.pid)
        raw = sqlite3.connect(database)
        drain(raw)
        raw.close()
        peak = bot.peak_mb()
        bot.end()
        done = work_done(database)
        if done["sent"] != count or done["unsent"]:
            raise BenchError(f"{count} messages were to be sent: {done}")
    return measured, peak


class watched:  # noqa: N801 - reads as a sentence
    """Ends bots at the end of the block; if it failed, their output is part of the error."""

    def __init__(self, *bots: Bot) -> None:
        self._bots = bots

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        for bot in self._bots:
            bot.end()
        if isinstance(error, Exception):
            outputs = "".join(f"\n--- output of process {bot.pid}:\n{bot.complaint()}" for bot in self._bots)
            raise BenchError(f"{type(error).__name__}: {error}{outputs}") from error


def drain(raw: sqlite3.Connection) -> None:
    """Wait until nothing is to be sent."""
    until = time.monotonic() + 60
    while not is_drained(raw):
        if time.monotonic() > until:
            raise BenchError("the outbox does not drain")
        time.sleep(0.002)


def _message(number: int) -> str:
    user = {"id": 10_000 + number, "first_name": "পাঠক", "username": f"reader{number}"}
    message = {
        "message_id": number + 1,
        "from": {**user, "is_bot": False, "language_code": "bn"},
        "chat": {**user, "type": "private"},
        "date": 1_790_000_000,
        "text": _TEXT,
    }
    return f'"message":{json.dumps(message)}}}'


Subject = Echo | Steps
Maker = Callable[[], Subject]
