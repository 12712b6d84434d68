"""Act as people: the same interface in the sandbox's process and, over HTTP, in any other."""

# ruff: noqa: ASYNC109 - a wait that runs out tells what the chat shows instead, which asyncio.timeout cannot

from typing import Any, Literal

from bot.sandbox.faults import Fault
from bot.sandbox.person import Person
from bot.sandbox.rooms import DEFAULT_TIMEOUT, Group
from bot.sandbox.seen import NotShownError
from bot.sandbox.transport import Transport


class People:
    """Everybody in the sandbox, and the switches of the stage."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def user(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 - the Bot API's own word
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
    ) -> Person:
        """Somebody with a Telegram account: new, or known by the id and from now on with this name and language."""
        known = await self.act(
            "user", id=id, first_name=first_name, last_name=last_name, username=username, language_code=language_code
        )
        return Person(self._transport, known)

    async def group(
        self,
        title: str,
        members: list[Person],
        *,
        id: int | None = None,  # noqa: A002 - the Bot API's own word
        kind: Literal["group", "supergroup"] = "group",
        username: str | None = None,
        forum: bool = False,
        bot: Literal["member", "administrator", "left"] = "member",
    ) -> Group:
        """A group; its first member owns it and has brought the bot in (unless bot="left")."""
        numbers = [member.id for member in members]
        made = await self.act(
            "group", title=title, kind=kind, members=numbers, id=id, username=username, forum=forum, bot=bot
        )
        return Group(self._transport, made)

    async def channel(
        self,
        title: str,
        members: list[Person] | None = None,
        *,
        id: int | None = None,  # noqa: A002 - the Bot API's own word
        username: str | None = None,
        bot: Literal["member", "administrator", "left"] = "administrator",
    ) -> Group:
        """A channel; the bot is an administrator of it."""
        numbers = [member.id for member in members or []]
        made = await self.act("group", title=title, kind="channel", members=numbers, id=id, username=username, bot=bot)
        return Group(self._transport, made)

    async def add_fault(
        self, method: str, fault: Fault, *, times: int | None = 1, chat_id: int | None = None, skip: int = 0
    ) -> None:
        """Let a fault hit the next `times` calls (None: all) of the method ("*": any), after letting `skip` pass."""
        await self.act(
            "add_fault",
            method=method,
            kind=fault.kind.value,
            amount=fault.amount,
            times=times,
            chat_id=chat_id,
            skip=skip,
        )

    async def clear_faults(self) -> None:
        """Switch all faults off."""
        await self.act("clear_faults")

    async def calls(self, method: str | None = None, *, after: int = 0) -> list[dict[str, Any]]:
        """The bot's calls: method, params, status, answer, ms, fault, number."""
        found: list[dict[str, Any]] = await self.act("calls", method=method, after=after)
        return found

    async def wait_call(
        self, method: str | None = None, *, after: int = 0, count: int = 1, timeout: float = DEFAULT_TIMEOUT
    ) -> list[dict[str, Any]]:
        """Wait until the bot has made `count` such calls since event number `after`."""
        found: list[dict[str, Any]] = await self.act(
            "wait_call", method=method, after=after, count=count, seconds=timeout
        )
        if len(found) < count:
            raise NotShownError(
                f"the bot made {len(found)} of {count} calls of {method or 'any method'} in {timeout} s"
            )
        return found

    async def last_event(self) -> int:
        """The number of the newest event, to pass on as `after`."""
        return int((await self.act("info"))["last_event"])

    async def raw_update(self, body: dict[str, Any]) -> int:
        """Queue a hand-made update (unknown kind, missing fields …) and return its update_id."""
        return int(await self.act("raw_update", body=body))

    async def act(self, action: str, /, **arguments: Any) -> Any:
        """Any action, by name."""
        return await self._transport.act(action, **arguments)
