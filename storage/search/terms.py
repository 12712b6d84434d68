"""From a text to the terms under which the index of claims knows it.

A term is a word cut to its first five letters, so that "troop" meets "troops" and সেনাদের meets সেনা: the only stemming
that needs no dictionary of the language. Numbers stay whole. Scripts without spaces give overlapping pairs of
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from storage.search.normal import normal_form
from storage.search.stops import STOPS

STEM = 5
"""Letters that are kept of a word: prefixes of 4 to 6 find about equally well in English and in Bengali."""

GRAM = 4
"""Characters of a run. Runs see what stems do not: misspellings, compounds, the ends of words."""

_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+", re.IGNORECASE)
# Read otherwise by `plain` than by the normal form.
_WRITTEN_OTHERWISE = re.compile(r"https?://|www\.|pic\.twitter\.com/|[#@]", re.IGNORECASE)
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
    return _words_in(normal_form(plain(text)))


def words_of_known(text: str, form: str) -> list[str]:
    """Return `words_of(text)`, for a text whose normal form is known: faster unless it holds links or tags."""
    return words_of(text) if _WRITTEN_OTHERWISE.search(text) else _words_in(form)


def _words_in(form: str) -> list[str]:
    found: list[str] = []
    for piece in _PIECE.findall(form):
        if _IS_UNSPACED.match(piece):
            found += [piece[at : at + 2] for at in range(max(1, len(piece) - 1))]
        else:
            found.append(piece)
    return found


def stem(word: str) -> str:
    """Return the term of a word in normal form."""
    return word.replace(".", "x") if word[0] in "0123456789" else word[:STEM]


def grams_of(words: Iterable[str]) -> list[str]:
    """Return the runs of four characters inside words, with the space before and after a word; of a shorter one, it."""
    return [gram for word in words for gram in _grams_of_word(word)]


@lru_cache(maxsize=20_000)
def _grams_of_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[at : at + GRAM] for at in range(max(1, len(padded) - GRAM + 1)))


def query_terms(words: Iterable[str]) -> list[str]:
    """Return the distinct terms by which known claims are looked for, in order; words that say little are left out."""
    return list(dict.fromkeys(stem(word) for word in words if word not in STOPS))
