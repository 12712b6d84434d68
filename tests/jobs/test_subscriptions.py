"""Digests whatever the clock does: each event in one of them, periods end to end; what is set, paused, ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.policy import Policy
from jobs.subscriptions import MOST, end, move_to, pause_chat, reschedule, set_paused, subscribe, unsubscribe
from storage.database import Database
from storage.errors import NotAllowed, Refused, Stale
from storage.integrity import find_problems
from storage.kinds import Cadence, Role
from storage.ledger import Ledger
from storage.model import ChatId, Digest
from storage.values import Schedule, schedule_of
from tests.support.builders import NOW, a_chat, a_claim, a_person, an_editor
from tests.support.digests import post_due

POLICY = Policy()
TEAM = ChatId(-500)
DAY = timedelta(days=1)
DAILY = Schedule(Cadence.DAILY, "Asia/Dhaka", 540)
WEEKLY = Schedule(Cadence.WEEKLY, "Asia/Dhaka", 540, 6)


async def digests(ledger: Ledger) -> list[Digest]:
    rows = await ledger.session.fetch_all("SELECT id FROM digests ORDER BY id")
    return [await ledger.subscriptions.get_digest(row[0]) for row in rows]


async def posted(ledger: Ledger) -> list[int]:
    """Return how many new claims each posted digest tells of."""
    rows = await ledger.session.fetch_all(
        """
        SELECT d.content ->> '$.sections.new.total' FROM digests d
        JOIN outbox o ON o.dedup_key = 'digest:' || d.id ORDER BY d.id
        """
    )
    return [row[0] for row in rows]


async def test_each_period_stands_alone_until_too_many_were_missed(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    subscription = await subscribe(ledger, editor, TEAM, None, DAILY, NOW)
    first = subscription.next_at
    for days in range(5):
        await a_claim(ledger, now=first - DAY / 2 + days * DAY)
    assert await post_due(ledger, first + 4 * DAY, Policy(digest_catch_up=2)) == 3
    made = await digests(ledger)
    assert [(digest.period_end - first) / DAY for digest in made] == [2, 3, 4]
    assert [digest.content["sections"]["new"]["total"] for digest in made] == [3, 1, 1]
    assert [digest.content["away"] for digest in made] == [True, False, False]
    assert await post_due(ledger, first + 4 * DAY, POLICY) == 0
    assert await posted(ledger) == [3, 1, 1]


async def test_what_happens_while_a_digest_is_late_is_told_in_the_next_one(ledger: Ledger) -> None:
    subscription = await subscribe(ledger, await an_editor(ledger), TEAM, None, DAILY, NOW)
    await a_claim(ledger, now=subscription.next_at - timedelta(seconds=1))
    await a_claim(ledger, now=subscription.next_at + timedelta(seconds=1))
    await post_due(ledger, subscription.next_at + timedelta(hours=1), POLICY)
    await post_due(ledger, subscription.next_at + DAY, POLICY)
    assert await posted(ledger) == [1, 1]


async def test_after_a_clock_set_far_ahead_and_back_digests_go_on_and_tell_everything_once(ledger: Ledger) -> None:
    subscription = await subscribe(ledger, await an_editor(ledger), TEAM, None, DAILY, NOW)
    await a_claim(ledger)
    await post_due(ledger, NOW + 400 * DAY, POLICY)
    await a_claim(ledger, now=NOW + 400 * DAY)
    told = sum(await posted(ledger))
    # The clock is right again, a year before the end of what is covered.
    await a_claim(ledger, now=NOW + timedelta(hours=1))
    await post_due(ledger, NOW + timedelta(hours=2), POLICY)
    await a_claim(ledger, now=NOW + timedelta(hours=3))
    await post_due(ledger, NOW + 2 * DAY, POLICY)
    assert told == 1
    assert sum(await posted(ledger)) == 4
    assert not (await ledger.subscriptions.get(subscription.id)).active
    assert [schedule_of(each) for each in await ledger.subscriptions.list_of_chat(TEAM, None)] == [DAILY]
    problems = await find_problems(ledger, NOW + 2 * DAY, quorum=2)
    assert not {problem.code for problem in problems} & {"digests_do_not_tile", "digest_never_due", "digest_overdue"}


steps = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.just(0)),
        st.tuples(st.just("jump"), st.integers(-60, 90)),
        st.tuples(st.just("far"), st.sampled_from((-3000, 3000))),
        st.tuples(st.just("post"), st.just(0)),
        st.tuples(st.just("set"), st.integers(0, 23)),
        st.tuples(st.just("pause"), st.integers(0, 1)),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(st.sampled_from((DAILY, WEEKLY, Schedule(Cadence.CRON, "Europe/Berlin", cron="30 */5 * * *"))), steps)
def test_every_claim_is_in_one_digest_whatever_the_clock_does(schedule: Schedule, steps: list[tuple[str, int]]) -> None:
    async def play() -> None:
        with TemporaryDirectory() as folder:
            database = await Database.open(Path(folder) / "desk.db", NOW)
            try:
                await act(database)
            finally:
                await database.close()

    async def act(database: Database) -> None:
        now, claims = NOW, 0
        async with database.write() as ledger:
            editor = await an_editor(ledger)
            await subscribe(ledger, editor, TEAM, None, schedule, now)
        for step, value in [*steps, ("pause", 0), ("jump", 24 * 400), ("post", 0)]:
            async with database.write() as ledger:
                match step:
                    case "claim":
                        now += timedelta(milliseconds=1)
                        await a_claim(ledger, now=now)
                        claims += 1
                    case "jump" | "far":
                        now += timedelta(hours=value)
                    case "post":
                        await post_due(ledger, now, POLICY)
                    case "set":
                        (known,) = await ledger.subscriptions.list_of_chat(TEAM, None)
                        daily = Schedule(Cadence.DAILY, "UTC", value * 60)
                        await reschedule(ledger, editor, known.id, daily, now)
                    case "pause":
                        await pause_chat(ledger, editor, TEAM, None, now, paused=bool(value))
        # Whatever is still set to a time that has not come is told then.
        async with database.write() as ledger:
            (known,) = await ledger.subscriptions.list_of_chat(TEAM, None)
            await post_due(ledger, max(now, known.next_at), POLICY)
            assert sum([each.content["sections"]["new"]["total"] for each in await digests(ledger)]) == claims
            problems = await find_problems(ledger, max(now, known.next_at), quorum=2)
            assert not {problem.code for problem in problems} & {"digests_do_not_tile", "digest_never_due"}

    asyncio.run(play())


async def test_a_new_time_replaces_the_old_one_and_another_digest_stands_beside_it(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    daily = await subscribe(ledger, editor, TEAM, None, DAILY, NOW)
    later = Schedule(Cadence.DAILY, "Asia/Dhaka", 600)
    changed = await subscribe(ledger, editor, TEAM, None, later, NOW + DAY / 4)
    assert (changed.id, schedule_of(changed), changed.covered_until) == (daily.id, later, NOW)
    evening = Schedule(Cadence.DAILY, "Asia/Dhaka", 1080)
    beside = await subscribe(ledger, editor, TEAM, None, evening, NOW, beside=True)
    weekly = await subscribe(ledger, editor, TEAM, None, WEEKLY, NOW)
    assert [each.id for each in await ledger.subscriptions.list_of_chat(TEAM, None)] == [daily.id, beside.id, weekly.id]
    with pytest.raises(Refused, match="digest_known"):
        await subscribe(ledger, editor, TEAM, None, evening, NOW, beside=True)
    with pytest.raises(Refused, match="digest_which"):
        await subscribe(ledger, editor, TEAM, None, DAILY, NOW)
    for minute in range(MOST - 3):
        await subscribe(ledger, editor, TEAM, None, Schedule(Cadence.DAILY, "UTC", minute), NOW, beside=True)
    with pytest.raises(Refused, match="digest_too_many"):
        await subscribe(ledger, editor, TEAM, None, Schedule(Cadence.DAILY, "UTC", 99), NOW, beside=True)


async def test_a_paused_digest_waits_and_then_tells_everything(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    await a_chat(ledger, TEAM)
    daily = await subscribe(ledger, editor, TEAM, None, DAILY, NOW)
    await a_claim(ledger)
    for _ in range(2):
        assert (await set_paused(ledger, editor, daily.id, NOW, paused=True)).paused
    assert await post_due(ledger, NOW + 10 * DAY, POLICY) == 0
    problems = await find_problems(ledger, NOW + 10 * DAY, quorum=2)
    assert "digest_overdue" not in {problem.code for problem in problems}
    await a_claim(ledger, now=NOW + 10 * DAY)
    resumed = await set_paused(ledger, editor, daily.id, NOW + 10 * DAY, paused=False)
    assert resumed.next_at > NOW + 10 * DAY
    assert await post_due(ledger, NOW + 11 * DAY, POLICY) == 1
    assert await posted(ledger) == [2]
    entries = [entry.action for entry in await ledger.audit.list_of("subscription", daily.id)]
    assert entries == ["subscription.added", "subscription.paused", "subscription.resumed"]


async def test_only_editors_set_digests_and_what_has_ended_stays_so(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger, role=Role.REVIEWER)
    daily = await subscribe(ledger, editor, TEAM, None, DAILY, NOW)
    with pytest.raises(NotAllowed):
        await subscribe(ledger, reviewer, TEAM, None, DAILY, NOW)
    with pytest.raises(NotAllowed):
        await move_to(ledger, reviewer, daily.id, 600, NOW)
    with pytest.raises(NotAllowed):
        await set_paused(ledger, reviewer, daily.id, NOW, paused=True)
    with pytest.raises(NotAllowed):
        await end(ledger, reviewer, daily.id, NOW)
    with pytest.raises(NotAllowed):
        await unsubscribe(ledger, reviewer, TEAM, None, NOW)
    assert (await move_to(ledger, editor, daily.id, 600, NOW)).local_minute == 600
    await end(ledger, editor, daily.id, NOW)
    for again in (end(ledger, editor, daily.id, NOW), move_to(ledger, editor, daily.id, 540, NOW)):
        with pytest.raises(Stale, match="digest_ended"):
            await again
    with pytest.raises(Refused, match="digest_none"):
        await pause_chat(ledger, editor, TEAM, None, NOW, paused=True)
