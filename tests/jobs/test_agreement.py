"""Agreement against Krippendorff's published examples and a library by other people."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import agreement
from jobs.agreement import FEWEST, alpha, percent_agreement

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four observers, twelve units, and what comes out.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
PLACES = {str(number): number for number in range(1, 6)}

units = st.lists(st.lists(st.sampled_from("12345"), min_size=0, max_size=4), min_size=FEWEST, max_size=60)


def patterns_of(units: list[list[str]]) -> Counter[str]:
    return Counter(" ".join(sorted(unit)) for unit in units)


def test_the_published_alphas_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # The example has eleven units; what is shown to people has twenty.
    monkeypatch.setattr(agreement, "FEWEST", 11)
    patterns = patterns_of([[str(each) for each in unit if each] for unit in zip(*OBSERVERS, strict=True)])
    nominal, ordinal = alpha(patterns), alpha(patterns, PLACES)
    assert nominal is not None
    assert ordinal is not None
    assert (round(nominal.value, 3), round(ordinal.value, 3), nominal.n) == (0.743, 0.815, 11)
    assert nominal.low < nominal.value < nominal.high


@settings(max_examples=60, deadline=None)
@given(units)
def test_it_is_what_the_library_computes(units: list[list[str]]) -> None:
    found = {level: alpha(patterns_of(units), places) for level, places in (("nominal", None), ("ordinal", PLACES))}
    paired = [unit for unit in units if len(unit) > 1]
    if len(paired) < FEWEST or len({each for unit in paired for each in unit}) < 2:
        assert set(found.values()) == {None}
        return
    table = np.array(list(zip_longest(*paired, fillvalue="nan")), dtype=float)
    for level, ours in found.items():
        assert ours is not None
        assert ours.value == pytest.approx(krippendorff.alpha(table, level_of_measurement=level), abs=1e-9)


def test_ratings_that_lie_on_no_line_are_left_out_of_ordinal_alpha() -> None:
    patterns = {"false true": 15, "false false": 15, "satire true": 30, "satire satire": 30}
    places = {"false": 1, "true": 5}
    ordinal = alpha(patterns, places)
    assert ordinal == alpha({"false true": 15, "false false": 15}, places)
    assert ordinal is not None
    assert ordinal.n == 30


def test_nothing_is_said_of_a_handful_or_of_one_rating_alone() -> None:
    assert percent_agreement({"false true": FEWEST - 1, "false": 50}) is None
    assert alpha({"false true": FEWEST - 1, "false": 50}) is None
    assert alpha({"false false": 50}) is None
    assert percent_agreement({"false false": 50}) == (1.0, 50)


def test_percent_agreement_counts_each_claim_once() -> None:
    # All equal: 1; two of three: one pair of three agrees; none: 0.
    patterns = {"true true": 10, "false false true": 9, "false true": 11, "true": 99}
    found = percent_agreement(patterns)
    assert found is not None
    assert found == (pytest.approx((10 + 9 / 3) / 30), 30)


def test_the_same_figures_give_the_same_interval() -> None:
    patterns = {"true true": 30, "false false": 25, "false true": 9}
    first = alpha(patterns)
    assert first == alpha(dict(reversed(patterns.items())))
    assert first is not None
    assert -1 <= first.low < first.value < first.high <= 1
