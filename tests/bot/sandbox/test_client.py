"""Acting as people, in the same process and over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import ActionError, Fault, HttpTransport, NotShownError, People, SandboxServer

from .conftest import Api


@pytest.fixture(params=["local", "http"])
async def people(request: pytest.FixtureRequest, server: SandboxServer) -> AsyncIterator[People]:
    if request.param == "local":
        yield server.people
        return
    async with HttpTransport(server.base_url, server.control_token) as transport:
        yield People(transport)


async def test_a_conversation(api: Api, people: People) -> None:
    alice = await people.user("Alice", language_code="bn")
    await alice.start("invite")
    markup = {"inline_keyboard": [[{"text": "✅ Take", "callback_data": "t:1"}]]}
    await api("sendMessage", chat_id=alice.id, text="<b>দাবি</b> 1", parse_mode="HTML", reply_markup=markup)
    card = await alice.wait("দাবি")
    assert (card.html, card.labels) == ("<b>দাবি</b> 1", ["✅ Take"])
    pressing = asyncio.create_task(alice.press(card, "Take"))
    query = (await api("getUpdates", offset=-1, timeout=5)).result
    while not query or "callback_query" not in query[0]:
        query = (await api("getUpdates", offset=-1, timeout=5)).result
    await api("answerCallbackQuery", callback_query_id=query[0]["callback_query"]["id"], text="Yours")
    assert await pressing == "Yours"
    await api("editMessageText", chat_id=alice.id, message_id=card.id, text="taken")
    edited = await alice.wait(lambda message: message.edited)
    assert (edited.id, edited.text, edited.labels) == (card.id, "taken", [])


async def test_wait_is_woken_by_the_message(api: Api, people: People) -> None:
    alice = await people.user("Alice")
    await alice.start()
    waiting = asyncio.create_task(alice.wait("late"))
    await asyncio.sleep(0.02)
    await api("sendMessage", chat_id=alice.id, text="not this")
    await api("sendMessage", chat_id=alice.id, text="too late")
    assert (await waiting).text == "too late"


async def test_wait_looks_at_what_came_since_the_last_act_unless_told_otherwise(api: Api, people: People) -> None:
    alice = await people.user("Alice")
    await alice.start()
    await api("sendMessage", chat_id=alice.id, text="answer 1")
    await alice.send("again")
    with pytest.raises(NotShownError, match="answer 1"):
        await alice.wait("answer", timeout=0.02)
    assert (await alice.wait("answer", since=0)).text == "answer 1"


async def test_wait_until_sees_the_whole_chat(api: Api, people: People) -> None:
    alice = await people.user("Alice")
    await alice.start()
    sent = (await api("sendMessage", chat_id=alice.id, text="x")).result
    waiting = asyncio.create_task(alice.wait_until(lambda shown: len(shown) == 1))
    await api("deleteMessage", chat_id=alice.id, message_id=sent["message_id"])
    assert [message.text for message in await waiting] == ["/start"]


async def test_people_cannot_do_what_telegram_does_not_let_them(people: People) -> None:
    alice, bob = await people.user("Alice"), await people.user("Bob")
    with pytest.raises(ActionError, match="private chat"):
        await bob.send("x", chat=alice.id)
    await alice.block()
    with pytest.raises(ActionError, match="unblock"):
        await alice.send("x")
    await alice.start()
    with pytest.raises(ActionError, match="1 to 4096"):
        await alice.send("x" * 4097)


async def test_faults_and_calls_are_at_hand(api: Api, people: People) -> None:
    after = await people.last_event()
    await people.add_fault("getMe", Fault.status(502))
    assert (await api("getMe")).status == 502
    (call,) = await people.wait_call("getMe", after=after)
    assert (call["status"], call["fault"]) == (502, "status")
    await people.clear_faults()
    with pytest.raises(NotShownError, match="0 of 1"):
        await people.wait_call("sendMessage", timeout=0.01)


async def test_unknown_actions_and_arguments_are_explained(people: People) -> None:
    with pytest.raises(ActionError, match="no action"):
        await people.act("fly")
    with pytest.raises(ActionError, match="send:"):
        await people.act("send", txt="x")
    with pytest.raises(ActionError, match="no fault"):
        await people.act("add_fault", method="getMe", kind="odd")
    for amount in (float("nan"), float("inf"), "much"):
        with pytest.raises(ActionError, match="is a number"):
            await people.act("add_fault", method="getMe", kind="delay", amount=amount)


async def test_files_travel_whatever_their_size(people: People) -> None:
    alice = await people.user("Alice")
    sent = await alice.send_document(bytes(3 << 20), "zeros.bin", caption="c")
    assert (sent.text, sent.file is not None and sent.file.size) == ("c", 3 << 20)
    assert await alice.download(sent) == bytes(3 << 20)


async def test_groups_and_channels_are_at_hand(api: Api, people: People) -> None:
    alice = await people.user("Alice")
    group = await people.group("Team", [alice])
    await alice.send("/digest", chat=group)
    await api("sendMessage", chat_id=group.id, text="digest")
    assert (await alice.wait("digest", chat=group)).chat_id == group.id
    channel = await people.channel("Public")
    await api("sendMessage", chat_id=channel.id, text="verdict")
    assert [message.text for message in await channel.messages()] == ["verdict"]
    assert (await group.migrate()).type == "supergroup"


async def test_limits_can_be_changed(people: People, server: SandboxServer) -> None:
    await people.act("set_limits", enabled=True, chat_burst=5)
    assert (server.limits.enabled, server.limits.chat_burst) == (True, 5)
    with pytest.raises(ActionError, match="set_limits"):
        await people.act("set_limits", speed=1)
    with pytest.raises(ActionError, match="a limit is a number"):
        await people.act("set_limits", chat_burst="many")


async def test_the_control_interface_wants_its_token(server: SandboxServer, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{server.base_url}/control/chat_list", json={}) as response:
        assert response.status == 403
    headers = {"X-Sandbox-Control": server.control_token, "Origin": "https://evil.example"}
    async with session.post(f"{server.base_url}/control/chat_list", json={}, headers=headers) as response:
        assert response.status == 403
