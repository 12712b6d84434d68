"""How long things take when some are not done yet: those count as "longer than until now", they are not left out.

An average over what is done flatters a desk that leaves the hard cases lying. Numpy is imported when it is needed: a
desk starts without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long something took, in seconds: quantiles over all, with those not done yet as censored.

    `median` and `p90` are None while less than half, or less than nine tenths, are known to be done. `done` of `total`
    are, and `open` still wait; `oldest` is the longest wait of these, None if none waits.
    """

    total: int
    done: int
    open: int
    median: float | None
    p90: float | None
    oldest: float | None


def waits(
    took: Sequence[float] | _Numbers, waiting: Sequence[float] | _Numbers, ended: Sequence[float] | _Numbers = ()
) -> Waits:
    """Return the quantiles by Kaplan and Meier (1958, J. Am. Stat. Assoc. 53, 457-481).

    Args:
        took: seconds from the beginning to the end, of what is done.
        waiting: seconds from the beginning until now, of what is not.
        ended: seconds from the beginning until it ended otherwise, of what never will be.
    """
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    times = np.concatenate([np.asarray(each, dtype=float) for each in (took, waiting, ended)])
    is_done = np.arange(len(times)) < len(took)
    points, surviving = kaplan_meier(times, is_done)
    return Waits(
        total=len(times),
        done=len(took),
        open=len(waiting),
        median=_quantile(points, surviving, 0.5),
        p90=_quantile(points, surviving, 0.9),
        oldest=float(max(waiting)) if len(waiting) else None,
    )


def kaplan_meier(times: _Numbers, is_done: NDArray[np.bool_]) -> tuple[_Numbers, _Numbers]:
    """Return the instants at which something was done and the share that takes longer than each: S(t) = Π (1 - d/n).

    Args:
        times: of every one, when it was done or last seen undone.
        is_done: which of the two; of equal times what is done counts as earlier.
    """
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    points, done = np.unique(times[is_done], return_counts=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), points, side="left")
    return points, np.cumprod(1.0 - done / at_risk, dtype=np.float64)


def _quantile(points: _Numbers, surviving: _Numbers, share: float) -> float | None:
    import numpy as np  # noqa: PLC0415 - see the module's docstring

    # The first instant by which that share is done; rounding must not make it the next one.
    reached = np.flatnonzero(surviving <= 1.0 - share + 1e-12)
    return float(points[reached[0]]) if len(reached) else None
