"""Who is offered a claim, and which claim comes first. Rules only: the rows are read by the caller."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from jobs.intake.language import UNKNOWN
from jobs.policy import Policy
from storage.kinds import Severity
from storage.model import PersonId

_DAY = timedelta(days=1)
RAN_OUT, PASSED = 1, 2
"""How reluctant somebody is: they let an offer or lease of the claim run out; they said no to it, a while ago."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer on duty, as routing sees them.

    `languages` are ISO codes they read, `topics` tags they know, both empty for any; `live` counts their leases,
    `open_offers` the offers they have not answered; `last_offered_at` is an aware instant, `None` if they were never
    offered anything. `capacity` is how many claims they want at once, `None` for as many as the policy allows. `awake`:
    these are their working hours and not their quiet ones.
    """

    person_id: PersonId
    languages: frozenset[str]
    live: int
    open_offers: int
    last_offered_at: datetime | None
    topics: frozenset[str] = frozenset()
    capacity: int | None = None
    awake: bool = True

    def reads(self, language: str) -> bool:
        """True if they read `language`; of a text whose language nobody knows, anybody may."""
        return not self.languages or language in self.languages or language == UNKNOWN

    def strangeness(self, tags: Set[str]) -> int:
        """Return how far a claim with these tags is from what they know: 0 if it is theirs, 1 if they know any."""
        if not tags or not self.topics:
            return 1
        return 0 if self.topics & tags else 2

    def is_free(self, policy: Policy) -> bool:
        """True if they can be offered a claim now."""
        most = policy.capacity if self.capacity is None else min(self.capacity, policy.capacity)
        return self.awake and self.live < most and self.open_offers < policy.open_offers


def choose(
    candidates: Iterable[Candidate],
    *,
    wanted: int,
    language: str,
    excluded: Set[PersonId],
    policy: Policy,
    reluctance: Mapping[PersonId, int] = MappingProxyType({}),
    tags: Set[str] = frozenset(),
) -> list[PersonId]:
    """Return up to `wanted` reviewers for a claim in `language` with these `tags`, best first.

    Left out: the `excluded` (submitter, requesters, who reviewed it or passed it on just now), those with as many
    leases as they want or `policy.capacity` allows, those with `policy.open_offers` unanswered offers, those who do not
    work at this hour. Order: the least `reluctance` (`RAN_OUT` or `PASSED`, if either), readers of the language, those
    who know about it, the least loaded (leases and open offers), the one who waited longest, the lowest id. A reviewer
    who does not read the language, knows about other things, or once passed, comes last rather than never: they may
    pass it on, whereas a claim offered to nobody is forgotten.
    """
    free = [candidate for candidate in candidates if candidate.person_id not in excluded and candidate.is_free(policy)]
    free.sort(
        key=lambda candidate: (
            reluctance.get(candidate.person_id, 0),
            not candidate.reads(language),
            candidate.strangeness(tags),
            candidate.live + candidate.open_offers,
            candidate.last_offered_at or _NEVER,
            candidate.person_id,
        )
    )
    return [candidate.person_id for candidate in free[: max(0, wanted)]]


@dataclass(frozen=True, slots=True)
class Priority:
    """Points of a claim in the queue, with where they come from. Higher comes first."""

    demand: float
    severity: float
    age: float
    worth: float

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return self.demand + self.severity + self.age + self.worth


def priority(*, requests: int, severity: Severity, age: timedelta, worth: float | None, policy: Policy) -> Priority:
    """Return how urgent a claim is.

        demand   = weight_demand · log2(1 + requests)     the tenth asker counts less than the second
        severity = weight_low … weight_critical           an editor's judgement
        age      = weight_age_per_day · days, for at most age_counts_for      nothing waits for ever, nor outranks harm
        worth    = weight_worth · worth                   check-worthiness 0 … 1; unknown counts as one half

    Args:
        requests: people who asked, 0 or more.
        severity: harm the claim can do.
        age: time since the claim came in or was reopened; a negative one (clock set back) counts as zero.
        worth: as `intake.worth.score` gives it, or `None` if it was not scored.
        policy: the weights.

    Raises:
        ValueError: `requests` below 0 or `worth` outside 0 … 1.
    """
    if requests < 0 or (worth is not None and not 0 <= worth <= 1):
        raise ValueError(f"requests {requests}, worth {worth}")
    counted = min(max(age, timedelta(0)), policy.age_counts_for)
    return Priority(
        demand=policy.weight_demand * math.log2(1 + requests),
        severity=policy.severity_weight(severity),
        age=policy.weight_age_per_day * (counted / _DAY),
        worth=policy.weight_worth * (0.5 if worth is None else worth),
    )
