"""The desk is killed (SIGKILL) once before and once after every commit that matters, and with answers on their way.

All that in bad weather: 429, 5xx and cut connections in between. Then the job must be done, completely and once.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.sandbox import Fault
from tests.support.newsroom import PATIENCE, Newsroom, a_newsroom

CLAIM = "The bridge over the river was closed for 30 days in March."


async def play(room: Newsroom) -> None:
    """One claim from a rumour to the answer and the digest. Every step waits for its effect in the desk's file."""
    room.forgetful = True
    await room.open()
    team = await room.people.group("Team", [room.admin])
    await room.admin.send("/digest@factdesk_bot daily 09:00 Asia/Dhaka", chat=team)
    asker = await room.person("Asker", language="bn")
    await room.ask(asker, CLAIM)
    reviewers = [await room.hire("One"), await room.hire("Two", language="bn")]
    for reviewer in reviewers:
        await room.tap(reviewer, Verb.TAKE)
        await room.until(lambda reviewer=reviewer: room.awaiting(reviewer) == "rating")  # type: ignore[misc]
        await room.tap(reviewer, Verb.RATE, "false")
        await room.until(lambda reviewer=reviewer: room.awaiting(reviewer) == "source")  # type: ignore[misc]
        await reviewer.send("https://example.org/log the road office's log")
        await room.tap(reviewer, Verb.SOURCE_KIND, "primary")
        await room.tap(reviewer, Verb.SOURCE_STANCE, "refutes")
        await room.until(lambda reviewer=reviewer: room.described(reviewer))  # type: ignore[misc]
        await room.explain(reviewer, "The log shows that it stayed open.")
        await room.tap(reviewer, Verb.SUBMIT)
        await room.until(
            lambda reviewer=reviewer: (
                room.desk.value(  # type: ignore[misc]
                    "SELECT count(*) FROM reviews v JOIN people p ON p.id = v.person_id "
                    "WHERE v.state = 'submitted' AND p.telegram_id = ?",
                    reviewer.id,
                )
                == 1
            )
        )
    await room.tap(room.admin, Verb.APPROVE)
    await room.see(asker, "The log shows that it stayed open.")
    room.desk.move_clock(86_400)
    await room.until(lambda: room.desk.value("SELECT count(*) FROM digests") >= 1)
    await team.wait("example.org", timeout=PATIENCE)


def assert_done_once(room: Newsroom) -> None:
    """Every effect of `play` is in the file, exactly once."""
    desk = room.desk
    assert desk.rows("SELECT state, count(*) FROM claims GROUP BY state") == [("published", 1)]
    assert desk.value("SELECT count(*) FROM requests") == 1
    assert desk.rows("SELECT version, rating FROM verdicts") == [(1, "false")]
    assert desk.rows("SELECT state, count(*) FROM reviews GROUP BY state") == [("submitted", 2)]
    assert desk.value("SELECT count(*) FROM sources") == 2
    assert desk.value("SELECT count(*) FROM verdict_sources") == 1
    assert desk.rows("SELECT state, count(*) FROM assignments GROUP BY state") == [("done", 2)]
    assert desk.rows("SELECT answered_version, state FROM requests") == [(1, "answered")]
    assert desk.value("SELECT count(*) FROM outbox WHERE dedup_key LIKE 'answer:%'") == 1
    assert desk.value("SELECT count(*) FROM outbox WHERE state = 'dead'") == 0
    assert desk.value("SELECT count(*) FROM dead_letters") == 0
    assert desk.value(
        "SELECT count(*) FROM (SELECT 1 FROM digests GROUP BY subscription_id, period_end)"
    ) == desk.value("SELECT count(*) FROM digests")
    events = dict(desk.rows("SELECT action, count(*) FROM audit GROUP BY action"))
    assert events["verdict.decided"] == events["claim.approve"] == events["claim.publish"] == 1
    assert events["review.submitted"] == events["review.rated"] == events["assignment.taken"] == 2


@pytest.mark.timeout(600)
async def test_killed_at_every_commit_nothing_is_lost_and_nothing_happens_twice(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled(dying=True)
        await play(room)
        await room.until(
            lambda: room.desk.value("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0
        )
        assert_done_once(room)
        deaths = room.desk.deaths.read_text().split()
        assert set(deaths) == {"-9"}, room.desk.tail()
        assert len(deaths) >= 50
        boundaries = room.desk.kills.read_text().splitlines()
        kinds = Counter(tuple(line.split()[:2]) for line in boundaries)
        for kind in ("update", "lease", "end", "digest", "job"):
            assert kinds["before", kind] > 0, f"never killed before a commit with {kind}"
            assert kinds["after", kind] > 0, f"never killed after a commit with {kind}"
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(3))
async def test_killed_while_answers_are_on_their_way_in_bad_weather(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with a_newsroom(tmp_path, start=False) as room:
        kills = 0

        async def weather() -> None:
            nonlocal kills
            while True:
                fault = chance.choice(
                    [
                        Fault.drop_before(),
                        Fault.drop_after(),
                        Fault.status(502),
                        Fault.retry_after(1),
                        Fault.malformed_json(),
                        Fault.delay_after(0.4),
                        Fault.delay_after(0.4),
                        Fault.delay_after(0.4),
                    ]
                )
                method = chance.choice(["sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates"])
                room.server.faults.add(method, fault, times=1)
                await asyncio.sleep(chance.uniform(0.3, 1.0))
                if fault == Fault.delay_after(0.4):
                    await room.desk.kill()
                    kills += 1
                    await room.desk.start_controlled()

        await room.desk.start_controlled()
        storm = asyncio.create_task(weather())
        try:
            await play(room)
        finally:
            storm.cancel()
            await asyncio.gather(storm, return_exceptions=True)
        room.server.faults.clear()
        if not room.desk.running:
            await room.desk.start_controlled()
        await room.until(
            lambda: room.desk.value("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0
        )
        assert_done_once(room)
        assert kills > 0
