"""Answering questions about the desk's work: a claim's number, the queue, one's own list, a search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from jobs.dispatch import by_priority
from jobs.policy import Policy
from jobs.requests import canonical
from storage.errors import NotFound, Refused
from storage.figures import ClaimLine, MineLine
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, ClaimState, Person
from storage.search import normal_form

L = TypeVar("L")

_NUMBER = re.compile(r"\s*(?:#|fc-?|№)?\s*(\d{1,15})\s*", re.IGNORECASE)
_WAITING = (ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.AGREED, ClaimState.DISPUTED)


@dataclass(frozen=True, slots=True)
class Page(Generic[L]):
    """Part of a list: `total` lines in all, `lines` from `offset` on, at most `size`."""

    lines: list[L]
    total: int
    offset: int
    size: int


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
    lines = [line for line in await ledger.figures.list_open() if line.claim.state in _WAITING]
    return _cut(by_priority(lines, now, policy), offset, policy)


async def mine_page(ledger: Ledger, person: Person, offset: int, policy: Policy) -> Page[MineLine]:
    """Return a page of what a person works on or asked about."""
    return _cut(await ledger.figures.list_mine(person.id), offset, policy)


async def search_page(ledger: Ledger, query: str, offset: int, policy: Policy) -> Page[ClaimLine]:
    """Return a page of the claims that hold every word of a query, or words that begin with them, best first.

    Raises:
        Refused: `search_usage` for a query without any word.
    """
    words = [word for word in re.split(r"[^\w\u0900-\u0DFF]+", normal_form(query)) if word]
    if not words:
        raise Refused("search_usage")
    # Quoted, so that nothing in a query is read as FTS5's own syntax.
    match = " ".join(f'"{word}"*' for word in words[:20])
    offset = max(0, offset)
    lines, total = await ledger.figures.search(match, limit=policy.page_size, offset=offset)
    return Page(lines, total, offset, policy.page_size)


def _cut(lines: list[L], offset: int, policy: Policy) -> Page[L]:
    # A page that has meanwhile run empty shows the last one that has not.
    last = max(0, (len(lines) - 1) // policy.page_size * policy.page_size)
    offset = min(max(0, offset), last)
    return Page(lines[offset : offset + policy.page_size], len(lines), offset, policy.page_size)
