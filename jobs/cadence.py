"""When a digest is due: daily, on working days, weekly, monthly, or by a cron line, always on the clock of its zone.

Which instants the local times are is the rule of `jobs/calendar.py`.
"""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from jobs.calendar import instant_of
from storage.errors import Refused
from storage.kinds import Cadence
from storage.values import Schedule

_DAY = timedelta(days=1)

_OUR_WEEKENDS = {"BD": frozenset({4, 5})}
"""Where CLDR is out of date: government and most offices in Bangladesh rest on Friday and Saturday."""

_CRON_LONGEST = 100


def next_fire(schedule: Schedule, after: datetime) -> datetime:
    """Return the first instant strictly after `after` at which a digest is due, in UTC.

    Raises:
        ValueError: `after` is naive, or the schedule says nothing that can be.
        ZoneInfoNotFoundError: the zone is unknown to this machine.
        OverflowError: the answer lies outside the years 1 … 9999.
    """
    return next(fires_after(schedule, after))


def fires_after(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """Yield every instant strictly after `after` at which a digest is due, in UTC, in order. Raises as above."""
    if after.tzinfo is None:
        raise ValueError("`after` must be an aware instant")
    place = ZoneInfo(schedule.zone)
    # Zones have moved by a whole day, so what comes next may lie two dates back.
    for wall in _walls(schedule, after.astimezone(place).replace(tzinfo=None, fold=0) - 2 * _DAY):
        instant = instant_of(wall.date(), wall.hour * 60 + wall.minute, place)
        # Several wall times of a gap are one instant, and one that comes twice may lie before.
        if instant is not None and instant > after:
            after = instant
            yield instant


def _walls(schedule: Schedule, local: datetime) -> Iterator[datetime]:
    if schedule.cadence is Cadence.CRON:
        if schedule.cron is None:
            raise ValueError("a cron line is missing")
        yield from CronSim(schedule.cron, local)
        return
    minute = schedule.local_minute
    if minute is None or not 0 <= minute < 24 * 60:
        raise ValueError(f"local_minute {minute}")
    is_on, day = _days(schedule), local.date()
    while True:
        if is_on(day):
            yield datetime(day.year, day.month, day.day, *divmod(minute, 60))  # noqa: DTZ001 - a wall time
        day += _DAY


def _days(schedule: Schedule) -> Callable[[date], bool]:
    day = schedule.day
    match schedule.cadence:
        case Cadence.WEEKLY if day in range(7):
            return lambda each: each.weekday() == day
        case Cadence.MONTHLY if day is not None and 1 <= day <= 31:
            return lambda each: each.day == min(day, monthrange(each.year, each.month)[1])
        case Cadence.DAILY if day is None:
            return lambda each: True
        case Cadence.WEEKDAYS if day is None:
            working = working_days(schedule.zone)
            return lambda each: each.weekday() in working
        case _:
            raise ValueError(f"day {day} for {schedule.cadence}")


@cache
def working_days(zone: str) -> frozenset[int]:
    """Return the working days (0 is Monday) of the country of a zone; Monday to Friday where none is known.

    From CLDR's week data, but for `_OUR_WEEKENDS`.
    """
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to load, and seldom needed
    from babel.core import get_global  # noqa: PLC0415

    zone = get_global("zone_aliases").get(zone, zone)
    country = get_global("zone_territories").get(zone)
    if country in _OUR_WEEKENDS:
        return frozenset(range(7)) - _OUR_WEEKENDS[country]
    try:
        locale = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return frozenset(range(5))
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset(range(7)) - {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def parse_cron(text: str) -> str:
    """Return a cron line of five fields in plain form (single spaces, ASCII digits).

    A digest comes once an hour at most, so the minute must be one number.

    Raises:
        Refused: `cron_invalid`, `cron_too_often`, or `cron_never` for a day that never comes.
    """
    line = " ".join("".join(str(unicodedata.decimal(char, char)) for char in text).upper().split())
    try:
        wall = CronSim(line[:_CRON_LONGEST], datetime(2024, 1, 1)) if len(line.split()) == 5 else None  # noqa: DTZ001
    except CronSimError:
        wall = None
    if wall is None:
        raise Refused("cron_invalid", text=text)
    if not line.split()[0].isdigit():
        raise Refused("cron_too_often")
    if next(wall, None) is None:
        raise Refused("cron_never", text=text)
    return line


def parse_month_day(text: str) -> int:
    """Return a day of the month, 1 … 31 (digits of any script); Refused `month_day_invalid` with `text`."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text.strip())
    if not plain.isascii() or not plain.isdigit() or not 1 <= int(plain[:3]) <= 31:
        raise Refused("month_day_invalid", text=text)
    return int(plain)


def missed_fires(schedule: Schedule, due: datetime, now: datetime, most: int) -> tuple[datetime | None, list[datetime]]:
    """Return what is due in [due, now]: the end of a period folded from the oldest (None if not needed), and the rest.

    Args:
        due: a fire of the schedule, not after `now`.
        most: so many of the newest get a period of their own; at least 1.
    """
    fires = [due, *takewhile(lambda fire: fire <= now, fires_after(schedule, due))]
    folded, own = fires[:-most], fires[-most:]
    return (folded[-1] if folded else None), own
