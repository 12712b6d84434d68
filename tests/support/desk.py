"""A desk inside the test's own process: its parts are real, the Bot API is embedded, the clock is the test's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.main import Desk, build
from bot.sandbox import Limits, Sandbox, SandboxServer

START = datetime(2025, 5, 7, 3, 0, tzinfo=UTC)


class HandClock:
    """A clock that stands still until moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Put it ahead."""
        self.now += timedelta(**by)


class InnerDesk:
    """A built desk with a sandbox; updates are handed in by the test, messages go out when it says so."""

    def __init__(self, desk: Desk, server: SandboxServer, clock: HandClock) -> None:
        self.desk = desk
        self.server = server
        self.people = server.people
        self.clock = clock
        self.next_update = 1000

    async def hand_in(self, *batch: dict[str, Any]) -> None:
        """Hand a batch to the gateway."""
        await self.desk.gateway.handle(list(batch))
        await self.desk.gateway.settle(5)

    def message(self, user: int, text: str, *, update_id: int | None = None, **more: Any) -> dict[str, Any]:
        """Return a raw update: a private message of a user."""
        self.next_update += 1
        number = self.next_update if update_id is None else update_id
        command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
        entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
        return {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": int(self.clock().timestamp()),
                "chat": {"id": user, "type": "private", "first_name": f"U{user}"},
                "from": {"id": user, "is_bot": False, "first_name": f"U{user}"},
                "text": text,
                "entities": entities,
                **more,
            },
        }

    def press(self, user: int, data: str, *, update_id: int | None = None, message_id: int = 1) -> dict[str, Any]:
        """Return a raw update: a user presses a button."""
        self.next_update += 1
        number = self.next_update if update_id is None else update_id
        chat = {"id": user, "type": "private", "first_name": f"U{user}"}
        return {
            "update_id": number,
            "callback_query": {
                "id": str(number),
                "from": {"id": user, "is_bot": False, "first_name": f"U{user}"},
                "chat_instance": "1",
                "data": data,
                "message": {"message_id": message_id, "date": int(self.clock().timestamp()), "chat": chat, "text": "…"},
            },
        }

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        """Let the courier run."""
        task = asyncio.create_task(self.desk.courier.run())
        try:
            yield
        finally:
            await self.desk.courier.stop(2.0)
            await asyncio.gather(task, return_exceptions=True)

    async def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """Read rows."""
        async with self.desk.database.read() as ledger:
            return await ledger.session.fetch_all(sql, params)

    async def value(self, sql: str, **params: Any) -> Any:
        """Read one value."""
        return (await self.rows(sql, **params))[0][0]

    async def until(self, sql: str, wanted: Any, seconds: float = 10.0) -> None:
        """Wait until a value is as wanted."""
        deadline = asyncio.get_running_loop().time() + seconds
        while (found := await self.value(sql)) != wanted:
            assert asyncio.get_running_loop().time() < deadline, f"{sql} is {found!r}, not {wanted!r}"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def an_inner_desk(
    folder: Path, *, limits: Limits | None = None, telegram_limits: bool = False, admins: str = "1"
) -> AsyncIterator[InnerDesk]:
    """Build a desk over a sandbox in a folder."""
    clock = HandClock()
    async with SandboxServer(Sandbox(limits=limits or Limits.off())) as server, AsyncExitStack() as stack:
        settings = Settings(  # type: ignore[call-arg]
            _env_file=None,
            token=server.token,
            api_url=server.base_url,
            database=folder / "desk.db",
            admins=admins,
            limits="telegram" if telegram_limits else "off",
        )
        desk = await build(settings, clock, stack)
        await desk.application.bot.initialize()
        yield InnerDesk(desk, server, clock)
