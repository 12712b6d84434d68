"""The Bot API's methods by name. Each takes the sandbox and the parameters and returns the `result` of the answer."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from bot.sandbox.errors import ApiError
from bot.sandbox.methods import callbacks, chats, edits, files, menus, messages, updates
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

Method = Callable[[Sandbox, Params], Any | Awaitable[Any]]

METHODS: dict[str, Method] = {
    method.lower(): function
    for method, function in {
        "getMe": chats.get_me,
        "getUpdates": updates.get_updates,
        "setWebhook": updates.set_webhook,
        "deleteWebhook": updates.delete_webhook,
        "getWebhookInfo": updates.get_webhook_info,
        "sendMessage": messages.send_message,
        "forwardMessage": messages.forward_message,
        "deleteMessage": messages.delete_message,
        "deleteMessages": messages.delete_messages,
        "sendChatAction": messages.send_chat_action,
        "setMessageReaction": messages.set_message_reaction,
        "editMessageText": edits.edit_message_text,
        "editMessageCaption": edits.edit_message_caption,
        "editMessageReplyMarkup": edits.edit_message_reply_markup,
        "sendPhoto": files.send_photo,
        "sendDocument": files.send_document,
        "getFile": files.get_file,
        "answerCallbackQuery": callbacks.answer_callback_query,
        "answerInlineQuery": callbacks.answer_inline_query,
        "setMyCommands": menus.set_my_commands,
        "getMyCommands": menus.get_my_commands,
        "deleteMyCommands": menus.delete_my_commands,
        "getChat": chats.get_chat,
        "getChatMember": chats.get_chat_member,
        "getChatMemberCount": chats.get_chat_member_count,
        "getChatAdministrators": chats.get_chat_administrators,
    }.items()
}


async def call_method(box: Sandbox, method: str, params: Params) -> Any:
    """Carry out one call (the name in lower case); ApiError if Telegram would refuse it."""
    function = METHODS.get(method)
    if function is None:
        raise ApiError(404, "Not Found")
    result = function(box, params)
    return await result if isawaitable(result) else result
