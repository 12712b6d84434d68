"""A reviewer's work on one claim, step by step. Each step is one row or two, so that a restart loses nothing.

Every function checks afresh that the person is a reviewer and that the assignment is their own, taken, and not run out:
the button that led here may be of yesterday, or of somebody else. Practice goes the same way, and stops before
anything that the desk would notice.
"""

from __future__ import annotations

from datetime import datetime

from jobs import practice
from jobs.dispatch import hand_out, settle
from jobs.drafting import checked, draft_of, go_on_at, is_complete, next_step, note, own_assignment
from jobs.lifecycle import REVIEWABLE_STATES, Action
from jobs.notify import show_work
from jobs.origins import independent_origins
from jobs.policy import Policy
from jobs.transitions import advance
from storage.errors import Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, Claim, Person
from storage.practice import is_practice


async def take(ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime, policy: Policy) -> None:
    """Turn an offer into a lease and begin, or go on with, the draft."""
    assignment = await own_assignment(ledger, person, assignment_id)
    if assignment.state is AssignmentState.TAKEN:
        raise Stale("already_taken", claim=assignment.claim_id)
    if assignment.state is not AssignmentState.OFFERED or assignment.expires_at <= now:
        raise Stale("offer_gone")
    claim = await ledger.claims.get(assignment.claim_id)
    if not claim.practice:
        await check_free(ledger, person, claim, policy)
    await ledger.assignments.mark_taken(assignment_id, now, now + policy.lease_lasts)
    if not claim.practice:
        await ledger.leases.begin(assignment_id, now)
    await note(ledger, person, assignment, now, "assignment.taken")
    if claim.state is ClaimState.QUEUED:
        await advance(ledger, claim, Action.START, now, actor=person.id)
    review = await ledger.reviews.open_draft(claim.id, person.id, now)
    await go_on_at(ledger, person, assignment, review, now, policy)
    if not claim.practice:
        await hand_out(ledger, now, policy)


async def check_free(ledger: Ledger, person: Person, claim: Claim, policy: Policy) -> None:
    """Let pass who may take one more claim, if this one still needs them."""
    if claim.state not in REVIEWABLE_STATES:
        raise Stale("offer_gone")
    live = await ledger.assignments.list_live_of(person.id)
    if sum(each.state is AssignmentState.TAKEN for each in live) >= policy.capacity:
        raise Refused("at_capacity", capacity=policy.capacity)


async def pass_on(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime, policy: Policy
) -> Assignment:
    """Say no to an offer, or hand a lease back: the draft is kept, somebody else is asked. Returns what it was."""
    assignment = await own_assignment(ledger, person, assignment_id)
    if assignment.ended_at is not None:
        raise Stale(
            "review_submitted" if assignment.state is AssignmentState.DONE else "offer_gone", claim=assignment.claim_id
        )
    await ledger.assignments.mark_ended(assignment_id, AssignmentState.PASSED, now)
    await note(ledger, person, assignment, now, "assignment.passed")
    await ledger.people.clear_focus(person.id, assignment.claim_id)
    await show_work(ledger, person, assignment_id, now)
    if is_practice(assignment.claim_id):
        await practice.after_pass(ledger, person, now)
    else:
        await settle(ledger, assignment.claim_id, now, policy)
        await hand_out(ledger, now, policy)
    return assignment


async def rate(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, rating: str, now: datetime, policy: Policy
) -> None:
    """Set the rating of the draft. The same rating again changes nothing but the step."""
    policy.rating(rating)
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    if review.rating != rating:
        review = await ledger.reviews.mark_rating(review, rating, now)
        await note(ledger, person, review, now, "review.rated", rating=rating)
    await go_on_at(ledger, person, assignment, review, now, policy)


async def go_to(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, step: Awaiting, now: datetime, policy: Policy
) -> None:
    """Show a step of the review again, to mend it; also how a person comes back to a claim they left."""
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    if step is Awaiting.PREVIEW:
        step = next_step(review, await ledger.reviews.list_sources(review.id), policy)
    await go_on_at(ledger, person, assignment, review, now, policy, step=step)


async def explain(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, text: str, now: datetime, policy: Policy
) -> None:
    """Set the explanation of the draft."""
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    review = await ledger.reviews.mark_explanation(review, checked(text, policy), now)
    await note(ledger, person, review, now, "review.explained")
    await go_on_at(ledger, person, assignment, review, now, policy, fresh=True)


async def submit(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, revision: int, now: datetime, policy: Policy
) -> None:
    """Hand the review in and let the claim move on.

    Args:
        revision: the review's revision on the preview that the person saw.

    Raises:
        Refused: what is still missing. Stale: the draft is not the one on the preview any more.
    """
    _, review = await draft_of(ledger, person, assignment_id, now)
    sources = await ledger.reviews.list_sources(review.id)
    if review.rating is None:
        raise Refused("rating_missing")
    if not all(map(is_complete, sources)):
        raise Refused("source_incomplete")
    if len(sources) < (needed := policy.rating(review.rating).sources):
        raise Refused("sources_missing", needed=needed, have=len(sources))
    if (origins := independent_origins(sources)) < (needed := policy.rating(review.rating).origins):
        raise Refused("origins_missing", needed=needed, have=origins, sources=len(sources))
    if review.explanation is None:
        raise Refused("explanation_missing")
    if review.revision != revision:
        raise Stale("review_changed", claim=review.claim_id)
    review = await ledger.reviews.mark_submitted(review, now)
    await ledger.assignments.mark_ended(assignment_id, AssignmentState.DONE, now)
    await note(ledger, person, review, now, "review.submitted", rating=review.rating)
    await ledger.people.clear_focus(person.id, review.claim_id)
    await show_work(ledger, person, assignment_id, now)
    if is_practice(review.claim_id):
        await practice.after_review(ledger, person, now)
        return
    await ledger.claims.mark_touched(review.claim_id)
    await settle(ledger, review.claim_id, now, policy)
    await hand_out(ledger, now, policy)


async def leave(ledger: Ledger, person: Person, now: datetime) -> int | None:
    """Leave the claim in focus for now; lease and draft stay. Returns its number, None if there was none."""
    focus = await ledger.people.find_focus(person.id)
    if focus is None:
        return None
    await ledger.people.clear_focus(person.id, focus.claim_id)
    assignment = await ledger.assignments.find_live(focus.claim_id, person.id)
    if assignment is not None:
        await show_work(ledger, person, assignment.id, now)
    return focus.claim_id


async def show_again(ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime) -> None:
    """Send the card of an assignment anew at the end of the chat."""
    await own_assignment(ledger, person, assignment_id)
    await show_work(ledger, person, assignment_id, now, fresh=True)
