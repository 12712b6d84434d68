"""Act as one person: say, press, look, wait, block."""

# ruff: noqa: ASYNC109 - a wait that runs out tells what the chat shows instead, which asyncio.timeout cannot

import base64
from collections.abc import Callable
from typing import Any

from bot.sandbox.rooms import DEFAULT_TIMEOUT, Group, Place, Wanted, Watch
from bot.sandbox.seen import NoSuchButtonError, SeenMessage, Toast
from bot.sandbox.transport import Transport


class Person:
    """Somebody who talks to the bot."""

    def __init__(self, transport: Transport, known: dict[str, Any]) -> None:
        self._transport = transport
        self._watch = Watch(transport)
        self.id: int = known["id"]
        self.first_name: str = known["first_name"]
        self.username: str | None = known.get("username")
        self.language_code: str | None = known.get("language_code")

    def __repr__(self) -> str:
        return f"Person({self.id}, {self.first_name!r})"

    # Saying

    async def start(self, payload: str | None = None) -> SeenMessage:
        """Press Start, or open a deep link with its payload; somebody who blocked the bot restarts it thereby."""
        await self.unblock()
        return await self.send(f"/start {payload}" if payload else "/start")

    async def send(
        self, text: str, *, chat: Place | None = None, reply_to: SeenMessage | None = None, thread: int | None = None
    ) -> SeenMessage:
        """Send a text: to the bot in private, or to a group."""
        reply = reply_to.id if reply_to else None
        return await self._say("send", self._chat_id(chat), text=text, reply_to=reply, thread=thread)

    async def reply(self, message: SeenMessage, text: str) -> SeenMessage:
        """Answer a message in its chat."""
        return await self._say("send", message.chat_id, text=text, reply_to=message.id)

    async def forward(
        self, text: str, from_: "Person | Group | str" = "Somebody", *, chat: Place | None = None
    ) -> SeenMessage:
        """Forward a text of another person, of a channel, or of somebody who hides their account (a name)."""
        return await self._say("send", self._chat_id(chat), text=text, origin=_origin(from_))

    async def send_photo(self, content: bytes, caption: str = "", *, chat: Place | None = None) -> SeenMessage:
        """Send a photo."""
        return await self._say_file("photo", "photo.jpg", content, caption, chat)

    async def send_document(
        self, content: bytes, name: str, caption: str = "", *, chat: Place | None = None
    ) -> SeenMessage:
        """Send a file."""
        return await self._say_file("document", name, content, caption, chat)

    async def edit(self, message: SeenMessage, text: str) -> SeenMessage:
        """Change a message of one's own."""
        return await self._say("edit", message.chat_id, message_id=message.id, text=text)

    async def react(self, message: SeenMessage, emoji: str | None) -> None:
        """Put an emoji under a message, or take it away."""
        await self._transport.act("react", user=self.id, chat=message.chat_id, message_id=message.id, emoji=emoji)

    async def inline(self, query: str, *, timeout: float = DEFAULT_TIMEOUT) -> list[dict[str, Any]] | None:
        """Type the bot's name and a query; returns the results it offers, None if none in time."""
        answer = await self._transport.act("inline", user=self.id, query=query, seconds=timeout)
        return None if answer is None else answer["results"]

    # Pressing

    async def press(self, message: SeenMessage, wanted: str, *, timeout: float = DEFAULT_TIMEOUT) -> Toast | None:
        """Press the button found by `SeenMessage.button` in the message as it is now.

        Returns the text the bot answered with; None if it answered without one or not within the timeout.
        """
        current = await self.current(message)
        if current is None:
            raise NoSuchButtonError(f"button {wanted!r} is not there; message {message.id} was deleted")
        button = current.button(wanted)
        if button.data is None:
            raise NoSuchButtonError(f"button {button.label!r} opens {button.url} and tells the bot nothing")
        return await self.press_raw(message, button.data, timeout=timeout)

    async def press_raw(self, message: SeenMessage, data: str, *, timeout: float = DEFAULT_TIMEOUT) -> Toast | None:
        """Press a button with that data, whether or not the message has it: stale buttons, double taps, forgeries."""
        result = await self._transport.act(
            "press", user=self.id, chat=message.chat_id, message_id=message.id, data=data, seconds=timeout
        )
        self._watch.acted(message.chat_id, result["before"])
        answer = result["answer"]
        if answer is None or answer["text"] is None:
            return None
        toast = Toast(answer["text"])
        toast.alert, toast.url = answer["alert"], answer["url"]
        return toast

    # Looking

    async def messages(self, chat: Place | None = None) -> list[SeenMessage]:
        """What the chat shows now, oldest first."""
        return await self._watch.messages(self._chat_id(chat))

    async def current(self, message: SeenMessage) -> SeenMessage | None:
        """A message as it is now, None if it was deleted."""
        shown = await self._watch.messages(message.chat_id)
        return next((other for other in shown if other.id == message.id), None)

    async def wait(
        self, wanted: Wanted, *, timeout: float = DEFAULT_TIMEOUT, chat: Place | None = None, since: int | None = None
    ) -> SeenMessage:
        """Wait for a message of the bot, new or edited, that contains a text or satisfies a predicate.

        Looked at are messages changed since this person last did something in that chat, so an answer that was
        quicker than this call counts and an old one does not; `since=0` looks at everything. The newest match wins.
        """
        return await self._watch.wait(self._chat_id(chat), wanted, timeout, since)

    async def wait_until(
        self, holds: Callable[[list[SeenMessage]], bool], *, timeout: float = DEFAULT_TIMEOUT, chat: Place | None = None
    ) -> list[SeenMessage]:
        """Wait until the predicate holds for the list of all messages of the chat (one gone, three alike …)."""
        return await self._watch.wait_until(self._chat_id(chat), holds, timeout)

    async def menu(self, chat: Place | None = None) -> dict[str, str]:
        """The command menu this person sees there: command → description."""
        commands = await self._transport.act("menu", user=self.id, chat=self._chat_id(chat))
        return {command["command"]: command["description"] for command in commands}

    async def download(self, message: SeenMessage) -> bytes:
        """The bytes of the file in a message."""
        if message.file is None:
            raise LookupError(f"message {message.id} has no file")
        return base64.b64decode(await self._transport.act("file_content", file_id=message.file.file_id))

    # Standing to the bot

    async def block(self) -> None:
        """Block the bot."""
        await self._transport.act("block", user=self.id)

    async def unblock(self) -> None:
        """Unblock the bot."""
        await self._transport.act("unblock", user=self.id)

    async def deactivate(self) -> None:
        """Delete the account."""
        await self._transport.act("deactivate", user=self.id)

    async def join(self, group: Group) -> None:
        """Join a group."""
        await self._transport.act("join", chat=group.id, user=self.id)

    async def leave(self, group: Group) -> None:
        """Leave a group."""
        await self._transport.act("leave", chat=group.id, user=self.id)

    def _chat_id(self, chat: Place | None) -> int:
        if chat is None:
            return self.id
        return chat if isinstance(chat, int) else chat.id

    async def _say_file(self, kind: str, name: str, content: bytes, caption: str, chat: Place | None) -> SeenMessage:
        encoded = base64.b64encode(content).decode()
        return await self._say("send_file", self._chat_id(chat), kind=kind, name=name, content=encoded, caption=caption)

    async def _say(self, action: str, chat_id: int, **arguments: Any) -> SeenMessage:
        result = await self._transport.act(action, user=self.id, chat=chat_id, **arguments)
        self._watch.acted(chat_id, result["before"])
        return SeenMessage.from_json(result["message"])


def _origin(from_: Person | Group | str) -> dict[str, Any]:
    if isinstance(from_, str):
        return {"type": "hidden_user", "sender_user_name": from_}
    if isinstance(from_, Group):
        chat = {"id": from_.id, "type": "channel", "title": from_.title}
        return {"type": "channel", "chat": chat, "message_id": 1}
    sender = {"id": from_.id, "is_bot": False, "first_name": from_.first_name}
    return {"type": "user", "sender_user": sender}
