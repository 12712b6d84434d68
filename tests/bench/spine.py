"""The speed of the spine, measured in one run against the same fake Bot API over loopback.

    .venv/bin/python tests/bench/spine.py [--rounds N] [--updates N] [--spinner both|on|off] [--pin] [--only NAME …]

needs the `bench` extra (`pip install -e .[bench]`) and takes under four minutes. Variants, interleaved in each round:

    ptb, ptb-256    python-telegram-bot's stock echo, sequential and with concurrent_updates=256
    aiogram         aiogram 3, echo
    telebot         pyTelegramBotAPI (async), echo
    factdesk        the desk's own process doing a durable review step: a rating button is pressed; role and lease are
                    checked; review, revision, focus, audit entry, outbox row and update id are committed with
                    synchronous=FULL; the press is answered; the card is edited through the outbox, and that is noted.
                    Each reviewer presses again only when their card has changed, so every press has its own edit
    factdesk-flood  the same with all presses waiting at once: edits of one card coalesce (`edits_per_update`)

Each run warms up first. The clock starts when the first measured update leaves the fake API. For an echo it stops at
the last sendMessage; for the desk when its database says that nothing waits to be sent. Then the desk is stopped and
its database must show one revision and one audit entry per press, no dead letter, nothing unsent and an unbroken audit
chain: a run that did not do the work fails. CPU is user and system time of the bot's process from /proc.

Then the courier alone: with Telegram's limits on against strict ones, and with limits off.

One JSON line per figure; the last lines are the bars and whether they are met. Exit code 1 if one is not, apart from
stretch goals. `--spinner`: see `runs.spinners`; by default every round is run without and with it, and both are told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median
from typing import Any

from desk import Presser, is_drained, prepare_messages, prepare_reviews, work_done
from runs import HERE, TOKEN, BenchError, FakeApi, Measured, running, spinners

ECHOES = {"ptb": 0.5, "ptb-256": 0.1, "aiogram": 1.0, "telebot": 1.0}
"""The echo bots, and their share of the number of updates: the slow ones would take the whole time."""

DESKS = ("factdesk", "factdesk-flood")
REVIEWERS = 200
LIMITED_SECONDS = 22
UNLIMITED = (1000, 5)
"""Chats, and messages for each, of the courier without limits."""

PERMITTED = 30.0
_TEXT = "ঢাকায় আজ সকালে ভারী বৃষ্টিতে কয়েকটি সড়ক ডুবে গেছে বলে ফেসবুকে যে ছবি ছড়িয়েছে, সেটি কি আজকের? জানতে চাই। 🙏 "

Result = dict[str, float]


class Bench:
    """The options, the fake API and the files of one run of the bench."""

    def __init__(self, options: argparse.Namespace, folder: Path, api: FakeApi) -> None:
        self.options = options
        self.folder = folder
        self.api = api
        self.core = 0 if options.pin else None
        self.results: dict[tuple[str, bool], list[Result]] = {}
        self.pressers: list[Presser] = []
        self.cards_before = 0
        self._serial = 0

    def prepare(self) -> None:
        """Make the databases that the runs start from."""
        self.pressers = asyncio.run(prepare_reviews(self.folder / "reviews.db", REVIEWERS))
        self.cards_before = work_done(self.folder / "reviews.db")["cards_edited"]
        asyncio.run(prepare_messages(self.folder / "limited.db", LIMITED_SECONDS * int(PERMITTED), 1))
        asyncio.run(prepare_messages(self.folder / "unlimited.db", *UNLIMITED))

    def measure(self, name: str, *, spinner: bool) -> None:
        """Run a variant once and keep what came out."""
        with spinners(on=spinner):
            result = self._desk(name) if name in DESKS else self._echo(name)
        self.results.setdefault((name, spinner), []).append(result)
        line = {key: round(value, 3) for key, value in result.items()}
        print(json.dumps({"bench": "spine", "name": "run", "variant": name, "spinner": spinner, **line}), flush=True)

    def _echo(self, name: str) -> Result:
        count = max(50, int(self.options.updates * ECHOES[name]))
        self.api.scene(texts=[_message(number) for number in range(1000)])
        with running([str(HERE / "echoes.py"), name, self.api.url], self._log(name), self.core) as bot:
            self.api.run(max(20, count // 10), bot.pid)
            return _figures(self.api.run(count, bot.pid))

    def _desk(self, name: str) -> Result:
        flood = name == "factdesk-flood"
        count, warm = self.options.updates, 2 * REVIEWERS
        self.api.scene(pressers=[asdict(presser) for presser in self.pressers], by_turns=not flood)
        database = self._copy("reviews")
        with self._factdesk(name, database, "off") as bot, closing(sqlite3.connect(database)) as raw:
            self.api.run(warm, bot.pid)
            _drain(raw)
            before = self.api.totals()
            measured = self.api.run(count, bot.pid)
            _drain(raw)
            ended = time.monotonic()
            measured = replace(measured, wall=ended - measured.began, cpu=bot.cpu() - measured.cpu_at_start)
            totals = self.api.totals()
            result = _figures(measured) | {
                "edits_per_update": (totals["editMessageText"] - before["editMessageText"]) / count,
                "peak_mb": bot.peak_mb(),
                "first_poll_s": totals["polled_at"] - bot.started_at,
            }
            if code := bot.end():
                raise BenchError(f"exit code {code}")
            _must_have_worked(work_done(database), warm + count, 0 if flood else self.cards_before + warm + count)
        return result

    def limited(self) -> Result:
        """Send to many chats under Telegram's limits, kept strictly by the other side."""
        measured, _ = self._fan_out("limited", LIMITED_SECONDS * int(PERMITTED), "telegram")
        span = measured.times[-1] - measured.times[0]
        share = (measured.count - 1) / span / PERMITTED
        return {"share": share, "refused": float(measured.counts.get("sendMessage 429", 0))}

    def unlimited(self) -> Result:
        """Send as fast as it goes."""
        measured, peak = self._fan_out("unlimited", UNLIMITED[0] * UNLIMITED[1], "off")
        return _figures(measured) | {"peak_mb": peak}

    def _fan_out(self, name: str, count: int, limits: str) -> tuple[Measured, float]:
        self.api.scene(strict=limits != "off", times=limits != "off")
        database = self._copy(name)
        with self._factdesk(name, database, limits) as bot, closing(sqlite3.connect(database)) as raw:
            measured = self.api.run(count, bot.pid)
            _drain(raw)
            peak = bot.peak_mb()
            bot.end()
            done = work_done(database)
            if done["sent"] != count or done["unsent"]:
                raise BenchError(f"{count} messages were to be sent: {done}")
        return measured, peak

    def _factdesk(self, name: str, database: Path, limits: str) -> Any:
        environment = {
            "FACTDESK_TOKEN": TOKEN,
            "FACTDESK_API_URL": self.api.url,
            "FACTDESK_DATABASE": str(database),
            "FACTDESK_LIMITS": limits,
            "FACTDESK_LOG": "json",
        }
        return running(["-m", "bot", "run"], self._log(name), self.core, environment)

    def _copy(self, name: str) -> Path:
        self._serial += 1
        target = self.folder / f"{name}-{self._serial}.db"
        shutil.copy(self.folder / f"{name}.db", target)
        return target

    def _log(self, name: str) -> Path:
        self._serial += 1
        return self.folder / f"{name}-{self._serial}.log"


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


def _figures(measured: Measured) -> Result:
    return {
        "per_second": measured.per_second,
        "cpu_us": measured.cpu_us,
        "bot_busy": measured.cpu / measured.wall,
        "fake_api_busy": measured.fake_cpu / measured.wall,
        "others_busy": measured.others,
    }


def _drain(raw: sqlite3.Connection) -> None:
    until = time.monotonic() + 60
    while not is_drained(raw):
        if time.monotonic() > until:
            raise BenchError("the outbox does not drain")
        time.sleep(0.002)


def _must_have_worked(done: dict[str, Any], presses: int, edits: int) -> None:
    wanted = {"revisions": presses, "audited": presses, "updates": presses, "dead_letters": 0, "unsent": 0}
    if edits:
        wanted["cards_edited"] = edits
    wrong = {name: done[name] for name, value in wanted.items() if done[name] != value}
    if wrong or done["chain_broken_at"] is not None or done["damage"] != "ok":
        raise BenchError(f"the work was not done: wanted {wanted}, found {done}")


def _sync_us(folder: Path, *, spinner: bool) -> float:
    """The time of a lone small write and fdatasync, as a commit does it."""
    times = []
    with spinners(on=spinner), (folder / "sync").open("wb", buffering=0) as file:
        time.sleep(0.3)
        for _ in range(60):
            time.sleep(0.002)
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times) * 1e6


def _tell(name: str, value: float, unit: str, **more: Any) -> None:
    print(json.dumps({"bench": "spine", "name": name, "value": round(value, 3), "unit": unit, **more}), flush=True)


class Summary:
    """The figures over all rounds, and the bars."""

    def __init__(self, results: dict[tuple[str, bool], list[Result]]) -> None:
        self._results = results
        self.failed = False

    def tell(self) -> None:
        """One line per variant and figure."""
        for (name, spinner), runs in self._results.items():
            for figure, unit in (
                ("per_second", "updates/s"),
                ("cpu_us", "us/update"),
                ("edits_per_update", "edits/update"),
                ("peak_mb", "MB"),
                ("first_poll_s", "s"),
                ("bot_busy", "cores"),
                ("fake_api_busy", "cores"),
                ("others_busy", "cores"),
            ):
                values = [run[figure] for run in runs if figure in run]
                if not values:
                    continue
                more: dict[str, Any] = {}
                baseline = self._baseline(figure, spinner=spinner)
                if baseline and figure in ("per_second", "cpu_us"):
                    more = {"baseline": round(baseline, 1), "ratio": round(median(values) / baseline, 2)}
                _tell(
                    figure,
                    median(values),
                    unit,
                    variant=name,
                    spinner=spinner,
                    min=round(min(values), 3),
                    max=round(max(values), 3),
                    rounds=len(values),
                    **more,
                )

    def _middle(self, name: str, figure: str, *, spinner: bool) -> float | None:
        values = [run[figure] for run in self._results.get((name, spinner), []) if figure in run]
        return median(values) if values else None

    def _baseline(self, figure: str, *, spinner: bool) -> float | None:
        """python-telegram-bot's better mode."""
        values = [self._middle(name, figure, spinner=spinner) for name in ("ptb", "ptb-256")]
        known = [value for value in values if value is not None]
        if not known:
            return None
        return max(known) if figure == "per_second" else min(known)

    def bars(self, *, spinner: bool) -> None:
        """The issue's bars for the review step."""
        rate = self._middle("factdesk", "per_second", spinner=spinner)
        if rate is None:
            return
        if base := self._baseline("per_second", spinner=spinner):
            self.bar("2 x python-telegram-bot, updates/s", rate / base, ">=", 2.0, spinner=spinner)
        if base := self._middle("aiogram", "per_second", spinner=spinner):
            self.bar("1 x aiogram, updates/s", rate / base, ">=", 1.0, spinner=spinner)
        cpu = self._middle("factdesk", "cpu_us", spinner=spinner) or 0.0
        if base := self._baseline("cpu_us", spinner=spinner):
            self.bar("0.6 x python-telegram-bot, CPU per update", cpu / base, "<=", 0.6, spinner=spinner)
        if base := self._middle("telebot", "per_second", spinner=spinner):
            self.bar("1 x pyTelegramBotAPI, updates/s", rate / base, ">=", 1.0, spinner=spinner, stretch=True)
        for figure, name, most in (
            ("peak_mb", "peak memory, MB", 90.0),
            ("first_poll_s", "start to first poll, s", 1.5),
        ):
            value = self._middle("factdesk", figure, spinner=spinner) or 0.0
            self.bar(name, value, "<=", most, spinner=spinner)

    def bar(self, name: str, value: float, sign: str, limit: float, *, stretch: bool = False, **more: Any) -> None:
        """Tell one bar."""
        met = value >= limit if sign == ">=" else value <= limit
        self.failed |= not met and not stretch
        line = {"bench": "spine", "bar": name, "value": round(value, 3), "wanted": f"{sign} {limit:g}", "met": met}
        if stretch:
            line["stretch"] = True
        print(json.dumps(line | more), flush=True)


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="The speed of the spine.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--updates", type=int, default=3000)
    parser.add_argument("--spinner", choices=("both", "on", "off"), default="both")
    parser.add_argument("--pin", action="store_true", help="bots on core 0, the fake API on core 1")
    parser.add_argument("--only", nargs="+", choices=(*ECHOES, *DESKS, "courier"), default=None)
    parser.add_argument(
        "--folder", type=Path, default=None, help="where the databases lie (default: the temporary one)"
    )
    options = parser.parse_args()
    wanted = options.only or [*ECHOES, *DESKS, "courier"]
    ways = {"both": (False, True), "on": (True,), "off": (False,)}[options.spinner]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="factdesk-bench-", dir=options.folder) as folder:
        api = FakeApi(1 if options.pin else None)
        try:
            bench = Bench(options, Path(folder), api)
            bench.prepare()
            summary = _run(bench, [name for name in wanted if name != "courier"], ways, courier="courier" in wanted)
        finally:
            api.close()
    _tell("whole_run", time.monotonic() - began, "s")
    return int(summary.failed)


def _run(bench: Bench, variants: list[str], ways: tuple[bool, ...], *, courier: bool) -> Summary:
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "cores": os.cpu_count()}
    for spinner in ways:
        _tell("lone_fdatasync", _sync_us(bench.folder, spinner=spinner), "us", spinner=spinner, **machine)
    for number in range(bench.options.rounds):
        # Turned by one each round: none is always the first, or always behind the same one.
        turn = number % max(1, len(variants))
        for name in variants[turn:] + variants[:turn]:
            for spinner in ways:
                bench.measure(name, spinner=spinner)
    summary = Summary(bench.results)
    sent: dict[bool, Result] = {}
    limited: Result = {}
    if courier:
        limited = bench.limited()
        for spinner in ways:
            with spinners(on=spinner):
                sent[spinner] = bench.unlimited()
    summary.tell()
    for spinner in ways:
        if spinner in sent:
            for figure, unit in (("per_second", "messages/s"), ("cpu_us", "us/message"), ("peak_mb", "MB")):
                _tell(f"courier_{figure}", sent[spinner][figure], unit, spinner=spinner)
        summary.bars(spinner=spinner)
        if spinner in sent:
            summary.bar("courier, limits off, messages/s", sent[spinner]["per_second"], ">=", 1000, spinner=spinner)
    if limited:
        _tell("courier_share", limited["share"], "of 30/s", spinner=False)
        summary.bar("courier, share of the permitted rate", limited["share"], ">=", 0.98)
        summary.bar("courier, messages refused with 429", limited["refused"], "<=", 0)
    return summary


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failure:
        sys.exit(f"spine: {failure}")
