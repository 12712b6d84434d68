from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.consensus import Agreed, Disagreement, Disputed, Judgement, Open, Opinion, judge
from jobs.policy import DEFAULT_SCALE, Policy
from storage.errors import Refused
from storage.model import PersonId

KEYS = [rating.key for rating in DEFAULT_SCALE]
policies = st.integers(1, 5).flatmap(
    lambda quorum: st.builds(Policy, quorum=st.just(quorum), max_reviews=st.integers(quorum, 7))
)
rating_lists = st.lists(st.sampled_from(KEYS), max_size=8)


def opinions(*ratings: str) -> list[Opinion]:
    return [Opinion(PersonId(number), rating) for number, rating in enumerate(ratings, start=1)]


def verdict(*ratings: str, quorum: int = 2, max_reviews: int = 3) -> Judgement:
    return judge(opinions(*ratings), Policy(quorum=quorum, max_reviews=max_reviews))


def test_below_the_quorum_the_rest_of_it_is_needed() -> None:
    assert verdict() == Open(2)
    assert verdict("true") == Open(1)
    assert verdict("true", "true", quorum=3) == Open(1)


def test_two_who_agree_decide() -> None:
    assert verdict("false", "false") == Agreed("false")


def test_two_who_differ_need_a_third_and_the_majority_carries_with_the_minority_kept() -> None:
    assert verdict("false", "true") == Open(1)
    assert verdict("false", "true", "false") == Agreed("false", (Opinion(PersonId(2), "true"),))


def test_three_different_ratings_are_disputed() -> None:
    assert verdict("false", "mixed", "true") == Disputed(Disagreement.MAJOR)
    assert verdict("false", "mostly_false", "mixed") == Disputed(Disagreement.MAJOR)


@pytest.mark.parametrize(
    ("ratings", "severity"),
    [
        (("true", "mostly_true"), Disagreement.MINOR),
        (("mixed", "mostly_false"), Disagreement.MINOR),
        (("true", "mixed"), Disagreement.MAJOR),
        (("true", "satire"), Disagreement.MAJOR),
        (("misleading", "unverifiable"), Disagreement.MAJOR),
    ],
)
def test_neighbours_on_the_line_differ_little_and_all_others_much(
    ratings: tuple[str, str], severity: Disagreement
) -> None:
    assert verdict(*ratings, max_reviews=2) == Disputed(severity)


def test_exactly_half_is_no_majority() -> None:
    assert verdict("true", "true", "false", "false", max_reviews=4) == Disputed(Disagreement.MAJOR)
    assert verdict("true", "true", "mostly_true", "mostly_true", max_reviews=4) == Disputed(Disagreement.MINOR)


def test_more_reviews_than_the_maximum_are_still_judged() -> None:
    judged = verdict("true", "true", "false", "false", "true")
    assert isinstance(judged, Agreed)
    assert [opinion.person_id for opinion in judged.minority] == [3, 4]


def test_one_person_is_not_two_opinions() -> None:
    with pytest.raises(ValueError, match="one person"):
        judge([Opinion(PersonId(1), "true"), Opinion(PersonId(1), "true")], Policy())


def test_a_rating_off_the_scale_is_refused_even_below_the_quorum() -> None:
    with pytest.raises(Refused, match="unknown_rating"):
        verdict("dunno")


@given(rating_lists, policies, st.randoms(use_true_random=False))
def test_the_order_of_reviews_does_not_matter(ratings: list[str], policy: Policy, random: object) -> None:
    given_order = opinions(*ratings)
    shuffled = list(given_order)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled, policy) == judge(given_order, policy)


@given(rating_lists, policies)
def test_the_judgement_follows_from_the_votes(ratings: list[str], policy: Policy) -> None:
    votes, count = Counter(ratings), len(ratings)
    match judge(opinions(*ratings), policy):
        case Open(needed):
            assert count < policy.quorum or (count < policy.max_reviews and len(votes) > 1)
            assert 1 <= needed <= policy.max_reviews - count
        case Agreed(rating, minority):
            assert count >= policy.quorum
            assert votes[rating] * 2 > count
            assert len(minority) == count - votes[rating]
            assert all(opinion.rating != rating for opinion in minority)
            assert not minority or count >= policy.max_reviews
        case Disputed():
            assert count >= policy.max_reviews
            assert all(each * 2 <= count for each in votes.values())


@given(policies, st.data())
def test_asking_as_often_as_told_always_comes_to_an_end(policy: Policy, data: st.DataObject) -> None:
    ratings: list[str] = []
    while isinstance(judged := judge(opinions(*ratings), policy), Open):
        ratings += [data.draw(st.sampled_from(KEYS)) for _ in range(judged.needed)]
    assert len(ratings) <= policy.max_reviews
