"""A sandbox on a free port with time that stands still, and a plain HTTP caller."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Limits, Person, Sandbox, SandboxServer


@dataclass
class StageTime:
    """Time that moves only when it is told to."""

    now: datetime = field(default_factory=lambda: datetime(2025, 5, 1, 9, 0, tzinfo=UTC))
    seconds: float = 1000.0

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass(frozen=True)
class Reply:
    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.body["ok"] is True, self.body
        return self.body["result"]

    @property
    def error(self) -> str:
        assert self.body["ok"] is False, self.body
        assert self.status == self.body["error_code"]
        return self.body["description"]


Api = Callable[..., Awaitable[Reply]]
Polled = Callable[[], Awaitable[None]]


@pytest.fixture
def stage_time() -> StageTime:
    return StageTime()


@pytest.fixture
async def server(stage_time: StageTime) -> AsyncIterator[SandboxServer]:
    box = Sandbox(clock=stage_time.clock, monotonic=stage_time.monotonic, limits=Limits.off())
    async with SandboxServer(box) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as open_session:
        yield open_session


@pytest.fixture
def api(server: SandboxServer, session: aiohttp.ClientSession) -> Api:
    async def call(method: str, **params: Any) -> Reply:
        async with session.post(f"{server.base_url}/bot{server.token}/{method}", json=params) as response:
            return Reply(response.status, await response.json())

    return call


@pytest.fixture
def polled(server: SandboxServer) -> Polled:
    """Wait until a long poll has arrived and waits."""

    async def wait() -> None:
        async with asyncio.timeout(5):
            while not server.sandbox.updates.is_polled:
                await asyncio.sleep(0)

    return wait


@pytest.fixture
async def alice(server: SandboxServer) -> Person:
    """Somebody who has started the bot and whose updates are read."""
    person = await server.people.user("Alice", id=501, username="alice", language_code="bn")
    await person.start()
    server.sandbox.updates.clear()
    return person
