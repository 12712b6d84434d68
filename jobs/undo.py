"""Taking back what one handed in: at once as if nothing had been, later by a change of mind, until it is decided."""

from __future__ import annotations

from datetime import datetime

from jobs import review
from jobs.access import require
from jobs.lifecycle import REVISABLE_STATES, Action
from jobs.notify import show_decision, tell_editors_once
from jobs.policy import Policy
from jobs.publish import forget_choices
from jobs.transitions import advance
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, ReviewState, Role
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, Claim, Person, Review


def can_take_back(claim: Claim, handed_in: Review | None, now: datetime, policy: Policy) -> bool:
    """True while a review is simply taken back: shortly after it was handed in, and if nothing followed from it yet."""
    if handed_in is None or handed_in.state is not ReviewState.SUBMITTED or handed_in.submitted_at is None:
        return False
    unseen = claim.state is ClaimState.IN_REVIEW or (claim.state is ClaimState.AGREED and not policy.approval)
    return unseen and now - handed_in.submitted_at < policy.undo_within


def can_revise(claim: Claim, handed_in: Review | None) -> bool:
    """True while no verdict rests on a review that was handed in: its author may have changed their mind."""
    if handed_in is None or handed_in.state is not ReviewState.SUBMITTED or claim.practice:
        return False
    return claim.state in REVISABLE_STATES


async def take_back_review(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime, policy: Policy
) -> None:
    """Let a review that was handed in be a draft again, with everything in it.

    Shortly after it was handed in, its lease is as it was. Later the lease begins anew, and a claim that was agreed or
    disputed by it goes back to review; editors are told if that ends an agreement.

    Raises:
        Stale: `undo_too_late`: the claim is decided, merged or closed. NotAllowed: `offer_not_yours`.
        Refused: `at_capacity`, `own_claim`: meanwhile another claim was taken, or this one asked about.
    """
    require(person, Role.REVIEWER)
    assignment = await ledger.assignments.get(assignment_id)
    if assignment.person_id != person.id:
        raise NotAllowed("offer_not_yours")
    claim = await ledger.claims.get(assignment.claim_id)
    handed_in = await ledger.reviews.find_live(claim.id, person.id)
    if assignment.state is not AssignmentState.DONE or handed_in is None or not can_revise(claim, handed_in):
        raise Stale("undo_too_late")
    live = await ledger.assignments.list_live_of(person.id)
    if sum(each.state is AssignmentState.TAKEN for each in live) >= policy.capacity:
        raise Refused("at_capacity", capacity=policy.capacity)
    if person.id in await ledger.requests.list_requesters(claim.id):
        raise Refused("own_claim")
    at_once = can_take_back(claim, handed_in, now, policy) and assignment.expires_at > now
    draft = await ledger.reviews.mark_returned(handed_in, now)
    if at_once:
        await ledger.assignments.mark_live_again(assignment, AssignmentState.TAKEN)
    else:
        await _begin_again(ledger, assignment, now, policy)
    data = {"review": draft.id, "revision": draft.revision}
    name = "review.taken_back" if at_once else "review.reopened"
    await ledger.audit.append(name, "claim", claim.id, now, actor=person.id, data=data)
    if claim.state is ClaimState.IN_REVIEW:
        await ledger.claims.mark_touched(claim.id)
    else:
        await _break_up(ledger, claim, person, draft, now, quietly=at_once)
    await review.go_to(ledger, person, assignment.id, Awaiting.PREVIEW, now, policy)


async def _begin_again(ledger: Ledger, assignment: Assignment, now: datetime, policy: Policy) -> None:
    expires_at = now + policy.lease_lasts
    await ledger.assignments.mark_live_again(assignment, AssignmentState.TAKEN, expires_at=expires_at)
    await ledger.leases.begin(assignment.id, now)


async def _break_up(
    ledger: Ledger, claim: Claim, person: Person, draft: Review, now: datetime, *, quietly: bool
) -> None:
    """Take back what the reviews amounted to. What editors wrote or chose rested on it."""
    await forget_choices(ledger, claim.id)
    await ledger.wordings.drop(claim.id)
    await advance(ledger, claim, Action.REOPEN, now, actor=person.id, review=draft.id)
    if claim.state is ClaimState.AGREED and not quietly:
        key = f"agreement_broken:{draft.id}:{draft.revision}"
        await tell_editors_once(ledger, key, "agreement_broken", claim.id, now)
    await show_decision(ledger, claim.id, now, only_shown=True)
