"""Taking back what one has just done, while nobody else has been told of it."""

from __future__ import annotations

from datetime import datetime

from jobs import review
from jobs.access import require
from jobs.policy import Policy
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, ReviewState, Role
from storage.ledger import Ledger
from storage.model import AssignmentId, Claim, Person, Review


def can_take_back(claim: Claim, handed_in: Review | None, now: datetime, policy: Policy) -> bool:
    """True while a review can be taken back: shortly after it was handed in, and if nothing followed from it yet."""
    if handed_in is None or handed_in.state is not ReviewState.SUBMITTED or handed_in.submitted_at is None:
        return False
    return claim.state is ClaimState.IN_REVIEW and now - handed_in.submitted_at < policy.undo_within


async def take_back_review(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime, policy: Policy
) -> None:
    """Let a review that was just handed in be a draft again, with its lease as it was.

    Raises:
        Stale: `undo_too_late`: the time is over, or editors were told of what it led to. NotAllowed: `offer_not_yours`.
        Refused: `at_capacity`, `own_claim`: meanwhile another claim was taken, or this one asked about.
    """
    require(person, Role.REVIEWER)
    assignment = await ledger.assignments.get(assignment_id)
    if assignment.person_id != person.id:
        raise NotAllowed("offer_not_yours")
    claim = await ledger.claims.get(assignment.claim_id)
    handed_in = await ledger.reviews.find_live(claim.id, person.id)
    done = assignment.state is AssignmentState.DONE and assignment.expires_at > now
    if not done or claim.practice or handed_in is None or not can_take_back(claim, handed_in, now, policy):
        raise Stale("undo_too_late")
    live = await ledger.assignments.list_live_of(person.id)
    if sum(each.state is AssignmentState.TAKEN for each in live) >= policy.capacity:
        raise Refused("at_capacity", capacity=policy.capacity)
    if person.id in await ledger.requests.list_requesters(claim.id):
        raise Refused("own_claim")
    draft = await ledger.reviews.mark_returned(handed_in, now)
    await ledger.assignments.mark_live_again(assignment, AssignmentState.TAKEN)
    await ledger.claims.mark_touched(claim.id)
    data = {"review": draft.id, "revision": draft.revision}
    await ledger.audit.append("review.taken_back", "claim", claim.id, now, actor=person.id, data=data)
    await review.go_to(ledger, person, assignment.id, Awaiting.PREVIEW, now, policy)
