"""Groups and channels as clients hold them, and watching what a chat shows."""

# ruff: noqa: ASYNC109 - a wait that runs out tells what the chat shows instead, which asyncio.timeout cannot

import time
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from bot.sandbox.seen import NotShownError, SeenMessage
from bot.sandbox.transport import Transport

DEFAULT_TIMEOUT = 5.0
T = TypeVar("T")
Wanted = str | Callable[[SeenMessage], bool]


class Watch:
    """Reads chats and waits for what they show; event-driven, so nothing is asked twice without a change."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._last_act: dict[int, int] = {}

    def acted(self, chat_id: int, before: int) -> None:
        """Remember which version the chat had before something was done in it."""
        self._last_act[chat_id] = max(before, self._last_act.get(chat_id, 0))

    async def messages(self, chat_id: int) -> list[SeenMessage]:
        """What the chat shows now."""
        return (await self._look(chat_id, 0))[1]

    async def wait(self, chat_id: int, wanted: Wanted, seconds: float, since: int | None) -> SeenMessage:
        """Wait for a message of the bot that is wanted; the newest one if there are several."""
        floor = self._last_act.get(chat_id, 0) if since is None else since

        def newest(shown: list[SeenMessage]) -> SeenMessage | None:
            fitting = [message for message in shown if message.by_bot and _fits(message, wanted)]
            return max(fitting, key=lambda message: message.version, default=None)

        return await self._until(chat_id, floor, newest, seconds, wanted)

    async def wait_until(
        self, chat_id: int, holds: Callable[[list[SeenMessage]], bool], seconds: float
    ) -> list[SeenMessage]:
        """Wait until the predicate holds for everything the chat shows."""
        return await self._until(chat_id, 0, lambda shown: shown if holds(shown) else None, seconds, holds)

    async def _until(
        self, chat_id: int, floor: int, find: Callable[[list[SeenMessage]], T | None], seconds: float, wanted: object
    ) -> T:
        deadline = time.monotonic() + seconds
        while True:
            version, shown = await self._look(chat_id, floor)
            found = find(shown)
            if found is not None:
                return found
            left = deadline - time.monotonic()
            after = version
            if left > 0:
                after = await self._transport.act("changes", chat=chat_id, since=version, seconds=left)
            if after == version:
                everything = (await self._look(chat_id, 0))[1]
                raise NotShownError(_explain(chat_id, wanted, seconds, everything))

    async def _look(self, chat_id: int, since: int) -> tuple[int, list[SeenMessage]]:
        shown = await self._transport.act("messages", chat=chat_id, since=since)
        return shown["version"], [SeenMessage.from_json(message) for message in shown["messages"]]


class Group:
    """A group, supergroup or channel."""

    def __init__(self, transport: Transport, made: dict[str, Any]) -> None:
        self._transport = transport
        self._watch = Watch(transport)
        self.id: int = made["id"]
        self.type: str = made["type"]
        self.title: str = made["name"]
        self.username: str | None = made["username"]

    def __repr__(self) -> str:
        return f"Group({self.id}, {self.title!r})"

    async def messages(self) -> list[SeenMessage]:
        """What it shows now, oldest first."""
        return await self._watch.messages(self.id)

    async def wait(self, wanted: Wanted, *, timeout: float = DEFAULT_TIMEOUT, since: int = 0) -> SeenMessage:
        """Wait for a message of the bot that contains a text or satisfies a predicate."""
        return await self._watch.wait(self.id, wanted, timeout, since)

    async def wait_until(
        self, holds: Callable[[list[SeenMessage]], bool], *, timeout: float = DEFAULT_TIMEOUT
    ) -> list[SeenMessage]:
        """Wait until the predicate holds for the list of all messages."""
        return await self._watch.wait_until(self.id, holds, timeout)

    async def post(self, text: str) -> SeenMessage:
        """Post in a channel under its own name."""
        result = await self._transport.act("send", chat=self.id, text=text)
        return SeenMessage.from_json(result["message"])

    async def set_bot_status(self, status: Literal["member", "administrator", "left", "kicked"]) -> None:
        """Add, promote, demote or remove the bot."""
        await self._transport.act("set_bot_status", chat=self.id, status=status)

    async def migrate(self) -> "Group":
        """Upgrade to a supergroup, which is the result."""
        return Group(self._transport, await self._transport.act("migrate", chat=self.id))


Place = Group | int


def _fits(message: SeenMessage, wanted: Wanted) -> bool:
    return wanted in message.text if isinstance(wanted, str) else wanted(message)


def _explain(chat_id: int, wanted: object, seconds: float, shown: list[SeenMessage]) -> str:
    what = f"{wanted!r}" if isinstance(wanted, str) else "what was waited for"
    lines = [f"  {'bot' if m.by_bot else m.sender}: {m.text!r} {m.labels or ''}" for m in shown[-8:]]
    return "\n".join([f"{what} was not shown in chat {chat_id} within {seconds} s; it shows:", *lines])
