"""What the picture beside a digest or `/stats` shows: decisions and backlog by day, ratings, and how old is what waits.

All of it is of claims that came in here. The backlog is what had come in and was neither decided, closed nor merged; a
claim counts as decided when its first verdict was. So the bars and the line fit together, and the ratings add up to the
bars.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from jobs.calendar import instant_of
from jobs.digest_content import AGES
from jobs.lifecycle import OPEN_STATES
from storage.ledger import Ledger
from storage.model import ChatId
from storage.rows import instant

FEWEST_DAYS = 7
"""A picture of one day says nothing: shorter stretches are shown with the days before."""

MOST_BARS = 31
"""More cannot be told apart on a phone; longer stretches are shown with several days in a bar."""

_DAY = timedelta(days=1)


async def put_chart(
    ledger: Ledger,
    chat_id: ChatId,
    thread_id: int | None,
    start: datetime,
    end: datetime,
    zone: str,
    now: datetime,
    *,
    dedup_key: str | None = None,
) -> None:
    """Post the chart of [start, end) as a message of its own, so that a digest never waits for it; none of nothing."""
    chart = await chart_of(ledger, start, end, zone, now)
    if chart is not None:
        await ledger.outbox.enqueue(
            chat_id, "chart_shown", {"chart": chart}, now, thread_id=thread_id, dedup_key=dedup_key
        )


async def chart_of(ledger: Ledger, start: datetime, end: datetime, zone: str, now: datetime) -> dict[str, Any] | None:
    """Return the chart of the days of [start, end) on the clock of a zone as JSON types; None if there is nothing.

    `days` are the first days of the bars, `per_bar` how many days each has; `decided` and `backlog` (at its end) are by
    bar, `ratings` of what was decided, `ages` of what waits at `now`, in the bands of the digest.
    """
    end = min(end, now)
    days, per_bar = bars(start, end, zone)
    place = ZoneInfo(zone)
    bounds = [*(_midnight(day, place) for day in days), end]
    spans = [*pairwise(bounds), (end, now + timedelta(microseconds=1))]
    moves = await ledger.milestones.count_moves(spans)
    ages = await ledger.milestones.count_undecided(OPEN_STATES, [now - age for age in AGES])
    backlog, still = [], sum(ages)
    # From what is open now back to what was open at the end of each bar.
    for moved in reversed(moves):
        still -= moved.came_in - moved.decided - moved.ended
        backlog.append(max(0, still))
    decided = [moved.decided for moved in moves[:-1]]
    if not any(decided) and not any(backlog):
        return None
    return {
        "days": [day.isoformat() for day in days],
        "last": (end - timedelta(microseconds=1)).astimezone(place).date().isoformat(),
        "per_bar": per_bar,
        "decided": decided,
        "backlog": backlog[:-1][::-1],
        "ratings": await ledger.milestones.count_ratings(bounds[0], end),
        "ages": ages,
        "at": instant(now),
        "zone": zone,
    }


def bars(start: datetime, end: datetime, zone: str) -> tuple[list[date], int]:
    """Return the first day of each bar, and how many days a bar has; the last bar holds the day of `end`."""
    last = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    number = max(FEWEST_DAYS, -((start - end) // _DAY))
    per_bar = -(-number // MOST_BARS)
    count = -(-number // per_bar)
    first = last - _DAY * (count * per_bar - 1)
    return [first + _DAY * per_bar * place for place in range(count)], per_bar


def _midnight(day: date, place: ZoneInfo) -> datetime:
    # Where the date line was moved a day is missing: it has no midnight, and as a bar it is empty.
    return instant_of(day, 0, place) or _midnight(day + _DAY, place)
