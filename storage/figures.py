"""The joined reads behind screens and digests. Each returns one record with everything that a view needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import AssignmentState, Awaiting, ClaimState, ReviewState
from storage.model import Assignment, AssignmentId, Claim, ClaimId, Document, Person, PersonId, Review, Source, Verdict
from storage.rows import Columns
from storage.verdicts import Verdicts, VerdictSource

_ASSIGNMENT = Columns(Assignment)
_CLAIM = Columns(Claim)
_DOCUMENT = Columns(Document)
_PERSON = Columns(Person)
_REVIEW = Columns(Review)
_SOURCE = Columns(Source)

OPEN = (ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.DISPUTED, ClaimState.AGREED, ClaimState.APPROVED)
"""States in which somebody still has to do something."""

_OPEN = ", ".join(f"'{state}'" for state in OPEN)


@dataclass(frozen=True, slots=True)
class CardFacts:
    """One reviewer's view of one claim. `awaiting` and `detail` (of the focus) are None while it is elsewhere."""

    assignment: Assignment
    claim: Claim
    document: Document
    before: str | None
    after: str | None
    requests: int
    review: Review | None
    sources: list[Source]
    awaiting: Awaiting | None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """A submitted review with its author and sources."""

    review: Review
    person: Person
    sources: list[Source]


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What an editor decides on: a claim with every submitted review."""

    claim: Claim
    document: Document
    requests: int
    opinions: list[OpinionFacts]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """Where a claim stands. `taken` counts live leases, `submitted` the reviews handed in.

    `otherwise`: the ratings of reviews that differ from that of the verdict's first version, with how many gave each.
    """

    claim: Claim
    document: Document
    requests: int
    taken: int
    submitted: int
    verdict: Verdict | None
    sources: list[VerdictSource]
    otherwise: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim as one line of a list."""

    claim: Claim
    requests: int
    taken: int
    submitted: int
    rating: str | None


@dataclass(frozen=True, slots=True)
class MineLine:
    """A claim as one line of somebody's own list; fields that do not apply are None."""

    claim: Claim
    assignment: AssignmentState | None
    assignment_id: AssignmentId | None
    expires_at: datetime | None
    review: ReviewState | None
    asked: bool
    rating: str | None


LINE = f"""
  {_CLAIM.of("c")},
  (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn'),
  (SELECT count(*) FROM assignments a WHERE a.claim_id = c.id AND a.state = 'taken'),
  (SELECT count(*) FROM reviews v WHERE v.claim_id = c.id AND v.state = 'submitted'),
  (SELECT d.rating FROM verdicts d WHERE d.claim_id = c.id AND d.published_at IS NOT NULL AND c.state = 'published'
   ORDER BY d.version DESC LIMIT 1)
"""
"""The columns of a `ClaimLine`; the claim is `c`."""


class Figures:
    """Joined reads over every table."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def card(self, assignment_id: AssignmentId) -> CardFacts:
        """Return what the card of an assignment shows; NotFound if there is no such assignment."""
        width_a, width_c = len(_ASSIGNMENT.names), len(_CLAIM.names)
        row = await self._session.fetch_one(
            f"""
            SELECT {_ASSIGNMENT.of("a")}, {_CLAIM.of("c")}, {_DOCUMENT.of("d")},
              (SELECT p.quote FROM appearances p WHERE p.document_id = d.id AND p.position = c.position - 1),
              (SELECT p.quote FROM appearances p WHERE p.document_id = d.id AND p.position = c.position + 1),
              (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn'),
              (SELECT f.awaiting FROM focuses f WHERE f.person_id = a.person_id AND f.claim_id = c.id),
              (SELECT f.detail FROM focuses f WHERE f.person_id = a.person_id AND f.claim_id = c.id)
            FROM assignments a JOIN claims c ON c.id = a.claim_id JOIN documents d ON d.id = c.document_id
            WHERE a.id = :id
            """,
            {"id": assignment_id},
        )
        if row is None:
            raise NotFound("assignment_not_found")
        assignment = _ASSIGNMENT.record(row[:width_a])
        found = await self._session.fetch_one(
            f"""
            SELECT {_REVIEW.sql} FROM reviews
            WHERE claim_id = :claim_id AND person_id = :person_id AND state IN ('draft', 'submitted')
            """,
            {"claim_id": assignment.claim_id, "person_id": assignment.person_id},
        )
        review = _REVIEW.maybe(found)
        return CardFacts(
            assignment=assignment,
            claim=_CLAIM.record(row[width_a : width_a + width_c]),
            document=_DOCUMENT.record(row[width_a + width_c : -5]),
            before=row[-5],
            after=row[-4],
            requests=row[-3],
            review=review,
            sources=[] if review is None else await self._sources(review),
            awaiting=None if row[-2] is None else Awaiting(row[-2]),
            detail=row[-1],
        )

    async def _sources(self, review: Review) -> list[Source]:
        return _SOURCE.records(
            await self._session.fetch_all(
                f"SELECT {_SOURCE.sql} FROM sources WHERE review_id = :id ORDER BY id", {"id": review.id}
            )
        )

    async def _claim_with_document(self, claim_id: ClaimId) -> tuple[Claim, Document, int]:
        row = await self._session.fetch_one(
            f"""
            SELECT {_CLAIM.of("c")}, {_DOCUMENT.of("d")},
              (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn')
            FROM claims c JOIN documents d ON d.id = c.document_id WHERE c.id = :id AND c.practice = 0
            """,
            {"id": claim_id},
        )
        if row is None:
            raise NotFound("claim_not_found", claim=claim_id)
        width = len(_CLAIM.names)
        return _CLAIM.record(row[:width]), _DOCUMENT.record(row[width:-1]), row[-1]

    async def decision(self, claim_id: ClaimId) -> DecisionFacts:
        """Return what an editor decides on; NotFound if there is no such claim."""
        claim, document, requests = await self._claim_with_document(claim_id)
        rows = await self._session.fetch_all(
            f"""
            SELECT {_REVIEW.of("v")}, {_PERSON.of("p")} FROM reviews v JOIN people p ON p.id = v.person_id
            WHERE v.claim_id = :claim_id AND v.state = 'submitted' ORDER BY v.submitted_at, v.id
            """,
            {"claim_id": claim_id},
        )
        width = len(_REVIEW.names)
        opinions = []
        for row in rows:
            review = _REVIEW.record(row[:width])
            opinions.append(OpinionFacts(review, _PERSON.record(row[width:]), await self._sources(review)))
        verdict = await Verdicts(self._session).find_latest(claim_id)
        return DecisionFacts(claim, document, requests, opinions, verdict)

    async def status(self, claim_id: ClaimId) -> StatusFacts:
        """Return where a claim stands; NotFound if there is no such claim."""
        claim, document, requests = await self._claim_with_document(claim_id)
        row = await self._session.fetch_one(
            """
            SELECT (SELECT count(*) FROM assignments WHERE claim_id = :id AND state = 'taken'),
                   (SELECT count(*) FROM reviews WHERE claim_id = :id AND state = 'submitted')
            """,
            {"id": claim_id},
        )
        taken, submitted = row or (0, 0)
        verdicts = Verdicts(self._session)
        verdict = await verdicts.find_latest(claim_id)
        sources = [] if verdict is None else await verdicts.list_sources(verdict.id)
        otherwise = () if verdict is None else await self._otherwise(verdict)
        return StatusFacts(claim, document, requests, taken, submitted, verdict, sources, otherwise)

    async def _otherwise(self, verdict: Verdict) -> tuple[tuple[str, int], ...]:
        # A correction rests on what was not known to the reviewers of the version before: they did not think otherwise
        # of it. Of a claim that was reviewed anew, those of this round count.
        rows = await self._session.fetch_all(
            """
            SELECT rating, count(*) FROM reviews
            WHERE claim_id = :claim_id AND state = 'submitted' AND rating <> :rating AND submitted_at > (
              SELECT coalesce(max(decided_at), '') FROM verdicts WHERE claim_id = :claim_id AND version < :version)
            GROUP BY rating ORDER BY 2 DESC, 1
            """,
            {"claim_id": verdict.claim_id, "rating": verdict.rating, "version": verdict.version},
        )
        return tuple((row[0], row[1]) for row in rows)

    async def list_open(self) -> list[ClaimLine]:
        """Return every claim on which somebody still has to act, by number."""
        rows = await self._session.fetch_all(f"SELECT {LINE} FROM claims c WHERE c.state IN ({_OPEN}) ORDER BY c.id")
        return [line_of(row) for row in rows]

    async def list_mine(self, person_id: PersonId, *, limit: int = 50) -> list[MineLine]:
        """Return the claims a person works on or asked about: live work first, then the newest.

        Of practice, only what they have now.
        """
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")}, a.state, a.id, a.expires_at, v.state, q.id IS NOT NULL,
              (SELECT d.rating FROM verdicts d
               WHERE d.claim_id = c.id AND d.published_at IS NOT NULL AND c.state = 'published'
               ORDER BY d.version DESC LIMIT 1)
            FROM claims c
            LEFT JOIN assignments a ON a.claim_id = c.id AND a.person_id = :me AND a.state IN ('offered', 'taken')
            LEFT JOIN reviews v ON v.claim_id = c.id AND v.person_id = :me AND v.state IN ('draft', 'submitted')
            LEFT JOIN requests q ON q.claim_id = c.id AND q.person_id = :me AND q.state <> 'withdrawn'
            WHERE c.id IN (SELECT claim_id FROM assignments WHERE person_id = :me AND state IN ('offered', 'taken')
                           UNION SELECT claim_id FROM reviews
                           WHERE person_id = :me AND state <> 'withdrawn' AND claim_id > 0
                           UNION SELECT claim_id FROM requests WHERE person_id = :me AND state <> 'withdrawn')
              AND (c.state <> 'duplicate' OR v.state IS NOT NULL)
            ORDER BY a.state IS NULL, a.state DESC, a.expires_at, c.id DESC LIMIT :limit
            """,
            {"me": person_id, "limit": limit},
        )
        return [
            MineLine(
                claim=_CLAIM.record(row[:-6]),
                assignment=None if row[-6] is None else AssignmentState(row[-6]),
                assignment_id=row[-5],
                expires_at=None if row[-4] is None else datetime.fromisoformat(row[-4]),
                review=None if row[-3] is None else ReviewState(row[-3]),
                asked=bool(row[-2]),
                rating=row[-1],
            )
            for row in rows
        ]


def line_of(row: tuple[object, ...]) -> ClaimLine:
    """Return the line of a row of `LINE`."""
    requests, taken, submitted, rating = row[-4:]
    assert isinstance(requests, int)  # noqa: S101 - count(*)
    assert isinstance(taken, int)  # noqa: S101 - count(*)
    assert isinstance(submitted, int)  # noqa: S101 - count(*)
    return ClaimLine(_CLAIM.record(row[:-4]), requests, taken, submitted, None if rating is None else str(rating))
