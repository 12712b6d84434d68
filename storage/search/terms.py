"""From a text to the terms under which the index of claims knows it.

A term is a word cut to its first five letters, so that "troop" meets "troops" and সেনাদের meets সেনা: the only stemming
that needs no dictionary of the language. Numbers stay whole. Scripts without spaces give overlapping pairs of
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from storage.search.normal import normal_form
from storage.search.stops import STOPS

STEM = 5
"""Letters that are kept of a word: prefixes of 4 to 6 find about equally well in English and in Bengali."""

_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+", re.IGNORECASE)
_TAG = re.compile(r"[#@](\w+)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")

# Thai, Lao, Burmese, Khmer, Chinese, Japanese: written without spaces between words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"[0-9]+(?:\.[0-9]+)?|[{_UNSPACED}]+|[^\W\d_{_UNSPACED}](?:[^\W\d_{_UNSPACED}]|[^\w\s$%‰.,-])*")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def plain(text: str) -> str:
    """Return `text` without links, and with #TwoWords and @TwoNames parted into words."""
    text = _LINK.sub(" ", text)
    return _TAG.sub(lambda found: f" {_CAMEL.sub(' ', found[1])} ", text)


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order, in normal form; digits apart from letters, unspaced scripts in pairs."""
    found: list[str] = []
    for piece in _PIECE.findall(normal_form(plain(text))):
        if _IS_UNSPACED.match(piece):
            found += [piece[at : at + 2] for at in range(max(1, len(piece) - 1))]
        else:
            found.append(piece)
    return found


def stem(word: str) -> str:
    """Return the term of a word in normal form."""
    return word.replace(".", "x") if word[0] in "0123456789" else word[:STEM]


def index_terms(text: str) -> str:
    """Return what the index is fed with for a text: its terms, parted by spaces."""
    return " ".join(map(stem, words_of(text)))


def query_terms(words: Iterable[str]) -> list[str]:
    """Return the distinct terms by which known claims are looked for, in order; words that say little are left out."""
    return list(dict.fromkeys(stem(word) for word in words if word not in STOPS))
