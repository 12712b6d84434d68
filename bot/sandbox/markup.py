"""Keyboards: which reply_markup Telegram accepts."""

from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.html import normal_url
from bot.sandbox.model import JsonObject
from bot.sandbox.params import Params

MAX_BUTTONS = 100
MAX_CALLBACK_DATA = 64
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_REPLY_KINDS = ("keyboard", "remove_keyboard", "force_reply")


def read_markup(params: Params) -> tuple[JsonObject | None, JsonObject | None]:
    """The inline keyboard and the reply keyboard of a call; at most one of them is there."""
    markup = params.json_object("reply_markup", "reply markup")
    if not markup:
        return None, None
    if "inline_keyboard" in markup:
        return read_inline_keyboard(markup), None
    if any(kind in markup for kind in _REPLY_KINDS):
        return None, _read_reply_keyboard(markup)
    return None, None


def read_inline_keyboard(markup: JsonObject) -> JsonObject | None:
    """The inline keyboard without its empty rows, or None if nothing is left; ApiError 400 if a button is wrong."""
    rows = [[_inline_button(button) for button in row] for row in _rows(markup["inline_keyboard"], "inline keyboard")]
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _rows(value: Any, what: str) -> list[list[Any]]:
    name = "InlineKeyboardButton" if what == "inline keyboard" else "KeyboardButton"
    if not isinstance(value, list):
        raise bad_request(f'field "{what.replace(" ", "_")}" must be of type Array')
    if not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{what.replace(" ", "_")}" must be an Array of Arrays of {name}')
    if sum(len(row) for row in value) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return value


def _inline_button(button: Any) -> JsonObject:
    wrong = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{wrong}InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request(f'{wrong}Can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text can't be empty")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad_request(f"{wrong}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # Telegram would quietly take one of them; a test is better served by hearing of it.
        raise bad_request(f"{wrong}exactly one action expected, got {' and '.join(actions)}")
    if actions == ["callback_data"]:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "replace")) <= MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        return button
    if actions == ["url"]:
        return {**button, "url": _button_url(button["url"])}
    return button


def _button_url(given: Any) -> str:
    url = normal_url(given) if isinstance(given, str) else None
    if url is None:
        raise bad_request(f"inline keyboard button URL '{given}' is invalid: Wrong HTTP URL")
    return url


def _read_reply_keyboard(markup: JsonObject) -> JsonObject:
    if "keyboard" not in markup:
        return markup
    rows = []
    for row in _rows(markup["keyboard"], "keyboard"):
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        if not all(isinstance(button, dict) and isinstance(button.get("text"), str) for button in buttons):
            raise bad_request("can't parse keyboard button: Can't find field \"text\"")
        rows.append(buttons)
    return {**markup, "keyboard": rows}
