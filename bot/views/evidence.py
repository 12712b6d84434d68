"""A source as a line of a list: who it is for decides what of a protected one is seen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.labels import kind_name, stance_name
from bot.views.message import Button, Call, Message, escape
from bot.views.parts import button, is_address, link, one_line
from bot.views.words import Words
from jobs.origins import copies_of
from storage.kinds import FileKind
from storage.model import Source
from storage.verdicts import VerdictSource

FILE_SIGNS = {FileKind.PHOTO: "\N{FRAME WITH PICTURE}", FileKind.DOCUMENT: "\N{PAPERCLIP}"}

_CAPTION_MOST = 900
_METHODS = {FileKind.PHOTO: ("sendPhoto", "photo"), FileKind.DOCUMENT: ("sendDocument", "document")}
_ADDRESS_MOST = 60
_TITLE_MOST = 150


def source_line(
    words: Words,
    number: int,
    source: Source | VerdictSource,
    title_most: int = _TITLE_MOST,
    *,
    copy_of: int | None = None,
    own: bool = False,
    quote_most: int = 0,
) -> str:
    """Return a source as a line of a list: number, link or words, kind and stance as far as known.

    Args:
        copy_of: the number in the list of the source of which it is a copy.
        own: the reader is who gave it, and sees what it is even if it is protected.
        quote_most: so much of what it says follows on a line of its own; a protected source would be told by that.
    """
    known = [
        *([] if source.kind is None else [kind_name(words, source.kind)]),
        *([] if source.stance is None else [stance_name(words, source.stance)]),
        *([] if copy_of is None else [words.text("copy of source {n}", n=copy_of)]),
        *([words.text("protected source")] if source.protected else []),
    ]
    line = f"{words.number(number)}. {_named(source, title_most, words, own=own)}"
    line = f"{line} ({', '.join(known)})" if known else line
    if source.quote is None or not quote_most or (source.protected and not own):
        return line
    return f"{line}\n<i>“{escape(one_line(source.quote, quote_most))}”</i>"


def _named(source: Source | VerdictSource, title_most: int, words: Words, *, own: bool) -> str:
    if isinstance(source, Source) and source.protected and not own:
        return escape(one_line(source.description or "", title_most))
    title = None if source.title is None else one_line(source.title, title_most)
    line = link(source.url, title)
    if isinstance(source, Source) and source.file_kind is not None:
        line = f"{FILE_SIGNS[source.file_kind]} {line}"
    if title is not None and source.url is not None and is_address(source.url):
        # Behind a title the reader should still see whose page it is.
        line = f"{line}, {escape(_host(source.url))}"
    if source.archived_url is not None:
        copy = link(source.archived_url, words.text("archived copy"))
        line = f"{line}, {copy}"
    return line


def source_lines(
    words: Words,
    sources: Sequence[Source | VerdictSource],
    title_most: int = _TITLE_MOST,
    *,
    own: bool = False,
    quote_most: int = 0,
) -> list[str]:
    """Return sources as the lines of a list; the arguments are those of `source_line`."""
    copies = copies_of([source for source in sources if isinstance(source, Source)])
    return [
        source_line(
            words,
            number,
            source,
            title_most,
            copy_of=copies.get(source.id) if isinstance(source, Source) else None,
            own=own,
            quote_most=quote_most,
        )
        for number, source in enumerate(sources, 1)
    ]


def file_button(source: Source, label: str) -> Button:
    """Return the button that sends the file of a source."""
    return button(label, Verb.FILE, source.id)


def file_shown(
    kind: FileKind | None, file_id: str | None, title: str | None, chat_id: int, words: Words
) -> Message | Call:
    """Return the file of a source, or of new evidence, with its title; only words if it has gone."""
    if kind is None:
        return Message(words.text("This file is not there any more."))
    method, name = _METHODS[kind]
    caption = one_line(title or "", _CAPTION_MOST)
    return Call(method, {"chat_id": chat_id, name: file_id, "caption": caption}, shows=True)


def _host(address: str) -> str:
    host = re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]
    return one_line(host.lower().removeprefix("www."), _ADDRESS_MOST)
