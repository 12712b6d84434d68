"""What people say and tap: messages, files, edits, buttons, inline queries, reactions."""

import base64
import hashlib
from typing import Any, Literal

from bot.sandbox.actions.lookup import get_chat, get_message, get_user
from bot.sandbox.callbacks import Callback, InlineQuery
from bot.sandbox.content import MAX_CAPTION, MAX_TEXT, as_caption, as_text
from bot.sandbox.entities import utf16_length, utf16_slice, with_found
from bot.sandbox.errors import ActionError
from bot.sandbox.files import as_document, as_photo
from bot.sandbox.methods.messages import CARRIED
from bot.sandbox.model import Chat, FormattedText, JsonObject, Message, User
from bot.sandbox.origin import origin_of
from bot.sandbox.state import Sandbox
from bot.sandbox.view import seen


def send(
    box: Sandbox,
    *,
    text: str,
    user: int | None = None,
    chat: int | None = None,
    reply_to: int | None = None,
    thread: int | None = None,
    origin: JsonObject | None = None,
) -> JsonObject:
    """Somebody sends a text, by default to the bot; with an origin it is a forward; without a user a channel post."""
    if not text.strip() or utf16_length(text) > MAX_TEXT:
        raise ActionError(f"a message has 1 to {MAX_TEXT} characters")
    content = as_text(with_found(FormattedText(text)))
    return _say(box, user, chat, content, reply_to=reply_to, thread=thread, origin=origin)


def send_file(
    box: Sandbox,
    *,
    kind: Literal["photo", "document"],
    name: str,
    content: str,
    user: int | None = None,
    chat: int | None = None,
    caption: str = "",
    reply_to: int | None = None,
    origin: JsonObject | None = None,
) -> JsonObject:
    """Somebody sends a photo or a document; `content` is base64."""
    if utf16_length(caption) > MAX_CAPTION:
        raise ActionError(f"a caption has up to {MAX_CAPTION} characters")
    stored = box.files.add(f"{kind}s", name, base64.b64decode(content, validate=True))
    shown = as_photo(stored) if kind == "photo" else as_document(stored)
    caption_fields = as_caption(with_found(FormattedText(caption)))
    return _say(box, user, chat, {**shown, **caption_fields}, reply_to=reply_to, thread=None, origin=origin)


def forward(box: Sandbox, *, user: int, from_chat: int, message_id: int, chat: int) -> JsonObject:
    """Somebody passes a message on, as it is, from a chat they are in to another, or to the bot (their own id)."""
    source, person = get_chat(box, from_chat), get_user(box, user)
    if person.id != source.id and person.id not in source.members:
        raise ActionError(f"{person.name} is not in {source.name}")
    message = get_message(source, message_id)
    content = {key: message.payload[key] for key in CARRIED if key in message.payload}
    if not content:
        raise ActionError("such a message cannot be forwarded")
    # A channel has no other author than itself.
    author = None if get_chat(box, chat).type == "channel" else user
    return _say(box, author, chat, content, reply_to=None, thread=None, origin=origin_of(message))


def edit(box: Sandbox, *, user: int | None, chat: int, message_id: int, text: str) -> JsonObject:
    """Somebody changes a message they have sent."""
    place = get_chat(box, chat)
    message = get_message(place, message_id)
    if message.payload.get("from", {}).get("id") != user:
        raise ActionError("people can only edit what they have sent")
    before = place.version
    kept = {key: value for key, value in message.payload.items() if key not in {"text", "entities"}}
    content = as_text(with_found(FormattedText(text)))
    box.replace_payload(message, {**kept, **content, "edit_date": box.now()})
    if hears(box, message):
        kind = "edited_channel_post" if place.type == "channel" else "edited_message"
        box.put_update(kind, message.payload)
    return {"message": seen(message), "before": before}


async def press(box: Sandbox, *, user: int, chat: int, message_id: int, data: str, seconds: float) -> JsonObject:
    """Somebody presses a button, or a button that is not there any more; the result has the bot's answer or None."""
    place, person = get_chat(box, chat), get_user(box, user)
    if place.user is not None:
        _require_open(place.user)
    before = place.version
    message = place.messages.get(message_id)
    body: JsonObject = {
        "id": box.next_query_id(),
        "from": person.api(),
        # Telegram shows what is left of a message that is gone: where it was.
        "message": message.payload if message else {"chat": place.api(), "message_id": message_id, "date": 0},
        "chat_instance": _chat_instance(place),
        "data": data,
    }
    box.forget_old_queries()
    callback = box.callbacks[body["id"]] = Callback(box.clock())
    box.put_update("callback_query", body)
    return {"answer": await callback.wait(seconds), "before": before}


async def inline(box: Sandbox, *, user: int, query: str, seconds: float, offset: str = "") -> JsonObject | None:
    """Somebody types the bot's name and a query in some chat; the result has what the bot offers."""
    person = get_user(box, user)
    number = box.next_query_id()
    box.forget_old_queries()
    asked = box.inline_queries[number] = InlineQuery(box.clock())
    box.put_update("inline_query", {"id": number, "from": person.api(), "query": query, "offset": offset})
    return await asked.wait(seconds)


def react(box: Sandbox, *, user: int, chat: int, message_id: int, emoji: str | None) -> None:
    """Somebody puts an emoji under a message, or takes theirs away (None)."""
    place, person = get_chat(box, chat), get_user(box, user)
    message = get_message(place, message_id)
    before = message.reactions.get(person.id, [])
    after: list[JsonObject] = [{"type": "emoji", "emoji": emoji}] if emoji else []
    message.reactions[person.id] = after
    box.touch(message, "reacted")
    body: JsonObject = {
        "chat": place.api(),
        "message_id": message_id,
        "user": person.api(),
        "date": box.now(),
        "old_reaction": before,
        "new_reaction": after,
    }
    box.put_update("message_reaction", body)


def hears(box: Sandbox, message: Message) -> bool:
    """Whether the bot gets this message. In privacy mode a group keeps from it what is not meant for it."""
    chat, payload = message.chat, message.payload
    if chat.bot_status not in {"member", "administrator"}:
        return False
    if not chat.is_group or not box.privacy or chat.bot_status == "administrator":
        return True
    if payload.get("reply_to_message", {}).get("from", {}).get("id") == box.bot.id:
        return True
    text: str = payload.get("text") or payload.get("caption") or ""
    entities: list[JsonObject] = payload.get("entities") or payload.get("caption_entities") or []
    return any(_means_bot(box, text, entity) for entity in entities)


def _means_bot(box: Sandbox, text: str, entity: JsonObject) -> bool:
    if entity["type"] not in {"bot_command", "mention"}:
        return False
    word = utf16_slice(text, entity["offset"], entity["length"])
    _, at, name = word.partition("@")
    return not at or name.lower() == str(box.bot.username).lower()


def _say(
    box: Sandbox,
    user: int | None,
    chat: int | None,
    content: JsonObject,
    *,
    reply_to: int | None,
    thread: int | None,
    origin: JsonObject | None,
) -> JsonObject:
    person = get_user(box, user) if user is not None else None
    place = get_chat(box, chat if chat is not None else (person.id if person else 0))
    _require_place(place, person)
    extra: dict[str, Any] = {}
    if thread is not None:
        extra.update(message_thread_id=thread, is_topic_message=True)
    if origin is not None:
        extra["forward_origin"] = {"date": box.now(), **origin}
    if reply_to is not None:
        replied = get_message(place, reply_to).payload
        extra["reply_to_message"] = {key: value for key, value in replied.items() if key != "reply_to_message"}
    before = place.version
    message = box.add_message(place, person, {**extra, **content})
    if hears(box, message):
        box.put_update("channel_post" if place.type == "channel" else "message", message.payload)
    return {"message": seen(message), "before": before}


def _require_place(place: Chat, person: User | None) -> None:
    if place.user is not None:
        if person is None or person.id != place.user.id:
            raise ActionError(f"only {place.user.name} can write in their private chat")
        _require_open(person)
        person.started = True
    elif place.migrated_to is not None:
        raise ActionError(f"{place.name} is a supergroup now: {place.migrated_to}")
    elif place.type == "channel":
        if person is not None:
            raise ActionError("a channel posts under its own name: send without a user")
    elif person is None or person.id not in place.members:
        raise ActionError(f"{person.name if person else 'nobody'} is not a member of {place.name}")


def _require_open(person: User) -> None:
    if person.deactivated:
        raise ActionError(f"{person.name} has no account any more")
    if person.blocked:
        raise ActionError(f"{person.name} has blocked the bot: unblock it first")


def _chat_instance(chat: Chat) -> str:
    digest = hashlib.sha256(f"chat {chat.id}".encode()).digest()
    return str(int.from_bytes(digest[:8], "big", signed=True))
