"""The index of claims by their terms, as SQL: what finds a known claim in other words."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from storage.engines.base import Session
from storage.model import ClaimId
from storage.search.terms import grams_of, stem, words_of, words_of_known

BUDGET = 20_000
"""Claims that the terms of one search may stand in together: what is looked through and scored for it."""

_FEWEST = 3
"""Terms that are looked for whatever they cost."""

_NO_END = 2**62
"""Greater than the number of any claim."""

EVERY = ""
"""A stem that stands in every claim, and in no text: what is counted for it is how many claims there are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known claim that shares terms with what was looked for. `weight`: the more and the rarer, the greater (BM25).

    `about` is what is written about it, `stands_for` the claim it was merged into, else itself.
    """

    claim_id: ClaimId
    stands_for: ClaimId
    text: str
    words: list[str]
    about: str
    weight: float


class Index:
    """SQL on `claim_stems` and on how often its terms stand there."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, claim_id: ClaimId, text: str, about: str) -> None:
        """Make a claim findable: by its text, and by what is written about it (a title, the body of a fact-check)."""
        sql = "INSERT INTO claim_stems (rowid, text, about) VALUES (:id, :text, :about)"
        await self._put(sql, claim_id, text, about, 1)

    async def remove(self, claim_id: ClaimId, text: str, about: str) -> None:
        """Forget a claim; `text` and `about` must be those it was added with, because the index does not keep them."""
        sql = "INSERT INTO claim_stems (claim_stems, rowid, text, about) VALUES ('delete', :id, :text, :about)"
        await self._put(sql, claim_id, text, about, -1)

    async def describe(self, claim_id: ClaimId, text: str, about: str, before: str) -> None:
        """Change what is written about a claim from `before` to `about`; one not in the index is left to the walk."""
        if about != before and await self.has(claim_id):
            await self.remove(claim_id, text, before)
            await self.add(claim_id, text, about)

    async def _put(self, sql: str, claim_id: ClaimId, text: str, about: str, by: Literal[1, -1]) -> None:
        words = words_of(text)
        inside, outside = list(map(stem, words)), list(map(stem, words_of(about)))
        await self._session.execute(sql, {"id": claim_id, "text": " ".join(inside), "about": " ".join(outside)})
        for table, terms in (("stem", {EVERY, *inside, *outside}), ("gram", set(grams_of(words)))):
            await self._session.execute(
                f"""
                INSERT INTO {table}_counts ({table}, claims) SELECT value, max(:by, 0) FROM json_each(:terms) WHERE true
                ON CONFLICT DO UPDATE SET claims = max(0, claims + :by)
                """,
                {"terms": _listed(terms), "by": by},
            )

    async def has(self, claim_id: ClaimId) -> bool:
        """Return True if a claim is in the index."""
        return (
            await self._session.fetch_one("SELECT rowid FROM claim_stems WHERE rowid = :id", {"id": claim_id})
            is not None
        )

    async def clear(self) -> None:
        """Forget every claim."""
        await self._session.execute("INSERT INTO claim_stems (claim_stems) VALUES ('delete-all')")
        await self._session.execute("DELETE FROM stem_counts")
        await self._session.execute("DELETE FROM gram_counts")

    async def count(self, of: Literal["stem", "gram"], terms: Iterable[str]) -> dict[str, int]:
        """Return in how many claims each stem or gram stands; those of no claim are left out."""
        rows = await self._session.fetch_all(
            f"""
            SELECT {of}, claims FROM json_each(:terms) JOIN {of}_counts ON {of} = value
            WHERE claims > 0
            """,
            {"terms": _listed(set(terms))},
        )
        return {row[0]: int(row[1]) for row in rows}

    async def candidates(
        self, counts: dict[str, int], limit: int = 50, *, before: ClaimId | None = None
    ) -> list[Candidate]:
        """Return claims in which terms stand, best first.

        The rarest terms are looked for, as many as together stand in no more than `BUDGET` claims: so a small desk
        looks for all of them, and a large one takes no longer.

        Args:
            counts: the terms with the number of claims, as `count` gives it.
            limit: how many claims.
            before: only claims with a smaller number; None for all.
        """
        rarest = sorted(counts, key=lambda term: (counts[term], term))
        asked, spent = rarest[:_FEWEST], sum(counts[term] for term in rarest[:_FEWEST])
        for term in rarest[_FEWEST:]:
            spent += counts[term]
            if spent > BUDGET:
                break
            asked.append(term)
        if not asked:
            return []
        rows = await self._session.fetch_all(
            """
            SELECT rowid, -bm25(claim_stems) FROM claim_stems WHERE claim_stems MATCH :query AND rowid < :before
            ORDER BY rank LIMIT :limit
            """,
            {
                "query": " OR ".join(f'"{term}"' for term in asked),
                "limit": limit,
                "before": _NO_END if before is None else before,
            },
        )
        return await self._read({ClaimId(row[0]): float(row[1]) for row in rows})

    async def _read(self, weights: dict[ClaimId, float]) -> list[Candidate]:
        rows = await self._session.fetch_all(
            """
            SELECT c.id, coalesce(c.duplicate_of, c.id), c.text, w.words, coalesce((
              SELECT v.summary FROM verdicts v WHERE v.claim_id = c.id AND v.published_at IS NOT NULL
              ORDER BY v.version DESC LIMIT 1), '')
            FROM json_each(:ids) JOIN claims c ON c.id = value JOIN claim_words w ON w.rowid = c.id
            """,
            {"ids": json.dumps(list(weights))},
        )
        found = [
            Candidate(
                ClaimId(row[0]),
                ClaimId(row[1]),
                row[2],
                words_of_known(row[2], row[3]),
                row[4],
                weights[ClaimId(row[0])],
            )
            for row in rows
        ]
        return sorted(found, key=lambda each: (-each.weight, each.claim_id))


def _listed(terms: Collection[str]) -> str:
    # Sorted: in the order of the table, the rows that are changed lie side by side.
    return json.dumps(sorted(terms), ensure_ascii=False)
