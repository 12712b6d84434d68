"""Cuts a long text for Telegram into messages, at the best place there is and without breaking its HTML.

Telegram counts the *visible* text (after tags and entities are read) in UTF-16 units. So a text is first read into its
visible characters, each with its place in the source, and the tags between them; places to cut are found in the visible
text; then each part is a slice of the source, with the tags that are open at its start put before it and those open at
its end closed behind it. All of it takes time linear in the length of the text.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

MESSAGE_LIMIT: Final = 4096

# A tag, or an entity as Telegram reads it: four names, or a number; the semicolon may be missing.
# Any other "<" and "&" is text. The possessive *+ keep a hostile text from costing more than linear time.
_TOKEN: Final = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*+)(?:[^<>"']|"[^"]*"|'[^']*')*+>"""
    r"""|&(?:\#0*+(?P<decimal>[0-9]{1,7})(?![0-9])|\#[xX]0*+(?P<hex>[0-9a-fA-F]{1,6})(?![0-9a-fA-F])"""
    r"""|(?P<named>lt|gt|amp|quot)(?![a-zA-Z]));?"""
)
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_BLANK: Final = re.compile(r"[^\S\u00a0\u2007\u202f]+")  # white space, except where it forbids a line break
# A full stop ends a sentence only before white space (3.14, factdesk.org); these end one anywhere.
_STOP: Final = re.compile(r"[।॥。！？؟۔]+[\"'”’»)\]」』]*")
_SENTENCE_END: Final = re.compile(r"[.?!…।॥。！？؟۔][\"'”’»)\]」』]*\Z")
_LONGEST_CLOSING: Final = 8  # characters looked at before white space, to find the end of a sentence

_PARAGRAPH, _LINE, _SENTENCE, _SPACE = range(4)

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA: Final = 9  # the canonical combining class of হসন্ত and its sisters: the next consonant joins the cluster
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})

# A part is a slice of at most this many times the limit (six is "&quot;", the longest entity of ordinary texts), and
# tags reopened from earlier parts may take as much again. Texts that people write never come near.
_SOURCE_FACTOR: Final = 6
_SOURCE_LEAST: Final = 2048
# A border in the first eighth of what would fit is passed over for a less fine one further on: a heading stays with its
# paragraph, and a text does not crumble into many small messages.
_LEAST_SHARE: Final = 8


@dataclass(frozen=True, slots=True)
class _Tag:
    at: int  # before which visible character
    source: str
    name: str
    closes: bool

    @property
    def counterpart(self) -> str:
        return f"</{self.name}>"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text read: its visible characters, where each begins and ends in the source, and its tags."""

    html: str
    visible: str
    begins: list[int]
    ends: list[int]
    tags: list[_Tag]


def utf16_length(text: str) -> int:
    """The length as Telegram counts it: an emoji outside the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible_text(html: str) -> str:
    """What people see: the text without tags, with entities resolved."""
    return _TOKEN.sub(_resolved, html)


def visible_length(html: str) -> int:
    """The length of the visible text as Telegram counts it."""
    return utf16_length(visible_text(html))


def split_html(html: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Cut a text of Telegram's HTML into parts of at most ``limit`` visible UTF-16 units each.

    Cuts where it fits best: at a blank line, else a line end, else the end of a sentence, else a space, else between
    two characters as people see them (never inside a letter with its vowel signs, a conjunct or an emoji, unless that
    alone is longer than a part). White space at a cut is dropped. Tags open at a cut are closed and opened again. A
    text that shows nothing gives no part.
    """
    if limit < 2:
        raise ValueError("limit must be at least 2: one character may take two units")
    visible = visible_text(html)
    if not visible or visible.isspace():
        return []
    source_limit = max(_SOURCE_LEAST, _SOURCE_FACTOR * limit)
    if len(html) <= source_limit and utf16_length(visible) <= limit:
        return [html]
    reading = _read(_without_excess(html, source_limit))
    return _parts(reading, _cuts(reading, limit, source_limit))


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _resolved(token: re.Match[str]) -> str:
    """The visible text of a token: nothing for a tag, one character for an entity, itself for an impossible number."""
    if named := token["named"]:
        return _NAMED[named]
    if token["name"]:
        return ""
    code = int(token["decimal"]) if token["decimal"] else int(token["hex"], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return token[0]
    return chr(code)


def _read(html: str) -> _Reading:
    visible: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    tags: list[_Tag] = []

    def add_text(start: int, end: int) -> None:
        visible.append(html[start:end])
        begins.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))

    done = 0
    for token in _TOKEN.finditer(html):
        add_text(done, token.start())
        done = token.end()
        if token["name"]:
            tags.append(_Tag(len(begins), token[0], token["name"].lower(), closes=bool(token["close"])))
        elif len(character := _resolved(token)) == 1:
            visible.append(character)
            begins.append(token.start())
            ends.append(token.end())
        else:
            add_text(token.start(), token.end())
    add_text(done, len(html))
    return _Reading(html, "".join(visible), begins, ends, tags)


def _without_excess(html: str, source_limit: int) -> str:
    """The text without those tags that would have to be carried from part to part and alone would fill one."""
    opened: list[tuple[str, int, bool]] = []  # name, cost of carrying it, and whether it stays
    carried = 0
    excess = False

    def judged(token: re.Match[str]) -> str:
        nonlocal carried, excess
        if not token["name"]:
            return token[0]
        name = token["name"].lower()
        if not token["close"]:
            cost = len(token[0]) + len(name) + len("</>")
            stays = carried + cost <= source_limit
            opened.append((name, cost, stays))
            carried += cost if stays else 0
        elif opened and opened[-1][0] == name:
            _, cost, stays = opened.pop()
            carried -= cost if stays else 0
        else:
            stays = True
        excess = excess or not stays
        return token[0] if stays else ""

    cleaned = _TOKEN.sub(judged, html)
    return cleaned if excess else html


# ── where to cut ────────────────────────────────────────────────────────────────────────────────────────────────────


def _cuts(reading: _Reading, limit: int, source_limit: int) -> list[tuple[int, int]]:
    """The parts as (start, end) in the visible text; between them there is only white space."""
    text = reading.visible
    units = [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]
    borders = _Borders(text)
    end_of_text = len(text.rstrip())
    cuts: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    while start < end_of_text:
        furthest = bisect_right(units, units[start] + limit, start) - 1
        furthest = min(furthest, bisect_right(reading.ends, reading.begins[start] + source_limit, start))
        furthest = max(furthest, start + 1)
        if furthest >= end_of_text:
            cuts.append((start, end_of_text))
            break
        end, following = borders.last(start, furthest) or _between(text, start, furthest)
        cuts.append((start, end))
        start = following
    # A part of nothing but non-breaking spaces would be refused as empty.
    return [(start, end) for start, end in cuts if not text[start:end].isspace()]


class _Borders:
    """All good places to cut a text, by kind: where a part may end, and where the next then begins."""

    def __init__(self, text: str) -> None:
        self._ends: tuple[list[int], ...] = ([], [], [], [])
        self._nexts: tuple[list[int], ...] = ([], [], [], [])
        for blank in _BLANK.finditer(text):
            self._add(text, self._kind(text, blank), *blank.span())
        # Sentences without a space after them, merged in order because `last` searches.
        sentences = dict(zip(self._ends[_SENTENCE], self._nexts[_SENTENCE], strict=True))
        for place in (stop.end() for stop in _STOP.finditer(text)):
            if place < len(text) and not _BLANK.match(text, place) and _separable(text, place, 0):
                sentences.setdefault(place, place)
        self._ends[_SENTENCE][:] = sorted(sentences)
        self._nexts[_SENTENCE][:] = [sentences[end] for end in self._ends[_SENTENCE]]

    @staticmethod
    def _kind(text: str, blank: re.Match[str]) -> int:
        lines = blank[0].count("\n")
        if lines:
            return _PARAGRAPH if lines > 1 else _LINE
        before = text[max(0, blank.start() - _LONGEST_CLOSING) : blank.start()]
        return _SENTENCE if _SENTENCE_END.search(before) else _SPACE

    def _add(self, text: str, kind: int, end: int, following: int) -> None:
        if following < len(text) and not _separable(text, following, 0):
            following -= 1  # a mark sits on the last space, which then opens the next part
        if following > end:
            self._ends[kind].append(end)
            self._nexts[kind].append(following)

    def last(self, start: int, furthest: int) -> tuple[int, int] | None:
        """The last border of the finest kind at which a part from ``start`` may end, not beyond ``furthest``."""
        least = start + (furthest - start) // _LEAST_SHARE
        for ends, nexts in zip(self._ends, self._nexts, strict=True):
            index = bisect_right(ends, furthest) - 1
            if index >= 0 and ends[index] > start and nexts[index] > least:
                return ends[index], nexts[index]
        return None


def _between(text: str, start: int, furthest: int) -> tuple[int, int]:
    """A cut without white space: the last one before ``furthest`` that divides no cluster, else ``furthest`` itself."""
    for place in range(furthest, start, -1):
        if _separable(text, place, start):
            return place, place
    return furthest, furthest


def _separable(text: str, place: int, since: int) -> bool:
    """Whether a cut before the character at ``place`` divides nothing that people see as one character.

    ``since`` is a place known to be such a cut, where looking back may end.
    """
    before, after = text[place - 1], text[place]
    if after in (_ZWNJ, _ZWJ) or (before == _ZWJ and not after.isspace()):
        return False
    if after < "\u0300":  # quick answer for Latin letters, digits and spaces, which join nothing
        return True
    if unicodedata.category(after) in _MARKS:
        return False
    if unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo":
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # skin tones, tags of flags
        return False
    if _is_regional(after) and _is_regional(before):  # flags are pairs: count from the first letter of the row
        first = place
        while first > since and _is_regional(text[first - 1]):
            first -= 1
        return (place - first) % 2 == 0
    return not (_is_vowel_or_tail(after) and _is_hangul(before))


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_vowel_or_tail(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff"


def _is_hangul(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7a3"


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parts(reading: _Reading, cuts: list[tuple[int, int]]) -> list[str]:
    parts: list[str] = []
    opened: list[_Tag] = []
    tags = iter([*reading.tags, None])
    tag = next(tags)
    for start, end in cuts:
        # Tags at the very start count as open before it, those at the very end belong to the next part: so no part
        # begins or ends with an empty pair.
        while tag is not None and tag.at <= start:
            _follow(opened, tag)
            tag = next(tags)
        before = "".join(each.source for each in opened)
        while tag is not None and tag.at < end:
            _follow(opened, tag)
            tag = next(tags)
        behind = "".join(each.counterpart for each in reversed(opened))
        parts.append(before + reading.html[reading.begins[start] : reading.ends[end - 1]] + behind)
    return parts


def _follow(opened: list[_Tag], tag: _Tag) -> None:
    if not tag.closes:
        opened.append(tag)
    elif opened and opened[-1].name == tag.name:
        opened.pop()
