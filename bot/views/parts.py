"""Parts that several views are made of. Whatever people wrote is cut and escaped here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote as quoted

from bot.callbacks import Verb, encode
from bot.views.message import Button, escape
from bot.views.words import Words
from storage.kinds import DocumentKind
from storage.model import Claim, Document

CLAIM_MOST = 1200
"""Characters of a claim on a card. With all else on it, a card has to fit into one message, or it cannot be edited."""

PRACTICE = "\N{GRADUATION CAP}"
"""What marks practice wherever it is shown."""

_ADDRESS_MOST = 60
_TITLE_MOST = 150
_WEB = ("http://", "https://")
_JOINERS = "\u200c\u200d"
_VIRAMA = 9
_LARGE = "-100"
"""So begin the ids of supergroups and channels; messages of other chats have no address."""


def shorten(text: str, most: int) -> str:
    """Return a text of at most `most` characters, cut between words where there are any."""
    text = text.strip()
    if len(text) <= most:
        return text
    cut = text[:most]
    spaced = cut.rpartition(" ")[0]
    if len(spaced) > most * 2 // 3:
        return spaced.rstrip() + "…"
    # Not inside a letter: a vowel sign or a half of a conjunct alone is shown on a dotted circle.
    end = most - 1
    while end > most // 2 and (_hangs_on(text[end]) or _pulls(text[end - 1])):
        end -= 1
    return text[:end] + "…"


def _hangs_on(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character in _JOINERS


def _pulls(character: str) -> bool:
    return unicodedata.combining(character) == _VIRAMA or character in _JOINERS


def one_line(text: str, most: int) -> str:
    """Return a text without line breaks, shortened."""
    return shorten(" ".join(text.split()), most)


def number_of(claim_id: int) -> str:
    """Return a claim's public number. Its digits are the same in every language, so that it can be typed and found.

    A practice claim has none: it is shown by a sign of its own, and by nothing that could be asked about.
    """
    number = f"#{claim_id}"
    return number.replace("#-", PRACTICE)


def quote(text: str, most: int = CLAIM_MOST) -> str:
    """Return what somebody wrote as a quotation."""
    return f"<blockquote>{escape(shorten(text, most))}</blockquote>"


def claim_quote(words: Words, claim: Claim, most: int = CLAIM_MOST) -> str:
    """Return a claim's text as a quotation; if an editor gave it a clearer one, with the words that came in."""
    if claim.text == claim.quote:
        return quote(claim.text, most)
    # Both in the room that one may have, so that the card still fits into a message.
    return lines(
        quote(claim.text, most // 2),
        words.text("As it came in: {quote}", quote=f"<i>{escape(one_line(claim.quote, most // 2))}</i>"),
    )


def is_address(text: str | None) -> bool:
    """True for what may be made a link."""
    return text is not None and text.lower().startswith(_WEB)


def link(address: str | None, label: str | None) -> str:
    """Return a link, or only the words if the address is none. One of the two is given."""
    if not is_address(address) or address is None:
        return escape(label or address or "")
    shown = label or shorten(address.partition("://")[2].rstrip("/"), _ADDRESS_MOST)
    return f'<a href="{escape(address).replace(chr(34), "&quot;")}">{escape(shown)}</a>'


def post_address(post: Mapping[str, Any] | None) -> str | None:
    """Return the address of a post, given as `storage.posts.PostedAt` is kept in JSON; None if it has none.

    Whoever is in the chat can open it; everybody, if the chat has a public name.
    https://core.telegram.org/api/links#message-links
    """
    if post is None:
        return None
    chat, message = str(post["chat_id"]), post["message_id"]
    if post["username"] is not None:
        return f"https://t.me/{quoted(post['username'])}/{message}"
    return f"https://t.me/c/{chat.removeprefix(_LARGE)}/{message}" if chat.startswith(_LARGE) else None


def document_line(words: Words, document: Document) -> str:
    """Return where a claim stands: title, publisher, link and date as far as known."""
    title = None if document.title is None else one_line(document.title, _TITLE_MOST)
    known = [
        *([link(document.url, title)] if title or document.url else []),
        *([escape(one_line(document.publisher, _TITLE_MOST))] if document.publisher else []),
        *([words.date(document.published_at)] if document.published_at else []),
    ]
    if known:
        return words.text("From: {document}", document=", ".join(known))
    if document.kind is DocumentKind.MESSAGE:
        return words.text("From a message to the desk, {date}", date=words.date(document.created_at))
    return words.text("Received on {date}", date=words.date(document.created_at))


def asked_line(words: Words, requests: int) -> str:
    """Return how many people want to know."""
    if not requests:
        return words.text("Nobody has asked about it yet")
    return words.count("{n} person asked about it", "{n} people asked about it", requests)


def paragraphs(*parts: str | None) -> str:
    """Return what there is of the parts, with a blank line between."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str | None) -> str:
    """Return what there is of the parts, each on a line."""
    return "\n".join(part for part in parts if part)


def button(label: str, verb: Verb, *args: int | str) -> Button:
    """Return a button that means `verb`."""
    return Button(label, encode(verb, *args))


def in_rows(buttons: Iterable[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Return buttons in rows of `width`."""
    held = tuple(buttons)
    return tuple(held[start : start + width] for start in range(0, len(held), width))
