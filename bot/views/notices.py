"""One short sentence per code: what happened, that nothing was lost, what to do next.

The same words go into a message and into the answer to a button, which is plain text of at most 200 characters. So they
hold no HTML; the message escapes them as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.longtext import utf16_length
from bot.views.labels import language_name, rating_name, role_name, state_name
from bot.views.message import Message, escape
from bot.views.notice_texts import NOTICES, UNKNOWN
from bot.views.parts import number_of, one_line, shorten
from bot.views.words import Words
from storage.model import ClaimId

TOAST_MOST = 200
"""What Telegram allows in the answer to a button."""

_VALUE_MOST = 60
_MISSING = "…"


@dataclass(frozen=True, slots=True)
class Notice:
    """A code with its data, as it stands in the outbox or in a refusal."""

    code: str
    data: Mapping[str, Any]


def notice_text(code: str, data: Mapping[str, Any], words: Words) -> str:
    """Return what a code means as plain text of at most 200 characters."""
    text = _sentence(code, data, words)
    most = TOAST_MOST
    while utf16_length(text) > TOAST_MOST:
        most -= 10
        text = shorten(text, most)
    return text


def notice(shown: Notice, words: Words) -> Message:
    """Return what a code means as a message."""
    claim = shown.data.get("claim")
    return Message(
        escape(_sentence(shown.code, shown.data, words)), claim_id=ClaimId(claim) if isinstance(claim, int) else None
    )


def _sentence(code: str, data: Mapping[str, Any], words: Words) -> str:
    found = NOTICES.get(code)
    if found is None:
        return words.text(UNKNOWN, code=code)
    # A value that is missing must not keep the sentence from being said.
    values: defaultdict[str, str] = defaultdict(lambda: _MISSING)
    values |= {name: _shown(name, value, words) for name, value in data.items() if value is not None}
    if isinstance(found, str):
        return words.text(found).format_map(values)
    singular, plural, counted = found
    n = data.get(counted)
    return words.form(singular, plural, n if isinstance(n, int) else 0).format_map(values)


def _shown(name: str, value: Any, words: Words) -> str:
    match name:
        case "claim" | "known":
            return number_of(value)
        case "role":
            return role_name(words, str(value))
        case "state":
            return state_name(words, str(value))
        case "rating":
            return rating_name(words, str(value))
        case "language":
            return language_name(str(value))
        case _:
            # Names of people and chats, and what somebody typed, can be of any length.
            return words.number(value) if isinstance(value, int) else one_line(str(value), _VALUE_MOST)
