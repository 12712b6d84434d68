"""What is still to be done, and what went wrong, as digests tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.digest_wishes import ALL, Limit
from storage.engines.base import Session
from storage.kinds import ClaimState
from storage.model import Claim
from storage.rows import Columns, instant, to_json

_CLAIM = Columns(Claim)

_WAITING = """
  claims c WHERE c.state IN (SELECT value FROM json_each(:states)) AND c.practice = 0
"""


class Backlog:
    """SQL on claims that are not done."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_waiting(
        self, states: Iterable[ClaimState], *, before: datetime | None = None, only: Limit = ALL, limit: int
    ) -> tuple[list[Claim], int]:
        """Return the claims in some states that came in before an instant, the oldest first, and how many there are."""
        width = len(_CLAIM.names)
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")}, count(*) OVER () FROM {_WAITING} AND (:before IS NULL OR c.created_at < :before)
              {only.sql("c.id")}
            ORDER BY c.created_at, c.id LIMIT :limit
            """,
            {
                "states": to_json(list(states)),
                "before": None if before is None else instant(before),
                "limit": limit,
                **only.params,
            },
        )
        return [_CLAIM.record(row[:width]) for row in rows], rows[0][width] if rows else 0

    async def count_ages(
        self, states: Iterable[ClaimState], since: Sequence[datetime], *, only: Limit = ALL
    ) -> list[int]:
        """Return how many claims in some states came in within each span: at `since[0]` or later, between it and
        `since[1]`, …, and before the last."""
        bounds = [instant(each) for each in since]
        band = " + ".join(f"(c.created_at < :since{place})" for place in range(len(bounds)))
        rows = await self._session.fetch_all(
            f"SELECT {band}, count(*) FROM {_WAITING} {only.sql('c.id')} GROUP BY 1",
            {
                "states": to_json(list(states)),
                **{f"since{place}": each for place, each in enumerate(bounds)},
                **only.params,
            },
        )
        counted = {row[0]: row[1] for row in rows}
        return [counted.get(place, 0) for place in range(len(bounds) + 1)]

    async def list_demanded(
        self, states: Iterable[ClaimState], *, only: Limit = ALL, limit: int
    ) -> tuple[list[tuple[Claim, int]], int]:
        """Return the claims in some states that most people wait for, with how many, and for how many anybody waits."""
        width = len(_CLAIM.names)
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")}, count(*) AS asked, count(*) OVER () FROM claims c
            JOIN requests r ON r.claim_id = c.id AND r.state = 'waiting'
            WHERE c.state IN (SELECT value FROM json_each(:states)) AND c.practice = 0
              {only.sql("c.id")}
            GROUP BY c.id ORDER BY asked DESC, c.id LIMIT :limit
            """,
            {"states": to_json(list(states)), "limit": limit, **only.params},
        )
        return [(_CLAIM.record(row[:width]), row[width]) for row in rows], rows[0][width + 1] if rows else 0

    async def count_undelivered(self, start: datetime, end: datetime) -> int:
        """Return how many messages were given up in [start, end)."""
        row = await self._session.fetch_one(
            "SELECT count(*) FROM outbox WHERE ended_at >= :start AND ended_at < :end AND state = 'dead'",
            {"start": instant(start), "end": instant(end)},
        )
        return 0 if row is None else int(row[0])
