"""Every threshold of the desk in one frozen value.

The numbers are the house's own choices, not findings: each can be changed by an editor at run time. A
change is one row of the `settings` table, a name and a JSON value; `Policy.with_changes` lays those rows over the
defaults and refuses what makes no sense. Durations are seconds in JSON, the scale is a list of objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from jobs.policy_values import DEFAULT_SCALE, READERS, Rating, invalid
from storage.errors import Refused
from storage.kinds import Severity


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules' numbers. The defaults suit a desk of a handful of volunteers.

    `quorum` blind reviews decide if they agree; else one more is asked for, up to `max_reviews`. `approval`: an editor
    releases each verdict. `reviewer_may_adjudicate`: an editor who reviewed a disputed claim decides it where no other
    can, and the verdict says so. `offer_lasts` runs from offer to acceptance, `lease_lasts` from acceptance to
    submission; who passed a claim on may be offered it again `ask_again_after` that, if nobody else is free. Whoever
    let `idle_offers` run out and did nothing else is asked whether they are still there, goes off duty after
    `idle_answer` without one, and is invited back `invite_back_after` that; 0 asks nobody. What was handed in,
    approved, closed or merged can be taken back for `undo_within`: verdict and messages wait so long. `capacity` is how
    many leases, `open_offers` how many unanswered offers a reviewer may hold. Messages of one person within `gather` of
    each other are one submission, which waits `submission_lasts` for its confirmation. Of the digests missed while the
    desk was down, the newest `digest_catch_up` come one by one. A chat message of up to `message_sentences` sentences
    is one claim. Claims of a document wait in triage, where those that look worth checking from `triage_worth` on are
    chosen for the editor who sorts them, or go to reviewers at once with `queue_from_documents`.

    A new claim is the same as a known one from a score of `match_same` on, similar from `match_similar` on (see
    `likeness`), or if the known one is ahead of the ten next ones by `match_lead` (see `ranking`); neither if one of
    them has fewer than `match_min_words` words. The best `match_shown` are kept and shown. `match_merges`: the same is
    merged without asking anybody. The weights are those of `assigning.priority`.
    """

    quorum: int = 2
    max_reviews: int = 3
    approval: bool = True
    reviewer_may_adjudicate: bool = False
    scale: tuple[Rating, ...] = DEFAULT_SCALE
    offer_lasts: timedelta = timedelta(hours=12)
    ask_again_after: timedelta = timedelta(hours=24)
    lease_lasts: timedelta = timedelta(hours=24)
    lease_renewals: int = 2
    idle_offers: int = 3
    idle_answer: timedelta = timedelta(days=1)
    invite_back_after: timedelta = timedelta(days=14)
    undo_within: timedelta = timedelta(seconds=30)
    capacity: int = 1
    open_offers: int = 1
    gather: timedelta = timedelta(seconds=3)
    submission_lasts: timedelta = timedelta(hours=24)
    invite_lasts: timedelta = timedelta(days=7)
    digest_catch_up: int = 2
    target: timedelta = timedelta(days=3)
    digest_when_empty: bool = True
    summary_hour: int = 8
    room_cards: int = 10
    message_sentences: int = 3
    max_claims_per_document: int = 100
    queue_from_documents: bool = False
    triage_worth: float = 0.5
    match_same: float = 0.85
    match_similar: float = 0.5
    match_lead: float = 0.4
    match_min_words: int = 8
    match_shown: int = 3
    match_merges: bool = True
    page_size: int = 5
    source_max: int = 10
    text_max: int = 4000
    weight_demand: float = 1.0
    weight_low: float = 0.0
    weight_normal: float = 1.0
    weight_high: float = 3.0
    weight_critical: float = 6.0
    weight_age_per_day: float = 0.5
    weight_worth: float = 2.0
    age_counts_for: timedelta = timedelta(days=14)

    def rating(self, key: str) -> Rating:
        """Return the label of the scale called `key`.

        Raises:
            Refused: `unknown_rating`.
        """
        for rating in self.scale:
            if rating.key == key:
                return rating
        raise Refused("unknown_rating", rating=key)

    def severity_weight(self, severity: Severity) -> float:
        """Return the points a claim of that severity gets."""
        return {
            Severity.LOW: self.weight_low,
            Severity.NORMAL: self.weight_normal,
            Severity.HIGH: self.weight_high,
            Severity.CRITICAL: self.weight_critical,
        }[severity]

    def with_changes(self, changes: Mapping[str, object]) -> Policy:
        """Return this policy with `changes` (setting → JSON value) laid over it.

        Raises:
            Refused: `policy_invalid` with `setting` and `reason`, one of `unknown_setting`, `wrong_type`,
                `out_of_range`, `above_max_reviews`, `above_match_same`, `scale_too_short`, `scale_key`,
                `scale_key_twice`, `scale_ordinals`, `scale_sources`, `scale_origins`.
        """
        values: dict[str, Any] = {}
        for setting, value in changes.items():
            read = READERS.get(setting)
            if read is None:
                raise invalid(setting, "unknown_setting")
            values[setting] = read(setting, value)
        changed = replace(self, **values)
        # Rules over two settings are judged on the result, so that both may change in one step.
        if changed.quorum > changed.max_reviews:
            raise invalid("quorum", "above_max_reviews")
        if changed.match_similar > changed.match_same:
            raise invalid("match_similar", "above_match_same")
        if any(rating.sources > changed.source_max for rating in changed.scale):
            raise invalid("scale", "scale_sources")
        return changed

    def to_json(self, name: str) -> object:
        """Return the setting `name` as the JSON value that `with_changes` takes.

        Raises:
            Refused: `policy_invalid` with reason `unknown_setting`.
        """
        if name not in READERS:
            raise invalid(name, "unknown_setting")
        value: object = getattr(self, name)
        if isinstance(value, timedelta):
            seconds = value.total_seconds()
            return int(seconds) if seconds.is_integer() else seconds
        if isinstance(value, tuple):
            return [asdict(each) for each in value]
        return value
