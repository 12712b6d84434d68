"""Who is offered a claim, and which claim comes first. Rules only: the rows are read by the caller."""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobs.policy import Policy
from storage.kinds import Severity
from storage.model import PersonId

_DAY = timedelta(days=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewer on duty, as routing sees them.

    `languages` are ISO codes they read, empty for any; `live` counts their leases, `open_offers` the offers they have
    not answered; `last_offered_at` is an aware instant, `None` if they were never offered anything.
    """

    person_id: PersonId
    languages: frozenset[str]
    live: int
    open_offers: int
    last_offered_at: datetime | None

    def reads(self, language: str) -> bool:
        """True if they read `language`."""
        return not self.languages or language in self.languages


def choose(
    candidates: Iterable[Candidate],
    *,
    wanted: int,
    language: str,
    excluded: Set[PersonId],
    policy: Policy,
    reluctant: Set[PersonId] = frozenset(),
) -> list[PersonId]:
    """Return up to `wanted` reviewers for a claim in `language`, best first.

    Left out: the `excluded` (submitter, requesters, who reviewed it or passed it on just now), those with
    `policy.capacity` leases, those with `policy.open_offers` unanswered offers. Order: those who are not `reluctant`
    (who passed it on a while ago), readers of the language, the least loaded (leases and open offers), the one who
    waited longest, the lowest id. A reviewer who does not read the language, or once passed, comes last rather than
    never: they may pass it on, whereas a claim offered to nobody is forgotten.
    """
    free = [
        candidate
        for candidate in candidates
        if candidate.person_id not in excluded
        and candidate.live < policy.capacity
        and candidate.open_offers < policy.open_offers
    ]
    free.sort(
        key=lambda candidate: (
            candidate.person_id in reluctant,
            not candidate.reads(language),
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
        age: time since the claim came in; a negative one (clock set back) counts as zero.
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
