"""The control interface: the sandbox's actions over HTTP, for tests and demos that run in another process.

`POST /control/<action>` with a JSON object of arguments and the control token in `X-Sandbox-Control` answers
`{"ok": true, "result": …}` or, with status 400, `{"ok": false, "error": "…"}`.
"""

import json
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.actions import perform
from bot.sandbox.errors import ActionError
from bot.sandbox.loopback import is_loopback
from bot.sandbox.state import Sandbox

TOKEN_HEADER = "X-Sandbox-Control"  # noqa: S105 - the name of the header, not its value


def add_control(app: web.Application, box: Sandbox, token: str) -> None:
    """Add the control routes."""

    async def control(request: web.Request) -> web.Response:
        if not is_key(request.headers.get(TOKEN_HEADER), token):
            return web.json_response({"ok": False, "error": "wrong control token"}, status=403)
        try:
            arguments = json.loads(await request.read() or b"{}")
            result = await perform(box, request.match_info["action"], arguments)
        except (ActionError, ValueError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        return web.json_response({"ok": True, "result": result})

    app.router.add_post("/control/{action}", from_here_only(control))


def is_key(given: object, token: str) -> bool:
    """Whether that is the control token; how long it takes to say so tells nothing about the token."""
    return isinstance(given, str) and secrets.compare_digest(given.encode("utf-8", "replace"), token.encode())


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def from_here_only(handler: Handler) -> Handler:
    """Refuse requests that a foreign web page could have caused: by its origin, or by a name that leads here."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        own = f"{request.scheme}://{request.host}"
        if not is_loopback(_host_of(request)) or origin not in {None, own}:
            return web.Response(status=403, text="not from here")
        return await handler(request)

    return guarded


def _host_of(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
