"""What can be seen on the surface of a sentence, in any language, as numbers for the model of `worth.py`.

A feature is 0 if it is not there. Three groups, because not every language shows all of them:

- seen in any text: `number`, `amount` (a per cent or currency sign), `numbers` (how many), `large` (a number of a
  thousand or more, years left out), `year`, `quotation`, `question`, `exclamation`, `length`, `short`, `long`;
- `names`, only in scripts with capitals, and not in German, which writes every noun with one;
- known by words (`worth_words.py`), only in languages that have a list.

Counts go in as logarithms: the fifth number of a sentence says less than the first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from math import log1p

from jobs.intake.worth_words import WORDS, Words
from jobs.intake.worth_words_more import MORE_WORDS
from storage.search import normal_form

ANY = (
    "number", "amount", "numbers", "large", "year", "quotation", "question", "exclamation", "length", "short", "long",
)  # fmt: skip
NAMES = ("names",)
KNOWN_BY_WORDS = (
    "attribution", "change", "quantity", "comparison", "promise", "self", "hedge", "opinion", "denial",
)  # fmt: skip

_KNOWN: Mapping[str, Words] = {**WORDS, **MORE_WORDS}
_NOUNS_WITH_CAPITALS = frozenset({"de", "lb"})
# Scripts without spaces: about so many characters make a word.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
_CHARACTERS_PER_WORD = 2
_SHORT, _LONG = 4, 60
_LARGE, _YEARS = 1_000, range(1900, 2101)
_QUOTES = frozenset('"“”„«»「」『』')
_QUESTIONS = frozenset("?؟？⁇")
_EXCLAMATIONS = frozenset("!！")
_SENTENCE = 10_000
"""Characters that are looked at: no sentence is longer, and the model is asked about every sentence of a document."""

# Addresses and the names of accounts are no words of the sentence, and their digits count nothing. Nor do those that
# belong to a name: COVID-19, G20, F-16, COP26. Letters without capitals may stand right before a count: و5000, 约5000.
_ADDRESS = re.compile(r"https?://\S+|(?<![\w.])www\.\S+|(?<!\w)@\w+", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<=[^\W\d_])[-‑–]\d+|(?<=[A-Za-zÀ-ɏͰ-֏])\d+")


def wording(text: str) -> str:
    """Return what is scored of a text: its beginning, without addresses, accounts and the digits of names."""
    return _IN_NAME.sub("", _ADDRESS.sub(" ", text[:_SENTENCE]))


def features(text: str, language: str) -> dict[str, float]:
    """Return every feature that can be told for a text in a language, as numbers from 0 on.

    Args:
        text: a sentence, verbatim.
        language: ISO code; of an unknown one, only what is seen in any text.
    """
    text = wording(text)
    words = normal_form(text).split()
    count = len("".join(words)) // _CHARACTERS_PER_WORD if language in _UNSPACED else len(words)
    values = [value for word in words if (value := _number(word)) is not None]
    years = sum(value in _YEARS for value in values)
    found = {
        "number": float(any(unicodedata.category(char) == "Nd" for char in text)),
        "amount": float(any(char in "%‰٪" or unicodedata.category(char) == "Sc" for char in text)),
        "numbers": log1p(len(values)),
        "large": float(any(value >= _LARGE and value not in _YEARS for value in values)),
        "year": float(years > 0),
        "quotation": float(sum(char in _QUOTES for char in text) >= 2),
        "question": float(any(char in _QUESTIONS for char in text)),
        "exclamation": float(any(char in _EXCLAMATIONS for char in text)),
        "length": log1p(count),
        "short": float(count < _SHORT),
        "long": float(count > _LONG),
    }
    if _has_capitals(text) and language not in _NOUNS_WITH_CAPITALS:
        found["names"] = log1p(_names(text))
    if language in _KNOWN:
        # Spaces at both ends: a phrase begins where a word begins, and ends where one ends unless it asks otherwise.
        line = f" {' '.join(words)} "
        listed = _KNOWN[language]
        for feature in KNOWN_BY_WORDS:
            found[feature] = log1p(sum(phrase in line for phrase in listed.get(feature, ())))
    return found


def _number(word: str) -> float | None:
    digits = word.rstrip("%‰").lstrip("-").replace(".", "", 1)
    # Longer ones are no quantities, and to turn a megabyte of digits into one takes for ever.
    return float(word.rstrip("%‰")) if digits.isascii() and digits.isdecimal() and len(digits) <= 20 else None


def _has_capitals(text: str) -> bool:
    return any(char.isupper() for char in text) and any(char.islower() for char in text)


def _names(text: str) -> int:
    """Return how many words begin with a capital, those left out with which a sentence or a quotation begins."""
    words = text.split()
    return sum(
        word[0].isupper() and word[1:2].isalpha() and before[-1] not in ".!?:" for before, word in pairwise(words)
    )
