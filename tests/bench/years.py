"""A desk after two years of work, for measuring: claims with their requests, reviews, verdicts and log, made in SQL.

Nothing in it is anybody's text: a claim is a number and a few words. Everything is spread evenly over the years; one
claim in fifty is still open, all of them in the newest fifth. What only other parts of the desk read is left out: the
words to search, sent messages, the revisions of reviews, and hashes that hold. Built once and kept at the path it is
told.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.migrate import migrate

NOW = datetime(2025, 3, 9, 9, 30, tzinfo=UTC)
"""When the youngest claim came in."""

DAYS = 730
REVIEWERS, EDITOR = 40, 41
_READERS = 100
"""Ids of those who ask come behind this one."""

_MIGRATIONS = Path(__file__).resolve().parents[2] / "storage" / "migrations"

_STEPS = (
    # Drawn once for each claim, the same each time: what became of it.
    """
    CREATE TEMP TABLE plan AS
    WITH RECURSIVE number (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < :count)
    SELECT id, :now - :days * (:count - id) / CAST(:count AS REAL) AS day,
      (((id * 2654435761) % 4294967296) >> 8) % 100 AS draw, id > :count - :count / 5 AND id % 10 = 3 AS open,
      CAST('' AS TEXT) AS state FROM number
    """,
    """
    UPDATE plan SET state = CASE
      WHEN open THEN iif(draw < 60, 'queued', iif(draw < 90, 'in_review', iif(draw < 95, 'agreed', 'disputed')))
      ELSE iif(draw < 85, 'published', 'closed') END
    """,
    """
    INSERT INTO people (id, telegram_id, name, role, joined_at, seen_at)
    SELECT id, 1000 + id, 'Person ' || id, iif(id <= :reviewers, 'reviewer', iif(id = :editor, 'editor', 'public')),
      {at(:now - :days)}, {at(:now)}
    FROM plan WHERE id <= 100 + max(1000, :count / 20)
    """,
    """
    INSERT INTO documents (id, kind, content_hash, text, language, created_at)
    SELECT id, 'message', printf('%064x', id), '', 'en', {at(day)} FROM plan
    """,
    """
    INSERT INTO claims (id, document_id, position, quote, text, key, language, worth, severity, state, closing_reason,
      created_at, owed_since, state_at)
    SELECT id, id, 0, 'x', 'Claim ' || id || ': in the district ' || draw || ' wells were closed last month.',
      printf('%064x', id), iif(draw % 3, 'bn', 'en'), draw / 100.0,
      iif(draw % 20 = 1, 'high', iif(draw % 50 = 2, 'critical', 'normal')), state,
      iif(state = 'closed', 'opinion', NULL), {at(day)}, {at(day)}, {at(iif(open, day, day + 0.4))}
    FROM plan
    """,
    "INSERT INTO appearances (document_id, position, claim_id, quote) SELECT id, 0, id, 'x' FROM plan",
    """
    CREATE TEMP TABLE work AS
    SELECT id AS claim_id, turn, (id * 3 + turn) % :reviewers + 1 AS person_id, day,
      iif(state = 'disputed', substr('true      false     misleading', turn * 10 + 1, 10),
        iif(turn < 2 OR draw % 10 < 7, 'false', 'misleading')) AS rating
    FROM plan JOIN (SELECT 0 AS turn UNION ALL SELECT 1 UNION ALL SELECT 2) ON turn < CASE state
      WHEN 'queued' THEN 0 WHEN 'in_review' THEN 1 WHEN 'agreed' THEN 2 ELSE 3 END
    """,
    """
    INSERT INTO assignments (claim_id, person_id, state, offered_at, taken_at, expires_at, ended_at)
    SELECT claim_id, person_id, 'done', {at(day + turn * 0.05)}, {at(day + turn * 0.05 + 0.01)},
      {at(day + turn * 0.05 + 1)}, {at(day + turn * 0.05 + 0.04)} FROM work
    """,
    """
    INSERT INTO reviews
      (claim_id, person_id, state, rating, explanation, revision, created_at, updated_at, submitted_at)
    SELECT claim_id, person_id, 'submitted', trim(rating), 'The record says so.', 3, {at(day + turn * 0.05 + 0.01)},
      {at(day + turn * 0.05 + 0.04)}, {at(day + turn * 0.05 + 0.04)} FROM work
    """,
    """
    INSERT INTO sources (review_id, url, title, kind, stance, accessed_at)
    SELECT id, 'https://example.org/' || id, 'The record', iif(id % 3, 'news', 'primary'), 'refutes', submitted_at
    FROM reviews JOIN (SELECT 0 UNION ALL SELECT 1)
    """,
    """
    INSERT INTO verdicts (id, claim_id, version, rating, summary, summary_language, method, decided_at, published_at)
    SELECT id, id, 1, 'false', 'The record says so.', 'en', 'consensus', {at(day + 0.3)}, {at(day + 0.4)}
    FROM plan WHERE state = 'published'
    """,
    """
    INSERT INTO verdict_sources (verdict_id, position, url, title, kind, stance, accessed_at)
    SELECT id, turn, 'https://example.org/' || id || '/' || turn, 'The record', iif(id % 3, 'news', 'primary'),
      'refutes', {at(day + 0.3)}
    FROM plan JOIN (SELECT 0 AS turn UNION ALL SELECT 1) WHERE state = 'published'
    """,
    """
    INSERT INTO requests (asked_id, claim_id, person_id, state, answered_version, created_at, answered_at)
    SELECT id, id, 101 + (id * turn) % max(1000, :count / 20), iif(open, 'waiting', 'answered'), 1 - open, {at(day)},
      iif(open, NULL, {at(day + 0.4)})
    FROM plan JOIN (SELECT 7 AS turn UNION ALL SELECT 11)
    WHERE state IN ('published', 'queued') AND (turn = 7 OR draw < 30)
    ON CONFLICT DO NOTHING
    """,
    "INSERT INTO answers SELECT person_id, claim_id, answered_at FROM requests WHERE state = 'answered'",
    # The log, in the order in which it would have been written.
    """
    INSERT INTO audit (at, actor, action, subject, subject_id, data, hash)
    SELECT {at(day)}, person_id, action, 'claim', claim_id, data, hex(randomblob(32)) FROM (
      SELECT day, NULL AS person_id, 'claim.queue' AS action, id AS claim_id, '{}' AS data FROM plan
      UNION ALL SELECT day + 0.01, NULL, 'claim.start', id, '{}' FROM plan WHERE state <> 'queued'
      UNION ALL SELECT day + turn * 0.05 + 0.04, person_id, 'review.submitted', claim_id, '{}' FROM work
      UNION ALL SELECT day + 0.15, NULL, iif(state = 'disputed', 'claim.dispute', 'claim.agree'), id, '{}' FROM plan
      WHERE state IN ('agreed', 'disputed', 'published')
      UNION ALL SELECT day + 0.3, :editor, 'verdict.decided', id, '{"rating": "false", "version": 1}' FROM plan
      WHERE state = 'published'
      UNION ALL SELECT day + 0.4, :editor, 'claim.publish', id, '{"version": 1}' FROM plan WHERE state = 'published'
      UNION ALL SELECT day + 0.4, :editor, 'claim.close', id, '{"reason": "opinion"}' FROM plan WHERE state = 'closed')
    ORDER BY day
    """,
    "DELETE FROM milestones",
)
_AT = re.compile(r"\{at\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\}")


def build(path: Path, count: int) -> None:
    """Make the desk's database at a path; one that is there and has as many claims is kept."""
    if path.exists() and _size(path) == count:
        return
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        migrate(raw, NOW)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"):
            raw.execute(f"PRAGMA {pragma}")
        # What triggers would do row by row is done at the end at once, by the statement that does it for an old desk.
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'milestone_%' AND type = 'trigger'")
        kept = triggers.fetchall()
        values = {
            "count": count,
            "now": (NOW - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400 + 2451545,
            "days": DAYS,
            "reviewers": REVIEWERS,
            "editor": EDITOR,
        }
        raw.execute("BEGIN")
        for name, _ in kept:
            raw.execute(f"DROP TRIGGER {name}")
        for step in (*_STEPS, *_milestones()):
            statement = _AT.sub(r"strftime('%Y-%m-%dT%H:%M:%f000+00:00', \1)", step)
            raw.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
        for _, sql in kept:
            raw.execute(sql)
        raw.execute("COMMIT")
        raw.execute("PRAGMA journal_mode = WAL")


def _milestones() -> list[str]:
    first, later = "INSERT INTO milestones\n", "UPDATE milestones SET"
    # The first statement was written when the table had these columns.
    columns = """claim_id, created_at, taken_at, reviewed_at, decided_at, published_at, ended_at, ratings, sources,
      primary_sources, archived_sources"""
    files = ("0013_milestones.sql", "0019_origins_counted.sql")
    told = ";".join((_MIGRATIONS / each).read_text(encoding="utf-8") for each in files)
    found = [each for each in map(str.strip, told.split(";")) if each.startswith((first, later))]
    return [each.replace(first, f"INSERT INTO milestones ({columns})\n") for each in found]


def _size(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        try:
            return int(raw.execute("SELECT count(*) FROM claims").fetchone()[0])
        except sqlite3.Error:
            return -1
