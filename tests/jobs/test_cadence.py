from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.cadence import fires_after, missed_fires, next_fire, parse_cron, parse_month_day, working_days
from jobs.calendar import parse_local_time
from storage.errors import Refused
from storage.kinds import Cadence
from storage.values import Schedule

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
        moment = next_fire(Schedule(cadence, zone, parse_local_time(at), weekday), moment)
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
    daily = Schedule(Cadence.DAILY, "Asia/Dhaka", 540)
    assert next_fire(daily, nine) == nine + DAY
    assert next_fire(daily, nine - timedelta(microseconds=1)) == nine


UTC_2025 = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "after"),
    [
        (Schedule(Cadence.DAILY, "UTC", 1440), UTC_2025),
        (Schedule(Cadence.DAILY, "UTC", -1), UTC_2025),
        (Schedule(Cadence.DAILY, "UTC"), UTC_2025),
        (Schedule(Cadence.DAILY, "UTC", 0, 3), UTC_2025),
        (Schedule(Cadence.WEEKDAYS, "UTC", 0, 3), UTC_2025),
        (Schedule(Cadence.WEEKLY, "UTC", 0), UTC_2025),
        (Schedule(Cadence.WEEKLY, "UTC", 0, 7), UTC_2025),
        (Schedule(Cadence.MONTHLY, "UTC", 0), UTC_2025),
        (Schedule(Cadence.MONTHLY, "UTC", 0, 32), UTC_2025),
        (Schedule(Cadence.CRON, "UTC"), UTC_2025),
        (Schedule(Cadence.DAILY, "UTC", 0), datetime(2025, 1, 1)),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_a_schedule_that_says_nothing_is_a_programming_error(schedule: Schedule, after: datetime) -> None:
    with pytest.raises(ValueError, match=r"local_minute|day|cron|aware"):
        next_fire(schedule, after)


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
    daily = Schedule(Cadence.DAILY, zone, minute)
    fired: list[datetime] = []
    while (moment := next_fire(daily, fired[-1] if fired else start)) < end:
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
    weekly = next_fire(Schedule(Cadence.WEEKLY, zone, minute, weekday), start)
    assert start < weekly <= start + 15 * DAY
    assert next_fire(Schedule(Cadence.DAILY, zone, minute), weekly - timedelta(microseconds=1)) == weekly


def local(schedule: Schedule, after: str, count: int) -> list[str]:
    place = ZoneInfo(schedule.zone)
    found = islice(fires_after(schedule, instant(after)), count)
    return [fire.astimezone(place).strftime("%Y-%m-%d %H:%M") for fire in found]


def test_working_days_are_those_of_the_country() -> None:
    assert working_days("Asia/Dhaka") == working_days("Asia/Dacca") == {6, 0, 1, 2, 3}
    assert working_days("Africa/Cairo") == {6, 0, 1, 2, 3}
    assert working_days("Europe/Berlin") == working_days("UTC") == working_days("Etc/GMT+5") == set(range(5))
    # Thursday, then Sunday: the weekend in Dhaka is Friday and Saturday.
    assert local(Schedule(Cadence.WEEKDAYS, "Asia/Dhaka", 540), "2025-05-07T09:00+06:00", 3) == [
        "2025-05-08 09:00",
        "2025-05-11 09:00",
        "2025-05-12 09:00",
    ]


def test_monthly_on_the_31st_comes_on_the_last_day() -> None:
    assert local(Schedule(Cadence.MONTHLY, "Asia/Dhaka", 540, 31), "2027-12-31T12:00+06:00", 5) == [
        "2028-01-31 09:00",
        "2028-02-29 09:00",
        "2028-03-31 09:00",
        "2028-04-30 09:00",
        "2028-05-31 09:00",
    ]
    assert local(Schedule(Cadence.MONTHLY, "UTC", 0, 30), "2027-01-31T00:00+00:00", 2) == [
        "2027-02-28 00:00",
        "2027-03-30 00:00",
    ]


def test_a_cron_line_is_read_on_the_clock_of_the_zone() -> None:
    twice = Schedule(Cadence.CRON, "Europe/Berlin", cron="30 2,14 * * *")
    # The 02:30 of the night in which the clocks go forward comes at 03:00, that of the other night once.
    assert local(twice, "2026-03-28T15:00+01:00", 3) == ["2026-03-29 03:00", "2026-03-29 14:30", "2026-03-30 02:30"]
    assert local(twice, "2026-10-24T15:00+02:00", 3) == ["2026-10-25 02:30", "2026-10-25 14:30", "2026-10-26 02:30"]
    hourly = Schedule(Cadence.CRON, "Europe/Berlin", cron="0 * * * *")
    assert local(hourly, "2026-03-29T00:30+01:00", 3) == ["2026-03-29 01:00", "2026-03-29 03:00", "2026-03-29 04:00"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("0 9 * * 1-5", "0 9 * * 1-5"), ("  ৩০ ৯   1,15 * * ", "30 9 1,15 * *"), ("0 9 * * fri#2", "0 9 * * FRI#2")],
)
def test_cron_lines_are_kept_in_plain_form(text: str, line: str) -> None:
    assert parse_cron(text) == line
    assert next_fire(Schedule(Cadence.CRON, "UTC", cron=line), UTC_2025) > UTC_2025


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "cron_invalid"),
        ("0 9 * *", "cron_invalid"),
        ("0 9 * * * *", "cron_invalid"),
        ("0 24 * * *", "cron_invalid"),
        ("x y z a b", "cron_invalid"),
        ("0 9 30 2 *", "cron_invalid"),
        ("* * * * *", "cron_too_often"),
        ("*/5 9 * * *", "cron_too_often"),
        ("0,30 9 * * *", "cron_too_often"),
        (f"0 {'1,' * 200}1 * * *", "cron_invalid"),
    ],
)
def test_other_lines_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_cron(text)
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "day"), [("1", 1), ("31", 31), (" ১৫ ", 15)])
def test_days_of_the_month_are_read_in_any_digits(text: str, day: int) -> None:
    assert parse_month_day(text) == day


@pytest.mark.parametrize("text", ["", "0", "32", "-1", "first", "1.5", "9" * 50])
def test_what_is_no_day_of_the_month_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="month_day_invalid"):
        parse_month_day(text)


def test_of_what_was_missed_the_newest_stand_alone_and_the_rest_is_one() -> None:
    daily = Schedule(Cadence.DAILY, "UTC", 540)
    first = instant("2025-05-01T09:00+00:00")
    now = first + 4 * DAY + timedelta(hours=1)
    assert missed_fires(daily, first, first, 2) == (None, [first])
    assert missed_fires(daily, first, first + DAY, 2) == (None, [first, first + DAY])
    assert missed_fires(daily, first, now, 2) == (first + 2 * DAY, [first + 3 * DAY, first + 4 * DAY])


schedules = st.one_of(
    st.builds(
        lambda cadence, minute: (cadence, minute, None),
        st.sampled_from((Cadence.DAILY, Cadence.WEEKDAYS)),
        st.integers(0, 1439),
    ),
    st.tuples(st.just(Cadence.WEEKLY), st.integers(0, 1439), st.integers(0, 6)),
    st.tuples(st.just(Cadence.MONTHLY), st.integers(0, 1439), st.integers(1, 31)),
)
decade = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})), schedules, decade)
def test_periods_tile_time_in_every_zone(zone: str, parts: tuple[Cadence, int, int | None], start: datetime) -> None:
    """Each fire is the next after the one before, whatever instant between them is asked about."""
    cadence, minute, day = parts
    schedule = Schedule(cadence, zone, minute, day)
    fires = list(islice(fires_after(schedule, start), 6))
    assert fires == sorted(set(fires))
    assert fires[0] > start
    for before, after in pairwise(fires):
        assert next_fire(schedule, before) == after
        assert next_fire(schedule, before + (after - before) / 2) == after
        assert next_fire(schedule, after - timedelta(microseconds=1)) == after
    place, wall = ZoneInfo(zone), time(*divmod(minute, 60))
    for fire in fires:
        shown = fire.astimezone(place)
        skipped = (fire - SECOND).astimezone(place).utcoffset() != shown.utcoffset()
        assert shown.time() == wall or skipped


@pytest.mark.parametrize("zone", sorted(available_timezones() - {"localtime", "Factory"}))
def test_a_daily_digest_comes_on_every_date_of_ten_years(zone: str) -> None:
    place = ZoneInfo(zone)
    noon = Schedule(Cadence.DAILY, zone, 12 * 60)
    start = datetime(2025, 1, 1, tzinfo=place).astimezone(UTC)
    end = datetime(2036, 1, 1, tzinfo=place).astimezone(UTC)
    dates = [fire.astimezone(place).date() for fire in takewhile(lambda fire: fire < end, fires_after(noon, start))]
    assert dates == [date(2025, 1, 1) + number * DAY for number in range(len(dates))]
    assert dates[-1] == date(2035, 12, 31)
