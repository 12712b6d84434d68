"""How much a sentence looks like a claim worth checking: surface features only, no judgement of truth.

A sentence starts at 0.4. Each feature below moves it once, and the sum is kept within 0 … 1:

    number        +0.25   it states a quantity, a date, an amount (digits of any script)
    quotation     +0.05   it reports words
    attribution   +0.10   somebody said, confirmed, denied, accused
    change        +0.10   something rose, fell, doubled, was killed, was sent: an event one can look up
    hedge         -0.30   may, could, perhaps, possibly
    opinion       -0.15   I think, should, analysts believe: a view or a wish
    denial        -0.20   nothing was said, nothing was found: hard to check, rarely asked for
    question      -0.30   it asks
    short         -0.20   fewer than four words
    long          -0.05   more than sixty words: more than one claim in it

The weights are set by hand so that a count with a source comes before a conjecture, whatever their lengths; they order
the queue and decide nothing. Words are known in English, Bengali, Hindi, Arabic and Urdu; in other languages only the
features that need no words count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from jobs.intake.worth_words import PHRASES
from storage.search import normal_form

_START = 0.4
_WEIGHTS: Mapping[str, float] = {
    "number": 0.25,
    "quotation": 0.05,
    "attribution": 0.10,
    "change": 0.10,
    "hedge": -0.30,
    "opinion": -0.15,
    "denial": -0.20,
    "question": -0.30,
    "short": -0.20,
    "long": -0.05,
}
_SHORT, _LONG = 4, 60
# Scripts without spaces: about so many characters make a word.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
_CHARACTERS_PER_WORD = 2
_QUOTES = frozenset('"“”„«»「」『』')
_QUESTIONS = frozenset("?؟？⁇")


@dataclass(frozen=True, slots=True)
class Worth:
    """`value` from 0 (nothing to check) to 1; `reasons` are the features found, in the order of the table above."""

    value: float
    reasons: tuple[str, ...]


def score(text: str, language: str) -> Worth:
    """Score one sentence.

    Args:
        text: the sentence, verbatim.
        language: ISO code as `language.detect` gives it; an unknown one is no error.
    """
    words = normal_form(text).split()
    count = len("".join(words)) // _CHARACTERS_PER_WORD if language in _UNSPACED else len(words)
    found = {
        "number": any(unicodedata.category(char) == "Nd" for char in text),
        "quotation": sum(char in _QUOTES for char in text) >= 2,
        "question": any(char in _QUESTIONS for char in text),
        "short": count < _SHORT,
        "long": count > _LONG,
    }
    # Spaces at both ends: a phrase begins where a word begins, and ends where one ends unless it asks for a beginning.
    line = f" {' '.join(words)} "
    for feature, phrases in PHRASES.get(language, {}).items():
        found[feature] = any(phrase in line for phrase in phrases)
    reasons = tuple(feature for feature in _WEIGHTS if found.get(feature))
    value = _START + sum(_WEIGHTS[feature] for feature in reasons)
    return Worth(round(min(1.0, max(0.0, value)), 2), reasons)
