"""A chart in words: what stands in the picture, and the same told under it for those who do not see it.

The shape of `chart`: jobs/charts.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.views.labels import rating_name
from bot.views.message import escape
from bot.views.parts import lines, shorten
from bot.views.words import Words

Chart = Mapping[str, Any]

MOST_RATINGS = 8
"""Of a longer scale the rest is one bar."""

_LABEL_MOST = 24


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: titles, the labels of the bars with their values, and how a number is written.

    `days` has the label of each bar, how much was decided, and the backlog at its end.
    """

    title: str
    decided_title: str
    backlog_title: str
    ratings_title: str
    ages_title: str
    days: tuple[tuple[str, int, int], ...]
    ratings: tuple[tuple[str, int], ...]
    ages: tuple[tuple[str, int], ...]
    number: Callable[[float], str]

    @property
    def written(self) -> str:
        """All that is written in the picture, for the choice of a font."""
        labels = [*(day for day, _, _ in self.days), *(name for name, _ in (*self.ratings, *self.ages))]
        titles = (self.title, self.decided_title, self.backlog_title, self.ratings_title, self.ages_title)
        return "".join((*titles, *labels, self.number(1234567890)))


def picture(chart: Chart, words: Words) -> Picture:
    """Return what is to be drawn."""
    days = zip(chart["days"], chart["decided"], chart["backlog"], strict=True)
    return Picture(
        title=_span(chart, words),
        decided_title=_decided_title(chart, words),
        backlog_title=words.text("Open at the end of the day") if chart["per_bar"] == 1 else words.text("Open"),
        ratings_title=words.text("Ratings of what was decided"),
        ages_title=_ages_title(chart, words),
        days=tuple((words.short_date(date.fromisoformat(day)), decided, still) for day, decided, still in days),
        ratings=tuple(_ratings(chart, words)),
        ages=tuple(_ages(chart, words)),
        number=words.number,
    )


def told(chart: Chart, words: Words) -> str:
    """Return the chart in a few lines of Telegram's HTML."""
    first, last = chart["backlog"][0], chart["backlog"][-1]
    ratings, ages = (
        " · ".join(f"{escape(label)} {words.number(n)}" for label, n in named if n)
        for named in (_ratings(chart, words), _ages(chart, words))
    )
    return lines(
        f"<b>{_span(chart, words)}</b>",
        words.text("Decided: {n} · open: {first} → {last}", n=sum(chart["decided"]), first=first, last=last),
        words.text("Ratings: {ratings}", ratings=ratings) if ratings else None,
        words.text("Open now, by age: {ages}", ages=ages) if ages else None,
    )


def _span(chart: Chart, words: Words) -> str:
    start, end = (words.date(date.fromisoformat(day)) for day in (chart["days"][0], chart["last"]))
    return words.text("{start} – {end}", start=start, end=end)


def _decided_title(chart: Chart, words: Words) -> str:
    return words.count("Decided each day", "Decided in each {n} days", chart["per_bar"])


def _ages_title(chart: Chart, words: Words) -> str:
    return words.text("Open on {day}, by age", day=words.date(datetime.fromisoformat(chart["at"])))


def _ratings(chart: Chart, words: Words) -> list[tuple[str, int]]:
    named = [(shorten(rating_name(words, key), _LABEL_MOST), n) for key, n in chart["ratings"]]
    shown, rest = named[:MOST_RATINGS], sum(n for _, n in named[MOST_RATINGS:])
    return [*shown, (words.text("others"), rest)] if rest else shown


def _ages(chart: Chart, words: Words) -> list[tuple[str, int]]:
    names = (
        words.text("up to a day"),
        words.text("up to three days"),
        words.text("up to a week"),
        words.text("longer"),
    )
    return list(zip(names, chart["ages"], strict=True))
