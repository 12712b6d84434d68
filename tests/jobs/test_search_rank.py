from datetime import timedelta

from jobs.search_rank import FRESH, SHORT, TOGETHER, TYPED, ranked, score
from storage.finding import Candidate
from storage.model import ClaimId
from storage.search.query import Term
from tests.support.builders import NOW


def a_candidate(number: int, words: str, days: int = 0) -> Candidate:
    return Candidate(ClaimId(number), words, NOW - timedelta(days=days))


def begins(*words: str) -> list[Term]:
    return [Term((word,), begins=True) for word in words]


def test_the_words_as_typed_come_before_those_that_begin_so() -> None:
    found = [a_candidate(3, "a bridge fell"), a_candidate(2, "a bridgehead fell"), a_candidate(1, "a bridge fell")]
    assert ranked(found, begins("bridge"), NOW) == [3, 1, 2]


def test_words_that_stand_together_come_before_those_that_do_not() -> None:
    found = [a_candidate(2, "rain is not heavy here"), a_candidate(1, "heavy rain is not here")]
    assert ranked(found, begins("heavy", "rain"), NOW) == [1, 2]


def test_a_claim_about_nothing_else_comes_before_one_about_much_else() -> None:
    found = [a_candidate(2, "a flood and many other things"), a_candidate(1, "flood")]
    assert ranked(found, begins("flood"), NOW) == [1, 2]


def test_the_newer_of_equal_claims_comes_first_and_age_fades() -> None:
    terms = begins("flood")
    assert ranked([a_candidate(2, "flood", 400), a_candidate(1, "flood", 1)], terms, NOW) == [1, 2]
    ages = [score(a_candidate(1, "flood", days), terms, NOW) for days in (0, 180, 360, 36_000)]
    assert ages[0] == TYPED + TOGETHER + SHORT + FRESH
    assert ages[0] - ages[1] == 2 * (ages[1] - ages[2]) == FRESH / 2
    assert ages[3] > 0


def test_without_words_the_newest_come_first() -> None:
    found = [a_candidate(1, "one", 9), a_candidate(2, "two", 3), a_candidate(3, "", 3), a_candidate(4, "x", -3)]
    assert ranked(found, [], NOW) == [4, 3, 2, 1]
