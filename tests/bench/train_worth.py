"""Trains the model of `jobs/intake/worth.py` and writes its weights.

    .venv/bin/python tests/bench/train_worth.py PATH > jobs/intake/worth_weights.json
    .venv/bin/python tests/bench/train_worth.py PATH --semantic > jobs/intake/worth_meaning.json

PATH holds `worth-claimbuster/train.jsonl`: 7,976 sentences of American presidential debates, 1960 to 2016, label 1 for
those that are worth checking (Arslan, Hassan, Li, Tremayne: A Benchmark Dataset of Check-worthy Factual Claims, ICWSM
2020; CC BY 4.0). Nothing else is used. The same data gives the same weights.

With --semantic: a logistic regression on the vectors of the `semantic` extra. Without:

Four logistic regressions on the surface of a sentence, for what a language lets one see of it (with or without word
lists, with or without capitals); and for English one on runs of two to five characters inside words and the surface
together. Of its runs those with the greatest weights are kept, in whole hundredths. C and the two scales were chosen by
cross-validation (average precision .844 with both, .834 with runs alone, .748 with the surface alone), and so is the
start of each model: .5 is where F1 is greatest if half of all sentences are worth checking.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.embedding import Encoder
from jobs.intake.worth import runs
from jobs.intake.worth_features import ANY, KNOWN_BY_WORDS, NAMES, features

KEPT = 12_000
"""Runs in the file, of 26,000."""

RARE = 3
"""Sentences in which a run must stand to be learnt."""

SURFACE = 0.3
"""How much of a feature of the surface goes in beside the runs: small, it is held down more than they are."""

GROUPS = {
    "": ANY,
    "names": ANY + NAMES,
    "words": ANY + KNOWN_BY_WORDS,
    "names words": ANY + NAMES + KNOWN_BY_WORDS,
}


def train(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the weights as `worth.py` reads them."""
    labels = np.array([line["label"] for line in lines])
    seen = [features(line["text"], "en") for line in lines]
    surfaces = {}
    for group, names in GROUPS.items():
        rows = np.array([[each.get(name, 0.0) for name in names] for each in seen])
        model, start = _fit(rows, labels, 1.0)
        surfaces[group] = {
            "start": round(start, 3),
            **{name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)},
        }
    return {"surface": surfaces, "en": _english(lines, labels, seen)}


def _fit(rows: Any, labels: np.ndarray, c: float) -> tuple[LogisticRegression, float]:
    """Return a model, and where it starts so that .5 parts the sentences best."""
    model = LogisticRegression(C=c, max_iter=5000, class_weight="balanced")
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    chances = cross_val_predict(model, rows, labels, cv=folds, method="predict_proba")[:, 1]
    weights = np.where(labels == 1, 1 / labels.mean(), 1 / (1 - labels.mean()))
    at = max(np.linspace(0.1, 0.9, 81), key=lambda each: f1_score(labels, chances >= each, sample_weight=weights))
    model.fit(rows, labels)
    return model, float(model.intercept_[0] - np.log(at / (1 - at)))


def _english(lines: list[dict[str, Any]], labels: np.ndarray, seen: list[dict[str, float]]) -> dict[str, Any]:
    counted = [runs(line["text"]) for line in lines]
    stands_in: dict[str, int] = {}
    for each in counted:
        for run in each:
            stands_in[run] = stands_in.get(run, 0) + 1
    names = sorted(run for run, count in stands_in.items() if count >= RARE)
    surface = GROUPS["names words"]
    rows = SURFACE * np.array([[each.get(name, 0.0) for name in surface] for each in seen])

    def fit(kept: list[str]) -> tuple[LogisticRegression, float, dict[str, float]]:
        rarity = {run: float(np.log((1 + len(lines)) / (1 + stands_in[run])) + 1) for run in kept}
        place = {run: at for at, run in enumerate(kept)}
        data, columns, starts = [], [], [0]
        for each in counted:
            known = {run: value * rarity[run] for run, value in each.items() if run in place}
            norm = sum(value * value for value in known.values()) ** 0.5 or 1.0
            data += [value / norm for value in known.values()]
            columns += [place[run] for run in known]
            starts.append(len(columns))
        matrix = hstack([csr_matrix((data, columns, starts), shape=(len(lines), len(kept))), csr_matrix(rows)]).tocsr()
        return *_fit(matrix, labels, 2.0), rarity

    first, _, _ = fit(names)
    greatest = np.argsort(-np.abs(first.coef_[0][: len(names)]), kind="stable")[:KEPT]
    kept = sorted(names[at] for at in greatest)
    model, start, rarity = fit(kept)
    weights = model.coef_[0]
    return {
        "start": round(start, 3),
        "surface": {
            name: round(SURFACE * float(weight), 3) for name, weight in zip(surface, weights[len(kept) :], strict=True)
        },
        # A run → its rarity and its weight, in hundredths.
        "runs": {
            run: [round(100 * rarity[run]), round(100 * float(weight))]
            for run, weight in zip(kept, weights, strict=False)
        },
    }


def train_meaning(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the weights as `worth_meaning.py` reads them; encoding the sentences takes five minutes."""
    encoder = Encoder()
    vectors = asyncio.run(encoder.encode([line["text"] for line in lines]))
    encoder.close()
    model, start = _fit(vectors, np.array([line["label"] for line in lines]), 10.0)
    return {"start": round(start, 4), "weights": [round(float(weight), 4) for weight in model.coef_[0]]}


if __name__ == "__main__":
    path = Path(sys.argv[1]) / "worth-claimbuster" / "train.jsonl"
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    made = train_meaning(read) if "--semantic" in sys.argv else train(read)
    json.dump(made, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()
