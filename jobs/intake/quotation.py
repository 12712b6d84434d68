"""Quotations around the end of a sentence: which straight marks open and which close, and what goes on after one."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile(r"''|[\"']")

# Said after a quotation, these belong to it: a particle or participle of saying ("that", "saying") that the grammar of
# the language puts behind the words quoted, so that no sentence begins with it.
_QUOTATIVES = frozenset(
    unicodedata.normalize(
        "NFC",
        """
        বলে বলিয়া মর্মে
        कहकर कहते
        असे असं अशी असा म्हणून असेही
        भनेर भन्ने भनी भन्दै भनेका भनेको भन्नुभयो भन्छन्
        என என்று என்றும் எனவும் என்ற என்பது என்னும் எனக் எனத் எனச் எனப்
        అని అంటూ అనే అన్నారు
        ಎಂದು ಎಂದ ಎಂಬ ಎಂದರು ಎನ್ನುವ
        എന്ന് എന്നു എന്ന എന്നും
        යනුවෙන් කියා යි
        라고 이라고 라는 이라는 라며 이라며 하고 고
        """,
    ).split()
)

# The same where no space parts the words.
_QUOTATIVE_BEGINNINGS = ("と", "って", "っていう", "ဟု", "ဟူ", "လို့")

_WORD = re.compile(r"[\w\u0900-\u0dff]++")


def goes_on(following: str) -> bool:
    """True if `following`, the text after a quotation that ends in a stop, is still part of the sentence around it."""
    if following.startswith(_QUOTATIVE_BEGINNINGS):
        return True
    word = _WORD.match(following)
    return word is not None and unicodedata.normalize("NFC", word[0]) in _QUOTATIVES


class StraightMarks:
    """Tells the two uses of `"` and `'` apart in a stretch of text, from left to right.

    A mark with a space on one side only shows by itself whether it opens or closes. One with spaces on both sides, or
    on none, is known by its neighbours: it closes if the next of its kind opens, and opens if the next closes; where
    that one is no clearer, it is the counterpart of the one before. The time is linear, however often is asked.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        """Start at `start`; nothing at or after `end` is looked at."""
        self._text = text
        self._start = start
        self._end = end
        self._read = start
        self._open = {"'": False, '"': False}

    def closes(self, mark: str, position: int) -> bool:
        """True if the `mark` at `position` closes a quotation; positions asked about must not go back."""
        while self._read < position and (found := _MARK.search(self._text, self._read, position)):
            self._take(found)
            self._read = found.end()
        self._read = max(self._read, position)
        following = self._next(mark, position + len(mark))
        if following is None:
            return True
        opens = self._opens(following)
        return self._open[_kind(mark)] if opens is None else opens

    def _next(self, mark: str, position: int) -> re.Match[str] | None:
        for found in _MARK.finditer(self._text, position, self._end):
            if _kind(found[0]) == _kind(mark) and not self._is_apostrophe(found):
                return found
        return None

    def _take(self, found: re.Match[str]) -> None:
        if not self._is_apostrophe(found):
            kind, opens = _kind(found[0]), self._opens(found)
            self._open[kind] = not self._open[kind] if opens is None else opens

    def _opens(self, found: re.Match[str]) -> bool | None:
        """True if the mark opens, False if it closes, None if it does not show."""
        before, after = self._around(found)
        return None if before.isspace() is after.isspace() else before.isspace()

    def _is_apostrophe(self, found: re.Match[str]) -> bool:
        before, after = self._around(found)
        return found[0] == "'" and before.isalnum() and after.isalnum()

    def _around(self, found: re.Match[str]) -> tuple[str, str]:
        before = self._text[found.start() - 1] if found.start() > self._start else " "
        after = self._text[found.end()] if found.end() < self._end else " "
        return before, after


def _kind(mark: str) -> str:
    return "'" if mark == "'" else '"'
