"""Text into sentences, by rules, for scripts with and without spaces or capitals.

Lines first: a blank line, a list mark or the end of an unwrapped line ends a sentence. Then stops within a line. What
needs deciding is mostly the full stop, which also marks abbreviations, initials and ordinals; the danda (।), the Urdu
and Chinese stops and the question mark mean little else. The words it is decided by are in `abbreviations.py`.

Every look around a stop is of bounded length, so the time is linear in the text, whatever the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.intake.abbreviations import (
    is_abbreviation,
    is_initial,
    is_ordinal,
    is_title,
    is_unit,
    opens,
    takes_number,
)
from jobs.intake.quotation import StraightMarks, goes_on

# Characters looked at on each side of a stop: longer than any abbreviation.
_REACH = 24

# Lines of such lengths, in a block of so many, may be the work of a mail program rather than of the writer.
_WRAP_WIDTHS = range(40, 121)
_WRAP_LINES = 3

# These end a sentence without a space after them, and before any letter. From the property Sentence_Terminal of the
# Unicode Character Database, less the clause marks among them (Burmese ၊).
_FULL = frozenset("।॥۔؟。！？｡．։܀܁܂፧።፨។៕᠃᠉᱾᱿‽꓿꛳꛷꡶꡷꣎꣏꫰꫱꯫﹒﹖﹗။")
_CJK_FULL = frozenset("。！？｡．")
_ASKING = frozenset("!?‼⁇⁈⁉")

_STOPS = re.escape("".join(sorted(_FULL | _ASKING)) + ".…|;")
_STOP = re.compile(
    rf"""
    (?P<mark>[{_STOPS}]++)
    (?P<close>
        (?:["'”’»›)\]}}」』】）》〉］]|\[[0-9]{{1,3}}\]|\s»(?=\s|$)|[\u00a0\u202f]»|[“‘](?=\s|$)|\s[”’](?=\s|$))*+
        (?:[ \u3000][{_STOPS}]++(?=\s|$))*+
    )
    (?P<gap>\s*+)
    """,
    re.VERBOSE,
)
# After a space, a straight mark may as well open the next quotation.
_SPACED_MARK = re.compile(r"\s(?P<mark>''|[\"'])(?=\s|$)(?P<gap>\s*+)")
_OPENING = "\"'“‘„«‹([「『（《¿¡ \u00a0"
_DASHES = "-–—"
_NEVER_FIRST = frozenset(",;:/%،؛、，；：")

# A quotation in Chinese or Japanese that ends in a stop goes on with one of these: 「…。」と述べた.
_AFTER_QUOTE = frozenset("、，,；：とっでがはのにをも的")

_DIGITS = "0-9०-९০-৯٠-٩۰-۹"
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LIST_MARK = re.compile(rf"\s*+(?:[-–—*•●▪◦‣·✓✔➤►>#]++\s++|\(?[{_DIGITS}]{{1,3}}[.):।]\s++)?+")
_LAST_WORDS = re.compile(r"(?:(\w++)\s)?([^\s\"'“”‘’„«»()\[\]{}<>,;:!?/|—–-]++)$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is exactly the `start`:`end` slice (code points) of what was split; it has no white space at its ends."""

    start: int
    end: int
    text: str


def split(text: str) -> list[Sentence]:
    """Return the sentences of `text` in order, not overlapping.

    Nothing but white space, list marks (`•`, `1.`) and lines without any letter or digit lies between them.
    """
    sentences: list[Sentence] = []
    for start, end in _units(text):
        begin = start
        for stop in (*_stops(text, start, end), end):
            piece = text[begin:stop]
            # A piece without letters (a row of stars, a stray quotation mark) says nothing and is passed over.
            if any(map(str.isalnum, piece)):
                first = begin + len(piece) - len(piece.lstrip())
                piece = piece.strip()
                sentences.append(Sentence(first, first + len(piece), piece))
            begin = stop
    return sentences


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of text that no sentence crosses: lines, joined where they were only wrapped."""
    block: list[tuple[int, int]] = []
    for start, end in _lines(text):
        if text[start:end].strip():
            block.append((start, end))
        else:
            yield from _unwrapped(text, block)
            block = []
    yield from _unwrapped(text, block)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _unwrapped(text: str, block: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    width = max((end - start for start, end in block), default=0)
    wrapped = width in _WRAP_WIDTHS and len(block) >= _WRAP_LINES
    begin: int | None = None
    for (start, end), following in zip(block, [*block[1:], None], strict=False):
        mark_end = _after_list_mark(text, start, end)
        if begin is None:
            begin = mark_end
        if following is None or not _goes_on(text, (start, end), following, width if wrapped else None):
            yield begin, end
            begin = None


def _after_list_mark(text: str, start: int, end: int) -> int:
    found = _LIST_MARK.match(text, start, end)
    return found.end() if found and found.end() < end else start


def _goes_on(text: str, line: tuple[int, int], following: tuple[int, int], width: int | None) -> bool:
    """True if `following` continues the sentence of `line`."""
    start, end = following
    if _after_list_mark(text, start, end) - start > len(text[start:end]) - len(text[start:end].lstrip()):
        return False
    length = line[1] - line[0]
    if text[start : start + _REACH].lstrip()[:1].islower() and length in _WRAP_WIDTHS:
        return True
    # Whoever breaks lines by width breaks where the next word would not have fitted.
    word = text[start:end].split(maxsplit=1)[0]
    return width is not None and length + 1 + len(word) > width


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    marks = StraightMarks(text, start, end)
    for found in _STOP.finditer(text, start, end):
        if found.start() == start:
            continue
        closed, following = found.end("close"), found.end()
        spaced = _SPACED_MARK.match(text, closed, end)
        if spaced and marks.closes(spaced["mark"], spaced.start("mark")):
            closed, following = spaced.end("mark"), spaced.end()
        elif closed == following < end and text[closed - 1] == '"' and not marks.closes('"', closed - 1):
            # Somebody said."This
            closed -= 1
            following = closed
        if following < end and _ends_sentence(text, (start, end), found, (closed, following)):
            yield closed


def _ends_sentence(text: str, line: tuple[int, int], found: re.Match[str], gap: tuple[int, int]) -> bool:
    """True if the stop `found` ends a sentence; `gap` goes from behind its closing marks to what follows."""
    mark, quoted = found["mark"], gap[0] > found.end("mark")
    earlier = text[max(line[0], found.start() - _REACH) : found.start()]
    before = earlier.rstrip()[-1:]
    following = text[gap[1] : min(line[1], gap[1] + _REACH)]
    opened = following.lstrip(_OPENING)
    if mark == "|":
        # Typed for the danda on keyboards without one; elsewhere a rule between columns.
        return gap[0] < gap[1] and _is_indic(before)
    if mark == ";":
        # The Greek question mark.
        return gap[0] < gap[1] and "\u0370" <= before <= "\u03ff"
    if gap[0] == gap[1] and following[0] != '"':
        return _ends_without_gap(text, line[0], found, following[0])
    if following[0] in _NEVER_FIRST or (quoted and goes_on(following)):
        return False
    if not _FULL.isdisjoint(mark):
        return True
    if opened.lstrip(_DASHES + " ")[:1].islower() or (before in {"(", "["} and quoted):
        return False
    if not _ASKING.isdisjoint(mark):
        return True
    if len(mark) > 2 or "…" in mark:
        # Trailing off or leaving out: only a capital tells that something new begins.
        return opened[:1].isupper()
    return _full_stop_ends(earlier, opened, quoted=quoted)


def _ends_without_gap(text: str, start: int, found: re.Match[str], after: str) -> bool:
    mark, before = found["mark"][-1], text[found.start() - 1]
    if before.isdecimal() and after.isdecimal():
        return False
    if mark in _CJK_FULL:
        return not (found["close"] and after in _AFTER_QUOTE)
    if found["close"] or not _is_caseless(after):
        return mark in "।॥" and after.isalnum()
    if mark in _FULL:
        return True
    # A forgotten space. Before a full stop a real word is asked for, or it is an abbreviation such as কি.মি or أ.ف.ب.
    word = _LAST_WORDS.search(text, max(start, found.start() - _REACH), found.start())
    long_enough = word is not None and len(word[2]) >= 3 and "." not in word[2] and not _is_indic(before)
    return _is_caseless(before) and (mark in "!?" or (mark == "." and long_enough))


def _full_stop_ends(before: str, after: str, *, quoted: bool) -> bool:
    """Judge a single full stop followed by space; `after` starts with the next letter or digit."""
    found = _LAST_WORDS.search(before)
    if found is None or before[: found.start(2)].endswith("/"):
        return True
    word, earlier = found[2], found[1] or ""
    if after[:1].isdecimal() and takes_number(word):
        return False
    if is_title(word) or is_ordinal(word, earlier, after):
        return False
    if is_unit(word, earlier) and after[:1].isupper():
        return True
    initial = is_initial(word)
    if initial or is_abbreviation(word):
        if quoted or (word.isascii() and _is_caseless(after[:1] or " ")):
            return True
        return opens(after, initial=initial and len(word) == 1)
    return True


def _is_indic(char: str) -> bool:
    return "\u0900" <= char <= "\u0dff"


def _is_caseless(char: str) -> bool:
    return unicodedata.category(char) in {"Lo", "Mc", "Mn"}
