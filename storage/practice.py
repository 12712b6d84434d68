"""Practice: past claims with known verdicts, as SQL, and how far each person is with them.

Offers, leases and reviews of practice lie where the real ones do, so that one code path serves both. The sign of the
claim's number tells them apart in every row that names a claim: `claim_id > 0` is real work.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import SourceKind, Stance
from storage.model import Assignment, AssignmentId, ClaimId, DocumentId, PersonId, Review
from storage.rows import Columns, instant, to_json
from storage.verdicts import VerdictSource

_ASSIGNMENT = Columns(Assignment)
_REVIEW = Columns(Review)


def is_practice(claim_id: ClaimId) -> bool:
    """True for the number of a practice claim."""
    return claim_id < 0


@dataclass(frozen=True, slots=True)
class Case:
    """What the desk itself found about a practice claim."""

    claim_id: ClaimId
    rating: str
    summary: str
    sources: list[VerdictSource]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is: `done` of `cases`, `agreeing` of those with the desk's rating.

    `newest` is the practice claim they got last, None before the first one.
    """

    person_id: PersonId
    cases: int
    done: int
    agreeing: int
    newest: Assignment | None

    @property
    def open(self) -> Assignment | None:
        """The practice claim that they have now."""
        return self.newest if self.newest is not None and self.newest.ended_at is None else None

    @property
    def mark(self) -> AssignmentId:
        """What a button carries to be known as stale: it changes with each practice claim that is given out."""
        return AssignmentId(0) if self.newest is None else self.newest.id


class Practice:
    """SQL on `practice_cases`, and on what of other tables belongs to practice."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self,
        *,
        document_id: DocumentId,
        key: str,
        text: str,
        language: str,
        rating: str,
        summary: str,
        sources: list[VerdictSource],
        decided_at: datetime,
    ) -> ClaimId:
        """Keep a practice claim with the desk's verdict on it. Its words are not put where searches look.

        `key` must be none that `claim_key` could return.
        """
        row = await self._session.fetch_one(
            """
            INSERT INTO claims (id, document_id, position, quote, text, key, language, state, created_at, state_at,
              owed_since, practice)
            VALUES ((SELECT coalesce(min(id), 0) - 1 FROM claims WHERE id < 0), :document_id, 0, :text, :text, :key,
              :language, 'new', :at, :at, :at, 1)
            RETURNING id
            """,
            {"document_id": document_id, "key": key, "text": text, "language": language, "at": instant(decided_at)},
        )
        assert row is not None  # noqa: S101 - RETURNING
        await self._session.execute(
            """
            INSERT INTO practice_cases (claim_id, rating, summary, sources, decided_at)
            VALUES (:claim_id, :rating, :summary, :sources, :at)
            """,
            {
                "claim_id": row[0],
                "rating": rating,
                "summary": summary,
                "sources": to_json([_to_json(source) for source in sources]),
                "at": instant(decided_at),
            },
        )
        return ClaimId(row[0])

    async def get(self, claim_id: ClaimId) -> Case:
        """Return what the desk found about a practice claim; NotFound for any other."""
        row = await self._session.fetch_one(
            "SELECT rating, summary, sources, decided_at FROM practice_cases WHERE claim_id = :id", {"id": claim_id}
        )
        if row is None:
            raise NotFound("claim_not_found", claim=claim_id)
        sources = [_from_json(each) for each in json.loads(row[2])]
        return Case(claim_id, row[0], row[1], sources, datetime.fromisoformat(row[3]))

    async def progress(self, person_id: PersonId) -> Progress:
        """Return how far a person is in the round that they are in."""
        row = await self._session.fetch_one(
            """
            SELECT count(*), count(r.id), count(r.id) FILTER (WHERE r.rating = practice_cases.rating)
            FROM practice_cases LEFT JOIN reviews r
              ON r.claim_id = practice_cases.claim_id AND r.person_id = :me AND r.state = 'submitted'
            """,
            {"me": person_id},
        )
        newest = await self._session.fetch_one(
            f"""
            SELECT {_ASSIGNMENT.sql} FROM assignments WHERE person_id = :me AND claim_id < 0 ORDER BY id DESC LIMIT 1
            """,
            {"me": person_id},
        )
        cases, done, agreeing = row or (0, 0, 0)
        return Progress(person_id, cases, done, agreeing, _ASSIGNMENT.maybe(newest))

    async def find_next(self, person_id: PersonId, language: str | None) -> ClaimId | None:
        """Return the practice claim that a person should get; None if they did all of them in this round.

        First what they have a draft of and did not hand back; then what they never had, that in their language first;
        then what they left, passed over or handed back, or did in an earlier round, in the same order.
        """
        row = await self._session.fetch_one(
            """
            SELECT practice_cases.claim_id
            FROM practice_cases JOIN claims c ON c.id = practice_cases.claim_id
            LEFT JOIN assignments a ON a.id = (
              SELECT max(b.id) FROM assignments b WHERE b.claim_id = practice_cases.claim_id AND b.person_id = :me)
            WHERE NOT EXISTS (
              SELECT 1 FROM reviews r
              WHERE r.claim_id = practice_cases.claim_id AND r.person_id = :me AND r.state = 'submitted')
            ORDER BY CASE WHEN a.state <> 'passed' AND EXISTS (
                SELECT 1 FROM reviews d
                WHERE d.claim_id = practice_cases.claim_id AND d.person_id = :me AND d.state = 'draft')
              THEN 0 ELSE 1 END,
              coalesce(a.id, 0), CASE WHEN c.language = :language THEN 0 ELSE 1 END, c.id DESC
            LIMIT 1
            """,
            {"me": person_id, "language": language},
        )
        return None if row is None else ClaimId(row[0])

    async def list_submitted(self, person_id: PersonId) -> list[Review]:
        """Return the practice reviews of a person in the round that they are in, in the order of their making."""
        return _REVIEW.records(
            await self._session.fetch_all(
                f"""
                SELECT {_REVIEW.sql} FROM reviews
                WHERE person_id = :me AND claim_id < 0 AND state = 'submitted' ORDER BY id
                """,
                {"me": person_id},
            )
        )


def _to_json(source: VerdictSource) -> dict[str, Any]:
    return {
        "url": source.url,
        "title": source.title,
        "kind": source.kind,
        "stance": source.stance,
        "accessed_at": instant(source.accessed_at),
    }


def _from_json(kept: dict[str, Any]) -> VerdictSource:
    return VerdictSource(
        url=kept["url"],
        title=kept["title"],
        kind=SourceKind(kept["kind"]),
        stance=Stance(kept["stance"]),
        accessed_at=datetime.fromisoformat(kept["accessed_at"]),
        archived_url=None,
    )
