"""When somebody works: what they type, and whether it is so at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.hours import at_work, parse_hours
from storage.errors import Refused
from storage.profiles import Profile

DHAKA = "Asia/Dhaka"


@pytest.mark.parametrize(
    ("typed", "days", "start", "end", "zone"),
    [
        ("mon-fri 9-17", {0, 1, 2, 3, 4}, 540, 1020, DHAKA),
        ("sun–thu 9:30-17:15 europe/berlin", {6, 0, 1, 2, 3}, 570, 1035, "Europe/Berlin"),
        ("mon, wed fri 22-6", {0, 2, 4}, 1320, 360, DHAKA),
        ("18-23", set(range(7)), 1080, 1380, DHAKA),
        ("রবি-বৃহস্পতি ৯-১৭", {6, 0, 1, 2, 3}, 540, 1020, DHAKA),
        ("fri 0-0:30 America/New York", {4}, 0, 30, "America/New_York"),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, days: set[int], start: int, end: int, zone: str) -> None:
    assert parse_hours(typed, DHAKA) == (frozenset(days), start, end, zone)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "hours_usage"),
        ("mon-fri", "hours_usage"),
        ("mon-fri 9", "hours_usage"),
        ("9-9", "hours_usage"),
        ("someday 9-17", "weekday_invalid"),
        ("mon-fri 9-25", "local_time_invalid"),
        ("9-17 Atlantis", "unknown_zone"),
    ],
)
def test_what_is_no_hours_is_explained(typed: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        parse_hours(typed, DHAKA)


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = Profile(days=frozenset({4}), start=22 * 60, end=2 * 60)  # Friday
    for local, there in (
        ("2025-03-07T21:59", False),
        ("2025-03-07T22:00", True),
        ("2025-03-08T01:59", True),
        ("2025-03-08T02:00", False),
        ("2025-03-08T23:00", False),
        ("2025-03-07T01:00", False),
    ):
        now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(DHAKA)).astimezone(UTC)
        assert at_work(night, DHAKA, now) is there, local


@given(
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
    hours=st.integers(0, 24 * 365),
)
def test_the_minutes_of_a_week_are_those_that_were_named(
    days: frozenset[int], start: int, end: int, hours: int
) -> None:
    profile = Profile(days=days, start=start, end=end)
    monday = datetime(2025, 3, 3, tzinfo=UTC) + timedelta(weeks=hours % 52)
    step = 7
    found = sum(at_work(profile, "UTC", monday + timedelta(minutes=minute)) for minute in range(0, 7 * 1440, step))
    named = len(days) * ((end - start) % 1440 or 1440)
    assert abs(found * step - named) <= step * 2 * len(days)


def test_who_named_no_hours_always_works() -> None:
    assert at_work(Profile(), DHAKA, datetime(2025, 3, 9, 3, tzinfo=UTC))
    assert at_work(Profile(days=frozenset({6})), "UTC", datetime(2025, 3, 9, 3, tzinfo=UTC))
