"""What reviewers say about their work, and that offers go by it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.views.searching import language_code
from jobs import profiles, summaries
from jobs.dispatch import hand_out
from jobs.policy import Policy
from storage.errors import NotAllowed, Refused
from storage.kinds import ClaimState, Role
from storage.ledger import Ledger
from storage.model import Claim
from storage.profiles import Profile
from tests.support.builders import NOW, a_claim, a_person, an_editor

POLICY = Policy(quorum=1, max_reviews=1, capacity=3, open_offers=3)
DHAKA = "Asia/Dhaka"


async def queued(ledger: Ledger, language: str = "en", *tags: str) -> Claim:
    claim = await a_claim(ledger, state=ClaimState.QUEUED, language=language)
    await ledger.tags.add(claim.id, tags)
    return claim


async def has(ledger: Ledger, claim: Claim) -> list[int]:
    return [each.person_id for each in await ledger.assignments.list_for_claim(claim.id) if each.ended_at is None]


async def test_what_one_says_is_kept_shown_and_audited(ledger: Ledger) -> None:
    person = await a_person(ledger)
    at = (NOW, POLICY)
    await profiles.set_languages(ledger, person, "bn, English হিন্দি", language_code, *at)
    await profiles.set_topics(ledger, person, "#Flood health", *at)
    await profiles.set_capacity(ledger, person, 2, *at)
    await profiles.set_hours(ledger, person, "sun-thu 9-17 asia/dhaka", "UTC", *at)
    said = Profile(
        frozenset({"bn", "en", "hi"}), frozenset({"flood", "health"}), 2, frozenset({6, 0, 1, 2, 3}), 540, 1020
    )
    assert await ledger.profiles.find(person.id) == said
    assert (await ledger.people.get(person.id)).zone == DHAKA
    await profiles.switch_language(ledger, person, "hi", *at, on=False)
    await profiles.set_hours(ledger, person, None, "UTC", *at)
    await profiles.set_topics(ledger, person, "", *at)
    await profiles.set_capacity(ledger, person, None, *at)
    assert await ledger.profiles.find(person.id) == Profile(frozenset({"bn", "en"}))
    entries = [each.action for each in await ledger.audit.list_of("person", person.id)]
    assert entries.count("person.profile") == 8
    await profiles.set_capacity(ledger, person, None, *at)
    entries = [each.action for each in await ledger.audit.list_of("person", person.id)]
    assert entries.count("person.profile") == 8, "what changes nothing is no news"
    shown = await ledger.session.fetch_all("SELECT kind, card FROM outbox")
    assert shown == [("profile_shown", "profile")], "one card, kept up to date"


async def test_what_makes_no_sense_is_refused_and_changes_nothing(ledger: Ledger) -> None:
    person, at = await a_person(ledger), (NOW, POLICY)
    with pytest.raises(Refused, match="profile_language_unknown"):
        await profiles.set_languages(ledger, person, "bn klingonisch", language_code, *at)
    with pytest.raises(Refused, match="tag_invalid"):
        await profiles.set_topics(ledger, person, "flood 12", *at)
    with pytest.raises(Refused, match="profile_too_many"):
        await profiles.set_topics(ledger, person, " ".join(f"t{n}x" for n in range(31)), *at)
    for capacity in (0, 4):
        with pytest.raises(Refused, match="profile_capacity"):
            await profiles.set_capacity(ledger, person, capacity, *at)
    with pytest.raises(Refused, match="hours_usage"):
        await profiles.set_hours(ledger, person, "always", DHAKA, *at)
    assert await ledger.profiles.find(person.id) == Profile()
    with pytest.raises(NotAllowed):
        await profiles.set_topics(ledger, await a_person(ledger, role=Role.PUBLIC), "flood", *at)


async def test_offers_prefer_the_language_then_the_topic(ledger: Ledger) -> None:
    reads, knows, other = [await a_person(ledger, on_duty=True) for _ in range(3)]
    await ledger.profiles.mark(reads.id, Profile(frozenset({"bn"})))
    await ledger.profiles.mark(knows.id, Profile(frozenset({"bn", "en"}), frozenset({"flood"})))
    await ledger.profiles.mark(other.id, Profile(frozenset({"en"})))
    bengali = await queued(ledger, "bn")
    await hand_out(ledger, NOW, POLICY)
    assert await has(ledger, bengali) == [reads.id]
    flood = await queued(ledger, "bn", "flood")
    await hand_out(ledger, NOW, POLICY)
    assert await has(ledger, flood) == [knows.id]
    english = await queued(ledger, "en", "sport")
    await hand_out(ledger, NOW, POLICY)
    assert await has(ledger, english) == [other.id]


async def test_nothing_is_offered_outside_of_hours_and_the_claim_waits_for_them(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    dawn = NOW.astimezone(ZoneInfo(DHAKA)).replace(hour=6, minute=0)
    await profiles.set_hours(ledger, person, "9-17", DHAKA, dawn, POLICY)
    claim = await queued(ledger)
    assert await hand_out(ledger, dawn, POLICY) == 0
    assert await hand_out(ledger, dawn + timedelta(hours=2, minutes=59), POLICY) == 0
    assert await hand_out(ledger, dawn + timedelta(hours=3), POLICY) == 1
    assert await has(ledger, claim) == [person.id]


async def test_nothing_is_offered_in_quiet_hours_and_nobody_is_said_to_have_passed_it(ledger: Ledger) -> None:
    editor, person = await an_editor(ledger), await a_person(ledger, on_duty=True)
    night = NOW.astimezone(ZoneInfo(DHAKA)).replace(hour=23, minute=0)
    await summaries.set_quiet(ledger, person, "22-07", DHAKA, night, POLICY)
    await queued(ledger)
    assert await hand_out(ledger, night, POLICY) == 0
    told = await ledger.session.fetch_all("SELECT kind FROM outbox WHERE chat_id = :chat", {"chat": editor.telegram_id})
    assert told == []
    assert await hand_out(ledger, night + timedelta(hours=8), POLICY) == 1


async def test_who_wants_one_claim_at_once_is_offered_one(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await profiles.set_capacity(ledger, person, 1, NOW, POLICY)
    for _ in range(3):
        await queued(ledger)
    await hand_out(ledger, NOW, Policy(quorum=1, max_reviews=1, capacity=3, open_offers=1))
    assert len(await ledger.assignments.list_live_of(person.id)) == 1
