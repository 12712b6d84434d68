"""The page's line to the sandbox: one WebSocket that says what happens and takes actions.

The first message of the client is `{"key": "…"}`. A wrong one closes the line with 4403. Then comes `state`, once;
after it `events`, and `frame` whenever that changed. A client that reads too slowly is sent a new `state` instead of
what it missed. Actions are `{"id", "action", "arguments"}`, answered by a `result` with `id`, `ok` and the action's
result, or the error.
"""

import asyncio
import json
import logging
from collections import deque
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.actions import perform
from bot.sandbox.control import from_here_only, is_key
from bot.sandbox.errors import ActionError
from bot.sandbox.frame import frame, happened, whole
from bot.sandbox.journal import Event
from bot.sandbox.model import JsonObject
from bot.sandbox.state import Sandbox

WRONG_KEY = 4403
CLOSE_WITHIN = 0.5
"""Seconds that all lines together have to close at the end."""

KEY_WITHIN = 10.0
"""Seconds."""

MOST_WAITING = 1_000
"""Events kept for a client that is slow."""

LOOK_EVERY = 1.0
"""Seconds between looks at what changes without an event."""

_MOST_ACTIONS = 64
_MOST_BYTES = 1 << 20
_log = logging.getLogger(__name__)


def add_live(app: web.Application, box: Sandbox, key: str) -> None:
    """Add the route of the line; all lines end with the application."""
    lines: dict[web.WebSocketResponse, web.Request] = {}

    async def live(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20.0, max_msg_size=_MOST_BYTES)
        await socket.prepare(request)
        lines[socket] = request
        try:
            if await _has_key(socket, key):
                await Line(box, socket).run()
            else:
                await socket.close(code=WRONG_KEY, message=b"wrong key")
        finally:
            lines.pop(socket, None)
        return socket

    async def end(_app: web.Application) -> None:
        # One that has stopped reading takes no farewell; nobody is to wait for it.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN):
                await asyncio.gather(
                    *(socket.close(code=WSCloseCode.GOING_AWAY, message=b"the sandbox is ending") for socket in lines),
                    return_exceptions=True,
                )
        for request in list(lines.values()):
            if request.transport is not None:
                request.transport.abort()

    app.router.add_get("/live", from_here_only(live))
    app.on_shutdown.append(end)


async def _has_key(socket: web.WebSocketResponse, key: str) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(KEY_WITHIN):
            given = _read(await socket.receive())
            return given is not None and is_key(given.get("key"), key)
    return False


def _read(message: Any) -> JsonObject | None:
    if message.type is not WSMsgType.TEXT:
        return None
    with suppress(ValueError, RecursionError):
        given = json.loads(message.data)
        if isinstance(given, dict):
            return given
    return None


class Line:
    """One client that has shown the key."""

    def __init__(self, box: Sandbox, socket: web.WebSocketResponse, *, most_waiting: int = MOST_WAITING) -> None:
        self._box = box
        self._socket = socket
        self._most_waiting = most_waiting
        self._waiting: deque[JsonObject] = deque()
        self._has_missed = True
        self._shown: JsonObject | None = None
        self._wake = asyncio.Event()
        self._acting: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until the client is gone."""
        stop = self._box.journal.subscribe(self.note)
        self._wake.set()
        telling = asyncio.ensure_future(self._tell_all())
        try:
            async for message in self._socket:
                self._take(_read(message))
        finally:
            stop()
            tasks = [telling, *self._acting]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def note(self, event: Event) -> None:
        """Keep an event for the client. When too many wait, they are dropped, and a new state will make up for them."""
        if self._has_missed:
            return
        if len(self._waiting) >= self._most_waiting:
            self._waiting.clear()
            self._has_missed = True
        else:
            self._waiting.append(happened(self._box, event))
        self._wake.set()

    async def _tell_all(self) -> None:
        with suppress(ConnectionError):
            while True:
                for part in self.parts():
                    await self._socket.send_str(json.dumps(part))
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._wake.wait()
                self._wake.clear()

    def parts(self) -> list[JsonObject]:
        """What the client has to be told now."""
        if self._has_missed:
            self._has_missed = False
            self._waiting.clear()
            state = whole(self._box)
            self._shown = state["frame"]
            return [state]
        now = frame(self._box)
        parts: list[JsonObject] = []
        if now != self._shown:
            self._shown = now
            parts.append({"type": "frame", "frame": now})
        if self._waiting:
            parts.append({"type": "events", "events": list(self._waiting)})
            self._waiting.clear()
        return parts

    def _take(self, given: JsonObject | None) -> None:
        if given is None or len(self._acting) >= _MOST_ACTIONS:
            number = given.get("id") if given else None
            answer = {"type": "result", "id": number, "ok": False, "error": "too much at once" if given else "no JSON"}
            acting = asyncio.ensure_future(self._send(answer))
        else:
            acting = asyncio.ensure_future(self._act(given))
        self._acting.add(acting)
        acting.add_done_callback(self._acting.discard)

    async def _act(self, given: JsonObject) -> None:
        answer: JsonObject = {"type": "result", "id": given.get("id"), "ok": False}
        try:
            result = await perform(self._box, str(given.get("action")), given.get("arguments", {}))
            answer.update(ok=True, result=result)
        except (ActionError, ValueError) as error:
            answer["error"] = str(error)
        except Exception:
            # The client's mistake or ours: it must not end the line, on which others' actions wait for answers.
            _log.exception("the action %s failed", given.get("action"))
            answer["error"] = "the action failed"
        await self._send(answer)
        # What an action changed without an event is shown at once, too.
        self._wake.set()

    async def _send(self, answer: JsonObject) -> None:
        with suppress(ConnectionError):
            await self._socket.send_str(json.dumps(answer))
