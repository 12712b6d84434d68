"""Terms of leases, who stepped back from a claim, and what editors were told to be overdue, as SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.kinds import ClaimState
from storage.model import Assignment, AssignmentId, ClaimId, PersonId
from storage.rows import Columns, instant, to_json

_ASSIGNMENT = Columns(Assignment)


@dataclass(frozen=True, slots=True)
class Term:
    """A lease's present term, which began when it was taken or last renewed."""

    since: datetime
    reminded: bool
    renewals: int


class Leases:
    """SQL on `leases`, `recusals` and `escalations`, and on who knows too much of a claim."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def begin(self, assignment_id: AssignmentId, now: datetime) -> None:
        """Begin the first term of a lease; one that was given back and is taken up again begins anew."""
        await self._session.execute(
            """
            INSERT INTO leases (assignment_id, since) VALUES (:id, :now)
            ON CONFLICT (assignment_id) DO UPDATE SET since = excluded.since, reminded_at = NULL
            """,
            {"id": assignment_id, "now": instant(now)},
        )

    async def find(self, assignment_id: AssignmentId) -> Term | None:
        """Return the term of a lease."""
        row = await self._session.fetch_one(
            "SELECT since, reminded_at IS NOT NULL, renewals FROM leases WHERE assignment_id = :id",
            {"id": assignment_id},
        )
        return None if row is None else Term(datetime.fromisoformat(row[0]), bool(row[1]), row[2])

    async def renew(self, assignment_id: AssignmentId, now: datetime, expires_at: datetime) -> None:
        """Begin the next term of a lease."""
        await self._session.execute(
            "UPDATE leases SET since = :now, reminded_at = NULL, renewals = renewals + 1 WHERE assignment_id = :id",
            {"id": assignment_id, "now": instant(now)},
        )
        await self._session.execute(
            "UPDATE assignments SET expires_at = :expires_at WHERE id = :id AND state = 'taken'",
            {"id": assignment_id, "expires_at": instant(expires_at)},
        )

    async def list_half_over(self, now: datetime) -> list[Assignment]:
        """Return the leases whose term is half over and whose holder was not reminded in it."""
        return _ASSIGNMENT.records(
            await self._session.fetch_all(
                f"""
                SELECT {_ASSIGNMENT.of("a")} FROM assignments a JOIN leases l ON l.assignment_id = a.id
                WHERE a.state IN ('offered', 'taken') AND a.state = 'taken' AND a.expires_at > :now
                  AND l.reminded_at IS NULL
                  AND 2 * (julianday(:now) - julianday(l.since)) >= julianday(a.expires_at) - julianday(l.since)
                ORDER BY a.expires_at, a.id
                """,
                {"now": instant(now)},
            )
        )

    async def mark_reminded(self, assignment_id: AssignmentId, now: datetime) -> None:
        """Note that the holder of a lease was reminded."""
        await self._session.execute(
            "UPDATE leases SET reminded_at = :now WHERE assignment_id = :id",
            {"id": assignment_id, "now": instant(now)},
        )

    async def count_run_out(self, claim_id: ClaimId) -> int:
        """Return how many leases of a claim ran out."""
        row = await self._session.fetch_one(
            """
            SELECT count(*) FROM assignments
            WHERE claim_id = :id AND state = 'expired' AND taken_at IS NOT NULL
            """,
            {"id": claim_id},
        )
        return 0 if row is None else int(row[0])

    async def add_recusal(self, claim_id: ClaimId, person_id: PersonId, reason: str, now: datetime) -> bool:
        """Keep that somebody stepped back from a claim; False if they had."""
        changed = await self._session.execute(
            """
            INSERT INTO recusals (claim_id, person_id, reason, recused_at) VALUES (:claim, :person, :reason, :now)
            ON CONFLICT DO NOTHING
            """,
            {"claim": claim_id, "person": person_id, "reason": reason, "now": instant(now)},
        )
        return changed > 0

    async def list_recused(self, claim_id: ClaimId) -> list[PersonId]:
        """Return who stepped back from a claim, or from one that is merged into it: to them it is the same."""
        rows = await self._session.fetch_all(
            """
            WITH RECURSIVE same (id) AS (
              SELECT :id UNION SELECT c.id FROM same s JOIN claims c ON c.duplicate_of = s.id)
            SELECT DISTINCT r.person_id FROM same s JOIN recusals r ON r.claim_id = s.id ORDER BY r.person_id
            """,
            {"id": claim_id},
        )
        return [PersonId(row[0]) for row in rows]

    async def list_shown_reviews(self, claim_id: ClaimId) -> list[PersonId]:
        """Return who was shown the reviews of a claim as an editor, without having begun one of their own.

        The card of an earlier round does not count: it is forgotten when the claim begins anew.
        """
        rows = await self._session.fetch_all(
            """
            SELECT p.id FROM people p
            WHERE p.role IN ('reviewer', 'editor', 'admin') AND (
              EXISTS (SELECT 1 FROM sent_messages m WHERE m.chat_id = p.telegram_id AND m.card = :card)
              OR EXISTS (SELECT 1 FROM outbox o
                         WHERE o.chat_id = p.telegram_id AND o.card = :card AND o.state IN ('queued', 'sending')))
              AND NOT EXISTS (SELECT 1 FROM reviews v
                              WHERE v.claim_id = :id AND v.person_id = p.id AND v.state <> 'withdrawn')
            ORDER BY p.id
            """,
            {"id": claim_id, "card": f"decision:{claim_id}"},
        )
        return [PersonId(row[0]) for row in rows]

    async def escalate(self, states: Iterable[ClaimState], before: datetime, now: datetime) -> list[ClaimId]:
        """Note the claims in some states that are owed since before an instant, and return those not noted since."""
        rows = await self._session.fetch_all(
            """
            INSERT INTO escalations (claim_id, escalated_at)
            SELECT c.id, :now FROM claims c
            WHERE c.state IN (SELECT value FROM json_each(:states)) AND c.practice = 0 AND c.owed_since < :before
              AND NOT EXISTS (
                SELECT 1 FROM escalations e WHERE e.claim_id = c.id AND e.escalated_at > c.owed_since)
            ORDER BY c.id
            ON CONFLICT (claim_id) DO UPDATE SET escalated_at = excluded.escalated_at
            RETURNING claim_id
            """,
            {"states": to_json(list(states)), "before": instant(before), "now": instant(now)},
        )
        return [ClaimId(row[0]) for row in rows]
