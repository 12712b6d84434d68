"""Recognising a claim as the desk grows: milliseconds at ten thousand, a hundred thousand and a million claims.

    .venv/bin/python tests/bench/text_scale.py PATH [--sizes 10000,100000,1000000] [--keep FOLDER]

The claims are made up (`corpus.py`). Asked for are other made-up ones, and known ones with three in ten words lost, in
English and in Bengali. The baseline is plain FTS5: all words of the text, ordered by bm25, fifty of them. The memory is
the most that a process held which did nothing else, Python and the libraries in it (Linux only).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import corpus

from jobs.likeness import Thresholds, best
from jobs.policy import Policy
from jobs.recognise import COMPARED, find_known
from storage.database import Database
from storage.search import normal_form
from storage.search.terms import grams_of, stem, words_of

SIZES = (10_000, 100_000, 1_000_000)
BARS = {"ms": 50, "p95": 200}
MEMORY_BAR = 300
QUERIES = 60
_BATCH = 20_000
_THRESHOLDS = Thresholds(Policy().match_same, Policy().match_similar, Policy().match_min_words)


def report(
    data: Path, semantic: bool = False, sizes: Sequence[int] = SIZES, keep: Path | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the figures of each size.

    Args:
        keep: a folder where the desks are kept for the next run; None for a temporary one.
    """
    texts = corpus.texts_of(data)
    if len(texts) < 2:
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = (keep or Path(folder)) / f"desk-{size}.db"
            corpus.build(path, texts, size)
            index(path)
            yield from _of_size(path, texts, size)


def index(path: Path) -> None:
    """Fill the index of claims as `Index.add` would, a batch at a time; one that is filled is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        if raw.execute("SELECT count(*) FROM stem_counts").fetchone()[0]:
            return
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA cache_size = -500000")
        stems: Counter[str] = Counter()
        grams: Counter[str] = Counter()
        raw.execute("BEGIN")
        for first in range(1, raw.execute("SELECT max(id) FROM claims").fetchone()[0] + 1, _BATCH):
            rows = raw.execute("SELECT id, text FROM claims WHERE id BETWEEN ? AND ?", (first, first + _BATCH - 1))
            fed = []
            for claim_id, text in rows.fetchall():
                words = words_of(text)
                inside = list(map(stem, words))
                stems.update({"", *inside})
                grams.update(set(grams_of(words)))
                fed.append((claim_id, " ".join(inside)))
            raw.executemany("INSERT INTO claim_stems (rowid, text, about) VALUES (?, ?, '')", fed)
        raw.executemany("INSERT INTO stem_counts (stem, claims) VALUES (?, ?)", sorted(stems.items()))
        raw.executemany("INSERT INTO gram_counts (gram, claims) VALUES (?, ?)", sorted(grams.items()))
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _of_size(path: Path, texts: dict[str, list[str]], size: int) -> Iterator[dict[str, Any]]:
    of = {"bench": "scale", "set": f"{size} claims"}
    with closing(sqlite3.connect(path)) as raw:
        asked = _asked(raw, texts, size)
        plain = {language: [_plainly(raw, text) for text in each] for language, each in asked.items()}
        pages = raw.execute("SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'claim_stems*'").fetchone()[0]
    # In a process of its own: this one has built the desk, which took more.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        ours, memory = other.submit(_alone, path, asked).result()
    for language in asked:
        yield of | {
            "figure": f"ms, {language}",
            "value": _ms(ours[language]),
            "p95": _p95(ours[language]),
            "baselines": {"plain fts5": _ms(plain[language]), "plain fts5 p95": _p95(plain[language])},
            "bar": BARS["ms"],
            "bar_p95": BARS["p95"],
        }
    yield of | {"figure": "index_mb", "value": round(pages / 1e6, 1)}
    yield of | {"figure": "memory_mb", "value": round(memory, 1), "bar": MEMORY_BAR}


def _asked(raw: sqlite3.Connection, texts: dict[str, list[str]], size: int) -> dict[str, list[str]]:
    chance = random.Random(5)
    found = {}
    for language in sorted(texts):
        strange = [text for each, text in corpus.recombined(texts, QUERIES * 4, seed=77) if each == language]
        strange = strange[: QUERIES // 2]
        known: list[str] = []
        while len(known) < QUERIES - len(strange):
            row = raw.execute(
                "SELECT text FROM claims WHERE id = ? AND language = ?", (chance.randint(1, size), language)
            ).fetchone()
            if row is not None:
                words = row[0].split()
                known.append(" ".join(word for word in words if chance.random() >= 0.3) or words[0])
        found[language] = [*strange, *known]
    return found


def _plainly(raw: sqlite3.Connection, text: str) -> float:
    words = dict.fromkeys(normal_form(text).replace('"', " ").split())
    query = " OR ".join(f'"{word}"' for word in words)
    start = time.perf_counter()
    raw.execute("SELECT rowid FROM claim_words WHERE claim_words MATCH ? ORDER BY rank LIMIT 50", (query,)).fetchall()
    return time.perf_counter() - start


def _alone(path: Path, asked: dict[str, list[str]]) -> tuple[dict[str, list[float]], float]:
    seconds = asyncio.run(_ours(path, asked))
    # Not `ru_maxrss`, which a new process takes over from its parent.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return seconds, next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


async def _ours(path: Path, asked: dict[str, list[str]]) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {}
    database = await Database.open(path, corpus.NEWEST)
    try:
        async with database.read() as ledger:
            for language, each in asked.items():
                seconds[language] = []
                for text in each:
                    start = time.perf_counter()
                    found, rarity = await find_known(ledger, words_of(text))
                    weights = {term: rarity.says(term) for term in rarity.stems}
                    for one in found[:COMPARED]:
                        best(text, one.candidate.text, _THRESHOLDS, weights, one.candidate.words)
                    seconds[language].append(time.perf_counter() - start)
    finally:
        await database.close()
    return seconds


def _ms(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.median(seconds), 1)


def _p95(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.quantiles(seconds, n=20)[-1], 1)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--sizes", default=",".join(map(str, SIZES)))
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    for line in report(given.data, sizes=[int(size) for size in given.sizes.split(",")], keep=given.keep):
        print(json.dumps(line, ensure_ascii=False), flush=True)
