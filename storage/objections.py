"""New evidence against verdicts, and whether answers answered their readers, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import FileKind, ObjectionState
from storage.model import ClaimId, PersonId, VerdictId
from storage.rows import Columns, instant
from storage.values import SentFile


@dataclass(frozen=True, slots=True)
class Objection:
    """New evidence that somebody brings who was told a verdict; `reason` is why the claim was reopened for it.

    With a file, `text` is what its author wrote with it, or its name.
    """

    id: int
    claim_id: ClaimId
    person_id: PersonId
    state: ObjectionState
    text: str
    created_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    reason: str | None
    file_kind: FileKind | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Voices:
    """How many people an answer answered, and how many not."""

    yes: int
    no: int


_OBJECTION = Columns(Objection)


class Objections:
    """SQL on `objections` and `feedback`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self, claim_id: ClaimId, person_id: PersonId, text: str, now: datetime, *, file: SentFile | None = None
    ) -> Objection:
        """Keep new evidence; it waits for an editor."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO objections (claim_id, person_id, state, text, created_at, file_kind, file_id)
            VALUES (:claim_id, :person_id, 'waiting', :text, :now, :kind, :file) RETURNING {_OBJECTION.sql}
            """,
            {
                "claim_id": claim_id,
                "person_id": person_id,
                "text": text,
                "now": instant(now),
                "kind": None if file is None else file.kind,
                "file": None if file is None else file.id,
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _OBJECTION.record(row)

    async def get(self, objection_id: int) -> Objection:
        """Return new evidence; NotFound if there is none under that number."""
        row = await self._session.fetch_one(
            f"SELECT {_OBJECTION.sql} FROM objections WHERE id = :id", {"id": objection_id}
        )
        if row is None:
            raise NotFound("objection_not_found")
        return _OBJECTION.record(row)

    async def list_waiting(self, claim_id: ClaimId | None = None) -> list[Objection]:
        """Return what waits for an editor, of one claim or of all, oldest first."""
        return _OBJECTION.records(
            await self._session.fetch_all(
                f"""
                SELECT {_OBJECTION.sql} FROM objections
                WHERE state = 'waiting' AND (:claim_id IS NULL OR claim_id = :claim_id) ORDER BY id
                """,
                {"claim_id": claim_id},
            )
        )

    async def find_accepted(self, claim_id: ClaimId) -> Objection | None:
        """Return the evidence for which a claim was reopened last."""
        return _OBJECTION.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_OBJECTION.sql} FROM objections WHERE claim_id = :claim_id AND state = 'accepted'
                ORDER BY decided_at DESC, id DESC LIMIT 1
                """,
                {"claim_id": claim_id},
            )
        )

    async def mark_decided(
        self, objection: Objection, state: ObjectionState, by: PersonId, now: datetime, *, reason: str | None = None
    ) -> None:
        """Accept or decline evidence; NotFound if that was done before."""
        changed = await self._session.execute(
            """
            UPDATE objections SET state = :state, decided_by = :by, decided_at = :now, reason = :reason
            WHERE id = :id AND state = 'waiting'
            """,
            {"id": objection.id, "state": state, "by": by, "now": instant(now), "reason": reason},
        )
        if changed != 1:
            raise NotFound("objection_not_found")

    async def set_feedback(self, person_id: PersonId, verdict_id: VerdictId, now: datetime, *, helped: bool) -> None:
        """Note whether a version answered a person, in place of what they said before."""
        await self._session.execute(
            """
            INSERT INTO feedback (person_id, verdict_id, helped, given_at)
            VALUES (:person_id, :verdict_id, :helped, :now)
            ON CONFLICT (person_id, verdict_id) DO UPDATE SET helped = excluded.helped, given_at = excluded.given_at
            """,
            {"person_id": person_id, "verdict_id": verdict_id, "helped": int(helped), "now": instant(now)},
        )

    async def count_voices(self, since: datetime, until: datetime) -> Voices:
        """Return how many people said during [since, until) that an answer answered them, and how many that not."""
        row = await self._session.fetch_one(
            "SELECT count(*) FILTER (WHERE helped = 1), count(*) FILTER (WHERE helped = 0) FROM feedback "
            "WHERE given_at >= :since AND given_at < :until",
            {"since": instant(since), "until": instant(until)},
        )
        return Voices(0, 0) if row is None else Voices(int(row[0]), int(row[1]))

    async def voices(self, verdict_id: VerdictId) -> Voices:
        """Return how many people a version answered, and how many not."""
        row = await self._session.fetch_one(
            "SELECT count(*) FILTER (WHERE helped = 1), count(*) FILTER (WHERE helped = 0) FROM feedback "
            "WHERE verdict_id = :id",
            {"id": verdict_id},
        )
        return Voices(0, 0) if row is None else Voices(int(row[0]), int(row[1]))
