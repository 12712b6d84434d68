"""When each claim reached which step, as triggers keep it (migration 0013), for figures over a stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from storage.engines.base import Session
from storage.kinds import AssignmentState, RequestState
from storage.model import ClaimId, PersonId
from storage.rows import instant


class Milestone(NamedTuple):
    """A claim's way, in seconds since 1970; None for what has not happened. It `ended` by being closed or merged."""

    created_at: float
    taken_at: float | None
    reviewed_at: float | None
    decided_at: float | None
    published_at: float | None
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sources of the verdicts published in a stretch of time; how many of these verdicts have one of a kind."""

    verdicts: int
    sources: int
    with_primary: int
    with_archive: int


class Milestones:
    """SQL on `milestones`, and on what else figures count. Every stretch is [start, end)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def forget(self, claim_id: ClaimId) -> None:
        """Leave out a claim that was brought along from elsewhere: it took no time here."""
        await self._session.execute("DELETE FROM milestones WHERE claim_id = :id", {"id": claim_id})

    async def list_created(self, start: datetime, end: datetime) -> list[Milestone]:
        """Return the ways of the claims that came in."""
        rows = await self._session.fetch_all(
            """
            SELECT created_at, taken_at, reviewed_at, decided_at, published_at, ended_at FROM milestones
            WHERE created_at >= :start AND created_at < :end
            """,
            _span(start, end),
        )
        return list(map(Milestone._make, rows))

    async def count_patterns(self, start: datetime, end: datetime) -> dict[str, int]:
        """Return how often each set of ratings occurred among the claims decided (`agreement.alpha`)."""
        rows = await self._session.fetch_all(
            """
            SELECT ratings, count(*) FROM milestones WHERE decided_at >= :start AND decided_at < :end GROUP BY ratings
            """,
            _span(start, end),
        )
        return dict(rows)

    async def evidence(self, start: datetime, end: datetime) -> Evidence:
        """Return what the verdicts rest on whose claims were published."""
        row = await self._session.fetch_one(
            """
            SELECT count(*), coalesce(sum(sources), 0), coalesce(sum(primary_sources > 0), 0),
              coalesce(sum(archived_sources > 0), 0)
            FROM milestones WHERE published_at >= :start AND published_at < :end
            """,
            _span(start, end),
        )
        assert row is not None  # noqa: S101 - an aggregate has a row
        return Evidence(*row)

    async def count_corrections(self, start: datetime, end: datetime) -> int:
        """Return how many later versions of published verdicts were published."""
        row = await self._session.fetch_one(
            """
            SELECT count(*) FROM verdicts v
            WHERE v.version > 1 AND v.published_at >= :start AND v.published_at < :end AND EXISTS (
              SELECT 1 FROM verdicts e
              WHERE e.claim_id = v.claim_id AND e.version < v.version AND e.published_at IS NOT NULL)
            """,
            {"start": instant(start), "end": instant(end)},
        )
        return 0 if row is None else int(row[0])

    async def count_requests(self, start: datetime, end: datetime) -> dict[RequestState, int]:
        """Return how many of those who asked are answered, wait, or took it back."""
        rows = await self._session.fetch_all(
            "SELECT state, count(*) FROM requests WHERE created_at >= :start AND created_at < :end GROUP BY state",
            {"start": instant(start), "end": instant(end)},
        )
        counted: dict[str, int] = dict(rows)
        return {state: counted.get(state, 0) for state in RequestState}

    async def count_work(self, person_id: PersonId, start: datetime, end: datetime) -> dict[AssignmentState, int]:
        """Return what became of the claims offered to a person."""
        rows = await self._session.fetch_all(
            """
            SELECT state, count(*) FROM assignments
            WHERE person_id = :person AND claim_id > 0 AND offered_at >= :start AND offered_at < :end GROUP BY state
            """,
            {"person": person_id, "start": instant(start), "end": instant(end)},
        )
        counted: dict[str, int] = dict(rows)
        return {state: counted.get(state, 0) for state in AssignmentState}


def _span(start: datetime, end: datetime) -> dict[str, float]:
    return {"start": start.timestamp(), "end": end.timestamp()}
