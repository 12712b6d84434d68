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
  FROM milestones m WHERE m.claim_id > :after AND m.claim_id <= :upto
"""
"""Claims that came in; those brought along from elsewhere, and practice, have no milestones and are not news."""

_PUBLISHED = """
  FROM audit a JOIN verdicts v ON v.claim_id = a.subject_id AND v.version = json_extract(a.data, '$.version')
  WHERE a.action = 'claim.publish' AND a.id > :after AND a.id <= :upto
    AND :corrections = (v.version > 1 AND EXISTS (
      SELECT 1 FROM verdicts e
      WHERE e.claim_id = v.claim_id AND e.version < v.version AND e.published_at IS NOT NULL))
    AND (a.subject_id NOT IN (
      SELECT t.subject_id FROM audit t WHERE t.action = 'claim.retract' AND t.id > :after AND t.id <= :upto)
    OR NOT EXISTS (
      SELECT 1 FROM audit r WHERE r.subject = 'claim' AND r.subject_id = a.subject_id AND r.action = 'claim.retract'
        AND r.id > a.id AND r.id <= :upto))
"""
"""Verdicts that were published: first ones, or those that followed another. What was taken back since is no news; few
are, so that is asked first."""

_RETRACTED = """
  FROM audit a JOIN verdicts v ON v.claim_id = a.subject_id AND v.version = (
    SELECT max(w.version) FROM verdicts w WHERE w.claim_id = a.subject_id AND w.published_at <= a.at)
  WHERE a.action = 'claim.retract' AND a.id > :after AND a.id <= :upto
"""


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
        # Nor by the index of numbers, on which the database would go through all that came before.
        claim = await self._session.fetch_one("SELECT min(+id) FROM claims WHERE created_at >= :at AND +id > 0", since)
        return Marks(
            now.event if event is None else AuditId(event[0] - 1),
            now.claim if claim is None or claim[0] is None else ClaimId(claim[0] - 1),
        )

    async def list_claims(self, after: Marks, upto: Marks, *, only: Limit = ALL, limit: int) -> tuple[list[Claim], int]:
        """Return the claims that came in, newest first up to `limit`, and how many there are."""
        span = {"after": after.claim, "upto": upto.claim, **only.params}
        new = _NEW + only.sql("m.claim_id")
        rows = await self._session.fetch_all(
            f"""
            SELECT {_CLAIM.of("c")} FROM (SELECT m.claim_id {new} ORDER BY m.claim_id DESC LIMIT :limit) newest
            JOIN claims c ON c.id = newest.claim_id ORDER BY c.id DESC
            """,
            {**span, "limit": limit},
        )
        total = await self._session.fetch_one(f"SELECT count(*) {new}", span)
        return _CLAIM.records(rows), 0 if total is None else total[0]

    async def list_decided(
        self, after: Marks, upto: Marks, *, only: Limit = ALL, limit: int
    ) -> tuple[list[tuple[ClaimId, str]], int]:
        """Return (claim, rating) of the verdicts reached and by then neither published nor taken back, and how many."""
        rows = await self._session.fetch_all(
            f"""
            WITH gone (claim_id, last) AS MATERIALIZED (
              SELECT subject_id, max(id) FROM audit
              WHERE action IN ('claim.publish', 'claim.undone') AND id > :after AND id <= :upto GROUP BY subject_id)
            SELECT a.subject_id, json_extract(a.data, '$.rating'), count(*) OVER ()
            FROM audit a LEFT JOIN gone g ON g.claim_id = a.subject_id
            WHERE a.action = 'verdict.decided' AND a.id > :after AND a.id <= :upto AND (g.last IS NULL OR g.last < a.id)
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
        span = {"after": after.event, "upto": upto.event, "corrections": int(corrections), **only.params}
        published = _PUBLISHED + only.sql("a.subject_id")
        rows = await self._session.fetch_all(
            f"SELECT {_VERDICT.of('v')} {published} ORDER BY a.id DESC LIMIT :limit", {**span, "limit": limit}
        )
        total = await self._session.fetch_one(f"SELECT count(*) {published}", span)
        return _VERDICT.records(rows), 0 if total is None else total[0]

    async def list_retracted(
        self, after: Marks, upto: Marks, *, only: Limit = ALL, limit: int
    ) -> tuple[list[tuple[Verdict, str]], int]:
        """Return the verdicts that were taken back with the reasons, newest first, and how many."""
        span = {"after": after.event, "upto": upto.event, **only.params}
        taken_back = _RETRACTED + only.sql("a.subject_id")
        rows = await self._session.fetch_all(
            f"SELECT {_VERDICT.of('v')}, a.data ->> 'reason' {taken_back} ORDER BY a.id DESC LIMIT :limit",
            {**span, "limit": limit},
        )
        total = await self._session.fetch_one(f"SELECT count(*) {taken_back}", span)
        return [(_VERDICT.record(row[:-1]), row[-1] or "") for row in rows], 0 if total is None else total[0]

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
