"""From what a person types after /search to a query; and what to tell them if it cannot be read.

    ঢাকা flood  "heavy rain"  -old  #rumour  lang:bn  rating:false  state:disputed  by:@name  after:2025-05-01

All words have to be there, in any order; a word finds those that begin with it, too. Words in quotation marks stand
together just so. `-` before a word or a phrase leaves claims out that have it. A filter is a name, a colon and a value
without a space between, which may stand in quotation marks. Whatever else is typed is words: nothing has a meaning
that it does not have here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from jobs.policy import Policy
from jobs.tags import tag_of
from storage.errors import Refused
from storage.kinds import ClaimState
from storage.search import normal_form
from storage.search.query import SearchQuery, Term, words_of

LONGEST = 500
"""Characters of a query. A whole message is not searched for but sent in, and compared with what is known."""

MOST_TERMS = 20
"""Words and phrases of a query, those to be left out among them; each costs a look into the index."""

_MARKS = '"“”„‟«»＂「」『』'
_QUOTED = re.compile(rf"[{_MARKS}]([^{_MARKS}]*)([{_MARKS}]?)")
_FILTER = re.compile(rf"([^\s:{_MARKS}]+):(?!//)(?:[{_MARKS}]([^{_MARKS}]*)([{_MARKS}]?)|([^\s{_MARKS}]*))")
_PLAIN = re.compile(rf"[^\s{_MARKS}]+")
_MINUS = "-−–—"
_NAME = re.compile(r"[a-z]{2,12}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_YEARS = range(1900, 3000)

T = TypeVar("T")

FILTERS: Mapping[str, str] = {
    "lang": "lang",
    "language": "lang",
    "ভাষা": "lang",
    "rating": "rating",
    "রেটিং": "rating",
    "state": "state",
    "অবস্থা": "state",
    "by": "by",
    "after": "after",
    "since": "after",
    "before": "before",
    "until": "before",
    "tag": "tag",
    "ট্যাগ": "tag",
}
"""What stands before the colon, and which filter it is."""

ME = frozenset({"me", "আমি"})
"""What one calls oneself after `by:`."""


def _nothing(_: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Names:
    """What ratings, states and languages are called besides their keys and codes: `squeezed` name → key.

    For languages a function, because that table is long and seldom needed.
    """

    ratings: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    language: Callable[[str], str | None] = _nothing


def squeezed(name: str) -> str:
    """Return a name without case, spaces and signs: “Mostly true”, `mostly_true` and `mostly-true` are one."""
    return "".join(words_of(normal_form(name.replace("_", " "))))


def parse(text: str, policy: Policy, zone: str, names: Names | None = None) -> SearchQuery:
    """Return what a text asks for; days are those of the zone.

    Raises:
        Refused: `search_usage` (nothing to look for), `search_too_long`, `search_too_many`, `search_unclosed` (a
            quotation mark, with what follows it), `search_filter_unknown`, `search_value_missing`,
            `search_twice`, `search_not_filter` (a minus before a filter or a tag), `search_only_not`,
            `search_language_unknown`, `search_rating_unknown`, `search_state_unknown`, `search_date_unknown`,
            `search_dates_crossed`. The data names what was wrong.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise Refused("search_too_long", longest=LONGEST)
    # Half an emoji, cut off somewhere, is no text that a database can compare.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    reading = _Reading(policy, ZoneInfo(zone), names or Names())
    at = 0
    while at < len(text):
        at = reading.take(text, at)
    return reading.query()


class _Reading:
    """What was read so far."""

    def __init__(self, policy: Policy, zone: ZoneInfo, names: Names) -> None:
        self._policy = policy
        self._zone = zone
        self._names = names
        self._terms: list[Term] = []
        self._without: list[Term] = []
        self._tags: list[str] = []
        self._filters: dict[str, str] = {}

    def take(self, text: str, at: int) -> int:
        """Read the piece that begins at a place; return where the next one does."""
        if text[at].isspace():
            return at + 1
        start = at
        # A minus alone, or inside a word, is punctuation.
        minus = text[at] in _MINUS and at + 1 < len(text) and not text[at + 1].isspace()
        if minus:
            at += 1
        if text[at] in _MARKS:
            return self._phrase(text, at, minus=minus)
        found = _FILTER.match(text, at)
        if found is not None and (name := self._filter_name(found)) is not None:
            if minus:
                raise Refused("search_not_filter", piece=text[start : found.end()])
            if found[4] is None and not found[3]:
                raise Refused("search_unclosed", piece=found[0])
            self._filter(name, found[1], found[4] if found[2] is None else found[2])
            return found.end()
        plain = _PLAIN.match(text, at)
        end = at + 1 if plain is None else plain.end()
        piece = text[at:end]
        if piece[0] in "#＃" and (tag := tag_of(piece[1:])) is not None:
            if minus:
                raise Refused("search_not_filter", piece=text[start:end])
            self._add_tag(tag)
        else:
            self._add(piece, minus=minus, begins=not minus or piece.endswith("*"))
        return end

    def _phrase(self, text: str, at: int, *, minus: bool) -> int:
        quoted = _QUOTED.match(text, at)
        assert quoted is not None  # noqa: S101 - an opening mark stands there
        if not quoted[2]:
            raise Refused("search_unclosed", piece=quoted[0])
        self._add(quoted[1], minus=minus, begins=False)
        return quoted.end()

    def _filter_name(self, found: re.Match[str]) -> str | None:
        """Return the filter that is meant, None for words that merely hold a colon (“10:30”, “Breaking: …”)."""
        name = normal_form(found[1])
        known = FILTERS.get(name)
        if known is None and _NAME.fullmatch(name) and (found[2] or found[4]):
            raise Refused("search_filter_unknown", filter=found[1])
        return known

    def _filter(self, name: str, typed: str, value: str) -> None:
        value = value.strip()
        if not value:
            raise Refused("search_value_missing", filter=typed)
        if name == "tag":
            tag = tag_of(value.lstrip("#＃"))
            if tag is None:
                raise Refused("search_value_missing", filter=typed)
            self._add_tag(tag)
        elif name in self._filters:
            raise Refused("search_twice", filter=typed)
        else:
            self._filters[name] = value

    def _add(self, text: str, *, minus: bool, begins: bool) -> None:
        words = tuple(words_of(normal_form(text)))
        if not words:
            return
        term, to = Term(words, begins=begins), self._without if minus else self._terms
        if term not in to:
            to.append(term)
        if sum(len(each.words) for each in (*self._terms, *self._without)) + len(self._tags) > MOST_TERMS:
            raise Refused("search_too_many", most=MOST_TERMS)

    def _add_tag(self, tag: str) -> None:
        if tag not in self._tags:
            self._tags.append(tag)
        if len(self._tags) > MOST_TERMS:
            raise Refused("search_too_many", most=MOST_TERMS)

    def query(self) -> SearchQuery:
        """Return the whole."""
        if not (self._terms or self._tags or self._filters):
            raise Refused("search_only_not" if self._without else "search_usage")
        after, before = self._read("after", self._day), self._read("before", self._day)
        if after is not None and before is not None and after >= before:
            raise Refused("search_dates_crossed")
        return SearchQuery(
            terms=tuple(self._terms),
            without=tuple(self._without),
            tags=tuple(self._tags),
            language=self._read("lang", self._language),
            rating=self._read("rating", self._rating),
            state=self._read("state", self._state),
            by=self._filters.get("by"),
            after=after,
            before=before,
        )

    def _read(self, name: str, read: Callable[[str], T]) -> T | None:
        value = self._filters.get(name)
        return None if value is None else read(value)

    def _language(self, value: str) -> str:
        code = normal_form(value.partition("-")[0].partition("_")[0])
        if _LANGUAGE.fullmatch(code):
            return code
        called = self._names.language(squeezed(value))
        if called is None:
            raise Refused("search_language_unknown", value=value)
        return called

    def _rating(self, value: str) -> str:
        keys = {squeezed(rating.key): rating.key for rating in self._policy.scale}
        name = squeezed(value)
        key = keys.get(name) or self._names.ratings.get(name)
        if key is None:
            raise Refused("search_rating_unknown", value=value)
        return key

    def _state(self, value: str) -> ClaimState:
        name = squeezed(value)
        key = _STATES.get(name) or self._names.states.get(name)
        if key is None or key == ClaimState.DUPLICATE:
            raise Refused("search_state_unknown", value=value)
        return ClaimState(key)

    def _day(self, value: str) -> datetime:
        """Return the beginning of a day, of a month's first or of a year's first."""
        parts = words_of(normal_form(value))
        try:
            year, month, day = (*(int(part) for part in parts), *(1, 1)[len(parts) - 1 :])
            found = datetime(year, month, day, tzinfo=self._zone)
        except (ValueError, OverflowError):
            raise Refused("search_date_unknown", value=value) from None
        if found.year not in _YEARS:
            raise Refused("search_date_unknown", value=value)
        return found.astimezone(UTC)


_STATES = {squeezed(state): state.value for state in ClaimState}
