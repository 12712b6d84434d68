from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.fusion import FIELD, Evidence, Fused, fuse, lead, similar_by_meaning, stands_out
from storage.model import ClaimId

UNIT = st.floats(0, 1)
EVIDENCE = st.builds(Evidence, st.integers(1, 50).map(ClaimId), UNIT, st.floats(-1, 1.05))


@given(st.lists(EVIDENCE, unique_by=lambda each: each.claim_id))
def test_every_candidate_has_a_score_between_nought_and_one_best_first(evidence: list[Evidence]) -> None:
    fused = fuse(evidence)
    assert sorted(each.claim_id for each in fused) == sorted(each.claim_id for each in evidence)
    assert all(0 <= each.score <= 1 for each in fused)
    assert all(one.score >= other.score - 1e-8 for one, other in pairwise(fused))
    assert fuse(reversed(evidence)) == fused


@given(EVIDENCE, UNIT)
def test_more_evidence_never_lowers_a_score(each: Evidence, more: float) -> None:
    (before,) = fuse([each])
    for better in (
        Evidence(each.claim_id, max(each.words, more), each.cosine),
        Evidence(each.claim_id, each.words, max(each.cosine, more)),
    ):
        assert fuse([better])[0].score >= before.score


def test_of_equals_the_older_claim_comes_first() -> None:
    evidence = [Evidence(ClaimId(n), 0.5, 0.5) for n in (3, 1, 2)]
    assert [each.claim_id for each in fuse(evidence)] == [1, 2, 3]


def test_the_lead_is_that_over_the_next_ten() -> None:
    assert lead([0.9, *[0.5] * 10, 0.1]) == pytest.approx(0.4)
    assert (lead([0.9]), lead([])) == (0.9, 0)


@pytest.mark.parametrize(
    ("cosines", "similar"),
    [
        ([0.7, 0.3, 0.2], True),
        ([0.7, 0.68, 0.66], False),  # a story told many times: none of them is the one
        ([0.3, 0.0, 0.0], False),
        ([0.8], True),
        ([], False),
    ],
)
def test_the_meaning_alone_says_similar_only_if_near_and_ahead(cosines: list[float], similar: bool) -> None:
    assert similar_by_meaning(cosines) is similar


def test_of_ten_others_one_stands_out_and_of_fewer_none() -> None:
    def fused(*scores: float) -> list[Fused]:
        return [Fused(ClaimId(number), score) for number, score in enumerate(scores, 1)]

    assert stands_out(fused(0.7, *[0.4] * FIELD))
    assert not stands_out(fused(0.7, *[0.6] * FIELD))
    assert not stands_out(fused(0.7, *[0.4] * (FIELD - 1)))
    assert not stands_out([])
