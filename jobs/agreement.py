"""How far reviewers agree: percent agreement and Krippendorff's alpha, with an interval, and never from a handful.

Everything is computed from how often each pattern of ratings occurred (`{"false false true": 12, …}`): there are few
patterns however many claims there are. Checked against the worked examples in Krippendorff, Computing Krippendorff's
Alpha-Reliability (2011). Numpy is imported when it is needed: a desk starts without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 20
"""Claims with two ratings or more below which nothing is shown. Our own choice; alpha of fewer says next to nothing."""

RESAMPLES = 1_000

SURE = 0.95
"""The interval holds so much of what is drawn."""

_SEED = 2011
"""The same figures give the same interval each time they are asked for."""


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha of `n` claims with its 95 % bootstrap interval; 1 is perfect, 0 is chance."""

    value: float
    low: float
    high: float
    n: int


def percent_agreement(patterns: Mapping[str, int]) -> tuple[float, int] | None:
    """Return the share of pairs of ratings of one claim that are equal, and the number of claims; None below `FEWEST`.

    Each claim counts the same, whatever its number of reviews.
    """
    units = _units(patterns)
    n = sum(units.values())
    if n < FEWEST:
        return None
    return sum(_agreeing(ratings) * times for ratings, times in units.items()) / n, n


def alpha(patterns: Mapping[str, int], ordinals: Mapping[str, int] | None = None) -> Alpha | None:
    """Return alpha: nominal, or ordinal over the ratings that lie on a line.

    Args:
        patterns: the ratings of one claim, with spaces between, to how many claims have them.
        ordinals: the place of each rating on the line; ratings without one are left out. None for nominal.

    Returns:
        None for fewer than `FEWEST` claims with two such ratings, or if only one rating ever occurred: alpha is
        undefined where nothing varies.
    """
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    kept = Counter[tuple[str, ...]]()
    for ratings, times in _units(patterns).items():
        kept[tuple(each for each in ratings if ordinals is None or each in ordinals)] += times
    # In order, so that the same figures give the same interval.
    units = {ratings: times for ratings, times in sorted(kept.items()) if len(ratings) > 1}
    n = sum(units.values())
    places = ordinals or {}
    labels = sorted({each for ratings in units for each in ratings}, key=lambda each: (places.get(each, 0), each))
    if n < FEWEST or len(labels) < 2:
        return None
    tables = np.array([_coincidences(ratings, labels) for ratings in units])
    weights = np.array(list(units.values()), dtype=float)
    draws = np.random.default_rng(_SEED).multinomial(n, weights / n, size=RESAMPLES)
    values = [_alpha(np.tensordot(draw, tables, 1), ordinal=ordinals is not None) for draw in draws.astype(float)]
    value = _alpha(np.tensordot(weights, tables, 1), ordinal=ordinals is not None)
    low, high = np.nanquantile(values, [(1 - SURE) / 2, (1 + SURE) / 2])
    return Alpha(value, float(low), float(high), n)


def _units(patterns: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    found = {tuple(pattern.split()): times for pattern, times in patterns.items()}
    return {ratings: times for ratings, times in found.items() if len(ratings) > 1}


def _agreeing(ratings: Sequence[str]) -> float:
    m = len(ratings)
    return sum(count * (count - 1) for count in Counter(ratings).values()) / (m * (m - 1))


def _coincidences(ratings: Sequence[str], labels: Sequence[str]) -> NDArray[np.float64]:
    """Return how often each value was paired with each in one unit: n_c (n_k - [c = k]) / (m - 1)."""
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    counts = np.array([ratings.count(label) for label in labels], dtype=float)
    return (np.outer(counts, counts) - np.diag(counts)) / (len(ratings) - 1)


def _alpha(table: NDArray[np.float64], *, ordinal: bool) -> float:
    """Return 1 - observed / expected disagreement; NaN if all values are equal."""
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    totals = table.sum(axis=0)
    n = totals.sum()
    if ordinal:
        # Everything between two values, and half of each of them: Krippendorff's ordinal metric.
        below = np.cumsum(totals) - totals / 2
        distance = (below[:, None] - below[None, :]) ** 2
    else:
        distance = 1.0 - np.eye(len(totals))
    expected = (np.outer(totals, totals) * distance).sum() / (n - 1)
    return float("nan") if expected == 0 else float(1.0 - (table * distance).sum() / expected)
