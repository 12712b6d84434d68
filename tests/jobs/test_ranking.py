"""Which known claim a text most likely means: by its rare words, the beginning of its verdict, and runs of letters."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jobs.policy import Policy
from jobs.ranking import FIELD, Ranked, Rarity, looked_for, rank, stands_out
from jobs.recognise import find_known, recognise
from storage.ledger import Ledger
from storage.matches import MatchLevel
from storage.model import Claim, ClaimId
from storage.search.index import Candidate
from storage.search.terms import words_of
from tests.support.builders import NOW, a_claim, a_document, a_verdict, an_editor

STRANGE = Rarity(100, {}, {})


def known(number: int, text: str, *, about: str = "", weight: float = 1.0, stands_for: int | None = None) -> Candidate:
    return Candidate(ClaimId(number), ClaimId(stands_for or number), text, words_of(text), about, weight)


def order(text: str, *candidates: Candidate, rarity: Rarity = STRANGE) -> list[int]:
    return [each.candidate.claim_id for each in rank(words_of(text), candidates, rarity)]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    rarity = Rarity(1000, {"minis": 400, "munit": 3}, {})
    common, rare = known(1, "The minister spoke in the capital"), known(2, "Munitions came through the harbour")
    assert order("The minister counted munitions", common, rare, rarity=rarity) == [2, 1]


def test_a_misspelt_name_is_seen_by_its_letters() -> None:
    # No word of the text stands in either: "Kolkotta" is not "Kolkata".
    assert order("Kolkotta", known(1, "Floods reach Chittagong"), known(2, "Floods reach Kolkata")) == [2, 1]


def test_the_beginning_of_a_verdict_counts_and_its_far_end_does_not() -> None:
    filler = "one two three four five six seven eight nine ten " * 6
    far, near = (
        known(1, "A picture", about=f"{filler} crocodile"),
        known(2, "A picture", about="A crocodile was not there"),
    )
    assert order("crocodile", far, near) == [2, 1]


def test_of_equals_the_older_one_is_first() -> None:
    assert order("troops sent", known(7, "troops sent"), known(3, "troops sent")) == [3, 7]


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=8))
def test_scores_lie_within_nought_and_one_and_fall(text: str, others: list[str]) -> None:
    candidates = [known(number, each, about=each[::-1], weight=len(each)) for number, each in enumerate(others, 1)]
    stems, grams = looked_for(words_of(text))
    rarity = Rarity(len(others), dict.fromkeys(stems, 1), dict.fromkeys(grams, 1))
    scores = [each.score for each in rank(words_of(text), candidates, rarity)]
    assert len(scores) == len(others)
    assert all(0 <= score <= 1 for score in scores)
    assert all(one >= other - 1e-9 for one, other in pairwise(scores))


def ranked(*scores: float, stand_for: int | None = None) -> list[Ranked]:
    return [Ranked(known(at, "x", stands_for=stand_for), score) for at, score in enumerate(scores, 1)]


def test_one_that_is_far_ahead_of_ten_others_stands_out_and_of_fewer_nothing_does() -> None:
    assert stands_out(ranked(0.9, *[0.4] * FIELD), 0.4)
    assert not stands_out(ranked(0.9, *[0.6] * FIELD), 0.4)
    assert not stands_out(ranked(0.9, *[0.4] * (FIELD - 1)), 0.4)
    assert not stands_out([], 0.4)


def test_the_same_rumour_merged_ten_times_is_no_rival_of_itself() -> None:
    same = ranked(*[0.9] * 10, stand_for=1)
    others = [Ranked(known(100 + at, "y"), 0.3) for at in range(FIELD)]
    assert stands_out([*same, *others], 0.4)


STORY = "The river dam near Sylhet broke on Friday night and four villages were flooded, say residents"
OTHERS = [
    f"Residents of district {n} say that water prices rose again on Friday for the {n} month" for n in range(2, 16)
]


async def a_desk_with(ledger: Ledger, *texts: str) -> list[Claim]:
    return [await a_claim(ledger, text) for text in texts]


async def test_a_claim_told_in_other_words_is_similar_if_none_comes_near_it(ledger: Ledger) -> None:
    story, *_ = await a_desk_with(ledger, STORY, *OTHERS)
    again = await a_claim(ledger, "Sylhet: dam broken!! villages under water since Friday, the government is hiding it")
    assert await recognise(ledger, again, NOW, Policy()) is None
    (line,) = await ledger.matches.list_lines(again.id)
    assert (line.known.id, line.match.level) == (story.id, MatchLevel.SIMILAR)
    assert line.match.score < Policy().match_similar


async def test_what_all_share_makes_nothing_similar(ledger: Ledger) -> None:
    await a_desk_with(ledger, *OTHERS)
    other = await a_claim(ledger, "Residents say the school in the next district was closed again on Friday for good")
    assert await recognise(ledger, other, NOW, Policy()) is None
    assert await ledger.matches.list_lines(other.id) == []


async def test_only_claims_known_before_the_document_are_compared(ledger: Ledger) -> None:
    document = await a_document(ledger)
    first = await a_claim(ledger, STORY, document=document)
    second = await a_claim(ledger, STORY + " again", document=document, position=1)
    assert await recognise(ledger, second, NOW, Policy()) is None
    found, _ = await find_known(ledger, words_of(STORY), before=first.id)
    assert found == []


async def test_a_claim_is_found_by_what_its_verdict_says(ledger: Ledger) -> None:
    claim = await a_claim(ledger, "A picture shows what happened in the harbour on Monday")
    await a_desk_with(ledger, *OTHERS)
    assert await numbers(ledger, "crocodile") == []
    verdict = await a_verdict(
        ledger, claim, by=await an_editor(ledger), summary="The crocodile was filmed in 2012", published=False
    )
    await ledger.index.describe(claim.id, claim.text, verdict.summary, "")
    await ledger.verdicts.mark_published(verdict.id, NOW)
    assert await numbers(ledger, "crocodile") == [claim.id]
    await ledger.index.describe(claim.id, claim.text, "A log", verdict.summary)
    assert await numbers(ledger, "crocodile") == []
    assert await ledger.index.count("stem", ["croco", "pictu"]) == {"pictu": 1}


async def numbers(ledger: Ledger, text: str) -> list[ClaimId]:
    found, _ = await find_known(ledger, words_of(text))
    return [each.candidate.claim_id for each in found]
