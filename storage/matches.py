"""Likenesses between claims, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.engines.base import Session
from storage.model import Claim, ClaimId
from storage.rows import Columns, instant, to_json


class MatchLevel(StrEnum):
    """How close a claim is to one known before it."""

    SAME = "same"
    """One answer serves both."""
    SIMILAR = "similar"
    """A person has to look."""


class MatchMethod(StrEnum):
    """What the likeness was seen by."""

    WORDS = "words"
    MEANING = "meaning"
    """Sentence embeddings, of the `semantic` extra."""


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that is like one known before it; `parts` is the evidence that `jobs/matching.py` gives."""

    claim_id: ClaimId
    known_id: ClaimId
    level: MatchLevel
    score: float
    method: MatchMethod
    parts: dict[str, Any]
    found_at: datetime


_MATCH = Columns(Match)
_CLAIM = Columns(Claim)


@dataclass(frozen=True, slots=True)
class MatchLine:
    """A match with the claim that was known, and its published rating if it has one."""

    match: Match
    known: Claim
    rating: str | None


class Matches:
    """SQL on `matches`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self,
        claim_id: ClaimId,
        known_id: ClaimId,
        level: MatchLevel,
        score: float,
        method: MatchMethod,
        parts: Mapping[str, Any],
        now: datetime,
    ) -> bool:
        """Keep a match; False if these two are matched already, in either order: what was said first stands."""
        changed = await self._session.execute(
            """
            INSERT INTO matches (claim_id, known_id, level, score, method, parts, found_at)
            SELECT :claim_id, :known_id, :level, :score, :method, :parts, :now
            WHERE NOT EXISTS (SELECT 1 FROM matches WHERE claim_id = :known_id AND known_id = :claim_id)
            ON CONFLICT (claim_id, known_id) DO NOTHING
            """,
            {
                "claim_id": claim_id,
                "known_id": known_id,
                "level": level,
                "score": score,
                "method": method,
                "parts": to_json(dict(parts)),
                "now": instant(now),
            },
        )
        return changed == 1

    async def list_lines(self, claim_id: ClaimId) -> list[MatchLine]:
        """Return what a claim was found to be like when it came in, best first, without what was taken apart since."""
        width = len(_MATCH.names)
        rows = await self._session.fetch_all(
            f"""
            SELECT {_MATCH.of("m")}, {_CLAIM.of("c")},
              (SELECT d.rating FROM verdicts d WHERE d.claim_id = c.id AND d.published_at IS NOT NULL
               ORDER BY d.version DESC LIMIT 1)
            FROM matches m JOIN claims c ON c.id = m.known_id
            WHERE m.claim_id = :claim_id AND m.apart = 0 ORDER BY m.score DESC, c.id
            """,
            {"claim_id": claim_id},
        )
        return [MatchLine(_MATCH.record(row[:width]), _CLAIM.record(row[width:-1]), row[-1]) for row in rows]

    async def forget_found(self, claim_id: ClaimId) -> list[ClaimId]:
        """Forget what a claim was found to be like, and what was found to be like it; returns the latter, by number.

        What was taken apart since stays apart, and what was merged into it is settled.
        """
        rows = await self._session.fetch_all(
            """
            DELETE FROM matches WHERE apart = 0 AND (claim_id = :id OR (known_id = :id AND NOT EXISTS (
              SELECT 1 FROM claims c WHERE c.id = matches.claim_id AND c.duplicate_of = :id)))
            RETURNING claim_id
            """,
            {"id": claim_id},
        )
        return sorted({ClaimId(row[0]) for row in rows} - {claim_id})

    async def mark_apart(self, claim_id: ClaimId, other_id: ClaimId) -> None:
        """Note that two claims are not the same, whichever of them was known first; nothing if they were no match."""
        await self._session.execute(
            """
            UPDATE matches SET apart = 1
            WHERE (claim_id = :one AND known_id = :other) OR (claim_id = :other AND known_id = :one)
            """,
            {"one": claim_id, "other": other_id},
        )

    async def find_between(self, claim_id: ClaimId, other_id: ClaimId) -> Match | None:
        """Return the match of two claims, whichever of them was known first."""
        return _MATCH.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_MATCH.sql} FROM matches
                WHERE (claim_id = :one AND known_id = :other) OR (claim_id = :other AND known_id = :one)
                """,
                {"one": claim_id, "other": other_id},
            )
        )
