"""Requests: who wants to know about which claim, as SQL."""

from __future__ import annotations

from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.model import ClaimId, PersonId, Request, RequestId
from storage.rows import Columns, instant

_REQUEST = Columns(Request)


class Requests:
    """SQL on `requests`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, claim_id: ClaimId, person_id: PersonId, now: datetime) -> Request | None:
        """Keep a request, or renew one that was withdrawn; None if this person already asked about this claim."""
        return _REQUEST.maybe(
            await self._session.fetch_one(
                f"""
                INSERT INTO requests (claim_id, person_id, state, created_at)
                VALUES (:claim_id, :person_id, 'waiting', :now)
                ON CONFLICT (claim_id, person_id) DO UPDATE
                SET state = 'waiting', answered_version = 0, answered_at = NULL WHERE requests.state = 'withdrawn'
                RETURNING {_REQUEST.sql}
                """,
                {"claim_id": claim_id, "person_id": person_id, "now": instant(now)},
            )
        )

    async def list_unanswered(self, claim_id: ClaimId, version: int) -> list[Request]:
        """Return the requests of a claim that have not been answered with this verdict version, oldest first."""
        return _REQUEST.records(
            await self._session.fetch_all(
                f"""
                SELECT {_REQUEST.sql} FROM requests
                WHERE claim_id = :claim_id AND state <> 'withdrawn' AND answered_version < :version ORDER BY id
                """,
                {"claim_id": claim_id, "version": version},
            )
        )

    async def mark_answered(self, request_id: RequestId, version: int, now: datetime) -> None:
        """Note that a request is answered with a verdict version."""
        changed = await self._session.execute(
            """
            UPDATE requests SET state = 'answered', answered_version = :version, answered_at = :now
            WHERE id = :id AND state <> 'withdrawn' AND answered_version < :version
            """,
            {"id": request_id, "version": version, "now": instant(now)},
        )
        if changed != 1:
            raise NotFound("request_not_found", request=request_id)

    async def count(self, claim_id: ClaimId) -> int:
        """Return how many people asked about a claim."""
        row = await self._session.fetch_one(
            "SELECT count(*) FROM requests WHERE claim_id = :claim_id AND state <> 'withdrawn'", {"claim_id": claim_id}
        )
        return 0 if row is None else int(row[0])

    async def list_requesters(self, claim_id: ClaimId) -> list[PersonId]:
        """Return who asked about a claim."""
        rows = await self._session.fetch_all(
            "SELECT person_id FROM requests WHERE claim_id = :claim_id ORDER BY id", {"claim_id": claim_id}
        )
        return [PersonId(row[0]) for row in rows]
