"""Times with what is not done yet, against published tables and by properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.survival import waits

# Weeks of remission of acute leukaemia under 6-mercaptopurine and placebo: Freireich et al., Blood 21 (1963), the table
# that textbooks of survival analysis print, with a median of 23 and of 8 weeks.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

times = st.lists(st.floats(0, 1e7), max_size=40)


def test_the_published_medians_are_found() -> None:
    treated = waits(*TREATED)
    assert (treated.total, treated.done, treated.median, treated.p90, treated.oldest) == (21, 9, 23, None, 35)
    placebo = waits(PLACEBO, [])
    assert (placebo.median, placebo.p90, placebo.oldest) == (8, 17, None)


def test_nothing_at_all_has_no_median() -> None:
    assert waits([], []).median is None
    nothing_done = waits([], [5.0, 9.0])
    assert (nothing_done.total, nothing_done.done, nothing_done.median, nothing_done.oldest) == (2, 0, None, 9.0)


def test_what_waits_for_long_is_not_left_out() -> None:
    """Two quick ones and eight that nobody touched: an average of what is done would say ten seconds."""
    assert waits([10.0, 10.0], [1e6] * 8).median is None
    assert waits([10.0] * 5, [1e6] * 5).median == 10.0


@given(times)
def test_when_all_is_done_it_is_the_plain_median(took: list[float]) -> None:
    found = waits(took, [])
    assert found.median == (sorted(took)[(len(took) - 1) // 2] if took else None)


@given(times, times, st.floats(0, 1e7))
def test_one_that_still_waits_never_makes_it_quicker(took: list[float], waiting: list[float], more: float) -> None:
    before, after = waits(took, waiting), waits(took, [*waiting, more])
    for name in ("median", "p90"):
        one, other = getattr(before, name), getattr(after, name)
        assert other is None or (one is not None and other >= one)
    if before.median is not None and before.p90 is not None:
        assert before.median <= before.p90


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_rounding_does_not_move_a_quantile(share: float) -> None:
    n = 10
    took = [1.0] * round(n * share) + [2.0] * (n - round(n * share))
    assert waits(took, []).median == (1.0 if share >= 0.5 else 2.0)
