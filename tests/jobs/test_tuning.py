"""Settings changed in chat: every one, as people type it; what makes no sense changes nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.setting_texts import SENTENCES
from jobs.policy import Policy
from jobs.rules import policy_now
from jobs.tuning import OF_RATINGS, change, find_setting, list_settings, read, typed
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Person
from tests.support.builders import NOW, a_person

POLICY = Policy()


async def an_editor(ledger: Ledger) -> Person:
    return await a_person(ledger, "Amina", role=Role.EDITOR)


async def set_to(ledger: Ledger, editor: Person, name: str, text: str, **more: str) -> str:
    return (await change(ledger, editor, name, text, NOW, await policy_now(ledger), **more)).value


def test_every_setting_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert {field.name for field in fields(Policy)} - {"scale"} | set(OF_RATINGS) == set(SENTENCES)
    shown = {setting.name for setting in list_settings(POLICY)}
    of_ratings = {f"{part}_{rating.key}" for part in OF_RATINGS for rating in POLICY.scale}
    assert shown == set(SENTENCES) - set(OF_RATINGS) | of_ratings


@pytest.mark.parametrize("setting", list_settings(POLICY), ids=lambda setting: setting.name)
async def test_every_setting_takes_its_own_value_as_it_is_shown(ledger: Ledger, setting: object) -> None:
    editor = await an_editor(ledger)
    for each in list_settings(POLICY):
        assert await set_to(ledger, editor, each.name, each.value) == each.value
    assert await policy_now(ledger) == POLICY


@given(st.integers(0, 365 * 86_400))
def test_a_length_of_time_is_read_as_it_is_written(seconds: int) -> None:
    assert read("lease_lasts", typed(timedelta(seconds=seconds)), POLICY) == seconds


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("lease_lasts", "12h", timedelta(hours=12)),
        ("lease_lasts", "৩৬ ঘণ্টা", timedelta(hours=36)),
        ("lease_lasts", "90 minutes", timedelta(minutes=90)),
        ("lease_lasts", "2 দিন", timedelta(days=2)),
        ("max_reviews", "৫", 5),
        ("approval", "বন্ধ", False),
        ("approval", "Off", False),
        ("match_lead", "35%", 0.35),
        ("weight_high", "2.5", 2.5),
        ("Match Same", "0.9", 0.9),
    ],
)
async def test_values_are_taken_as_people_type_them(ledger: Ledger, name: str, text: str, value: object) -> None:
    await set_to(ledger, await an_editor(ledger), name, text)
    assert getattr(await policy_now(ledger), find_setting(name, POLICY).name) == value


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("colour", "red", "setting_unknown"),
        ("scale", "true", "setting_unknown"),
        ("approval", "perhaps", "setting_switch"),
        ("quorum", "two", "setting_number"),
        ("quorum", "2.5", "setting_number"),
        ("quorum", "-1", "setting_number"),
        ("quorum", "99", "setting_range"),
        ("quorum", "4", "setting_above_max_reviews"),
        ("match_similar", "0.9", "setting_above_match_same"),
        ("lease_lasts", "12", "setting_duration"),
        ("lease_lasts", "12 parsecs", "setting_duration"),
        ("lease_lasts", "5s", "setting_range"),
        ("lease_lasts", "9999d", "setting_range"),
        ("sources_false", "50", "setting_scale_sources"),
        ("origins_false", "2", "setting_scale_origins"),
        ("sources_nonsense", "1", "setting_unknown"),
        ("text_max", "9" * 400, "setting_range"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    ledger: Ledger, name: str, text: str, code: str
) -> None:
    editor = await an_editor(ledger)
    with pytest.raises(Refused) as refused:
        await set_to(ledger, editor, name, text)
    assert refused.value.code == code
    assert await policy_now(ledger) == POLICY
    assert await ledger.audit.list_of("person", editor.id) == []


async def test_a_range_is_told_as_one_types_it(ledger: Ledger) -> None:
    with pytest.raises(Refused) as refused:
        await set_to(ledger, await an_editor(ledger), "lease_lasts", "5s")
    assert (refused.value.data["low"], refused.value.data["high"]) == ("1min", "365d")


async def test_a_change_is_audited_told_to_every_editor_and_can_be_put_back(ledger: Ledger) -> None:
    editor, other = await an_editor(ledger), await a_person(ledger, "Badal", role=Role.ADMIN)
    await a_person(ledger, "Chitra", role=Role.REVIEWER)
    assert await set_to(ledger, editor, "sources_false", "3") == "3"
    assert (await policy_now(ledger)).rating("false").sources == 3
    assert (await policy_now(ledger)).rating("true").sources == 1
    assert await set_to(ledger, editor, "sources_false", "default") == "1"
    assert await policy_now(ledger) == POLICY
    [first, second] = await ledger.audit.list_of("person", editor.id)
    assert (first.action, first.actor, first.data) == (
        "setting.changed",
        editor.id,
        {"setting": "sources_false", "from": "1", "to": "3"},
    )
    assert second.data["to"] == "1"
    rows = await ledger.session.fetch_all("SELECT person_id FROM outbox WHERE kind = 'notice' ORDER BY id", {})
    assert [row[0] for row in rows] == [editor.id, other.id] * 2


async def test_the_same_value_again_is_no_change(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    await set_to(ledger, editor, "quorum", "2")
    assert await ledger.audit.list_of("person", editor.id) == []


async def test_a_button_of_yesterday_changes_nothing(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    await set_to(ledger, editor, "approval", "off", seen="on")
    with pytest.raises(Stale, match="setting_changed_since"):
        await set_to(ledger, editor, "approval", "off", seen="on")


async def test_reviewers_may_not(ledger: Ledger) -> None:
    with pytest.raises(NotAllowed):
        await set_to(ledger, await a_person(ledger, role=Role.REVIEWER), "quorum", "1")
