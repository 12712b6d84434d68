"""The sources of a draft: added, described, marked as copies of one another, taken out.

Every function checks afresh whose draft it is (`drafting.draft_of`), and what it changes is a revision of the review.
"""

from __future__ import annotations

import re
from datetime import datetime

from jobs.drafting import checked, draft_of, go_on_at, note
from jobs.policy import Policy
from storage.errors import Refused
from storage.kinds import Awaiting, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import AssignmentId, Person, SourceId

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}।"


async def add_source(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, text: str, now: datetime, policy: Policy
) -> None:
    """Add what a message gives as evidence: each address in it is a source; without one, its words are."""
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    text = checked(text, policy)
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
        await note(ledger, person, review, now, "review.source_added", source=source_id, url=url, title=title)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE, fresh=True)


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
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    review = await ledger.reviews.mark_source(review, source_id, now, kind=kind, stance=stance)
    await note(ledger, person, review, now, "review.source_described", source=source_id, kind=kind, stance=stance)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)


async def remove_source(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, source_id: SourceId, now: datetime, policy: Policy
) -> None:
    """Take a source out of the draft."""
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    review = await ledger.reviews.remove_source(review, source_id, now)
    await note(ledger, person, review, now, "review.source_removed", source=source_id)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)
