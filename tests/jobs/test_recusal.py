"""Work that ends for another reason than being done leaves nothing behind: no lease, no focus, no lost question."""

from datetime import timedelta

import pytest

from jobs import publish, review
from jobs.intake.submit import request_text
from jobs.listen import hear
from jobs.membership import lose_contact, set_duty
from jobs.policy import Policy
from storage.kinds import AssignmentState, Awaiting, ClaimState, Role
from storage.ledger import Ledger
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_review, an_editor, an_offer

POLICY = Policy()


@pytest.mark.parametrize("taken", [False, True])
async def test_who_asks_about_a_claim_no_longer_reviews_it(taken: bool, ledger: Ledger) -> None:
    reviewer, other = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    claim = await a_claim(
        ledger, "The bridge is 6 km long.", state=ClaimState.IN_REVIEW if taken else ClaimState.QUEUED
    )
    before = await (a_lease if taken else an_offer)(ledger, claim, reviewer)
    await ledger.people.mark_focus(reviewer.id, claim.id, Awaiting.RATING, NOW)

    await request_text(ledger, reviewer, "The bridge is 6 km long!", None, NOW, POLICY)

    assert (await ledger.assignments.get(before.id)).state is AssignmentState.RECUSED
    assert await ledger.people.find_focus(reviewer.id) is None
    assert (await ledger.claims.get(claim.id)).state is ClaimState.QUEUED
    assert [each.person_id for each in await ledger.assignments.list_for_claim(claim.id) if each.ended_at is None] == [
        other.id
    ]
    assert "assignment.recused" in [entry.action for entry in await ledger.audit.list_of("claim", claim.id)]
    assert await ledger.outbox.shows(reviewer.telegram_id, f"work:{before.id}")


async def test_who_reviewed_a_claim_may_ask_about_it_afterwards(ledger: Ledger) -> None:
    reviewer = await a_person(ledger)
    claim = await a_claim(ledger, "The bridge is 6 km long.", state=ClaimState.IN_REVIEW)
    await a_review(ledger, claim, reviewer)
    await request_text(ledger, reviewer, "The bridge is 6 km long!", None, NOW + timedelta(hours=1), POLICY)
    assert len(await ledger.reviews.list_submitted(claim.id)) == 1
    assert await ledger.requests.count(claim.id) == 1


async def test_a_reviewer_out_of_reach_gives_work_back_and_the_editors_are_told(ledger: Ledger) -> None:
    await an_editor(ledger, "Edda")
    reviewer, other = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    lease = await a_lease(ledger, await a_claim(ledger, state=ClaimState.IN_REVIEW), reviewer)
    await ledger.people.mark_focus(reviewer.id, lease.claim_id, Awaiting.EXPLANATION, NOW)

    await lose_contact(ledger, reviewer.id, NOW, POLICY)

    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.WITHDRAWN
    assert await ledger.people.find_focus(reviewer.id) is None
    assert [each.claim_id for each in await ledger.assignments.list_live_of(other.id)] == [lease.claim_id]
    told = await ledger.session.fetch_all("SELECT payload FROM outbox WHERE kind = 'person_unreachable'")
    assert told == [(f'{{"person":{reviewer.id},"returned":1}}',)]

    # Back again, a text of theirs is a submission, and not the explanation that was asked for before.
    back = await ledger.people.meet(reviewer.telegram_id, reviewer.name, None, NOW)
    await hear(ledger, back, "Is the bridge 6 km long?", None, NOW, POLICY, forwarded=False)
    assert await ledger.submissions.find_gathering(reviewer.id, NOW) is not None


async def test_going_off_duty_takes_the_offer_off_the_card(ledger: Ledger) -> None:
    reviewer = await a_person(ledger, on_duty=True)
    offer = await an_offer(ledger, None, reviewer)
    await set_duty(ledger, reviewer, on_duty=False, now=NOW, policy=POLICY)
    assert (await ledger.assignments.get(offer.id)).state is AssignmentState.WITHDRAWN
    assert await ledger.outbox.shows(reviewer.telegram_id, f"work:{offer.id}")
    with pytest.raises(Exception, match="offer_gone"):
        await review.take(ledger, reviewer, offer.id, NOW, POLICY)


async def test_two_editors_at_one_dispute_do_not_keep_a_question_open(ledger: Ledger) -> None:
    one, two = await an_editor(ledger, "One"), await an_editor(ledger, "Two")
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    for rating in ("true", "false", "satire"):
        await a_review(ledger, claim, rating=rating)
    for editor in (one, two):
        await publish.ask_reason(ledger, editor, claim.id, claim.revision, "false", NOW, POLICY)

    await hear(ledger, one, "The better source.", None, NOW, POLICY, forwarded=False)
    assert await ledger.people.find_focus(two.id) is None
    await hear(ledger, two, "Is the bridge 6 km long?", None, NOW, POLICY, forwarded=False)
    assert await ledger.submissions.find_gathering(two.id, NOW) is not None


async def test_only_reviewers_are_told_about_as_lost(ledger: Ledger) -> None:
    await an_editor(ledger, "Edda")
    reader = await a_person(ledger, role=Role.PUBLIC)
    await lose_contact(ledger, reader.id, NOW, POLICY)
    assert not await ledger.session.fetch_all("SELECT id FROM outbox WHERE kind = 'person_unreachable'")
