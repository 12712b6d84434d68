"""An invariant: a sentence, and the query that finds what breaks it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """`sentence` is always true; `sql` selects the ids (of the noun `of`) of which it is not.

    A `+` before a person keeps SQLite from looking rows up by who: a few people did all the work.
    """

    code: str
    of: str
    sentence: str
    sql: str
