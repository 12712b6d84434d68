"""The speed of the spine, measured in one run against the same fake Bot API over loopback.

    .venv/bin/python tests/bench/spine.py [--rounds N] [--updates N] [--spinner both|on|off] [--pin] [--only NAME …]

needs the `bench` extra (`pip install -e .[bench]`) and takes about two minutes. Measured are

    ptb, ptb-256    python-telegram-bot's stock echo, sequential and with concurrent_updates=256
    aiogram         aiogram 3, echo
    telebot         pyTelegramBotAPI (async), echo
    factdesk        the desk's own process doing a durable review step: a rating button is pressed; role and lease are
                    checked; review, revision, focus, audit entry, outbox row and update id are committed with
                    synchronous=FULL; the press is answered; the card is edited through the outbox, and that is noted.
                    Each reviewer presses again only when their card has changed, so every press has its own edit
    factdesk-flood  the same with all presses waiting at once: edits of one card may coalesce (`edits_per_update`)

All bots run from the beginning and take turns of a second or less, so that whatever else the machine does hits them
alike; the others wait for updates meanwhile. A ratio is the median of the ratios within each round. `others_busy` tells
how many cores something else kept busy: above 0.1 or so the rates, and the courier's share, suffer.

The clock starts when the first update of a turn leaves the fake API. For an echo it stops at the last sendMessage; for
the desk when its database says that nothing waits to be sent. At the end the desk is stopped, and its database must
show one revision and one audit entry per press, no dead letter, nothing unsent and an unbroken audit chain: a run that
did not do the work fails. CPU is user and system time of the bot's process.

Then the courier alone: with Telegram's limits on against strict ones, and with limits off.

One JSON line per figure; the last lines are the bars and whether they are met. Exit code 1 if one is not, apart from
stretch goals. `--spinner`: see `runs.Spinners`; by default every turn is taken without and with it, and both are told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from desk import prepare_messages, prepare_reviews
from runs import BenchError, FakeApi, Spinners
from subjects import Echo, Figures, Maker, Place, Steps, Subject, figures_of, send_all, watched

ECHOES = {"ptb": 0.5, "ptb-256": 0.5, "aiogram": 1.0, "telebot": 1.0}
"""The echo bots, and their share of the number of updates: the slow ones would take the whole time."""

DESKS = ("factdesk", "factdesk-flood")
REVIEWERS = 200
LIMITED_SECONDS = 22
UNLIMITED = (1000, 5)
"""Chats, and messages for each, of the courier without limits."""

PERMITTED = 30.0

_UNITS = {
    "per_second": "updates/s",
    "cpu_us": "us/update",
    "edits_per_update": "edits/update",
    "bot_busy": "cores",
    "fake_api_busy": "cores",
    "others_busy": "cores",
}

Turns = dict[tuple[str, bool], list[Figures]]
"""What each variant did, without and with spinners, round by round."""


def tell(name: str, value: float, unit: str, **more: Any) -> None:
    """Print one figure."""
    print(json.dumps({"bench": "spine", "name": name, "value": round(value, 3), "unit": unit, **more}), flush=True)


def take_turns(makers: dict[str, Maker], options: argparse.Namespace, spinners: Spinners) -> tuple[Turns, Figures]:
    """Run every variant, turn by turn; returns the turns, and what the desk's process showed at its end."""
    subjects: dict[str, Subject] = {}
    turns: Turns = {}
    shown: Figures = {}
    names = list(makers)
    for name, make in makers.items():
        subjects[name] = make()
        with watched_if_failing(subjects):
            # The first is a warm-up. One bot starts at a time, so that its start is measured undisturbed.
            subjects[name].work(2 * REVIEWERS if name in DESKS else 50)
    with watched(*(subject.bot for subject in subjects.values())):
        for number in range(options.rounds):
            # Turned by one each round: none is always the first, or always behind the same one.
            turn = number % len(names)
            for spinner in options.ways:
                for name in names[turn:] + names[:turn]:
                    count = max(20, int(options.updates * ECHOES.get(name, 1.0)))
                    with spinners.spinning(on=spinner):
                        turns.setdefault((name, spinner), []).append(subjects[name].work(count))
        for name, subject in subjects.items():
            ended = subject.finish()
            if name == "factdesk" or not shown:
                shown = ended or shown
    return turns, shown


class watched_if_failing:  # noqa: N801 - reads as a sentence
    """`watched`, for a beginning: ends the bots only if the block fails."""

    def __init__(self, subjects: dict[str, Subject]) -> None:
        self._subjects = subjects

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            watched(*(subject.bot for subject in self._subjects.values())).__exit__(kind, error, trace)


class Report:
    """The figures over all rounds, and the bars."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.failed = False

    def tell(self) -> None:
        """One line per variant and figure."""
        for (name, spinner), runs in self._turns.items():
            for figure, unit in _UNITS.items():
                values = [run[figure] for run in runs if figure in run]
                if not values:
                    continue
                more: dict[str, Any] = {}
                if figure in ("per_second", "cpu_us"):
                    base = self._better_ptb(spinner=spinner)
                    ratio = self._ratio(name, base, figure, spinner=spinner) if base else None
                    if base and ratio is not None:
                        more = {"baseline": round(self._middle(base, figure, spinner=spinner), 1), "ratio": ratio}
                low, high = round(min(values), 3), round(max(values), 3)
                tell(figure, median(values), unit, variant=name, spinner=spinner, min=low, max=high, **more)

    def _middle(self, name: str, figure: str, *, spinner: bool) -> float:
        return median(run[figure] for run in self._turns[name, spinner])

    def _better_ptb(self, *, spinner: bool) -> str | None:
        known = [name for name in ("ptb", "ptb-256") if (name, spinner) in self._turns]
        return max(known, key=lambda name: self._middle(name, "per_second", spinner=spinner)) if known else None

    def _ratio(self, name: str, base: str, figure: str, *, spinner: bool) -> float | None:
        ours, theirs = self._turns.get((name, spinner)), self._turns.get((base, spinner))
        if not ours or not theirs:
            return None
        return round(median(one[figure] / other[figure] for one, other in zip(ours, theirs, strict=True)), 3)

    def bars(self, *, spinner: bool) -> None:
        """The bars of the review step."""
        ptb = self._better_ptb(spinner=spinner) or "ptb"
        for name, base, figure, sign, limit, stretch in (
            ("2 x python-telegram-bot, updates/s", ptb, "per_second", ">=", 2.0, False),
            ("1 x aiogram, updates/s", "aiogram", "per_second", ">=", 1.0, False),
            ("0.6 x python-telegram-bot, CPU per update", ptb, "cpu_us", "<=", 0.6, False),
            ("1 x pyTelegramBotAPI, updates/s", "telebot", "per_second", ">=", 1.0, True),
        ):
            ratio = self._ratio("factdesk", base, figure, spinner=spinner)
            if ratio is not None:
                self.bar(name, ratio, sign, limit, stretch=stretch, spinner=spinner)

    def bar(self, name: str, value: float, sign: str, limit: float, *, stretch: bool = False, **more: Any) -> None:
        """Tell one bar."""
        met = value >= limit if sign == ">=" else value <= limit
        self.failed |= not met and not stretch
        line = {"bench": "spine", "bar": name, "value": round(value, 3), "wanted": f"{sign} {limit:g}", "met": met}
        if stretch:
            line["stretch"] = True
        print(json.dumps(line | more), flush=True)


def send_limited(place: Place) -> Figures:
    """Send to many chats under Telegram's limits, kept strictly by the other side."""
    count = LIMITED_SECONDS * int(PERMITTED)
    measured, _ = send_all(place, "limited", count, limits="telegram")
    share = (count - 1) / (measured.times[-1] - measured.times[0]) / PERMITTED
    refused = measured.counts.get("sendMessage 429", 0)
    return {"share": share, "refused": float(refused), "others_busy": measured.others}


def send_unlimited(place: Place) -> Figures:
    """Send as fast as it goes."""
    measured, peak = send_all(place, "unlimited", UNLIMITED[0] * UNLIMITED[1], limits="off")
    return figures_of(measured) | {"peak_mb": peak}


def lone_sync_us(folder: Path) -> float:
    """The time of a lone small write and fdatasync, as a commit does it."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        time.sleep(0.3)
        for _ in range(60):
            time.sleep(0.002)
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times) * 1e6


def run(options: argparse.Namespace, place: Place, spinners: Spinners) -> bool:
    """Measure and tell everything; False if a bar is not met."""
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "cores": os.cpu_count()}
    for spinner in options.ways:
        with spinners.spinning(on=spinner):
            tell("lone_fdatasync", lone_sync_us(place.folder), "us", spinner=spinner, **machine)
    pressers = asyncio.run(prepare_reviews(place.folder / "reviews.db", REVIEWERS))
    makers: dict[str, Maker] = {name: partial(Echo, place, name) for name in ECHOES if name in options.only}
    makers |= {
        name: partial(Steps, place, name, pressers, by_turns=name == "factdesk")
        for name in DESKS
        if name in options.only
    }
    turns, shown = take_turns(makers, options, spinners) if makers else ({}, {})
    sent: dict[bool, Figures] = {}
    limited: Figures = {}
    if "courier" in options.only:
        asyncio.run(prepare_messages(place.folder / "limited.db", LIMITED_SECONDS * int(PERMITTED), 1))
        asyncio.run(prepare_messages(place.folder / "unlimited.db", *UNLIMITED))
        limited = send_limited(place)
        for spinner in options.ways:
            with spinners.spinning(on=spinner):
                sent[spinner] = send_unlimited(place)
    report = Report(turns)
    report.tell()
    for spinner, figures in sent.items():
        for figure, unit in (("per_second", "messages/s"), ("cpu_us", "us/message"), ("peak_mb", "MB")):
            tell(f"courier_{figure}", figures[figure], unit, spinner=spinner)
    if limited:
        tell("courier_share", limited["share"], "of 30/s", others_busy=round(limited["others_busy"], 3))
    for spinner in options.ways:
        report.bars(spinner=spinner)
        if spinner in sent:
            report.bar("courier, limits off, messages/s", sent[spinner]["per_second"], ">=", 1000, spinner=spinner)
    if shown:
        report.bar("peak memory, MB", shown["peak_mb"], "<=", 90.0)
        report.bar("start to first poll, s", shown["first_poll_s"], "<=", 1.5)
    if limited:
        report.bar("courier, share of the permitted rate", limited["share"], ">=", 0.98)
        report.bar("courier, messages refused with 429", limited["refused"], "<=", 0)
    return not report.failed


def main() -> int:
    """Run the bench."""
    everything = [*ECHOES, *DESKS, "courier"]
    parser = argparse.ArgumentParser(description="The speed of the spine.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--updates", type=int, default=600, help="of one turn")
    parser.add_argument("--spinner", choices=("both", "on", "off"), default="both")
    parser.add_argument("--pin", action="store_true", help="bots on core 0, the fake API on core 1")
    parser.add_argument("--only", nargs="+", choices=everything, default=everything)
    parser.add_argument("--folder", type=Path, default=None, help="where the databases lie")
    options = parser.parse_args()
    options.ways = {"both": (False, True), "on": (True,), "off": (False,)}[options.spinner]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="factdesk-bench-", dir=options.folder) as folder:
        api, spinners = FakeApi(1 if options.pin else None), Spinners()
        try:
            met = run(options, Place(api, Path(folder), 0 if options.pin else None), spinners)
        finally:
            api.close()
            spinners.close()
    tell("whole_run", time.monotonic() - began, "s")
    return 0 if met else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failure:
        sys.exit(f"spine: {failure}")
