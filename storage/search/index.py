"""The index of claims by their terms, as SQL: what finds a known claim in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from storage.engines.base import Session
from storage.model import ClaimId
from storage.search.terms import index_terms

BUDGET = 20_000
"""Claims that the terms of one search may stand in together: what is looked through and scored for it."""

_FEWEST = 3
"""Terms that are looked for whatever they cost."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that shares terms with what was looked for. `weight`: the more and the rarer they are, the greater."""

    claim_id: ClaimId
    weight: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """What `Index.candidates` found, best first, and how much each term looked for says (by its rarity, 0–1)."""

    found: list[Candidate]
    weights: dict[str, float]


class Index:
    """SQL on `claim_stems`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, claim_id: ClaimId, text: str, about: str) -> None:
        """Make a claim findable: by its text, and by what is written about it (a title, the body of a fact-check)."""
        await self._session.execute(
            "INSERT INTO claim_stems (rowid, text, about) VALUES (:id, :text, :about)",
            {"id": claim_id, "text": index_terms(text), "about": index_terms(about)},
        )

    async def remove(self, claim_id: ClaimId, text: str, about: str) -> None:
        """Forget a claim; `text` and `about` must be those it was added with, because the index does not keep them."""
        await self._session.execute(
            "INSERT INTO claim_stems (claim_stems, rowid, text, about) VALUES ('delete', :id, :text, :about)",
            {"id": claim_id, "text": index_terms(text), "about": index_terms(about)},
        )

    async def has(self, claim_id: ClaimId) -> bool:
        """Return True if a claim is in the index."""
        return (
            await self._session.fetch_one("SELECT rowid FROM claim_stems WHERE rowid = :id", {"id": claim_id})
            is not None
        )

    async def clear(self) -> None:
        """Forget every claim."""
        await self._session.execute("INSERT INTO claim_stems (claim_stems) VALUES ('delete-all')")

    async def candidates(self, terms: Sequence[str], limit: int = 50) -> Candidates:
        """Return claims that share terms with `terms` (see `query_terms`), best first, and what each term says.

        The rarest terms are looked for, as many as together stand in no more than `BUDGET` claims: so a small desk
        looks for all of them, and a large one takes no longer.
        """
        counts = await self._counts(terms)
        if not counts:
            return Candidates([], {})
        row = await self._session.fetch_one("SELECT count(*) FROM claim_stems_docsize")
        total = 1 if row is None else int(row[0])
        rarest = sorted(counts, key=lambda term: (counts[term], term))
        asked, spent = rarest[:_FEWEST], sum(counts[term] for term in rarest[:_FEWEST])
        for term in rarest[_FEWEST:]:
            spent += counts[term]
            if spent > BUDGET:
                break
            asked.append(term)
        rows = await self._session.fetch_all(
            """
            SELECT rowid, -bm25(claim_stems) FROM claim_stems WHERE claim_stems MATCH :query ORDER BY rank LIMIT :limit
            """,
            {"query": " OR ".join(f'"{term}"' for term in asked), "limit": limit},
        )
        weights = {term: log1p(total / counts[term]) / log1p(total) for term in counts}
        return Candidates([Candidate(ClaimId(row[0]), float(row[1])) for row in rows], weights)

    async def _counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return in how many claims each term stands; terms of no claim are left out."""
        found = {}
        for term in dict.fromkeys(terms):
            row = await self._session.fetch_one("SELECT doc FROM claim_stem_counts WHERE term = :term", {"term": term})
            if row is not None:
                found[term] = int(row[0])
        return found
