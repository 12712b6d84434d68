"""Inline keyboards, presses and their answers."""

import asyncio
from typing import Any

import pytest

from bot.sandbox import NoSuchButtonError, Person, SandboxServer, SeenMessage

from .conftest import Api, StageTime


def keys(*data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": f"Button {d}", "callback_data": d}] for d in data]}


async def card(api: Api, person: Person, *data: str) -> SeenMessage:
    await api("sendMessage", chat_id=person.id, text="card", reply_markup=keys(*data))
    return (await person.messages())[-1]


@pytest.mark.parametrize("data", ["x" * 64, "প্রতিবেদন" * 2 + "x" * 10])
async def test_callback_data_of_up_to_64_bytes_passes(api: Api, alice: Person, data: str) -> None:
    assert len(data.encode()) == 64
    assert (await api("sendMessage", chat_id=alice.id, text="x", reply_markup=keys(data))).status == 200


@pytest.mark.parametrize("data", ["", "x" * 65, "প্রতিবেদন" * 3])
async def test_callback_data_beyond_1_to_64_bytes_is_refused(api: Api, alice: Person, data: str) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="x", reply_markup=keys(data))
    assert reply.error == ("Bad Request: BUTTON_DATA_INVALID")


async def test_a_keyboard_has_at_most_a_hundred_buttons(api: Api, alice: Person) -> None:
    assert (
        await api("sendMessage", chat_id=alice.id, text="x", reply_markup=keys(*map(str, range(100))))
    ).status == 200
    reply = await api("sendMessage", chat_id=alice.id, text="x", reply_markup=keys(*map(str, range(101))))
    assert reply.error == "Bad Request: reply markup is too long"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "url": "no way"}, "inline keyboard button URL 'no way' is invalid: Wrong HTTP URL"),
    ],
)
async def test_a_malformed_button_is_refused(api: Api, alice: Person, button: dict[str, str], reason: str) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="x", reply_markup={"inline_keyboard": [[button]]})
    assert reply.error == f"Bad Request: {reason}"


async def test_markup_that_is_no_json_is_refused(api: Api, alice: Person) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="x", reply_markup="{")
    assert reply.error == "Bad Request: can't parse reply markup JSON object"


async def test_a_press_brings_a_callback_query_with_the_whole_message(api: Api, alice: Person) -> None:
    message = await card(api, alice, "go")
    pressing = asyncio.create_task(alice.press(message, "Button"))
    (update,) = (await api("getUpdates", timeout=5)).result
    query = update["callback_query"]
    assert (query["from"]["id"], query["data"], query["message"]["message_id"]) == (alice.id, "go", message.id)
    assert query["message"]["reply_markup"] == keys("go")
    assert query["chat_instance"]
    assert (await api("answerCallbackQuery", callback_query_id=query["id"], text="নিলেন", show_alert=True)).result
    toast = await pressing
    assert toast == "নিলেন"
    assert toast is not None
    assert toast.alert


async def test_an_answer_without_text_shows_nothing(api: Api, alice: Person) -> None:
    pressing = asyncio.create_task(alice.press(await card(api, alice, "go"), "go"))
    (update,) = (await api("getUpdates", timeout=5)).result
    await api("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert await pressing is None


async def test_double_taps_are_two_queries(api: Api, alice: Person) -> None:
    message = await card(api, alice, "go")
    await asyncio.gather(*(alice.press_raw(message, "go", timeout=0) for _ in range(2)))
    first, second = (await api("getUpdates")).result
    assert first["callback_query"]["id"] != second["callback_query"]["id"]


async def test_an_unknown_query_is_too_old(api: Api) -> None:
    reply = await api("answerCallbackQuery", callback_query_id="1")
    expected = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert reply.error == expected


async def test_a_query_grows_too_old(api: Api, alice: Person, stage_time: StageTime) -> None:
    await alice.press(await card(api, alice, "go"), "go", timeout=0)
    (update,) = (await api("getUpdates")).result
    stage_time.forward(151)
    reply = await api("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert reply.error.startswith("Bad Request: query is too old")


async def test_a_toast_has_at_most_200_characters(api: Api) -> None:
    reply = await api("answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert reply.error == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_button_that_is_gone_cannot_be_pressed_by_label(api: Api, alice: Person) -> None:
    message = await card(api, alice, "go")
    await api("editMessageReplyMarkup", chat_id=alice.id, message_id=message.id, reply_markup=keys("stop"))
    with pytest.raises(NoSuchButtonError, match="Button stop"):
        await alice.press(message, "Button go")


async def test_a_stale_button_can_be_pressed_raw(api: Api, alice: Person) -> None:
    message = await card(api, alice, "go")
    await api("deleteMessage", chat_id=alice.id, message_id=message.id)
    await alice.press_raw(message, "go", timeout=0)
    (update,) = (await api("getUpdates")).result
    assert update["callback_query"]["message"] == {
        "chat": {"id": alice.id, "type": "private", "first_name": "Alice", "username": "alice"},
        "message_id": message.id,
        "date": 0,
    }


async def test_an_ambiguous_label_is_not_guessed(api: Api, alice: Person) -> None:
    with pytest.raises(NoSuchButtonError, match="not unique"):
        await alice.press(await card(api, alice, "a", "b"), "Button")


async def test_inline_queries_are_answered(api: Api, alice: Person) -> None:
    asking = asyncio.create_task(alice.inline("kursk"))
    (update,) = (await api("getUpdates", timeout=5)).result
    result = {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "m"}}
    number = update["inline_query"]["id"]
    reply = await api("answerInlineQuery", inline_query_id=number, results=[result, result])
    assert reply.error == "Bad Request: RESULT_ID_DUPLICATE"
    many = [{**result, "id": str(n)} for n in range(51)]
    assert (await api("answerInlineQuery", inline_query_id=number, results=many)).error == (
        "Bad Request: RESULTS_TOO_MUCH"
    )
    assert (await api("answerInlineQuery", inline_query_id=number, results=[result])).result is True
    assert await asking == [result]


async def test_a_press_in_a_group_names_who_pressed(api: Api, alice: Person, server: SandboxServer) -> None:
    bob = await server.people.user("Bob")
    group = await server.people.group("Team", [alice, bob])
    await api("sendMessage", chat_id=group.id, text="card", reply_markup=keys("go"))
    await bob.press(await group.wait("card"), "go", timeout=0)
    query = (await api("getUpdates")).result[-1]["callback_query"]
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (bob.id, group.id)
