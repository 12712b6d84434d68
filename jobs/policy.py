"""Every threshold of the desk in one frozen value.

The numbers are the house's own choices, not findings: each can be changed by an editor at run time. A
change is one row of the `settings` table, a name and a JSON value; `Policy.with_changes` lays those rows over the
defaults and refuses what makes no sense. Durations are seconds in JSON, the scale is a list of objects.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from storage.errors import Refused
from storage.model import Severity

_RATING_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Rating:
    """A label of the scale.

    `ordinal` is its place between false and true, `None` for a label that lies on no line (satire); `sources` is how
    many sources a review with this rating must give.
    """

    key: str
    ordinal: int | None
    sources: int


DEFAULT_SCALE = (
    Rating("true", 5, 1),
    Rating("mostly_true", 4, 1),
    Rating("mixed", 3, 1),
    Rating("mostly_false", 2, 1),
    Rating("false", 1, 1),
    Rating("misleading", None, 1),
    # Somebody who found nothing has nothing to cite, and a joke needs no proof that it is one.
    Rating("unverifiable", None, 0),
    Rating("satire", None, 0),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules' numbers. The defaults suit a desk of a handful of volunteers.

    `quorum` blind reviews decide if they agree; else one more is asked for, up to `max_reviews`. `approval`: an editor
    releases each verdict. `offer_lasts` runs from offer to acceptance, `lease_lasts` from acceptance to submission;
    who passed a claim on may be offered it again `ask_again_after` that, if nobody else is free.
    `capacity` is how many leases, `open_offers` how many unanswered offers a reviewer may hold. Messages of one person
    within `gather` of each other are one submission, which waits `submission_lasts` for its confirmation. A digest
    period that ended more than `digest_grace` ago is not posted. A chat message of up to `message_sentences` sentences
    is one claim. `queue_from_documents`: claims of a document skip triage.

    A new claim is the same as a known one from a score of `match_same` on, similar from `match_similar` on (see
    `likeness`), or if the known one is ahead of the ten next ones by `match_lead` (see `ranking`); neither if one of
    them has fewer than `match_min_words` words. The best `match_shown` are kept and shown. `match_merges`: the same is
    merged without asking anybody. The weights are those of `assigning.priority`.
    """

    quorum: int = 2
    max_reviews: int = 3
    approval: bool = True
    scale: tuple[Rating, ...] = DEFAULT_SCALE
    offer_lasts: timedelta = timedelta(hours=12)
    ask_again_after: timedelta = timedelta(hours=24)
    lease_lasts: timedelta = timedelta(hours=24)
    capacity: int = 1
    open_offers: int = 1
    gather: timedelta = timedelta(seconds=3)
    submission_lasts: timedelta = timedelta(hours=24)
    invite_lasts: timedelta = timedelta(days=7)
    digest_grace: timedelta = timedelta(hours=36)
    digest_when_empty: bool = True
    message_sentences: int = 3
    max_claims_per_document: int = 100
    queue_from_documents: bool = True
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
                `scale_key_twice`, `scale_ordinals`, `scale_sources`.
        """
        values: dict[str, Any] = {}
        for setting, value in changes.items():
            read = _READERS.get(setting)
            if read is None:
                raise _invalid(setting, "unknown_setting")
            values[setting] = read(setting, value)
        changed = replace(self, **values)
        # Rules over two settings are judged on the result, so that both may change in one step.
        if changed.quorum > changed.max_reviews:
            raise _invalid("quorum", "above_max_reviews")
        if changed.match_similar > changed.match_same:
            raise _invalid("match_similar", "above_match_same")
        if any(rating.sources > changed.source_max for rating in changed.scale):
            raise _invalid("scale", "scale_sources")
        return changed

    def to_json(self, name: str) -> object:
        """Return the setting `name` as the JSON value that `with_changes` takes.

        Raises:
            Refused: `policy_invalid` with reason `unknown_setting`.
        """
        if name not in _READERS:
            raise _invalid(name, "unknown_setting")
        value: object = getattr(self, name)
        if isinstance(value, timedelta):
            seconds = value.total_seconds()
            return int(seconds) if seconds.is_integer() else seconds
        if isinstance(value, tuple):
            return [{"key": each.key, "ordinal": each.ordinal, "sources": each.sources} for each in value]
        return value


def _invalid(setting: str, reason: str) -> Refused:
    return Refused("policy_invalid", setting=setting, reason=reason)


_Reader = Callable[[str, object], Any]


def _whole(low: int, high: int) -> _Reader:
    def read(setting: str, value: object) -> int:
        # True is an int to Python; to an editor it is a slip.
        if not isinstance(value, int) or isinstance(value, bool):
            raise _invalid(setting, "wrong_type")
        if not low <= value <= high:
            raise _invalid(setting, "out_of_range")
        return value

    return read


def _number(setting: str, value: object, *, low: float = 0, high: float = 1000) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _invalid(setting, "wrong_type")
    if not low <= value <= high:  # so put, it is also true of NaN
        raise _invalid(setting, "out_of_range")
    return float(value)


def _share(setting: str, value: object) -> float:
    return _number(setting, value, high=1)


def _duration(low: float, high: float = _YEAR) -> _Reader:
    def read(setting: str, value: object) -> timedelta:
        return timedelta(seconds=_number(setting, value, low=low, high=high))

    return read


def _switch(setting: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _invalid(setting, "wrong_type")
    return value


def _scale(setting: str, value: object) -> tuple[Rating, ...]:
    if not isinstance(value, list | tuple):
        raise _invalid(setting, "wrong_type")
    scale = tuple(_label(setting, each) for each in value)
    if len(scale) < 2:
        raise _invalid(setting, "scale_too_short")
    if max(Counter(rating.key for rating in scale).values()) > 1:
        raise _invalid(setting, "scale_key_twice")
    ordinals = sorted(rating.ordinal for rating in scale if rating.ordinal is not None)
    # Neighbours differ by one: the meaning of "adjacent" in `consensus.judge` rests on it.
    if ordinals and ordinals != list(range(ordinals[0], ordinals[0] + len(ordinals))):
        raise _invalid(setting, "scale_ordinals")
    return scale


def _label(setting: str, value: object) -> Rating:
    if not isinstance(value, Mapping) or set(value) != {"key", "ordinal", "sources"}:
        raise _invalid(setting, "wrong_type")
    key, ordinal = value["key"], value["ordinal"]
    if not isinstance(key, str) or not _RATING_KEY.fullmatch(key):
        raise _invalid(setting, "scale_key")
    sources = _whole(0, 100)(setting, value["sources"])
    return Rating(key, None if ordinal is None else _whole(-100, 100)(setting, ordinal), sources)


_READERS: dict[str, _Reader] = {
    "quorum": _whole(1, 20),
    "max_reviews": _whole(1, 20),
    "approval": _switch,
    "scale": _scale,
    "offer_lasts": _duration(60),
    "ask_again_after": _duration(0),
    "lease_lasts": _duration(60),
    "capacity": _whole(1, 100),
    "open_offers": _whole(1, 100),
    "gather": _duration(0, 3600),
    "submission_lasts": _duration(60),
    "invite_lasts": _duration(60),
    "digest_grace": _duration(0),
    "digest_when_empty": _switch,
    "message_sentences": _whole(0, 100),
    "max_claims_per_document": _whole(1, 10_000),
    "queue_from_documents": _switch,
    "match_same": _share,
    "match_similar": _share,
    "match_lead": _share,
    "match_min_words": _whole(1, 100),
    "match_shown": _whole(0, 10),
    "match_merges": _switch,
    "page_size": _whole(1, 20),
    "source_max": _whole(1, 100),
    "text_max": _whole(100, 100_000),
    "age_counts_for": _duration(0),
} | {field.name: _number for field in fields(Policy) if field.name.startswith("weight_")}
