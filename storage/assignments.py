"""Offers and leases, as SQL."""

from __future__ import annotations

from datetime import datetime

from storage.digest_wishes import ALL, Limit
from storage.engines.base import Session
from storage.errors import NotFound, Stale
from storage.kinds import AssignmentState
from storage.model import Assignment, AssignmentId, ClaimId, PersonId
from storage.rows import Columns, instant, maybe_instant

_ASSIGNMENT = Columns(Assignment)


class Assignments:
    """SQL on `assignments`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, assignment_id: AssignmentId) -> Assignment:
        """Return an assignment; NotFound if there is none."""
        row = await self._session.fetch_one(
            f"SELECT {_ASSIGNMENT.sql} FROM assignments WHERE id = :id", {"id": assignment_id}
        )
        if row is None:
            raise NotFound("assignment_not_found")
        return _ASSIGNMENT.record(row)

    async def find_live(self, claim_id: ClaimId, person_id: PersonId) -> Assignment | None:
        """Return the live offer or lease of a person on a claim."""
        return _ASSIGNMENT.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_ASSIGNMENT.sql} FROM assignments
                WHERE claim_id = :claim_id AND person_id = :person_id AND state IN ('offered', 'taken')
                """,
                {"claim_id": claim_id, "person_id": person_id},
            )
        )

    async def add_offer(
        self, claim_id: ClaimId, person_id: PersonId, now: datetime, expires_at: datetime
    ) -> Assignment:
        """Offer a claim to a person; Stale if they have it already."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO assignments (claim_id, person_id, state, offered_at, expires_at)
            VALUES (:claim_id, :person_id, 'offered', :now, :expires_at) RETURNING {_ASSIGNMENT.sql}
            """,
            {"claim_id": claim_id, "person_id": person_id, "now": instant(now), "expires_at": instant(expires_at)},
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _ASSIGNMENT.record(row)

    async def mark_taken(self, assignment_id: AssignmentId, now: datetime, expires_at: datetime) -> Assignment:
        """Turn an offer into a lease; Stale if it is no offer any more."""
        row = await self._session.fetch_one(
            f"""
            UPDATE assignments SET state = 'taken', taken_at = :now, expires_at = :expires_at
            WHERE id = :id AND state = 'offered' RETURNING {_ASSIGNMENT.sql}
            """,
            {"id": assignment_id, "now": instant(now), "expires_at": instant(expires_at)},
        )
        if row is None:
            raise Stale("offer_gone")
        return _ASSIGNMENT.record(row)

    async def mark_ended(self, assignment_id: AssignmentId, state: AssignmentState, now: datetime) -> None:
        """End an offer or lease; Stale if it ended before."""
        changed = await self._session.execute(
            "UPDATE assignments SET state = :state, ended_at = :now WHERE id = :id AND state IN ('offered', 'taken')",
            {"id": assignment_id, "state": state, "now": instant(now)},
        )
        if changed != 1:
            raise Stale("offer_gone")

    async def mark_returned(self, assignment_id: AssignmentId) -> None:
        """Note that what was handed in under a lease is given back; Stale if nothing was."""
        changed = await self._session.execute(
            "UPDATE assignments SET state = 'withdrawn' WHERE id = :id AND state = 'done'", {"id": assignment_id}
        )
        if changed != 1:
            raise Stale("offer_gone")

    async def mark_live_again(
        self, assignment: Assignment, state: AssignmentState, *, expires_at: datetime | None = None
    ) -> None:
        """Take up an offer or lease again, until its time or until another one; Stale if it is live, or changed."""
        changed = await self._session.execute(
            """
            UPDATE assignments SET state = :state, ended_at = NULL, expires_at = coalesce(:expires_at, expires_at)
            WHERE id = :id AND state = :ended AND ended_at IS NOT NULL
            """,
            {
                "id": assignment.id,
                "state": state,
                "ended": assignment.state,
                "expires_at": maybe_instant(expires_at),
            },
        )
        if changed != 1:
            raise Stale("offer_gone")

    async def list_for_claim(self, claim_id: ClaimId) -> list[Assignment]:
        """Return every assignment a claim ever had, oldest first."""
        return _ASSIGNMENT.records(
            await self._session.fetch_all(
                f"SELECT {_ASSIGNMENT.sql} FROM assignments WHERE claim_id = :claim_id ORDER BY id",
                {"claim_id": claim_id},
            )
        )

    async def list_live_of(self, person_id: PersonId, *, only: Limit = ALL) -> list[Assignment]:
        """Return a person's live offers and leases, oldest first; what they practise on is not among them."""
        return _ASSIGNMENT.records(
            await self._session.fetch_all(
                f"""
                SELECT {_ASSIGNMENT.sql} FROM assignments
                WHERE person_id = :person_id AND claim_id > 0 AND state IN ('offered', 'taken')
                  {only.sql("assignments.claim_id")}
                ORDER BY id
                """,
                {"person_id": person_id, **only.params},
            )
        )

    async def list_expired(self, now: datetime) -> list[Assignment]:
        """Return the live offers and leases whose time ran out, those of practice too, oldest first."""
        return _ASSIGNMENT.records(
            await self._session.fetch_all(
                f"""
                SELECT {_ASSIGNMENT.sql} FROM assignments
                WHERE state IN ('offered', 'taken') AND expires_at <= :now ORDER BY expires_at, id
                """,
                {"now": instant(now)},
            )
        )
