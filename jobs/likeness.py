"""How alike are two texts, and why? Pure rules over the words of both.

    score = (words + characters) / 2

    words       the share of stems that stand in both (Dice), each counting by its rarity
    characters  the share of runs of four characters inside words that stand in both (Dice)

Both lie within 0 and 1 and do not ask which text came first. A high score alone makes no two claims the same: one
other number, name or "not" in twenty words is another fact. *Same* are two texts that say the same words in the same
order, in whatever inflection and apart from articles, with the same numbers. Everything else is at most *similar*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jobs.intake.sentences import split
from storage.matches import MatchLevel
from storage.search.stops import ARTICLES, NEGATIONS, STOPS
from storage.search.terms import grams_of, plain, stem, words_of

_NAMES_MOST = 3

_LITTLE = 0.1
"""What a word that stands in almost every text counts, and one whose rarity is unknown a full 1."""

_CLOSER = 3
"""Sentences of a text that are compared with a known one."""

_ENDING = 3
"""Letters by which an inflected word may be longer than the other: troop, troops; সেনা, সেনাদের."""

_INFLECTED = 4
"""Letters from which a word may be inflected; shorter ones are other words when they differ."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the comparison needs to know of a text."""

    text: str
    words: tuple[str, ...]
    stems: Counter[str]
    grams: Counter[str]
    numbers: Counter[str]
    negations: int

    @property
    def content(self) -> list[str]:
        """The words that say something, in order."""
        return [word for word in self.words if word not in STOPS]

    @property
    def said(self) -> list[str]:
        """The words without articles, in order."""
        return [word for word in self.words if word not in ARTICLES]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A comparison with its evidence, for the reader.

    `shared` of `total` words of the new text stand in the known one. `names` are shared words that say most, as the new
    text writes them; `new_numbers` and `known_numbers` are those that the other text lacks, `negated` if only one says
    "not".
    """

    score: float
    shared: int
    total: int
    names: tuple[str, ...]
    new_numbers: tuple[str, ...]
    known_numbers: tuple[str, ...]
    negated: bool
    level: MatchLevel | None

    def parts(self) -> dict[str, object]:
        """Return the evidence as JSON types, for `matches.parts`."""
        return {
            "shared": self.shared,
            "total": self.total,
            "names": list(self.names),
            "new_numbers": list(self.new_numbers),
            "known_numbers": list(self.known_numbers),
            "negated": self.negated,
        }


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score on two texts are the same, or similar; with fewer words than `words` they are never matched."""

    same: float
    similar: float
    words: int


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a text for comparing; any text."""
    return _reading(text, words_of(text))


def _reading(text: str, found: Sequence[str]) -> Reading:
    words = tuple(found)
    return Reading(
        text,
        words,
        Counter(map(stem, words)),
        Counter(grams_of(words)),
        Counter(word for word in words if word[0].isdecimal()),
        sum(word in NEGATIONS for word in words),
    )


@lru_cache(maxsize=64)
def _written(text: str) -> Mapping[str, str]:
    """Return the words of a text as they stand there, by normal form. Slow, and only few comparisons need it."""
    return {form: word for word in reversed(plain(text).split()) for form in words_of(word)}


@lru_cache(maxsize=16)
def _pieces(text: str) -> tuple[str, ...]:
    """Return the sentences of a text; it is compared with many."""
    return tuple(sentence.text for sentence in split(text))


def compare(new: str, known: str, thresholds: Thresholds, weights: Mapping[str, float] | None = None) -> Likeness:
    """Compare a text with a known one.

    Args:
        weights: how much a stem says, 0–1, as `Rarity.says` gives it; one that is not there counts 1.
    """
    return _compare(read(new), read(known), thresholds, weights or {})


def _compare(one: Reading, other: Reading, thresholds: Thresholds, weights: Mapping[str, float]) -> Likeness:
    characters = _dice(one.grams, other.grams)
    # A mark alone, or a letter of tomorrow, is no word and yet like itself.
    words = _words(one, other, weights) if one.words or other.words else characters
    score = round((words + characters) / 2, 4)
    shared = one.stems & other.stems
    new_numbers, known_numbers = one.numbers - other.numbers, other.numbers - one.numbers
    return Likeness(
        score=score,
        shared=shared.total(),
        total=len(one.words),
        names=_names(one, shared, weights),
        new_numbers=tuple(_as_written(one, each) for each in new_numbers),
        known_numbers=tuple(_as_written(other, each) for each in known_numbers),
        negated=bool(one.negations) != bool(other.negations),
        level=_level(one, other, score, thresholds),
    )


def best(
    new: str,
    known: str,
    thresholds: Thresholds,
    weights: Mapping[str, float] | None = None,
    known_words: Sequence[str] | None = None,
) -> Likeness:
    """Compare a text and its sentences with a known text; the likeliest counts.

    A sentence of a longer text makes that text no more than similar: the rest of it may claim anything.

    Args:
        weights: as for `compare`.
        known_words: `words_of(known)`, if they are at hand.
    """
    other = read(known) if known_words is None else _reading(known, known_words)
    weights = weights or {}
    found = _compare(read(new), other, thresholds, weights)
    pieces = [read(piece) for piece in _pieces(new)]
    if len(pieces) < 2:
        return found
    # Of a long forward, only sentences that share the most with the known text are worth a closer look.
    pieces.sort(key=lambda piece: -len(piece.stems.keys() & other.stems.keys()) / (len(piece.stems) or 1) ** 0.5)
    for piece in pieces[:_CLOSER]:
        inside = _compare(piece, other, thresholds, weights)
        if inside.score > found.score:
            found = inside
    if found.level is MatchLevel.SAME and found.total < len(read(new).words):
        return _no_more_than_similar(found)
    return found


def _no_more_than_similar(found: Likeness) -> Likeness:
    return Likeness(
        found.score,
        found.shared,
        found.total,
        found.names,
        found.new_numbers,
        found.known_numbers,
        found.negated,
        MatchLevel.SIMILAR,
    )


def _level(one: Reading, other: Reading, score: float, thresholds: Thresholds) -> MatchLevel | None:
    if min(len(one.words), len(other.words)) < thresholds.words or score < thresholds.similar:
        return None
    says_the_same = one.negations == other.negations and one.numbers == other.numbers and _same_words(one, other)
    return MatchLevel.SAME if says_the_same and score >= thresholds.same else MatchLevel.SIMILAR


def _same_words(one: Reading, other: Reading) -> bool:
    mine, theirs = one.said, other.said
    return len(mine) == len(theirs) and all(
        _same_word(a, b, named=_is_name(one, a) or _is_name(other, b)) for a, b in zip(mine, theirs, strict=True)
    )


def _same_word(one: str, other: str, *, named: bool) -> bool:
    if one == other:
        return True
    # Niger is no inflection of Nigeria.
    short, long = sorted((one, other), key=len)
    return (
        not named
        and not one[0].isdecimal()
        and len(short) >= _INFLECTED
        and len(long) - len(short) <= _ENDING
        and long.startswith(short)
    )


def _is_name(reading: Reading, word: str) -> bool:
    return _as_written(reading, word)[:1].isupper()


def _as_written(reading: Reading, word: str) -> str:
    return _written(reading.text).get(word, word)


def _words(one: Reading, other: Reading, weights: Mapping[str, float]) -> float:
    def weight(counts: Counter[str]) -> float:
        return sum(
            count * (_LITTLE if term in _STOP_STEMS else weights.get(term, 1.0)) for term, count in counts.items()
        )

    total = weight(one.stems) + weight(other.stems)
    return 2 * weight(one.stems & other.stems) / total if total else 0.0


_STOP_STEMS = frozenset(map(stem, STOPS))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _names(one: Reading, shared: Iterable[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the shared words that say most, as written: names where the script shows them, else the rarest."""
    among = {stem(word): word for word in reversed(one.content) if not word[0].isdecimal()}
    told = [among[term] for term in shared if term in among]
    told.sort(key=lambda word: (not _is_name(one, word), -weights.get(stem(word), 1.0)))
    return tuple(_as_written(one, word).strip(".,;:!?।\"'“”‘’()") for word in told[:_NAMES_MOST])
