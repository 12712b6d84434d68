"""Updates in: exactly once, in order, and nothing that one update holds can hurt another."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from storage.errors import StorageError
from storage.model import PersonId
from tests.support.desk import an_inner_desk


async def test_the_same_update_twice_is_handled_once(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        update = inner.message(5, "/submit The bridge was closed for 30 days in March.")
        await inner.hand_in(update, update)
        await inner.hand_in(update)
        assert await inner.value("SELECT count(*) FROM updates") == 1
        assert await inner.value("SELECT count(*) FROM outbox WHERE kind = 'submission_confirmed'") == 1


async def test_a_batch_is_handled_in_its_order(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(
            *(inner.message(5, f"/submit Claim number {n} was made on day {n} of May.") for n in range(9))
        )
        texts = [row[0] for row in await inner.rows("SELECT text FROM claims ORDER BY id")]
        assert [text.split()[2] for text in texts] == [str(n) for n in range(9)]


async def test_what_cannot_be_handled_is_kept_told_and_stops_nothing(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        broken = inner.message(5, "/help")
        del broken["message"]["date"]
        worse = inner.press(5, "1:take:1")
        del worse["callback_query"]["chat_instance"]
        odd: list[Any] = [
            broken,
            worse,
            {"update_id": 7001},
            {"update_id": 7002, "poll": {"id": "1"}},
            {"update_id": 7003, "message": None},
            {"update_id": 7004, "message": "text"},
            {"update_id": "x", "message": {}},
            {"update_id": 2**70, "message": {"text": "an id that no row can hold"}},
            {"message": {"text": "no id"}},
            "not an object",
            None,
        ]
        await inner.hand_in(*odd, inner.message(5, "/help"))
        assert await inner.value("SELECT count(*) FROM outbox WHERE kind = 'help'") == 1
        kept = await inner.rows("SELECT reference, update_id, payload, error FROM dead_letters ORDER BY id")
        assert {row[1] for row in kept} >= {broken["update_id"], worse["update_id"], 7004}
        assert all(len(row[0]) == 8 and "Traceback" in row[3] for row in kept)
        assert json.loads(kept[0][2]) == broken
        await inner.hand_in(broken, worse)
        assert await inner.value("SELECT count(*) FROM dead_letters") == len(kept)


async def test_a_handler_that_breaks_is_rolled_back_alone_and_the_person_gets_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with an_inner_desk(tmp_path) as inner:
        # The only way to make a correct handler fail is to take a table away from it for one statement.
        async with inner.desk.database.write() as ledger:
            await ledger.session.execute("ALTER TABLE submissions RENAME TO hidden")
        await inner.hand_in(inner.message(5, "/help"), inner.message(5, "a rumour"), inner.message(5, "/whoami"))
        async with inner.desk.database.write() as ledger:
            await ledger.session.execute("ALTER TABLE hidden RENAME TO submissions")
        kinds = [row[0] for row in await inner.rows("SELECT kind FROM outbox ORDER BY id")]
        assert kinds == ["help", "notice", "whoami"]
        reference = await inner.value("SELECT reference FROM dead_letters")
        payload = json.loads(await inner.value("SELECT payload FROM outbox WHERE kind = 'notice'"))
        assert payload == {"code": "update_failed", "reference": reference}
        person = await inner.people.user("U5", id=5)
        await person.start()
        async with inner.delivering():
            await person.wait(reference, since=0)


async def test_half_an_emoji_and_nul_characters_do_no_harm(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(inner.message(5, "/submit The bridge \ud83d was \x00 closed for 30 days."))
        await inner.hand_in(inner.message(6, "rumour \udc00 of the day, with 30 words"))
        assert await inner.value("SELECT count(*) FROM dead_letters") == 0
        assert await inner.value("SELECT count(*) FROM claims") == 1


async def test_updates_are_not_acknowledged_when_the_database_refuses(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        update = inner.message(5, "/help")
        async with inner.desk.database.write() as ledger:
            await ledger.session.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StorageError):
            await inner.hand_in(*(inner.message(5, f"/submit {n} " + "long " * 500) for n in range(200)), update)
        async with inner.desk.database.write() as ledger:
            await ledger.session.fetch_all("PRAGMA max_page_count = 1000000")
        assert await inner.value("SELECT count(*) FROM updates") == 0
        await inner.hand_in(update)
        assert await inner.value("SELECT count(*) FROM outbox WHERE kind = 'help'") == 1


async def test_the_presser_of_a_refused_button_sees_an_alert_and_nothing_changes(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(inner.message(5, "/start"))
        before = await inner.value("SELECT count(*) FROM audit")
        for data in (
            "1:take:99",
            "1:rate:1:true",
            "1:rate:x:true",
            "1:step:1:nowhere",
            "9:take:1",
            "rubbish",
            "1:approve:1:1",
            "1:take",
            "1:judge:1:1:true",
            "1:search:0",
            "1:send:1",
            "1:chan:5:1",
        ):
            await inner.hand_in(inner.press(5, data))
        assert await inner.value("SELECT count(*) FROM audit") == before
        assert await inner.value("SELECT count(*) FROM dead_letters") == 0
        answers = await inner.people.calls("answerCallbackQuery")
        assert len(answers) == 12
        assert all(call["params"].get("show_alert") and call["params"]["text"] for call in answers)


async def test_a_batch_waits_for_no_network(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.server.stop()
        async with asyncio.timeout(5):
            await inner.desk.gateway.handle([inner.message(5, "/help"), inner.press(5, "1:take:1")])
        assert await inner.value("SELECT count(*) FROM updates") == 2


async def test_a_refusal_that_repeats_half_an_emoji_is_told_and_holds_up_nothing(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path, admins="5") as inner:
        await inner.hand_in(inner.message(5, "/digest daily 09:00 \ud83dtopia"), inner.message(5, "/help"))
        kinds = [row[0] for row in await inner.rows("SELECT kind FROM outbox ORDER BY id")]
        assert kinds[-2:] == ["notice", "help"]
        assert await inner.value("SELECT count(*) FROM dead_letters") == 0


async def test_what_somebody_says_in_a_group_does_not_make_them_reachable(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(inner.message(5, "/start"))
        async with inner.desk.database.write() as ledger:
            await ledger.session.execute("UPDATE people SET reachable = 0")
        update = inner.message(5, "/help")
        update["message"]["chat"] = {"id": -55, "type": "group", "title": "Team"}
        await inner.hand_in(update)
        assert await inner.value("SELECT reachable FROM people WHERE telegram_id = 5") == 0
        await inner.hand_in(inner.message(5, "/help"))
        assert await inner.value("SELECT reachable FROM people WHERE telegram_id = 5") == 1


def in_group(update: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Let a private message have been said in a group."""
    update["message"] |= {"chat": {"id": -40, "type": "supergroup", "title": "Team"}, **more}
    return update


async def test_an_anonymous_admin_of_a_group_is_told_why_a_command_does_nothing(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        await inner.hand_in(in_group(inner.message(5, "/digest daily 09:00"), **{"from": anonymous}))
        (told,) = await inner.rows("SELECT chat_id, payload FROM outbox")
        assert (told[0], json.loads(told[1])["code"]) == (-40, "anonymous_sender")
        assert await inner.value("SELECT count(*) FROM dead_letters") == 0
        assert await inner.value("SELECT count(*) FROM people") == 0


async def test_who_only_talks_in_a_group_is_not_noted_down(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(in_group(inner.message(5, "Good morning, everybody!")))
        assert await inner.value("SELECT count(*) FROM people") == 0
        await inner.hand_in(in_group(inner.message(5, "/help")))
        assert await inner.value("SELECT count(*) FROM people") == 1


async def test_an_album_is_answered_once(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        album = [inner.message(5, "", media_group_id="77") for _ in range(4)]
        for picture in album:
            del picture["message"]["text"]
            picture["message"]["photo"] = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
        await inner.hand_in(*album)
        (told,) = await inner.rows("SELECT payload, reply_to FROM outbox")
        assert (json.loads(told[0])["code"], told[1]) == ("send_text_only", album[0]["message"]["message_id"])


async def test_a_command_under_a_picture_is_not_taken_for_a_rumour(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        picture = inner.message(5, "/cancel")
        picture["message"]["caption"] = picture["message"].pop("text")
        del picture["message"]["entities"]
        await inner.hand_in(picture)
        assert json.loads(await inner.value("SELECT payload FROM outbox"))["code"] == "command_in_caption"
        assert await inner.value("SELECT count(*) FROM submissions") == 0


async def test_a_button_in_a_forum_topic_is_answered_there(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(inner.message(5, "/submit The bridge was closed for 30 days in March."))
        press = inner.press(5, "1:status:1")
        press["callback_query"]["message"] |= {
            "chat": {"id": -40, "type": "supergroup", "title": "Team", "is_forum": True},
            "message_thread_id": 33,
            "is_topic_message": True,
        }
        await inner.hand_in(press)
        assert await inner.rows("SELECT chat_id, thread_id FROM outbox WHERE kind = 'status_shown'") == [(-40, 33)]


async def test_a_zone_may_be_written_with_a_space(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path, admins="5") as inner:
        await inner.hand_in(inner.message(5, "/digest daily 09:00 america/new york"))
        assert await inner.value("SELECT zone FROM subscriptions") == "America/New_York"
        await inner.hand_in(inner.message(5, "/digest daily 09:00 Atlantis Old Town"))
        assert "unknown_zone" in await inner.value("SELECT payload FROM outbox ORDER BY id DESC LIMIT 1")


async def test_a_block_that_the_courier_met_first_is_no_sign_of_life(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await inner.hand_in(inner.message(5, "/start"))
        async with inner.desk.database.write() as ledger:
            await ledger.people.mark_unreachable(PersonId(1))
        status = {"user": {"id": 9, "is_bot": True, "first_name": "Desk"}}
        await inner.hand_in(
            {
                "update_id": 77,
                "my_chat_member": {
                    "chat": {"id": 5, "type": "private", "first_name": "U5"},
                    "from": {"id": 5, "is_bot": False, "first_name": "U5"},
                    "date": 1,
                    "old_chat_member": {**status, "status": "member"},
                    "new_chat_member": {**status, "status": "kicked", "until_date": 0},
                },
            }
        )
        assert await inner.value("SELECT count(*) FROM audit WHERE action = 'person.reachable'") == 0
        assert await inner.value("SELECT reachable FROM people") == 0


@pytest.mark.parametrize("automatic", [True, False])
async def test_a_channels_post_in_its_group_is_nobodys_request(automatic: bool, tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        post = in_group(
            inner.message(777000, "/submit The bridge was closed for 30 days in March."),
            sender_chat={"id": -1005, "type": "channel", "title": "News"},
            is_automatic_forward=automatic,
        )
        await inner.hand_in(post)
        assert await inner.value("SELECT count(*) FROM people") == 0
        told = [json.loads(row[0])["code"] for row in await inner.rows("SELECT payload FROM outbox")]
        assert told == ([] if automatic else ["anonymous_sender"])
