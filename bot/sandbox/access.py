"""Which chat a call means, and whether it lets the bot in."""

from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.model import Chat
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

_KIND = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


def find_chat(box: Sandbox, params: Params, name: str = "chat_id") -> Chat:
    """The chat named by id or @username."""
    given = params.text(name).strip()
    if not given:
        raise bad_request(f"{name} is empty")
    chat: Chat | None = None
    if given.startswith("@"):
        chat = box.chats_by_username.get(given[1:].lower())
    else:
        chat = box.chats.get(params.integer(name))
    if chat is None:
        raise bad_request("chat not found")
    return chat


def open_chat(box: Sandbox, params: Params, name: str = "chat_id") -> Chat:
    """The chat if the bot may write there now; else the error Telegram gives for the reason it may not."""
    chat = find_chat(box, params, name)
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.user is not None:
        if chat.user.deactivated:
            raise forbidden("user is deactivated")
        if chat.user.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.user.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {_KIND[chat.type]}")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {_KIND[chat.type]}")
    if chat.type == "channel" and chat.bot_status != "administrator":
        raise bad_request("need administrator rights in the channel chat")
    return chat
