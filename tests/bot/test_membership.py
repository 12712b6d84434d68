"""Naming people in chat, and what the desk does in groups: the real gateway, with updates as Telegram sends them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import InnerDesk, an_inner_desk

ADMIN, MEMBER, OTHER = 1, 2, 3
GROUP = {"id": -500, "type": "supergroup", "title": "Team"}
ROLE = "SELECT role FROM people WHERE telegram_id = 2"


def user(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": f"U{number}", **more}


async def team(inner: InnerDesk) -> None:
    for number in (ADMIN, MEMBER, OTHER):
        await inner.hand_in(inner.message(number, "/start"))


def in_group(inner: InnerDesk, text: str, by: int = ADMIN, **more: Any) -> dict[str, Any]:
    update = inner.message(by, text, **more)
    update["message"]["chat"] = GROUP
    return update


def answered(inner: InnerDesk, by: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The message to which another is an answer."""
    return {"message_id": 7, "date": 0, "chat": GROUP, "from": by, "text": "Hello", **more}


@pytest.mark.parametrize("how", ["reply", "number", "username", "mention", "forward"])
async def test_a_person_is_named_by_a_reply_a_number_a_username_a_mention_or_a_forward(
    tmp_path: Path, how: str
) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await team(inner)
        number = await inner.value("SELECT id FROM people WHERE telegram_id = 2")
        match how:
            case "reply":
                update = in_group(inner, "/promote", reply_to_message=answered(inner, user(MEMBER)))
            case "number":
                update = inner.message(ADMIN, f"/promote #{number}")
            case "username":
                changed = inner.message(MEMBER, "/help")
                changed["message"]["from"]["username"] = "Mitali"
                await inner.hand_in(changed)
                update = inner.message(ADMIN, "/promote @mitali")
            case "mention":
                update = inner.message(ADMIN, "/promote Mitali Sen reviewer")
                update["message"]["entities"].append(
                    {"type": "text_mention", "offset": 9, "length": 6, "user": user(MEMBER)}
                )
            case _:
                origin = {"type": "user", "date": 0, "sender_user": user(MEMBER)}
                reply = answered(inner, user(ADMIN), forward_origin=origin)
                update = inner.message(ADMIN, "/promote reviewer", reply_to_message=reply)
        await inner.hand_in(update)
        assert await inner.value(ROLE) == "reviewer"


async def test_nobody_is_meant_by_a_topic_a_bot_or_somebody_hidden(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await team(inner)
        topic = {"forum_topic_created": {"name": "Claims", "icon_color": 1}}
        hidden = {"forward_origin": {"type": "hidden_user", "date": 0, "sender_user_name": "U2"}}
        for reply in (
            answered(inner, user(MEMBER), **topic),
            answered(inner, user(MEMBER, is_bot=True)),
            answered(inner, user(MEMBER), **hidden),
        ):
            await inner.hand_in(in_group(inner, "/promote", reply_to_message=reply))
        await inner.hand_in(inner.message(ADMIN, "/promote"), inner.message(ADMIN, "/promote public"))
        assert await inner.value(ROLE) == "public"
        said = [code for (code,) in await inner.rows("SELECT payload ->> 'code' FROM outbox WHERE kind = 'notice'")]
        assert said.count("member_usage") == 5


async def test_roles_are_given_by_those_who_have_them_only(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await team(inner)
        await inner.hand_in(in_group(inner, "/promote admin", by=OTHER, reply_to_message=answered(inner, user(MEMBER))))
        assert await inner.value(ROLE) == "public"
        assert await inner.value("SELECT payload ->> 'code' FROM outbox WHERE chat_id = -500") == "role_needed"


async def test_the_room_ends_when_the_desk_is_put_out_of_the_group(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await team(inner)
        await inner.hand_in(in_group(inner, "/team here"))
        assert await inner.value("SELECT chat_id FROM rooms") == -500
        me = {"id": 99, "is_bot": True, "first_name": "Desk"}
        change = {
            "chat": GROUP,
            "from": user(OTHER),
            "date": 0,
            "old_chat_member": {"user": me, "status": "member"},
            "new_chat_member": {"user": me, "status": "left"},
        }
        await inner.hand_in({"update_id": 90_001, "my_chat_member": change})
        assert await inner.rows("SELECT 1 FROM rooms") == []
        assert await inner.value("SELECT count(*) FROM outbox WHERE payload ->> 'code' = 'room_lost'") == 1


async def test_a_room_is_made_in_a_group_only_and_alone_the_command_tells_where_they_are(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await team(inner)
        await inner.hand_in(inner.message(ADMIN, "/team here"), inner.message(ADMIN, "/team"))
        await inner.hand_in(inner.message(ADMIN, "/team somewhere"))
        codes = await inner.rows(
            "SELECT kind, payload ->> 'code' FROM outbox WHERE chat_id = 1 AND kind IN ('notice', 'rooms_shown')"
        )
        assert codes[-3:] == [("notice", "only_in_group"), ("rooms_shown", None), ("notice", "team_usage")]


async def test_small_talk_in_the_room_is_not_even_noted(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await team(inner)
        await inner.hand_in(in_group(inner, "/team here"))
        before = await inner.value("SELECT count(*) FROM outbox")
        stranger = in_group(inner, "Is the bridge 6 km long?", by=77)
        reply = in_group(inner, "And this?", by=OTHER, reply_to_message=answered(inner, user(99, is_bot=True)))
        photo = in_group(inner, "", by=OTHER, photo=[])
        del photo["message"]["text"]
        await inner.hand_in(stranger, reply, photo)
        assert await inner.value("SELECT count(*) FROM outbox") == before
        assert await inner.rows("SELECT 1 FROM people WHERE telegram_id = 77") == []
        assert await inner.value("SELECT count(*) FROM dead_letters") == 0
