"""What groups and channels are called: kept up with, since links are made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storage.kinds import ChatKind
from storage.model import ChatId
from tests.support.desk import InnerDesk, an_inner_desk

CHANNEL, GROUP = -1007, -1008
CALLED = "SELECT title, username FROM chats ORDER BY id DESC"
NEW = {"id": CHANNEL, "type": "channel", "title": "New", "username": "new_name"}


async def a_known_chat(inner: InnerDesk, chat_id: int = CHANNEL, kind: ChatKind = ChatKind.CHANNEL) -> None:
    async with inner.desk.database.write() as ledger:
        await ledger.chats.meet(ChatId(chat_id), kind, "Old", inner.clock(), username="old_name")


def in_group(inner: InnerDesk, group: dict[str, Any], **more: Any) -> dict[str, Any]:
    update = inner.message(5, "Good morning, all")
    update["message"] |= {"chat": {"id": GROUP, "type": "supergroup", **group}, **more}
    return update


@pytest.mark.parametrize("name", ["new_name", None])
async def test_a_message_in_a_group_tells_what_the_group_is_called_now(tmp_path: Path, name: str | None) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_known_chat(inner, GROUP, ChatKind.SUPERGROUP)
        named = {} if name is None else {"username": name}
        await inner.hand_in(in_group(inner, {"title": "New", **named}))
        assert await inner.rows(CALLED) == [("New", name)]
        assert await inner.value("SELECT count(*) FROM people") == 0, "who was talking is not noted"


async def test_a_pressed_button_tells_what_the_group_is_called_now(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_known_chat(inner, GROUP, ChatKind.SUPERGROUP)
        group = {"id": GROUP, "type": "supergroup", "title": "New", "username": "new_name"}
        press = {
            "id": "1",
            "from": {"id": 5, "is_bot": False, "first_name": "U5"},
            "chat_instance": "1",
            "message": {"message_id": 3, "date": 1, "chat": group},
            "data": "1:none",
        }
        await inner.hand_in({"update_id": 70, "callback_query": press})
        assert await inner.rows(CALLED) == [("New", "new_name")]


async def test_a_channels_post_in_the_group_that_discusses_it_tells_what_the_channel_is_called(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_known_chat(inner)
        await inner.hand_in(in_group(inner, {"title": "Talk"}, sender_chat=NEW, is_automatic_forward=True))
        assert await inner.rows(CALLED) == [("New", "new_name")], "and the group, to which nobody added us, is no chat"


async def test_a_message_that_telegram_takes_tells_what_the_chat_is_called(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        channel = await inner.people.channel("New", username="new_name")
        await a_known_chat(inner, channel.id)
        async with inner.desk.database.write() as ledger:
            await ledger.outbox.enqueue(ChatId(channel.id), "notice", {"code": "cancelled", "claim": 1}, inner.clock())
        async with inner.delivering():
            await inner.until("SELECT count(*) FROM outbox WHERE state = 'sent'", 1)
        assert await inner.rows(CALLED) == [("New", "new_name")]
