"""How a chat wants its digest: of which claims it tells, its first words, and the order of its sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.model import Subscription
from storage.rows import to_json


@dataclass(frozen=True, slots=True)
class Limit:
    """Claims in one of the languages and with one of the topics (tags); none named: all of them."""

    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.languages or self.topics)

    def sql(self, claim: str) -> str:
        """Return the condition, with its AND, that a claim fits; `claim` is its number in the query around."""
        told = ""
        if self.languages:
            told += (
                f" AND EXISTS (SELECT 1 FROM claims lc WHERE lc.id = {claim}"
                " AND lc.language IN (SELECT value FROM json_each(:only_languages)))"
            )
        if self.topics:
            told += (
                f" AND EXISTS (SELECT 1 FROM claim_tags lt WHERE lt.claim_id = {claim}"
                " AND lt.tag IN (SELECT value FROM json_each(:only_topics)))"
            )
        return told

    @property
    def params(self) -> dict[str, Any]:
        """What the condition needs."""
        params = {}
        if self.languages:
            params["only_languages"] = to_json(list(self.languages))
        if self.topics:
            params["only_topics"] = to_json(list(self.topics))
        return params


ALL = Limit()


@dataclass(frozen=True, slots=True)
class DigestWishes:
    """`arranged`: the sections that come first, in their order; the others follow in ours."""

    only: Limit = ALL
    intro: str | None = None
    arranged: tuple[str, ...] = ()


def wishes_of(subscription: Subscription) -> DigestWishes:
    """Return how a subscription is wanted."""
    only = Limit(tuple(subscription.languages), tuple(subscription.topics))
    return DigestWishes(only, subscription.intro, tuple(subscription.arranged))
