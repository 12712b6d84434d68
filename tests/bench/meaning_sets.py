"""The matching sets for text_meaning.py: texts, what matches what, and the evidence of the desk's own index on them."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from text_matching import AT, keep

from jobs.fusion import Evidence
from jobs.meaning import Meanings
from jobs.recognise import find_known
from storage.database import Database
from storage.model import ClaimId
from storage.search import claim_key
from storage.search.terms import words_of

NEAR = 60
"""Claims that are taken of the vectors: 50, and some to spare for those that are removed."""


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim of a set: numbered from 1 in the order of the file."""

    text: str
    about: str
    key: str


@dataclass(frozen=True, slots=True)
class Query:
    """A message; `gold`: the claims that it makes; `same`: those and others of the same words."""

    text: str
    gold: frozenset[int]
    same: frozenset[int]


@dataclass(frozen=True, slots=True)
class MatchingSet:
    """A set with all its parts but `train`."""

    name: str
    claims: list[KnownClaim]
    parts: dict[str, list[Query]]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def matching_sets(data: Path) -> Iterator[MatchingSet]:
    """Yield the sets that are there."""
    for folder in sorted(data.glob("matching-*")):
        rows = _lines(folder / "vclaims.jsonl")
        claims = []
        for row in rows:
            text = next((row[name] for name in ("vclaim", "words", "slug", "title") if row.get(name)), "")
            about = " ".join(row[name] for name in ("title", "slug", "text") if row.get(name))
            claims.append(KnownClaim(text, about, claim_key(text)))
        numbers = {row["id"]: number for number, row in enumerate(rows, 1)}
        by_key: dict[str, set[int]] = {}
        for number, claim in enumerate(claims, 1):
            by_key.setdefault(claim.key, set()).add(number)
        parts = {}
        for path in sorted(folder.glob("*.queries.jsonl")):
            part = path.name.removesuffix(".queries.jsonl")
            if part == "train":
                continue
            gold: dict[str, set[int]] = {}
            for row in _lines(folder / f"{part}.qrels.jsonl"):
                if row["d"] in numbers:
                    gold.setdefault(row["q"], set()).add(numbers[row["d"]])
            parts[part] = [
                Query(row["text"], frozenset(own), frozenset().union(*(by_key[claims[n - 1].key] for n in own)))
                for row in _lines(path)
                if (own := gold.get(row["id"]))
            ]
        yield MatchingSet(folder.name, claims, parts)


def evidence(
    each: MatchingSet, queries: Sequence[Query], vectors: np.ndarray, meanings: Meanings
) -> list[list[Evidence]]:
    """Return, for each query, what the desk knows of its candidates: those of the index and those of the vectors."""
    return asyncio.run(_evidence(each, queries, vectors, meanings))


async def _evidence(
    each: MatchingSet, queries: Sequence[Query], vectors: np.ndarray, meanings: Meanings
) -> list[list[Evidence]]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "bench.db", AT)
        async with database.write() as ledger:
            await keep(ledger, [(claim.text, claim.about) for claim in each.claims])
        async with database.read() as ledger:
            for query, vector in zip(queries, vectors, strict=True):
                ranked, _ = await find_known(ledger, words_of(query.text))
                words = {int(one.candidate.claim_id): one.score for one in ranked}
                near = [int(one.claim_id) for one in meanings.nearest(vector, NEAR)]
                both = [*words, *(number for number in near if number not in words)]
                cosines = meanings.cosines(vector, both)
                found.append([Evidence(ClaimId(number), words.get(number, 0.0), cosines[number]) for number in both])
        await database.close()
    return found


def mean_average_precision(ranked: Sequence[Sequence[int]], gold: Sequence[frozenset[int]], at: int = 5) -> float:
    """Return MAP@5 as the CLEF tasks count it."""
    total = 0.0
    for order, right in zip(ranked, gold, strict=True):
        hits = 0
        for place, number in enumerate(order[:at], 1):
            if number in right:
                hits += 1
                total += hits / place / min(at, len(right))
    return total / len(gold)


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how often a positive is above a negative; equals count half."""
    if not positive or not negative:
        return float("nan")
    below = np.sort(np.asarray(negative))
    left = np.searchsorted(below, positive, side="left")
    right = np.searchsorted(below, positive, side="right")
    return float((left + right).mean() / 2 / len(below))
