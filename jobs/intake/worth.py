"""How much a sentence looks like a claim worth checking: learnt from its surface, no judgement of truth.

A logistic regression: 0 for nothing to check, 1 for a sentence as fact-checkers choose them. What it sees are the
features of `worth_features.py`, which mean the same in every language, and in English also runs of two to five
characters inside words. It was trained on sentences of American debates and on nothing else
(docs/decisions/0013-check-worthiness.md). It orders the queue and decides nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import Any

from jobs.intake.worth_features import features, wording

_RUN_LENGTHS = range(2, 6)
_DIGITS = re.compile(r"\d[\d.,]*")
_WORD = re.compile(r"[\w']+|[%$?]")
_WEIGHTS = Path(__file__).with_name("worth_weights.json")

NOT_TOLD = frozenset({"length"})
"""Features that are no reason by themselves: every sentence has a length."""

_TOLD_AS = {"numbers": "number", "quantity": "number", "large": "number"}


@dataclass(frozen=True, slots=True)
class Worth:
    """`value` from 0 (nothing to check) to 1; `reasons` are the features that raise it, `doubts` those that lower it.

    Both begin with the one that moves it most.
    """

    value: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def score(text: str, language: str) -> Worth:
    """Score one sentence.

    Args:
        text: the sentence, verbatim.
        language: ISO code as `language.detect` gives it; an unknown one is no error.
    """
    seen = features(text, language)
    weights = _weights()
    if language == "en":
        model = weights["en"]
        surface, total = model["surface"], model["start"] + _of_runs(text, model["runs"])
    else:
        surface = weights["surface"][_group(seen)]
        total = surface["start"]
    moves = {name: surface[name] * value for name, value in seen.items() if value and name in surface}
    reasons, doubts = _told(moves)
    return Worth(round(chance(total + sum(moves.values())), 3), reasons, doubts)


def of_surface(seen: Mapping[str, float]) -> float:
    """Return how much a sentence looks worth checking by what is seen on its surface alone, in any language."""
    model = _weights()["surface"][_group(seen)]
    return chance(model["start"] + sum(model.get(name, 0.0) * value for name, value in seen.items()))


def chance(logit: float) -> float:
    """Return the chance, 0–1, of which `logit` is the logarithm of the odds."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))


def runs(text: str) -> dict[str, float]:
    """Return the runs of characters inside the words of a text, with 1 + log of how often each stands there."""
    text = _DIGITS.sub("0", wording(text).lower())
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text):
        padded = f" {word} "
        for length in _RUN_LENGTHS:
            counts.update(padded[at : at + length] for at in range(len(padded) - length + 1))
    return {run: 1 + log(count) for run, count in counts.items()}


def _of_runs(text: str, known: Mapping[str, tuple[int, int]]) -> float:
    total = square = 0.0
    for run, value in runs(text).items():
        if run in known:
            rarity, weight = known[run]
            part = value * rarity / 100
            total += part * weight / 100
            square += part * part
    return total / square**0.5 if square else 0.0


def _group(seen: Mapping[str, float]) -> str:
    """Return which of the models on the surface fits what could be seen."""
    return " ".join(name for name, feature in (("names", "names"), ("words", "attribution")) if feature in seen)


def _told(moves: Mapping[str, float]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    told: dict[str, float] = {}
    for name, move in moves.items():
        told[_TOLD_AS.get(name, name)] = told.get(_TOLD_AS.get(name, name), 0.0) + move
    ordered = sorted((name for name in told if name not in NOT_TOLD), key=lambda name: (-abs(told[name]), name))
    return tuple(name for name in ordered if told[name] > 0), tuple(name for name in ordered if told[name] < 0)


@lru_cache(maxsize=1)
def _weights() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return read
