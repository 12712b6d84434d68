"""Telegram's HTML: a parser for exactly the subset of `parse_mode=HTML`, refusing all else as Telegram does."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.sandbox.entities import in_order, utf16_length
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.model import FormattedText, JsonObject

_PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS = {*_PLAIN_TAGS, "a", "blockquote", "tg-emoji"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPECIAL = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_SPACE = " \t\r\n\f\v"
_HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+|localhost|\[[0-9a-fA-F:]+\]", re.IGNORECASE)


def parse_html(source: str) -> FormattedText:
    """Text and entities of `source`; ApiError 400 "can't parse entities" says where it is wrong."""
    if "<" not in source and "&" not in source:
        return FormattedText(source)
    return _Reader(source).read()


@dataclass(slots=True)
class _OpenTag:
    name: str
    offset: int
    pieces_before: int
    attributes: dict[str, str] = field(default_factory=dict)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.units = 0
        self.open: list[_OpenTag] = []
        self.entities: list[JsonObject] = []

    def read(self) -> FormattedText:
        while self.at < len(self.source):
            special = _SPECIAL.search(self.source, self.at)
            self._emit(self.source[self.at : special.start() if special else len(self.source)])
            if special is None:
                break
            self.at = special.start()
            if self.source[self.at] == "&":
                self._emit(self._reference())
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1].name}\""
            )
        return FormattedText("".join(self.pieces), in_order(self.entities))

    def _emit(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.units += utf16_length(text)

    def _wrong(self, reason: str, at: int) -> ApiError:
        offset = len(self.source[:at].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {reason} at byte offset {offset}")

    def _reference(self) -> str:
        """The character meant at an ampersand; an unknown name stands for itself."""
        match = _REFERENCE.match(self.source, self.at)
        if match is None:
            self.at += 1
            return "&"
        hexadecimal, decimal, name = match.groups()
        if name is not None:
            self.at = match.end()
            return _NAMED[name]
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
            self.at += 1
            return "&"
        self.at = match.end()
        return chr(code)

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._until(_SPACE + ">").lower()
        if self.at == len(self.source):
            raise self._wrong("Unclosed start tag", begin)
        if name not in _TAGS:
            raise self._wrong(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"', begin)
        if name == "tg-emoji" and not attributes.get("emoji-id", "").isdecimal():
            raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
        self.open.append(_OpenTag(name, self.units, len(self.pieces), attributes))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.at == len(self.source):
                raise self._wrong(f'Unclosed start tag "{tag}"', begin)
            if self.source[self.at] == ">":
                self.at += 1
                return found
            name = self._until(_SPACE + "=>/\"'").lower()
            if not name:
                raise self._wrong(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_space()
            if self.source[self.at : self.at + 1] != "=":
                # Telegram knows a single attribute without a value.
                if name != "expandable":
                    raise self._wrong(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
                found[name] = ""
                continue
            self.at += 1
            self._skip_space()
            found[name] = self._value(tag, begin)

    def _value(self, tag: str, begin: int) -> str:
        quote = self.source[self.at : self.at + 1]
        if quote not in {'"', "'"}:
            start = self.at
            while self.at < len(self.source) and (self.source[self.at].isalnum() or self.source[self.at] in ".-"):
                self.at += 1
            if self.source[self.at : self.at + 1] not in {*_SPACE, ">"}:
                raise self._wrong("Unexpected end of name token", start)
            return self.source[start : self.at]
        self.at += 1
        value: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != quote:
            if self.source[self.at] == "&":
                value.append(self._reference())
            else:
                value.append(self.source[self.at])
                self.at += 1
        if self.at == len(self.source):
            raise self._wrong(f'Unclosed start tag "{tag}"', begin)
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._wrong("Unexpected end tag", begin)
        self.at += 2
        name = self._until(">").strip(_SPACE).lower()
        if self.at == len(self.source):
            raise self._wrong("Unclosed end tag", begin)
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            where = len(self.source[:begin].encode("utf-8", "surrogatepass"))
            raise bad_request(
                f"can't parse entities: Unmatched end tag at byte offset {where}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self.units - tag.offset
        if not length:
            return
        entity: JsonObject = {"offset": tag.offset, "length": length}
        if tag.name == "a":
            url = normal_url(tag.attributes.get("href") or "".join(self.pieces[tag.pieces_before :]))
            if url is None:
                return
            entity.update(type="text_link", url=url)
        elif tag.name == "blockquote":
            entity["type"] = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
        elif tag.name == "tg-emoji":
            entity.update(type="custom_emoji", custom_emoji_id=tag.attributes["emoji-id"])
        else:
            entity["type"] = _PLAIN_TAGS[tag.name]
            if tag.name == "code":
                self._remember_language(tag, entity)
                return
            if tag.name == "pre":
                self._absorb_code(entity)
        self.entities.append(entity)

    def _remember_language(self, tag: _OpenTag, entity: JsonObject) -> None:
        """Inside <pre> the class of <code> names the programming language; elsewhere it means nothing."""
        language = tag.attributes.get("class", "")
        if language.startswith("language-") and self.open and self.open[-1].name == "pre":
            entity["language"] = language.removeprefix("language-")
        self.entities.append(entity)

    def _absorb_code(self, pre: JsonObject) -> None:
        last = self.entities[-1] if self.entities else None
        if last is None or last["type"] != "code" or last["offset"] < pre["offset"]:
            return
        language = last.pop("language", None)
        if (last["offset"], last["length"]) == (pre["offset"], pre["length"]):
            self.entities.pop()
            if language:
                pre["language"] = language

    def _until(self, stops: str) -> str:
        start = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1


def normal_url(raw: str) -> str | None:
    """A link as Telegram stores it, or None if it is none (the text then stays unlinked)."""
    url = raw.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme == "tg":
        return url
    if parts.scheme not in {"http", "https"} or not host or not _HOST.fullmatch(host):
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url}/"
