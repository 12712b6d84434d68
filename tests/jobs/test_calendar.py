from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.calendar import next_fire, parse_local_time, parse_weekday, parse_zone
from storage.errors import Refused
from storage.kinds import Cadence

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CHANGING = [
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Santiago",
    "America/Havana",
    "Asia/Beirut",
    "Asia/Dhaka",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "UTC",
]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def fires(zone: str, at: str, after: str, count: int, weekday: int | None = None) -> list[str]:
    """Return `count` fires after an instant, as local wall times with their offset."""
    cadence = Cadence.DAILY if weekday is None else Cadence.WEEKLY
    moment, found = instant(after), []
    for _ in range(count):
        moment = next_fire(cadence, parse_local_time(at), weekday, zone, moment)
        assert moment.tzinfo is UTC
        found.append(moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes"))
    return found


def test_the_wall_time_stays_when_the_clocks_change() -> None:
    assert fires("Europe/Berlin", "09:00", "2026-03-28T00:00+00:00", 3) == [
        "2026-03-28T09:00+01:00",
        "2026-03-29T09:00+02:00",
        "2026-03-30T09:00+02:00",
    ]


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        ("Europe/Berlin", "02:30", "2026-03-28T12:00+00:00", "2026-03-29T03:00+02:00"),
        ("America/New_York", "02:00", "2026-03-07T12:00+00:00", "2026-03-08T03:00-04:00"),
        ("Africa/Cairo", "00:30", "2026-04-23T12:00+00:00", "2026-04-24T01:00+03:00"),
        ("Asia/Beirut", "00:00", "2026-03-28T12:00+00:00", "2026-03-29T01:00+03:00"),
        ("America/Santiago", "00:15", "2026-09-05T16:00+00:00", "2026-09-06T01:00-03:00"),
        ("Australia/Lord_Howe", "02:15", "2026-10-03T00:00+00:00", "2026-10-04T02:30+11:00"),
    ],
)
def test_a_skipped_wall_time_fires_at_the_first_instant_after_the_gap(
    zone: str, at: str, after: str, expected: str
) -> None:
    fired, following = fires(zone, at, after, 2)
    assert fired == expected
    # The next day is neither skipped nor shifted.
    assert following.startswith(f"{date.fromisoformat(expected[:10]) + DAY}T{at}")


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        ("Europe/Berlin", "02:30", "2026-10-24T12:00+00:00", ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]),
        ("America/New_York", "01:30", "2026-10-31T12:00+00:00", ["2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"]),
        ("Africa/Cairo", "23:30", "2026-10-29T12:00+00:00", ["2026-10-29T23:30+03:00", "2026-10-30T23:30+02:00"]),
        (
            "Australia/Lord_Howe",
            "01:45",
            "2026-04-04T00:00+00:00",
            ["2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"],
        ),
    ],
)
def test_a_wall_time_that_comes_twice_fires_once_at_the_first(
    zone: str, at: str, after: str, expected: list[str]
) -> None:
    assert fires(zone, at, after, 2) == expected


def test_between_the_two_occurrences_the_next_fire_is_tomorrows() -> None:
    assert fires("Europe/Berlin", "02:30", "2026-10-25T02:45+02:00", 1) == ["2026-10-26T02:30+01:00"]


def test_a_date_that_a_zone_skipped_has_no_fire() -> None:
    assert fires("Pacific/Apia", "00:00", "2011-12-29T00:00-10:00", 2) == [
        "2011-12-31T00:00+14:00",
        "2012-01-01T00:00+14:00",
    ]
    assert fires("Pacific/Apia", "18:00", "2011-12-29T00:00-10:00", 2) == [
        "2011-12-29T18:00-10:00",
        "2011-12-31T18:00+14:00",
    ]


def test_a_weekly_fire_on_a_skipped_date_waits_a_week() -> None:
    friday = 4
    assert fires("Pacific/Apia", "09:00", "2011-12-24T00:00-10:00", 1, friday) == ["2012-01-06T09:00+14:00"]


def test_weekly_fires_come_on_their_local_weekday_across_the_change() -> None:
    sunday = 6
    assert fires("Europe/Berlin", "02:30", "2026-03-22T00:30+00:00", 3, sunday) == [
        "2026-03-22T02:30+01:00",
        "2026-03-29T03:00+02:00",
        "2026-04-05T02:30+02:00",
    ]


def test_the_instant_itself_is_not_after() -> None:
    nine = instant("2025-05-07T09:00+06:00")
    assert next_fire(Cadence.DAILY, 540, None, "Asia/Dhaka", nine) == nine + DAY
    assert next_fire(Cadence.DAILY, 540, None, "Asia/Dhaka", nine - timedelta(microseconds=1)) == nine


@pytest.mark.parametrize(
    ("cadence", "minute", "weekday", "after"),
    [
        (Cadence.DAILY, 1440, None, datetime(2025, 1, 1, tzinfo=UTC)),
        (Cadence.DAILY, -1, None, datetime(2025, 1, 1, tzinfo=UTC)),
        (Cadence.DAILY, 0, 3, datetime(2025, 1, 1, tzinfo=UTC)),
        (Cadence.WEEKLY, 0, None, datetime(2025, 1, 1, tzinfo=UTC)),
        (Cadence.WEEKLY, 0, 7, datetime(2025, 1, 1, tzinfo=UTC)),
        (Cadence.DAILY, 0, None, datetime(2025, 1, 1)),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_arguments_out_of_range_are_a_programming_error(
    cadence: Cadence, minute: int, weekday: int | None, after: datetime
) -> None:
    with pytest.raises(ValueError, match=r"local_minute|weekday|aware"):
        next_fire(cadence, minute, weekday, "UTC", after)


def days_lived(zone: str, start: datetime, end: datetime) -> list[date]:
    """Return every local date that has an instant in the span, by looking every quarter of an hour."""
    place = ZoneInfo(zone)
    seen = {(end - timedelta(microseconds=1)).astimezone(place).date()}
    while start < end:
        seen.add(start.astimezone(place).date())
        start += timedelta(minutes=15)
    return sorted(seen)


moments = st.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
around_changes = st.tuples(
    st.sampled_from(["2011-12-29", "2026-03-08", "2026-03-28", "2026-04-04", "2026-04-23", "2026-10-24", "2026-10-29"]),
    st.integers(-72, 72),
).map(lambda pair: instant(f"{pair[0]}T00:00+00:00") + timedelta(hours=pair[1]))


@given(
    st.sampled_from(CHANGING) | st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    st.integers(0, 1439),
    moments | around_changes,
)
def test_one_fire_per_local_date_with_the_wall_time_kept(zone: str, minute: int, start: datetime) -> None:
    place, wall, end = ZoneInfo(zone), time(*divmod(minute, 60)), start + 12 * DAY
    fired: list[datetime] = []
    while (moment := next_fire(Cadence.DAILY, minute, None, zone, fired[-1] if fired else start)) < end:
        fired.append(moment)
    assert fired == sorted(set(fired))
    meant = []
    for moment in fired:
        local = moment.astimezone(place).replace(tzinfo=None)
        if local.time() == wall and not moment.astimezone(place).fold:
            meant.append(local.date())
        else:
            # Allowed only right after a gap that swallowed the wall time.
            before = (moment - SECOND).astimezone(place).replace(tzinfo=None)
            [skipped] = [day for day in {before.date(), local.date()} if before < datetime.combine(day, wall) < local]
            meant.append(skipped)
    lived = days_lived(zone, start, end)
    assert meant == sorted(set(meant))
    # The first and the last date of the span are only partly in it.
    assert set(lived[1:-1]) <= set(meant) <= set(lived)


@given(st.sampled_from(CHANGING), st.integers(0, 1439), st.integers(0, 6), moments | around_changes)
def test_weekly_is_daily_on_one_weekday(zone: str, minute: int, weekday: int, start: datetime) -> None:
    weekly = next_fire(Cadence.WEEKLY, minute, weekday, zone, start)
    assert start < weekly <= start + 15 * DAY
    assert next_fire(Cadence.DAILY, minute, None, zone, weekly - timedelta(microseconds=1)) == weekly


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("09:00", 540), ("9:05", 545), ("০৯:০০", 540), ("२३:५९", 1439), (" 00:00 ", 0), ("٠٧:٣٠", 450)],
)
def test_local_times_are_read_in_any_digits(text: str, minutes: int) -> None:
    assert parse_local_time(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "9", "24:00", "12:60", "9.00", "9:5", "09:00:00", "-1:00", "9:00am", "¹²:³⁰", "a"]
)
def test_what_is_no_local_time_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="local_time_invalid"):
        parse_local_time(text)


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["mon", "Monday", "সোম", "সোমবার"], 0),
        (["tue", "TUES", "মঙ্গল", "মঙ্গলবার"], 1),
        (["wed", "wednesday", "বুধ", "বুধবার"], 2),
        (["thu", "Thurs.", "বৃহস্পতি", "বৃহস্পতিবার"], 3),
        (["fri", "friday", "শুক্র", "শুক্রবার"], 4),
        (["sat", " saturday ", "শনি", "শনিবার"], 5),
        (["sun", "Sunday", "রবি", "রবিবার"], 6),
    ],
)
def test_weekdays_are_read_in_english_and_bengali(texts: list[str], day: int) -> None:
    assert {parse_weekday(text) for text in texts} == {day}


@pytest.mark.parametrize("text", ["", "m", "someday", "বার", "7"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="weekday_invalid"):
        parse_weekday(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Asia/Dhaka", "Asia/Dhaka"),
        ("asia/dhaka", "Asia/Dhaka"),
        (" america/new york ", "America/New_York"),
        ("utc", "UTC"),
        ("AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"),
    ],
)
def test_zones_are_matched_to_their_canonical_name(text: str, name: str) -> None:
    assert parse_zone(text) == name


@pytest.mark.parametrize("text", ["", "Dhaka", "Mars/Olympus", "../etc/passwd", "Factory", "localtime", "GMT+25"])
def test_what_is_no_zone_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_zone(text)
    assert (refused.value.code, refused.value.data) == ("unknown_zone", {"zone": text})
