"""Sentences that wait to be sorted: by document, what editors chose of them, and where each editor is, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.model import Claim, Document, DocumentId, PersonId
from storage.rows import Columns, instant

_CLAIM = Columns(Claim)
_DOCUMENT = Columns(Document)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim that waits to be sorted. `chosen`: what an editor wanted; None if nobody has said anything."""

    claim: Claim
    requests: int
    chosen: bool | None


@dataclass(frozen=True, slots=True)
class Heap:
    """A document of which `waiting` sentences are to be sorted; `requests` about them in all."""

    document: Document
    waiting: int
    requests: int


@dataclass(frozen=True, slots=True)
class TriageView:
    """Where an editor is on the card of a document: from which sentence on, and whether at the reasons to close."""

    first: int = 0
    closing: bool = False


class Triage:
    """SQL on `triage_choices`, `triage_views` and the claims in triage."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_heaps(self) -> list[Heap]:
        """Return the documents that wait: the most asked about first, then the oldest."""
        rows = await self._session.fetch_all(
            f"""
            SELECT {_DOCUMENT.of("d")}, heap.waiting, heap.requests FROM (
              SELECT c.document_id, count(*) AS waiting, coalesce(sum((
                SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn')), 0) AS requests
              FROM claims c WHERE c.state = 'triage' GROUP BY c.document_id
            ) heap JOIN documents d ON d.id = heap.document_id ORDER BY heap.requests DESC, d.id
            """
        )
        return [Heap(_DOCUMENT.record(row[:-2]), int(row[-2]), int(row[-1])) for row in rows]

    async def list_sentences(self, document_id: DocumentId) -> list[Sentence]:
        """Return the sentences of a document that wait, in its order."""
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")},
              (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn'), t.chosen
            FROM claims c LEFT JOIN triage_choices t ON t.claim_id = c.id
            WHERE c.document_id = :id AND c.state = 'triage' ORDER BY c.position
            """,
            {"id": document_id},
        )
        return [Sentence(_CLAIM.record(row[:-2]), row[-2], None if row[-1] is None else bool(row[-1])) for row in rows]

    async def list_just_closed(self, document_id: DocumentId, now: datetime) -> list[Claim]:
        """Return the sentences of a document that were closed in triage, while that can be taken back."""
        return _CLAIM.records(
            await self._session.fetch_all(
                f"""
                SELECT {_CLAIM.of("c")} FROM claims c JOIN holds h ON h.claim_id = c.id
                WHERE c.document_id = :id AND c.state = 'closed' AND h.action = 'close' AND h.was = 'triage'
                  AND h.until > :now
                ORDER BY c.position
                """,
                {"id": document_id, "now": instant(now)},
            )
        )

    async def mark_chosen(self, claim: Claim, *, chosen: bool) -> None:
        """Note whether an editor wants a sentence to be checked."""
        await self._session.execute(
            """
            INSERT INTO triage_choices (claim_id, chosen) VALUES (:id, :chosen)
            ON CONFLICT (claim_id) DO UPDATE SET chosen = excluded.chosen
            """,
            {"id": claim.id, "chosen": int(chosen)},
        )

    async def find_view(self, person_id: PersonId, document_id: DocumentId) -> TriageView:
        """Return where an editor is on the card of a document; at its beginning if they never turned a page."""
        row = await self._session.fetch_one(
            "SELECT first, closing FROM triage_views WHERE person_id = :person_id AND document_id = :document_id",
            {"person_id": person_id, "document_id": document_id},
        )
        return TriageView() if row is None else TriageView(int(row[0]), bool(row[1]))

    async def mark_view(self, person_id: PersonId, document_id: DocumentId, view: TriageView) -> None:
        """Note where an editor is on the card of a document."""
        await self._session.execute(
            """
            INSERT INTO triage_views (person_id, document_id, first, closing)
            VALUES (:person_id, :document_id, :first, :closing)
            ON CONFLICT (person_id, document_id) DO UPDATE SET first = excluded.first, closing = excluded.closing
            """,
            {
                "person_id": person_id,
                "document_id": document_id,
                "first": view.first,
                "closing": int(view.closing),
            },
        )

    async def forget(self, document_id: DocumentId) -> None:
        """Drop what is kept of a document of which nothing waits any more."""
        params = {"id": document_id}
        await self._session.execute("DELETE FROM triage_views WHERE document_id = :id", params)
        await self._session.execute(
            "DELETE FROM triage_choices WHERE claim_id IN (SELECT id FROM claims WHERE document_id = :id)", params
        )

    async def count_sorted(self, document_id: DocumentId) -> tuple[int, int]:
        """Return how many sentences of a document went on to be checked, and how many were closed."""
        row = await self._session.fetch_one(
            """
            SELECT count(*) FILTER (WHERE state NOT IN ('new', 'triage', 'closed')), count(*) FILTER (
              WHERE state = 'closed') FROM claims WHERE document_id = :id
            """,
            {"id": document_id},
        )
        return (0, 0) if row is None else (int(row[0]), int(row[1]))
