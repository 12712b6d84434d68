import json
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.policy import DEFAULT_SCALE, Policy, Rating
from storage.errors import Refused
from storage.kinds import Severity

SETTINGS = [field.name for field in fields(Policy)]
YES_NO = [{"key": "yes", "ordinal": 2, "sources": 1}, {"key": "no", "ordinal": 1, "sources": 1}]


def reason(changes: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        Policy().with_changes(changes)
    assert refused.value.code == "policy_invalid"
    return refused.value.data["setting"], refused.value.data["reason"]


def test_the_default_scale_runs_from_true_to_false_with_three_labels_off_the_line() -> None:
    ordinals = {rating.key: rating.ordinal for rating in DEFAULT_SCALE}
    assert ordinals == {
        "true": 5,
        "mostly_true": 4,
        "mixed": 3,
        "mostly_false": 2,
        "false": 1,
        "misleading": None,
        "unverifiable": None,
        "satire": None,
    }
    assert [rating.key for rating in DEFAULT_SCALE if rating.sources == 0] == ["unverifiable", "satire"]


def test_a_rating_is_found_by_its_key_and_an_unknown_one_is_refused() -> None:
    assert Policy().rating("mixed") == Rating("mixed", 3, 1, 1)
    with pytest.raises(Refused, match="unknown_rating") as refused:
        Policy().rating("dunno")
    assert refused.value.data == {"rating": "dunno"}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_survives_the_way_through_json(name: str) -> None:
    stored = json.loads(json.dumps(Policy().to_json(name)))
    assert Policy().with_changes({name: stored}) == Policy()


def test_all_settings_together_survive_too() -> None:
    policy = Policy(quorum=3, max_reviews=5, gather=timedelta(seconds=1.5), scale=DEFAULT_SCALE[:3])
    stored = json.loads(json.dumps({name: policy.to_json(name) for name in SETTINGS}))
    assert Policy().with_changes(stored) == policy


def test_changes_leave_the_rest_and_the_original_alone() -> None:
    before = Policy()
    after = before.with_changes({"capacity": 7, "lease_lasts": 3600, "scale": YES_NO})
    assert (after.capacity, after.lease_lasts) == (7, timedelta(hours=1))
    assert after.scale == (Rating("yes", 2, 1), Rating("no", 1, 1))
    assert after.quorum == before.quorum
    assert before == Policy()


def test_quorum_and_maximum_may_be_raised_in_one_step_whatever_their_order() -> None:
    assert Policy().with_changes({"quorum": 4, "max_reviews": 5}).quorum == 4
    assert reason({"quorum": 4}) == ("quorum", "above_max_reviews")
    assert reason({"max_reviews": 1}) == ("quorum", "above_max_reviews")


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("quorom", 2, "unknown_setting"),
        ("quorum", 0, "out_of_range"),
        ("quorum", True, "wrong_type"),
        ("quorum", 2.0, "wrong_type"),
        ("quorum", "2", "wrong_type"),
        ("approval", 1, "wrong_type"),
        ("lease_lasts", "1h", "wrong_type"),
        ("lease_lasts", -1, "out_of_range"),
        ("lease_lasts", float("nan"), "out_of_range"),
        ("lease_lasts", float("inf"), "out_of_range"),
        ("lease_lasts", 10**400, "out_of_range"),
        ("weight_worth", -0.1, "out_of_range"),
        ("scale", {}, "wrong_type"),
        ("scale", [], "scale_too_short"),
        ("scale", [1, 2], "wrong_type"),
        ("scale", [YES_NO[0], YES_NO[0]], "scale_key_twice"),
        ("scale", [{**YES_NO[0], "key": "Yes!"}, YES_NO[1]], "scale_key"),
        ("scale", [{**YES_NO[0], "ordinal": 3}, YES_NO[1]], "scale_ordinals"),
        ("scale", [{**YES_NO[0], "ordinal": 1}, YES_NO[1]], "scale_ordinals"),
        ("scale", [{**YES_NO[0], "sources": -1}, YES_NO[1]], "out_of_range"),
        ("scale", [{**YES_NO[0], "sources": 11}, YES_NO[1]], "scale_sources"),
        ("scale", [{**YES_NO[0], "origins": 2}, YES_NO[1]], "scale_origins"),
        ("scale", [{**YES_NO[0], "origins": "1"}, YES_NO[1]], "wrong_type"),
        ("scale", [{"key": "yes"}, YES_NO[1]], "wrong_type"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(setting: str, value: object, expected: str) -> None:
    assert reason({setting: value}) == (setting, expected)


def test_an_unknown_setting_has_no_json() -> None:
    with pytest.raises(Refused, match="policy_invalid"):
        Policy().to_json("rating")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SETTINGS, "other"]), JSON, max_size=4))
def test_any_json_gives_a_sound_policy_or_is_refused(changes: dict[str, object]) -> None:
    try:
        policy = Policy().with_changes(changes)
    except Refused:
        return
    assert 1 <= policy.quorum <= policy.max_reviews
    assert policy.with_changes({name: policy.to_json(name) for name in SETTINGS}) == policy


def test_severity_weights_grow_with_the_harm() -> None:
    weights = [Policy().severity_weight(severity) for severity in Severity]
    assert weights == sorted(set(weights))
