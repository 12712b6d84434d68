"""Files whose bytes are still to be fetched and hashed, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.model import ClaimId, SourceId
from storage.rows import Columns, instant
from storage.values import SentFile


@dataclass(frozen=True, slots=True)
class Fetch:
    """A file to be fetched; `given_up` says why it never will be."""

    unique_id: str
    file_id: str
    attempts: int
    retry_at: datetime
    given_up: str | None


_FETCH = Columns(Fetch)


class Fetches:
    """SQL on `fetches`, and the hashes in `sources`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, file: SentFile, now: datetime) -> None:
        """Let a file be fetched; once, however many sources it is."""
        await self._session.execute(
            """
            INSERT INTO fetches (unique_id, file_id, retry_at) VALUES (:unique_id, :file_id, :now)
            ON CONFLICT (unique_id) DO NOTHING
            """,
            {"unique_id": file.unique_id, "file_id": file.id, "now": instant(now)},
        )

    async def list_due(self, now: datetime, limit: int) -> list[Fetch]:
        """Return the files to be fetched now, those first that have waited longest."""
        return _FETCH.records(
            await self._session.fetch_all(
                f"""
                SELECT {_FETCH.sql} FROM fetches WHERE given_up IS NULL AND retry_at <= :now
                ORDER BY retry_at, unique_id LIMIT :limit
                """,
                {"now": instant(now), "limit": limit},
            )
        )

    async def mark_failed(self, fetch: Fetch, retry_at: datetime, *, given_up: str | None = None) -> None:
        """Note that a file could not be fetched: it is tried again, or given up for a reason."""
        await self._session.execute(
            """
            UPDATE fetches SET attempts = attempts + 1, retry_at = :retry_at, given_up = :given_up
            WHERE unique_id = :unique_id
            """,
            {"unique_id": fetch.unique_id, "retry_at": instant(retry_at), "given_up": given_up},
        )

    async def mark_hashed(self, fetch: Fetch, sha256: str, size: int) -> list[tuple[SourceId, ClaimId]]:
        """Keep the hash and size with every source that is this file; returns these, with their claims."""
        await self._session.execute("DELETE FROM fetches WHERE unique_id = :id", {"id": fetch.unique_id})
        rows = await self._session.fetch_all(
            """
            UPDATE sources SET sha256 = :sha256, file_size = :size WHERE file_unique_id = :id
            RETURNING id, (SELECT r.claim_id FROM reviews r WHERE r.id = sources.review_id)
            """,
            {"id": fetch.unique_id, "sha256": sha256, "size": size},
        )
        return [(SourceId(row[0]), ClaimId(row[1])) for row in sorted(rows)]
