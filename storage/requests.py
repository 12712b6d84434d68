"""Requests: who wants to know about which claim, and who was told which verdict, as SQL."""

from __future__ import annotations

from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.model import ClaimId, PersonId, Request, RequestId, VerdictId
from storage.rows import Columns, instant

_REQUEST = Columns(Request)

_PLACE = """
  UPDATE requests SET claim_id = :claim_id,
    answered_version = coalesce((
      SELECT max(v.version) FROM answers a JOIN verdicts v ON v.id = a.verdict_id
      WHERE a.person_id = requests.person_id AND v.claim_id = :claim_id), 0),
    answered_at = (
      SELECT a.answered_at FROM answers a JOIN verdicts v ON v.id = a.verdict_id
      WHERE a.person_id = requests.person_id AND v.claim_id = :claim_id ORDER BY v.version DESC LIMIT 1),
    state = CASE WHEN EXISTS (
      SELECT 1 FROM answers a JOIN verdicts v ON v.id = a.verdict_id
      WHERE a.person_id = requests.person_id AND v.claim_id = :claim_id) THEN 'answered' ELSE 'waiting' END
  WHERE id = :id AND state <> 'withdrawn'
"""


class Requests:
    """SQL on `requests` and `answers`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self, asked_id: ClaimId, person_id: PersonId, now: datetime, *, claim_id: ClaimId | None = None
    ) -> Request | None:
        """Keep a request, or renew one that was withdrawn; None if this person already asked about this claim.

        It stands at `claim_id`, which is another claim if the one asked about was merged into it.
        """
        return _REQUEST.maybe(
            await self._session.fetch_one(
                f"""
                INSERT INTO requests (asked_id, claim_id, person_id, state, created_at)
                VALUES (:asked_id, :claim_id, :person_id, 'waiting', :now)
                ON CONFLICT (asked_id, person_id) DO UPDATE
                SET claim_id = excluded.claim_id, state = 'waiting', answered_version = 0, answered_at = NULL
                WHERE requests.state = 'withdrawn'
                RETURNING {_REQUEST.sql}
                """,
                {
                    "asked_id": asked_id,
                    "claim_id": asked_id if claim_id is None else claim_id,
                    "person_id": person_id,
                    "now": instant(now),
                },
            )
        )

    async def find_at(self, claim_id: ClaimId, person_id: PersonId) -> Request | None:
        """Return the request of a person that stands at a claim."""
        return _REQUEST.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_REQUEST.sql} FROM requests
                WHERE claim_id = :claim_id AND person_id = :person_id AND state <> 'withdrawn'
                """,
                {"claim_id": claim_id, "person_id": person_id},
            )
        )

    async def list_leading_to(self, end: ClaimId) -> list[Request]:
        """Return the requests about a claim and about everything that was merged into it, oldest first."""
        return _REQUEST.records(
            await self._session.fetch_all(
                f"""
                WITH RECURSIVE same (id) AS (
                  SELECT CAST(:end AS INTEGER)
                  UNION SELECT c.id FROM same s JOIN claims c ON c.duplicate_of = s.id)
                SELECT {_REQUEST.of("r")} FROM same s JOIN requests r ON r.asked_id = s.id
                WHERE r.state <> 'withdrawn' ORDER BY r.id
                """,
                {"end": end},
            )
        )

    async def mark_place(self, request_id: RequestId, claim_id: ClaimId) -> None:
        """Let a request stand at a claim; it is answered if the person was told that claim's verdict, else waits."""
        if await self._session.execute(_PLACE, {"id": request_id, "claim_id": claim_id}) != 1:
            raise NotFound("request_not_found", request=request_id)

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

    async def mark_answered(self, request: Request, verdict_id: VerdictId, version: int, now: datetime) -> None:
        """Note that a request is answered with a verdict, which is this version of it."""
        changed = await self._session.execute(
            """
            UPDATE requests SET state = 'answered', answered_version = :version, answered_at = :now
            WHERE id = :id AND state <> 'withdrawn' AND answered_version < :version
            """,
            {"id": request.id, "version": version, "now": instant(now)},
        )
        if changed != 1:
            raise NotFound("request_not_found", request=request.id)
        await self._session.execute(
            "INSERT INTO answers (person_id, verdict_id, answered_at) VALUES (:person_id, :verdict_id, :now)",
            {"person_id": request.person_id, "verdict_id": verdict_id, "now": instant(now)},
        )

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
