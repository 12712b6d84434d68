from datetime import timedelta

import pytest

from storage.errors import NotFound
from storage.figures import ClaimLine
from storage.kinds import AssignmentState, Awaiting, ClaimState, ReviewState, Role
from storage.ledger import Ledger
from storage.model import AssignmentId, ClaimId
from tests.support.builders import (
    NOW,
    a_claim,
    a_document,
    a_lease,
    a_person,
    a_request,
    a_review,
    a_verdict,
    an_offer,
)

HOUR = timedelta(hours=1)


async def withdraw_requests(ledger: Ledger, claim: ClaimId) -> None:
    await ledger.session.execute("UPDATE requests SET state = 'withdrawn' WHERE claim_id = :id", {"id": claim})


# --- one reviewer's card ---------------------------------------------------------------------------------------------


async def test_a_card_shows_the_claim_between_its_neighbours(ledger: Ledger) -> None:
    document = await a_document(ledger, title="শিরোনাম", language="bn")
    claims = [await a_claim(ledger, f"Sentence {n}.", document=document, position=n) for n in (3, 4, 5)]
    other = await a_document(ledger)
    for position in (3, 5):
        await ledger.documents.add_appearance(other.id, position, claims[1].id, "Elsewhere.")
    cards = [await ledger.figures.card((await an_offer(ledger, claim)).id) for claim in claims]
    assert [(card.before, card.claim.text, card.after) for card in cards] == [
        (None, "Sentence 3.", "Sentence 4."),
        ("Sentence 3.", "Sentence 4.", "Sentence 5."),
        ("Sentence 4.", "Sentence 5.", None),
    ]
    assert [card.claim for card in cards] == claims
    assert {card.document for card in cards} == {document}


async def test_a_card_shows_the_work_of_its_reviewer_and_of_nobody_else(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    mine, theirs = await a_person(ledger), await a_person(ledger)
    await a_review(ledger, claim, theirs, sources=1)
    lease = await a_lease(ledger, claim, mine)
    fresh = await ledger.figures.card(lease.id)
    assert (fresh.assignment, fresh.review, fresh.sources, fresh.awaiting, fresh.requests) == (lease, None, [], None, 0)
    review = await a_review(ledger, claim, mine, sources=2, submitted=False)
    await ledger.people.mark_focus(mine.id, claim.id, Awaiting.EXPLANATION, NOW)
    await a_request(ledger, claim)
    card = await ledger.figures.card(lease.id)
    assert (card.review, card.awaiting, card.requests) == (review, Awaiting.EXPLANATION, 1)
    assert card.sources == await ledger.reviews.list_sources(review.id)
    await ledger.people.mark_focus(mine.id, (await a_claim(ledger)).id, Awaiting.RATING, NOW)
    assert (await ledger.figures.card(lease.id)).awaiting is None, "the focus is elsewhere"
    await withdraw_requests(ledger, claim.id)
    await ledger.session.execute("UPDATE reviews SET state = 'withdrawn'")
    card = await ledger.figures.card(lease.id)
    assert (card.review, card.sources, card.requests) == (None, [], 0)


# --- what an editor and everybody sees -------------------------------------------------------------------------------


async def test_a_decision_has_every_submitted_review_in_order(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    ayesha, bashir, chitra = [await a_person(ledger, name) for name in ("Ayesha", "Bashir", "Chitra")]
    late = await a_review(ledger, claim, ayesha, rating="true", now=NOW + HOUR)
    early = await a_review(ledger, claim, bashir, rating="false", sources=2)
    await a_review(ledger, claim, chitra, submitted=False)
    for _ in range(2):
        await a_request(ledger, claim)
    facts = await ledger.figures.decision(claim.id)
    assert [(opinion.review, opinion.person, len(opinion.sources)) for opinion in facts.opinions] == [
        (early, bashir, 2),
        (late, ayesha, 1),
    ]
    assert (facts.claim, facts.requests, facts.verdict) == (claim, 2, None)
    assert facts.document == await ledger.documents.get(claim.document_id)
    verdict = await a_verdict(ledger, claim, published=False)
    assert (await ledger.figures.decision(claim.id)).verdict == verdict


async def test_a_status_counts_leases_reviews_and_requests(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    empty = await ledger.figures.status(claim.id)
    assert (empty.requests, empty.taken, empty.submitted, empty.verdict, empty.sources) == (0, 0, 0, None, [])
    for _ in range(3):
        await a_request(ledger, claim)
    review = await a_review(ledger, claim)
    await a_lease(ledger, claim)
    await a_lease(ledger, claim)
    await an_offer(ledger, claim)
    await a_review(ledger)
    await a_verdict(ledger, claim)
    latest = await a_verdict(ledger, claim, rating="mixed", review=review)
    facts = await ledger.figures.status(claim.id)
    assert (facts.claim, facts.requests, facts.taken, facts.submitted, facts.verdict) == (claim, 3, 2, 1, latest)
    assert facts.sources == await ledger.verdicts.list_sources(latest.id)
    assert len(facts.sources) == 1


async def test_there_are_no_facts_about_nothing(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="assignment_not_found"):
        await ledger.figures.card(AssignmentId(9))
    with pytest.raises(NotFound, match="claim_not_found"):
        await ledger.figures.decision(ClaimId(9))
    with pytest.raises(NotFound, match="claim_not_found"):
        await ledger.figures.status(ClaimId(9))


# --- lists -----------------------------------------------------------------------------------------------------------


async def test_the_open_claims_are_those_on_which_somebody_must_act(ledger: Ledger) -> None:
    twin = await a_claim(ledger)
    for state in ClaimState:
        await a_claim(ledger, state=state, duplicate_of=twin if state is ClaimState.DUPLICATE else None)
    lines = await ledger.figures.list_open()
    assert [line.claim.state for line in lines] == [
        ClaimState.QUEUED,
        ClaimState.IN_REVIEW,
        ClaimState.AGREED,
        ClaimState.DISPUTED,
        ClaimState.APPROVED,
    ]


async def test_a_line_counts_what_is_its_own(ledger: Ledger) -> None:
    busy = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    idle = await a_claim(ledger, state=ClaimState.QUEUED)
    await a_request(ledger, busy)
    await a_request(ledger, busy)
    await a_lease(ledger, busy)
    for _ in range(3):
        await a_review(ledger, busy)
    # It was published, and is checked again: its rating is not for those who check.
    await a_verdict(ledger, busy, rating="true")
    await a_verdict(ledger, busy, rating="mixed")
    await a_verdict(ledger, busy, rating="secret", published=False)
    assert await ledger.figures.list_open() == [
        ClaimLine(busy, requests=2, taken=1, submitted=3, rating=None),
        ClaimLine(idle, requests=0, taken=0, submitted=0, rating=None),
    ]


async def test_ones_own_list_has_live_work_first_then_the_newest(ledger: Ledger) -> None:
    me, other = await a_person(ledger), await a_person(ledger)
    asked = await a_claim(ledger)
    await a_request(ledger, asked, me)
    reviewed = await a_claim(ledger, state=ClaimState.PUBLISHED)
    await a_review(ledger, reviewed, me)
    await a_verdict(ledger, reviewed, rating="true")
    await a_verdict(ledger, reviewed, rating="secret", published=False)
    offered = await an_offer(ledger, person=me)
    late = await a_lease(ledger, person=me, lasts=2 * HOUR)
    urgent = await a_lease(ledger, person=me, lasts=HOUR)
    await a_review(ledger, await ledger.claims.get(urgent.claim_id), me, submitted=False, rating="mixed")
    passed = await an_offer(ledger, person=me)
    await ledger.assignments.mark_ended(passed.id, AssignmentState.PASSED, NOW)
    await a_review(ledger, asked, other)
    await a_request(ledger, reviewed, other)
    lines = await ledger.figures.list_mine(me.id)
    assert [(line.claim.id, line.assignment, line.assignment_id, line.review, line.asked) for line in lines] == [
        (urgent.claim_id, AssignmentState.TAKEN, urgent.id, ReviewState.DRAFT, False),
        (late.claim_id, AssignmentState.TAKEN, late.id, None, False),
        (offered.claim_id, AssignmentState.OFFERED, offered.id, None, False),
        (reviewed.id, None, None, ReviewState.SUBMITTED, False),
        (asked.id, None, None, None, True),
    ]
    assert [line.expires_at for line in lines[:2]] == [NOW + HOUR, NOW + 2 * HOUR]
    assert [line.rating for line in lines] == [None, None, None, "true", None]
    assert await ledger.figures.list_mine(me.id, limit=2) == lines[:2]
    await withdraw_requests(ledger, asked.id)
    assert len(await ledger.figures.list_mine(me.id)) == 4
    assert await ledger.figures.list_mine((await a_person(ledger, role=Role.PUBLIC)).id) == []
