"""The part of a text that a search is about, with what was asked for in bold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bot.views.message import escape
from bot.views.parts import shorten
from storage.search import normal_form
from storage.search.query import Term, words_of

_PIECE = re.compile(r"\S+")
_SPACED_BEFORE = "\u0e00"
_CONTEXT = 3
"""Of so many parts of a snippet, one may stand before the first word that was asked for."""

Span = tuple[int, int]


def snippet(text: str, terms: Sequence[Term], most: int) -> str:
    """Return about `most` characters of a text on one line, as HTML: what the terms found is bold."""
    text = " ".join(text.split())
    marks = list(_marks(text, terms))
    begin = 0
    if marks and marks[0][1] > most * 2 // _CONTEXT:
        # Cut between words, where there are any.
        begin = max(0, text.rfind(" ", 0, max(1, marks[0][0] - most // _CONTEXT)) + 1)
        begin = begin if begin > 0 or marks[0][0] <= most else marks[0][0]
    shown = shorten(text[begin:], most)
    whole = len(shown) == len(text) - begin
    end = begin + len(shown) - (0 if whole else 1)
    return ("…" if begin else "") + "".join(_marked(text, marks, begin, end)) + ("" if whole else "…")


def _marked(text: str, marks: Sequence[Span], begin: int, end: int) -> Iterator[str]:
    at = begin
    for first, last in marks:
        if last > end:
            break
        if first >= at:
            yield f"{escape(text[at:first])}<b>{escape(text[first:last])}</b>"
            at = last
    yield escape(text[at:end])


def _marks(text: str, terms: Sequence[Term]) -> Iterator[Span]:
    """Yield where the terms stand, in order and without overlaps; what stands side by side is one."""
    words: list[str] = []
    spans: list[Span] = []
    for piece in _PIECE.finditer(text):
        first, last = _core(text, *piece.span())
        for word in words_of(normal_form(text[first:last])):
            words.append(word)
            spans.append(_part(text, (first, last), terms))
    held = sorted({at + more for term in terms for at in term.places(words) for more in range(len(term.words))})
    begun: Span | None = None
    for at in held:
        if begun is not None and spans[at][0] <= begun[1] + 1:
            begun = (begun[0], max(begun[1], spans[at][1]))
        else:
            if begun is not None:
                yield begun
            begun = spans[at]
    if begun is not None:
        yield begun


def _core(text: str, first: int, last: int) -> Span:
    """Return a piece without the signs before and after it."""
    while first < last - 1 and unicodedata.category(text[first])[0] not in "LMN":
        first += 1
    while last > first + 1 and unicodedata.category(text[last - 1])[0] not in "LMN":
        last -= 1
    return first, last


def _part(text: str, span: Span, terms: Sequence[Term]) -> Span:
    """Return the beginning of a piece that was asked for, in scripts that do not part words; else the whole."""
    first = span[0]
    if text[first] >= _SPACED_BEFORE:
        for term in terms:
            if len(term.words) == 1 and text.startswith(term.words[0], first):
                return first, first + len(term.words[0])
    return span
