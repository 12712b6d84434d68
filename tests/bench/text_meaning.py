"""Known claims found by their meaning and by all evidence together, with the `semantic` extra.

    .venv/bin/python tests/bench/text_meaning.py PATH [--cache FOLDER]

PATH holds `matching-*`, `sentences-ntrex`. Encoding 26,000 texts takes about nine minutes; with --cache the vectors are
kept in that folder and taken from there the next time.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from meaning_sets import MatchingSet, auc, evidence, matching_sets, mean_average_precision

from jobs.embedding import SCALE, VERSION, Encoder, compact, missing
from jobs.fusion import fuse, lead, similar_by_meaning
from jobs.intake.sentences import split
from jobs.meaning import Meanings

BARS = {"matching-clef2020": 0.885, "matching-clef2022": 0.93, "matching-tipline": 0.69}
SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"
MILLION = 1_000_000
PAIRS = 5_000

Texts = Callable[[str, Sequence[str]], np.ndarray]


def report(data: Path, semantic: bool = True, cache: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the figures; without the extra, one line that says what is missing.

    Args:
        cache: where vectors are kept from run to run; None for a temporary folder.
    """
    if not semantic or (why := missing()) is not None:
        yield {"bench": "meaning", "figure": "left_out", "value": None, "note": "off" if not semantic else why}
        return
    encoder = Encoder()
    with tempfile.TemporaryDirectory() as folder:
        texts = _keeper(encoder, cache or Path(folder))
        yield from _speed(encoder)
        yield from _languages(data / "sentences-ntrex", texts)
        yield from _seeds(texts)
        for each in matching_sets(data):
            yield from _matching(each, texts)
    encoder.close()


def _figure(kind: str, figure: str, value: float, **more: Any) -> dict[str, Any]:
    return {"bench": "meaning", "set": kind, "figure": figure, "value": round(value, 4), **more}


def _keeper(encoder: Encoder, folder: Path) -> Texts:
    folder.mkdir(parents=True, exist_ok=True)

    def vectors(name: str, texts: Sequence[str]) -> np.ndarray:
        digest = hashlib.sha256(json.dumps([VERSION, *texts]).encode()).hexdigest()[:12]
        path = folder / f"{name}-{digest}.npy"
        if not path.exists():
            np.save(path, asyncio.run(encoder.encode(texts)))
        kept: np.ndarray = np.load(path)
        return kept

    return vectors


def _median_ms(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken) * 1000


def _speed(encoder: Encoder) -> Iterator[dict[str, Any]]:
    sentence = "According to South Korean intelligence, North Korea has sent about {} troops to Russia this year."
    asyncio.run(encoder.encode([sentence]))
    one = _median_ms(lambda: asyncio.run(encoder.encode([sentence])), 15)
    yield _figure("speed", "encode_one_ms", one)
    many = [sentence.format(n) for n in range(100)]
    yield _figure("speed", "texts_per_second", 100_000 / _median_ms(lambda: asyncio.run(encoder.encode(many)), 3))
    rows = np.random.default_rng(1).integers(-60, 61, (MILLION, 384), dtype=np.int8)
    meanings = Meanings()
    filled = _median_ms(lambda: meanings.put(range(1, MILLION + 1), rows), 1)
    yield _figure("speed", "fill_million_ms", filled)
    start = time.perf_counter()
    for at in range(2000):
        meanings.put([MILLION + 1 + at], rows[at : at + 1])
    yield _figure("speed", "put_one_us", (time.perf_counter() - start) / 2000 * 1e6)
    for size in (10_000, 100_000, MILLION):
        few = Meanings()
        few.put(range(1, size + 1), rows[:size])
        ours = _median_ms(lambda: few.nearest(rows[7], 50), 15)  # noqa: B023 - called at once
        floats = _median_ms(lambda: _by_floats(rows[7], rows[:size]), 3)  # noqa: B023
        yield _figure(f"{size} claims", "search_ms", ours, baselines={"numpy float32 blocks": round(floats, 2)})
    both = _median_ms(lambda: meanings.nearest(compact(asyncio.run(encoder.encode([sentence])))[0], 50), 15)
    yield _figure(f"{MILLION} claims", "encode_and_search_ms", both, bar=80)


def _by_floats(query: np.ndarray, rows: np.ndarray, block: int = 50_000) -> np.ndarray:
    scores = np.concatenate(
        [rows[at : at + block].astype(np.float32) @ query.astype(np.float32) for at in range(0, len(rows), block)]
    )
    return np.argpartition(-scores, 50)[:50]


def _languages(folder: Path, texts: Texts) -> Iterator[dict[str, Any]]:
    lines = {
        code: (folder / f"{code}.txt").read_text(encoding="utf-8").splitlines()
        for code in ("bn", "en")
        if (folder / f"{code}.txt").exists()
    }
    if len(lines) < 2:
        return
    raw = {code: texts(f"ntrex-{code}", each) for code, each in lines.items()}
    small = {code: compact(each).astype(np.int32) for code, each in raw.items()}
    for one, other in (("bn", "en"), ("en", "bn")):
        scores = small[one] @ small[other].T / SCALE**2
        places = np.arange(len(scores))
        yield _figure(
            "ntrex",
            f"{one}_to_{other}_recall_at_1",
            float((scores.argmax(1) == places).mean()),
            baselines={"plain cosine": round(float(((raw[one] @ raw[other].T).argmax(1) == places).mean()), 4)},
            **({"bar": 0.97} if one == "bn" else {}),
        )
        said = [similar_by_meaning(sorted(row, reverse=True)[:12]) for row in scores]
        right = scores.argmax(1) == places
        yield _figure("ntrex", f"{one}_to_{other}_similar_and_right", float((np.array(said) & right).mean()))
        scores[places, places] = -1
        alarms = [similar_by_meaning(sorted(row, reverse=True)[:12]) for row in scores]
        yield _figure("ntrex", f"{one}_to_{other}_similar_with_its_line_removed", float(np.mean(alarms)))


def _seeds(texts: Texts) -> Iterator[dict[str, Any]]:
    lines = {}
    for code in ("bn", "en"):
        article = (SEEDS / f"munitions.{code}.txt").read_text(encoding="utf-8")
        lines[code] = [each.text for each in split(article)]
    small = {code: compact(texts(f"seed-{code}", each)).astype(np.int32) for code, each in lines.items()}
    if len(lines["bn"]) == len(lines["en"]):
        scores = small["en"] @ small["bn"].T / SCALE**2
        right = scores.argmax(1) == np.arange(len(scores))
        said = [similar_by_meaning(sorted(row, reverse=True)[:12]) for row in scores]
        yield _figure("seed article", "en_to_bn_found", float(right.mean()))
        yield _figure("seed article", "en_to_bn_similar", float((np.array(said) & right).mean()))
        np.fill_diagonal(scores, -1)
        alarms = sum(similar_by_meaning(sorted(row, reverse=True)[:12]) for row in scores)
        yield _figure("seed article", "en_to_bn_similar_with_its_sentence_removed", float(alarms), of=len(scores))
    for code, vectors in small.items():
        scores = vectors @ vectors.T / SCALE**2
        np.fill_diagonal(scores, -1)
        alarms = sum(similar_by_meaning(sorted(row, reverse=True)[:12]) for row in scores)
        yield _figure("seed article", f"{code}_false_similar", float(alarms), of=len(scores))


def _matching(each: MatchingSet, texts: Texts) -> Iterator[dict[str, Any]]:
    known = texts(f"{each.name}-claims", [claim.text for claim in each.claims])
    small = compact(known)
    meanings = Meanings()
    meanings.put(range(1, len(small) + 1), small)
    yield from _pairs(each, small)
    for part, queries in each.parts.items():
        asked = texts(f"{each.name}-{part}", [query.text for query in queries])
        vectors = compact(asked)
        gold = [query.gold for query in queries]
        plain = asked @ known.T
        found = evidence(each, queries, vectors, meanings)
        ranked = [[place.claim_id for place in fuse(every)] for every in found]
        words = [[item.claim_id for item in sorted(every, key=lambda e: -e.words)] for every in found]
        cosine = [[near.claim_id for near in meanings.nearest(vector, 5)] for vector in vectors]
        yield _figure(
            each.name,
            f"{part}_map_at_5",
            mean_average_precision(ranked, gold),
            baselines={
                "plain cosine": round(mean_average_precision([list(row) for row in _top(plain)], gold), 4),
                "cosine": round(mean_average_precision(cosine, gold), 4),
                "words": round(mean_average_precision(words, gold), 4),
            },
            bar=BARS.get(each.name),
        )
        with_it, right, without, alarms = [], [], [], []
        for vector, query, every in zip(vectors, queries, found, strict=True):
            scores = fuse(every)
            with_it.append(lead([place.score for place in scores]))
            right.append(bool(scores) and scores[0].claim_id in query.gold)
            left = fuse(item for item in every if item.claim_id not in query.same)
            without.append(lead([place.score for place in left]))
            near = meanings.nearest(vector, 12, without=query.same)
            alarms.append(similar_by_meaning([place.cosine for place in near]))
        good = [score for score, true in zip(with_it, right, strict=True) if true]
        bad = [score for score, true in zip(with_it, right, strict=True) if not true]
        yield _figure(each.name, f"{part}_auc_right_top_hit_or_claim_removed", auc(good, without), bar=0.95)
        yield _figure(each.name, f"{part}_auc_claim_there_or_removed", auc(with_it, without))
        yield _figure(each.name, f"{part}_auc_top_hit_right_or_wrong", auc(good, bad))
        yield _figure(each.name, f"{part}_similar_by_meaning_with_its_claim_removed", float(np.mean(alarms)))


def _top(scores: np.ndarray) -> np.ndarray:
    # Rounded, so that equal texts stay equal and the first of them comes first.
    return np.argsort(-np.round(scores, 5), axis=1, kind="stable")[:, :5] + 1


def _pairs(each: MatchingSet, small: np.ndarray) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(1)
    one, other = chance.integers(0, len(small), (2, PAIRS))
    keys = np.array([claim.key for claim in each.claims])
    apart = keys[one] != keys[other]
    cosines = np.einsum("ij,ij->i", small[one].astype(np.int32), small[other].astype(np.int32))[apart] / SCALE**2
    alarms = sum(similar_by_meaning([float(cosine)]) for cosine in cosines)
    yield _figure(each.name, "similar_of_random_pairs", alarms, of=int(apart.sum()))


def main() -> None:
    """Print the figures as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    for figure in report(given.path, cache=given.cache):
        print(json.dumps(figure, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
