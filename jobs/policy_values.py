"""What a setting may be: its JSON value is read into the policy's type, or refused with the reason.

Durations are seconds in JSON, the scale is a list of objects.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storage.errors import Refused

_RATING_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Rating:
    """A label of the scale.

    `ordinal` is its place between false and true, `None` for a label that lies on no line (satire); `sources` is how
    many sources a review with this rating must give, `origins` how many of them must not be copies of one report.
    """

    key: str
    ordinal: int | None
    sources: int
    origins: int = 0


DEFAULT_SCALE = (
    Rating("true", 5, 1, 1),
    Rating("mostly_true", 4, 1, 1),
    Rating("mixed", 3, 1, 1),
    Rating("mostly_false", 2, 1, 1),
    Rating("false", 1, 1, 1),
    Rating("misleading", None, 1, 1),
    # Somebody who found nothing has nothing to cite, and a joke needs no proof that it is one.
    Rating("unverifiable", None, 0, 0),
    Rating("satire", None, 0, 0),
)


def invalid(setting: str, reason: str, **bounds: float) -> Refused:
    """Return the refusal of a setting's value; `bounds` are `low` and `high` of what is out of range."""
    return Refused("policy_invalid", setting=setting, reason=reason, **bounds)


Reader = Callable[[str, object], Any]
"""From a setting's name and a JSON value to the value; raises what `invalid` returns."""


def _whole(low: int, high: int) -> Reader:
    def read(setting: str, value: object) -> int:
        # True is an int to Python; to an editor it is a slip.
        if not isinstance(value, int) or isinstance(value, bool):
            raise invalid(setting, "wrong_type")
        if not low <= value <= high:
            raise invalid(setting, "out_of_range", low=low, high=high)
        return value

    return read


def _number(setting: str, value: object, *, low: float = 0, high: float = 1000) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise invalid(setting, "wrong_type")
    if not low <= value <= high:  # so put, it is also true of NaN
        raise invalid(setting, "out_of_range", low=low, high=high)
    return float(value)


def _share(setting: str, value: object) -> float:
    return _number(setting, value, high=1)


def _duration(low: float, high: float = _YEAR) -> Reader:
    def read(setting: str, value: object) -> timedelta:
        return timedelta(seconds=_number(setting, value, low=low, high=high))

    return read


def _switch(setting: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise invalid(setting, "wrong_type")
    return value


def _scale(setting: str, value: object) -> tuple[Rating, ...]:
    if not isinstance(value, list | tuple):
        raise invalid(setting, "wrong_type")
    scale = tuple(_label(setting, each) for each in value)
    if len(scale) < 2:
        raise invalid(setting, "scale_too_short")
    if max(Counter(rating.key for rating in scale).values()) > 1:
        raise invalid(setting, "scale_key_twice")
    ordinals = sorted(rating.ordinal for rating in scale if rating.ordinal is not None)
    # Neighbours differ by one: the meaning of "adjacent" in `consensus.judge` rests on it.
    if ordinals and ordinals != list(range(ordinals[0], ordinals[0] + len(ordinals))):
        raise invalid(setting, "scale_ordinals")
    return scale


def _label(setting: str, value: object) -> Rating:
    if not isinstance(value, Mapping) or set(value) | {"origins"} != {"key", "ordinal", "sources", "origins"}:
        raise invalid(setting, "wrong_type")
    key, ordinal = value["key"], value["ordinal"]
    if not isinstance(key, str) or not _RATING_KEY.fullmatch(key):
        raise invalid(setting, "scale_key")
    sources, origins = (_whole(0, 100)(setting, value.get(name, 0)) for name in ("sources", "origins"))
    if origins > sources:
        raise invalid(setting, "scale_origins")
    return Rating(key, None if ordinal is None else _whole(-100, 100)(setting, ordinal), sources, origins)


READERS: dict[str, Reader] = {
    "quorum": _whole(1, 20),
    "max_reviews": _whole(1, 20),
    "approval": _switch,
    "reviewer_may_adjudicate": _switch,
    "scale": _scale,
    "offer_lasts": _duration(60),
    "ask_again_after": _duration(0),
    "lease_lasts": _duration(60),
    "lease_renewals": _whole(0, 100),
    "idle_offers": _whole(0, 100),
    "idle_answer": _duration(3600),
    "invite_back_after": _duration(3600),
    "undo_within": _duration(0, 3600),
    "capacity": _whole(1, 100),
    "open_offers": _whole(1, 100),
    "gather": _duration(0, 3600),
    "submission_lasts": _duration(60),
    "invite_lasts": _duration(60),
    "digest_catch_up": _whole(1, 100),
    "target": _duration(3600),
    "digest_when_empty": _switch,
    "summary_hour": _whole(0, 23),
    "room_cards": _whole(1, 100),
    "message_sentences": _whole(0, 100),
    "max_claims_per_document": _whole(1, 10_000),
    "queue_from_documents": _switch,
    "triage_worth": _share,
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
    "weight_demand": _number,
    "weight_low": _number,
    "weight_normal": _number,
    "weight_high": _number,
    "weight_critical": _number,
    "weight_age_per_day": _number,
    "weight_worth": _number,
}
"""Each setting of the policy, by its name."""
