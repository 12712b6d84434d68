"""A small, fast Bot API for the bench: a raw asyncio protocol in a process of its own.

It knows just what the measured bots call. `getUpdates` has Telegram's offset semantics (an offset confirms what is
below it, the rest is given out again) and its limit of 100; `sendMessage`, `editMessageText` and
`answerCallbackQuery` answer with what Telegram answers with; any other method returns true. An edit that changes
nothing is refused, as by Telegram. With `strict` the flood limits are those of the sandbox.

Each token is a bot of its own. `/control/TOKEN/…` is for the bench: `scene` prepares the bot's updates; `run` releases
a number of them and answers when the bot has dealt with all, with what was counted meanwhile, the wall clock, and the
bot's CPU time; `totals` are the counts since the scene began.

    python tests/bench/fakeapi.py        prints its port, serves until killed
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.html import parse_html
from bot.sandbox.limits import FloodGate, Limits

BATCH = 100
ME = {
    "id": 4242,
    "is_bot": True,
    "first_name": "Bench",
    "username": "bench_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
_FROM = json.dumps({key: ME[key] for key in ("id", "is_bot", "first_name", "username")})
_HEAD = (
    b"HTTP/1.1 %d %s\r\nServer: nginx/1.18.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Connection: keep-alive\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
    b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
    b"Access-Control-Expose-Headers: Content-Length,Content-Type,Date,Server,Connection\r\n\r\n"
)
_REASONS = {200: b"OK", 400: b"Bad Request", 429: b"Too Many Requests", 500: b"Internal Server Error"}
_TRUE = b'{"ok":true,"result":true}'
_PART_NAME = re.compile(rb'name="([^"]+)"')
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, all its living threads, to the nanosecond."""
    seconds = 0.0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with suppress(FileNotFoundError), open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as file:
            seconds += int(file.read().split()[0]) / 1e9
    return seconds


def machine_seconds() -> float:
    """CPU time that the whole machine spent so far, but for idling, waiting and work of low priority."""
    with open("/proc/stat", "rb") as file:
        user, _nice, system, _idle, _wait, irq, soft_irq, steal, *_ = map(int, file.readline().split()[1:])
    return (user + system + irq + soft_irq + steal) / _TICKS


class Feed:
    """Updates waiting for the bot: `getUpdates` with the meaning of `offset` that Telegram gives it."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._first = 700_000_001  # the id of the first one waiting
        self.given = 0
        self.batches = 0
        self.polled_at = 0.0
        self._held: tuple[Callable[[bytes], None], int, int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.on_given: Callable[[], None] = lambda: None

    def release(self, rests: list[bytes]) -> None:
        """Make updates available; each is the JSON after its `update_id`."""
        number = self._first + len(self._waiting)
        self._waiting += [b'{"update_id":%d,%b' % (number + at, rest) for at, rest in enumerate(rests)]
        if self._held is not None:
            answer, offset, limit = self._held
            self._drop_held()
            self.get(answer, offset, limit, 0.0)

    def get(self, answer: Callable[[bytes], None], offset: int, limit: int, timeout: float) -> None:
        """Give the bot what is waiting, at once or when something comes."""
        if not self.polled_at:
            self.polled_at = time.monotonic()
        if self._held is not None:  # a second reader: the first one is told to go, as by Telegram
            self._held[0](b'{"ok":true,"result":[]}')
            self._drop_held()
        if offset > self._first:
            del self._waiting[: offset - self._first]
            self._first = offset
        batch = self._waiting[: min(limit, BATCH)]
        if batch or timeout <= 0:
            if batch:
                self.batches += 1
                self.given = max(self.given, self._first + len(batch))
                self.on_given()
            answer(b'{"ok":true,"result":[%b]}' % b",".join(batch))
            return
        self._held = (answer, offset, limit)
        self._timer = asyncio.get_running_loop().call_later(timeout, self._time_up)

    def _time_up(self) -> None:
        if self._held is not None:
            answer = self._held[0]
            self._drop_held()
            answer(b'{"ok":true,"result":[]}')

    def _drop_held(self) -> None:
        self._held = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Run:
    """One measured stretch: how much is to be done, what was counted, when it began and ended."""

    def __init__(self, done: Callable[[Counter[str]], bool], pid: int, answer: Callable[[bytes], None]) -> None:
        self.done, self.pid, self.answer = done, pid, answer
        self.counts: Counter[str] = Counter()
        self.times: list[float] = []
        self.began = 0.0
        self._cpu = self._own = self._machine = 0.0

    def begin(self) -> None:
        """Start the clock; called when the first update goes out or the first message comes in."""
        if not self.began:
            self._cpu, self._own, self._machine = cpu_seconds(self.pid), time.process_time(), machine_seconds()
            self.began = time.monotonic()

    def report(self) -> bytes:
        """What the bench wants to know."""
        ended, cpu, own = time.monotonic(), cpu_seconds(self.pid) - self._cpu, time.process_time() - self._own
        report = {
            "began": self.began,
            "wall": ended - self.began,
            "cpu_at_start": self._cpu,
            "cpu": cpu,
            "own_cpu": own,
            "others": (machine_seconds() - self._machine - cpu - own) / (ended - self.began),
            "counts": self.counts,
            "times": self.times,
        }
        return json.dumps(report).encode()


class Api:
    """The methods, the scene and the run that is on."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.run: Run | None = None
        self.totals: Counter[str] = Counter()
        self._gate: FloodGate | None = None
        self._texts: list[bytes] = []
        self._pressers: list[list[bytes]] = []
        self._presser_of: dict[tuple[int, int], int] = {}
        self._pressed: list[int] = []
        self._left = 0
        self._by_turns = True
        self._query = 0
        self._message = 1_000_000
        self._shown: dict[tuple[int, int], tuple[str, str]] = {}
        self._bodies: dict[str, str] = {}
        self._keep_times = False

    # What the bench asks for

    def control(self, name: str, params: dict[str, Any], answer: Callable[[bytes], None]) -> None:
        """Serve one call of the bench."""
        if name == "scene":
            self.__init__()  # type: ignore[misc]  # a new bot, a new Telegram
            self._gate = FloodGate(Limits(), time.monotonic) if params.get("strict") else None
            self._keep_times = bool(params.get("times"))
            self._texts = [text.encode() for text in params.get("texts", [])]
            for presser in params.get("pressers", []):
                self._presser_of[presser["chat"], presser["message"]] = len(self._pressers)
                self._pressers.append([press.encode() for press in presser["presses"]])
            self._pressed = [0] * len(self._pressers)
            self._by_turns = bool(params.get("by_turns", True))
            answer(b"{}")
        elif name == "run":
            self._start(int(params["count"]), int(params["pid"]), answer)
        else:  # "totals"
            answer(json.dumps({"polled_at": self.feed.polled_at, **self.totals}).encode())

    def _start(self, count: int, pid: int, answer: Callable[[bytes], None]) -> None:
        wanted = ["answerCallbackQuery"] if self._pressers else ["sendMessage"]
        if self._pressers and self._by_turns:
            wanted.append("editMessageText")
        self.run = Run(lambda counts: all(counts[method] >= count for method in wanted), pid, answer)
        self.feed.on_given = self.run.begin
        if self._pressers:
            self._left = count
            first = min(count, len(self._pressers)) if self._by_turns else count
            self.feed.release([self._press(at % len(self._pressers)) for at in range(first)])
        elif self._texts:
            self.feed.release([self._texts[at % len(self._texts)] for at in range(count)])

    def _press(self, presser: int) -> bytes:
        self._left -= 1
        self._query += 1
        presses = self._pressers[presser]
        self._pressed[presser] += 1
        return b'"callback_query":{"id":"%d",%b' % (
            4_000_000_000_000_000_000 + self._query,
            presses[self._pressed[presser] % len(presses)],
        )

    # What the bot calls

    def call(self, method: str, params: Callable[[], dict[str, Any]], answer: Callable[..., None]) -> None:
        """Serve one call of the bot."""
        if method == "getUpdates":
            asked = params()
            self.feed.get(
                answer, int(asked.get("offset") or 0), int(asked.get("limit") or 100), float(asked.get("timeout") or 0)
            )
            return
        if method == "getMe":
            answer(json.dumps({"ok": True, "result": ME}).encode())
            return
        handler = {"sendMessage": self._send, "editMessageText": self._edit}.get(method)
        status, body = (200, _TRUE) if handler is None else handler(params())
        answer(body, status)
        self._count(method if status == 200 else f"{method} {status}")

    def _count(self, what: str) -> None:
        self.totals[what] += 1
        run = self.run
        if run is None:
            return
        run.begin()
        run.counts[what] += 1
        if self._keep_times and what == "sendMessage":
            run.times.append(time.monotonic())
        if run.done(run.counts):
            self.run = None
            run.counts["batches"] = self.feed.batches
            run.answer(run.report())

    def _send(self, params: dict[str, Any]) -> tuple[int, bytes]:
        chat = int(params["chat_id"])
        if (limited := self._limited(chat, is_edit=False)) is not None:
            return limited
        self._message += 1
        return 200, self._result(chat, self._message, params, "")

    def _edit(self, params: dict[str, Any]) -> tuple[int, bytes]:
        place = int(params["chat_id"]), int(params["message_id"])
        if (limited := self._limited(place[0], is_edit=True)) is not None:
            return limited
        shown = params["text"], json.dumps(params.get("reply_markup"))
        if self._shown.get(place) == shown:
            return 400, json.dumps(bad_request("message is not modified").envelope()).encode()
        self._shown[place] = shown
        presser = self._presser_of.get(place)
        if presser is not None and self._by_turns and self._left > 0:
            # The reviewer sees the card change and presses again.
            asyncio.get_running_loop().call_soon(self._press_again, presser)
        return 200, self._result(*place, params, f'"edit_date":{int(time.time())},')  # noqa: TID251

    def _press_again(self, presser: int) -> None:
        if self._left > 0:
            self.feed.release([self._press(presser)])

    def _limited(self, chat: int, *, is_edit: bool) -> tuple[int, bytes] | None:
        if self._gate is None:
            return None
        try:
            self._gate.spend(chat, in_group=chat < 0, is_edit=is_edit)
        except ApiError as error:
            return error.code, json.dumps(error.envelope()).encode()
        return None

    def _result(self, chat: int, message: int, params: dict[str, Any], extra: str) -> bytes:
        text = params.get("text", "")
        body = self._bodies.get(text)
        if body is None:
            shown: dict[str, Any] = {"text": text}
            if params.get("parse_mode") == "HTML":
                parsed = parse_html(text)
                shown = {"text": parsed.text, "entities": parsed.entities} if parsed.entities else {"text": parsed.text}
            # ASCII with escapes, as Telegram's server writes it.
            body = self._bodies[text] = json.dumps(shown)[1:-1]
        markup = params.get("reply_markup")
        if markup is not None:
            body += f',"reply_markup":{markup if isinstance(markup, str) else json.dumps(markup)}'
        return (
            f'{{"ok":true,"result":{{"message_id":{message},"from":{_FROM},"chat":{{"id":{chat},'
            f'"first_name":"Reader","username":"reader{chat}","type":"private"}},"date":{int(time.time())},'  # noqa: TID251
            f"{extra}{body}}}}}"
        ).encode()


class Connection(asyncio.Protocol):
    """HTTP/1.1, as much as bots speak: keep-alive, a body with its length or in chunks."""

    def __init__(self, apis: dict[str, Api]) -> None:
        self._apis = apis
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Serve every request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            lower = head.lower()
            at = lower.find(b"\r\ncontent-length:")
            if at >= 0:
                stop = lower.find(b"\r\n", at + 17)
                length = int(lower[at + 17 : stop if stop >= 0 else None])
                if len(self._buffer) < end + 4 + length:
                    return
                body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            elif b"\r\ntransfer-encoding: chunked" in lower:
                found = _unchunked(self._buffer, end + 4)
                if found is None:
                    return
                body, self._buffer = found
            else:
                body, self._buffer = b"", self._buffer[end + 4 :]
            self._serve(head, body)

    def _serve(self, head: bytes, body: bytes) -> None:
        target = head.split(b" ", 2)[1].decode()
        path, _, query = target.partition("?")
        place, _, name = path[1:].rpartition("/")
        if place.startswith("control/"):
            api = self._apis.setdefault(place.removeprefix("control/"), Api())
            api.control(name, json.loads(body or b"{}"), self.answer)
        else:
            self._apis[place.removeprefix("bot")].call(name, lambda: _params(head, body, query), self.answer)

    def answer(self, body: bytes, status: int = 200) -> None:
        """Send an answer, unless the other side is gone."""
        if not self._transport.is_closing():
            self._transport.write(_HEAD % (status, _REASONS[status], len(body)) + body)


def _unchunked(buffer: bytes, at: int) -> tuple[bytes, bytes] | None:
    body = b""
    while (end := buffer.find(b"\r\n", at)) >= 0:
        size = int(buffer[at:end], 16)
        if len(buffer) < end + 4 + size:
            return None
        body += buffer[end + 2 : end + 2 + size]
        at = end + 4 + size
        if size == 0:
            return body, buffer[at:]
    return None


def _params(head: bytes, body: bytes, query: str) -> dict[str, Any]:
    params: dict[str, Any] = dict(parse_qsl(query)) if query else {}
    at = head.lower().find(b"\r\ncontent-type:")
    kind = head[at + 15 : at + 200].split(b"\r\n", 1)[0].strip() if at >= 0 else b""
    if kind.startswith(b"application/json"):
        params |= json.loads(body)
    elif kind.startswith(b"multipart/form-data"):
        boundary = b"--" + kind.partition(b"boundary=")[2].strip(b'"')
        for part in body.split(boundary)[1:-1]:
            names, _, value = part.partition(b"\r\n\r\n")
            if (name := _PART_NAME.search(names)) is not None:
                params[name[1].decode()] = value[:-2].decode()
    elif body:
        params |= dict(parse_qsl(body.decode()))
    return params


async def main() -> None:
    """Serve on a free port of the loopback interface and print it."""
    apis: dict[str, Api] = {}
    server = await asyncio.get_running_loop().create_server(lambda: Connection(apis), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
