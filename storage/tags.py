"""Tags of claims, as SQL."""

from __future__ import annotations

from collections.abc import Sequence

from storage.engines.base import Session
from storage.model import ClaimId


class Tags:
    """SQL on `claim_tags`. A tag comes in the form of `jobs.tags.tag_of`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, claim_id: ClaimId, tags: Sequence[str]) -> None:
        """Give a claim tags; those it has already stay."""
        await self._session.execute_many(
            "INSERT INTO claim_tags (claim_id, tag) VALUES (:claim_id, :tag) ON CONFLICT DO NOTHING",
            [{"claim_id": claim_id, "tag": tag} for tag in tags],
        )

    async def remove(self, claim_id: ClaimId, tags: Sequence[str]) -> None:
        """Take tags away from a claim; those it does not have are passed over."""
        await self._session.execute_many(
            "DELETE FROM claim_tags WHERE tag = :tag AND claim_id = :claim_id",
            [{"claim_id": claim_id, "tag": tag} for tag in tags],
        )

    async def list_recent(self, claims: int, *, limit: int) -> list[str]:
        """Return the tags of the newest claims, so many of them, the most used first."""
        rows = await self._session.fetch_all(
            """
            SELECT t.tag FROM (SELECT id FROM claims WHERE id > 0 ORDER BY id DESC LIMIT :claims) c
            JOIN claim_tags t ON t.claim_id = c.id
            GROUP BY t.tag ORDER BY count(*) DESC, t.tag LIMIT :limit
            """,
            {"claims": claims, "limit": limit},
        )
        return [row[0] for row in rows]

    async def list_of(self, claim_id: ClaimId) -> list[str]:
        """Return the tags of a claim, by name."""
        rows = await self._session.fetch_all(
            "SELECT tag FROM claim_tags WHERE claim_id = :claim_id ORDER BY tag", {"claim_id": claim_id}
        )
        return [row[0] for row in rows]
