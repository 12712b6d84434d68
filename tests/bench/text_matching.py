"""How well known claims are found again by the words of a text, without the `semantic` extra.

    .venv/bin/python tests/bench/text_matching.py PATH

PATH holds `matching-*` folders: `vclaims.jsonl`, and `<part>.queries.jsonl` with `<part>.qrels.jsonl`; every part but
`train` is measured. Each claim goes into the desk's own index (text, and title and body as what is written about it)
and is looked for as `jobs/recognise.py` does it.

    map@5       mean average precision of the first five, against the baselines run on the same claims
    auc_right   that a right first hit is farther ahead of the next ten than a wrong one
    random      pairs of different claims drawn at random: how many are taken for the same, and for similar
    ms          one text: candidates, comparison and order
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.fusion import lead
from jobs.likeness import Thresholds, best, compare
from jobs.policy import Policy
from jobs.recognise import COMPARED, find_known
from storage.database import Database
from storage.kinds import DocumentKind
from storage.ledger import Ledger
from storage.matches import MatchLevel
from storage.search import normal_form
from storage.search.terms import words_of

BARS = {"matching-clef2020": 0.80, "matching-clef2022": 0.92, "matching-tipline": 0.66}
PAIRS = 5_000
AT = datetime(2025, 1, 1, tzinfo=UTC)
THRESHOLDS = Thresholds(Policy().match_same, Policy().match_similar, Policy().match_min_words)

Claims = dict[str, tuple[str, str]]
"""Id → text and what is written about it."""


def report(data: Path, semantic: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the figures of each set that is there."""
    for folder in sorted(data.glob("matching-*")):
        claims = _claims(folder)
        for queries in sorted(folder.glob("*.queries.jsonl")):
            part = queries.name.partition(".")[0]
            if part != "train":
                yield from _of_part(folder, part, claims)
        yield _random_pairs(folder.name, [text for text, _ in claims.values()])


def _claims(folder: Path) -> Claims:
    found = {}
    for claim in _lines(folder / "vclaims.jsonl"):
        text = claim.get("vclaim") or claim.get("words") or claim.get("slug") or claim.get("title") or ""
        about = "\n".join(each for each in (claim.get("title") or claim.get("slug"), claim.get("text")) if each)
        found[str(claim["id"])] = (text, about)
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _of_part(folder: Path, part: str, claims: Claims) -> Iterator[dict[str, Any]]:
    relevant: dict[str, set[str]] = {}
    for line in _lines(folder / f"{part}.qrels.jsonl"):
        relevant.setdefault(str(line["q"]), set()).add(str(line["d"]))
    asked = {str(line["id"]): line["text"] for line in _lines(folder / f"{part}.queries.jsonl")}
    asked = {key: text for key, text in asked.items() if key in relevant}
    ranked, scores, seconds = asyncio.run(_ours(claims, asked))
    baselines = {
        "fts5 porter": _fts5(claims, asked),
        "bm25s": _bm25s(claims, asked),
    }
    of = {"bench": "matching", "set": folder.name, "part": part}
    yield of | {
        "figure": "map@5",
        "value": _map(ranked, relevant),
        "baselines": {name: _map(found, relevant) for name, found in baselines.items()},
        "bar": BARS.get(folder.name),
    }
    right = [scores[key] for key, found in ranked.items() if found and found[0] in relevant[key]]
    wrong = [scores[key] for key, found in ranked.items() if found and found[0] not in relevant[key]]
    yield of | {
        "figure": "auc_right",
        "value": _auc(right, wrong),
        "right": len(right),
        "wrong": len(wrong),
        "bar": 0.92,
    }
    cuts = quantiles(seconds, n=20)
    yield of | {
        "figure": "ms",
        "value": round(1000 * median(seconds), 1),
        "p95": round(1000 * cuts[-1], 1),
        "claims": len(claims),
        "bar": 8,
    }


async def _ours(claims: Claims, asked: dict[str, str]) -> tuple[dict[str, list[str]], dict[str, float], list[float]]:
    """Return the order of known claims, how far the first is ahead, and the seconds each text took."""
    ids = list(claims)
    ranked, ahead, seconds = {}, {}, []
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "desk.db", AT)
        try:
            async with database.write() as ledger:
                await keep(ledger, list(claims.values()))
            async with database.read() as ledger:
                for key, text in asked.items():
                    start = time.perf_counter()
                    words = words_of(text)
                    found, rarity = await find_known(ledger, words)
                    weights = {term: rarity.says(term) for term in rarity.stems}
                    for each in found[:COMPARED]:
                        best(text, each.candidate.text, THRESHOLDS, weights, each.candidate.words)
                    seconds.append(time.perf_counter() - start)
                    ranked[key] = [ids[each.candidate.claim_id - 1] for each in found]
                    ahead[key] = lead([each.score for each in found])
        finally:
            await database.close()
    return ranked, ahead, seconds


async def keep(ledger: Ledger, claims: list[tuple[str, str]]) -> None:
    """Take in claims with a published verdict each: what is written about a claim is its verdict."""
    document = await ledger.documents.add(
        kind=DocumentKind.MESSAGE, content_hash="0" * 64, text="-", title=None, publisher=None, url=None,
        language="en", submitted_by=None, published_at=None, now=AT,
    )  # fmt: skip
    for number, (text, about) in enumerate(claims, 1):
        await ledger.claims.add(
            document_id=document.id, position=number, quote=text, text=text, key=f"{number:064}",
            words=normal_form(text), language="en", worth=0.5, now=AT, about=about,
        )  # fmt: skip
        await ledger.session.execute(
            """
            INSERT INTO verdicts
              (claim_id, version, rating, summary, summary_language, method, decided_at, published_at)
            VALUES (:id, 1, 'false', :summary, 'en', 'consensus', :at, :at)
            """,
            {"id": number, "summary": about or "-", "at": "2025-01-01T00:00:00Z"},
        )


def _map(ranked: dict[str, list[str]], relevant: dict[str, set[str]]) -> float:
    total = 0.0
    for key, found in ranked.items():
        hits, precision = 0, 0.0
        for place, claim in enumerate(found[:5], 1):
            if claim in relevant[key]:
                hits += 1
                precision += hits / place
        total += precision / min(5, len(relevant[key]))
    return round(total / len(ranked), 4)


def _auc(right: Sequence[float], wrong: Sequence[float]) -> float | None:
    """Return the share of pairs in which the right one scores above the wrong one (Mann–Whitney), ties half."""
    if not right or not wrong:
        return None
    above = sum((one > other) + 0.5 * (one == other) for one in right for other in wrong)
    return round(above / len(right) / len(wrong), 4)


def _fts5(claims: Claims, asked: dict[str, str]) -> dict[str, list[str]]:
    ids = list(claims)
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute("CREATE VIRTUAL TABLE plain USING fts5 (words, tokenize = 'porter unicode61')")
        raw.executemany(
            "INSERT INTO plain (rowid, words) VALUES (?, ?)",
            [(number, f"{text} {about}") for number, (text, about) in enumerate(claims.values(), 1)],
        )
        found = {}
        for key, text in asked.items():
            words = " OR ".join(f'"{word}"' for word in dict.fromkeys(normal_form(text).replace('"', " ").split()))
            rows = raw.execute("SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 5", (words,)).fetchall()
            found[key] = [ids[number - 1] for (number,) in rows]
    return found


def _bm25s(claims: Claims, asked: dict[str, str]) -> dict[str, list[str]]:
    import bm25s

    ids = list(claims)
    index = bm25s.BM25()
    index.index(
        bm25s.tokenize([f"{text} {about}" for text, about in claims.values()], show_progress=False), show_progress=False
    )
    tokens = bm25s.tokenize(list(asked.values()), show_progress=False)
    places, _ = index.retrieve(tokens, k=5, show_progress=False)
    return {key: [ids[int(place)] for place in row] for key, row in zip(asked, places, strict=True)}


def _random_pairs(name: str, texts: Sequence[str]) -> dict[str, Any]:
    chosen = random.Random(1)
    levels: Counter[str] = Counter()
    while levels.total() < PAIRS:
        one, other = chosen.sample(texts, 2)
        if normal_form(one) != normal_form(other):
            levels[compare(one, other, THRESHOLDS).level or "new"] += 1
    return {
        "bench": "matching",
        "set": name,
        "figure": "random pairs taken for the same",
        "value": levels[MatchLevel.SAME],
        "similar": levels[MatchLevel.SIMILAR],
        "pairs": PAIRS,
        "bar": 0,
    }


if __name__ == "__main__":
    for figure in report(Path(sys.argv[1])):
        print(json.dumps(figure, ensure_ascii=False), flush=True)
