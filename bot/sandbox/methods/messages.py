"""Sending, forwarding, deleting and reacting."""

from typing import Any

from bot.sandbox.access import find_chat, open_chat
from bot.sandbox.content import read_reply, read_text, read_thread
from bot.sandbox.errors import bad_request
from bot.sandbox.markup import read_markup
from bot.sandbox.model import Chat, JsonObject, Message
from bot.sandbox.origin import origin_of
from bot.sandbox.params import Params
from bot.sandbox.reactions import REACTIONS
from bot.sandbox.state import Sandbox

DELETABLE_SECONDS = 48 * 3600
MAX_DELETED_AT_ONCE = 100
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
CARRIED = ("text", "entities", "caption", "caption_entities", "photo", "document")


def send_message(box: Sandbox, params: Params) -> JsonObject:
    """sendMessage."""
    chat = open_chat(box, params)
    return deliver(box, params, chat, read_text(box, params))


def deliver(box: Sandbox, params: Params, chat: Chat, content: JsonObject) -> JsonObject:
    """Put content that was checked into the chat with the keyboard, reply and topic of the call."""
    inline, keyboard = read_markup(params)
    reply = read_reply(chat, params)
    extra = read_thread(chat, params)
    if reply is not None:
        extra["reply_to_message"] = {k: v for k, v in reply.payload.items() if k != "reply_to_message"}
    if inline is not None:
        extra["reply_markup"] = inline
    box.flood.spend(chat.id, in_group=chat.is_group)
    return box.add_message(chat, box.bot, {**extra, **content}, keyboard=keyboard).payload


def forward_message(box: Sandbox, params: Params) -> JsonObject:
    """forwardMessage."""
    chat = open_chat(box, params)
    source = find_chat(box, params, "from_chat_id")
    message = source.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to forward not found")
    content: JsonObject = {key: message.payload[key] for key in CARRIED if key in message.payload}
    if not content:
        raise bad_request("message can't be forwarded")
    content["forward_origin"] = origin_of(message)
    content.update(read_thread(chat, params))
    box.flood.spend(chat.id, in_group=chat.is_group)
    return box.add_message(chat, box.bot, content).payload


def delete_message(box: Sandbox, params: Params) -> bool:
    """deleteMessage."""
    chat = find_chat(box, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    _check_deletable(box, message)
    box.remove_message(message)
    return True


def delete_messages(box: Sandbox, params: Params) -> bool:
    """deleteMessages: those that cannot be found are skipped."""
    chat = find_chat(box, params)
    numbers = params.json_list("message_ids", "message identifiers") or []
    if not 1 <= len(numbers) <= MAX_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified" if numbers else "message identifiers not specified")
    messages = [chat.messages[number] for number in dict.fromkeys(numbers) if number in chat.messages]
    for message in messages:
        _check_deletable(box, message)
    for message in messages:
        box.remove_message(message)
    return True


def send_chat_action(box: Sandbox, params: Params) -> bool:
    """sendChatAction: seen in the log only."""
    open_chat(box, params)
    if params.text("action").lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def set_message_reaction(box: Sandbox, params: Params) -> bool:
    """setMessageReaction: one ordinary emoji, or none to take it back."""
    chat = open_chat(box, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    reactions = params.json_list("reaction", "ReactionType") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not all(_is_known_reaction(reaction) for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    message.reactions[box.bot.id] = reactions
    box.touch(message, "reacted")
    return True


def _is_known_reaction(reaction: Any) -> bool:
    return isinstance(reaction, dict) and reaction.get("type") == "emoji" and reaction.get("emoji") in REACTIONS


def _check_deletable(box: Sandbox, message: Message) -> None:
    chat = message.chat
    if chat.type != "private" and chat.bot_status != "administrator" and not message.by_bot:
        raise bad_request("message can't be deleted")
    if chat.bot_status != "administrator" and box.now() - int(message.payload["date"]) > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
