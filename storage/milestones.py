"""When each claim reached which step, as triggers keep it (migration 0013), for figures over a stretch of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from storage.engines.base import Session
from storage.kinds import AssignmentState, ClaimState, RequestState
from storage.model import AuditId, ClaimId, PersonId
from storage.rows import instant, to_json

Way: TypeAlias = tuple[float, float | None, float | None, float | None, float | None, float | None]
"""When a claim came in, was taken, first reviewed, decided, published, and ended by being closed or merged.

Seconds since 1970; None for what has not happened. A plain tuple: of tens of thousands, numpy makes a table in a third
of the time that named ones take.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sources of the verdicts published in a stretch of time; how many of these verdicts have one of a kind.

    `with_two_origins` rest on a review whose sources are of two independent origins or more (`jobs.origins`).
    """

    verdicts: int
    sources: int
    with_primary: int
    with_archive: int
    with_two_origins: int


@dataclass(frozen=True, slots=True)
class Moves:
    """How many claims came in, were decided for the first time, and were closed or merged undecided, in one span."""

    came_in: int
    decided: int
    ended: int


class Milestones:
    """SQL on `milestones`, and on what else figures count. Every stretch is [start, end)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def forget(self, claim_id: ClaimId) -> None:
        """Leave out a claim that was brought along from elsewhere: it took no time here."""
        await self._session.execute("DELETE FROM milestones WHERE claim_id = :id", {"id": claim_id})

    async def list_created(self, start: datetime, end: datetime) -> list[Way]:
        """Return the ways of the claims that came in."""
        return await self._session.fetch_all(
            """
            SELECT created_at, taken_at, reviewed_at, decided_at, published_at, ended_at FROM milestones
            WHERE created_at >= :start AND created_at < :end
            """,
            _span(start, end),
        )

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
              coalesce(sum(archived_sources > 0), 0), coalesce(sum(origins > 1), 0)
            FROM milestones WHERE published_at >= :start AND published_at < :end
            """,
            _span(start, end),
        )
        assert row is not None  # noqa: S101 - an aggregate has a row
        return Evidence(*row)

    async def count_moves(self, spans: Sequence[tuple[datetime, datetime]]) -> list[Moves]:
        """Return what came into the backlog and left it, for each span [start, end)."""
        rows = await self._session.fetch_all(
            """
            SELECT
              (SELECT count(*) FROM milestones m WHERE m.created_at >= s.value ->> 'start'
                AND m.created_at < s.value ->> 'end'),
              (SELECT count(*) FROM milestones m WHERE m.decided_at >= s.value ->> 'start'
                AND m.decided_at < s.value ->> 'end'),
              (SELECT count(*) FROM claims c JOIN milestones m ON m.claim_id = c.id AND m.decided_at IS NULL
               WHERE c.state IN ('closed', 'duplicate') AND c.state_at >= s.value ->> 'start_at'
                 AND c.state_at < s.value ->> 'end_at')
            FROM json_each(:spans) s ORDER BY s.key
            """,
            {
                "spans": to_json(
                    [{**_span(*span), "start_at": instant(span[0]), "end_at": instant(span[1])} for span in spans]
                )
            },
        )
        return [Moves(*row) for row in rows]

    async def count_undecided(self, states: Iterable[ClaimState], since: Sequence[datetime]) -> list[int]:
        """Return how many claims in some states were never decided, by when they came in: at `since[0]` or later,
        between it and `since[1]`, …, and before the last."""
        band = " + ".join(f"(m.created_at < :since{place})" for place in range(len(since)))
        rows = await self._session.fetch_all(
            f"""
            SELECT {band}, count(*) FROM claims c
            JOIN milestones m ON m.claim_id = c.id AND m.decided_at IS NULL AND m.ended_at IS NULL
            WHERE c.state IN (SELECT value FROM json_each(:states)) GROUP BY 1
            """,
            {
                "states": to_json(list(states)),
                **{f"since{place}": each.timestamp() for place, each in enumerate(since)},
            },
        )
        counted: dict[int, int] = dict(rows)
        return [counted.get(place, 0) for place in range(len(since) + 1)]

    async def count_ratings(self, start: datetime, end: datetime) -> list[tuple[str, int]]:
        """Return the ratings that stand today of the claims first decided in [start, end), the most frequent first."""
        return await self._session.fetch_all(
            """
            SELECT (SELECT v.rating FROM verdicts v WHERE v.claim_id = m.claim_id ORDER BY v.version DESC LIMIT 1),
              count(*)
            FROM milestones m WHERE m.decided_at >= :start AND m.decided_at < :end GROUP BY 1 ORDER BY 2 DESC, 1
            """,
            _span(start, end),
        )

    # CROSS JOIN: first what happened, of which there is little, then the claims.

    async def count_corrected(self, start: datetime, end: datetime) -> int:
        """Return how many of the claims first published in [start, end) were corrected or retracted since."""
        row = await self._session.fetch_one(
            """
            SELECT count(DISTINCT k.claim_id) FROM corrections k CROSS JOIN milestones m ON m.claim_id = k.claim_id
            WHERE k.state = 'released' AND k.decided_at >= :start_at
              AND m.published_at >= :start AND m.published_at < :end
            """,
            {**_span(start, end), "start_at": instant(start)},
        )
        return 0 if row is None else int(row[0])

    async def count_reopened(self, start: datetime, end: datetime, after: AuditId) -> int:
        """Return how many of the claims first published in [start, end) were opened again since.

        Args:
            after: the last audit entry before `start`.
        """
        row = await self._session.fetch_one(
            """
            SELECT count(DISTINCT a.subject_id) FROM audit a CROSS JOIN milestones m ON m.claim_id = a.subject_id
            WHERE a.action = 'claim.reopen' AND a.id > :after AND a.data ->> 'from' IN ('published', 'retracted')
              AND m.published_at >= :start AND m.published_at < :end
            """,
            {**_span(start, end), "after": after},
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

    async def count_unreachable(self, start: datetime, end: datetime) -> int:
        """Return how many of those who asked wait and cannot be written to: they have blocked the desk."""
        row = await self._session.fetch_one(
            """
            SELECT count(*) FROM requests r JOIN people p ON p.id = r.person_id AND p.reachable = 0
            WHERE r.created_at >= :start AND r.created_at < :end AND r.state = 'waiting'
            """,
            {"start": instant(start), "end": instant(end)},
        )
        return 0 if row is None else int(row[0])

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
