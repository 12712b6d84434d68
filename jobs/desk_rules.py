"""Rules that editors make: how one is typed, and what it asks and does. Pure.

    text contains flood and requests >= 3 then severity high and notify

Conditions, all of which have to hold: `text contains …`, `source contains …`, `requests >= 3`, `language is bn`.
Actions: `severity low|normal|high|critical`, `tag …`, `assign @name`, `notify`, `close` with a reason. A value of
several words, or one that is a word of the rules itself, stands in quotation marks. Each word has a Bengali one that
means the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from jobs.tags import tag_of
from storage.errors import Refused
from storage.kinds import ClosingReason, Severity
from storage.model import Document
from storage.search import normal_form

LONGEST = 150
"""Characters of a rule as it is typed, so that the list of all of them fits into one message."""

_MARKS = '"“”„‟«»'
_PIECE = re.compile(rf"[{_MARKS}]([^{_MARKS}]*)[{_MARKS}]|([^\s{_MARKS}]+)")
_MOST_REQUESTS = 1_000_000


class Asks(StrEnum):
    """What a condition looks at."""

    TEXT = "text"
    SOURCE = "source"
    REQUESTS = "requests"
    LANGUAGE = "language"


class Does(StrEnum):
    """What an action does."""

    SEVERITY = "severity"
    TAG = "tag"
    ASSIGN = "assign"
    NOTIFY = "notify"
    CLOSE = "close"


_WORDS = {
    "লেখা": "text",
    "উৎস": "source",
    "প্রশ্ন": "requests",
    "ভাষা": "language",
    "আছে": "contains",
    "হলো": "is",
    "এবং": "and",
    "ও": "and",
    "তাহলে": "then",
    "->": "then",
    "→": "then",
    "≥": ">=",
    "ক্ষতি": "severity",
    "ট্যাগ": "tag",
    "দাও": "assign",
    "জানাও": "notify",
    "বন্ধ": "close",
}
"""Words that mean the same as an English one of the rules."""

_BETWEEN = {Asks.TEXT: "contains", Asks.SOURCE: "contains", Asks.REQUESTS: ">=", Asks.LANGUAGE: "is"}
_SEVERITIES = {"কম": Severity.LOW, "স্বাভাবিক": Severity.NORMAL, "বেশি": Severity.HIGH, "চরম": Severity.CRITICAL}
_REASONS = {
    normal_form(label): reason
    for label, reason in (
        ("মতামত", ClosingReason.OPINION),
        ("বিজ্ঞাপন", ClosingReason.SPAM),
        ("not for this desk", ClosingReason.OUT_OF_SCOPE),
        ("এই ডেস্কের কাজ নয়", ClosingReason.OUT_OF_SCOPE),
        ("nobody reads it", ClosingReason.UNSUPPORTED_LANGUAGE),
        ("ভাষা কেউ জানেন না", ClosingReason.UNSUPPORTED_LANGUAGE),
        ("no longer important", ClosingReason.NO_LONGER_RELEVANT),
        ("এখন আর জরুরি নয়", ClosingReason.NO_LONGER_RELEVANT),
    )
}
"""The reasons as the buttons call them, in a form in which the two ways to type য় are the same."""
_LANGUAGES = {"bangla": "bn", "bengali": "bn", "বাংলা": "bn", "english": "en", "ইংরেজি": "en"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that has to hold; `value` as it is compared (a normal form, a number, a language's code)."""

    asks: Asks
    value: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done; `value` is a severity, a tag, a reason, who gets the claim, or nothing."""

    does: Does
    value: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a rule asks and does."""

    conditions: tuple[Condition, ...]
    acts: tuple[Act, ...]

    def typed(self) -> str:
        """Return the rule as it is kept: what `read_rule` reads as the same rule."""
        asked = " and ".join(f'{each.asks} {_BETWEEN[each.asks]} "{each.value}"' for each in self.conditions)
        done = " and ".join(f'{each.does} "{each.value}"' if each.value else str(each.does) for each in self.acts)
        return f"{asked} then {done}"

    def values(self, asks: Asks) -> list[str]:
        """Return what the rule asks of one thing."""
        return [each.value for each in self.conditions if each.asks is asks]

    def find(self, does: Does) -> list[str]:
        """Return the values of the actions of a kind."""
        return [each.value for each in self.acts if each.does is does]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of what was typed; in quotation marks it is never a word of the rules."""

    text: str
    quoted: bool

    @property
    def word(self) -> str:
        folded = self.text.casefold()
        return "" if self.quoted else _WORDS.get(folded, folded)


def read_rule(text: str) -> Spec:
    """Read a rule.

    Raises:
        Refused: `rule_unreadable` with the piece that cannot be understood, `rule_unfinished` if something is missing.
    """
    pieces = [_Piece(match[1] or match[2] or "", match[2] is None) for match in _PIECE.finditer(text)]
    ends = [number for number, piece in enumerate(pieces) if piece.word == "then"]
    if len(ends) != 1:
        raise _unreadable("" if not ends else pieces[ends[1]].text)
    conditions = tuple(_condition(part) for part in _split(pieces[: ends[0]]))
    acts = tuple(_act(part) for part in _split(pieces[ends[0] + 1 :]))
    for does in (Does.SEVERITY, Does.CLOSE):
        # Two of these would contradict each other.
        if sum(each.does is does for each in acts) > 1:
            raise _unreadable(str(does))
    return Spec(tuple(dict.fromkeys(conditions)), tuple(dict.fromkeys(acts)))


def source_fits(spec: Spec, document: Document) -> bool:
    """Return whether what the rule asks of the source holds: each is in the title, the publisher or the address."""
    told = (document.title, document.publisher, document.url)
    known = [f" {normal_form(each)}" for each in told if each]
    return all(any(f" {value}" in each for each in known) for value in spec.values(Asks.SOURCE))


def _unreadable(piece: str) -> Refused:
    return Refused("rule_unreadable", piece=piece) if piece else Refused("rule_unfinished")


def _split(pieces: list[_Piece]) -> list[list[_Piece]]:
    parts: list[list[_Piece]] = [[]]
    for piece in pieces:
        if piece.word == "and":
            parts.append([])
        else:
            parts[-1].append(piece)
    if not all(parts):
        raise _unreadable("")
    return parts


def _value(pieces: list[_Piece]) -> str:
    return " ".join(piece.text for piece in pieces)


def _condition(pieces: list[_Piece]) -> Condition:
    try:
        asks = Asks(pieces[0].word)
    except ValueError:
        raise _unreadable(pieces[0].text) from None
    if len(pieces) < 3:
        raise _unreadable("")
    if pieces[1].word != _BETWEEN[asks]:
        raise _unreadable(pieces[1].text)
    given = _value(pieces[2:])
    match asks:
        case Asks.TEXT | Asks.SOURCE:
            value = normal_form(given)
        case Asks.REQUESTS:
            value = str(int(given)) if given.isdecimal() and 1 <= int(given) <= _MOST_REQUESTS else ""
        case Asks.LANGUAGE:
            folded = given.casefold()
            value = _LANGUAGES.get(folded, folded)
            value = value if _LANGUAGE.fullmatch(value) else ""
    if not value:
        raise _unreadable(given)
    return Condition(asks, value)


def _act(pieces: list[_Piece]) -> Act:
    try:
        does = Does(pieces[0].word)
    except ValueError:
        raise _unreadable(pieces[0].text) from None
    given = _value(pieces[1:])
    if does is Does.NOTIFY:
        if given:
            raise _unreadable(given)
        return Act(does)
    if not given:
        raise _unreadable("")
    value: str | None = None
    match does:
        case Does.SEVERITY:
            value = _SEVERITIES.get(given) or (given.lower() if given.lower() in set(Severity) else None)
        case Does.TAG:
            value = tag_of(given.lstrip("#＃"))
        case Does.CLOSE:
            key = given.lower().replace(" ", "_")
            value = _REASONS.get(normal_form(given)) or (key if key in set(ClosingReason) else None)
        case Does.ASSIGN:
            value = given
    if value is None:
        raise _unreadable(given)
    return Act(does, str(value))
