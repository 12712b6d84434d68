"""The tamper-evident log: an append-only chain in which each entry's hash covers the one before.

Changing, removing or reordering an entry breaks every later hash. Cutting entries off the end cannot be seen from the
chain alone; keep a copy of the newest hash elsewhere (a backup, a digest) to notice that.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.model import AuditEntry, AuditId, PersonId
from storage.rows import Columns, instant, to_json

_ENTRY = Columns(AuditEntry)

GENESIS = "0" * 64
"""What the first entry takes for the hash before it."""


def entry_hash(previous: str, at: str, actor: int | None, action: str, subject: str, subject_id: int, data: str) -> str:
    """Return SHA-256 (hex) over the previous hash and the entry's fields, as canonical JSON."""
    text = to_json([previous, at, actor, action, subject, subject_id, data])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Audit:
    """SQL on `audit`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._newest: str | None = None

    def forget(self) -> None:
        """Read the newest hash again: entries may have been undone."""
        self._newest = None

    async def append(
        self,
        action: str,
        subject: str,
        subject_id: int,
        now: datetime,
        *,
        actor: PersonId | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """Add an entry: `actor` (None: the desk itself) did `action` to the `subject` with that id."""
        if self._newest is None:
            row = await self._session.fetch_one("SELECT hash FROM audit ORDER BY id DESC LIMIT 1")
            self._newest = GENESIS if row is None else str(row[0])
        at, text = instant(now), to_json(data or {})
        fresh = entry_hash(self._newest, at, actor, action, subject, subject_id, text)
        # Not known again before the entry is there: it may be refused.
        self._newest = None
        await self._session.execute(
            """
            INSERT INTO audit (at, actor, action, subject, subject_id, data, hash)
            VALUES (:at, :actor, :action, :subject, :subject_id, :data, :hash)
            """,
            {
                "at": at,
                "actor": actor,
                "action": action,
                "subject": subject,
                "subject_id": subject_id,
                "data": text,
                "hash": fresh,
            },
        )
        self._newest = fresh

    async def last_id(self) -> AuditId:
        """Return the newest entry's id; 0 if there is none."""
        row = await self._session.fetch_one("SELECT max(id) FROM audit")
        return AuditId(0 if row is None or row[0] is None else row[0])

    async def list_of(self, subject: str, subject_id: int) -> list[AuditEntry]:
        """Return what happened to a record, oldest first."""
        return _ENTRY.records(
            await self._session.fetch_all(
                f"SELECT {_ENTRY.sql} FROM audit WHERE subject = :subject AND subject_id = :subject_id ORDER BY id",
                {"subject": subject, "subject_id": subject_id},
            )
        )

    async def find_break(self, page: int = 5000) -> AuditId | None:
        """Walk the whole chain; return the first entry whose hash is wrong, None if all is well."""
        previous, last = GENESIS, 0
        while True:
            rows = await self._session.fetch_all(
                """
                SELECT id, at, actor, action, subject, subject_id, data, hash FROM audit
                WHERE id > :last ORDER BY id LIMIT :page
                """,
                {"last": last, "page": page},
            )
            if not rows:
                return None
            for entry_id, at, actor, action, subject, subject_id, data, found in rows:
                gap = entry_id != last + 1
                if gap or entry_hash(previous, at, actor, action, subject, subject_id, data) != found:
                    return AuditId(entry_id)
                previous, last = found, entry_id
