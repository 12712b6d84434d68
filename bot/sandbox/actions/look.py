"""Looking: what chats show, what changed, which menu somebody has, which calls the bot made."""

import base64
import time

from bot.sandbox.actions.lookup import get_chat, get_user
from bot.sandbox.errors import ActionError
from bot.sandbox.journal import Event
from bot.sandbox.methods.menus import menu_for
from bot.sandbox.model import JsonObject
from bot.sandbox.state import Sandbox
from bot.sandbox.view import seen, seen_chat


def chat_list(box: Sandbox) -> list[JsonObject]:
    """All chats in which something was said, the liveliest first."""
    lively = sorted((chat for chat in box.chats.values() if chat.version), key=lambda chat: -chat.version)
    return [seen_chat(chat) for chat in lively]


def messages(box: Sandbox, *, chat: int, since: int = 0) -> JsonObject:
    """What a chat shows, oldest first; with `since` only what is newer than that version."""
    place = get_chat(box, chat)
    shown = [seen(message) for message in place.messages.values() if message.version > since]
    return {"version": place.version, "messages": shown}


async def changes(box: Sandbox, *, chat: int, since: int, seconds: float) -> int:
    """Wait until the chat has a newer version than `since`; the result is the version it has in the end."""
    place = get_chat(box, chat)
    if place.version <= since:
        await box.journal.wait(lambda event: event.kind == "chat" and event.data["chat_id"] == place.id, seconds)
    return place.version


def menu(box: Sandbox, *, user: int, chat: int | None = None) -> list[JsonObject]:
    """The command menu that somebody has in a chat, by default in private."""
    person = get_user(box, user)
    return menu_for(box, person, get_chat(box, person.id if chat is None else chat))


def calls(box: Sandbox, *, method: str | None = None, after: int = 0) -> list[JsonObject]:
    """The bot's calls still in the log, oldest first; `after` is the number of an event."""
    return [event.api() for event in box.journal.since(after) if _is_call(event, method)]


async def wait_call(
    box: Sandbox, *, method: str | None = None, after: int = 0, count: int = 1, seconds: float
) -> list[JsonObject]:
    """Wait until there are `count` such calls after that event; the result may be shorter when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        found = calls(box, method=method, after=after)
        left = deadline - time.monotonic()
        if len(found) >= count or left <= 0:
            return found
        await box.journal.wait(lambda event: _is_call(event, method), left)


def file_content(box: Sandbox, *, file_id: str) -> str:
    """The bytes of a file, base64."""
    stored = box.files.find(file_id)
    if stored is None:
        raise ActionError(f"there is no file {file_id}")
    return base64.b64encode(stored.content).decode()


def _is_call(event: Event, method: str | None) -> bool:
    return event.kind == "call" and (method is None or event.data["method"].lower() == method.lower())
