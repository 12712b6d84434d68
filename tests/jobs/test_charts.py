"""What a chart shows: bars that tile the days, and a backlog that fits to what came in and went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.charts import FEWEST_DAYS, MOST_BARS, bars, chart_of
from jobs.digest_content import Section
from jobs.policy import Policy
from jobs.statistics import LONGEST
from jobs.subscriptions import preview, set_audience, subscribe, switch_section
from storage.kinds import Audience, Cadence, ClaimState, ClosingReason
from storage.ledger import Ledger
from storage.model import ChatId
from storage.values import Schedule
from tests.jobs.test_digest_content import a_busy_desk
from tests.support.builders import NOW, a_claim, a_verdict, an_editor
from tests.support.digests import post_due

DAY = timedelta(days=1)
TEAM = ChatId(-500)
CHARTS = "SELECT count(*) FROM outbox WHERE kind = 'chart_shown'"
MORNING = datetime(2025, 3, 1, tzinfo=UTC)


async def a_claim_of(ledger: Ledger, came_in: datetime, decided: datetime | None = None, rating: str = "false") -> None:
    state = ClaimState.QUEUED if decided is None else ClaimState.PUBLISHED
    claim = await a_claim(ledger, state=state, now=came_in)
    if decided is not None:
        await a_verdict(ledger, claim, rating=rating, now=decided)


async def test_the_backlog_of_each_day_is_what_had_come_in_and_was_not_done(ledger: Ledger) -> None:
    day = [MORNING + DAY * number for number in range(9)]
    noon = [each + DAY / 2 for each in day]
    await a_claim_of(ledger, noon[0] - 40 * DAY)
    await a_claim_of(ledger, noon[0] - 5 * DAY, noon[2])
    await a_claim_of(ledger, noon[1], noon[4], rating="true")
    await a_claim_of(ledger, noon[1], noon[4])
    await a_claim_of(ledger, noon[3], noon[8])
    closed = await a_claim(ledger, state=ClaimState.QUEUED, now=noon[5])
    await ledger.claims.mark_state(closed, ClaimState.CLOSED, noon[6], closing_reason=ClosingReason.SPAM)

    chart = await chart_of(ledger, day[0], day[7], "UTC", day[8] + DAY)
    assert chart is not None
    assert (chart["per_bar"], chart["days"][0], chart["last"]) == (1, "2025-03-01", "2025-03-07")
    assert chart["decided"] == [0, 0, 1, 0, 2, 0, 0]
    assert chart["backlog"] == [2, 4, 3, 4, 2, 3, 2]
    assert sum(n for _, n in chart["ratings"]) == 3
    assert chart["ratings"][0] == ("false", 2)
    assert chart["ages"] == [0, 0, 0, 1]


async def test_a_corrected_verdict_counts_once_with_the_rating_of_today(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.PUBLISHED, now=MORNING)
    await a_verdict(ledger, claim, rating="false", now=MORNING + DAY)
    await a_verdict(ledger, claim, rating="true", now=MORNING + 2 * DAY)
    chart = await chart_of(ledger, MORNING, MORNING + 7 * DAY, "UTC", MORNING + 7 * DAY)
    assert chart is not None
    assert (sum(chart["decided"]), chart["ratings"]) == (1, [("true", 1)])


async def test_of_a_desk_without_claims_there_is_no_chart(ledger: Ledger) -> None:
    assert await chart_of(ledger, NOW - DAY, NOW, "UTC", NOW) is None


@given(
    end=st.timedeltas(timedelta(), 3650 * DAY).map(lambda since: MORNING + since)
    | st.integers(0, 3650).map(lambda days: MORNING + days * DAY),
    span=st.timedeltas(timedelta(seconds=1), LONGEST),
    zone=st.sampled_from(["UTC", "Asia/Dhaka", "Asia/Kathmandu", "America/Havana", "Pacific/Apia", "Africa/Cairo"]),
)
@settings(max_examples=200)
def test_bars_lie_end_to_end_and_hold_the_stretch(end: datetime, span: timedelta, zone: str) -> None:
    days, per_bar = bars(end - span, end, zone)
    assert len(days) <= MOST_BARS
    assert len(days) * per_bar >= max(FEWEST_DAYS, span / DAY)
    assert {later - earlier for earlier, later in pairwise(days)} <= {per_bar * DAY}
    last = (end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    assert days[-1] + (per_bar - 1) * DAY == last


async def a_team_digest(ledger: Ledger, policy: Policy, *, audience: Audience, chart: bool = True) -> None:
    editor = await an_editor(ledger)
    schedule = Schedule(Cadence.DAILY, "UTC", 540)
    subscription = await subscribe(ledger, editor, TEAM, None, schedule, NOW)
    await set_audience(ledger, editor, subscription.id, audience, NOW)
    if not chart:
        await switch_section(ledger, editor, subscription.id, Section.CHART, NOW, on=False)
    await a_busy_desk(ledger)
    await post_due(ledger, NOW + 2 * DAY, policy)


@pytest.mark.parametrize(
    ("audience", "chart", "sent"),
    [
        (Audience.EDITORS, True, True),
        (Audience.REVIEWERS, True, True),
        (Audience.REVIEWERS, False, False),
        (Audience.PUBLIC, True, False),
    ],
)
async def test_a_digest_for_the_team_has_a_chart_unless_it_is_left_out(
    ledger: Ledger, audience: Audience, chart: bool, sent: bool
) -> None:
    policy = Policy(digest_when_empty=False)
    await a_team_digest(ledger, policy, audience=audience, chart=chart)
    rows = await ledger.session.fetch_all(
        "SELECT kind, dedup_key FROM outbox WHERE kind IN ('digest_posted', 'chart_shown') ORDER BY due_at, id"
    )
    digests = [key for kind, key in rows if kind == "digest_posted"]
    assert digests
    assert [key for kind, key in rows if kind == "chart_shown"] == ([f"{key}:chart" for key in digests] if sent else [])
    # Again, by a clock that was put back: no second one of either.
    await post_due(ledger, NOW + 2 * DAY, policy)
    assert len(await ledger.session.fetch_all("SELECT 1 FROM outbox WHERE dedup_key LIKE 'digest:%'")) == len(rows)


async def test_a_preview_has_its_chart_and_an_empty_one_has_none(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    policy = Policy()
    await preview(ledger, editor, TEAM, None, NOW, policy, "UTC")
    assert await ledger.session.fetch_one(CHARTS) == (0,)
    await a_busy_desk(ledger)
    await preview(ledger, editor, TEAM, None, NOW, policy, "UTC")
    assert await ledger.session.fetch_one(CHARTS) == (1,)
