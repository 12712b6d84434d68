"""What the page shows: who is there, the chats with their messages, the menus, the faults, the bot's state."""

from hashlib import sha256

from bot.sandbox.journal import Event
from bot.sandbox.methods.menus import menu_for
from bot.sandbox.model import Chat, JsonObject, Message, User
from bot.sandbox.state import Sandbox
from bot.sandbox.view import seen, seen_chat

LAST_MESSAGES = 300
"""Of each chat; older ones stay with the sandbox."""

LAST_EVENTS = 400
"""Of the log."""


def whole(box: Sandbox) -> JsonObject:
    """Everything there is to see now."""
    return {
        "type": "state",
        # By this the page knows what it remembers of an earlier visit: unread marks, drafts, open chats.
        "story": sha256(box.token.encode()).hexdigest()[:12],
        "frame": frame(box),
        "messages": {str(chat.id): _last_messages(chat) for chat in box.chats.values() if chat.messages},
        "log": [logged(event) for event in box.journal.since() if event.kind in {"call", "update"}][-LAST_EVENTS:],
        "last_event": box.journal.last_number,
    }


def frame(box: Sandbox) -> JsonObject:
    """All but the messages and the log: what may change without an event that says so."""
    return {
        "bot": box.bot.api(),
        "people": [_person(box, user) for user in box.users.values() if not user.is_bot],
        "chats": [_chat(chat) for chat in box.chats.values() if chat.type == "private" or chat.migrated_to is None],
        "faults": [
            {
                "kind": switch.fault.kind.value,
                "amount": switch.fault.amount,
                "method": switch.method,
                "chat_id": switch.chat_id,
                "times": switch.times,
            }
            for switch in box.faults.switches
        ],
        "stage": _stage(box),
        "opening": list(box.opening),
    }


def happened(box: Sandbox, event: Event) -> JsonObject:
    """An event as the page takes it: a change of a chat comes with the message as it is now."""
    if event.kind != "chat":
        return logged(event)
    chat = box.chats[event.data["chat_id"]]
    message = chat.messages.get(event.data["message_id"])
    return {**event.api(), "message": _message(message) if message is not None else None}


def logged(event: Event) -> JsonObject:
    """A line of the log, without the content of a long answer."""
    body = event.api()
    if event.kind == "call" and event.data["method"].lower() == "getupdates" and event.data["status"] == 200:
        # Each update has a line of its own.
        return {**body, "answer": {"ok": True, "result": f"{len(event.data['answer']['result'])} updates"}}
    return body


def _person(box: Sandbox, user: User) -> JsonObject:
    return {
        **user.api(),
        "name": user.name,
        "started": user.started,
        "blocked": user.blocked,
        "deactivated": user.deactivated,
        "menu": menu_for(box, user, box.chats[user.id]),
    }


def _chat(chat: Chat) -> JsonObject:
    # Without the version: it changes with every message, of which the page hears anyway.
    kept = {key: value for key, value in seen_chat(chat).items() if key != "version"}
    return {**kept, "members": {str(who): status for who, status in chat.members.items()}}


def _last_messages(chat: Chat) -> list[JsonObject]:
    return [_message(message) for message in list(chat.messages.values())[-LAST_MESSAGES:]]


def _stage(box: Sandbox) -> JsonObject | None:
    if box.backstage is None:
        return None
    # The present is left out: it changes all the time, and the page can count on from `ahead` by itself.
    return {key: value for key, value in box.backstage.status().items() if key != "now"}


def _message(message: Message) -> JsonObject:
    """What one can see of a message, and what the page needs besides to draw it."""
    payload = message.payload
    origin = payload.get("forward_origin", {})
    author, place = origin.get("sender_user", {}), origin.get("chat") or origin.get("sender_chat") or {}
    photo = payload["photo"][-1] if "photo" in payload else {}
    return {
        **seen(message),
        "forwarded_from": place.get("title") or author.get("first_name") or origin.get("sender_user_name"),
        "reacted": {str(who): [each["emoji"] for each in given] for who, given in message.reactions.items()},
        "width": photo.get("width"),
        "height": photo.get("height"),
        "placeholder": (message.keyboard or {}).get("input_field_placeholder"),
    }
