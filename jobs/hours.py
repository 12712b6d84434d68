"""When somebody works: read from what they type, and asked of a moment. Pure rules."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs.calendar import is_between, parse_weekday, parse_zone
from jobs.wishes import parse_span
from storage.errors import Refused
from storage.profiles import Profile

_RANGE = "-\N{EN DASH}\N{EM DASH}"


def at_work(profile: Profile, zone: str, now: datetime) -> bool:
    """True in the hours in which somebody works, by the clocks of their zone; always, if they named none.

    Hours past midnight belong to the day on which they begin.
    """
    if not profile.days:
        return True
    wall = now.astimezone(ZoneInfo(zone))
    if profile.start == profile.end:
        return wall.weekday() in profile.days
    minute = wall.hour * 60 + wall.minute
    begun_today = profile.start < profile.end or minute >= profile.start
    day = wall.weekday() if begun_today else (wall.weekday() - 1) % 7
    return day in profile.days and is_between(profile.start, profile.end, zone, now)


def parse_hours(text: str, zone: str) -> tuple[frozenset[int], int, int, str]:
    """Read `mon-fri 9-17 Asia/Dhaka`: days, minutes since midnight, zone. Days and zone may be left out.

    Args:
        zone: whose clocks are meant if the text names none.

    Raises:
        Refused: `hours_usage`, `weekday_invalid`, `local_time_invalid`, `unknown_zone`.
    """
    pieces = text.split()
    at = next((number for number, piece in enumerate(pieces) if _is_digit(piece[0])), None)
    if at is None:
        raise Refused("hours_usage")
    days = frozenset(range(7)) if not at else _days(" ".join(pieces[:at]))
    try:
        start, end = parse_span(pieces[at])
    except Refused as refused:
        raise Refused("hours_usage") if refused.code == "quiet_usage" else refused from refused
    rest = " ".join(pieces[at + 1 :])
    return days, start, end, parse_zone(rest) if rest else zone


def _is_digit(char: str) -> bool:
    return unicodedata.decimal(char, None) is not None


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for piece in text.replace(",", " ").split():
        ends = piece
        for sign in _RANGE:
            ends = ends.replace(sign, "-")
        first, _, last = ends.partition("-")
        start = parse_weekday(first)
        end = parse_weekday(last) if last else start
        # From Friday to Monday goes over the end of the week.
        found.update((start + each) % 7 for each in range((end - start) % 7 + 1))
    return frozenset(found)
