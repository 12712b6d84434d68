"""Leases over their time, and who has a claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jobs import dispatch, duplicates, leases, membership, review, rooms
from jobs.lifecycle import Action
from jobs.notify import show_decision
from jobs.policy import Policy
from jobs.transitions import advance
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import AssignmentState, ClaimState, ClosingReason, Role
from storage.ledger import Ledger
from storage.model import Assignment, ChatId, Claim, Person
from tests.support.builders import NOW, a_claim, a_person, a_request, a_review, an_editor

HOUR = timedelta(hours=1)
POLICY = Policy(lease_lasts=24 * HOUR, lease_renewals=2, quorum=1, max_reviews=1, target=72 * HOUR)


async def a_taken(ledger: Ledger, person: Person, claim: Claim | None = None) -> Assignment:
    """Take a claim the way people do: offered, and then taken."""
    claim = claim or await a_claim(ledger, state=ClaimState.QUEUED)
    await dispatch.offer(ledger, claim, person.id, NOW, POLICY)
    offered = await ledger.assignments.find_live(claim.id, person.id)
    assert offered is not None
    await review.take(ledger, person, offered.id, NOW, POLICY)
    return await ledger.assignments.get(offered.id)


async def told(ledger: Ledger, kind: str, code: str | None = None) -> int:
    """Return how many messages of a kind were put for people."""
    row = await ledger.session.fetch_one(
        "SELECT count(*) FROM outbox WHERE kind = :kind AND (:code IS NULL OR payload ->> '$.code' = :code)",
        {"kind": kind, "code": code},
    )
    assert row is not None
    return int(row[0])


async def test_the_holder_is_reminded_once_when_half_of_the_time_is_over(ledger: Ledger) -> None:
    await a_taken(ledger, await a_person(ledger))
    assert await leases.remind(ledger, NOW + 12 * HOUR - timedelta(seconds=1), POLICY) == 0
    assert await leases.remind(ledger, NOW + 12 * HOUR, POLICY) == 1
    assert await leases.remind(ledger, NOW + 13 * HOUR, POLICY) == 0
    assert await told(ledger, "lease_half_over") == 1


async def test_a_renewal_gives_the_whole_time_and_a_reminder_again_a_limited_number_of_times(ledger: Ledger) -> None:
    person = await a_person(ledger)
    lease = await a_taken(ledger, person)
    await leases.remind(ledger, NOW + 12 * HOUR, POLICY)
    for times in range(2):
        now = NOW + (times + 1) * 13 * HOUR
        await leases.renew(ledger, person, lease.id, times, now, POLICY)
        assert (await ledger.assignments.get(lease.id)).expires_at == now + 24 * HOUR
        for late in (now, now + 9 * HOUR):
            with pytest.raises(Stale, match="lease_just_renewed"):
                await leases.renew(ledger, person, lease.id, times, late, POLICY)
    assert await leases.remind(ledger, NOW + 26 * HOUR + 12 * HOUR, POLICY) == 1
    with pytest.raises(Refused, match="lease_renewed_enough"):
        await leases.renew(ledger, person, lease.id, 2, NOW + 40 * HOUR, POLICY)
    with pytest.raises(Stale, match="lease_expired"):
        await leases.renew(ledger, person, lease.id, 2, NOW + 51 * HOUR, POLICY)
    with pytest.raises(NotAllowed):
        await leases.renew(ledger, await a_person(ledger), lease.id, 2, NOW + 40 * HOUR, POLICY)


async def test_editors_hear_of_a_claim_whose_lease_ran_out_twice(ledger: Ledger) -> None:
    await an_editor(ledger)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    for times in range(3):
        await a_taken(ledger, await a_person(ledger), await ledger.claims.get(claim.id))
        await dispatch.expire(ledger, NOW + 25 * HOUR, POLICY)
        assert await told(ledger, "notice", "leases_run_out") == max(0, times)


async def test_editors_hear_once_of_claims_past_the_target(ledger: Ledger) -> None:
    await an_editor(ledger)
    for hours in (0, 1):
        await a_claim(ledger, state=ClaimState.QUEUED, now=NOW + hours * HOUR)
    await a_claim(ledger, state=ClaimState.PUBLISHED)
    assert await leases.remind(ledger, NOW + 72 * HOUR, POLICY) == 0
    assert await leases.remind(ledger, NOW + 74 * HOUR, POLICY) == 2
    assert await leases.remind(ledger, NOW + 75 * HOUR, POLICY) == 0
    assert await told(ledger, "claims_overdue") == 1


@pytest.mark.parametrize("ended", [ClaimState.PUBLISHED, ClaimState.RETRACTED, ClaimState.CLOSED])
async def test_a_claim_that_is_taken_up_again_has_the_whole_time_and_is_told_of_again(
    ledger: Ledger, ended: ClaimState
) -> None:
    await an_editor(ledger)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    late = NOW + 80 * HOUR
    assert await leases.remind(ledger, late, POLICY) == 1
    reason = ClosingReason.SPAM if ended is ClaimState.CLOSED else None
    claim = await ledger.claims.mark_state(claim, ended, late, closing_reason=reason)
    claim = await advance(ledger, claim, Action.REOPEN, late)
    assert claim.owed_since == late
    assert await ledger.backlog.list_waiting((ClaimState.QUEUED,), before=late, limit=9) == ([], 0)
    assert await leases.remind(ledger, late + 71 * HOUR, POLICY) == 0
    for times in (1, 0):
        assert await leases.remind(ledger, late + 73 * HOUR, POLICY) == times


async def test_who_steps_back_is_never_asked_again(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    lease = await a_taken(ledger, person)
    claim = await ledger.claims.get(lease.claim_id)
    with pytest.raises(Refused, match="recuse_reason"):
        await leases.step_back(ledger, person, claim, "  ", NOW, POLICY)
    await leases.step_back(ledger, person, claim, "She is my cousin.", NOW, POLICY)
    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.RECUSED
    with pytest.raises(Refused, match="recuse_known"):
        await leases.step_back(ledger, person, await ledger.claims.get(claim.id), "Again.", NOW, POLICY)
    assert await dispatch.hand_out(ledger, NOW + 100 * HOUR, POLICY) == 0
    entry = next(each for each in await ledger.audit.list_of("claim", claim.id) if each.action == "claim.recused")
    assert (entry.actor, entry.data) == (person.id, {"reason": "She is my cousin."})


@pytest.mark.parametrize("taken", [True, False])
async def test_what_runs_out_goes_to_somebody_else_if_there_is_anybody(ledger: Ledger, taken: bool) -> None:
    silent, other = [await a_person(ledger, on_duty=True) for _ in range(2)]
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    # The other one was offered something later, so that it would be the silent one's turn again.
    if taken:
        await a_taken(ledger, silent, claim)
    else:
        await dispatch.offer(ledger, claim, silent.id, NOW, POLICY)
    asked = await a_claim(ledger, state=ClaimState.QUEUED)
    await dispatch.offer(ledger, asked, other.id, NOW + HOUR, POLICY)
    await review.pass_on(ledger, other, (await ledger.assignments.list_live_of(other.id))[0].id, NOW + HOUR, POLICY)
    now = NOW + 30 * HOUR
    await dispatch.expire(ledger, now, POLICY)
    live = [each.person_id for each in await ledger.assignments.list_for_claim(claim.id) if each.ended_at is None]
    assert live == [other.id]
    for person in (other, silent):
        for each in await ledger.assignments.list_live_of(person.id):
            await review.pass_on(ledger, person, each.id, now, POLICY)
    assert await ledger.assignments.find_live(claim.id, silent.id) is not None, "rather than nobody"


async def test_somebody_who_never_had_it_can_step_back_and_who_reviewed_it_cannot(ledger: Ledger) -> None:
    person, other = await a_person(ledger, on_duty=True), await a_person(ledger)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await leases.step_back(ledger, person, claim, "My paper.", NOW, POLICY)
    assert await dispatch.hand_out(ledger, NOW, POLICY) == 0
    reviewed = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    await a_review(ledger, reviewed, other)
    with pytest.raises(Refused, match="recuse_reviewed"):
        await leases.step_back(ledger, other, reviewed, "Late.", NOW, POLICY)


async def test_who_steps_back_has_stepped_back_from_what_the_claim_is_merged_into(ledger: Ledger) -> None:
    editor, person = await an_editor(ledger), await a_person(ledger, on_duty=True)
    same, claim = [await a_claim(ledger, state=ClaimState.QUEUED) for _ in range(2)]
    await leases.step_back(ledger, person, same, "My brother.", NOW, POLICY)
    offered = await ledger.assignments.find_live(claim.id, person.id)
    assert offered is not None

    await duplicates.merge(ledger, editor, same.id, same.revision, claim.id, claim.revision, NOW, POLICY)
    assert (await ledger.assignments.get(offered.id)).state is AssignmentState.RECUSED
    assert await dispatch.hand_out(ledger, NOW + 100 * HOUR, POLICY) == 0
    with pytest.raises(Refused, match="assign_recused"):
        await leases.assign(ledger, editor, await ledger.claims.get(claim.id), person, NOW, POLICY)
    with pytest.raises(Refused, match="room_recused"):
        await rooms.take_claim(ledger, person, claim.id, ChatId(person.telegram_id), NOW, POLICY)

    await duplicates.unmerge(ledger, editor, same.id, NOW, POLICY)
    assert (await ledger.assignments.get(offered.id)).state is AssignmentState.OFFERED
    assert await ledger.leases.list_recused(claim.id) == []


async def test_an_editor_who_was_shown_reviews_is_not_asked_for_one_unless_by_another(ledger: Ledger) -> None:
    editor, other = await an_editor(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    first, second = [await a_review(ledger, claim, rating=rating) for rating in ("true", "false")]
    await show_decision(ledger, claim.id, NOW)
    claim = await advance(ledger, claim, Action.REOPEN, NOW)
    for each in (first, second):
        await ledger.reviews.mark_returned(each, NOW)
    policy = replace(POLICY, quorum=2, max_reviews=3)
    assert await dispatch.hand_out(ledger, NOW, policy) == 1
    assert await ledger.assignments.find_live(claim.id, other.id) is not None
    with pytest.raises(Refused, match="room_saw"):
        await rooms.take_claim(ledger, editor, claim.id, ChatId(editor.telegram_id), NOW, policy)
    await leases.assign(ledger, await an_editor(ledger), claim, editor, NOW, policy)
    assert await ledger.assignments.find_live(claim.id, editor.id) is not None


async def test_an_editor_gives_a_claim_to_somebody_who_may_have_it(ledger: Ledger) -> None:
    editor, chosen = await an_editor(ledger), await a_person(ledger, on_duty=True)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await leases.assign(ledger, editor, claim, chosen, NOW, POLICY)
    given = await ledger.assignments.find_live(claim.id, chosen.id)
    assert given is not None
    assert given.state is AssignmentState.OFFERED
    asker = await a_person(ledger, on_duty=True)
    await a_request(ledger, claim, asker)
    recused, reviewer = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    await leases.step_back(ledger, recused, claim, "No.", NOW, POLICY)
    await a_review(ledger, claim, reviewer)
    for person, code in (
        (chosen, "assign_has_it"),
        (asker, "assign_own"),
        (recused, "assign_recused"),
        (reviewer, "assign_reviewed"),
        (await a_person(ledger), "assign_off_duty"),
        (await a_person(ledger, role=Role.PUBLIC), "assign_no_reviewer"),
    ):
        with pytest.raises(Refused, match=code):
            await leases.assign(ledger, editor, claim, person, NOW, POLICY)
    closed = await a_claim(ledger, state=ClaimState.PUBLISHED)
    with pytest.raises(Refused, match="assign_not_open"):
        await leases.assign(ledger, editor, closed, chosen, NOW, POLICY)
    with pytest.raises(NotAllowed):
        await leases.assign(ledger, asker, claim, asker, NOW, POLICY)


async def test_whom_an_editor_chose_comes_before_who_has_not_taken_it_and_not_before_who_has(ledger: Ledger) -> None:
    policy = Policy(quorum=2, max_reviews=2)
    editor, first, second = await an_editor(ledger), await a_person(ledger, on_duty=True), await a_person(ledger)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    taken = await a_taken(ledger, first, claim)
    await membership.set_duty(ledger, second, on_duty=True, now=NOW, policy=policy)
    untaken = await ledger.assignments.find_live(claim.id, second.id)
    assert untaken is not None
    chosen, late = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    await leases.assign(ledger, editor, claim, chosen, NOW, policy)
    assert (await ledger.assignments.get(untaken.id)).state is AssignmentState.WITHDRAWN
    given = await ledger.assignments.find_live(claim.id, chosen.id)
    assert given is not None
    await review.take(ledger, chosen, given.id, NOW, policy)
    with pytest.raises(Refused, match="assign_full"):
        await leases.assign(ledger, editor, claim, late, NOW, policy)
    assert (await ledger.assignments.get(taken.id)).state is AssignmentState.TAKEN


async def test_what_an_editor_takes_back_keeps_its_draft_and_goes_to_others_first(ledger: Ledger) -> None:
    editor, person = await an_editor(ledger), await a_person(ledger, on_duty=True)
    lease = await a_taken(ledger, person)
    claim = await ledger.claims.get(lease.claim_id)
    other = await a_person(ledger, on_duty=True)
    await leases.unassign(ledger, editor, claim, person, NOW, POLICY)
    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.PASSED
    assert await ledger.assignments.find_live(claim.id, other.id) is not None
    assert await ledger.reviews.find_live(claim.id, person.id) is not None
    with pytest.raises(NotFound, match="unassign_nothing"):
        await leases.unassign(ledger, editor, claim, person, NOW, POLICY)


async def test_a_claim_is_passed_by_its_number(ledger: Ledger) -> None:
    person = await a_person(ledger)
    lease = await a_taken(ledger, person)
    claim = await ledger.claims.get(lease.claim_id)
    await leases.pass_claim(ledger, person, claim, NOW, POLICY)
    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.PASSED
    with pytest.raises(Refused, match="pass_nothing"):
        await leases.pass_claim(ledger, person, claim, NOW, POLICY)
