"""Webhook delivery."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Person, SandboxServer

from .conftest import Api, Polled


class Hook:
    """The bot's end: answers with what is next in `answers`, 200 when there is nothing."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[str | None, dict[str, Any]]] = asyncio.Queue()
        self.answers: list[web.Response] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.got.put_nowait((secret, await request.json()))
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return (await self.got.get())[1]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def emptied(server: SandboxServer, api: Api) -> dict[str, Any]:
    """The webhook's state once everything was acknowledged."""
    async with asyncio.timeout(5):
        while len(server.sandbox.updates):
            await asyncio.sleep(0.005)
    return (await api("getWebhookInfo")).result


async def test_updates_are_posted_with_the_secret_and_leave_the_queue(
    api: Api, alice: Person, server: SandboxServer, hook: Hook
) -> None:
    await alice.send("before")
    reply = await api("setWebhook", url=hook.url, secret_token="s3cret")
    assert (reply.result, reply.body["description"]) == (True, "Webhook was set")
    await alice.send("after")
    async with asyncio.timeout(5):
        got = [await hook.got.get() for _ in range(2)]
    assert [(secret, update["message"]["text"]) for secret, update in got] == [
        ("s3cret", "before"),
        ("s3cret", "after"),
    ]
    assert (await emptied(server, api))["pending_update_count"] == 0


async def test_what_is_not_acknowledged_comes_again_with_growing_pauses(
    api: Api, alice: Person, server: SandboxServer, hook: Hook
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    server.sandbox.webhook.pause = pause
    hook.answers = [
        *(web.Response(status=500) for _ in range(4)),
        web.Response(status=503, headers={"Retry-After": "33"}),
    ]
    await api("setWebhook", url=hook.url)
    await alice.send("x")
    numbers = [(await hook.next())["update_id"] for _ in range(6)]
    assert len(set(numbers)) == 1
    assert pauses == [0.0, 2.0, 4.0, 8.0, 33.0]
    info = await emptied(server, api)
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_order_is_kept_within_a_chat(api: Api, alice: Person, hook: Hook) -> None:
    hook.answers = [web.Response(status=500)]
    await api("setWebhook", url=hook.url)
    for number in range(5):
        await alice.send(str(number))
    assert [(await hook.next())["message"]["text"] for _ in range(6)] == ["0", "0", "1", "2", "3", "4"]


async def test_getupdates_is_409_while_a_webhook_is_set(api: Api, hook: Hook) -> None:
    await api("setWebhook", url=hook.url)
    assert (await api("getUpdates")).error == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await api("deleteWebhook")
    assert (await api("getUpdates")).result == []


async def test_setting_a_webhook_ends_a_waiting_poll(api: Api, hook: Hook, polled: Polled) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await polled()
    await api("setWebhook", url=hook.url)
    assert (await poll).error == "Conflict: terminated by setWebhook request"


async def test_pending_updates_survive_or_are_dropped_as_asked(api: Api, alice: Person) -> None:
    await alice.send("x")
    await api("deleteWebhook")
    assert (await api("getWebhookInfo")).result == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
    }
    await api("deleteWebhook", drop_pending_updates=True)
    assert (await api("getWebhookInfo")).result["pending_update_count"] == 0


async def test_a_reply_may_carry_a_call(api: Api, alice: Person, hook: Hook) -> None:
    hook.answers = [web.json_response({"method": "sendMessage", "chat_id": alice.id, "text": "by reply"})]
    await api("setWebhook", url=hook.url)
    await alice.send("x")
    assert (await alice.wait("by reply")).by_bot


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"secret_token": "ক"}, "secret token contains unallowed characters"),
        ({"url": "https://example.com/hook"}, "bad webhook: the sandbox delivers to http or https on a loopback"),
    ],
)
async def test_a_wrong_webhook_is_refused(api: Api, params: dict[str, str], reason: str) -> None:
    reply = await api("setWebhook", **{"url": "http://127.0.0.1:9/", **params})
    assert reply.error.startswith(f"Bad Request: {reason}")
