"""Tags of claims: what a tag is, those that a text carries with it, and those that editors give and take away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime

from jobs.access import require
from storage.errors import Refused
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Claim, Person
from storage.search import normal_form

LONGEST = 64
"""Characters of a tag."""

MOST = 20
"""Tags of a claim. A text with more hashtags is an advertisement for itself, and brings its first ones only."""

_SIGNS = ("#", "＃")
_NO_TAG_AFTER = ("&", "/")
_JOINERS = "\u200c\u200d"
_MINUS = "-−–—"


def tag_of(text: str) -> str | None:
    """Return the tag that a text is, in the form that is equal for equal tags; None if it is none.

    A tag is one word of letters, marks, digits and low lines, and not of digits only: those are numbers of claims.
    """
    if not text or not all(map(_in_tag, text)):
        return None
    tag = normal_form(text.replace("_", " ")).replace(" ", "_")
    return None if not tag or len(tag) > LONGEST or tag.replace("_", "").isdecimal() else tag


def tags_of(text: str) -> tuple[str, ...]:
    """Return the hashtags in a text as tags, each once, in their order; those in links are none."""
    found: dict[str, None] = {}
    for hashtag in _hashtags(text):
        tag = tag_of(hashtag)
        if tag is not None:
            found[tag] = None
            if len(found) == MOST:
                break
    return tuple(found)


def _hashtags(text: str) -> Iterator[str]:
    for piece in text.split():
        # Brackets and quotation marks may stand before it; inside a word, a link or `&#39;`, # means something else.
        start = next((at for at, char in enumerate(piece) if char in _SIGNS or _in_tag(char)), len(piece))
        if "://" in piece or piece[start : start + 1] not in _SIGNS or piece[:start].endswith(_NO_TAG_AFTER):
            continue
        for part in piece[start:].replace("＃", "#").split("#")[1:]:
            end = next((at for at, char in enumerate(part) if not _in_tag(char)), len(part))
            yield part[:end]


def _in_tag(char: str) -> bool:
    return char == "_" or char in _JOINERS or unicodedata.category(char)[0] in "LMN"


def read_changes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read `flood #dhaka -old`: the tags to give and those to take away.

    Raises:
        Refused: `tag_invalid` with the piece that is no tag.
    """
    given: list[str] = []
    taken: list[str] = []
    for piece in text.split():
        minus = piece[0] in _MINUS
        tag = tag_of(piece[minus:].lstrip("#＃"))
        if tag is None:
            raise Refused("tag_invalid", tag=piece)
        (taken if minus else given).append(tag)
    return tuple(dict.fromkeys(given)), tuple(dict.fromkeys(taken))


async def change_tags(
    ledger: Ledger, person: Person, claim: Claim, given: tuple[str, ...], taken: tuple[str, ...], now: datetime
) -> tuple[str, ...]:
    """Give a claim tags and take some away, for editors; returns those it has then, by name.

    Raises:
        NotAllowed: `role_needed`.
        Refused: `tag_too_many`.
    """
    require(person, Role.EDITOR)
    before = set(await ledger.tags.list_of(claim.id))
    after = (before | set(given)) - set(taken)
    if len(after) > max(MOST, len(before)):
        raise Refused("tag_too_many", most=MOST)
    added, removed = tuple(sorted(after - before)), tuple(sorted(before - after))
    await ledger.tags.add(claim.id, added)
    await ledger.tags.remove(claim.id, removed)
    if added or removed:
        data = {"added": list(added), "removed": list(removed)}
        await ledger.audit.append("claim.tagged", "claim", claim.id, now, actor=person.id, data=data)
    return tuple(sorted(after))
