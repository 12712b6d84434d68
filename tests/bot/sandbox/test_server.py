"""The envelope: routes, tokens, encodings, the log."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Person, Sandbox, SandboxServer
from bot.sandbox.journal import Event

from .conftest import Api, Polled


def test_only_loopback_is_listened_on() -> None:
    with pytest.raises(ValueError, match="loopback only"):
        SandboxServer(Sandbox(), host="0.0.0.0")  # noqa: S104 - refused is what it should be


@pytest.mark.parametrize(("token", "status"), [("123456:WRONG", 401), ("nonsense", 404)])
async def test_a_wrong_token_is_refused(
    server: SandboxServer, session: aiohttp.ClientSession, token: str, status: int
) -> None:
    async with session.get(f"{server.base_url}/bot{token}/getMe") as response:
        assert response.status == status
        assert (await response.json())["error_code"] == status


async def test_an_unknown_method_is_404(api: Api) -> None:
    reply = await api("sendPigeon")
    assert (reply.status, reply.body) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


@pytest.mark.parametrize("how", ["query", "json", "form", "multipart"])
async def test_parameters_come_by_query_json_form_and_multipart(
    alice: Person, server: SandboxServer, session: aiohttp.ClientSession, how: str
) -> None:
    url = f"{server.base_url}/bot{server.token}/SENDmessage"
    params = {"chat_id": str(alice.id), "text": "নমস্কার + &", "reply_markup": '{"inline_keyboard":[]}'}
    request: Any = {"query": {"params": params}, "json": {"json": params}, "form": {"data": params}}.get(how)
    if how == "multipart":
        form = aiohttp.FormData()
        for name, value in params.items():
            form.add_field(name, value, content_type="text/plain")
        request = {"data": form}
    send = session.get if how == "query" else session.post
    async with send(url, **request) as response:
        assert (await response.json())["result"]["text"] == "নমস্কার + &"


async def test_a_body_that_is_no_json_is_400(server: SandboxServer, session: aiohttp.ClientSession) -> None:
    url = f"{server.base_url}/bot{server.token}/getMe"
    async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400


async def test_calls_and_updates_are_logged_and_told(api: Api, alice: Person, server: SandboxServer) -> None:
    told: list[Event] = []
    stop = server.sandbox.journal.subscribe(told.append)
    await alice.send("hi")
    await api("sendMessage", chat_id=alice.id, text="ho", reply_markup='{"remove_keyboard": true}')
    stop()
    await api("getMe")
    assert [event.kind for event in told] == ["chat", "update", "chat", "call"]
    call = told[-1].data
    assert (call["method"], call["status"], call["params"]["reply_markup"]) == (
        "sendMessage",
        200,
        {"remove_keyboard": True},
    )
    assert [c["method"] for c in await server.people.calls(after=told[-1].number)] == ["getMe"]


async def test_the_log_is_bounded() -> None:
    box = Sandbox(log_size=10)
    for _ in range(50):
        box.journal.add("chat", {})
    assert [event.number for event in box.journal.since(45)] == [46, 47, 48, 49, 50]
    assert len(list(box.journal.since())) == 10


async def test_one_can_wait_for_a_call(api: Api, alice: Person, server: SandboxServer) -> None:
    waiting = asyncio.create_task(server.people.wait_call("sendMessage", count=2))
    await api("sendMessage", chat_id=alice.id, text="one")
    await api("sendMessage", chat_id=alice.id, text="two")
    assert [call["params"]["text"] for call in await waiting] == ["one", "two"]


async def test_a_waiting_poll_does_not_hold_up_the_stop(api: Api, server: SandboxServer, polled: Polled) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await polled()
    async with asyncio.timeout(2):
        await server.stop()
    assert (await poll).result == []


async def test_state_outlives_a_restart_of_the_server() -> None:
    box = Sandbox()
    for _ in range(2):
        async with SandboxServer(box) as running:
            person = await running.people.user("Alice", id=7)
            await person.start()
    assert len(box.chats[7].messages) == 2
