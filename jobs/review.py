"""A reviewer's work on one claim, step by step. Each step is one row or two, so that a restart loses nothing.

Every function checks afresh that the person is a reviewer and that the assignment is their own, taken, and not run out:
the button that led here may be of yesterday, or of somebody else. Practice goes the same way, and stops before
anything that the desk would notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from jobs import practice
from jobs.access import require
from jobs.dispatch import hand_out, settle
from jobs.lifecycle import REVIEWABLE_STATES, Action
from jobs.notify import show_work
from jobs.policy import Policy
from jobs.transitions import advance
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, ReviewState, Role, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, Claim, Person, Review, Source, SourceId
from storage.practice import is_practice

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}।"


def is_complete(source: Source) -> bool:
    """True if a source has its kind and its stance."""
    return source.kind is not None and source.stance is not None


def next_step(review: Review | None, sources: Sequence[Source], policy: Policy) -> Awaiting:
    """Return the first step that a review still lacks: rating, enough complete sources, explanation; else preview."""
    if review is None or review.rating is None:
        return Awaiting.RATING
    if not all(map(is_complete, sources)) or len(sources) < policy.rating(review.rating).sources:
        return Awaiting.SOURCE
    return Awaiting.EXPLANATION if review.explanation is None else Awaiting.PREVIEW


async def take(ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime, policy: Policy) -> None:
    """Turn an offer into a lease and begin, or go on with, the draft."""
    assignment = await _own(ledger, person, assignment_id)
    if assignment.state is AssignmentState.TAKEN:
        raise Stale("already_taken", claim=assignment.claim_id)
    if assignment.state is not AssignmentState.OFFERED or assignment.expires_at <= now:
        raise Stale("offer_gone")
    claim = await ledger.claims.get(assignment.claim_id)
    if not claim.practice:
        await check_free(ledger, person, claim, policy)
    await ledger.assignments.mark_taken(assignment_id, now, now + policy.lease_lasts)
    await _audit(ledger, person, assignment, now, "assignment.taken")
    if claim.state is ClaimState.QUEUED:
        await advance(ledger, claim, Action.START, now, actor=person.id)
    review = await ledger.reviews.open_draft(claim.id, person.id, now)
    await _focus(ledger, person, assignment, review, now, policy)
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
    assignment = await _own(ledger, person, assignment_id)
    if assignment.ended_at is not None:
        raise Stale(
            "review_submitted" if assignment.state is AssignmentState.DONE else "offer_gone", claim=assignment.claim_id
        )
    await ledger.assignments.mark_ended(assignment_id, AssignmentState.PASSED, now)
    await _audit(ledger, person, assignment, now, "assignment.passed")
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
    assignment, review = await _draft(ledger, person, assignment_id, now)
    if review.rating != rating:
        review = await ledger.reviews.mark_rating(review, rating, now)
        await _audit(ledger, person, review, now, "review.rated", rating=rating)
    await _focus(ledger, person, assignment, review, now, policy)


async def go_to(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, step: Awaiting, now: datetime, policy: Policy
) -> None:
    """Show a step of the review again, to mend it; also how a person comes back to a claim they left."""
    assignment, review = await _draft(ledger, person, assignment_id, now)
    if step is Awaiting.PREVIEW:
        step = next_step(review, await ledger.reviews.list_sources(review.id), policy)
    await _focus(ledger, person, assignment, review, now, policy, step=step)


async def add_source(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, text: str, now: datetime, policy: Policy
) -> None:
    """Add what a message gives as evidence: each address in it is a source; without one, its words are."""
    assignment, review = await _draft(ledger, person, assignment_id, now)
    text = _checked(text, policy)
    known = await ledger.reviews.list_sources(review.id)
    addresses = list(dict.fromkeys(match.rstrip(_AFTER_ADDRESS) for match in _ADDRESS.findall(text)))
    found: list[tuple[str | None, str | None]]
    if len(addresses) == 1:
        found = [(addresses[0], " ".join(_ADDRESS.sub(" ", text).split()) or None)]
    else:
        found = [(address, None) for address in addresses] or [(None, text)]
    have = {(source.url, None if source.url else source.title) for source in known}
    new = [(url, title) for url, title in found if (url, None if url else title) not in have]
    if not new:
        raise Refused("source_known")
    if len(known) + len(new) > policy.source_max:
        raise Refused("source_too_many", most=policy.source_max)
    for url, title in new:
        review, source_id = await ledger.reviews.add_source(review, url=url, title=title, now=now)
        await _audit(ledger, person, review, now, "review.source_added", source=source_id, url=url, title=title)
    await _focus(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE, fresh=True)


async def describe_source(
    ledger: Ledger,
    person: Person,
    assignment_id: AssignmentId,
    source_id: SourceId,
    now: datetime,
    policy: Policy,
    *,
    kind: SourceKind | None = None,
    stance: Stance | None = None,
) -> None:
    """Set a source's kind or stance."""
    assignment, review = await _draft(ledger, person, assignment_id, now)
    review = await ledger.reviews.mark_source(review, source_id, now, kind=kind, stance=stance)
    await _audit(ledger, person, review, now, "review.source_described", source=source_id, kind=kind, stance=stance)
    await _focus(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)


async def remove_source(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, source_id: SourceId, now: datetime, policy: Policy
) -> None:
    """Take a source out of the draft."""
    assignment, review = await _draft(ledger, person, assignment_id, now)
    review = await ledger.reviews.remove_source(review, source_id, now)
    await _audit(ledger, person, review, now, "review.source_removed", source=source_id)
    await _focus(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)


async def explain(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, text: str, now: datetime, policy: Policy
) -> None:
    """Set the explanation of the draft."""
    assignment, review = await _draft(ledger, person, assignment_id, now)
    review = await ledger.reviews.mark_explanation(review, _checked(text, policy), now)
    await _audit(ledger, person, review, now, "review.explained")
    await _focus(ledger, person, assignment, review, now, policy, fresh=True)


async def submit(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, revision: int, now: datetime, policy: Policy
) -> None:
    """Hand the review in and let the claim move on.

    Args:
        revision: the review's revision on the preview that the person saw.

    Raises:
        Refused: what is still missing. Stale: the draft is not the one on the preview any more.
    """
    _, review = await _draft(ledger, person, assignment_id, now)
    sources = await ledger.reviews.list_sources(review.id)
    if review.rating is None:
        raise Refused("rating_missing")
    if not all(map(is_complete, sources)):
        raise Refused("source_incomplete")
    if len(sources) < (needed := policy.rating(review.rating).sources):
        raise Refused("sources_missing", needed=needed, have=len(sources))
    if review.explanation is None:
        raise Refused("explanation_missing")
    if review.revision != revision:
        raise Stale("review_changed", claim=review.claim_id)
    review = await ledger.reviews.mark_submitted(review, now)
    await ledger.assignments.mark_ended(assignment_id, AssignmentState.DONE, now)
    await _audit(ledger, person, review, now, "review.submitted", rating=review.rating)
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
    await _own(ledger, person, assignment_id)
    await show_work(ledger, person, assignment_id, now, fresh=True)


async def _own(ledger: Ledger, person: Person, assignment_id: AssignmentId) -> Assignment:
    require(person, Role.REVIEWER)
    assignment = await ledger.assignments.get(assignment_id)
    if assignment.person_id != person.id:
        raise NotAllowed("offer_not_yours")
    return assignment


async def _draft(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime
) -> tuple[Assignment, Review]:
    assignment = await _own(ledger, person, assignment_id)
    match assignment.state:
        case AssignmentState.TAKEN if assignment.expires_at > now:
            review = await ledger.reviews.get_live(assignment.claim_id, person.id)
            if review.state is not ReviewState.DRAFT:
                raise Stale("review_submitted", claim=assignment.claim_id)
            return assignment, review
        case AssignmentState.TAKEN | AssignmentState.EXPIRED:
            raise Stale("lease_expired", claim=assignment.claim_id)
        case AssignmentState.OFFERED:
            raise Stale("lease_not_taken", claim=assignment.claim_id)
        case AssignmentState.DONE:
            raise Stale("review_submitted", claim=assignment.claim_id)
        case _:
            raise Stale("offer_gone")


async def _focus(
    ledger: Ledger,
    person: Person,
    assignment: Assignment,
    review: Review,
    now: datetime,
    policy: Policy,
    *,
    step: Awaiting | None = None,
    fresh: bool = False,
) -> None:
    """Put the person's focus on the claim, at `step` or at what the review lacks next, and show its card."""
    if step is None:
        step = next_step(review, await ledger.reviews.list_sources(review.id), policy)
    before = await ledger.people.find_focus(person.id)
    if before is None or (before.claim_id, before.awaiting) != (assignment.claim_id, step):
        await ledger.people.mark_focus(person.id, assignment.claim_id, step, now)
    await show_work(ledger, person, assignment.id, now, fresh=fresh)
    if before is not None and before.claim_id != assignment.claim_id:
        other = await ledger.assignments.find_live(before.claim_id, person.id)
        if other is not None:
            await show_work(ledger, person, other.id, now)


async def _audit(
    ledger: Ledger, person: Person, of: Assignment | Review, now: datetime, action: str, **data: object
) -> None:
    if is_practice(of.claim_id):
        return
    about = {"assignment": of.id} if isinstance(of, Assignment) else {"review": of.id, "revision": of.revision}
    await ledger.audit.append(action, "claim", of.claim_id, now, actor=person.id, data={**about, **data})


def _checked(text: str, policy: Policy) -> str:
    text = text.strip()
    if not text:
        raise Refused("text_empty")
    if len(text) > policy.text_max:
        raise Refused("text_too_long", longest=policy.text_max)
    return text
