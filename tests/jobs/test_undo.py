"""A review that was handed in can be taken back: at once, or by a change of mind until the claim is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jobs import approval, publish, review, undo
from jobs.dispatch import expire, hand_out
from jobs.holding import let_stand
from jobs.intake.submit import request_text
from jobs.policy import Policy
from jobs.requests import ask
from jobs.watch import watch
from storage.errors import NotAllowed, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import ClaimState, Role
from storage.ledger import Ledger
from storage.model import Assignment, Person
from tests.storage.test_integrity import hand_in
from tests.support.builders import NOW, a_lease, a_person, an_editor

POLICY = Policy()
SOON = NOW + timedelta(seconds=29)
LATER = NOW + timedelta(hours=3)


async def crew_of_two(ledger: Ledger) -> tuple[Person, Person]:
    """Two reviewers who are offered the same claim, and an editor."""
    await an_editor(ledger)
    one, two = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    reader = await a_person(ledger, role=Role.PUBLIC)
    await request_text(ledger, reader, "The bridge is six kilometres long.", None, NOW, POLICY)
    await hand_out(ledger, NOW, POLICY)
    return one, two


async def handed_in(ledger: Ledger, person: Person, now: datetime = NOW) -> Assignment:
    (offer,) = await ledger.assignments.list_live_of(person.id)
    await hand_in(ledger, person, "false", now, POLICY)
    return await ledger.assignments.get(offer.id)


async def state_of(ledger: Ledger, person: Person) -> list[Any]:
    """What a reviewer has: the lease, the draft without its count of changes, its sources and the step."""
    (lease,) = await ledger.assignments.list_live_of(person.id)
    draft = await ledger.reviews.get_live(lease.claim_id, person.id)
    focus = await ledger.people.find_focus(person.id)
    assert focus is not None
    sources = await ledger.reviews.list_sources(draft.id)
    return [lease, draft.state, draft.rating, draft.explanation, sources, focus.claim_id, focus.awaiting]


async def test_taking_back_restores_lease_draft_sources_and_step(ledger: Ledger) -> None:
    one, _ = await crew_of_two(ledger)
    done = await handed_in(ledger, one)
    await undo.take_back_review(ledger, one, done.id, SOON, POLICY)
    before = await state_of(ledger, one)
    draft = await ledger.reviews.get_live(done.claim_id, one.id)
    await review.submit(ledger, one, done.id, draft.revision, SOON, POLICY)
    await undo.take_back_review(ledger, one, done.id, SOON, POLICY)
    assert await state_of(ledger, one) == before
    assert (await ledger.claims.get(done.claim_id)).state is ClaimState.IN_REVIEW
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_it_is_too_late_once_a_verdict_rests_on_it(ledger: Ledger) -> None:
    one, two = await crew_of_two(ledger)
    done, _ = await handed_in(ledger, one), await handed_in(ledger, two)
    claim = await ledger.claims.get(done.claim_id)
    editor = await an_editor(ledger, "Omar")
    await publish.approve(ledger, editor, claim.id, claim.revision, SOON, POLICY)
    with pytest.raises(Stale) as late:
        await undo.take_back_review(ledger, one, done.id, SOON, POLICY)
    assert late.value.code == "undo_too_late"


async def told(ledger: Ledger, code: str) -> list[int | None]:
    rows = await ledger.session.fetch_all(
        "SELECT person_id FROM outbox WHERE kind = 'notice' AND payload LIKE :code ORDER BY id", {"code": f"%{code}%"}
    )
    return [row[0] for row in rows]


async def test_a_change_of_mind_ends_the_agreement_and_editors_are_told_once(ledger: Ledger) -> None:
    one, two = await crew_of_two(ledger)
    done, _ = await handed_in(ledger, one), await handed_in(ledger, two)
    (editor,) = await ledger.people.list_with_role(Role.EDITOR)
    agreed = await ledger.claims.get(done.claim_id)
    assert agreed.state is ClaimState.AGREED
    await approval.ask_summary(ledger, editor, agreed.id, agreed.revision, LATER, POLICY)
    await undo.take_back_review(ledger, one, done.id, LATER, POLICY)
    assert (await ledger.claims.get(agreed.id)).state is ClaimState.IN_REVIEW
    assert await told(ledger, "agreement_broken") == [editor.id]
    assert await ledger.people.find_focus(editor.id) is None, "the next text is no summary"
    (lease,) = await ledger.assignments.list_live_of(one.id)
    assert lease.expires_at == LATER + POLICY.lease_lasts
    assert await find_broken_invariants(ledger, quorum=2) == []
    with pytest.raises(Stale):
        await publish.approve(ledger, editor, agreed.id, agreed.revision, LATER, POLICY)

    await review.rate(ledger, one, done.id, "true", LATER, POLICY)
    draft = await ledger.reviews.get_live(agreed.id, one.id)
    await review.submit(ledger, one, done.id, draft.revision, LATER, POLICY)
    assert (await ledger.claims.get(agreed.id)).state is ClaimState.IN_REVIEW, "one more reviewer is asked"
    row = await ledger.session.fetch_one(
        "SELECT group_concat(rating, ' ') FROM (SELECT rating FROM review_revisions WHERE review_id = :id "
        "AND state = 'submitted' ORDER BY revision)",
        {"id": draft.id},
    )
    assert row is not None
    assert row[0] == "false true", "every revision is kept"
    assert await told(ledger, "agreement_broken") == [editor.id]
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_who_changes_their_mind_is_waited_for_though_the_others_agree_while_their_lease_lasts(
    ledger: Ledger,
) -> None:
    one, two = await crew_of_two(ledger)
    done = await handed_in(ledger, one)
    await hand_in(ledger, two, "true", NOW, POLICY)
    three = await a_person(ledger, on_duty=True)
    await hand_out(ledger, NOW, POLICY)
    await hand_in(ledger, three, "true", NOW, POLICY)
    assert (await ledger.claims.get(done.claim_id)).state is ClaimState.AGREED
    await undo.take_back_review(ledger, one, done.id, LATER, POLICY)
    await watch(ledger, LATER, POLICY)
    assert (await ledger.claims.get(done.claim_id)).state is ClaimState.IN_REVIEW
    await expire(ledger, LATER + POLICY.lease_lasts, POLICY)
    assert (await ledger.claims.get(done.claim_id)).state is ClaimState.AGREED
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_a_double_tap_or_somebody_elses_button_does_nothing(ledger: Ledger) -> None:
    one, two = await crew_of_two(ledger)
    done = await handed_in(ledger, one)
    with pytest.raises(NotAllowed):
        await undo.take_back_review(ledger, two, done.id, SOON, POLICY)
    await undo.take_back_review(ledger, one, done.id, SOON, POLICY)
    with pytest.raises(Stale):
        await undo.take_back_review(ledger, one, done.id, SOON, POLICY)


async def test_who_took_another_claim_or_asked_about_this_one_meanwhile_is_refused(ledger: Ledger) -> None:
    one, _ = await crew_of_two(ledger)
    done = await handed_in(ledger, one)
    await a_lease(ledger, person=one)
    with pytest.raises(Refused) as refused:
        await undo.take_back_review(ledger, one, done.id, SOON, POLICY)
    assert refused.value.code == "at_capacity"
    await ask(ledger, one, await ledger.claims.get(done.claim_id), SOON)
    with pytest.raises(Refused) as refused:
        await undo.take_back_review(ledger, one, done.id, SOON, Policy(capacity=2))
    assert refused.value.code == "own_claim"


async def test_without_approval_the_last_review_can_be_taken_back_before_its_verdict_is_public(ledger: Ledger) -> None:
    policy = replace(POLICY, approval=False)
    one, two = await crew_of_two(ledger)
    await handed_in(ledger, one)
    (offer,) = await ledger.assignments.list_live_of(two.id)
    await hand_in(ledger, two, "false", NOW, policy)
    before = None
    for _ in range(2):
        assert await let_stand(ledger, SOON, policy) == await watch(ledger, SOON, policy) == 0
        assert (await ledger.claims.get(offer.claim_id)).state is ClaimState.AGREED
        await undo.take_back_review(ledger, two, offer.id, SOON, policy)
        assert (await ledger.claims.get(offer.claim_id)).state is ClaimState.IN_REVIEW
        assert before in (None, await state_of(ledger, two))
        before = await state_of(ledger, two)
        assert await find_broken_invariants(ledger, quorum=2) == []
        await review.submit(
            ledger, two, offer.id, (await ledger.reviews.get_live(offer.claim_id, two.id)).revision, NOW, policy
        )
    assert await let_stand(ledger, NOW + policy.undo_within, policy) == 1
    assert (await ledger.claims.get(offer.claim_id)).state is ClaimState.PUBLISHED
    rows = await ledger.session.fetch_all("SELECT kind, payload FROM outbox WHERE kind IN ('decision_due', 'notice')")
    assert not [kind for kind, payload in rows if kind == "decision_due" or "agreement_broken" in payload]
    with pytest.raises(Stale, match="undo_too_late"):
        await undo.take_back_review(ledger, two, offer.id, SOON, policy)
