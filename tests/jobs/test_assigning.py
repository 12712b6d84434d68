from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.assigning import Candidate, choose, priority
from jobs.policy import Policy
from storage.kinds import Severity
from storage.model import PersonId

NOON = datetime(2025, 5, 7, 12, tzinfo=UTC)


def reviewer(
    number: int, *languages: str, live: int = 0, open_offers: int = 0, waited: timedelta | None = None
) -> Candidate:
    last = None if waited is None else NOON - waited
    return Candidate(PersonId(number), frozenset(languages), live, open_offers, last)


def chosen(*candidates: Candidate, wanted: int = 9, excluded: set[int] | None = None) -> list[int]:
    barred = {PersonId(each) for each in excluded or ()}
    policy = Policy(capacity=3, open_offers=2)
    return list(choose(candidates, wanted=wanted, language="bn", excluded=barred, policy=policy))


def test_nobody_excluded_at_capacity_or_with_too_many_open_offers_is_chosen() -> None:
    busy, asked = reviewer(2, live=3), reviewer(3, open_offers=2)
    assert chosen(reviewer(1), busy, asked, reviewer(4), excluded={4}) == [1]


def test_readers_of_the_language_come_first_even_with_more_work() -> None:
    assert chosen(reviewer(1, "en"), reviewer(2, "bn", live=2), reviewer(3)) == [3, 2, 1]


def test_then_the_least_loaded_counting_leases_and_offers() -> None:
    assert chosen(reviewer(1, live=2), reviewer(2, live=1, open_offers=1), reviewer(3, live=1)) == [3, 1, 2]


def test_then_the_one_who_waited_longest_and_before_all_who_never_had_one() -> None:
    hour = timedelta(hours=1)
    assert chosen(reviewer(1, waited=hour), reviewer(2, waited=2 * hour), reviewer(3)) == [3, 2, 1]


def test_then_the_lowest_id_and_no_more_than_wanted() -> None:
    assert chosen(reviewer(3), reviewer(1), reviewer(2), wanted=2) == [1, 2]
    assert chosen(reviewer(1), wanted=0) == []
    assert chosen(reviewer(1), wanted=-1) == []


def test_of_the_readers_those_come_first_who_know_about_it() -> None:
    def knowing(number: int, *topics: str, live: int = 0) -> Candidate:
        return replace(reviewer(number, live=live), topics=frozenset(topics))

    several = [knowing(1, "sport"), knowing(2), knowing(3, "flood", "health", live=2), replace(reviewer(4, "en"))]
    policy = Policy(capacity=3, open_offers=2)
    for tags, order in ((frozenset({"flood"}), [3, 2, 1, 4]), (frozenset(), [1, 2, 3, 4])):
        found = choose(several, wanted=9, language="bn", excluded=frozenset(), policy=policy, tags=tags)
        assert found == order


def test_who_sleeps_or_has_as_much_as_they_want_is_left_alone() -> None:
    asleep = replace(reviewer(1), awake=False)
    content, greedy = (replace(reviewer(number, live=1), capacity=most) for number, most in ((2, 1), (3, 99)))
    assert chosen(asleep, content, greedy) == [3]
    assert chosen(replace(reviewer(3, live=3), capacity=99)) == []


def test_a_text_of_unknown_language_is_for_everybody() -> None:
    policy = Policy(capacity=3, open_offers=2)
    found = choose([reviewer(2, "en"), reviewer(1)], wanted=2, language="und", excluded=frozenset(), policy=policy)
    assert found == [1, 2]


candidates = st.lists(
    st.builds(
        Candidate,
        person_id=st.integers(1, 30).map(PersonId),
        languages=st.frozensets(st.sampled_from(["bn", "en", "hi"])),
        live=st.integers(0, 4),
        open_offers=st.integers(0, 2),
        last_offered_at=st.none() | st.integers(0, 5).map(lambda hours: NOON - timedelta(hours=hours)),
        topics=st.frozensets(st.sampled_from(["flood", "sport"])),
        capacity=st.none() | st.integers(1, 3),
        awake=st.booleans(),
    ),
    unique_by=lambda candidate: candidate.person_id,
)


@given(candidates, st.integers(0, 8), st.frozensets(st.integers(1, 30).map(PersonId)), st.randoms())
def test_choice_is_a_function_of_the_set_and_takes_as_many_as_there_are(
    pool: list[Candidate], wanted: int, excluded: frozenset[PersonId], random: object
) -> None:
    policy = Policy(capacity=2)

    def pick() -> list[PersonId]:
        flood = frozenset({"flood"})
        return choose(pool, wanted=wanted, language="bn", excluded=excluded, policy=policy, tags=flood)

    picked = pick()
    random.shuffle(pool)  # type: ignore[attr-defined]
    assert pick() == picked
    free = {
        each.person_id
        for each in pool
        if each.person_id not in excluded
        and each.awake
        and each.live < min(policy.capacity, each.capacity or policy.capacity)
        and each.open_offers < policy.open_offers
    }
    assert set(picked) <= free
    assert len(picked) == len(set(picked)) == min(wanted, len(free))
    # Nobody is passed over for one who reads it less, or reads it as well and knows less of it.
    known = {each.person_id: (not each.reads("bn"), each.strangeness({"flood"})) for each in pool}
    left = [known[each] for each in free - set(picked)]
    assert not left or all(known[each] <= min(left) for each in picked)


def points(
    requests: int = 0,
    severity: Severity = Severity.NORMAL,
    age: timedelta = timedelta(0),
    worth: float | None = 0.0,
    policy: Policy | None = None,
) -> float:
    return priority(requests=requests, severity=severity, age=age, worth=worth, policy=policy or Policy()).total


def test_priority_is_the_documented_formula() -> None:
    parts = priority(requests=7, severity=Severity.HIGH, age=timedelta(hours=36), worth=0.8, policy=Policy())
    assert (parts.demand, parts.severity, parts.age, parts.worth) == (3.0, 3.0, 0.75, 1.6)
    assert parts.total == pytest.approx(8.35)


def test_age_stops_counting_and_a_clock_set_back_does_no_harm() -> None:
    assert points(age=timedelta(days=14)) == points(age=timedelta(days=400))
    assert points(age=timedelta(days=-3)) == points()


def test_a_claim_nobody_scored_counts_as_middling() -> None:
    assert points(worth=None) == points(worth=0.5)


def test_a_critical_claim_of_today_comes_before_a_normal_one_asked_for_by_many() -> None:
    assert points(severity=Severity.CRITICAL) > points(requests=20)


@pytest.mark.parametrize(("requests", "worth"), [(-1, 0.0), (0, 1.1), (0, -0.1), (0, float("nan"))])
def test_values_out_of_range_are_a_programming_error(requests: int, worth: float) -> None:
    with pytest.raises(ValueError, match="requests"):
        points(requests=requests, worth=worth)


@given(
    st.integers(0, 10**6),
    st.sampled_from(Severity),
    st.timedeltas(min_value=timedelta(days=-5), max_value=timedelta(days=4000)),
    st.none() | st.floats(0, 1),
)
def test_parts_sum_to_the_total_and_none_is_negative(
    requests: int, severity: Severity, age: timedelta, worth: float | None
) -> None:
    parts = priority(requests=requests, severity=severity, age=age, worth=worth, policy=Policy())
    each = (parts.demand, parts.severity, parts.age, parts.worth)
    assert parts.total == pytest.approx(sum(each))
    assert min(each) >= 0
    assert points(requests + 1, severity, age, worth) > parts.total
    assert points(requests, severity, age + timedelta(days=1), worth) >= parts.total
