"""Walks over all claims and documents, as SQL: how far they have come and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.engines.base import Session
from storage.model import Claim, Document, DocumentId
from storage.rows import Columns


class Walk(StrEnum):
    """A pass over everything the desk keeps, done in the background bit by bit."""

    WORDS = "words"
    """The normal form of each claim and the index of its words."""
    LINKS = "links"
    """Where each document stands on the web."""
    VECTORS = "vectors"
    """An embedding of each claim."""


@dataclass(frozen=True, slots=True)
class Indexing:
    """How far a walk has come: what has a number up to `upto` is done under the rules of `version`."""

    name: Walk
    version: str
    upto: int


_CLAIM = Columns(Claim)
_DOCUMENT = Columns(Document)
_INDEXING = Columns(Indexing)


class Indexings:
    """SQL on `indexing` and `document_links`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_all(self) -> list[Indexing]:
        """Return how far each walk has come that was ever begun."""
        return _INDEXING.records(await self._session.fetch_all(f"SELECT {_INDEXING.sql} FROM indexing ORDER BY name"))

    async def find(self, name: Walk) -> Indexing | None:
        """Return how far a walk has come, if it was ever begun."""
        return _INDEXING.maybe(
            await self._session.fetch_one(f"SELECT {_INDEXING.sql} FROM indexing WHERE name = :name", {"name": name})
        )

    async def mark(self, name: Walk, version: str, upto: int) -> None:
        """Note that a walk under the rules of `version` has done everything numbered up to `upto`."""
        await self._session.execute(
            """
            INSERT INTO indexing (name, version, upto) VALUES (:name, :version, :upto)
            ON CONFLICT (name) DO UPDATE SET version = excluded.version, upto = excluded.upto
            """,
            {"name": name, "version": version, "upto": upto},
        )

    async def newest(self, name: Walk) -> int:
        """Return the number at which a walk ends: that of the newest claim, or document; 0 if there is none."""
        table = "documents" if name is Walk.LINKS else "claims"
        row = await self._session.fetch_one(f"SELECT max(id) FROM {table} WHERE id > 0")
        return 0 if row is None or row[0] is None else int(row[0])

    async def list_claims(self, after: int, limit: int) -> list[Claim]:
        """Return the next claims of a walk, by number; those for practice are not among them."""
        return _CLAIM.records(
            await self._session.fetch_all(
                f"SELECT {_CLAIM.sql} FROM claims WHERE id > :after ORDER BY id LIMIT :limit",
                {"after": max(0, after), "limit": limit},
            )
        )

    async def list_documents(self, after: int, limit: int) -> list[Document]:
        """Return the next documents of a walk, by number."""
        return _DOCUMENT.records(
            await self._session.fetch_all(
                f"SELECT {_DOCUMENT.sql} FROM documents WHERE id > :after ORDER BY id LIMIT :limit",
                {"after": max(0, after), "limit": limit},
            )
        )

    async def add_link(self, document_id: DocumentId, link: str) -> None:
        """Note where a document stands on the web; `link` in the form that is equal for equal pages."""
        await self._session.execute(
            "INSERT INTO document_links (link, document_id) VALUES (:link, :id) ON CONFLICT DO NOTHING",
            {"link": link, "id": document_id},
        )

    async def list_linked(self, link: str) -> list[DocumentId]:
        """Return the documents that stand at a link, newest first."""
        rows = await self._session.fetch_all(
            "SELECT document_id FROM document_links WHERE link = :link ORDER BY document_id DESC", {"link": link}
        )
        return [DocumentId(row[0]) for row in rows]
