"""Documents and where claims appear in them, as SQL."""

from __future__ import annotations

from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import DocumentKind
from storage.model import ClaimId, Document, DocumentId, PersonId
from storage.rows import Columns, instant, maybe_instant

_DOCUMENT = Columns(Document)


class Documents:
    """SQL on `documents` and `appearances`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, document_id: DocumentId) -> Document:
        """Return a document; NotFound if there is none."""
        row = await self._session.fetch_one(
            f"SELECT {_DOCUMENT.sql} FROM documents WHERE id = :id", {"id": document_id}
        )
        if row is None:
            raise NotFound("document_not_found", document=document_id)
        return _DOCUMENT.record(row)

    async def text_of(self, document_id: DocumentId) -> str:
        """Return a document's text, verbatim; NotFound if there is no such document."""
        row = await self._session.fetch_one("SELECT text FROM documents WHERE id = :id", {"id": document_id})
        if row is None:
            raise NotFound("document_not_found", document=document_id)
        return str(row[0])

    async def find_by_hash(self, content_hash: str) -> Document | None:
        """Return the document with this content, if it came in before."""
        return _DOCUMENT.maybe(
            await self._session.fetch_one(
                f"SELECT {_DOCUMENT.sql} FROM documents WHERE content_hash = :hash", {"hash": content_hash}
            )
        )

    async def add(
        self,
        *,
        kind: DocumentKind,
        content_hash: str,
        text: str,
        title: str | None,
        publisher: str | None,
        url: str | None,
        language: str,
        submitted_by: PersonId | None,
        published_at: datetime | None,
        now: datetime,
    ) -> Document:
        """Keep a new document; Stale if its content is known."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO documents
              (kind, content_hash, text, title, publisher, url, language, submitted_by, published_at, created_at)
            VALUES (:kind, :content_hash, :text, :title, :publisher, :url, :language, :submitted_by, :published_at,
              :now)
            RETURNING {_DOCUMENT.sql}
            """,
            {
                "kind": kind,
                "content_hash": content_hash,
                "text": text,
                "title": title,
                "publisher": publisher,
                "url": url,
                "language": language,
                "submitted_by": submitted_by,
                "published_at": maybe_instant(published_at),
                "now": instant(now),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _DOCUMENT.record(row)

    async def mark_language(self, document_id: DocumentId, language: str) -> None:
        """Note in which language a document is; NotFound if there is no such document."""
        params = {"id": document_id, "language": language}
        if await self._session.execute("UPDATE documents SET language = :language WHERE id = :id", params) != 1:
            raise NotFound("document_not_found", document=document_id)

    async def add_appearance(self, document_id: DocumentId, position: int, claim_id: ClaimId, quote: str) -> None:
        """Note that a claim stands in a document at a place."""
        await self._session.execute(
            """
            INSERT INTO appearances (document_id, position, claim_id, quote)
            VALUES (:document_id, :position, :claim_id, :quote) ON CONFLICT (document_id, position) DO NOTHING
            """,
            {"document_id": document_id, "position": position, "claim_id": claim_id, "quote": quote},
        )

    async def first_claim(self, document_id: DocumentId) -> ClaimId | None:
        """Return the smallest number among the claims that came with a document; None if none did."""
        row = await self._session.fetch_one(
            "SELECT min(id) FROM claims WHERE document_id = :document_id", {"document_id": document_id}
        )
        return None if row is None or row[0] is None else ClaimId(row[0])

    async def list_quotes(self, document_id: DocumentId, first: int, last: int) -> list[tuple[int, str]]:
        """Return (position, quote) of a document's sentences from `first` to `last`, both included."""
        rows = await self._session.fetch_all(
            """
            SELECT position, quote FROM appearances
            WHERE document_id = :document_id AND position BETWEEN :first AND :last ORDER BY position
            """,
            {"document_id": document_id, "first": first, "last": last},
        )
        return [(row[0], row[1]) for row in rows]

    async def list_claims(self, document_id: DocumentId) -> list[ClaimId]:
        """Return the claims that stand in a document, in its order, each once."""
        rows = await self._session.fetch_all(
            """
            SELECT claim_id FROM appearances WHERE document_id = :document_id
            GROUP BY claim_id ORDER BY min(position)
            """,
            {"document_id": document_id},
        )
        return [ClaimId(row[0]) for row in rows]

    async def list_submitters(self, claim_id: ClaimId) -> list[PersonId]:
        """Return who brought in a document in which the claim stands."""
        rows = await self._session.fetch_all(
            """
            SELECT DISTINCT d.submitted_by FROM appearances a JOIN documents d ON d.id = a.document_id
            WHERE a.claim_id = :claim_id AND d.submitted_by IS NOT NULL
            """,
            {"claim_id": claim_id},
        )
        return [PersonId(row[0]) for row in rows]
