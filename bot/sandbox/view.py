"""A message as a person sees it: text, marks, buttons, file; the shape that clients and pages read."""

from bot.sandbox.entities import to_html
from bot.sandbox.model import Chat, JsonObject, Message

_SERVICE = {
    "group_chat_created": "group created",
    "supergroup_chat_created": "group created",
    "new_chat_members": "joined",
    "left_chat_member": "left",
    "migrate_to_chat_id": "the group became a supergroup",
    "migrate_from_chat_id": "the supergroup continues a group",
}


def seen(message: Message) -> JsonObject:
    """Everything one can see of a message."""
    payload = message.payload
    text: str = payload.get("text") or payload.get("caption") or ""
    entities: list[JsonObject] = payload.get("entities") or payload.get("caption_entities") or []
    sender = payload.get("from") or payload.get("sender_chat") or {}
    kind = next((name for name in ("photo", "document", "text") if name in payload), "service")
    if kind == "service":
        text = next((words for key, words in _SERVICE.items() if key in payload), "")
    return {
        "id": message.id,
        "chat_id": message.chat.id,
        "version": message.version,
        "kind": kind,
        "text": text,
        "html": to_html(text, entities),
        "entities": entities,
        "buttons": _buttons(payload),
        "keyboard": _keyboard(message),
        "by_bot": message.by_bot,
        "sender": sender.get("title") or sender.get("first_name", ""),
        "sender_id": sender.get("id"),
        "date": payload["date"],
        "edited": "edit_date" in payload,
        "reply_to": payload.get("reply_to_message", {}).get("message_id"),
        "thread": payload.get("message_thread_id"),
        "forwarded": "forward_origin" in payload,
        "reactions": [reaction["emoji"] for given in message.reactions.values() for reaction in given],
        "file": _file(payload),
    }


def seen_chat(chat: Chat) -> JsonObject:
    """A chat as it stands in a list of chats."""
    return {"id": chat.id, "type": chat.type, "name": chat.name, "username": chat.username, "version": chat.version}


def _buttons(payload: JsonObject) -> list[list[JsonObject]]:
    rows = payload.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        [{"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")} for button in row]
        for row in rows
    ]


def _keyboard(message: Message) -> list[list[str]] | None:
    """The labels of a reply keyboard; an empty list takes the keyboard away; None changes nothing."""
    if message.keyboard is None or "force_reply" in message.keyboard:
        return None
    return [[button["text"] for button in row] for row in message.keyboard.get("keyboard", [])]


def _file(payload: JsonObject) -> JsonObject | None:
    if "photo" in payload:
        return {"file_id": payload["photo"][-1]["file_id"], "name": None, "size": payload["photo"][-1]["file_size"]}
    if "document" in payload:
        document = payload["document"]
        return {"file_id": document["file_id"], "name": document["file_name"], "size": document["file_size"]}
    return None
