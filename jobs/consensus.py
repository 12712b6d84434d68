"""What the reviews of one claim amount to.

With n reviews: below the quorum more are needed. All the same rating: agreed. Otherwise one more reviewer is asked
until `max_reviews`; then a rating held by more than half is agreed upon and the rest is kept as the minority opinion;
without such a rating the claim is disputed, and an editor decides. Quorum and maximum are the policy's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from jobs.policy import Policy
from storage.model import PersonId


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's submitted rating."""

    person_id: PersonId
    rating: str


class Disagreement(StrEnum):
    """How far apart the reviewers of a disputed claim are."""

    MINOR = "minor"
    """All ratings are ordinal, and the highest is next to the lowest."""
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing can be said before `needed` more reviews (at least 1) are in."""

    needed: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """`rating` stands; `minority` are those who rated otherwise, by person id."""

    rating: str
    minority: tuple[Opinion, ...] = ()


@dataclass(frozen=True, slots=True)
class Disputed:
    """No rating has more than half of the reviews, and no further one is asked for."""

    severity: Disagreement


Judgement = Open | Agreed | Disputed


def judge(opinions: Iterable[Opinion], policy: Policy) -> Judgement:
    """Judge the submitted reviews of one claim; their order does not matter.

    Raises:
        Refused: `unknown_rating`, for a rating that the scale no longer has.
        ValueError: two opinions of one person; only a person's latest counts.
    """
    held = sorted(opinions, key=lambda opinion: opinion.person_id)
    if len({opinion.person_id for opinion in held}) < len(held):
        raise ValueError("two opinions of one person")
    places = [policy.rating(opinion.rating).ordinal for opinion in held]
    count = len(held)
    if count < policy.quorum:
        return Open(policy.quorum - count)
    [(leading, votes)] = Counter(opinion.rating for opinion in held).most_common(1)
    if votes == count:
        return Agreed(leading)
    if count < policy.max_reviews:
        return Open(1)
    if votes * 2 > count:
        return Agreed(leading, tuple(opinion for opinion in held if opinion.rating != leading))
    return Disputed(_severity(places))


def _severity(places: list[int | None]) -> Disagreement:
    ordinals = [place for place in places if place is not None]
    # One label off the line is enough: "satire" is not nearly "true".
    if len(ordinals) < len(places) or max(ordinals) - min(ordinals) > 1:
        return Disagreement.MAJOR
    return Disagreement.MINOR
