"""A known claim is seen again in other words, and the one who asks gets the answer; another fact is another claim."""

from datetime import timedelta

import pytest

from jobs.indexing import index, list_progress
from jobs.intake.submit import Incoming, Intake, request_text, take_in
from jobs.policy import Policy
from jobs.seeding import read_article
from storage.database import Database
from storage.kinds import ClaimState, DocumentKind
from storage.ledger import Ledger
from storage.matches import MatchLevel
from storage.model import Claim
from tests.support.builders import NOW, a_person, a_verdict, an_editor

POLICY = Policy()
TROOPS = "North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded."
AGAIN = "NORTH KOREA sent about 15000 troops to the Russia: of whom 5000 were killed or wounded!"
BENGALI = "উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে, তাদের মধ্যে ৫,০০০ জন হতাহত হয়েছেন।"
BENGALI_AGAIN = "উত্তর কোরিয়া রাশিয়ায় প্রায় 15000 সেনাদের পাঠিয়েছে তাদের মধ্যে 5000 জন হতাহত হয়েছেন"


async def taken_in(ledger: Ledger, text: str, policy: Policy = POLICY) -> Intake:
    return await take_in(ledger, Incoming(DocumentKind.MESSAGE, text, whole=True), None, NOW, policy)


async def claim_of(ledger: Ledger, text: str, policy: Policy = POLICY) -> Claim:
    return (await taken_in(ledger, text, policy)).claims[0].claim


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (TROOPS, AGAIN),
        (BENGALI, BENGALI_AGAIN),
        # The index parts words otherwise than the eye: inflected, and with an article more.
        (
            "The factory doubled the yearly output of shells last year",
            "Factory doubled yearly outputs of shell last year",
        ),
    ],
)
async def test_the_same_claim_in_other_words_is_merged_and_keeps_its_words(
    ledger: Ledger, first: str, again: str
) -> None:
    known = await claim_of(ledger, first)
    found = (await taken_in(ledger, again)).claims[0]
    assert (found.claim, found.new) == (known, False)
    other = await ledger.claims.get(type(known.id)(known.id + 1))
    assert (other.state, other.duplicate_of, other.quote) == (ClaimState.DUPLICATE, known.id, again)
    (line,) = await ledger.matches.list_lines(other.id)
    assert (line.match.level, line.known.id) == (MatchLevel.SAME, known.id)
    assert [entry.action for entry in await ledger.audit.list_of("claim", other.id)] == ["claim.merge"]


async def test_who_asks_in_other_words_gets_the_published_answer(ledger: Ledger) -> None:
    known = await claim_of(ledger, TROOPS)
    verdict = await a_verdict(ledger, known, by=await an_editor(ledger))
    await ledger.claims.mark_state(await ledger.claims.get(known.id), ClaimState.PUBLISHED, NOW)
    person = await a_person(ledger)
    await request_text(ledger, person, AGAIN, None, NOW, POLICY)
    assert await ledger.requests.list_requesters(known.id) == [person.id]
    assert await ledger.requests.list_unanswered(known.id, verdict.version) == []


async def test_the_same_words_with_another_number_are_a_claim_of_their_own_and_similar(ledger: Ledger) -> None:
    known = await claim_of(ledger, TROOPS)
    found = (await taken_in(ledger, TROOPS.replace("15,000", "12,000"))).claims[0]
    assert found.new
    assert found.claim.state is ClaimState.QUEUED
    (line,) = found.similar
    assert (line.known.id, line.match.level) == (known.id, MatchLevel.SIMILAR)
    assert line.match.parts["new_numbers"] == ["12,000"]
    assert line.match.parts["known_numbers"] == ["15,000"]


async def test_a_claim_is_recognised_by_the_words_of_a_merged_one_and_is_what_that_became(ledger: Ledger) -> None:
    known = await claim_of(ledger, TROOPS)
    await claim_of(ledger, AGAIN)
    third = "The North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded"
    assert (await claim_of(ledger, third)).id == known.id


async def test_an_editor_can_have_nothing_merged_unasked(ledger: Ledger) -> None:
    policy = Policy(match_merges=False)
    known = await claim_of(ledger, TROOPS, policy)
    found = (await taken_in(ledger, AGAIN, policy)).claims[0]
    assert found.new
    assert [(line.known.id, line.match.level) for line in found.similar] == [(known.id, MatchLevel.SAME)]


async def test_the_sentences_of_one_document_are_not_compared(ledger: Ledger) -> None:
    text = f"{TROOPS} {TROOPS.replace('troops', 'workers')}"
    intake = await take_in(ledger, Incoming(DocumentKind.ARTICLE, text), None, NOW, POLICY)
    assert [(found.new, found.similar) for found in intake.claims] == [(True, ()), (True, ())]


async def test_no_sentence_of_the_seed_articles_is_taken_for_another_one(ledger: Ledger) -> None:
    names = ("munitions.bn.txt", "munitions-second.bn.txt", "munitions.en.txt", "munitions.hi.txt", "munitions.ar.txt")
    for name in names:
        incoming = Incoming(DocumentKind.ARTICLE, read_article(name))
        intake = await take_in(ledger, incoming, None, NOW, POLICY)
        assert all(found.new for found in intake.claims), name


async def test_what_came_in_under_older_rules_is_indexed_in_the_background(database: Database) -> None:
    async with database.write() as ledger:
        known = await claim_of(ledger, TROOPS)
        await ledger.index.clear()
        assert not await ledger.index.has(known.id)
    assert await index(database, NOW, POLICY) > 0
    async with database.write() as ledger:
        assert await ledger.index.has(known.id)
        assert all(each.ended for each in await list_progress(ledger))
        assert (await claim_of(ledger, AGAIN)).id == known.id
    assert await index(database, NOW + timedelta(minutes=1), POLICY) > 0
    assert await index(database, NOW + timedelta(minutes=2), POLICY) == 0
