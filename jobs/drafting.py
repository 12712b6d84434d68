"""What every step of a review begins and ends with: whose draft is it, what does it lack, and which step is shown.

Practice goes the same way as real work, and writes no audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobs.access import require
from jobs.notify import show_work
from jobs.origins import independent_origins
from jobs.policy import Policy
from jobs.policy_values import Rating
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ReviewState, Role
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, Person, Review, Source
from storage.practice import is_practice


def is_complete(source: Source) -> bool:
    """True if a source has its kind and its stance, and a protected one its description."""
    described = source.description is not None or not source.protected
    return source.kind is not None and source.stance is not None and described


def are_enough(sources: Sequence[Source], rating: Rating) -> bool:
    """True if sources are as many as the rating asks for, and of as many independent origins."""
    return len(sources) >= rating.sources and independent_origins(sources) >= rating.origins


def next_step(review: Review | None, sources: Sequence[Source], policy: Policy) -> Awaiting:
    """Return the first step that a review still lacks: rating, enough complete sources, explanation; else preview."""
    if review is None or review.rating is None:
        return Awaiting.RATING
    if not all(map(is_complete, sources)) or not are_enough(sources, policy.rating(review.rating)):
        return Awaiting.SOURCE
    return Awaiting.EXPLANATION if review.explanation is None else Awaiting.PREVIEW


async def own_assignment(ledger: Ledger, person: Person, assignment_id: AssignmentId) -> Assignment:
    """Return an assignment of the person's own; NotAllowed if it is somebody else's, or they review no longer."""
    require(person, Role.REVIEWER)
    assignment = await ledger.assignments.get(assignment_id)
    if assignment.person_id != person.id:
        raise NotAllowed("offer_not_yours")
    return assignment


async def draft_of(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime
) -> tuple[Assignment, Review]:
    """Return a live lease of the person's own with its draft; Stale, with the reason, if it is none any more."""
    assignment = await own_assignment(ledger, person, assignment_id)
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


async def go_on_at(
    ledger: Ledger,
    person: Person,
    assignment: Assignment,
    review: Review,
    now: datetime,
    policy: Policy,
    *,
    step: Awaiting | None = None,
    detail: str | None = None,
    fresh: bool = False,
) -> None:
    """Put the person's focus on the claim, at `step` or at what the review lacks next, and show its card.

    Args:
        detail: which source the step is about (`looking.Look`).
    """
    if step is None:
        step = next_step(review, await ledger.reviews.list_sources(review.id), policy)
    before = await ledger.people.find_focus(person.id)
    if before is None or (before.claim_id, before.awaiting, before.detail) != (
        assignment.claim_id,
        step,
        detail,
    ):
        await ledger.people.mark_focus(person.id, assignment.claim_id, step, now, detail=detail)
    await show_work(ledger, person, assignment.id, now, fresh=fresh)
    if before is not None and before.claim_id != assignment.claim_id:
        other = await ledger.assignments.find_live(before.claim_id, person.id)
        if other is not None:
            await show_work(ledger, person, other.id, now)


async def note(
    ledger: Ledger, person: Person, of: Assignment | Review, now: datetime, action: str, **data: object
) -> None:
    """Write a step of the work into the audit log; practice leaves no trace there."""
    if is_practice(of.claim_id):
        return
    about = {"assignment": of.id} if isinstance(of, Assignment) else {"review": of.id, "revision": of.revision}
    await ledger.audit.append(action, "claim", of.claim_id, now, actor=person.id, data={**about, **data})


def checked(text: str, policy: Policy, empty: str = "text_empty", **data: object) -> str:
    """Return a text without the space around it; Refused `empty` (with `data`) or `text_too_long`."""
    text = text.strip()
    if not text:
        raise Refused(empty, **data)
    if len(text) > policy.text_max:
        raise Refused("text_too_long", longest=policy.text_max)
    return text
