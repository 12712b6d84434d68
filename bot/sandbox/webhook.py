"""The webhook: posts updates to the bot, serially per lane, again and again until it says 2xx."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from bot.sandbox.model import JsonObject
from bot.sandbox.updates import Update, UpdateQueue

DEFAULT_CONNECTIONS = 40
POST_SECONDS = 60.0
MAX_BACK_OFF = 60.0
MAX_RETRY_AFTER = 3600.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where updates go."""

    url: str
    secret: str | None = None
    max_connections: int = DEFAULT_CONNECTIONS


class WebhookSender:
    """Delivers the queue to the webhook while one is set."""

    def __init__(self, queue: UpdateQueue, clock: Callable[[], datetime]) -> None:
        self.target: Target | None = None
        self.last_error: tuple[datetime, str] | None = None
        self.pause: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.on_reply: Callable[[str, JsonObject], Awaitable[None]] | None = None
        self._queue = queue
        self._clock = clock
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(DEFAULT_CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None
        queue.on_put = self._offer

    def set(self, target: Target) -> None:
        """Deliver to this target from now on, beginning with what is pending."""
        self.clear()
        self.target = target
        self._slots = asyncio.Semaphore(target.max_connections)
        for update in self._queue.pending():
            self._offer(update)

    def clear(self) -> None:
        """Stop delivering; what was not acknowledged stays in the queue."""
        self.target = None
        self.last_error = None
        self._lanes = {}
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """Stop and close the connections."""
        self.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _offer(self, update: Update) -> None:
        if self.target is None:
            return
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = lane = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(update.lane, lane, self.target))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, number: int, lane: deque[Update], target: Target) -> None:
        while lane:
            await self._deliver(lane[0], target)
            self._queue.discard(lane.popleft().id)
        self._lanes.pop(number, None)

    async def _deliver(self, update: Update, target: Target) -> None:
        """Post until acknowledged: again at once, then after 2, 4, 8 … seconds, or when the bot says so."""
        attempt = 0
        while True:
            async with self._slots:
                retry_after = await self._post(update, target)
            if retry_after is None:
                return
            attempt += 1
            back_off = 0.0 if attempt == 1 else min(2.0 ** (attempt - 1), MAX_BACK_OFF)
            await self.pause(retry_after or back_off)

    async def _post(self, update: Update, target: Target) -> float | None:
        """Try once: None if acknowledged, else the seconds the bot asked for (0 if it did not)."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": target.secret} if target.secret else {}
        if self._session is None:
            # The limit is ours (slots); a second one inside the pool could only distort it.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=POST_SECONDS)
            )
        try:
            async with self._session.post(
                target.url, json=update.payload, headers=headers, allow_redirects=False
            ) as response:
                body = await response.read()
                if 200 <= response.status < 300:
                    await self._execute(response, body)
                    return None
                self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                return _retry_after(response.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(str(error) or type(error).__name__)
            return 0.0

    async def _execute(self, response: aiohttp.ClientResponse, body: bytes) -> None:
        """A bot may answer the post with a call of its own; nobody tells it the result."""
        if self.on_reply is None or not body.strip().startswith(b"{"):
            return
        try:
            call: Any = await response.json(content_type=None)
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self.on_reply(call.pop("method"), call)

    def _failed(self, message: str) -> None:
        self.last_error = (self._clock(), message)


def _retry_after(header: str) -> float:
    return min(float(header), MAX_RETRY_AFTER) if header.isdecimal() else 0.0
