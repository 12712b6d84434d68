"""The page's line: the key, the state, what happens, actions, and a client that is too slow."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import ActionError, Fault, Person, SandboxServer
from bot.sandbox.live import WRONG_KEY, Line
from bot.sandbox.model import JsonObject

from .conftest import Api
from .test_files import png

Socket = aiohttp.ClientWebSocketResponse
Opened = Callable[..., Awaitable[Socket]]


class FakeBackstage:
    """A bot that is only said to run."""

    def __init__(self) -> None:
        self.running = True
        self.moved_to: datetime | None = None

    def status(self) -> JsonObject:
        pid = 42 if self.running else None
        return {"running": self.running, "pid": pid, "now": "2025-05-01T09:00:00+00:00", "ahead": 0.0, "zone": "UTC"}

    async def kill(self) -> None:
        self.running = False

    async def start(self) -> None:
        self.running = True

    async def restart(self) -> None:
        self.running = True

    async def move_clock(self, at: datetime) -> None:
        self.moved_to = at


@pytest.fixture
async def opened(server: SandboxServer, session: aiohttp.ClientSession) -> AsyncIterator[Opened]:
    sockets: list[Socket] = []

    async def open_line(key: str | None = None, **headers: str) -> Socket:
        socket = await session.ws_connect(f"{server.base_url}/live", headers=headers)
        sockets.append(socket)
        await socket.send_json({"key": server.control_token if key is None else key})
        return socket

    yield open_line
    for socket in sockets:
        await socket.close()


async def heard(socket: Socket, kind: str) -> dict[str, Any]:
    """The next message of that type."""
    async with asyncio.timeout(5):
        while True:
            said: dict[str, Any] = await socket.receive_json()
            if said["type"] == kind:
                return said


async def event(socket: Socket, kind: str) -> dict[str, Any]:
    """The next event of that kind."""
    while True:
        for each in (await heard(socket, "events"))["events"]:
            if each["kind"] == kind:
                return dict(each)


@pytest.mark.parametrize("first", ['{"key": "guessed"}', '{"key": 7}', "{}", "no JSON", "[]"])
async def test_a_wrong_key_ends_the_line(server: SandboxServer, session: aiohttp.ClientSession, first: str) -> None:
    async with session.ws_connect(f"{server.base_url}/live") as socket:
        await socket.send_str(first)
        message = await socket.receive(timeout=5)
        assert message.type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == WRONG_KEY


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
async def test_a_foreign_page_gets_no_line(opened: Opened, headers: dict[str, str]) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await opened(**headers)
    assert refused.value.status == 403


async def test_the_whole_state_comes_first(opened: Opened, api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice])
    commands = [{"command": "help", "description": "all"}]
    await api("setMyCommands", commands=commands)
    await api("sendMessage", chat_id=alice.id, text="hello")
    await alice.block()
    await server.people.add_fault("sendMessage", Fault.status(502))
    state = await heard(await opened(Origin=server.base_url), "state")
    frame = state["frame"]
    (person,) = frame["people"]
    assert (person["name"], person["started"], person["blocked"], person["menu"]) == ("Alice", True, True, commands)
    assert {chat["id"]: chat["members"] for chat in frame["chats"]} == {501: {}, group.id: {"501": "creator"}}
    assert [fault["kind"] for fault in frame["faults"]] == ["status"]
    assert frame["stage"] is None
    assert [message["text"] for message in state["messages"]["501"]] == ["/start", "hello"]
    assert "sendMessage" in {line.get("method") for line in state["log"]}


async def test_what_happens_is_told_as_it_happens(opened: Opened, api: Api, alice: Person) -> None:
    socket = await opened()
    await heard(socket, "state")
    sent = (await api("sendMessage", chat_id=alice.id, text="one")).result
    assert (await event(socket, "chat"))["message"]["text"] == "one"
    await api("editMessageText", chat_id=alice.id, message_id=sent["message_id"], text="two")
    told = await event(socket, "chat")
    assert (told["change"], told["message"]["text"], told["message"]["edited"]) == ("edited", "two", True)
    await api("deleteMessage", chat_id=alice.id, message_id=sent["message_id"])
    assert (await event(socket, "chat"))["message"] is None
    await api("sendChatAction", chat_id=alice.id, action="typing")
    call = await event(socket, "call")
    while call["method"] != "sendChatAction":
        call = await event(socket, "call")
    assert call["status"] == 200


async def test_what_changes_without_an_event_is_told_too(opened: Opened, alice: Person, server: SandboxServer) -> None:
    socket = await opened()
    await heard(socket, "state")
    await server.people.add_fault("*", Fault.delay(2), times=None)
    assert [fault["amount"] for fault in (await heard(socket, "frame"))["frame"]["faults"]] == [2]
    await server.people.user("Bob", id=502)
    assert len((await heard(socket, "frame"))["frame"]["people"]) == 2


async def test_actions_are_answered_by_their_number(opened: Opened, alice: Person) -> None:
    socket = await opened()
    await socket.send_json({"id": 7, "action": "send", "arguments": {"user": alice.id, "text": "hi"}})
    answer = await heard(socket, "result")
    assert (answer["id"], answer["ok"], answer["result"]["message"]["text"]) == (7, True, "hi")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"action": "fly"}, "there is no action 'fly'"),
        ({"action": "send", "arguments": {"user": 1, "text": "x"}}, "nobody has the id 1"),
        ({"action": "send", "arguments": []}, "must be a JSON object"),
        ({"action": "send", "arguments": {"text": 7}}, "the action failed"),
        ({"action": "kill_bot"}, "this sandbox does not run the bot"),
        ({"action": "move_clock", "arguments": {"at": "2025-05-01T09:00:00Z"}}, "does not run the bot"),
    ],
)
async def test_what_cannot_be_done_is_explained_and_the_line_goes_on(
    opened: Opened, asked: dict[str, Any], reason: str
) -> None:
    socket = await opened()
    await socket.send_json({"id": 1, **asked})
    answer = await heard(socket, "result")
    assert (answer["id"], answer["ok"]) == (1, False)
    assert reason in answer["error"]
    await socket.send_json({"id": 2, "action": "chat_list"})
    assert (await heard(socket, "result"))["result"] == []


async def test_a_waiting_press_does_not_hold_up_other_actions(opened: Opened, api: Api, alice: Person) -> None:
    socket = await opened()
    press = {"user": alice.id, "chat": alice.id, "message_id": 1, "data": "x", "seconds": 5}
    await socket.send_json({"id": 1, "action": "press", "arguments": press})
    await socket.send_json({"id": 2, "action": "chat_list"})
    assert (await heard(socket, "result"))["id"] == 2
    query = (await api("getUpdates", offset=-1)).result[0]["callback_query"]["id"]
    await api("answerCallbackQuery", callback_query_id=query, text="Done", show_alert=True)
    answer = await heard(socket, "result")
    assert (answer["id"], answer["result"]["answer"]["text"], answer["result"]["answer"]["alert"]) == (1, "Done", True)


async def test_a_client_that_falls_behind_is_sent_everything_anew(
    api: Api, alice: Person, server: SandboxServer
) -> None:
    line = Line(server.sandbox, web.WebSocketResponse(), most_waiting=4)
    assert [part["type"] for part in line.parts()] == ["state"]
    stop = server.sandbox.journal.subscribe(line.note)
    await api("sendMessage", chat_id=alice.id, text="one")
    assert [part["type"] for part in line.parts()] == ["events"]
    for text in ("two", "three", "four"):
        await api("sendMessage", chat_id=alice.id, text=text)
    stop()
    (again,) = line.parts()
    assert again["type"] == "state"
    assert [message["text"] for message in again["messages"]["501"]][-1] == "four"
    assert line.parts() == []


async def test_the_bot_and_the_clock_are_moved_behind_the_scene(opened: Opened, server: SandboxServer) -> None:
    backstage = FakeBackstage()
    server.sandbox.backstage = backstage
    socket = await opened()
    assert (await heard(socket, "state"))["frame"]["stage"]["running"] is True
    for number, action in enumerate(("kill_bot", "bot_status", "start_bot", "restart_bot")):
        await socket.send_json({"id": number, "action": action})
        answer = await heard(socket, "result")
        assert answer["result"]["running"] is (action not in {"kill_bot", "bot_status"})
    server.sandbox.journal.add("stage", backstage.status())
    assert (await event(socket, "stage"))["pid"] == 42
    await socket.send_json({"id": 9, "action": "move_clock", "arguments": {"at": "2025-05-02T09:00:00+06:00"}})
    await heard(socket, "result")
    assert backstage.moved_to == datetime.fromisoformat("2025-05-02T03:00:00+00:00")
    for wrong in ("tomorrow", "2025-05-02T09:00:00"):
        await socket.send_json({"id": 10, "action": "move_clock", "arguments": {"at": wrong}})
        assert (await heard(socket, "result"))["ok"] is False


async def test_a_message_is_forwarded_as_it_is(api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice])
    bob = await server.people.user("Bob", id=502)
    sent = (await api("sendMessage", chat_id=alice.id, text="<b>no</b>", parse_mode="HTML")).result
    passing = {"user": alice.id, "from_chat": alice.id, "message_id": sent["message_id"], "chat": group.id}
    shown = (await server.people.act("forward", **passing))["message"]
    assert (shown["html"], shown["forwarded"], shown["sender"]) == ("<b>no</b>", True, "Alice")
    photo = await alice.send_photo(png(), chat=group)
    passed = await server.people.act("forward", **{**passing, "from_chat": group.id, "message_id": photo.id})
    assert passed["message"]["kind"] == "photo"
    with pytest.raises(ActionError, match="Bob is not in Alice"):
        await server.people.act("forward", **{**passing, "user": bob.id})
    made = (await server.people.act("messages", chat=group.id))["messages"][0]
    with pytest.raises(ActionError, match="cannot be forwarded"):
        await server.people.act("forward", **{**passing, "from_chat": group.id, "message_id": made["id"]})


async def test_the_line_ends_with_the_server(opened: Opened, server: SandboxServer) -> None:
    socket = await opened()
    await heard(socket, "state")
    async with asyncio.timeout(2):
        await server.stop()
        while not socket.closed:
            await socket.receive()


async def test_a_page_that_has_stopped_reading_does_not_hold_up_the_end(server: SandboxServer) -> None:
    ann = await server.people.user("Ann", id=5)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
    writer.write(
        f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    said = json.dumps({"key": server.control_token}).encode()
    writer.write(bytes([0x81, 0x80 | len(said)]) + b"\0\0\0\0" + said)
    await reader.readexactly(200)
    for _ in range(300):
        await ann.send("x" * 4000)
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await server.stop()
    writer.close()
