"""The sources of a draft: added, described, marked as copies of one another, protected, taken out.

Every function checks afresh whose draft it is (`drafting.draft_of`), and what it changes is a revision of the review.
Marking what is so already changes nothing, so that a button may be pressed twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from jobs.access import require
from jobs.drafting import checked, draft_of, go_on_at, note
from jobs.looking import Look, LookAt
from jobs.notify import tell
from jobs.origins import joined, parted
from jobs.policy import Policy
from storage.errors import NotAllowed, NotFound, Refused
from storage.kinds import Awaiting, ReviewState, Role, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, Person, Review, Source, SourceId
from storage.values import SentFile

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?)]}।"


async def take_text(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, text: str, now: datetime, policy: Policy
) -> None:
    """Take in what a reviewer wrote at their sources: a part of the source they look at, if they were asked for one."""
    focus = await ledger.people.find_focus(person.id)
    look = None if focus is None else Look.read(focus.awaiting, focus.detail)
    if look is None or look.at is LookAt.MENU:
        await add_source(ledger, person, assignment_id, text, now, policy)
        return
    at = (ledger, person, assignment_id, look.source, text, now, policy)
    match look.at:
        case LookAt.QUOTE:
            await quote_source(*at)
        case LookAt.ARCHIVE:
            await archive_source(*at)
        case LookAt.PROTECTION:
            await protect_source(*at)


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


async def add_file(
    ledger: Ledger,
    person: Person,
    assignment_id: AssignmentId,
    file: SentFile,
    title: str,
    now: datetime,
    policy: Policy,
) -> None:
    """Add a photo or document as a source. The file stays with Telegram; `hashing` keeps the hash of its bytes."""
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    title = checked(title, policy)
    known = await ledger.reviews.list_sources(review.id)
    if file.unique_id in {source.file_unique_id for source in known}:
        raise Refused("source_known")
    if len(known) >= policy.source_max:
        raise Refused("source_too_many", most=policy.source_max)
    review, source_id = await ledger.reviews.add_source(review, url=None, title=title, now=now, file=file)
    await ledger.fetches.add(file, now)
    await note(ledger, person, review, now, "review.source_added", source=source_id, file=file.unique_id, title=title)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE, fresh=True)


async def show_file(ledger: Ledger, person: Person, source_id: SourceId, now: datetime) -> None:
    """Send somebody the file of a source: its reviewer, and editors once the review is handed in.

    Raises:
        NotAllowed: `file_not_yours`: it is protected, or not yet handed in. NotFound: `source_not_found`.
    """
    require(person, Role.REVIEWER)
    review, source = await ledger.reviews.get_source(source_id)
    handed_in = review.state is ReviewState.SUBMITTED and person.role.covers(Role.EDITOR)
    if review.person_id != person.id and (source.protected or not handed_in):
        raise NotAllowed("file_not_yours")
    if source.file_id is None:
        raise NotFound("source_not_found")
    await tell(ledger, person, "file_shown", now, source=source_id)


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
    """Take a source out of the draft. Copies of it stay copies of one another."""
    assignment, review, sources, source = await _source_of(ledger, person, assignment_id, source_id, now)
    # Before it goes, because its number may be given to another source later.
    if changes := parted(sources, source):
        review = await ledger.reviews.mark_origins(review, changes, now)
    review = await ledger.reviews.remove_source(review, source_id, now)
    await note(ledger, person, review, now, "review.source_removed", source=source_id)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)


async def look_at(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, look: Look, now: datetime, policy: Policy
) -> None:
    """Show one source with what can be done about it, or ask for a part of it."""
    assignment, review, _, _ = await _source_of(ledger, person, assignment_id, look.source, now)
    await _look(ledger, person, assignment, review, look, now, policy)


async def mark_copy(
    ledger: Ledger,
    person: Person,
    assignment_id: AssignmentId,
    source_id: SourceId,
    of: SourceId,
    now: datetime,
    policy: Policy,
) -> None:
    """Count a source as a copy of another: both, and the copies of each, go back to one origin."""
    assignment, review, sources, source = await _source_of(ledger, person, assignment_id, source_id, now)
    if changes := joined(sources, source, _one_of(sources, of)):
        review = await ledger.reviews.mark_origins(review, changes, now)
        await note(ledger, person, review, now, "review.source_copied", source=source_id, copy_of=of)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)


async def mark_apart(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, source_id: SourceId, now: datetime, policy: Policy
) -> None:
    """Let a source stand for itself again."""
    assignment, review, sources, source = await _source_of(ledger, person, assignment_id, source_id, now)
    if changes := parted(sources, source):
        review = await ledger.reviews.mark_origins(review, changes, now)
        await note(ledger, person, review, now, "review.source_parted", source=source_id)
    await go_on_at(ledger, person, assignment, review, now, policy, step=Awaiting.SOURCE)


async def quote_source(
    ledger: Ledger,
    person: Person,
    assignment_id: AssignmentId,
    source_id: SourceId,
    text: str,
    now: datetime,
    policy: Policy,
) -> None:
    """Keep the words of a source that matter."""
    assignment, review, _, _ = await _source_of(ledger, person, assignment_id, source_id, now)
    review = await ledger.reviews.mark_source(review, source_id, now, quote=checked(text, policy))
    await note(ledger, person, review, now, "review.source_quoted", source=source_id)
    await _look(ledger, person, assignment, review, Look(source_id), now, policy, fresh=True)


async def archive_source(
    ledger: Ledger,
    person: Person,
    assignment_id: AssignmentId,
    source_id: SourceId,
    text: str,
    now: datetime,
    policy: Policy,
) -> None:
    """Keep the address under which a source can be seen even if it changes or goes away.

    Raises:
        Refused: `archive_not_address`.
    """
    assignment, review, _, _ = await _source_of(ledger, person, assignment_id, source_id, now)
    address = checked(text, policy)
    if _ADDRESS.fullmatch(address) is None:
        raise Refused("archive_not_address")
    review = await ledger.reviews.mark_source(review, source_id, now, archived_url=address)
    await note(ledger, person, review, now, "review.source_archived", source=source_id)
    await _look(ledger, person, assignment, review, Look(source_id), now, policy, fresh=True)


async def protect_source(
    ledger: Ledger,
    person: Person,
    assignment_id: AssignmentId,
    source_id: SourceId,
    description: str,
    now: datetime,
    policy: Policy,
) -> None:
    """Hide from everybody else what a source is; they read the description.

    Raises:
        Refused: `description_has_address`: it would tell what it is to hide.
    """
    assignment, review, _, _ = await _source_of(ledger, person, assignment_id, source_id, now)
    description = checked(description, policy)
    if _ADDRESS.search(description):
        raise Refused("description_has_address")
    review = await ledger.reviews.mark_protected(review, source_id, now, description=description)
    await note(ledger, person, review, now, "review.source_protected", source=source_id)
    await _look(ledger, person, assignment, review, Look(source_id), now, policy, fresh=True)


async def unprotect_source(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, source_id: SourceId, now: datetime, policy: Policy
) -> None:
    """Let everybody see a source again."""
    assignment, review, _, source = await _source_of(ledger, person, assignment_id, source_id, now)
    if source.protected:
        review = await ledger.reviews.mark_protected(review, source_id, now, description=None)
        await note(ledger, person, review, now, "review.source_unprotected", source=source_id)
    await _look(ledger, person, assignment, review, Look(source_id), now, policy)


async def _source_of(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, source_id: SourceId, now: datetime
) -> tuple[Assignment, Review, list[Source], Source]:
    assignment, review = await draft_of(ledger, person, assignment_id, now)
    sources = await ledger.reviews.list_sources(review.id)
    return assignment, review, sources, _one_of(sources, source_id)


def _one_of(sources: Sequence[Source], source_id: SourceId) -> Source:
    for source in sources:
        if source.id == source_id:
            return source
    raise NotFound("source_not_found")


async def _look(
    ledger: Ledger,
    person: Person,
    assignment: Assignment,
    review: Review,
    look: Look,
    now: datetime,
    policy: Policy,
    *,
    fresh: bool = False,
) -> None:
    step, detail = look.focus
    await go_on_at(ledger, person, assignment, review, now, policy, step=step, detail=detail, fresh=fresh)
