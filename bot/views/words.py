"""Words, numbers and dates in one language and one time zone.

English is the language of the msgids and needs no catalogue. The others are read from their `.po` files, so that there
is no compiled file that could be older than its source. Babel is imported when first needed: a desk that starts has
nothing to say yet.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

LANGUAGES = {"en": "English", "bn": "বাংলা"}
"""What the desk speaks: the code, and the language's own name."""

LOCALES = Path(__file__).parents[1] / "locales"
SOURCE_LANGUAGE = "en"

# Babel prints Western digits in every language, whatever numbering system CLDR names as the language's own.
_DIGITS = {"bn": str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")}
_DAY = "d MMMM y"
_SHORT_DAY = "d MMM"
_MINUS = "\N{MINUS SIGN}"


def mark(msgid: str) -> str:
    """Return a msgid as it is. For tables: `pybabel extract` finds it here, `Words.text` translates it later."""
    return msgid


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """Return both forms of a msgid as they are; see `mark`."""
    return singular, plural


class Words:
    """One language and one zone. Get it from `words_for`, which keeps what it made."""

    __slots__ = ("_catalogue", "_digits", "_place", "language", "zone")

    def __init__(self, language: str, zone: str = "UTC") -> None:
        self.language = language
        self.zone = zone
        self._catalogue = _catalogue(language)
        self._digits = _DIGITS.get(language, {})
        self._place = ZoneInfo(zone)

    def text(self, msgid: str, /, **values: str | int) -> str:
        """Return a text with its values. Whole numbers are written as the language does; numbers of claims, links
        and whatever else must stay as it is come as strings, what people wrote comes escaped.
        """
        found = self._catalogue.gettext(msgid)
        return found.format(**self._shown(values)) if values else found

    def count(self, singular: str, plural: str, n: int, /, **values: str | int) -> str:
        """Return the form of a text that goes with `n`, which is also its value `{n}`."""
        return self.form(singular, plural, n).format(n=self.number(n), **self._shown(values))

    def form(self, singular: str, plural: str, n: int) -> str:
        """Return the form of a text that goes with `n`, its values not yet filled in."""
        return self._catalogue.ngettext(singular, plural, n)

    def _shown(self, values: dict[str, str | int]) -> dict[str, str | int]:
        for name, value in values.items():
            if not isinstance(value, str):
                values[name] = self.number(value)
        return values

    def digits(self, text: str) -> str:
        """Return a text of ours with the digits of the language."""
        return text.translate(self._digits)

    def number(self, n: float) -> str:
        """Return a number, grouped as the language does it."""
        if isinstance(n, int) and -1000 < n < 1000:  # no groups yet, and by far the most numbers
            return self.digits(str(n))
        from babel.numbers import format_decimal  # noqa: PLC0415 - see the module's docstring

        return self.digits(format_decimal(n, locale=self.language))

    def percent(self, share: float) -> str:
        """Return a share of one in percent, without decimals."""
        from babel.numbers import format_percent  # noqa: PLC0415 - see the module's docstring

        return self.digits(format_percent(share, locale=self.language))

    def short_date(self, day: date) -> str:
        """Return a day without its year, in few letters."""
        return _day(self.language, day, _SHORT_DAY)

    def date(self, day: date) -> str:
        """Return a day; of an instant, the day it is in the zone."""
        if isinstance(day, datetime):
            day = day.astimezone(self._place).date()
        return _day(self.language, day)

    def time(self, at: datetime) -> str:
        """Return the wall time of an instant in the zone, on the clock of 24 hours."""
        return self.digits(f"{at.astimezone(self._place):%H:%M}")

    def clock(self, minute: int) -> str:
        """Return a wall time, given in minutes since midnight."""
        return self.digits(f"{minute // 60:02}:{minute % 60:02}")

    def day_time(self, at: datetime) -> str:
        """Return day and wall time of an instant in the zone."""
        return self.text("{date}, {time}", date=self.date(at), time=self.time(at))

    def moment(self, at: datetime) -> str:
        """Return day, wall time and the zone's distance from UTC: readers may sit elsewhere than the desk."""
        return _moment(self, at)

    def offset(self, at: datetime) -> str:
        """Return how far the zone is from UTC at an instant."""
        seconds = (at.astimezone(self._place).utcoffset() or timedelta()).total_seconds()
        hours, minutes = divmod(int(abs(seconds)) // 60, 60)
        shown = f"{_MINUS if seconds < 0 else '+'}{hours}" if hours or minutes else ""
        return self.text("UTC{offset}", offset=self.digits(f"{shown}:{minutes:02}" if minutes else shown))

    def duration(self, span: timedelta) -> str:
        """Return a length of time in its largest whole unit."""
        minutes = max(0, int(span.total_seconds())) // 60
        if minutes >= 48 * 60:
            return self.count("{n} day", "{n} days", minutes // (24 * 60))
        if minutes >= 60:
            return self.count("{n} hour", "{n} hours", minutes // 60)
        return self.count("{n} minute", "{n} minutes", max(1, minutes))

    def length(self, span: timedelta) -> str:
        """Return a length of time exactly, in the largest unit of which it is a whole number; days from two on."""
        seconds = int(span.total_seconds())
        if seconds >= 2 * 86_400 and seconds % 86_400 == 0:
            return self.count("{n} day", "{n} days", seconds // 86_400)
        if seconds >= 3_600 and seconds % 3_600 == 0:
            return self.count("{n} hour", "{n} hours", seconds // 3_600)
        if seconds >= 60 and seconds % 60 == 0:
            return self.count("{n} minute", "{n} minutes", seconds // 60)
        return self.count("{n} second", "{n} seconds", seconds)

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week; 0 is Monday."""
        from babel.dates import get_day_names  # noqa: PLC0415 - see the module's docstring

        return str(get_day_names(locale=self.language)[number])

    def language_name(self, code: str) -> str:
        """Return what a language is called in this one; the code itself, if nobody knows it."""
        from babel import Locale  # noqa: PLC0415 - see the module's docstring

        return str(Locale.parse(self.language).languages.get(code, code))

    def choose(self, labels: dict[str, str], key: str) -> str:
        """Return the label of a key; one that the table does not know stands for itself, its underscores as spaces."""
        known = labels.get(key)
        return key.replace("_", " ") if known is None else self.text(known)


def own_name(code: str) -> str:
    """Return what a language calls itself; the code, if nobody knows it."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - see the module's docstring

    try:
        name = Locale.parse(code).get_display_name(code)
    except (ValueError, UnknownLocaleError):
        name = None
    return name or code


def words_for(language: str | None, zone: str = "UTC") -> Words:
    """Return the words of a language; of English, if there is no catalogue for it."""
    return _words(language if language in LANGUAGES else SOURCE_LANGUAGE, zone)


_words: Callable[[str, str], Words] = lru_cache(maxsize=256)(Words)


# A card shows the same deadline each time it changes.
@lru_cache(maxsize=4096)
def _moment(words: Words, at: datetime) -> str:
    return words.text("{date}, {time} ({zone})", date=words.date(at), time=words.time(at), zone=words.offset(at))


@lru_cache(maxsize=2048)
def _day(language: str, day: date, pattern: str = _DAY) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - see the module's docstring

    return format_date(day, pattern, locale=language).translate(_DIGITS.get(language, {}))


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's catalogue. Fuzzy entries are left out: rather English than a guess."""
    path = LOCALES / language / "LC_MESSAGES" / "factdesk.po"
    if not path.exists():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - see the module's docstring
    from babel.messages.pofile import read_po  # noqa: PLC0415 - see the module's docstring

    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
