"""What is still to be done, and what went wrong, as digests tell it.

The age of a claim counts from when it came in, or was last taken up again after it had ended (`owed_since`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from storage.digest_wishes import ALL, Limit
from storage.engines.base import Session
from storage.kinds import ClaimState
from storage.model import Claim, ClaimId
from storage.rows import Columns, instant, to_json

_CLAIM = Columns(Claim)

_WAITING = """
  claims c WHERE c.state NOT IN ('published', 'retracted', 'closed', 'duplicate') AND c.practice = 0
    AND +c.state IN (SELECT value FROM json_each(:states))
"""
"""Claims in some open states. The first line says word for word what the index `claims_open` holds: only so it is used.
The plus keeps the database from using another one."""

_POINTS = """
  :demand * log2(1 + c.asked)
  + CASE c.severity WHEN 'low' THEN :low WHEN 'normal' THEN :normal WHEN 'high' THEN :high ELSE :critical END
  + :age_per_day * min(max(julianday(:now) - julianday(c.owed_since), 0.0), :age_days)
  + :worth * coalesce(c.worth, 0.5)
"""
"""The priority of a claim, by the formula of `assigning.priority`."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the formula of priority; age counts for up to `age_days` days."""

    demand: float
    low: float
    normal: float
    high: float
    critical: float
    age_per_day: float
    age_days: float
    worth: float


class Backlog:
    """SQL on claims that are not done."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_first(
        self, states: Iterable[ClaimState], weights: Weights, now: datetime, *, offset: int, limit: int
    ) -> list[ClaimId]:
        """Return the claims in some states in the order of their priority, ties by number."""
        rows = await self._session.fetch_all(
            f"SELECT c.id FROM {_WAITING} ORDER BY {_POINTS} DESC, c.id LIMIT :limit OFFSET :offset",
            {
                "states": to_json(list(states)),
                "now": instant(now),
                "limit": limit,
                "offset": offset,
                **asdict(weights),
            },
        )
        return [ClaimId(row[0]) for row in rows]

    async def count(self, states: Iterable[ClaimState], *, before: datetime | None = None, only: Limit = ALL) -> int:
        """Return how many claims are in some states, and are owed since before an instant."""
        row = await self._session.fetch_one(
            f"""
            SELECT count(*) FROM {_WAITING} AND (:before IS NULL OR +c.owed_since < :before)
              {only.sql("c.id")}
            """,
            {
                "states": to_json(list(states)),
                "before": None if before is None else instant(before),
                **only.params,
            },
        )
        return 0 if row is None else int(row[0])

    async def list_waiting(
        self, states: Iterable[ClaimState], *, before: datetime | None = None, only: Limit = ALL, limit: int
    ) -> tuple[list[Claim], int]:
        """Return the claims in some states owed since before an instant, the oldest first, and how many there are."""
        states = list(states)
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")} FROM claims c JOIN (
              SELECT c.id FROM {_WAITING} AND (:before IS NULL OR +c.owed_since < :before)
                {only.sql("c.id")}
              ORDER BY +c.owed_since, c.id LIMIT :limit) first ON first.id = c.id
            ORDER BY c.owed_since, c.id
            """,
            {
                "states": to_json(states),
                "before": None if before is None else instant(before),
                "limit": limit,
                **only.params,
            },
        )
        found = _CLAIM.records(rows)
        return found, len(found) if len(found) < limit else await self.count(states, before=before, only=only)

    async def count_ages(
        self, states: Iterable[ClaimState], since: Sequence[datetime], *, only: Limit = ALL
    ) -> list[int]:
        """Return how many claims in some states came in within each span: at `since[0]` or later, between it and
        `since[1]`, …, and before the last."""
        bounds = [instant(each) for each in since]
        band = " + ".join(f"(c.owed_since < :since{place})" for place in range(len(bounds)))
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
        wanted = {"states": to_json(list(states)), **only.params}
        asked = f"{_WAITING} AND c.waiting > 0 {only.sql('c.id')}"
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")}, c.waiting FROM claims c
            JOIN (SELECT c.id FROM {asked} ORDER BY c.waiting DESC, c.id LIMIT :limit) first
              ON first.id = c.id
            ORDER BY c.waiting DESC, c.id
            """,
            {**wanted, "limit": limit},
        )
        total = await self._session.fetch_one(f"SELECT count(*) FROM {asked}", wanted)
        return [(_CLAIM.record(row[:-1]), row[-1]) for row in rows], 0 if total is None else total[0]

    async def count_undelivered(self, start: datetime, end: datetime) -> int:
        """Return how many messages were given up in [start, end)."""
        row = await self._session.fetch_one(
            "SELECT count(*) FROM outbox WHERE ended_at >= :start AND ended_at < :end AND state = 'dead'",
            {"start": instant(start), "end": instant(end)},
        )
        return 0 if row is None else int(row[0])
