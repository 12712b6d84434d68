"""Before approval: another summary, or back to the reviewers with a comment."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from jobs import approval, review
from jobs.dispatch import hand_out
from jobs.intake.submit import request_text
from jobs.listen import hear
from jobs.policy import Policy
from jobs.publish import approve
from storage.errors import NotAllowed, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import AssignmentState, ClaimState, ReviewState, Role
from storage.ledger import Ledger
from storage.model import Claim, Person
from tests.jobs.test_duplicates import queued, reviewed
from tests.storage.test_integrity import hand_in
from tests.support.builders import NOW, a_person, an_editor

POLICY = Policy(undo_within=timedelta(0))
LATER = NOW + timedelta(minutes=5)


async def agreed(ledger: Ledger) -> Claim:
    return await reviewed(ledger, await queued(ledger), "false", "false")


async def write(ledger: Ledger, editor: Person, text: str) -> None:
    await hear(ledger, editor, text, None, LATER, POLICY, forwarded=False)


async def rewritten(ledger: Ledger, editor: Person, claim: Claim, text: str) -> Claim:
    await approval.ask_summary(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    await write(ledger, editor, text)
    return await ledger.claims.get(claim.id)


async def test_an_editors_summary_is_published_once_it_was_seen_on_a_card(ledger: Ledger) -> None:
    editor, other = await an_editor(ledger), await an_editor(ledger)
    claim = await agreed(ledger)
    seen = claim.revision
    claim = await rewritten(ledger, editor, claim, "The record of 2024 says otherwise.")
    with pytest.raises(Stale):
        await approve(ledger, other, claim.id, seen, LATER, POLICY)
    verdict = await approve(ledger, other, claim.id, claim.revision, LATER, POLICY)
    assert verdict.summary == "The record of 2024 says otherwise."
    assert await ledger.wordings.find_any(claim.id) is None
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_a_summary_of_another_rating_is_not_published(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim = await agreed(ledger)
    claim = await rewritten(ledger, editor, claim, "It is false.")
    await ledger.session.execute("UPDATE wordings SET rating = 'true'")
    verdict = await approve(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    assert verdict.summary == "The record says otherwise."


async def test_who_was_asked_for_a_summary_is_no_longer_once_it_is_approved(ledger: Ledger) -> None:
    editor, other = await an_editor(ledger), await an_editor(ledger)
    claim = await agreed(ledger)
    await approval.ask_summary(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    await approve(ledger, other, claim.id, claim.revision, LATER, POLICY)
    assert await ledger.people.find_focus(editor.id) is None
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_what_is_sent_back_becomes_the_reviewers_draft_again_and_they_are_told_why(ledger: Ledger) -> None:
    editor, reader = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    crew = [await a_person(ledger, on_duty=True) for _ in range(2)]
    await request_text(ledger, reader, "The bridge is six kilometres long.", None, NOW, POLICY)
    for each in crew:
        await hand_in(ledger, each, "false", NOW, POLICY)
    (claim,) = await ledger.claims.list_in((ClaimState.AGREED,))
    await rewritten(ledger, editor, claim, "Another summary.")
    claim = await ledger.claims.get(claim.id)
    await approval.ask_comment(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    await write(ledger, editor, "Which bridge?")

    assert (await ledger.claims.get(claim.id)).state is ClaimState.QUEUED
    assert await ledger.wordings.find_any(claim.id) is None
    for each in crew:
        draft = await ledger.reviews.get_live(claim.id, each.id)
        assert (draft.state, draft.rating, draft.explanation) == (ReviewState.DRAFT, "false", "The record says so.")
        (offer,) = await ledger.assignments.list_live_of(each.id)
        assert (offer.claim_id, offer.state) == (claim.id, AssignmentState.OFFERED)
        rows = await ledger.session.fetch_all(
            "SELECT payload FROM outbox WHERE kind = 'review_returned' AND chat_id = :chat", {"chat": each.telegram_id}
        )
        assert [json.loads(payload)["comment"] for (payload,) in rows] == ["Which bridge?"]
    assert await find_broken_invariants(ledger, quorum=2) == []

    for each in crew:
        (offer,) = await ledger.assignments.list_live_of(each.id)
        await review.take(ledger, each, offer.id, LATER, POLICY)
        await review.explain(ledger, each, offer.id, "The one over the Padma.", LATER, POLICY)
        draft = await ledger.reviews.get_live(claim.id, each.id)
        await review.submit(ledger, each, offer.id, draft.revision, LATER, POLICY)
    claim = await ledger.claims.get(claim.id)
    assert claim.state is ClaimState.AGREED
    verdict = await approve(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    assert verdict.summary == "The one over the Padma."
    assert await find_broken_invariants(ledger, quorum=2) == []


@pytest.mark.parametrize("gone", ["off duty", "in quiet hours"])
async def test_others_take_over_what_is_sent_back_to_people_who_are_gone(ledger: Ledger, gone: str) -> None:
    editor = await an_editor(ledger)
    claim = await agreed(ledger)
    for load in await ledger.people.list_on_duty():
        if gone == "off duty":
            await ledger.people.mark_duty(load.person.id, on_duty=False)
        else:
            minute = LATER.hour * 60 + LATER.minute
            await ledger.wishes.mark_quiet(load.person.id, minute - 60, minute + 60)
            await ledger.wishes.mark_zone(load.person.id, "UTC")
    fresh = await a_person(ledger, on_duty=True)
    await approval.ask_comment(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    await write(ledger, editor, "Which bridge?")
    await hand_out(ledger, LATER, POLICY)
    assert [each.claim_id for each in await ledger.assignments.list_live_of(fresh.id)] == [claim.id]
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_an_old_card_or_somebody_elses_button_does_nothing(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger)
    claim = await agreed(ledger)
    for ask in (approval.ask_comment, approval.ask_summary):
        with pytest.raises(NotAllowed):
            await ask(ledger, reviewer, claim.id, claim.revision, LATER, POLICY)
        with pytest.raises(Stale):
            await ask(ledger, editor, claim.id, claim.revision - 1, LATER, POLICY)
        await ask(ledger, editor, claim.id, claim.revision, LATER, POLICY)
        with pytest.raises(Refused):
            await write(ledger, editor, " ")
    await approve(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    with pytest.raises(Stale):
        await approval.ask_summary(ledger, editor, claim.id, claim.revision, LATER, POLICY)
