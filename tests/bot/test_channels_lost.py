"""A channel in which the desk can no longer post: told by Telegram beforehand, or found out when it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Fault
from jobs.subscriptions import subscribe
from storage.kinds import Cadence, ChatKind, Role
from storage.model import ChatId, PersonId
from storage.values import Schedule
from tests.support.desk import InnerDesk, an_inner_desk

CHANNEL = -1007
PAUSED = "SELECT active, paused FROM subscriptions"
TOLD = "SELECT count(*) FROM outbox WHERE payload ->> 'code' = 'digest_channel_lost'"
ME = {"user": {"id": 99, "is_bot": True, "first_name": "Desk"}}
RIGHTS = dict.fromkeys(
    (
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
        "can_edit_stories", "can_delete_stories",
    ),
    False,
)  # fmt: skip


async def a_channel_with_a_digest(inner: InnerDesk, chat_id: int) -> None:
    await inner.hand_in(inner.message(5, "/start"))
    async with inner.desk.database.write() as ledger:
        editor = await ledger.people.get(PersonId(1))
        await ledger.people.mark_role(editor.id, Role.EDITOR)
        await ledger.chats.meet(ChatId(chat_id), ChatKind.CHANNEL, "News", inner.clock())
        editor = await ledger.people.get(editor.id)
        daily = Schedule(Cadence.DAILY, "UTC", 0)
        await subscribe(ledger, editor, ChatId(chat_id), None, daily, inner.clock())


def changed(number: int, **member: Any) -> dict[str, Any]:
    change = {
        "chat": {"id": CHANNEL, "type": "channel", "title": "News"},
        "from": {"id": 6, "is_bot": False, "first_name": "Somebody"},
        "date": 1,
        "old_chat_member": {**ME, "status": "administrator", **RIGHTS, "can_post_messages": True},
        "new_chat_member": {**ME, **member},
    }
    return {"update_id": number, "my_chat_member": change}


@pytest.mark.parametrize(
    "member",
    [
        {"status": "administrator", **RIGHTS, "can_post_messages": False},
        {"status": "member"},
        {"status": "left"},
    ],
)
async def test_without_the_right_to_post_the_digests_pause_and_editors_are_told_once(
    member: dict[str, Any], tmp_path: Path
) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_channel_with_a_digest(inner, CHANNEL)
        await inner.hand_in(changed(70, **member))
        await inner.hand_in(changed(71, **member))
        assert await inner.rows(PAUSED) == [(1, 1)]
        assert await inner.value(TOLD) == 1
        assert await inner.value("SELECT present FROM chats") == 0

        # With the right again an editor lets it go on.
        await inner.hand_in(changed(72, status="administrator", **RIGHTS, can_post_messages=True))
        await inner.hand_in(inner.message(5, "/digest channel News resume"))
        assert await inner.rows(PAUSED) == [(1, 0)]


async def test_a_refused_post_pauses_the_channels_digests(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        channel = await inner.people.channel("News")
        await a_channel_with_a_digest(inner, channel.id)
        inner.server.faults.add("sendMessage", Fault.status(403), chat_id=channel.id)
        async with inner.desk.database.write() as ledger:
            await ledger.outbox.enqueue(ChatId(channel.id), "notice", {"code": "cancelled", "claim": 1}, inner.clock())
        async with inner.delivering():
            await inner.until("SELECT paused FROM subscriptions", 1)
            await inner.until("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')", 0)
        assert await inner.value(TOLD) == 1
