"""Embeddings of claims, as SQL. A vector is bytes here: how long it is and what it means is the model's matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.engines.base import Session
from storage.model import ClaimId


@dataclass(frozen=True, slots=True)
class Kept:
    """The vector of a claim, and the language that the claim is in."""

    claim_id: ClaimId
    vector: bytes
    language: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A claim that has no vector, with its text and language; `first` is the first claim of its document."""

    claim_id: ClaimId
    text: str
    language: str
    first: ClaimId


class Vectors:
    """SQL on `claim_vectors`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add_many(self, vectors: Iterable[tuple[ClaimId, bytes]]) -> None:
        """Keep the vectors of some claims; those there already are replaced."""
        await self._session.execute_many(
            """
            INSERT INTO claim_vectors (claim_id, vector) VALUES (:id, :vector)
            ON CONFLICT (claim_id) DO UPDATE SET vector = excluded.vector
            """,
            [{"id": claim_id, "vector": vector} for claim_id, vector in vectors],
        )

    async def count(self) -> int:
        """Return how many claims have a vector."""
        row = await self._session.fetch_one("SELECT count(*) FROM claim_vectors")
        return 0 if row is None else int(row[0])

    async def list_block(self, after: int, limit: int) -> list[Kept]:
        """Return the next vectors by the number of their claim, from the first beyond `after` on."""
        rows = await self._session.fetch_all(
            """
            SELECT v.claim_id, v.vector, c.language FROM claim_vectors v JOIN claims c ON c.id = v.claim_id
            WHERE v.claim_id > :after ORDER BY v.claim_id LIMIT :limit
            """,
            {"after": after, "limit": limit},
        )
        return [Kept(ClaimId(row[0]), row[1], row[2]) for row in rows]

    async def list_missing(self, after: int, limit: int) -> list[Missing]:
        """Return the next claims without a vector; those for practice are not among them."""
        rows = await self._session.fetch_all(
            """
            SELECT id, text, language, (SELECT min(id) FROM claims d WHERE d.document_id = c.document_id)
            FROM claims c WHERE id > :after
              AND NOT EXISTS (SELECT 1 FROM claim_vectors v WHERE v.claim_id = c.id)
            ORDER BY id LIMIT :limit
            """,
            {"after": max(0, after), "limit": limit},
        )
        return [Missing(ClaimId(row[0]), row[1], row[2], ClaimId(row[3])) for row in rows]

    async def drop(self, claim_id: ClaimId) -> bool:
        """Forget the vector of a claim; False if it had none."""
        return await self._session.execute("DELETE FROM claim_vectors WHERE claim_id = :id", {"id": claim_id}) == 1

    async def purge(self) -> int:
        """Forget every vector, as another model has to come; returns how many there were."""
        return await self._session.execute("DELETE FROM claim_vectors")
