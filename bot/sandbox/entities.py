"""Message entities: UTF-16 arithmetic, the ones Telegram finds by itself, and their rendering as HTML."""

import re
from collections.abc import Sequence
from html import escape
from itertools import accumulate

from bot.sandbox.model import FormattedText, JsonObject

MAX_ENTITIES = 100

_FOUND_BY_ITSELF = re.compile(
    r"""
    (?P<url>(?:https?://|(?<![\w@./-])(?=[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|news|io|bd|in|uk|de|int)\b))
        [^\s<>"'|।]*[^\s<>"'|।.,;:!?()\[\]{}])
    | (?P<email>(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)
    | (?P<bot_command>(?<![\w/<>])/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\w/<>@]))
    | (?P<mention>(?<!\w)@[a-z0-9_]{3,32}(?!\w))
    | (?P<hashtag>(?<![\w&])\#(?=[\w\u0900-\u0dff]*[^\W\d])[\w\u0900-\u0dff\u200c\u200d]{1,256})
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Looking for one of these first keeps plain prose, by far the most frequent text, off the expression above.
_HINT = re.compile(r"[/@#.]")
_VERBATIM = {"code", "pre", "text_link", "text_mention"}
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
}


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: what Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def unit_offsets(text: str) -> Sequence[int]:
    """UTF-16 offset of every character of `text`, and of its end."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` an entity covers."""
    if text.isascii():
        return text[offset : offset + length]
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def in_order(entities: list[JsonObject]) -> list[JsonObject]:
    """Entities by position, the enclosing one first."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def with_found(formatted: FormattedText) -> FormattedText:
    """Add the commands, mentions, hashtags, addresses and links that Telegram marks without being asked."""
    text = formatted.text
    if not _HINT.search(text):
        return formatted
    offsets = unit_offsets(text)
    taken = [(e["offset"], e["offset"] + e["length"]) for e in formatted.entities if e["type"] in _VERBATIM]
    found = []
    for match in _FOUND_BY_ITSELF.finditer(text):
        start, end = offsets[match.start()], offsets[match.end()]
        if not any(start < until and since < end for since, until in taken):
            found.append({"offset": start, "length": end - start, "type": match.lastgroup})
    if not found:
        return formatted
    return FormattedText(text, in_order([*formatted.entities, *found])[:MAX_ENTITIES])


def trimmed(formatted: FormattedText) -> FormattedText:
    """Drop outer white space, as Telegram does after parsing, and move the entities along."""
    text = formatted.text.strip()
    if len(text) == len(formatted.text):
        return formatted
    lead = utf16_length(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    end = utf16_length(text)
    kept = []
    for entity in formatted.entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return FormattedText(text, kept)


def to_html(text: str, entities: list[JsonObject]) -> str:
    """The text as HTML with the tags of its entities; everything else is escaped. Safe to put on a page."""
    marked = [(e["offset"], e["offset"] + e["length"], *_tag(e)) for e in in_order(entities) if _tag(e)[0]]
    units = text.encode("utf-16-le", "surrogatepass")
    bounds = sorted({0, len(units) // 2, *(m[0] for m in marked), *(m[1] for m in marked)})
    pieces: list[str] = []
    is_open: list[tuple[int, str, str]] = []
    for here, after in zip(bounds, [*bounds[1:], bounds[-1]], strict=True):
        again: list[tuple[int, str, str]] = []
        while any(until <= here for until, _, _ in is_open):
            closing = is_open.pop()
            pieces.append(closing[2])
            if closing[0] > here:
                again.append(closing)
        again.reverse()
        again.extend((until, opening, closing) for since, until, opening, closing in marked if since == here)
        for entry in again:
            pieces.append(entry[1])
            is_open.append(entry)
        pieces.append(escape(units[2 * here : 2 * after].decode("utf-16-le", "replace"), quote=False))
    return "".join(pieces)


def _tag(entity: JsonObject) -> tuple[str, str]:
    kind = entity["type"]
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "pre":
        language = entity.get("language")
        if language:
            return f'<pre><code class="language-{escape(str(language))}">', "</code></pre>"
        return "<pre>", "</pre>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{escape(str(entity["custom_emoji_id"]))}">', "</tg-emoji>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={int(entity["user"]["id"])}">', "</a>"
    if kind == "text_link" and str(entity["url"]).startswith(("http://", "https://", "tg://", "mailto:")):
        return f'<a href="{escape(str(entity["url"]))}">', "</a>"
    return "", ""
