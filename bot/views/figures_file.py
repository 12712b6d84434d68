"""`/stats csv`: the figures as a table for spreadsheets, one row for each.

The file begins with a byte order mark, without which some of them do not read Bengali. Keys, numbers and instants are
the same in every language; durations are in seconds, shares are of one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from bot.views.message import Upload
from bot.views.words import Words
from jobs.agreement import Alpha
from jobs.statistics import Figures
from jobs.survival import Waits
from storage.kinds import RequestState

COLUMNS = ("key", "label", "value", "n", "low", "high", "open", "start", "end")
"""`n` is of how many claims (reviews, verdicts) a figure is, `open` how many of these are not done yet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take a cell for that begins so: something to compute."""

_Number = float | int | None
_Row = tuple[str, str, _Number, _Number, _Number, _Number, _Number]


def stats_filed(figures: Figures, words: Words) -> Upload:
    """Return the figures of a stretch of time as a file."""
    caption = words.text(
        "Figures, {start} – {end}, as a table. Durations are in seconds, shares are of one.",
        start=words.date(figures.start),
        end=words.date(figures.end),
    )
    name = f"factdesk-{figures.start:%Y-%m-%d}-{figures.end:%Y-%m-%d}.csv"
    return Upload("document", name, "text/csv", partial(table, figures, words), caption)


def table(figures: Figures, words: Words) -> bytes:
    """Return the table as UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    span = (_instant(figures.start), _instant(figures.end))
    for row in _rows(figures, words):
        writer.writerow([*map(cell, row), *span])
    return out.getvalue().encode("utf-8-sig")


def cell(value: str | _Number) -> str:
    """Return what stands in a cell: a number as it is, and a text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _rows(figures: Figures, words: Words) -> Iterator[_Row]:
    decided, published = figures.decided, figures.evidence.verdicts
    yield _one("came_in", words.text("Came in"), figures.came_in)
    yield _one("published", words.text("Published"), figures.published, figures.came_in)
    yield _one("ended", words.text("Closed or merged"), figures.ended, figures.came_in)
    yield _one("open", words.text("Open"), figures.open, figures.came_in)
    yield _one("decided", words.text("Decided"), decided)
    yield _one("within_target", words.text("Within the target"), figures.within_target)
    yield from _wait("first_look", words.text("first look"), figures.look, words)
    yield from _wait("first_review", words.text("first review"), figures.review, words)
    yield from _wait("decision", words.text("decision"), figures.decision, words)
    yield from _wait("publication", words.text("publication"), figures.publication, words)
    yield _one("disputed", words.text("Disputed"), figures.disputed, figures.judged)
    yield _one("adjudicated", words.text("Adjudicated"), figures.adjudicated, decided)
    yield _one("corrected", words.text("Corrected"), figures.corrected, published)
    yield _one("reopened", words.text("Reopened"), figures.reopened, published)
    share, n = (None, None) if figures.percent is None else figures.percent
    yield _one("agreement", words.text("The same rating"), share, n)
    yield _alpha("alpha_ordinal", words.text("Alpha, ordinal"), figures.ordinal)
    yield _alpha("alpha_nominal", words.text("Alpha, nominal"), figures.nominal)
    yield from _evidence(figures, words)
    yield from _requests(figures, words)
    said = figures.voices.yes + figures.voices.no
    yield _one("answers_helped", words.text("The answer helped"), figures.voices.yes, said)


def _evidence(figures: Figures, words: Words) -> Iterator[_Row]:
    evidence = figures.evidence
    n = evidence.verdicts
    for key, label, number in (
        ("sources_per_verdict", words.text("Sources per verdict"), evidence.sources),
        ("with_primary", words.text("With a primary source"), evidence.with_primary),
        ("with_archive", words.text("With an archived copy"), evidence.with_archive),
        ("with_two_origins", words.text("Of two origins or more"), evidence.with_two_origins),
    ):
        yield _one(key, label, number / n if n else None, n)


def _requests(figures: Figures, words: Words) -> Iterator[_Row]:
    requests = figures.requests
    n = sum(requests.values())
    yield _one("requests_answered", words.text("Requests answered"), requests[RequestState.ANSWERED], n)
    yield _one("requests_waiting", words.text("Requests waiting"), requests[RequestState.WAITING], n)
    yield _one("requests_unreachable", words.text("Requests waiting, unreachable"), figures.unreachable, n)
    yield _one("requests_withdrawn", words.text("Requests taken back"), requests[RequestState.WITHDRAWN], n)


def _one(key: str, label: str, value: _Number, n: _Number = None) -> _Row:
    return key, label, value, n, None, None, None


def _wait(key: str, name: str, waits: Waits, words: Words) -> Iterator[_Row]:
    for part, label, seconds in (
        ("median", words.text("Time until {step}, half of them", step=name), waits.median),
        ("p90", words.text("Time until {step}, nine in ten", step=name), waits.p90),
        ("oldest", words.text("Time until {step}, the longest wait of what is open", step=name), waits.oldest),
    ):
        value = None if seconds is None else round(seconds)
        yield f"{key}_{part}", label, value, waits.total, None, None, waits.open


def _alpha(key: str, label: str, alpha: Alpha | None) -> _Row:
    if alpha is None:
        return _one(key, label, None)
    return key, label, alpha.value, alpha.n, alpha.low, alpha.high, None


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
