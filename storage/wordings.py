"""Summaries that editors wrote for agreed claims before they approve them, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.model import ClaimId, PersonId
from storage.rows import Columns, instant


@dataclass(frozen=True, slots=True)
class Wording:
    """An editor's summary of an agreed claim; it counts only while the reviewers agree on that `rating`."""

    claim_id: ClaimId
    rating: str
    summary: str
    written_by: PersonId
    written_at: datetime


_WORDING = Columns(Wording)


class Wordings:
    """SQL on `wordings`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def set(self, wording: Wording) -> None:
        """Keep a summary in place of the one before."""
        await self._session.execute(
            """
            INSERT INTO wordings (claim_id, rating, summary, written_by, written_at)
            VALUES (:claim_id, :rating, :summary, :by, :at)
            ON CONFLICT (claim_id) DO UPDATE SET rating = excluded.rating, summary = excluded.summary,
              written_by = excluded.written_by, written_at = excluded.written_at
            """,
            {
                "claim_id": wording.claim_id,
                "rating": wording.rating,
                "summary": wording.summary,
                "by": wording.written_by,
                "at": instant(wording.written_at),
            },
        )

    async def find(self, claim_id: ClaimId, rating: str) -> Wording | None:
        """Return the summary that an editor wrote for a claim and rating."""
        return _WORDING.maybe(
            await self._session.fetch_one(
                f"SELECT {_WORDING.sql} FROM wordings WHERE claim_id = :claim_id AND rating = :rating",
                {"claim_id": claim_id, "rating": rating},
            )
        )

    async def find_any(self, claim_id: ClaimId) -> Wording | None:
        """Return the summary that an editor wrote for a claim, whatever the rating."""
        return _WORDING.maybe(
            await self._session.fetch_one(
                f"SELECT {_WORDING.sql} FROM wordings WHERE claim_id = :claim_id", {"claim_id": claim_id}
            )
        )

    async def drop(self, claim_id: ClaimId) -> None:
        """Forget the summary of a claim: it is published, or the reviewers begin anew."""
        await self._session.execute("DELETE FROM wordings WHERE claim_id = :claim_id", {"claim_id": claim_id})
