"""How many sources of a review stand for themselves. Ten newspapers with one agency's report are one witness, not ten.

Which sources go back to one origin, the reviewer says; here it is counted, and likely copies are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from storage.model import Source, SourceId
from storage.search.terms import words_of
from storage.search.urls import canonical_url

_SAME_WORDS = 0.9
"""From this share of common words on (Dice's coefficient, words in any order) two quotes or titles are one. Our own
choice: a changed word in ten is an editor's hand, more is another text."""

_FEWEST_WORDS = 5
"""Below it the same words prove nothing: many pages are called "Press release"."""

_COMMON_ENDINGS = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "or", "org"})
"""Before a country's two letters these belong to the ending: `bbc.co.uk`, `mof.gov.bd`."""

_EVERYBODYS = frozenset(
    {"archive.org", "facebook.com", "instagram.com", "t.me", "tiktok.com", "twitter.com", "wikipedia.org"}
    | {"blogspot.com", "wordpress.com", "youtube.com"}
)
"""Sites on which everybody publishes: who shares one with somebody is not yet the same source."""


def independent_origins(sources: Sequence[Source]) -> int:
    """Return of how many origins the sources of one review are."""
    return len(set(map(origin_of, sources)))


def origin_of(source: Source) -> int:
    """Return the number that a source shares with its copies in the same review, and with no other source of it."""
    return source.id if source.origin is None else source.origin


def copies_of(sources: Sequence[Source]) -> dict[SourceId, int]:
    """Return for each source that is a copy of an earlier one the number of that one in the list, counted from 1."""
    first: dict[int, int] = {}
    places = ((source, number, first.setdefault(origin_of(source), number)) for number, source in enumerate(sources, 1))
    return {source.id: known for source, number, known in places if known != number}


def joined(sources: Sequence[Source], one: Source, other: Source) -> dict[SourceId, int | None]:
    """Return the new origins once `one` counts as a copy of `other`: it and all its copies go to the other's."""
    before, after = origin_of(one), origin_of(other)
    if before == after:
        return {}
    return {source.id: after for source in sources if origin_of(source) == before}


def parted(sources: Sequence[Source], one: Source) -> dict[SourceId, int | None]:
    """Return the new origins once `one` stands for itself again; what remains of its copies stays together."""
    rest = [source for source in sources if origin_of(source) == origin_of(one) and source.id != one.id]
    if not rest:
        return {}
    # A number that is the id of one of them must not stay with the others when that one leaves.
    changes: dict[SourceId, int | None] = {source.id: rest[0].id for source in rest[1:]}
    return {**changes, rest[0].id: None, one.id: None}


def likely_copies(sources: Sequence[Source]) -> list[tuple[Source, Source]]:
    """Return pairs that may go back to one report and are not marked so: a source, and the first earlier one like it.

    They stand on one site, or are one file, or their quotes or titles are nearly the same.
    """
    found = []
    for place, source in enumerate(sources):
        for earlier in sources[:place]:
            if origin_of(source) != origin_of(earlier) and _alike(source, earlier):
                found.append((source, earlier))
                break
    return found


def site_of(address: str) -> str | None:
    """Return the site of a web address: the part of its host that is registered by one owner; None if it has none.

    By rule of thumb: the last two parts, or three where the last one is a country's and the one before a common ending.
    """
    page = canonical_url(address)
    if page is None:
        return None
    host = page.partition("/")[0].partition("?")[0].partition(":")[0]
    parts = host.split(".")
    if parts[-1].isdigit() or "[" in host:
        return host
    long = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _COMMON_ENDINGS
    return ".".join(parts[-3 if long else -2 :])


def same_file(one: Source, other: Source) -> bool:
    """True if two sources are one file: Telegram says so, or their bytes do."""
    if one.file_unique_id is None or other.file_unique_id is None:
        return False
    return one.file_unique_id == other.file_unique_id or (one.sha256 is not None and one.sha256 == other.sha256)


def given_twice(reviews: Sequence[Sequence[Source]]) -> list[tuple[Source, Source]]:
    """Return the files that more than one review gives as a source: each as (the first, one in a later review).

    Two reviewers with one file have one origin between them. What is protected is left out: to name it would tell.
    """
    found = []
    for place, sources in enumerate(reviews):
        earlier = [source for before in reviews[:place] for source in before if not source.protected]
        for source in sources:
            first = next((each for each in earlier if same_file(each, source)), None)
            if first is not None and not source.protected:
                found.append((first, source))
    return found


def _alike(one: Source, other: Source) -> bool:
    if same_file(one, other):
        return True
    sites = [None if source.url is None else site_of(source.url) for source in (one, other)]
    if sites[0] is not None and sites[0] == sites[1] and sites[0] not in _EVERYBODYS:
        return True
    return any(
        _nearly_same(mine, theirs)
        for mine in (one.quote, one.title)
        for theirs in (other.quote, other.title)
        if mine is not None and theirs is not None
    )


def _nearly_same(one: str, other: str) -> bool:
    mine, theirs = words_of(one), words_of(other)
    if min(len(mine), len(theirs)) < _FEWEST_WORDS:
        return False
    common = (Counter(mine) & Counter(theirs)).total()
    return 2 * common / (len(mine) + len(theirs)) >= _SAME_WORDS
