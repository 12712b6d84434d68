"""Why local times are ours to compute (jobs/calendar.py): what the scheduler's own trigger does in a zone.

The faults told here are not ours. A test that fails after an upgrade means that one of them was mended there: it can
go, and with it one reason for a calendar of our own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from jobs.calendar import instant_of

BERLIN, CAIRO, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Cairo"), ZoneInfo("America/New_York")


def fires(place: ZoneInfo, hour: int, minute: int, after: datetime, most: int) -> list[datetime]:
    """Return the first fires, in UTC, of a job that runs daily and is done a second after each."""
    trigger = CronTrigger(hour=hour, minute=minute, timezone=place)
    found: list[datetime] = []
    previous, now = None, after
    for _ in range(most):
        previous = trigger.get_next_fire_time(previous, now)
        found.append(previous.astimezone(UTC))
        now = previous + timedelta(seconds=1)
    return found


def test_a_time_that_occurs_twice_fires_twice_and_then_for_ever() -> None:
    first = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert instant_of(date(2025, 11, 2), 90, NEW_YORK) == first
    found = fires(NEW_YORK, 1, 30, datetime(2025, 11, 1, 12, tzinfo=UTC), 9)
    assert found == [first, *[first + timedelta(hours=1)] * 8]


def test_a_midnight_that_does_not_exist_takes_its_whole_day_along() -> None:
    after_the_gap = datetime(2025, 4, 24, 22, tzinfo=UTC)
    assert instant_of(date(2025, 4, 25), 15, CAIRO) == after_the_gap
    found = fires(CAIRO, 0, 15, datetime(2025, 4, 24, 12, tzinfo=UTC), 1)
    assert [each.astimezone(CAIRO).date() for each in found] == [date(2025, 4, 26)]


def test_a_time_in_a_gap_fires_long_after_the_gap() -> None:
    after_the_gap = datetime(2025, 3, 30, 1, tzinfo=UTC)
    assert instant_of(date(2025, 3, 30), 150, BERLIN) == after_the_gap
    found = fires(BERLIN, 2, 30, datetime(2025, 3, 29, 12, tzinfo=UTC), 1)
    assert found == [after_the_gap + timedelta(minutes=30)]
