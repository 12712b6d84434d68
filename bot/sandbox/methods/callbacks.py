"""Answering pressed buttons and inline queries."""

from bot.sandbox.entities import utf16_length
from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

MAX_TOAST = 200
MAX_RESULTS = 50
MAX_RESULT_ID = 64
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(box: Sandbox, params: Params) -> bool:
    """answerCallbackQuery."""
    text = params.text("text")
    if utf16_length(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    box.forget_old_queries()
    callback = box.callbacks.get(params.text("callback_query_id"))
    if callback is None:
        raise bad_request(_TOO_OLD)
    callback.give({"text": text or None, "alert": params.flag("show_alert"), "url": params.text("url") or None})
    return True


def answer_inline_query(box: Sandbox, params: Params) -> bool:
    """answerInlineQuery."""
    results = params.json_list("results", "InlineQueryResult")
    if results is None:
        raise bad_request("results are not specified")
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    seen: set[str] = set()
    for result in results:
        if not isinstance(result, dict) or not isinstance(result.get("type"), str):
            raise bad_request("can't parse inline query result: object expected")
        number = result.get("id")
        if not isinstance(number, str) or not 1 <= len(number.encode("utf-8", "replace")) <= MAX_RESULT_ID:
            raise bad_request("RESULT_ID_INVALID")
        if number in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(number)
    box.forget_old_queries()
    query = box.inline_queries.get(params.text("inline_query_id"))
    if query is None:
        raise bad_request(_TOO_OLD)
    query.give({"results": results, "next_offset": params.text("next_offset")})
    return True
