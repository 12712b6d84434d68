"""Changing messages the bot has sent: text, caption, keyboard. The id stays."""

from bot.sandbox.access import open_chat
from bot.sandbox.content import read_caption, read_text
from bot.sandbox.errors import bad_request
from bot.sandbox.markup import read_markup
from bot.sandbox.model import JsonObject, Message
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(box: Sandbox, params: Params) -> JsonObject:
    """editMessageText."""
    message = _find(box, params)
    content = read_text(box, params)
    if "text" not in message.payload:
        raise bad_request("there is no text in the message to edit")
    return _change(box, message, params, content, ("text", "entities"))


def edit_message_caption(box: Sandbox, params: Params) -> JsonObject:
    """editMessageCaption."""
    message = _find(box, params)
    content = read_caption(box, params)
    if "photo" not in message.payload and "document" not in message.payload:
        raise bad_request("there is no caption in the message to edit")
    return _change(box, message, params, content, ("caption", "caption_entities"))


def edit_message_reply_markup(box: Sandbox, params: Params) -> JsonObject:
    """editMessageReplyMarkup."""
    return _change(box, _find(box, params), params, {}, ())


def _find(box: Sandbox, params: Params) -> Message:
    if "inline_message_id" in params:
        # Results of inline queries are never sent on in the sandbox, so there is none to edit.
        raise bad_request("MESSAGE_ID_INVALID")
    chat = open_chat(box, params)
    if not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not (message.by_bot or _is_own_post(message)) or "forward_origin" in message.payload or message.keyboard:
        raise bad_request("message can't be edited")
    return message


def _is_own_post(message: Message) -> bool:
    return message.chat.type == "channel" and message.chat.bot_status == "administrator"


def _change(
    box: Sandbox, message: Message, params: Params, content: JsonObject, replaced: tuple[str, ...]
) -> JsonObject:
    """Replace those fields and the keyboard; a call without a keyboard takes the keyboard away."""
    inline, _ = read_markup(params)
    before = message.payload
    after = {key: value for key, value in before.items() if key not in replaced and key != "reply_markup"}
    after.update(content)
    if inline is not None:
        after["reply_markup"] = inline
    if after == before:
        raise bad_request(_NOT_MODIFIED)
    box.flood.spend(message.chat.id, in_group=message.chat.is_group, is_edit=True)
    after["edit_date"] = box.now()
    return box.replace_payload(message, after).payload
