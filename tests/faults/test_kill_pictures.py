"""A digest with a picture is two messages: a desk that is killed between them sends what is missing, and only that."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox import Fault
from bot.sandbox.client import Group
from bot.sandbox.seen import SeenMessage
from tests.support.digests import CLAIM, set_digests
from tests.support.newsroom import PATIENCE, Newsroom, a_newsroom

CHATS = 5
STATES = "SELECT state, count(*) FROM outbox WHERE kind = ? GROUP BY state"
TEXT, PICTURE = "digest_posted", "chart_shown"


def kind_of(message: SeenMessage) -> str | None:
    """Return which half of a digest a message is."""
    if message.kind == "photo":
        return PICTURE
    return TEXT if CLAIM in message.text else None


async def shown_in(team: Group) -> tuple[int, int]:
    """Return how many digests and how many pictures a chat has."""
    kinds = Counter(map(kind_of, await team.messages()))
    return kinds[TEXT], kinds[PICTURE]


async def all_sent(room: Newsroom) -> None:
    await room.until(lambda: all(room.desk.rows(STATES, kind) == [("sent", CHATS)] for kind in (TEXT, PICTURE)))
    assert room.desk.value("SELECT count(*) FROM digests") == CHATS
    code, out, _ = await room.desk.command("check")
    assert code == 0, out


@pytest.mark.timeout(300)
async def test_killed_after_the_text_and_before_the_picture_each_comes_once(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        teams = await set_digests(room, CHATS)
        room.server.faults.add("sendPhoto", Fault.status(502), times=None)
        since = await room.people.last_event()
        await room.desk.start_controlled()
        await room.until(lambda: room.desk.rows(STATES, TEXT) == [("sent", CHATS)])
        await room.people.wait_call("sendPhoto", after=since, timeout=PATIENCE)
        await room.desk.kill()
        assert "sent" not in dict(room.desk.rows(STATES, PICTURE))
        for team in teams:
            assert await shown_in(team) == (1, 0)

        room.server.faults.clear()
        await room.desk.start_controlled()
        await all_sent(room)
        for team in teams:
            assert await shown_in(team) == (1, 1)


@pytest.mark.timeout(300)
async def test_killed_while_pictures_are_on_their_way_only_those_come_again(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        teams = await set_digests(room, CHATS)
        # Telegram takes the picture and is slow to say so: the desk cannot know.
        slow = teams[:2]
        for team in slow:
            room.server.faults.add("sendPhoto", Fault.delay_after(PATIENCE), chat_id=team.id)
        await room.desk.start_controlled()
        for team in teams:
            await team.wait(lambda message: message.kind == "photo", since=0, timeout=PATIENCE)
        await room.until(lambda: dict(room.desk.rows(STATES, PICTURE)) == {"sent": CHATS - 2, "sending": 2})
        await room.desk.kill()

        room.server.faults.clear()
        await room.desk.start_controlled()
        await all_sent(room)
        for team in teams:
            assert await shown_in(team) == (1, 2 if team in slow else 1)


@pytest.mark.timeout(600)
async def test_killed_at_every_commit_nothing_comes_again_but_what_was_not_noted(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        teams = await set_digests(room, CHATS)
        await room.desk.start_controlled(dying=True)
        await room.until(
            lambda: all(room.desk.rows(STATES, kind) == [("sent", CHATS)] for kind in (TEXT, PICTURE)), seconds=400
        )
        tried = "SELECT attempts FROM outbox WHERE kind = ? AND chat_id = ?"
        for team in teams:
            order = [kind for kind in map(kind_of, await team.messages()) if kind is not None]
            # The picture leaves when the text is noted as sent, and nothing that was noted comes again.
            assert order == sorted(order, key=(TEXT, PICTURE).index)
            for kind in (TEXT, PICTURE):
                assert 1 <= order.count(kind) <= room.desk.value(tried, kind, team.id)
        deaths = Counter(tuple(line.split()[:2]) for line in room.desk.kills.read_text().splitlines())
        assert min(deaths["after", "lease"], deaths["before", "end"], deaths["after", "end"]) > 0
        await all_sent(room)
