"""In which language the desk speaks: to somebody new, and in a group."""

from __future__ import annotations

from pathlib import Path

from tests.support.desk import InnerDesk, an_inner_desk

TEAM = {"id": -55, "type": "group", "title": "Team"}


async def in_team(inner: InnerDesk, user: int, text: str) -> None:
    update = inner.message(user, text)
    update["message"]["chat"] = TEAM
    await inner.hand_in(update)


async def test_somebody_new_with_a_bengali_phone_is_greeted_in_bengali_and_others_are_asked(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        for user, code in ((5, "bn"), (6, "en"), (7, "fr"), (8, None)):
            update = inner.message(user, "/start")
            update["message"]["from"]["language_code"] = code
            await inner.hand_in(update)
        found = dict(await inner.rows("SELECT telegram_id, language FROM people"))
        assert found == {5: "bn", 6: None, 7: None, 8: None}


async def test_a_chosen_language_is_not_overruled_by_the_phone(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(inner.message(5, "/language en"))
        update = inner.message(5, "/start")
        update["message"]["from"]["language_code"] = "bn"
        inner.clock.move(hours=2)
        await inner.hand_in(update)
        assert await inner.value("SELECT language FROM people WHERE telegram_id = 5") == "en"


async def test_a_group_speaks_the_language_of_the_editor_who_set_it_up_until_one_says_otherwise(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path, admins="1") as inner:
        await inner.hand_in(inner.message(1, "/language bn"))
        await in_team(inner, 1, "/digest daily 09:00")
        assert await inner.value("SELECT language FROM chats WHERE id = -55") == "bn"
        await in_team(inner, 1, "/language en")
        assert await inner.value("SELECT language FROM chats WHERE id = -55") == "en"
        await in_team(inner, 5, "/language bn")
        assert await inner.value("SELECT language FROM chats WHERE id = -55") == "en"
        await in_team(inner, 1, "/language xx")
        codes = [
            row[0]
            for row in await inner.rows(
                "SELECT json_extract(payload, '$.code') FROM outbox WHERE chat_id = -55 AND kind = 'notice' ORDER BY id"
            )
        ]
        assert codes == ["chat_language_set", "role_needed", "language_unknown"]
