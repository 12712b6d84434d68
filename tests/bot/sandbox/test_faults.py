"""Fault switches: what the bot sees, and whether the call took effect."""

import asyncio
import json

import aiohttp
import pytest

from bot.sandbox import Fault, Person, SandboxServer

from .conftest import Api


async def shown(person: Person) -> list[str]:
    return [message.text for message in await person.messages() if message.by_bot]


async def test_retry_after_is_429_without_effect_and_only_once(api: Api, alice: Person, server: SandboxServer) -> None:
    server.faults.add("sendMessage", Fault.retry_after(7))
    reply = await api("sendMessage", chat_id=alice.id, text="x")
    assert (reply.status, reply.body["parameters"]) == (429, {"retry_after": 7})
    assert await shown(alice) == []
    assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 200


async def test_status_is_that_status_without_effect(api: Api, alice: Person, server: SandboxServer) -> None:
    server.faults.add("sendMessage", Fault.status(502), times=2)
    assert (await api("sendMessage", chat_id=alice.id, text="x")).error == "Bad Gateway"
    assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 502
    assert await shown(alice) == []


@pytest.mark.parametrize(("fault", "texts"), [(Fault.drop_before(), []), (Fault.drop_after(), ["x"])])
async def test_a_dropped_connection_before_or_after_the_effect(
    api: Api, alice: Person, server: SandboxServer, fault: Fault, texts: list[str]
) -> None:
    server.faults.add("sendMessage", fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=alice.id, text="x")
    assert await shown(alice) == texts


async def test_malformed_json_comes_after_the_effect(api: Api, alice: Person, server: SandboxServer) -> None:
    server.faults.add("sendMessage", Fault.malformed_json())
    with pytest.raises(json.JSONDecodeError):
        await api("sendMessage", chat_id=alice.id, text="x")
    assert await shown(alice) == ["x"]


async def test_delay_comes_before_the_effect_and_delay_after_behind_it(
    api: Api, alice: Person, server: SandboxServer
) -> None:
    server.faults.add("sendMessage", Fault.delay(30))
    server.faults.add("sendMessage", Fault.delay_after(30))
    calls = [asyncio.create_task(api("sendMessage", chat_id=alice.id, text=f"x{n}")) for n in range(2)]
    shown_first = await alice.wait("x")
    assert await shown(alice) == [shown_first.text]
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


async def test_a_fault_may_be_for_one_chat_any_method_and_later(api: Api, alice: Person, server: SandboxServer) -> None:
    server.faults.add("*", Fault.status(500), chat_id=alice.id, skip=1, times=None)
    assert (await api("getMe")).status == 200
    assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 200
    assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 500
    assert (await api("getChat", chat_id=alice.id)).status == 500
    server.faults.clear()
    assert (await api("getChat", chat_id=alice.id)).status == 200


async def test_a_dropped_poll_loses_no_update(api: Api, alice: Person, server: SandboxServer) -> None:
    await alice.send("keep me")
    server.faults.add("getUpdates", Fault.drop_after())
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("getUpdates")
    assert len((await api("getUpdates")).result) == 1
