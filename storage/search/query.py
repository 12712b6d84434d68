"""What a search asks for, as values, and whether the words of a claim answer it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.kinds import ClaimState


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together in this order. `begins`: the last of them may go on, as “brid” in “bridge”."""

    words: tuple[str, ...]
    begins: bool = False

    def places(self, words: Sequence[str]) -> list[int]:
        """Return where in the words of a claim (as of `words_of`) the term stands."""
        *first, last = self.words
        size = len(first)
        return [
            at
            for at, word in enumerate(words[size:])
            if (word == last or (self.begins and word.startswith(last))) and list(words[at : at + size]) == first
        ]

    def stands_in(self, form: str) -> bool:
        """True if the term stands in the normal form of a claim."""
        # Most claims are told apart by the first test, which costs a fiftieth of the second.
        return all(word in form for word in self.words) and bool(self.places(words_of(form)))


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search: every term and tag has to be there, no term of `without`, and every filter that is given must fit.

    `by` is who brought a claim in, as it was typed: a name, a `@username`, or `me`. The span is [after, before).
    """

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    rating: str | None = None
    state: ClaimState | None = None
    by: str | None = None
    after: datetime | None = None
    before: datetime | None = None


def words_of(form: str) -> list[str]:
    """Return the words of a normal form as the index of words parts them: letters, marks and digits."""
    return form.translate(_PARTING).split()


class _Parting(dict[int, str]):
    """For `str.translate`: a space for what parts words, by the categories of `claim_words` (0001_initial.sql)."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        self[code] = chr(code) if category[0] in "LN" or category in {"Co", "Mc", "Mn"} else " "
        return self[code]


_PARTING = _Parting()
