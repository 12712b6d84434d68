"""The order of what a search found.

All of it holds every word that was asked for, so how rare a word is says nothing here. What tells claims apart: whether
they have the words as they were typed or only some that begin with them, whether the words stand together, how much
else the claim says, and how old it is. The weights are the house's own choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from storage.finding import Candidate
from storage.model import ClaimId
from storage.search.query import Term, words_of

HALF_LIFE = timedelta(days=180)
"""A claim that is so much older counts as half as fresh."""

TYPED, TOGETHER, SHORT, FRESH = 2.0, 1.0, 0.5, 1.0
"""What each of the four is worth at most."""


def ranked(candidates: Iterable[Candidate], terms: Sequence[Term], now: datetime) -> list[ClaimId]:
    """Return the numbers of claims, best first; of equal ones the newest first."""
    points = [(score(each, terms, now), each.claim_id) for each in candidates]
    return [number for _, number in sorted(points, reverse=True)]


def score(candidate: Candidate, terms: Sequence[Term], now: datetime) -> float:
    """Return how well a claim answers; 0 for an old one without a single word, at most the sum of the weights."""
    fresh: float = 0.5 ** (max(timedelta(), now - candidate.created_at) / HALF_LIFE)
    if not terms:
        return FRESH * fresh
    words = words_of(candidate.words)
    places = [term.places(words) for term in terms]
    typed = sum(
        any(words[at + len(term.words) - 1] == term.words[-1] for at in there)
        for term, there in zip(terms, places, strict=True)
    ) / len(terms)
    asked = sum(len(term.words) for term in terms)
    short = min(1.0, asked / max(1, len(words)))
    return TYPED * typed + TOGETHER * _together(terms, places) + SHORT * short + FRESH * fresh


def _together(terms: Sequence[Term], places: Sequence[Sequence[int]]) -> float:
    """Return which share of the terms is followed at once by the one that was typed after it; 1 for a term alone."""
    pairs = list(zip(terms, places, places[1:], strict=False))
    if not pairs:
        return 1.0
    return sum(bool({at + len(term.words) for at in these} & set(those)) for term, these, those in pairs) / len(pairs)
