"""Our HTTP layer against the stock one: same calls, same server, same outcomes; and the token stays secret."""

import asyncio
import io
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message, MessageEntity
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

from bot.request import AiohttpRequest, Endpoint, retry_seconds

TOKEN = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ"
MESSAGE = {"message_id": 7, "date": 1_700_000_000, "chat": {"id": 42, "type": "private"}, "text": "হ্যাঁ"}
PICTURE = b"\x89PNG" + bytes(range(256)) * 8
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def _durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Server:
    """A small Bot API: each test says what it answers, and reads what came."""

    def __init__(self) -> None:
        self.answer: Answer = says({"ok": True, "result": MESSAGE})
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.connections: set[int] = set()
        self.release = asyncio.Event()
        self.root = ""

    @property
    def base_url(self) -> str:
        return f"{self.root}/bot"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, Any] = {}
        if request.content_type == "application/json":
            fields = await request.json()
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    fields[name] = (value.filename, value.content_type, value.file.read())
                else:
                    fields[name] = value
        self.calls.append((request.path.rpartition("/")[2], fields))
        self.connections.add(id(request.transport))
        return await self.answer(request)


def says(body: object, status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return answer


def shows(body: bytes, status: int = 200, content_type: str = "text/html") -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, content_type=content_type)

    return answer


def refuses(code: int, description: str, **parameters: int) -> Answer:
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    return says(body | ({"parameters": parameters} if parameters else {}), status=code)


async def drops(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok":true,')
    return await drops(request)


async def redirects(_: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "/elsewhere"})


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    app = web.Application(client_max_size=16 << 20)
    app.router.add_route("*", "/{path:.*}", served.handle)
    async with serving(app) as served.root:
        yield served
        served.release.set()


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def bot_over(request: BaseRequest, server: Server) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, base_url=server.base_url, base_file_url=f"{server.root}/file/bot", request=request)
    await request.initialize()
    try:
        yield bot
    finally:
        await request.shutdown()


async def outcome(call: Callable[[Bot], Awaitable[object]], bot: Bot) -> tuple[Any, ...]:
    """What a caller can tell: the result, or the error's class, text (if Telegram's) and data."""
    try:
        return ("result", await call(bot))
    except TelegramError as error:
        text = "" if type(error) in (NetworkError, TimedOut) and "(" not in str(error) else str(error)
        data = (getattr(error, "new_chat_id", None), getattr(error, "retry_after", None))
        return (type(error), text if "httpx" not in text and "aiohttp" not in text else "", *data)


async def send_text(bot: Bot) -> object:
    return (await bot.send_message(42, "হ্যাঁ", parse_mode="HTML")).to_dict()


ANSWERS: dict[str, Answer] = {
    "ok": says({"ok": True, "result": MESSAGE}),
    "400": refuses(400, "Bad Request: chat not found"),
    "400 not modified": refuses(400, "Bad Request: message is not modified: specified new message content …"),
    "400 migrated": refuses(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001234),
    "401": refuses(401, "Unauthorized"),
    "403": refuses(403, "Forbidden: bot was blocked by the user"),
    "404": refuses(404, "Not Found"),
    "409": refuses(409, "Conflict: terminated by other getUpdates request"),
    "413": refuses(413, "Request Entity Too Large"),
    "429": refuses(429, "Too Many Requests: retry after 9", retry_after=9),
    "429 without a time": refuses(429, "Too Many Requests"),
    "400 unknown parameters": refuses(400, "Bad Request: odd", odd=1),
    "500": refuses(500, "Internal Server Error"),
    "502 html": shows(b"<html><h1>502 Bad Gateway</h1></html>", 502),
    "503 empty": shows(b"", 503),
    "599 unknown": shows(b"{}", 599, "application/json"),
    "302": redirects,
    "malformed json": shows(b'{"ok":true,"result":{"message_id"', 200, "application/json"),
    "html with 200": shows(b"<html>hotel wifi: please log in</html>"),
    "dropped connection": drops,
    "dropped within the answer": half_an_answer,
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_every_answer_means_the_same_through_both_layers_and_through_call(server: Server, name: str) -> None:
    server.answer = ANSWERS[name]
    async with bot_over(HTTPXRequest(), server) as bot:
        stock = await outcome(send_text, bot)
    request = AiohttpRequest(Endpoint(server.base_url, TOKEN))
    async with bot_over(request, server) as bot:
        ours = await outcome(send_text, bot)

        async def call(_: Bot) -> object:
            return await request.call("sendMessage", {"chat_id": 42, "text": "হ্যাঁ", "parse_mode": "HTML"})

        lean = await outcome(call, bot)
    assert ours == stock
    if name == "ok":
        assert lean == ("result", MESSAGE)
    else:
        assert lean == stock
        assert issubclass(stock[0], TelegramError)


async def test_a_call_without_an_answer_times_out_in_both_layers(server: Server) -> None:
    async def waits(_: web.Request) -> web.StreamResponse:
        await server.release.wait()
        return web.Response()

    server.answer = waits
    for request in (HTTPXRequest(), AiohttpRequest(Endpoint(server.base_url, TOKEN))):
        async with bot_over(request, server) as bot:
            with pytest.raises(TimedOut):
                await bot.send_message(42, "x", read_timeout=0.05)
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        with pytest.raises(TimedOut):
            await request.call("sendMessage", {"chat_id": 42}, timeout=0.05)


async def test_a_full_pool_times_out_and_says_that_nothing_was_sent(server: Server) -> None:
    entered = asyncio.Event()

    async def waits(_: web.Request) -> web.StreamResponse:
        entered.set()
        await server.release.wait()
        return web.json_response({"ok": True, "result": True})

    server.answer = waits
    request = AiohttpRequest(Endpoint(server.base_url, TOKEN), connection_pool_size=1, connect_timeout=0.05)
    async with bot_over(request, server) as bot:
        first = asyncio.create_task(request.call("deleteMessage", {}))
        await entered.wait()
        with pytest.raises(TimedOut, match="not sent"):
            await bot.delete_message(42, 1, pool_timeout=0.01)
        server.release.set()
        assert await first is True
    assert len(server.calls) == 1


async def test_a_long_poll_may_last_as_long_as_its_read_timeout(server: Server) -> None:
    """The sum of the other timeouts is far below the time the server takes."""

    async def waits(_: web.Request) -> web.StreamResponse:
        await server.release.wait()
        return web.json_response({"ok": True, "result": []})

    server.answer = waits
    request = AiohttpRequest(read_timeout=0.01, write_timeout=0.01, connect_timeout=0.05, pool_timeout=0.01)
    async with bot_over(request, server):
        bot = Bot(TOKEN, base_url=server.base_url, get_updates_request=request, request=request)
        asyncio.get_running_loop().call_later(0.15, server.release.set)
        assert await bot.get_updates(timeout=5) == ()


async def test_nobody_listens_is_a_network_error_in_both_layers(server: Server) -> None:
    server.root = f"http://127.0.0.1:{unused_port()}"
    outcomes = []
    for request in (HTTPXRequest(), AiohttpRequest()):
        async with bot_over(request, server) as bot:
            outcomes.append(await outcome(send_text, bot))
    assert outcomes[0] == outcomes[1]
    assert outcomes[1][0] is NetworkError


async def test_parameters_arrive_alike(server: Server) -> None:
    """Ours travel as JSON, the stock ones as a form of JSON texts: a server reads the same from both."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("✅ হ্যাঁ", callback_data="1:take:42")]])
    entities = [MessageEntity("bold", 0, 2)]
    for request in (HTTPXRequest(), AiohttpRequest()):
        async with bot_over(request, server) as bot:
            await bot.send_message(
                42, 'ক "x" & <y>', reply_markup=keyboard, entities=entities, disable_notification=True
            )
    stock, ours = (fields for _, fields in server.calls)
    assert ours["text"] == stock["text"] == 'ক "x" & <y>'
    assert ours["chat_id"] == 42
    assert stock["chat_id"] == "42"
    assert ours["disable_notification"] is True
    assert ours["reply_markup"] == keyboard.to_dict() | {
        "inline_keyboard": [[{"text": "✅ হ্যাঁ", "callback_data": "1:take:42"}]]
    }
    assert ours["entities"] == [{"length": 2, "offset": 0, "type": "bold"}]
    assert set(ours) == set(stock)


async def test_call_sends_one_json_body_without_what_is_none(server: Server) -> None:
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        markup = {"inline_keyboard": [[{"text": "✅", "callback_data": "x"}]]}
        await request.call("editMessageText", {"chat_id": -100, "text": "অ", "reply_markup": markup, "entities": None})
    assert server.calls == [("editMessageText", {"chat_id": -100, "text": "অ", "reply_markup": markup})]


async def test_half_an_emoji_does_not_stop_a_message(server: Server) -> None:
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        await request.call("sendMessage", {"chat_id": 42, "text": "x\ud83d"})
    assert server.calls[0][1]["text"] == "x?"


async def test_call_needs_an_endpoint() -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(RuntimeError, match="Endpoint"):
            await request.call("getMe", {})


async def upload_document(bot: Bot) -> Message:
    return await bot.send_document(42, PICTURE * 700, filename='প্রতিবেদন "১".pdf', caption="ক")  # above 1 MiB


async def upload_photo(bot: Bot) -> Message:
    return await bot.send_photo(42, PICTURE, caption="ছবি", filename="a.png")


async def upload_open_file(bot: Bot) -> Message:
    return await bot.send_document(42, io.BytesIO(PICTURE), filename="a.bin")


async def upload_album(bot: Bot) -> tuple[Message, ...]:
    return await bot.send_media_group(42, [InputMediaPhoto(PICTURE, filename="a.png"), InputMediaPhoto("file-id")])


@pytest.mark.parametrize("upload", [upload_document, upload_photo, upload_open_file, upload_album])
async def test_uploads_arrive_alike(server: Server, upload: Callable[[Bot], Awaitable[object]]) -> None:
    if upload is upload_album:
        server.answer = says({"ok": True, "result": [MESSAGE]})
    for request in (HTTPXRequest(), AiohttpRequest()):
        async with bot_over(request, server) as bot:
            await upload(bot)
    (_, stock), (_, ours) = server.calls

    def normal(fields: dict[str, Any]) -> dict[str, Any]:
        names = {name: f"file{number}" for number, name in enumerate(sorted(fields)) if name.startswith("attached")}
        shown = {names.get(name, name): value for name, value in fields.items()}
        if "media" in shown:
            for name, number in names.items():
                shown["media"] = shown["media"].replace(name, number)
        return shown

    assert normal(ours) == normal(stock)
    assert any(isinstance(value, tuple) for value in ours.values())


async def test_a_file_is_downloaded_alike_even_if_it_looks_like_an_error(server: Server) -> None:
    for content in (PICTURE, b'{"ok":false,"error_code":400}', b""):
        server.answer = shows(content, content_type="application/octet-stream")
        for request in (HTTPXRequest(), AiohttpRequest(Endpoint(server.base_url, TOKEN))):
            async with request:
                assert await request.retrieve(f"{server.root}/file/bot{TOKEN}/documents/file_1.png") == content
    server.answer = refuses(404, "Not Found")
    async with AiohttpRequest() as request:
        with pytest.raises(TelegramError):
            await request.retrieve(f"{server.root}/file/bot{TOKEN}/documents/gone.png")


async def test_an_error_told_with_http_200_is_still_an_error(server: Server) -> None:
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        server.answer = says({"ok": False, "error_code": 429, "description": "slow", "parameters": {"retry_after": 3}})
        with pytest.raises(RetryAfter) as flood:
            await request.call("sendMessage", {})
        assert retry_seconds(flood.value) == 3.0
        server.answer = says({"ok": False, "description": "Bad Request: no"})
        with pytest.raises(BadRequest):
            await request.call("sendMessage", {})
        for strange in ({"ok": True}, [1], {}, "x"):
            server.answer = says(strange)
            with pytest.raises(TelegramError, match="Invalid server response"):
                await request.call("sendMessage", {})
        server.answer = says({"ok": True, "result": {"text": '"ok":false'}})
        assert await request.call("sendMessage", {}) == {"text": '"ok":false'}


async def test_calls_share_kept_connections(server: Server) -> None:
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        for _ in range(20):
            await request.call("sendMessage", {"chat_id": 42})
    assert len(server.connections) == 1


async def test_a_connection_closed_between_calls_is_replaced_without_an_error(server: Server) -> None:
    closed = asyncio.Event()

    async def answers_and_closes(request: web.Request) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        response = web.json_response({"ok": True, "result": True})
        await response.prepare(request)
        await response.write_eof()
        transport.close()
        asyncio.get_running_loop().call_later(0.01, closed.set)
        return response

    server.answer = answers_and_closes
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        for _ in range(3):
            assert await request.call("sendMessage", {}) is True
            await closed.wait()
            closed.clear()


async def test_the_session_opens_with_the_first_call_and_may_be_closed_twice(server: Server) -> None:
    request = AiohttpRequest(Endpoint(server.base_url, TOKEN))
    assert await request.call("sendMessage", {}) == MESSAGE
    await request.shutdown()
    await request.shutdown()
    with pytest.raises(NetworkError, match="shut down"):
        await request.call("sendMessage", {})
    await request.initialize()
    assert await request.call("sendMessage", {}) == MESSAGE
    await request.shutdown()


async def test_a_cancelled_call_stays_a_cancellation(server: Server) -> None:
    entered = asyncio.Event()

    async def waits(_: web.Request) -> web.StreamResponse:
        entered.set()
        await server.release.wait()
        return web.Response()

    server.answer = waits
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        call = asyncio.create_task(request.call("sendMessage", {}))
        await entered.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


# ── the token ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def echoes_the_address(request: web.Request) -> web.StreamResponse:
    return web.Response(text=f"<html>cannot reach {request.url} now</html>", status=502, content_type="text/html")


async def echoes_it_in_json(request: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": False, "description": f"Bad Request: {request.path}"}, status=400)


async def talks_nonsense(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"this is not HTTP\r\n\r\n")
    return await drops(request)


async def claims_gzip(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b"not gzip", headers={"Content-Encoding": "gzip"})


def chain(error: BaseException) -> list[BaseException]:
    """The error and all that led to it, shown or suppressed."""
    links = [error]
    for link in links:
        links.extend(each for each in (link.__cause__, link.__context__) if each is not None and each not in links)
    return links


LEAKY: dict[str, Answer] = {
    **ANSWERS,
    "address in html": echoes_the_address,
    "address in json": echoes_it_in_json,
    "no http at all": talks_nonsense,
    "false gzip": claims_gzip,
}


@pytest.mark.parametrize("name", [*LEAKY, "timeout", "nobody listens", "no such host", "no url at all", "full pool"])
async def test_the_token_is_in_no_error_no_chain_and_no_log(
    server: Server, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for noisy in ("asyncio", "aiohttp.server", "aiohttp.web"):  # the server's side runs here too, and logs its errors
        caplog.set_level(logging.CRITICAL, noisy)

    async def waits(_: web.Request) -> web.StreamResponse:
        await server.release.wait()
        return web.Response()

    server.answer = LEAKY.get(name, waits)
    base_url = {
        "nobody listens": f"http://127.0.0.1:{unused_port()}/bot",
        "no such host": "http://factdesk..invalid/bot",
        "no url at all": "http://bot",
    }.get(name, server.base_url)
    endpoint = Endpoint(base_url, TOKEN)
    assert TOKEN not in repr(endpoint)
    async with AiohttpRequest(endpoint, connection_pool_size=1, connect_timeout=0.05, pool_timeout=0.01) as request:
        if name == "full pool":
            blocker = asyncio.create_task(request.call("sendMessage", {}))
        if name != "ok":
            with pytest.raises(TelegramError) as caught:
                await request.call("sendMessage", {"chat_id": 1}, timeout=0.1)
            errors = [caught.value]
            with pytest.raises(TelegramError) as caught:
                await request.post(endpoint.url("sendMessage"), read_timeout=0.05)
            errors.append(caught.value)
            with pytest.raises(TelegramError) as caught:
                await request.retrieve(f"http://:0/file/bot{TOKEN}/documents/1")
            errors.append(caught.value)
            for error in errors:
                for link in chain(error):
                    shown = f"{link!s} {link!r} {link.args!r} {vars(link) if hasattr(link, '__dict__') else ''}"
                    assert TOKEN not in shown
                    assert TOKEN.partition(":")[2] not in shown
                assert TOKEN not in "".join(traceback.format_exception(error))
        else:
            await request.call("sendMessage", {})
        if name == "full pool":
            blocker.cancel()
            await asyncio.gather(blocker, return_exceptions=True)
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(request)


# ── the proxy ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str | None]] = []

    async def proxy(request: web.Request) -> web.StreamResponse:
        seen.append(
            (
                request.raw_path if "://" in request.raw_path else str(request.url),
                request.headers.get("Proxy-Authorization"),
            )
        )
        return web.json_response({"ok": True, "result": True})

    server.answer = proxy
    monkeypatch.setenv("HTTP_PROXY", server.root.replace("http://", "http://desk:secret@"))
    async with AiohttpRequest(Endpoint("http://api.telegram.example/bot", TOKEN)) as request:
        assert await request.call("getMe", {}) is True
        assert await request.call("getMe", {}) is True
    address = f"http://api.telegram.example/bot{TOKEN}/getMe"
    assert seen == [(address, "Basic ZGVzazpzZWNyZXQ=")] * 2


async def test_an_https_address_goes_through_a_tunnel(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    listening = await asyncio.start_server(tunnel, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    monkeypatch.setenv("ALL_PROXY", f"127.0.0.1:{port}")
    async with listening, AiohttpRequest(Endpoint("https://api.telegram.example/bot", TOKEN)) as request:
        with pytest.raises(NetworkError) as caught:
            await request.call("getMe", {})
    assert asked == [b"CONNECT api.telegram.example:443 HTTP/1.1\r\n"]
    assert all(TOKEN not in f"{link!s}{link!r}{vars(link)}" for link in chain(caught.value))


@pytest.mark.parametrize("no_proxy", ["", "*"])
async def test_loopback_and_exempt_hosts_are_reached_directly(
    server: Server, monkeypatch: pytest.MonkeyPatch, no_proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    async with AiohttpRequest(Endpoint(server.base_url, TOKEN)) as request:
        assert await request.call("getMe", {}) == MESSAGE


async def test_a_proxy_of_another_kind_is_an_error_and_not_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9050")
    async with AiohttpRequest(Endpoint("http://api.telegram.example/bot", TOKEN)) as request:
        with pytest.raises(NetworkError, match="socks5 proxy"):
            await request.call("getMe", {})
