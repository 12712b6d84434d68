"""Command menus: set, read and deleted per scope and language; and which one a person sees."""

import re
from typing import Any

from bot.sandbox.access import find_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Chat, JsonObject, User
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"|[a-z]{2}")
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", *_CHAT_SCOPES}

Key = tuple[str, int, int, str]


def set_my_commands(box: Sandbox, params: Params) -> bool:
    """setMyCommands; an empty list deletes."""
    key = _key(box, params)
    given = params.json_list("commands", "BotCommand") or []
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(command) for command in given]
    if commands:
        box.commands[key] = commands
    else:
        box.commands.pop(key, None)
    return True


def get_my_commands(box: Sandbox, params: Params) -> list[JsonObject]:
    """getMyCommands: exactly what was set for that scope and language."""
    return box.commands.get(_key(box, params), [])


def delete_my_commands(box: Sandbox, params: Params) -> bool:
    """deleteMyCommands."""
    box.commands.pop(_key(box, params), None)
    return True


def menu_for(box: Sandbox, user: User, chat: Chat) -> list[JsonObject]:
    """The menu that person sees in that chat: the narrowest scope that has one, their language before none."""
    leads = chat.members.get(user.id) in {"creator", "administrator"}
    scopes: list[tuple[str, int, int]]
    if chat.type == "private":
        scopes = [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    else:
        scopes = [("chat_member", chat.id, user.id)]
        scopes += [("chat_administrators", chat.id, 0)] if leads else []
        scopes += [("chat", chat.id, 0)]
        scopes += [("all_chat_administrators", 0, 0)] if leads else []
        scopes += [("all_group_chats", 0, 0), ("default", 0, 0)]
    language = (user.language_code or "").partition("-")[0]
    keys = [(*scope, code) for scope in scopes for code in dict.fromkeys((language, ""))]
    return next((box.commands[key] for key in keys if key in box.commands), [])


def _key(box: Sandbox, params: Params) -> Key:
    scope = Params(params.json_object("scope", "BotCommandScope") or {"type": "default"})
    kind = scope.text("type")
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    language = params.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    chat_id = find_chat(box, scope).id if kind in _CHAT_SCOPES else 0
    user_id = scope.integer("user_id") if kind == "chat_member" else 0
    if kind == "chat_member" and user_id not in box.users:
        raise bad_request("user not found")
    return kind, chat_id, user_id, language


def _command(given: Any) -> JsonObject:
    if not isinstance(given, dict):
        raise bad_request("expected an Array of BotCommand")
    name, description = given.get("command"), given.get("description")
    if not isinstance(name, str) or not _COMMAND.fullmatch(name.removeprefix("/").lower()):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/").lower(), "description": description.strip()}
