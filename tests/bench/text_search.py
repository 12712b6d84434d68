"""/search on a desk with a million claims: milliseconds from the typed text to the lines of the first page.

    .venv/bin/python tests/bench/text_search.py PATH [--size N] [--keep FILE]

The baseline is what one writes first: FTS5 with `ORDER BY bm25(…) LIMIT 5` over all that match, and a count of them.
The claims are made up (`corpus.py`); the words asked for are taken from them by how common they are.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import corpus

from jobs.lookup import people_called, search_page
from jobs.policy import Policy
from jobs.search_query import parse
from storage.database import Database
from storage.search import normal_form

SIZE = 1_000_000
BAR = 20.0
RUNS, QUERIES = 3, 12
_POLICY = Policy()

_FILTERS = {
    "filters, few pass": ("state:disputed", "lang:sw", "#rare", "lang:sw before:2022", "by:@person5 rating:satire"),
    "filters, many pass": (
        "lang:{}",
        "rating:false",
        "state:published",
        "before:2022",
        "#tag40",
        "state:queued lang:{}",
    ),
}
_AND_FILTERS = ("lang:{}", "rating:false", "state:disputed", "#rare", "after:2024-06", "by:@person5", "rating:satire")


def queries(texts: list[str], language: str) -> dict[str, list[str]]:
    """Return searches by kind, the same for the same texts."""
    chance = random.Random(7)
    split = [normal_form(text).split() for text in texts]
    counts = Counter(word for words in split for word in words if len(word) > 1 and word.isprintable())
    ranked = [word for word, _ in counts.most_common()]
    pairs = [
        f"{words[at]} {words[at + 1]}"
        for words in split
        for at in range(0, len(words) - 1, corpus.PIECE)
        if len(words) > at + 1
    ]
    phrases = [f'"{pair}"' for pair in chance.sample(pairs, QUERIES)]
    return {
        "very common word": ranked[:QUERIES],
        "common word": ranked[100 : 100 + QUERIES],
        "rare word": chance.sample(ranked[len(ranked) // 2 :], QUERIES),
        "two words": chance.sample(pairs, QUERIES),
        "phrase": phrases,
        "beginning of words": [word[:4] for word in chance.sample(ranked[200:3000], QUERIES) if len(word) > 4],
        "very common word and filter": [
            f"{word} {each.format(language)}" for word in ranked[:2] for each in _AND_FILTERS
        ],
        "phrase and filter": [
            f"{phrase} {each.format(language)}" for phrase, each in zip(phrases, _AND_FILTERS, strict=False)
        ],
        **{kind: [each.format(language) for each in held] for kind, held in _FILTERS.items()},
    }


async def timed(database: Database, typed: str) -> list[float]:
    """Return the milliseconds of some runs of one search."""
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        async with database.read() as ledger:
            query = parse(typed, _POLICY, "UTC")
            people = None if query.by is None else await people_called(ledger, query.by)
            await search_page(ledger, query, people, corpus.NEWEST, _POLICY, 0)
        took.append((time.perf_counter() - start) * 1000)
    return took


def plainly(raw: sqlite3.Connection, typed: str) -> float:
    """Return the milliseconds of a search for words or a phrase by bm25 over all that match."""
    match = typed if typed.startswith('"') else " ".join(f'"{word}"' for word in typed.split())
    joined = "FROM claim_words w JOIN claims c ON c.id = w.rowid WHERE claim_words MATCH ? AND c.state <> 'duplicate'"
    start = time.perf_counter()
    raw.execute(f"SELECT c.id, c.text {joined} ORDER BY bm25(claim_words), c.id DESC LIMIT 5", (match,)).fetchall()
    raw.execute(f"SELECT count(*) {joined}", (match,)).fetchone()
    return (time.perf_counter() - start) * 1000


async def measured(path: Path, texts: dict[str, list[str]], size: int) -> list[dict[str, Any]]:
    """Return the figures of a desk that is built."""
    database = await Database.open(path, corpus.NEWEST)
    found = []
    with closing(sqlite3.connect(path)) as raw:
        for language, held in texts.items():
            for kind, asked in queries(held, language).items():
                times = sorted([ms for each in asked for ms in await timed(database, each)])
                plain = {}
                if "filter" not in kind and "beginning" not in kind:
                    took = statistics.median(plainly(raw, each) for each in asked[:3])
                    plain = {"fts5 order by bm25": round(took, 2)}
                median = statistics.median(times)
                found.append(
                    {
                        "bench": "search",
                        "set": f"{size} claims",
                        "language": language,
                        "figure": f"{kind}: median ms",
                        "value": round(median, 2),
                        "p95": round(times[int(len(times) * 0.95)], 2),
                        "baselines": plain,
                        **({"times_faster": round(took / median, 1)} if plain else {}),
                        "bar": BAR,
                    }
                )
    await database.close()
    return found


def report(data: Path, semantic: bool = False, size: int = SIZE, keep: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the figures; the desk is built anew unless there is one at `keep`."""
    texts = corpus.texts_of(data)
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder) / "desk.db"
        corpus.build(path, texts, size)
        yield from asyncio.run(measured(path, texts, size))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--size", type=int, default=SIZE)
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    for line in report(given.data, size=given.size, keep=given.keep):
        print(json.dumps(line, ensure_ascii=False))
