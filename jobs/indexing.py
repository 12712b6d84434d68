"""Walks over everything the desk keeps, bit by bit: what was taken in under older rules is brought up to today's.

What comes in is indexed when it comes in. A walk is for the rest: the rules of the normal form or of the index have
changed with an upgrade, or a table is new. It goes by the numbers of the claims, notes how far it has come, goes on
from there after a restart, and begins anew when the version of its rules changes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.policy import Policy
from storage.database import Database
from storage.errors import Stale
from storage.indexing import Walk
from storage.ledger import Ledger
from storage.model import Claim, Document
from storage.search import claim_key, normal_form
from storage.search.urls import canonical_url

STEP = 200
"""Claims or documents of one transaction: a tenth of a second or less, in which nothing else can be written."""

MOST = 20_000
"""Claims or documents of one run: some seconds. The next run goes on, and the check sees that the job still runs."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a walk has come: `done` of `total` numbers."""

    name: Walk
    done: int
    total: int

    @property
    def ended(self) -> bool:
        """True if nothing is left to do."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class _Rules:
    """A walk: change `version` with the rules it applies. `step` does some after a number: how many, up to where."""

    version: str
    step: Callable[[Ledger, int], Awaitable[tuple[int, int]]]
    clear: Callable[[Ledger], Awaitable[None]] | None = None


async def index(database: Database, now: datetime, policy: Policy) -> int:
    """Bring each walk on, a short transaction at a time; returns how many claims and documents were done."""
    done = 0
    for name, rules in _WALKS.items():
        while True:
            async with database.write() as ledger:
                step = await _go_on(ledger, name, rules)
            done += step
            if step < STEP or done >= MOST:
                break
    return done


async def progress(ledger: Ledger, name: Walk, version: str) -> Progress:
    """Return how far a walk under the rules of `version` has come."""
    at, total = await ledger.indexing.find(name), await ledger.indexing.newest(name)
    return Progress(name, min(at.upto, total) if at is not None and at.version == version else 0, total)


async def list_progress(ledger: Ledger) -> list[Progress]:
    """Return how far the walks of this room have come."""
    return [await progress(ledger, name, rules.version) for name, rules in _WALKS.items()]


async def _go_on(ledger: Ledger, name: Walk, rules: _Rules) -> int:
    at = await ledger.indexing.find(name)
    if at is None or at.version != rules.version:
        if rules.clear is not None:
            await rules.clear(ledger)
        await ledger.indexing.mark(name, rules.version, 0)
        upto = 0
    else:
        upto = at.upto
    done, reached = await rules.step(ledger, upto)
    if done:
        await ledger.indexing.mark(name, rules.version, reached)
    return done


async def _clear_words(ledger: Ledger) -> None:
    await ledger.index.clear()


async def _index_words(ledger: Ledger, after: int) -> tuple[int, int]:
    claims = await ledger.indexing.list_claims(after, STEP)
    for claim in claims:
        await _index_claim(ledger, claim)
    return len(claims), claims[-1].id if claims else after


async def _index_claim(ledger: Ledger, claim: Claim) -> None:
    words = normal_form(claim.text)
    try:
        async with ledger.savepoint():
            # An editor may have given it a clearer text: its key is that of the words that came in.
            await ledger.claims.mark_words(claim.id, words, claim_key(claim.quote))
    except Stale:
        # Two claims that were taken for different ones are the same by today's rules. The first one keeps the key; to
        # merge them is a person's decision.
        await ledger.claims.mark_words(claim.id, words, None)
    if not await ledger.index.has(claim.id):
        verdict = await ledger.verdicts.find_published(claim.id)
        await ledger.index.add(claim.id, claim.text, "" if verdict is None else verdict.summary)


async def _note_links(ledger: Ledger, after: int) -> tuple[int, int]:
    documents = await ledger.indexing.list_documents(after, STEP)
    for document in documents:
        await note_link(ledger, document)
    return len(documents), documents[-1].id if documents else after


async def note_link(ledger: Ledger, document: Document) -> None:
    """Keep where a document stands on the web, so that another link to the same page finds it."""
    link = None if document.url is None else canonical_url(document.url)
    if link is not None:
        await ledger.indexing.add_link(document.id, link)


_WALKS = {
    Walk.WORDS: _Rules("2", _index_words, _clear_words),
    Walk.LINKS: _Rules("1", _note_links),
}
