"""Reviewers of whom nothing is heard: asked, taken off duty and invited back, each once, however often one looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import membership, profiles
from jobs.dispatch import expire, hand_out
from jobs.idle import Step, due, look_for_idle
from jobs.policy import Policy
from storage.errors import NotAllowed, Stale
from storage.kinds import AssignmentState, ClaimState, Role
from storage.ledger import Ledger
from storage.model import Person
from storage.profiles import Quiet, Spell
from tests.bot.views.facts import a_person as a_person_as_value
from tests.support.builders import NOW, a_claim, a_person

HOUR = timedelta(hours=1)
POLICY = Policy(
    quorum=1,
    max_reviews=1,
    offer_lasts=12 * HOUR,
    idle_offers=3,
    idle_answer=24 * HOUR,
    invite_back_after=14 * 24 * HOUR,
)
KINDS = ("still_there_asked", "taken_off_duty", "invited_back")


async def told(ledger: Ledger, person: Person) -> list[str]:
    """Return what somebody was told of being idle, in order."""
    rows = await ledger.session.fetch_all(
        "SELECT kind FROM outbox WHERE chat_id = :chat ORDER BY id", {"chat": person.telegram_id}
    )
    return [kind for (kind,) in rows if kind in KINDS]


async def pass_time(ledger: Ledger, start: datetime, hours: int) -> datetime:
    """Let the jobs run every hour."""
    for hour in range(hours):
        now = start + hour * HOUR
        await expire(ledger, now, POLICY)
        await hand_out(ledger, now, POLICY)
        await look_for_idle(ledger, now, POLICY)
    return start + hours * HOUR


async def test_who_does_nothing_is_asked_taken_off_duty_and_invited_back_once_each(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    now = await pass_time(ledger, NOW, 36)
    assert await told(ledger, person) == []
    now = await pass_time(ledger, now, 4)
    assert await told(ledger, person) == ["still_there_asked"]
    assert (await ledger.people.get(person.id)).on_duty
    now = await pass_time(ledger, now, 24)
    assert await told(ledger, person) == ["still_there_asked", "taken_off_duty"]
    assert not (await ledger.people.get(person.id)).on_duty
    assert await ledger.assignments.list_live_of(person.id) == []
    now = await pass_time(ledger, now, 13 * 24)
    assert await told(ledger, person) == ["still_there_asked", "taken_off_duty"]
    await pass_time(ledger, now, 60 * 24)
    assert await told(ledger, person) == list(KINDS)


async def test_a_new_spell_begins_only_after_they_acted(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    now = await pass_time(ledger, NOW, 40)
    person = await ledger.people.meet(person.telegram_id, person.name, person.username, now)
    await profiles.stay(ledger, person, now)
    with pytest.raises(Stale, match="idle_answered"):
        await profiles.stay(ledger, person, now)
    now = await pass_time(ledger, now, 30)
    assert await told(ledger, person) == ["still_there_asked"]
    await pass_time(ledger, now, 4)
    assert await told(ledger, person) == ["still_there_asked"] * 2


async def test_who_comes_back_by_themselves_is_not_invited(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    now = await pass_time(ledger, NOW, 70)
    assert await told(ledger, person) == ["still_there_asked", "taken_off_duty"]
    person = await ledger.people.meet(person.telegram_id, person.name, person.username, now)
    await pass_time(ledger, now, 30 * 24)
    assert await told(ledger, person) == ["still_there_asked", "taken_off_duty"]
    with pytest.raises(Stale):
        await profiles.stay(ledger, await ledger.people.get(person.id), now)


async def test_a_review_in_hand_stays_with_who_is_taken_off_duty(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    await hand_out(ledger, NOW, POLICY)
    (offer,) = await ledger.assignments.list_live_of(person.id)
    await ledger.assignments.mark_taken(offer.id, NOW, NOW + 1000 * HOUR)
    await ledger.profiles.mark_asked(person.id, NOW + HOUR)
    assert await look_for_idle(ledger, NOW + 25 * HOUR, POLICY) == 1
    assert (await ledger.assignments.get(offer.id)).state is AssignmentState.TAKEN


async def test_zero_asks_nobody(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    for hour in range(100):
        await expire(ledger, NOW + hour * HOUR, POLICY)
        await look_for_idle(ledger, NOW + hour * HOUR, replace(POLICY, idle_offers=0))
    assert await told(ledger, person) == []


async def test_only_the_team_answers(ledger: Ledger) -> None:
    with pytest.raises(NotAllowed):
        await profiles.stay(ledger, await a_person(ledger, role=Role.PUBLIC), NOW)


async def test_going_off_duty_is_an_answer(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    now = await pass_time(ledger, NOW, 40)
    person = await ledger.people.meet(person.telegram_id, person.name, person.username, now)
    await membership.set_duty(ledger, person, on_duty=False, now=now, policy=POLICY)
    await pass_time(ledger, now, 30 * 24)
    assert await told(ledger, person) == ["still_there_asked"]


hours = st.integers(0, 1000).map(lambda number: NOW + number * HOUR)


@given(
    on_duty=st.booleans(),
    reachable=st.booleans(),
    seen=hours,
    run_out=st.integers(0, 9),
    asked=st.none() | hours,
    left=st.none() | st.integers(0, 500),
    invited=st.none() | st.integers(0, 500),
    now=hours,
)
def test_no_step_comes_twice_nor_before_its_time(
    on_duty: bool,
    reachable: bool,
    seen: datetime,
    run_out: int,
    asked: datetime | None,
    left: int | None,
    invited: int | None,
    now: datetime,
) -> None:
    spell = None
    if asked is not None:
        gone = None if left is None else asked + left * HOUR
        back = None if gone is None or invited is None else gone + invited * HOUR
        spell = Spell(asked, gone, back)
    person = replace(a_person_as_value(), on_duty=on_duty, reachable=reachable, seen_at=seen)
    step = due(Quiet(person, run_out, spell), now, POLICY)
    if step is Step.ASK:
        assert spell is None
        assert run_out >= POLICY.idle_offers
    if step is Step.LEAVE:
        assert spell is not None
        assert spell.left_at is None
        assert now - spell.asked_at >= POLICY.idle_answer
    if step is Step.INVITE:
        assert spell is not None
        assert spell.left_at is not None
        assert spell.invited_at is None
        assert now - spell.left_at >= POLICY.invite_back_after
    if spell is not None and seen > spell.asked_at:
        assert step is Step.OVER
