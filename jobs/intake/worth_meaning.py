"""How much a claim looks worth checking when its meaning is known, too: with the `semantic` extra only.

A logistic regression on the model's own vector, trained on the same sentences as `worth.py`, in any language; its logit
counts twice in the mean with that of the surface. (The vectors that are kept will not do: what they leave out is the
manner of a text, and that is what this is about.)
"""

from __future__ import annotations

import json
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.embedding import Floats

_WEIGHTS = Path(__file__).with_name("worth_meaning.json")
_LEAST = 0.001

_MEANING = 2
"""What the meaning counts where the surface counts 1. By cross-validation on ClaimBuster's train part average precision
is .892 with 1, .896 with 2 and .895 with 4; .844 by `worth.py` and .890 by the meaning alone."""


def by_meaning(vector: Floats, surface: float | None) -> float:
    """Return how much a claim looks worth checking, 0–1.

    Args:
        vector: of the model, of unit length.
        surface: what `worth.score` says of the text; None if it was not scored.
    """
    start, weights = _weights()
    logit = start + sum(weight * float(value) for weight, value in zip(weights, vector, strict=True))
    if surface is not None:
        within = min(1 - _LEAST, max(_LEAST, surface))
        logit = (_MEANING * max(-7.0, min(7.0, logit)) + log(within / (1 - within))) / (_MEANING + 1)
    return round(1 / (1 + exp(-max(-30.0, min(30.0, logit)))), 3)


@lru_cache(maxsize=1)
def _weights() -> tuple[float, tuple[float, ...]]:
    read = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return float(read["start"]), tuple(read["weights"])
