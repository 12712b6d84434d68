"""Practice: a reviewer works past claims with the real cards, and then sees what the desk had found.

The steps of a review are those of `jobs/review.py`, on rows of the same tables. What the desk would do with real work
is left out there and here: nothing is offered to others, counted, settled, announced or audited. This room gives the
claims out one at a time, and compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobs.access import require
from jobs.notify import private_chat, show_work
from jobs.policy import Policy
from jobs.seeding import read_seed
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import AssignmentState, DocumentKind, Role, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import AssignmentId, Person, PersonId
from storage.practice import Progress
from storage.verdicts import VerdictSource

CARD = "practice"
"""The card in a person's chat that says what practice is and how far they are."""


class Agreement(StrEnum):
    """How a rating stands to the desk's own. `apart`: one of the two does not lie between true and false."""

    SAME = "same"
    NEXT = "next"
    FAR = "far"
    APART = "apart"


def compare(rating: str, desks: str, policy: Policy) -> Agreement:
    """Return how far a rating is from the desk's, by their places on the scale."""
    if rating == desks:
        return Agreement.SAME
    places = {each.key: each.ordinal for each in policy.scale}
    one, other = places.get(rating), places.get(desks)
    if one is None or other is None:
        return Agreement.APART
    return Agreement.NEXT if abs(one - other) == 1 else Agreement.FAR


async def show(ledger: Ledger, person: Person, now: datetime, policy: Policy) -> None:
    """Say what practice is and how far the person is, in a new message; loads the claims when first needed."""
    require(person, Role.REVIEWER)
    await _load(ledger, policy)
    await _overview(ledger, person, now, fresh=True)


async def go_on(
    ledger: Ledger, person: Person, owner: PersonId, mark: AssignmentId, now: datetime, policy: Policy
) -> None:
    """Offer a person their next practice claim.

    Args:
        owner, mark: whose button it was, and `Progress.mark` as it was then.

    Raises:
        Stale: `practice_moved_on`, the button is of before; Refused: `practice_done`, nothing is left in this round.
    """
    progress = await _progress(ledger, person, owner)
    if progress.mark != mark:
        raise Stale("practice_moved_on")
    if progress.open is not None and progress.open.expires_at > now:
        raise Stale("practice_moved_on")
    await _offer(ledger, person, progress, now, policy)


async def stop(ledger: Ledger, person: Person, owner: PersonId, now: datetime) -> None:
    """End practice for now. A draft is kept, and comes first when the person goes on. Twice is the same as once."""
    progress = await _progress(ledger, person, owner)
    if progress.open is None:
        return
    await ledger.assignments.mark_ended(progress.open.id, AssignmentState.WITHDRAWN, now)
    await ledger.people.clear_focus(person.id, progress.open.claim_id)
    await show_work(ledger, person, progress.open.id, now)
    await _overview(ledger, person, now)


async def start_over(
    ledger: Ledger, person: Person, owner: PersonId, mark: AssignmentId, now: datetime, policy: Policy
) -> None:
    """Begin a new round: the reviews of this one are kept and no longer count. Only once all claims are done."""
    progress = await _progress(ledger, person, owner)
    if progress.mark != mark or progress.done < progress.cases:
        raise Stale("practice_moved_on")
    for review in await ledger.practice.list_submitted(person.id):
        await ledger.reviews.mark_withdrawn(review, now)
    await _offer(ledger, person, progress, now, policy)


async def after_review(ledger: Ledger, person: Person, now: datetime) -> None:
    """Note that a practice review was handed in. After the last one the person hears how it went."""
    progress = await ledger.practice.progress(person.id)
    await _overview(ledger, person, now, fresh=progress.done == progress.cases)


async def after_pass(ledger: Ledger, person: Person, now: datetime) -> None:
    """Note that a practice claim was passed over or handed back."""
    await _overview(ledger, person, now)


async def _progress(ledger: Ledger, person: Person, owner: PersonId) -> Progress:
    require(person, Role.REVIEWER)
    if person.id != owner:
        raise NotAllowed("offer_not_yours")
    return await ledger.practice.progress(person.id)


async def _offer(ledger: Ledger, person: Person, before: Progress, now: datetime, policy: Policy) -> None:
    if before.open is not None:
        # Its time ran out, and the clock's job has not come by yet.
        await ledger.assignments.mark_ended(before.open.id, AssignmentState.EXPIRED, now)
        await ledger.people.clear_focus(person.id, before.open.claim_id)
    claim_id = await ledger.practice.find_next(person.id, person.language)
    if claim_id is None:
        raise Refused("practice_done")
    assignment = await ledger.assignments.add_offer(claim_id, person.id, now, now + policy.offer_lasts)
    if before.newest is not None:
        await show_work(ledger, person, before.newest.id, now)
    await _overview(ledger, person, now)
    await show_work(ledger, person, assignment.id, now)


async def _overview(ledger: Ledger, person: Person, now: datetime, *, fresh: bool = False) -> None:
    chat = private_chat(person)
    if fresh:
        await ledger.outbox.forget_card(chat, CARD)
    elif not await ledger.outbox.shows(chat, CARD):
        return
    await ledger.outbox.enqueue(chat, "practice_shown", {}, now, person_id=person.id, card=CARD)


async def _load(ledger: Ledger, policy: Policy) -> None:
    """Bring in the practice claims that are not there yet; nobody hears of it. One rated off the scale is left out."""
    scale = {rating.key for rating in policy.scale}
    for case in read_cases():
        key = f"practice:{case['name']}"
        if case["rating"] not in scale or await ledger.claims.find_by_key(key) is not None:
            continue
        decided_at = datetime.fromisoformat(case["decided_at"])
        document = await ledger.documents.add(
            kind=DocumentKind.SEED,
            # No hash of a text has such letters: the same text can still come in as a rumour.
            content_hash=f"{key:.<64}",
            text=case["claim"],
            title=None,
            publisher=None,
            url=None,
            language=case["language"],
            submitted_by=None,
            published_at=None,
            now=decided_at,
        )
        await ledger.practice.add(
            document_id=document.id,
            key=key,
            text=case["claim"],
            language=case["language"],
            rating=case["rating"],
            summary=case["summary"],
            sources=[_source(each, decided_at) for each in case["sources"]],
            decided_at=decided_at,
        )


def read_cases() -> Iterator[dict[str, Any]]:
    """Yield the cases of `seeds/practice.json`; one with a `past` is that past fact-check of `seeds/verdicts.json`."""
    past = {each["claim"]: each for each in read_seed("verdicts.json")}
    for case in read_seed("practice.json"):
        yield {**past[case["past"]], "name": case["name"]} if "past" in case else case


def _source(seed: dict[str, str], accessed_at: datetime) -> VerdictSource:
    return VerdictSource(
        url=seed["url"],
        title=seed["title"],
        kind=SourceKind(seed["kind"]),
        stance=Stance(seed["stance"]),
        accessed_at=accessed_at,
        archived_url=None,
    )
