"""Local wall-clock times turned into UTC instants, one per local date, in zones that change their clocks.

The rule (docs/decisions/0005-digest-periods.md tells why no scheduler is trusted with it):

- A wall time that occurs twice on a date fires at its first occurrence only.
- A wall time that is skipped fires at the first instant after the gap, even if that is past midnight.
- A date that a zone skipped as a whole (Samoa, 30 December 2011) has no fire: nobody there lived through that day, and
  the first instant after it belongs to the next date, whose own fire it would double.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from storage.errors import Refused

_SECOND = timedelta(seconds=1)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")

_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "mon monday সোম সোমবার",
            "tue tues tuesday মঙ্গল মঙ্গলবার",
            "wed weds wednesday বুধ বুধবার",
            "thu thur thurs thursday বৃহস্পতি বৃহস্পতিবার বৃহ বৃহঃ",
            "fri friday শুক্র শুক্রবার",
            "sat saturday শনি শনিবার",
            "sun sunday রবি রবিবার",
        )
    )
    for name in names.split()
}


def is_between(start: int, end: int, zone: str, now: datetime) -> bool:
    """Return whether the clocks of a zone show a minute from `start` on and before `end`, maybe past midnight."""
    wall = now.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    return start <= minute < end if start < end else minute >= start or minute < end


def instant_of(day: date, local_minute: int, place: ZoneInfo) -> datetime | None:
    """Return when the clocks of `place` show that minute of that day by the rule above, in UTC; None if it never was.

    Args:
        local_minute: minutes since local midnight, 0 … 1439, read as a wall time and not as elapsed minutes.
    """
    wall = datetime(day.year, day.month, day.day, *divmod(local_minute, 60), tzinfo=place)
    first = wall.astimezone(UTC)
    if first.astimezone(place).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return first
    # Skipped. With fold 0 the old offset was used and `first` lies after the change; with fold 1 the new one, so that
    # lies before it (PEP 495). Changes happen on whole seconds, so halving the span ends after some 17 steps.
    before, changed = wall.replace(fold=1).astimezone(UTC), first
    offset = changed.astimezone(place).utcoffset()
    while changed - before > _SECOND:
        middle = before + (changed - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(place).utcoffset() == offset:
            changed = middle
        else:
            before = middle
    if (changed - _SECOND).astimezone(place).date() < day < changed.astimezone(place).date():
        return None
    return changed


def parse_local_time(text: str) -> int:
    """Return the minutes since midnight of a 24-hour time such as `09:00`, `9:05` or `০৯:০০` (digits of any script).

    Raises:
        Refused: `local_time_invalid` with `text`.
    """
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text.strip())
    found = _TIME.fullmatch(plain)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refused("local_time_invalid", text=text)
    return int(found[1]) * 60 + int(found[2])


def parse_weekday(text: str) -> int:
    """Return 0 (Monday) … 6 for an English or Bengali name of a day, short or long, in any case.

    Raises:
        Refused: `weekday_invalid` with `text`.
    """
    name = unicodedata.normalize("NFC", text.strip().rstrip(".")).casefold()
    if name not in _WEEKDAYS:
        raise Refused("weekday_invalid", text=text)
    return _WEEKDAYS[name]


def parse_zone(text: str) -> str:
    """Return the IANA name of a zone, whatever the case, with spaces for underscores allowed.

    Raises:
        Refused: `unknown_zone` with `zone`.
    """
    name = _zones().get("_".join(text.split()).casefold())
    if name is None:
        raise Refused("unknown_zone", zone=text)
    return name


@cache
def _zones() -> dict[str, str]:
    # "Factory" and "localtime" are in the data and name no place.
    return {name.casefold(): name for name in available_timezones() - {"Factory", "localtime"}}
