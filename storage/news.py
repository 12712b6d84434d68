"""What happened between two marks, as digests tell it: by the order of the audit log, not by its times."""

from __future__ import annotations

from datetime import datetime

from storage.digest_wishes import ALL, Limit
from storage.engines.base import Session
from storage.model import AuditId, Claim, ClaimId, Verdict
from storage.rows import Columns, instant
from storage.values import Marks

_CLAIM = Columns(Claim)
_VERDICT = Columns(Verdict)

_NEW = """
  FROM claims c
  WHERE c.id > :after AND c.id <= :upto AND c.practice = 0
    AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = 'claim' AND a.subject_id = c.id
                    AND a.action = 'claim.imported')
"""
"""Claims that came in; those brought along from elsewhere are not news."""


class News:
    """SQL on what lies behind one pair of marks (`after`) and not behind another (`upto`)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def marks(self) -> Marks:
        """Return the marks of this moment."""
        row = await self._session.fetch_one(
            "SELECT coalesce((SELECT max(id) FROM audit), 0), coalesce((SELECT max(id) FROM claims), 0)"
        )
        assert row is not None  # noqa: S101 - no table in FROM
        return Marks(AuditId(row[0]), ClaimId(max(0, row[1])))

    async def marks_at(self, after: Marks, end: datetime, now: datetime) -> Marks:
        """Return how far a period goes that begins behind `after` and ends before `end`, at `now`.

        It stops before the first thing that is dated between the two. What is dated after `now` was written under a
        wrong clock, and must not hold up all that follows.
        """
        newest = await self.marks()
        first = {"event": after.event, "claim": after.claim, "end": instant(end), "now": instant(now)}
        event = await self._session.fetch_one(
            "SELECT id FROM audit WHERE id > :event AND at BETWEEN :end AND :now ORDER BY id LIMIT 1", first
        )
        claim = await self._session.fetch_one(
            "SELECT id FROM claims WHERE id > :claim AND created_at BETWEEN :end AND :now ORDER BY id LIMIT 1", first
        )
        return Marks(
            newest.event if event is None else AuditId(event[0] - 1),
            newest.claim if claim is None else ClaimId(claim[0] - 1),
        )

    async def marks_before(self, at: datetime) -> Marks:
        """Return the marks behind which lies all that is dated `at` or later, for spans that no digest has begun."""
        now, since = await self.marks(), {"at": instant(at)}
        event = await self._session.fetch_one("SELECT id FROM audit WHERE at >= :at ORDER BY at, id LIMIT 1", since)
        # Not the first by time: what is brought along from elsewhere is dated back.
        claim = await self._session.fetch_one("SELECT min(id) FROM claims WHERE created_at >= :at AND id > 0", since)
        return Marks(
            now.event if event is None else AuditId(event[0] - 1),
            now.claim if claim is None or claim[0] is None else ClaimId(claim[0] - 1),
        )

    async def list_claims(self, after: Marks, upto: Marks, *, only: Limit = ALL, limit: int) -> tuple[list[Claim], int]:
        """Return the claims that came in, newest first up to `limit`, and how many there are."""
        span = {"after": after.claim, "upto": upto.claim, **only.params}
        new = _NEW + only.sql("c.id")
        rows = await self._session.fetch_all(
            f"SELECT {_CLAIM.of('c')} {new} ORDER BY c.id DESC LIMIT :limit", {**span, "limit": limit}
        )
        total = await self._session.fetch_one(f"SELECT count(*) {new}", span)
        return _CLAIM.records(rows), 0 if total is None else total[0]

    async def list_decided(
        self, after: Marks, upto: Marks, *, only: Limit = ALL, limit: int
    ) -> tuple[list[tuple[ClaimId, str]], int]:
        """Return (claim, rating) of the verdicts reached and not published by then, newest first, and how many."""
        rows = await self._session.fetch_all(
            f"""
            SELECT a.subject_id, json_extract(a.data, '$.rating'), count(*) OVER () FROM audit a
            WHERE a.action = 'verdict.decided' AND a.id > :after AND a.id <= :upto
              AND NOT EXISTS (SELECT 1 FROM audit p WHERE p.subject = 'claim' AND p.subject_id = a.subject_id
                              AND p.action = 'claim.publish' AND p.id > a.id AND p.id <= :upto)
              {only.sql("a.subject_id")}
            ORDER BY a.id DESC LIMIT :limit
            """,
            {"after": after.event, "upto": upto.event, "limit": limit, **only.params},
        )
        return [(ClaimId(row[0]), row[1]) for row in rows], rows[0][2] if rows else 0

    async def list_published(
        self, after: Marks, upto: Marks, *, corrections: bool, only: Limit = ALL, limit: int
    ) -> tuple[list[Verdict], int]:
        """Return the verdicts published, newest first, and how many: first ones, or those that followed another."""
        width = len(_VERDICT.names)
        rows = await self._session.fetch_all(
            f"""
            SELECT {_VERDICT.of("v")}, count(*) OVER () FROM audit a
            JOIN verdicts v ON v.claim_id = a.subject_id AND v.version = json_extract(a.data, '$.version')
            WHERE a.action = 'claim.publish' AND a.id > :after AND a.id <= :upto AND :corrections = EXISTS (
              SELECT 1 FROM verdicts e
              WHERE e.claim_id = v.claim_id AND e.version < v.version AND e.published_at IS NOT NULL)
              {only.sql("a.subject_id")}
            ORDER BY a.id DESC LIMIT :limit
            """,
            {
                "after": after.event,
                "upto": upto.event,
                "corrections": int(corrections),
                "limit": limit,
                **only.params,
            },
        )
        return [_VERDICT.record(row[:width]) for row in rows], rows[0][width] if rows else 0

    async def list_subjects(
        self, action: str, after: Marks, upto: Marks, *, only: Limit = ALL, limit: int
    ) -> list[int]:
        """Return to which claims something was done, newest first."""
        rows = await self._session.fetch_all(
            f"""
            SELECT a.subject_id FROM audit a WHERE a.action = :action AND a.id > :after AND a.id <= :upto
              {only.sql("a.subject_id")}
            ORDER BY a.id DESC LIMIT :limit
            """,
            {"action": action, "after": after.event, "upto": upto.event, "limit": limit, **only.params},
        )
        return [row[0] for row in rows]

    async def count(self, action: str, after: Marks, upto: Marks, *, only: Limit = ALL) -> int:
        """Return how often something was done."""
        row = await self._session.fetch_one(
            f"""
            SELECT count(*) FROM audit a WHERE a.action = :action AND a.id > :after AND a.id <= :upto
              {only.sql("a.subject_id")}
            """,
            {"action": action, "after": after.event, "upto": upto.event, **only.params},
        )
        return 0 if row is None else int(row[0])
