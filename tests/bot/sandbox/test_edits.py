"""Edits: the id stays, edit_date appears, and what cannot be edited says why."""

from typing import Any

from bot.sandbox import Person, SandboxServer

from .conftest import Api, StageTime

KEYS = {"inline_keyboard": [[{"text": "Take", "callback_data": "t"}]]}


async def sent(api: Api, person: Person, **more: Any) -> dict[str, Any]:
    message = (await api("sendMessage", chat_id=person.id, text="one", **more)).result
    return {"chat_id": person.id, "message_id": message["message_id"]}


async def test_an_edit_keeps_the_id_and_sets_the_date(api: Api, alice: Person, stage_time: StageTime) -> None:
    call = await sent(api, alice)
    stage_time.forward(5)
    reply = await api("editMessageText", **call, text="two")
    assert reply.result["message_id"] == call["message_id"]
    assert reply.result["edit_date"] == reply.result["date"] + 5
    assert [(m.text, m.edited) for m in await alice.messages()][-1] == ("two", True)


async def test_an_unchanged_edit_is_refused(api: Api, alice: Person) -> None:
    call = await sent(api, alice, reply_markup=KEYS)
    await api("editMessageText", **call, text="two", reply_markup=KEYS)
    reply = await api("editMessageText", **call, text="two", reply_markup=KEYS)
    assert reply.error == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )


async def test_an_edit_that_changes_only_the_buttons_is_an_edit(api: Api, alice: Person) -> None:
    call = await sent(api, alice)
    assert (await api("editMessageText", **call, text="one", reply_markup=KEYS)).result["reply_markup"] == KEYS
    assert (await api("editMessageReplyMarkup", **call, reply_markup=KEYS)).error.startswith(
        "Bad Request: message is not modified"
    )


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(api: Api, alice: Person) -> None:
    call = await sent(api, alice, reply_markup=KEYS)
    assert "reply_markup" not in (await api("editMessageText", **call, text="two")).result


async def test_a_missing_message_cannot_be_edited(api: Api, alice: Person) -> None:
    reply = await api("editMessageText", chat_id=alice.id, message_id=99, text="x")
    assert reply.error == "Bad Request: message to edit not found"
    reply = await api("editMessageText", chat_id=alice.id, text="x")
    assert reply.error == "Bad Request: message identifier is not specified"


async def test_messages_of_people_cannot_be_edited(api: Api, alice: Person) -> None:
    said = await alice.send("mine")
    reply = await api("editMessageText", chat_id=alice.id, message_id=said.id, text="yours")
    assert reply.error == "Bad Request: message can't be edited"


async def test_text_and_caption_edits_need_text_and_caption(api: Api, alice: Person, server: SandboxServer) -> None:
    call = await sent(api, alice)
    reply = await api("editMessageCaption", **call, caption="x")
    assert reply.error == "Bad Request: there is no caption in the message to edit"
    stored = server.sandbox.files.add("documents", "a.txt", b"a")
    document = (await api("sendDocument", chat_id=alice.id, document=stored.file_id, caption="c")).result
    call = {"chat_id": alice.id, "message_id": document["message_id"]}
    assert (await api("editMessageText", **call, text="x")).error == (
        "Bad Request: there is no text in the message to edit"
    )
    assert (await api("editMessageCaption", **call, caption="d")).result["caption"] == "d"
    assert (await api("editMessageCaption", **call, caption="x" * 1025)).error == (
        "Bad Request: message caption is too long"
    )


async def test_an_update_already_queued_keeps_the_message_as_it_was(
    api: Api, alice: Person, server: SandboxServer
) -> None:
    await sent(api, alice, reply_markup=KEYS)
    message = (await alice.messages())[-1]
    await alice.press(message, "Take", timeout=0)
    await api("editMessageText", chat_id=alice.id, message_id=message.id, text="two")
    (update,) = (await api("getUpdates")).result
    assert update["callback_query"]["message"]["text"] == "one"
