"""The HTTP server: routes, the Bot API's envelope, faults and the log of calls. It listens on loopback only."""

import asyncio
import json
import secrets
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.body import MAX_BODY, read_params
from bot.sandbox.client import People
from bot.sandbox.control import add_control
from bot.sandbox.errors import ApiError, too_many_requests
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.limits import Limits
from bot.sandbox.live import add_live
from bot.sandbox.loopback import is_loopback
from bot.sandbox.methods import call_method
from bot.sandbox.model import JsonObject
from bot.sandbox.page import add_page
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox
from bot.sandbox.transport import LocalTransport

_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
_NOTES = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}
# Calls that still wait when the server stops (long polls are ended before) get this long.
_SHUTDOWN_SECONDS = 0.2


class SandboxServer:
    """A running Bot API. `async with SandboxServer(Sandbox()) as server: … server.base_url, server.token`."""

    def __init__(self, sandbox: Sandbox, *, host: str = "127.0.0.1") -> None:
        if not is_loopback(host):
            raise ValueError(f"the sandbox listens on loopback only, not on {host}")
        self.sandbox = sandbox
        self.host = host
        self.port = 0
        self.control_token = secrets.token_urlsafe(24)
        self._runner: web.AppRunner | None = None

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.sandbox.token

    @property
    def base_url(self) -> str:
        """Where the server listens; a client appends `/bot<token>/<method>`."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def page_url(self) -> str:
        """The address of the page with its key; a browser keeps what follows the # to itself."""
        return f"{self.base_url}/#{self.control_token}"

    @property
    def faults(self) -> Faults:
        """The fault switches."""
        return self.sandbox.faults

    @property
    def limits(self) -> Limits:
        """The flood limits in force; assign others at any time."""
        return self.sandbox.flood.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.sandbox.flood.limits = limits

    @property
    def people(self) -> People:
        """A client that acts as people, in this process."""
        return People(LocalTransport(self.sandbox))

    def application(self) -> web.Application:
        """The routes, for `start` or for a server of one's own."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_get("/bot{token}/{method}", self._call)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        add_control(app, self.sandbox, self.control_token)
        add_page(app, self.sandbox, self.control_token)
        add_live(app, self.sandbox, self.control_token)
        return app

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        self.sandbox.webhook.on_reply = self._call_by_reply
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """End all that waits and stop listening. The state stays and may be served again."""
        runner, self._runner = self._runner, None
        if runner is not None:
            for site in list(runner.sites):
                await site.stop()
            await self.sandbox.close()
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        refusal = self._refuse_token(request.match_info["token"])
        if refusal is not None:
            return _answer(refusal.envelope(), refusal.code)
        method = request.match_info["method"].lower()
        try:
            params = await read_params(request)
        except ApiError as error:
            return _answer(error.envelope(), error.code)
        except web.HTTPRequestEntityTooLarge:
            return _answer(ApiError(413, "Request Entity Too Large").envelope(), 413)
        fault = self.faults.take(method, params.integer("chat_id")) if self.faults.switches else None
        envelope, status = await self._execute(request.match_info["method"], params, fault)
        if fault is None:
            return _answer(envelope, status)
        return await _spoil(request, fault, envelope, status)

    async def _execute(self, method: str, params: Params, fault: Fault | None) -> tuple[JsonObject, int]:
        started = time.perf_counter()
        try:
            if fault is not None:
                await _before(fault)
            result = await call_method(self.sandbox, method.lower(), params)
        except ApiError as error:
            envelope, status = error.envelope(), error.code
        else:
            envelope, status = {"ok": True, "result": result}, 200
            note = _NOTES.get(method.lower())
            if note is not None:
                envelope["description"] = note
        entry = {
            "method": method,
            "params": params.summary(),
            "status": status,
            "answer": envelope,
            "ms": round((time.perf_counter() - started) * 1000, 3),
            "fault": fault.kind.value if fault else None,
        }
        self.sandbox.journal.add("call", entry)
        return envelope, status

    async def _call_by_reply(self, method: str, values: JsonObject) -> None:
        await self._execute(method, Params(values), None)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        refusal = self._refuse_token(request.match_info["token"])
        stored = None if refusal else self.sandbox.files.find_path(request.match_info["path"])
        if stored is None:
            error = refusal or ApiError(404, "Not Found")
            return _answer(error.envelope(), error.code)
        return web.Response(body=stored.content, content_type="application/octet-stream")

    def _refuse_token(self, given: str) -> ApiError | None:
        token = unquote(given)
        if secrets.compare_digest(token.encode(), self.token.encode()):
            return None
        number, colon, secret = token.partition(":")
        # What cannot be a token at all is an unknown address to Telegram; a wrong one is refused.
        return ApiError(401, "Unauthorized") if colon and number.isdecimal() and secret else ApiError(404, "Not Found")


async def _before(fault: Fault) -> None:
    """The part of a fault that comes before the call takes effect."""
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.amount)
    elif fault.kind is FaultKind.RETRY_AFTER:
        raise too_many_requests(int(fault.amount))
    elif fault.kind is FaultKind.STATUS:
        code = int(fault.amount)
        raise ApiError(code, _REASONS.get(code, "Error"))
    elif fault.kind is FaultKind.DROP_BEFORE:
        raise ApiError(0, "connection closed before the call")


async def _spoil(request: web.Request, fault: Fault, envelope: JsonObject, status: int) -> web.StreamResponse:
    """The part of a fault that comes after the call."""
    if fault.kind in {FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER}:
        if request.transport is not None:
            request.transport.close()
        return web.Response()
    if fault.kind is FaultKind.DELAY_AFTER:
        await asyncio.sleep(fault.amount)
    if fault.kind is FaultKind.MALFORMED_JSON:
        body = json.dumps(envelope).encode()
        return web.Response(body=body[: len(body) // 2], content_type="application/json")
    return _answer(envelope, status)


def _answer(envelope: Any, status: int) -> web.Response:
    return web.Response(body=json.dumps(envelope).encode(), status=status, content_type="application/json")
