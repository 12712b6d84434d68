"""Forty chats get their digests from a desk that is killed while it makes and sends them."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox import Fault
from bot.sandbox.client import Group
from tests.support.digests import CLAIM, set_digests
from tests.support.newsroom import Newsroom, a_newsroom

CHATS = 40
SENT = "SELECT count(*) FROM outbox WHERE kind = 'digest_posted' AND state = 'sent'"


async def posts_in(team: Group) -> int:
    return sum(CLAIM in message.text for message in await team.messages())


def assert_one_period_each(room: Newsroom) -> None:
    periods = Counter(room.desk.rows("SELECT subscription_id, period_end FROM digests"))
    assert len(periods) == CHATS
    assert set(periods.values()) == {1}


@pytest.mark.timeout(600)
async def test_killed_at_every_commit_each_chat_gets_its_period(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        teams = await set_digests(room, CHATS)
        # From now on it dies before and after every commit in which a digest is made, or a message leaves or ends.
        await room.desk.start_controlled(dying=True)
        await room.until(lambda: room.desk.value(SENT) == CHATS, seconds=400)
        assert_one_period_each(room)
        killed = Counter(tuple(line.split()[:2]) for line in room.desk.kills.read_text().splitlines())
        assert killed["before", "digest"] == killed["after", "digest"] == CHATS
        # A commit that holds several of them is survived once.
        assert min(killed["before", "lease"], killed["before", "end"]) >= CHATS
        assert min(killed["after", "lease"], killed["after", "end"]) > 0
        for team in teams:
            assert await posts_in(team) >= 1
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2))
async def test_a_kill_repeats_nothing_but_what_was_on_its_way(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with a_newsroom(tmp_path, start=False) as room:
        teams = await set_digests(room, CHATS)
        on_their_way: Counter[int] = Counter()
        for sent in sorted(chance.sample(range(1, CHATS), 4)):
            # Slow answers, so that there is something on its way when the kill comes.
            room.server.faults.add("sendMessage", Fault.delay_after(0.3), times=CHATS)
            await room.desk.start_controlled()
            await room.until(lambda sent=sent: room.desk.value(SENT) >= sent)  # type: ignore[misc]
            await room.desk.kill()
            on_their_way.update(
                chat for (chat,) in room.desk.rows("SELECT chat_id FROM outbox WHERE state = 'sending'")
            )
        room.server.faults.clear()
        await room.desk.start_controlled()
        await room.until(lambda: room.desk.value(SENT) == CHATS)
        assert_one_period_each(room)
        assert on_their_way
        for team in teams:
            assert 1 <= await posts_in(team) <= 1 + on_their_way[team.id]
