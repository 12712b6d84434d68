"""Digests, figures and lists of a desk as it grows: milliseconds at ten thousand, a hundred thousand, a million claims.

    .venv/bin/python tests/bench/digest.py [--sizes 10000,100000,1000000] [--keep FOLDER]

Measured is what a chat waits for: the facts read from the file and the message made of them, by the code that the
courier calls. The baselines read the same numbers the plain way, by going through the tables. The memory is what the
process grew by while it made a digest, over what it held with the file open and the libraries loaded (Linux only).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import years

from bot.render import Deps, load
from jobs.digest_content import Period, content_of
from jobs.policy import Policy
from storage.database import Database
from storage.kinds import OutboxState
from storage.ledger import Ledger
from storage.model import ChatId, OutboxId, OutboxMessage
from storage.rows import instant

SIZES = (10_000, 100_000, 1_000_000)
BARS = {"digest": 250.0, "stats": 250.0, "status": 5.0, "queue": 20.0}
MEMORY_BAR = 60
TIMES = 15
_GROUP = -100
_POLICY = Policy()
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)

Work = Callable[[Ledger], Awaitable[object]]


def report(sizes: Sequence[int] = SIZES, keep: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the figures of each size.

    Args:
        keep: a folder where the desks are kept for the next run; None for a temporary one.
    """
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = (keep or Path(folder)) / f"years-{size}.db"
            years.build(path, size)
            plain = _plainly(path, size)
            # In a process of its own: this one has built the desk, which took more.
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
                ours, memory = other.submit(_alone, path, size).result()
            of = {"bench": "digest", "set": f"{size} claims"}
            for name, seconds in ours.items():
                took = _ms(seconds)
                yield of | {
                    "figure": f"{name}, ms",
                    "value": took,
                    "p95": _p95(seconds),
                    "baselines": {"reading the tables": _ms([plain[name]])},
                    "ratio": round(_ms([plain[name]]) / took, 2),
                    "bar": BARS[name],
                }
            yield of | {"figure": "memory of a digest, MB", "value": round(memory, 1), "bar": MEMORY_BAR}


def _alone(path: Path, size: int) -> tuple[dict[str, list[float]], float]:
    return asyncio.run(_ours(path, size))


async def _ours(path: Path, size: int) -> tuple[dict[str, list[float]], float]:
    works: dict[str, Work] = {
        "digest": _digest,
        "stats": lambda ledger: _shown(
            ledger, "stats_shown", start=instant(years.NOW - _MONTH), end=instant(years.NOW)
        ),
        "status": lambda ledger: _shown(ledger, "status_shown", claim=size // 2, role="public"),
        "queue": lambda ledger: _shown(ledger, "queue_shown", offset=0),
    }
    seconds: dict[str, list[float]] = {}
    database = await Database.open(path, years.NOW)
    try:
        async with database.read() as ledger:
            # What is loaded once, words and tables of names among it, belongs to the idle process.
            await _shown(ledger, "status_shown", claim=1, role="public")
            idle = _held()
            await _digest(ledger)
            memory = _held() - idle
            for name, work in works.items():
                seconds[name] = []
                for _ in range(TIMES):
                    start = time.perf_counter()
                    await work(ledger)
                    seconds[name].append(time.perf_counter() - start)
    finally:
        await database.close()
    return seconds, memory


async def _digest(ledger: Ledger) -> None:
    start = years.NOW - _WEEK
    after, upto = await ledger.news.marks_before(start), await ledger.news.marks()
    content = await content_of(ledger, Period(start, years.NOW, after, upto, "Asia/Dhaka"), _POLICY)
    await _shown(ledger, "digest_previewed", content=content)


async def _shown(ledger: Ledger, kind: str, **payload: Any) -> object:
    row = OutboxMessage(
        id=OutboxId(1),
        chat_id=ChatId(_GROUP),
        thread_id=None,
        person_id=None,
        kind=kind,
        payload=payload,
        card=None,
        reply_to=None,
        state=OutboxState.SENDING,
        attempts=1,
        due_at=years.NOW,
        created_at=years.NOW,
    )
    deps = Deps(_POLICY, "en", "Asia/Dhaka", "desk_bot", lambda *_: "")
    return (await load(ledger, row, deps, years.NOW))()


def _held() -> float:
    """Return the most memory this process ever held, in MB. Not `ru_maxrss`, which comes from the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


_OPEN = "('queued', 'in_review', 'agreed', 'disputed')"
_PLAIN = {
    "digest": (
        "SELECT count(*) FROM claims NOT INDEXED WHERE created_at >= :week",
        "SELECT rating, count(*) FROM verdicts NOT INDEXED WHERE published_at >= :week GROUP BY rating",
        f"SELECT state, count(*), min(created_at) FROM claims NOT INDEXED WHERE state IN {_OPEN} GROUP BY state",
        "SELECT claim_id, count(*) FROM requests NOT INDEXED WHERE state = 'waiting' GROUP BY 1 ORDER BY 2 LIMIT 9",
        "SELECT action, count(*) FROM audit NOT INDEXED WHERE at >= :week GROUP BY action",
    ),
    "stats": (
        "SELECT claim_id, min(submitted_at) FROM reviews NOT INDEXED WHERE submitted_at >= :month GROUP BY claim_id",
        "SELECT claim_id, decided_at, published_at FROM verdicts NOT INDEXED WHERE decided_at >= :month",
        "SELECT id, created_at FROM claims NOT INDEXED WHERE created_at >= :month",
        "SELECT state, count(*) FROM requests NOT INDEXED WHERE created_at >= :month GROUP BY state",
        "SELECT action, count(*) FROM audit NOT INDEXED WHERE at >= :month GROUP BY action",
    ),
    "status": (
        "SELECT * FROM claims NOT INDEXED WHERE +id = :claim",
        "SELECT count(*) FROM requests NOT INDEXED WHERE claim_id = :claim",
        "SELECT count(*) FROM reviews NOT INDEXED WHERE claim_id = :claim",
    ),
    "queue": (
        f"""
        SELECT c.*, (SELECT count(*) FROM requests r WHERE r.claim_id = c.id) FROM claims c NOT INDEXED
        WHERE c.state IN {_OPEN} ORDER BY c.severity, c.worth DESC, c.created_at
        """,
    ),
}


def _plainly(path: Path, size: int) -> dict[str, float]:
    seconds = {}
    values = {"week": instant(years.NOW - _WEEK), "month": instant(years.NOW - _MONTH), "claim": size // 2}
    with closing(sqlite3.connect(path)) as raw:
        for name, statements in _PLAIN.items():
            start = time.perf_counter()
            for sql in statements:
                raw.execute(sql, {key: value for key, value in values.items() if f":{key}" in sql}).fetchall()
            seconds[name] = time.perf_counter() - start
    return seconds


def _ms(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.median(seconds), 2)


def _p95(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.quantiles(seconds, n=20)[-1], 2)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", default=",".join(map(str, SIZES)))
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    for line in report([int(size) for size in given.sizes.split(",")], given.keep):
        print(json.dumps(line, ensure_ascii=False), flush=True)
