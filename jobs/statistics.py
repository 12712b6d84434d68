"""The figures of a stretch of time, each by the formula that `/stats why` and docs/figures.md tell.

Times are over the claims that came in during the stretch, and what of them is not done yet counts as not done yet
(`survival`). Rates are of what happened during the stretch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jobs.access import require
from jobs.agreement import Alpha, alpha, percent_agreement
from jobs.policy import Policy
from jobs.survival import Waits, waits
from storage.errors import Refused
from storage.kinds import AssignmentState, RequestState, Role
from storage.ledger import Ledger
from storage.milestones import Evidence, Way
from storage.model import Person
from storage.objections import Voices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Numbers = NDArray[np.float64]

LONGEST = timedelta(days=731)
_DAYS = re.compile(r"([0-9]{1,3})\s*(d|day|days|w|week|weeks|দিন|সপ্তাহ)")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of [start, end), as known at `now`. Shares are None where there is nothing to take a share of.

    `within_target` is of the claims published or waiting for longer than the target; `disputed` of the times that
    reviews were `judged` to agree or not; `adjudicated` of the verdicts reached; `corrected` and `reopened`, until now,
    of the claims published. `unreachable` are some of those who wait.
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
    judged: int
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
    ways = _Ways(await ledger.milestones.list_created(start, end))
    patterns = await ledger.milestones.count_patterns(start, end)
    ordinals = {rating.key: rating.ordinal for rating in policy.scale if rating.ordinal is not None}
    evidence = await ledger.milestones.evidence(start, end)
    span = (await ledger.news.marks_before(start), await ledger.news.marks_before(end))
    taken_back = await ledger.news.count("verdict.taken_back", *span)
    decided = await ledger.news.count("verdict.decided", *span) - taken_back
    disputes, adjudications = [await ledger.news.count(each, *span) for each in ("claim.dispute", "claim.adjudicate")]
    judged = disputes + await ledger.news.count("claim.agree", *span)
    corrected = await ledger.milestones.count_corrected(start, end)
    reopened = await ledger.milestones.count_reopened(start, end, span[0].event)
    at = now.timestamp()
    return Figures(
        start=start,
        end=end,
        came_in=len(ways.created),
        published=int(ways.is_published.sum()),
        ended=int((~ways.is_published & ways.has_ended).sum()),
        open=int((~ways.is_published & ~ways.has_ended).sum()),
        look=ways.waits(ways.taken, at),
        review=ways.waits(ways.reviewed, at),
        decision=ways.waits(ways.decided, at),
        publication=ways.waits(ways.published, at),
        within_target=ways.within(policy.target.total_seconds(), at),
        decided=decided,
        judged=judged,
        disputed=_share(disputes, judged),
        # What was decided before and taken back meanwhile may leave fewer verdicts than adjudications.
        adjudicated=_share(adjudications, max(decided, adjudications)),
        corrected=_share(corrected, evidence.verdicts),
        reopened=_share(reopened, evidence.verdicts),
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


class _Ways:
    """The ways of many claims, a column for each milestone: tens of thousands are counted in milliseconds."""

    def __init__(self, ways: Sequence[Way]) -> None:
        import numpy as np  # noqa: PLC0415 - a desk starts without it

        table = np.array(ways, dtype=float).reshape(-1, 6)  # None becomes NaN
        self.created, self.taken, self.reviewed, self.decided, self.published, self.ended = table.T
        self.is_published, self.has_ended = ~np.isnan(self.published), ~np.isnan(self.ended)

    def waits(self, reached: _Numbers, at: float) -> Waits:
        """Return how long it took to reach a milestone."""
        import numpy as np  # noqa: PLC0415 - a desk starts without it

        is_done = ~np.isnan(reached)
        is_open = ~is_done & ~self.has_ended
        # What was closed or merged waited until then, and is not waiting any more.
        until = np.where(is_done, reached, np.where(self.has_ended, self.ended, at))
        took = np.maximum(0.0, until - self.created)
        return waits(took[is_done], took[is_open], took[~is_done & ~is_open])

    def within(self, target: float, at: float) -> float | None:
        """Return the share published within so many seconds, of those published or waiting for longer."""
        took = (self.published - self.created)[self.is_published]
        late = ~self.is_published & ~self.has_ended & (at - self.created > target)
        return _share(int((took <= target).sum()), len(took) + int(late.sum()))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
