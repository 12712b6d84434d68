"""The figures of a stretch of time, each by the formula that `/stats why` and docs/figures.md tell.

Times are over the claims that came in during the stretch, and what of them is not done yet counts as not done yet
(`survival`). Rates are of what happened during the stretch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from jobs.access import require
from jobs.agreement import Alpha, alpha, percent_agreement
from jobs.policy import Policy
from jobs.survival import Waits, waits
from storage.errors import Refused
from storage.kinds import AssignmentState, RequestState, Role
from storage.ledger import Ledger
from storage.milestones import Evidence, Milestone
from storage.model import Person
from storage.objections import Voices

LONGEST = timedelta(days=731)
_DAYS = re.compile(r"([0-9]{1,3})\s*(d|day|days|w|week|weeks|দিন|সপ্তাহ)")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of [start, end), as known at `now`. Shares are None where there is nothing to take a share of.

    `within_target` is of the claims published or waiting for longer than the target; `disputed` and `adjudicated` of
    the verdicts reached; `corrected` and `reopened` of the claims published. `unreachable` are some of
    those who wait.
    """

    start: datetime
    end: datetime
    came_in: int
    published: int
    ended: int
    open: int
    look: Waits
    review: Waits
    decision: Waits
    publication: Waits
    within_target: float | None
    decided: int
    disputed: float | None
    adjudicated: float | None
    corrected: float | None
    reopened: float | None
    percent: tuple[float, int] | None
    nominal: Alpha | None
    ordinal: Alpha | None
    evidence: Evidence
    requests: dict[RequestState, int]
    voices: Voices
    unreachable: int


async def figures_of(ledger: Ledger, start: datetime, end: datetime, now: datetime, policy: Policy) -> Figures:
    """Return the figures of [start, end); the part after `now` is empty."""
    ways = await ledger.milestones.list_created(start, end)
    patterns = await ledger.milestones.count_patterns(start, end)
    ordinals = {rating.key: rating.ordinal for rating in policy.scale if rating.ordinal is not None}
    evidence = await ledger.milestones.evidence(start, end)
    span = (await ledger.news.marks_before(start), await ledger.news.marks_before(end))
    decided = await ledger.news.count("verdict.decided", *span)
    _, corrections = await ledger.news.list_published(*span, corrections=True, limit=1)
    at = now.timestamp()
    return Figures(
        start=start,
        end=end,
        came_in=len(ways),
        published=sum(way.published_at is not None for way in ways),
        ended=sum(way.published_at is None and way.ended_at is not None for way in ways),
        open=sum(way.published_at is None and way.ended_at is None for way in ways),
        look=_waits(ways, lambda way: way.taken_at, at),
        review=_waits(ways, lambda way: way.reviewed_at, at),
        decision=_waits(ways, lambda way: way.decided_at, at),
        publication=_waits(ways, lambda way: way.published_at, at),
        within_target=_within(ways, policy.target.total_seconds(), at),
        decided=decided,
        disputed=_share(await ledger.news.count("claim.dispute", *span), decided),
        adjudicated=_share(await ledger.news.count("claim.adjudicate", *span), decided),
        corrected=_share(corrections, evidence.verdicts),
        reopened=_share(await ledger.news.count("claim.reopen", *span), evidence.verdicts),
        percent=percent_agreement(patterns),
        nominal=alpha(patterns),
        ordinal=alpha(patterns, ordinals),
        evidence=evidence,
        requests=await ledger.milestones.count_requests(start, end),
        voices=await ledger.objections.count_voices(start, end),
        unreachable=await ledger.milestones.count_unreachable(start, end),
    )


async def work_of(
    ledger: Ledger, asker: Person, of: Person, start: datetime, end: datetime
) -> dict[AssignmentState, int]:
    """Return what became of the claims offered to a person; for that person and for editors."""
    if asker.id != of.id:
        require(asker, Role.EDITOR)
    return await ledger.milestones.count_work(of.id, start, end)


def parse_stretch(text: str, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Return the stretch a text names: `7d`, `4 weeks`, or a month `2025-05` on the clock of a zone; 30 days if empty.

    Raises:
        Refused: `stretch_invalid` with `text`.
    """
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text.strip().lower())
    if not plain:
        return now - timedelta(days=30), now
    days, month = _DAYS.fullmatch(plain), _MONTH.fullmatch(plain)
    if days is not None:
        span = timedelta(days=int(days[1]) * (7 if days[2].startswith(("w", "স")) else 1))
        if timedelta() < span <= LONGEST:
            return now - span, now
    if month is not None and 1 <= int(month[2]) <= 12 and int(month[1]) > 1:
        year, number = int(month[1]), int(month[2])
        place = ZoneInfo(zone)
        start = datetime(year, number, 1, tzinfo=place).astimezone(UTC)
        end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=place).astimezone(UTC)
        if start < now:
            return start, min(end, now)
    raise Refused("stretch_invalid", text=text)


def _waits(ways: Sequence[Milestone], reached: Callable[[Milestone], float | None], at: float) -> Waits:
    took, waiting = [], []
    for way in ways:
        when = reached(way)
        if when is not None:
            took.append(max(0.0, when - way.created_at))
        else:
            # What was closed or merged waited until then, and is not waiting any more.
            waiting.append(max(0.0, (at if way.ended_at is None else way.ended_at) - way.created_at))
    return waits(took, waiting)


def _within(ways: Sequence[Milestone], target: float, at: float) -> float | None:
    published = [way.published_at - way.created_at for way in ways if way.published_at is not None]
    late = sum(way.published_at is None and way.ended_at is None and at - way.created_at > target for way in ways)
    return _share(sum(took <= target for took in published), len(published) + late)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
