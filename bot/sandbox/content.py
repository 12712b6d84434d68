"""What a message says: text or caption of a call, parsed, measured and marked up."""

from typing import Any

from bot.sandbox.entities import MAX_ENTITIES, trimmed, utf16_length, with_found
from bot.sandbox.errors import bad_request
from bot.sandbox.html import parse_html
from bot.sandbox.model import Chat, FormattedText, JsonObject, Message
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

MAX_TEXT = 4096
MAX_CAPTION = 1024
_USER_LINK = "tg://user?id="


def read_text(box: Sandbox, params: Params) -> JsonObject:
    """`text` and `entities` for a message."""
    formatted = _read(box, params, "text", "entities")
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return as_text(formatted)


def read_caption(box: Sandbox, params: Params) -> JsonObject:
    """`caption` and `caption_entities` for a message; empty if there is none."""
    formatted = _read(box, params, "caption", "caption_entities")
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return as_caption(formatted)


def as_text(formatted: FormattedText) -> JsonObject:
    """Message fields of a text."""
    if not formatted.entities:
        return {"text": formatted.text}
    return {"text": formatted.text, "entities": formatted.entities}


def as_caption(formatted: FormattedText) -> JsonObject:
    """Message fields of a caption."""
    if not formatted.text:
        return {}
    if not formatted.entities:
        return {"caption": formatted.text}
    return {"caption": formatted.text, "caption_entities": formatted.entities}


def read_reply(chat: Chat, params: Params) -> Message | None:
    """The message replied to, if the call names one that exists; if it must exist and does not, ApiError 400."""
    reply = params.json_object("reply_parameters", "reply parameters")
    if reply is None:
        if "reply_to_message_id" not in params:
            return None
        reply = {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    inner = Params(reply)
    elsewhere = "chat_id" in inner and inner.integer("chat_id") != chat.id
    target = None if elsewhere else chat.messages.get(inner.integer("message_id"))
    if target is None and not inner.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return target


def read_thread(chat: Chat, params: Params) -> JsonObject:
    """The forum topic a message goes to."""
    thread = params.integer("message_thread_id")
    if not thread:
        return {}
    if not chat.is_forum:
        raise bad_request("message thread not found")
    return {"message_thread_id": thread, "is_topic_message": True}


def _read(box: Sandbox, params: Params, name: str, entities_name: str) -> FormattedText:
    source = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        formatted = parse_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        formatted = FormattedText(source, _given_entities(params, source, entities_name))
    if formatted.entities:
        formatted.entities = _with_users(box, formatted.entities)[:MAX_ENTITIES]
    return with_found(trimmed(formatted))


def _given_entities(params: Params, text: str, name: str) -> list[JsonObject]:
    end = utf16_length(text)
    kept = []
    for entity in params.json_list(name, "MessageEntity") or []:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: expected an Object")
        offset, length = entity.get("offset"), entity.get("length")
        if not _is_count(offset) or not _is_count(length):
            raise bad_request('can\'t parse MessageEntity: Field "offset" must be a valid Number')
        if length and offset + length <= end:
            kept.append(entity)
    return kept


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _with_users(box: Sandbox, entities: list[JsonObject]) -> list[JsonObject]:
    """Turn links to people into mentions; a link to somebody unknown is dropped."""
    resolved = []
    for entity in entities:
        if entity["type"] == "text_link" and str(entity.get("url", "")).startswith(_USER_LINK):
            number = str(entity["url"]).removeprefix(_USER_LINK)
            user = box.users.get(int(number)) if number.isdecimal() else None
            if user is None:
                continue
            place = {key: entity[key] for key in ("offset", "length")}
            resolved.append({**place, "type": "text_mention", "user": user.api()})
        else:
            resolved.append(entity)
    return resolved
