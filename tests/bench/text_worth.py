"""How well sentences that are worth checking come before the others.

    .venv/bin/python tests/bench/text_worth.py PATH [--semantic]

PATH holds `worth-*` folders with `[language.]<part>.jsonl`; every part but `train` is measured. The desk's model has
seen nothing but ClaimBuster's train part, whose sentences are left out wherever they come again. The baseline is TF-IDF
with a logistic regression trained on the train part that lies beside each: of the same years, tweets and language.
For English the desk's model on the surface alone stands beside it; with --semantic the model on meaning alone, too, and
under `semantic` what the desk makes of both. That takes a second for some 25 lines.

    map    average precision of the whole part
    f1     of those called worth checking, from .5 on
    order  of the seed article: whether sentences 6 and 12 come before 5, 10, 11 and 14
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.embedding import Encoder, missing
from jobs.intake.sentences import split
from jobs.intake.worth import of_surface, score
from jobs.intake.worth_features import features
from jobs.intake.worth_meaning import by_meaning

BARS = {("claimbuster", "map"): 0.93, ("claimbuster", "f1"): 0.83}
SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"
CODES = {
    "arabic": "ar", "bulgarian": "bg", "dutch": "nl", "english": "en", "spanish": "es", "turkish": "tr",
}  # fmt: skip

Lines = list[dict[str, Any]]


def report(data: Path, semantic: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the figures of each part."""
    train = data / "worth-claimbuster" / "train.jsonl"
    encoder = Encoder() if semantic and missing() is None else None
    # Debates of ClaimBuster stand in other sets, too.
    known = frozenset(line["text"] for line in _lines(train)) if train.exists() else frozenset()
    for folder in sorted(data.glob("worth-*")):
        for path in sorted(folder.glob("*.jsonl")):
            *language, part = path.stem.split(".")
            if part != "train":
                yield from _of_part(folder, language[0] if language else "english", part, path, encoder, known)
    if encoder is not None:
        encoder.close()
    for language in ("bn", "en"):
        yield _order(language)
    yield _speed(data / "worth-claimbuster" / "test.jsonl")


def _of_part(
    folder: Path, language: str, part: str, path: Path, encoder: Encoder | None, known: frozenset[str]
) -> Iterator[dict[str, Any]]:
    lines = [line for line in _lines(path) if line["text"] not in known]
    labels = [int(line["label"]) for line in lines]
    scores = [score(line["text"], CODES[language]).value for line in lines]
    train = folder / path.name.replace(f"{part}.jsonl", "train.jsonl")
    baselines: dict[str, Sequence[float]] = {}
    if train.exists():
        baselines["tf-idf of its own train part"] = _tfidf(_lines(train), lines)
    if language == "english":
        baselines["surface alone"] = [of_surface(features(line["text"], "en")) for line in lines]
    with_meaning: Sequence[float] = ()
    if encoder is not None:
        vectors = asyncio.run(encoder.encode([line["text"] for line in lines]))
        baselines["meaning alone"] = [by_meaning(vector, None) for vector in vectors]
        with_meaning = [by_meaning(vector, surface) for vector, surface in zip(vectors, scores, strict=True)]
    name = folder.name.removeprefix("worth-")
    for figure, of in (("map", _average_precision), ("f1", _f1)):
        yield {
            "bench": "worth",
            "set": name,
            "language": CODES[language],
            "part": part,
            "figure": figure,
            "value": of(labels, scores),
            "baselines": {each: of(labels, found) for each, found in baselines.items()},
            "lines": len(lines),
            **({"semantic": of(labels, with_meaning)} if with_meaning else {}),
        } | ({"bar": BARS[name, figure]} if (name, figure) in BARS else {})


def _lines(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _tfidf(train: Lines, lines: Lines) -> Sequence[float]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced"),
    )
    # In one of the sets the part to be measured lies in the train part, too.
    measured = {line["text"] for line in lines}
    train = [line for line in train if line["text"] not in measured]
    model.fit([line["text"] for line in train], [int(line["label"]) for line in train])
    found: Sequence[float] = model.predict_proba([line["text"] for line in lines])[:, 1].tolist()
    return found


def _average_precision(labels: Sequence[int], scores: Sequence[float]) -> float:
    """Return the mean of the precisions at each right one, best score first; ties as they come in the file."""
    order = sorted(range(len(labels)), key=lambda at: -scores[at])
    hits, total = 0, 0.0
    for place, at in enumerate(order, 1):
        if labels[at]:
            hits += 1
            total += hits / place
    return round(total / hits, 4) if hits else 0.0


def _f1(labels: Sequence[int], scores: Sequence[float]) -> float:
    called = [value >= 0.5 for value in scores]
    right = sum(label and each for label, each in zip(labels, called, strict=True))
    return round(2 * right / (sum(labels) + sum(called)), 4) if right else 0.0


def _order(language: str) -> dict[str, Any]:
    text = (SEEDS / f"munitions.{language}.txt").read_text(encoding="utf-8")
    worth = {number: score(each.text, language).value for number, each in enumerate(split(text), start=1)}
    return {
        "bench": "worth",
        "set": "seed article",
        "language": language,
        "figure": "order",
        "value": min(worth[6], worth[12]) > max(worth[5], worth[10], worth[11], worth[14]),
        "worth": worth,
    }


def _speed(path: Path) -> dict[str, Any]:
    seconds = []
    for line in _lines(path):
        start = time.perf_counter()
        score(line["text"], "en")
        seconds.append(time.perf_counter() - start)
    return {
        "bench": "worth",
        "set": "claimbuster",
        "figure": "ms",
        "value": round(1000 * statistics.median(seconds), 3),
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--semantic", action="store_true")
    given = arguments.parse_args()
    for figure in report(given.data, given.semantic):
        print(json.dumps(figure, ensure_ascii=False), flush=True)
