"""Corrections and retractions of published verdicts: proposed, released or dropped, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import CorrectionKind, CorrectionState
from storage.model import ClaimId, PersonId, Verdict, VerdictId
from storage.rows import Columns, instant


@dataclass(frozen=True, slots=True)
class Correction:
    """What an editor wants to change about the verdict `verdict_id`: rating and summary as they should be, and why.

    A retraction takes the verdict back; its rating and summary are those of the verdict.
    """

    id: int
    claim_id: ClaimId
    verdict_id: VerdictId
    kind: CorrectionKind
    state: CorrectionState
    revision: int
    rating: str
    summary: str
    reason: str
    proposed_by: PersonId
    created_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None


_CORRECTION = Columns(Correction)


class Corrections:
    """SQL on `corrections`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self, verdict: Verdict, kind: CorrectionKind, rating: str, reason: str, by: PersonId, now: datetime
    ) -> Correction:
        """Keep a draft; its summary is that of the verdict so far."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO corrections (claim_id, verdict_id, kind, state, rating, summary, reason, proposed_by,
              created_at)
            VALUES (:claim_id, :verdict_id, :kind, 'draft', :rating, :summary, :reason, :by, :now)
            RETURNING {_CORRECTION.sql}
            """,
            {
                "claim_id": verdict.claim_id,
                "verdict_id": verdict.id,
                "kind": kind,
                "rating": rating,
                "summary": verdict.summary,
                "reason": reason,
                "by": by,
                "now": instant(now),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _CORRECTION.record(row)

    async def get(self, correction_id: int) -> Correction:
        """Return a correction; NotFound if there is none."""
        row = await self._session.fetch_one(
            f"SELECT {_CORRECTION.sql} FROM corrections WHERE id = :id", {"id": correction_id}
        )
        if row is None:
            raise NotFound("correction_not_found")
        return _CORRECTION.record(row)

    async def list_open(self, claim_id: ClaimId) -> list[Correction]:
        """Return what is drafted or proposed for a claim, oldest first."""
        return _CORRECTION.records(
            await self._session.fetch_all(
                f"""
                SELECT {_CORRECTION.sql} FROM corrections
                WHERE claim_id = :claim_id AND state IN ('draft', 'proposed') ORDER BY id
                """,
                {"claim_id": claim_id},
            )
        )

    async def list_proposed(self) -> list[Correction]:
        """Return every correction that waits for an editor, oldest first."""
        return _CORRECTION.records(
            await self._session.fetch_all(
                f"SELECT {_CORRECTION.sql} FROM corrections WHERE state = 'proposed' ORDER BY id"
            )
        )

    async def find_released(self, verdict_id: VerdictId) -> Correction | None:
        """Return what replaced or took back a verdict."""
        return _CORRECTION.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_CORRECTION.sql} FROM corrections WHERE verdict_id = :id AND state = 'released'
                ORDER BY id DESC LIMIT 1
                """,
                {"id": verdict_id},
            )
        )

    async def list_released(self, offset: int, limit: int) -> tuple[list[Correction], int]:
        """Return released corrections, newest first, and how many there are in all."""
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CORRECTION.sql} FROM corrections WHERE state = 'released'
            ORDER BY decided_at DESC, id DESC LIMIT :limit OFFSET :offset
            """,
            {"limit": limit, "offset": offset},
        )
        total = await self._session.fetch_one("SELECT count(*) FROM corrections WHERE state = 'released'")
        return _CORRECTION.records(rows), 0 if total is None else int(total[0])

    async def mark_summary(self, correction: Correction, summary: str) -> Correction:
        """Change the summary of a draft; NotFound if it is none any more."""
        return await self._change(correction, "state = 'draft'", "summary = :summary", summary=summary)

    async def mark_proposed(self, correction: Correction) -> Correction:
        """Let a draft wait for an editor; NotFound if it is none any more."""
        return await self._change(correction, "state = 'draft'", "state = 'proposed'")

    async def mark_decided(
        self, correction: Correction, state: CorrectionState, by: PersonId | None, now: datetime
    ) -> Correction:
        """Release or drop what is open; NotFound if it is decided."""
        return await self._change(
            correction,
            "state IN ('draft', 'proposed')",
            "state = :state, decided_by = :by, decided_at = :now",
            state=state,
            by=by,
            now=instant(now),
        )

    async def _change(self, correction: Correction, where: str, what: str, **params: str | int | None) -> Correction:
        row = await self._session.fetch_one(
            f"""
            UPDATE corrections SET revision = revision + 1, {what} WHERE id = :id AND revision = :revision AND {where}
            RETURNING {_CORRECTION.sql}
            """,
            {"id": correction.id, "revision": correction.revision, **params},
        )
        if row is None:
            raise NotFound("correction_not_found")
        return _CORRECTION.record(row)
