"""The index of claims by their terms, as SQL: what finds a known claim in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.engines.base import Session
from storage.model import ClaimId
from storage.search.terms import index_terms


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
        """Return claims that share terms with `terms` (see `query_terms`), best first."""
        if not terms:
            return Candidates([], {})
        rows = await self._session.fetch_all(
            """
            SELECT rowid, -bm25(claim_stems) FROM claim_stems WHERE claim_stems MATCH :query ORDER BY rank LIMIT :limit
            """,
            {"query": " OR ".join(f'"{term}"' for term in terms), "limit": limit},
        )
        return Candidates([Candidate(ClaimId(row[0]), float(row[1])) for row in rows], dict.fromkeys(terms, 1.0))
