"""Answering questions about the desk's work: a claim's number, the queue, one's own list, a search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from jobs.dispatch import by_priority
from jobs.policy import Policy
from jobs.requests import canonical
from jobs.search_query import ME
from jobs.search_rank import ranked
from storage.errors import NotAllowed, NotFound, Refused
from storage.figures import ClaimLine, MineLine
from storage.kinds import ClaimState, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person, PersonId
from storage.search.query import SearchQuery
from storage.team import Member

L = TypeVar("L")

WINDOW, WINDOW_MOST = 100, 2_000
"""Claims of a search that are ranked: enough for twenty pages of a chat, and what a script may go on to at most."""

MEMBERS = 20
"""Members of the team on a page: each is one line, and a desk of volunteers fits on two."""

_NUMBER = re.compile(r"\s*(?:#|fc-?|№)?\s*(\d{1,15})\s*", re.IGNORECASE)
_WAITING = (ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.AGREED, ClaimState.DISPUTED)


@dataclass(frozen=True, slots=True)
class Page(Generic[L]):
    """Part of a list: `total` lines in all, or `more` than that; `lines` from `offset` on, at most `size`."""

    lines: list[L]
    total: int
    offset: int
    size: int
    more: bool = False


def parse_claim_number(text: str) -> ClaimId:
    """Read `42`, `#42`, `FC-42` or `৪২` (digits of any script); Refused `status_usage` for anything else."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Refused("status_usage")
    return ClaimId(int(match[1]))


async def find_claim(ledger: Ledger, claim_id: ClaimId) -> Claim:
    """Return the claim with a number, or the one it was merged into; NotFound if the number is nobody's."""
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    return await canonical(ledger, claim)


async def queue_page(ledger: Ledger, now: datetime, policy: Policy, offset: int) -> Page[ClaimLine]:
    """Return a page of what waits for somebody, in the order of priority."""
    total, size = await ledger.backlog.count(_WAITING), policy.page_size
    offset = _within(offset, total, size)
    lines = []
    async for line in by_priority(ledger, _WAITING, now, policy, offset=offset, page=size):
        lines.append(line)
        if len(lines) == size:
            break
    return Page(lines, total, offset, size)


async def mine_page(ledger: Ledger, person: Person, offset: int, policy: Policy) -> Page[MineLine]:
    """Return a page of what a person works on or asked about."""
    return _cut(await ledger.figures.list_mine(person.id), offset, policy)


async def search_page(
    ledger: Ledger, query: SearchQuery, people: Sequence[PersonId] | None, now: datetime, policy: Policy, offset: int
) -> Page[ClaimLine]:
    """Return a page of the claims that answer a query, best first. `people` are whom its `by:` means.

    The newest `WINDOW` that answer it are ranked (more only if the page lies beyond); `more` is set on the page when
    there are others.
    """
    offset = max(0, offset)
    window = min(max(WINDOW, offset + policy.page_size), WINDOW_MOST)
    found = await ledger.finding.find(query, people, window)
    numbers = ranked(found.candidates, query.terms, now)
    lines = await ledger.finding.list_lines(numbers[offset : offset + policy.page_size])
    return Page(lines, len(numbers), offset, policy.page_size, found.more)


async def people_meant(ledger: Ledger, query: SearchQuery, asker: Person | None) -> list[PersonId] | None:
    """Return whom a query's `by:` means, None if it has none. In a group nobody is the asker.

    Raises:
        NotAllowed: `search_by_private`: nobody asks; `search_by_not_allowed`: who is not of the team asks about others.
        Refused: `search_person_unknown`.
    """
    if query.by is None:
        return None
    if asker is None:
        raise NotAllowed("search_by_private")
    if query.by.casefold() in ME:
        return [asker.id]
    if not asker.role.covers(Role.REVIEWER):
        raise NotAllowed("search_by_not_allowed")
    return await people_called(ledger, query.by)


async def people_called(ledger: Ledger, name: str) -> list[PersonId]:
    """Return whom a name or `@username` means; Refused `search_person_unknown` if nobody."""
    found = await ledger.people.list_called(name)
    if not found:
        raise Refused("search_person_unknown", name=name)
    return [person.id for person in found]


async def members_page(ledger: Ledger, offset: int) -> Page[Member]:
    """Return a page of the team."""
    total = await ledger.team.count()
    offset = _within(offset, total, MEMBERS)
    return Page(await ledger.team.list_members(offset=offset, limit=MEMBERS), total, offset, MEMBERS)


def _cut(lines: list[L], offset: int, policy: Policy) -> Page[L]:
    offset = _within(offset, len(lines), policy.page_size)
    return Page(lines[offset : offset + policy.page_size], len(lines), offset, policy.page_size)


def _within(offset: int, total: int, size: int) -> int:
    # A page that has meanwhile run empty shows the last one that has not.
    return min(max(0, offset), max(0, (total - 1) // size * size))
