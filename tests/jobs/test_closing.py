"""Closing a claim ends the work on it and tells who asked, once; taking it up again goes on where it was."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from jobs.closing import ask_closing, close, reopen
from jobs.dispatch import settle
from jobs.lifecycle import Action
from jobs.policy import Policy
from jobs.publish import approve, ask_reason
from jobs.requests import ask
from jobs.transitions import advance
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import AssignmentState, ClaimState, ClosingReason, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_review, an_editor

POLICY = Policy(undo_within=timedelta(0))
OPINION = ClosingReason.OPINION


async def queued(ledger: Ledger) -> Claim:
    return await advance(ledger, await a_claim(ledger), Action.QUEUE, NOW)


async def told(ledger: Ledger, kind: str) -> list[int]:
    """Return the chats that got a message of a kind, or a notice of a code."""
    rows = await ledger.session.fetch_all("SELECT chat_id, kind, payload FROM outbox ORDER BY id")
    return [row[0] for row in rows if kind in (row[1], json.loads(row[2]).get("code"))]


async def sound(ledger: Ledger) -> None:
    assert await find_broken_invariants(ledger, quorum=POLICY.quorum) == []


async def test_everybody_who_asked_is_told_once_and_work_ends(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger, on_duty=True)
    askers = [await a_person(ledger, role=Role.PUBLIC) for _ in range(2)]
    claim = await queued(ledger)
    for asker in askers:
        await ask(ledger, asker, claim, NOW)
    lease = await a_lease(ledger, claim, reviewer)
    claim = await advance(ledger, await ledger.claims.get(claim.id), Action.START, NOW)
    await close(ledger, editor, claim.id, OPINION, NOW, POLICY, revision=claim.revision)
    closed = await ledger.claims.get(claim.id)
    assert (closed.state, closed.closing_reason) == (ClaimState.CLOSED, OPINION)
    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.WITHDRAWN
    with pytest.raises(Refused, match="closed_already"):
        await close(ledger, editor, claim.id, OPINION, NOW, POLICY, revision=claim.revision)
    assert await told(ledger, "claims_closed") == [asker.telegram_id for asker in askers]
    await sound(ledger)


async def test_taken_up_again_it_is_where_its_reviews_put_it(ledger: Ledger) -> None:
    editor, asker = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    claim = await queued(ledger)
    await ask(ledger, asker, claim, NOW)
    claim = await advance(ledger, await ledger.claims.get(claim.id), Action.START, NOW)
    for rating in ("true", "false", "satire"):
        await a_review(ledger, claim, rating=rating)
    await settle(ledger, claim.id, NOW, POLICY)
    claim = await ledger.claims.get(claim.id)
    assert claim.state is ClaimState.DISPUTED
    await ask_reason(ledger, editor, claim.id, claim.revision, "false", NOW, POLICY)
    await close(ledger, editor, claim.id, OPINION, NOW, POLICY)
    assert await ledger.people.find_focus(editor.id) is None
    await sound(ledger)
    await reopen(ledger, editor, claim.id, NOW, POLICY)
    again = await ledger.claims.get(claim.id)
    assert (again.state, again.closing_reason) == (ClaimState.DISPUTED, None)
    assert await told(ledger, "claim_reopened") == [asker.telegram_id]
    await close(ledger, editor, claim.id, ClosingReason.SPAM, NOW, POLICY)
    assert await told(ledger, "claims_closed") == [asker.telegram_id] * 2
    await sound(ledger)


async def test_an_old_button_and_the_wrong_state_change_nothing(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim = await queued(ledger)
    with pytest.raises(Stale, match="claim_changed"):
        await close(ledger, editor, claim.id, OPINION, NOW, POLICY, revision=claim.revision - 1)
    with pytest.raises(Refused, match="not_closed"):
        await reopen(ledger, editor, claim.id, NOW, POLICY)
    with pytest.raises(NotFound):
        await close(ledger, editor, ClaimId(99), OPINION, NOW, POLICY)
    claim = await advance(ledger, await ledger.claims.get(claim.id), Action.START, NOW)
    for _ in range(2):
        await a_review(ledger, claim, rating="false")
    await settle(ledger, claim.id, NOW, POLICY)
    for _ in range(2):
        with pytest.raises(Refused, match="closing_of_decided"):
            await ask_closing(ledger, editor, claim.id, NOW)
        agreed = await ledger.claims.get(claim.id)
        if agreed.state is ClaimState.AGREED:
            await approve(ledger, editor, claim.id, agreed.revision, NOW, POLICY)
    assert (await ledger.claims.get(claim.id)).state is ClaimState.PUBLISHED


async def test_only_editors_close(ledger: Ledger) -> None:
    reviewer = await a_person(ledger)
    claim = await queued(ledger)
    with pytest.raises(NotAllowed):
        await close(ledger, reviewer, claim.id, OPINION, NOW, POLICY)
    with pytest.raises(NotAllowed):
        await reopen(ledger, reviewer, claim.id, NOW, POLICY)
