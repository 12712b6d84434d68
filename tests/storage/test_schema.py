"""What the schema itself refuses, whatever the code above it does.

`ROWS` holds one good row of each table; each case changes one thing about it. That the good rows go in is a test too,
so a case can only be refused for what it changes.
"""

import re
import sqlite3
import types
import typing
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from storage import kinds, model
from storage.corrections import Correction
from storage.desk_rules import DeskRule
from storage.fetches import Fetch
from storage.holds import Hold
from storage.indexing import Indexing, Walk
from storage.matches import Match, MatchLevel, MatchMethod
from storage.merges import Merge
from storage.objections import Objection
from storage.rows import Columns
from storage.settings import JobRun
from storage.verdicts import VerdictSource
from storage.wordings import Wording

SCHEMA = (Path(__file__).parents[2] / "storage" / "schema.sql").read_text(encoding="utf-8")

AT = "2025-03-09T09:30:00.000000+00:00"
LATER = "2025-03-10T09:30:00.000000+00:00"
HASH = "0" * 64

ROWS: dict[str, dict[str, Any]] = {
    "people": {"id": 1, "telegram_id": 1001, "name": "R", "role": "reviewer", "joined_at": AT, "seen_at": AT},
    "wishes": {"person_id": 1, "subject": "offers", "manner": "daily"},
    "summary_news": {"id": 1, "person_id": 1, "kind": "notice", "payload": "{}", "put_at": AT},
    "invites": {"id": 1, "token_hash": HASH, "role": "editor", "created_at": AT, "expires_at": LATER},
    "chats": {"id": -1, "kind": "group", "title": "Team", "added_at": AT},
    "documents": {
        "id": 1,
        "kind": "article",
        "content_hash": HASH,
        "text": "A. B.",
        "language": "en",
        "created_at": AT,
    },
    "claims": {
        "id": 1,
        "document_id": 1,
        "position": 0,
        "quote": "A.",
        "text": "A.",
        "key": "a",
        "language": "en",
        "worth": 0.5,
        "state": "new",
        "created_at": AT,
        "state_at": AT,
    },
    "appearances": {"document_id": 1, "position": 0, "claim_id": 1, "quote": "A."},
    "requests": {"id": 1, "asked_id": 1, "claim_id": 1, "person_id": 1, "state": "waiting", "created_at": AT},
    "fetches": {"unique_id": "AQAD", "file_id": "AgAC", "retry_at": AT},
    "holds": {
        "claim_id": 1,
        "action": "close",
        "person_id": 1,
        "was": "queued",
        "since": AT,
        "aside": "{}",
        "until": AT,
    },
    "merges": {"claim_id": 1, "was": "queued", "aside": "{}", "merged_at": AT},
    "submissions": {
        "id": 1,
        "person_id": 1,
        "chat_id": 1001,
        "state": "gathering",
        "text": "?",
        "created_at": AT,
        "updated_at": AT,
    },
    "assignments": {
        "id": 1,
        "claim_id": 1,
        "person_id": 1,
        "state": "offered",
        "offered_at": AT,
        "expires_at": LATER,
    },
    "reviews": {"id": 1, "claim_id": 1, "person_id": 1, "state": "draft", "created_at": AT, "updated_at": AT},
    "review_revisions": {"review_id": 1, "revision": 1, "state": "draft", "sources": "[]", "created_at": AT},
    "sources": {"id": 1, "review_id": 1, "url": "https://example.org", "accessed_at": AT},
    "focuses": {"person_id": 1, "claim_id": 1, "awaiting": "rating", "since": AT},
    "verdicts": {
        "id": 1,
        "claim_id": 1,
        "version": 1,
        "rating": "false",
        "summary": "No.",
        "summary_language": "en",
        "method": "consensus",
        "decided_at": AT,
    },
    "verdict_sources": {
        "verdict_id": 1,
        "position": 0,
        "url": "https://example.org",
        "kind": "primary",
        "stance": "refutes",
        "accessed_at": AT,
    },
    "corrections": {
        "id": 1,
        "claim_id": 1,
        "verdict_id": 1,
        "kind": "correction",
        "state": "draft",
        "rating": "true",
        "summary": "Yes.",
        "reason": "A new record.",
        "proposed_by": 1,
        "created_at": AT,
    },
    "objections": {"id": 1, "claim_id": 1, "person_id": 1, "state": "waiting", "text": "Look.", "created_at": AT},
    "feedback": {"person_id": 1, "verdict_id": 1, "helped": 1, "given_at": AT},
    "wordings": {"claim_id": 1, "rating": "false", "summary": "No.", "written_by": 1, "written_at": AT},
    "answers": {"person_id": 1, "verdict_id": 1, "answered_at": AT},
    "publications": {"id": 1, "verdict_id": 1, "chat_id": -1, "published_at": AT},
    "subscriptions": {
        "id": 1,
        "chat_id": -1,
        "cadence": "daily",
        "local_minute": 540,
        "zone": "Asia/Dhaka",
        "covered_until": AT,
        "next_at": LATER,
        "seen_event": 0,
        "seen_claim": 0,
        "created_at": AT,
    },
    "intros_asked": {"person_id": 1, "subscription_id": 1, "chat_id": -1001, "message_id": 7, "since": AT},
    "leases": {"assignment_id": 1, "since": AT},
    "recusals": {"claim_id": 1, "person_id": 1, "reason": "My cousin.", "recused_at": AT},
    "escalations": {"claim_id": 1, "escalated_at": AT},
    "digests": {
        "id": 1,
        "subscription_id": 1,
        "period_start": AT,
        "period_end": LATER,
        "content": "{}",
        "last_event": 0,
        "made_at": LATER,
    },
    "feeds": {"id": 1, "url": "https://example.org/feed", "every_seconds": 600, "next_at": AT, "created_at": AT},
    "outbox": {
        "id": 1,
        "chat_id": 1001,
        "kind": "greeted",
        "payload": "{}",
        "due_at": AT,
        "retry_at": AT,
        "created_at": AT,
    },
    "sent_messages": {"chat_id": 1001, "message_id": 5, "outbox_id": 1, "sent_at": AT},
    "updates": {"update_id": 1, "received_at": AT},
    "dead_letters": {"id": 1, "reference": "ABC", "payload": "{}", "error": "E", "created_at": AT},
    "settings": {"name": "quorum", "value": "2", "changed_at": AT},
    "job_runs": {"name": "tidy", "started_at": AT},
    "claim_vectors": {"claim_id": 1, "vector": b"\x00"},
    "indexing": {"name": "words", "version": "1", "upto": 0},
    "document_links": {"link": "example.org/a", "document_id": 1},
    "claim_tags": {"claim_id": 1, "tag": "flood"},
    "desk_rules": {"id": 1, "text": 'text contains "a" then notify', "state": "off", "created_at": AT},
    "desk_rule_acts": {"rule_id": 1, "claim_id": 1, "acted_at": AT},
    "profiles": {"person_id": 1, "work_days": "012", "work_from": 0, "work_until": 60},
    "idle_spells": {"person_id": 1, "asked_at": AT},
    "triage_choices": {"claim_id": 1, "chosen": 1},
    "triage_views": {"person_id": 1, "document_id": 1, "first": 0, "closing": 0},
    "stem_counts": {"stem": "troop", "claims": 1},
    "gram_counts": {"gram": "troo", "claims": 1},
    "audit": {"id": 1, "at": AT, "action": "made", "subject": "claim", "subject_id": 1, "data": "{}", "hash": HASH},
    "rooms": {"kind": "review", "chat_id": -1, "set_at": AT},
    "room_cards": {"kind": "review", "claim_id": 1, "shown": ""},
}

CASE = {"claim_id": -1, "rating": "false", "summary": "No.", "sources": "[]", "decided_at": AT}
"""A good row of `practice_cases`; the claim that it needs is put in by the tests of it."""

MATCH = {
    "claim_id": 2,
    "known_id": 1,
    "level": "similar",
    "score": 0.5,
    "method": "words",
    "parts": "{}",
    "found_at": AT,
}
"""A good row of `matches`; it needs a second claim."""

CHECK = sqlite3.SQLITE_CONSTRAINT_CHECK
UNIQUE = sqlite3.SQLITE_CONSTRAINT_UNIQUE
PRIMARY = sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
FOREIGN = sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
TRIGGER = sqlite3.SQLITE_CONSTRAINT_TRIGGER
NULL = sqlite3.SQLITE_CONSTRAINT_NOTNULL
TYPE = 3091  # SQLITE_CONSTRAINT_DATATYPE, which the driver of Python 3.11 has no name for


@pytest.fixture
def raw(database_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection with nothing of ours around it, to a database with the good rows in it."""
    with closing(sqlite3.connect(database_path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN")
        for table, row in ROWS.items():
            insert(connection, table, row)
        yield connection
        connection.execute("ROLLBACK")


def insert(raw: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    raw.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})", row)


def change(raw: sqlite3.Connection, table: str, changes: dict[str, Any]) -> None:
    raw.execute(f"UPDATE {table} SET {', '.join(f'{name} = :{name}' for name in changes)}", changes)


def tables(raw: sqlite3.Connection) -> dict[str, bool]:
    """Our tables and whether they are strict."""
    return {
        name: bool(strict)
        for _, name, kind, _, _, strict in raw.execute("PRAGMA table_list").fetchall()
        if kind == "table" and not name.startswith("sqlite_")
    }


def columns(raw: sqlite3.Connection, table: str) -> dict[str, bool]:
    """The columns of a table, in order, and whether each may be NULL."""
    return {
        name: not (notnull or (key and declared == "INTEGER"))
        for _, name, declared, notnull, _, key in raw.execute(f"PRAGMA table_info({table})")
    }


def test_there_is_a_good_row_for_every_table(raw: sqlite3.Connection) -> None:
    assert set(ROWS) | {"migrations", "practice_cases", "matches", "milestones"} == set(tables(raw))


def test_every_table_is_strict(raw: sqlite3.Connection) -> None:
    assert all(tables(raw).values()), tables(raw)


def test_every_reference_holds(raw: sqlite3.Connection) -> None:
    assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("table", "changes", "error"),
    [
        # Who may be on duty, and what is a flag.
        ("people", {"role": "public", "on_duty": 1}, CHECK),
        ("people", {"role": "boss"}, CHECK),
        ("people", {"on_duty": 2}, CHECK),
        ("people", {"reachable": -1}, CHECK),
        ("people", {"suspended_role": "editor"}, CHECK),
        ("people", {"role": "public", "suspended_role": "public"}, CHECK),
        ("people", {"alias": 0}, CHECK),
        ("people", {"quiet_from": 1440, "quiet_until": 0}, CHECK),
        ("people", {"quiet_from": 420, "quiet_until": 420}, CHECK),
        ("people", {"quiet_until": 420}, CHECK),
        ("wishes", {"subject": "weather"}, CHECK),
        ("wishes", {"manner": "loudly"}, CHECK),
        ("summary_news", {"payload": "no"}, CHECK),
        ("rooms", {"kind": "kitchen"}, CHECK),
        ("people", {"name": None}, NULL),
        ("people", {"telegram_id": "one"}, TYPE),
        ("invites", {"role": "public"}, CHECK),
        ("invites", {"token_hash": "short"}, CHECK),
        ("invites", {"used_by": 1}, CHECK),
        ("invites", {"used_at": AT}, CHECK),
        ("chats", {"kind": "forum"}, CHECK),
        ("chats", {"publishes": 2}, CHECK),
        ("chats", {"is_team": 2}, CHECK),
        ("chats", {"present": 2}, CHECK),
        # Documents and claims.
        ("documents", {"kind": "rumour"}, CHECK),
        ("documents", {"content_hash": "short"}, CHECK),
        ("documents", {"text": None}, NULL),
        ("documents", {"text": b"bytes"}, TYPE),
        ("documents", {"submitted_by": 99}, FOREIGN),
        ("claims", {"document_id": 99}, FOREIGN),
        ("claims", {"position": -1}, CHECK),
        ("claims", {"worth": 1.5}, CHECK),
        ("claims", {"worth": -0.1}, CHECK),
        ("claims", {"worth": "high"}, TYPE),
        ("claims", {"severity": "extreme"}, CHECK),
        ("claims", {"state": "done"}, CHECK),
        ("claims", {"state": "closed"}, CHECK),
        ("claims", {"state": "new", "closing_reason": "spam"}, CHECK),
        ("claims", {"state": "closed", "closing_reason": "boring"}, CHECK),
        ("claims", {"state": "duplicate"}, CHECK),
        ("claims", {"state": "duplicate", "duplicate_of": 1}, CHECK),
        ("claims", {"state": "duplicate", "duplicate_of": 99}, FOREIGN),
        ("claims", {"practice": 1}, CHECK),
        ("claims", {"practice": 2}, CHECK),
        ("appearances", {"claim_id": 99}, FOREIGN),
        # Requests and submissions.
        ("requests", {"state": "answered"}, CHECK),
        ("requests", {"state": "answered", "answered_version": 1}, CHECK),
        ("requests", {"state": "answered", "answered_at": AT}, CHECK),
        ("requests", {"state": "waiting", "answered_version": 1, "answered_at": AT}, CHECK),
        ("requests", {"answered_version": -1}, CHECK),
        ("requests", {"state": "lost"}, CHECK),
        ("requests", {"person_id": 99}, FOREIGN),
        ("requests", {"asked_id": 99}, FOREIGN),
        ("answers", {"verdict_id": 99}, FOREIGN),
        ("wordings", {"summary": ""}, CHECK),
        ("wordings", {"claim_id": 99}, FOREIGN),
        ("objections", {"text": ""}, CHECK),
        ("objections", {"state": "accepted"}, CHECK),
        ("objections", {"state": "declined"}, CHECK),
        ("objections", {"reason": "Because."}, CHECK),
        ("objections", {"file_kind": "film", "file_id": "x"}, CHECK),
        ("objections", {"file_id": "x"}, CHECK),
        ("feedback", {"helped": 2}, CHECK),
        ("feedback", {"verdict_id": 99}, FOREIGN),
        ("corrections", {"reason": ""}, CHECK),
        ("corrections", {"state": "released"}, CHECK),
        ("corrections", {"decided_at": AT}, CHECK),
        ("corrections", {"verdict_id": 99}, FOREIGN),
        ("corrections", {"proposed_by": 99}, FOREIGN),
        ("holds", {"was": "gone"}, CHECK),
        ("holds", {"action": "merge"}, CHECK),
        ("holds", {"person_id": 99}, FOREIGN),
        ("verdicts", {"by_reviewer": 2}, CHECK),
        ("merges", {"was": "gone"}, CHECK),
        ("merges", {"claim_id": 99}, FOREIGN),
        ("submissions", {"state": "sent"}, CHECK),
        # Assignments: a live one has no end, an ended one has; nobody has what they did not take.
        ("assignments", {"state": "passed"}, CHECK),
        ("assignments", {"ended_at": AT}, CHECK),
        ("assignments", {"state": "taken"}, CHECK),
        ("assignments", {"state": "done", "ended_at": AT}, CHECK),
        ("assignments", {"state": "kept"}, CHECK),
        ("assignments", {"claim_id": 99}, FOREIGN),
        # Reviews and their sources.
        ("reviews", {"state": "submitted"}, CHECK),
        ("reviews", {"state": "submitted", "rating": "false", "explanation": "No."}, CHECK),
        ("reviews", {"state": "submitted", "rating": "false", "submitted_at": AT}, CHECK),
        ("reviews", {"state": "submitted", "explanation": "No.", "submitted_at": AT}, CHECK),
        ("reviews", {"rating": ""}, CHECK),
        ("reviews", {"rating": "r" * 33}, CHECK),
        ("reviews", {"state": "lost"}, CHECK),
        ("review_revisions", {"state": "lost"}, CHECK),
        ("review_revisions", {"review_id": 99}, FOREIGN),
        ("sources", {"url": None}, CHECK),
        ("sources", {"kind": "gossip"}, CHECK),
        ("sources", {"sha256": "0" * 64, "file_size": 1}, CHECK),
        ("verdict_sources", {"protected": 1, "url": None, "title": "x", "quote": "y"}, CHECK),
        ("sources", {"stance": "maybe"}, CHECK),
        ("focuses", {"awaiting": "coffee"}, CHECK),
        ("focuses", {"awaiting": "adjudication"}, CHECK),
        ("focuses", {"rating": "false"}, CHECK),
        # Verdicts: the reason is written where one is needed.
        ("verdicts", {"version": 0}, CHECK),
        ("verdicts", {"version": 2}, CHECK),
        ("verdicts", {"version": 2, "reason": ""}, CHECK),
        ("verdicts", {"method": "adjudicated"}, CHECK),
        ("verdicts", {"method": "adjudicated", "reason": ""}, CHECK),
        ("verdicts", {"method": "dice"}, CHECK),
        ("verdict_sources", {"url": None}, CHECK),
        ("verdict_sources", {"kind": None}, NULL),
        ("verdict_sources", {"kind": "gossip"}, CHECK),
        ("verdict_sources", {"stance": "maybe"}, CHECK),
        ("publications", {"verdict_id": 99}, FOREIGN),
        # Digests.
        ("subscriptions", {"cadence": "hourly"}, CHECK),
        ("subscriptions", {"cadence": "weekly"}, CHECK),
        ("subscriptions", {"day": 3}, CHECK),
        ("subscriptions", {"cadence": "weekdays", "day": 3}, CHECK),
        ("subscriptions", {"cadence": "weekly", "day": 7}, CHECK),
        ("subscriptions", {"cadence": "monthly"}, CHECK),
        ("subscriptions", {"cadence": "monthly", "day": 0}, CHECK),
        ("subscriptions", {"cadence": "monthly", "day": 32}, CHECK),
        ("subscriptions", {"cadence": "cron", "local_minute": None}, CHECK),
        ("subscriptions", {"cadence": "cron", "cron": "0 9 * * *"}, CHECK),
        ("subscriptions", {"cron": "0 9 * * *"}, CHECK),
        ("subscriptions", {"local_minute": None}, CHECK),
        ("subscriptions", {"paused": 2}, CHECK),
        ("subscriptions", {"audience": "friends"}, CHECK),
        ("subscriptions", {"seen_event": None}, NULL),
        ("subscriptions", {"seen_claim": None}, NULL),
        ("subscriptions", {"local_minute": 1440}, CHECK),
        ("subscriptions", {"local_minute": -1}, CHECK),
        ("subscriptions", {"active": 2}, CHECK),
        ("leases", {"renewals": -1}, CHECK),
        ("recusals", {"reason": ""}, CHECK),
        ("digests", {"period_start": LATER}, CHECK),
        ("digests", {"subscription_id": 99}, FOREIGN),
        ("feeds", {"every_seconds": 59}, CHECK),
        ("feeds", {"active": 2}, CHECK),
        # Outbox: what has ended has an end, and nothing is tried before it is due.
        ("outbox", {"state": "sent"}, CHECK),
        ("outbox", {"state": "dead"}, CHECK),
        ("outbox", {"state": "superseded"}, CHECK),
        ("outbox", {"ended_at": AT}, CHECK),
        ("outbox", {"state": "lost"}, CHECK),
        ("outbox", {"due_at": LATER}, CHECK),
        ("outbox", {"person_id": 99}, FOREIGN),
        ("sent_messages", {"claim_id": 99}, FOREIGN),
        ("settings", {"changed_by": 99}, FOREIGN),
        # What editors sort.
        ("desk_rules", {"state": "asleep"}, CHECK),
        ("desk_rules", {"text": ""}, CHECK),
        ("desk_rules", {"created_by": 99}, FOREIGN),
        ("desk_rule_acts", {"rule_id": 99}, FOREIGN),
        ("desk_rule_acts", {"claim_id": 99}, FOREIGN),
        ("desk_rule_acts", {"to_assign": 2}, CHECK),
        ("profiles", {"person_id": 99}, FOREIGN),
        ("profiles", {"capacity": 0}, CHECK),
        ("profiles", {"work_days": "7"}, CHECK),
        ("profiles", {"work_days": None}, CHECK),
        ("profiles", {"work_from": 1440}, CHECK),
        ("profiles", {"work_until": None}, CHECK),
        ("idle_spells", {"person_id": 99}, FOREIGN),
        ("idle_spells", {"invited_at": AT}, CHECK),
        ("triage_choices", {"claim_id": 99}, FOREIGN),
        ("triage_choices", {"chosen": 2}, CHECK),
        ("triage_views", {"document_id": 99}, FOREIGN),
        ("triage_views", {"person_id": 99}, FOREIGN),
        ("triage_views", {"first": -1}, CHECK),
        ("triage_views", {"closing": 2}, CHECK),
        # What finds a known claim again.
        ("claim_vectors", {"claim_id": 99}, FOREIGN),
        ("claim_vectors", {"vector": "text"}, TYPE),
        ("indexing", {"name": "nothing"}, CHECK),
        ("indexing", {"upto": -1}, CHECK),
        ("document_links", {"link": ""}, CHECK),
        ("stem_counts", {"claims": -1}, CHECK),
        ("gram_counts", {"claims": -1}, CHECK),
        ("document_links", {"document_id": 99}, FOREIGN),
        ("claim_tags", {"tag": ""}, CHECK),
        ("claim_tags", {"claim_id": 99}, FOREIGN),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(
    raw: sqlite3.Connection, table: str, changes: dict[str, Any], error: int
) -> None:
    with pytest.raises(sqlite3.IntegrityError) as raised:
        change(raw, table, changes)
    assert raised.value.sqlite_errorcode == error


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("people", {"role": "reviewer", "on_duty": 1}),
        ("people", {"role": "public", "suspended_role": "editor", "alias": 1}),
        ("invites", {"used_by": 1, "used_at": AT}),
        ("claims", {"state": "closed", "closing_reason": "spam"}),
        ("claims", {"worth": None}),
        ("requests", {"state": "answered", "answered_version": 2, "answered_at": AT}),
        ("requests", {"state": "withdrawn", "answered_version": 2, "answered_at": AT}),
        ("assignments", {"state": "taken", "taken_at": AT}),
        ("assignments", {"state": "done", "taken_at": AT, "ended_at": AT}),
        ("assignments", {"state": "expired", "ended_at": AT}),
        ("reviews", {"state": "submitted", "rating": "false", "explanation": "No.", "submitted_at": AT}),
        ("sources", {"url": None, "title": "A book"}),
        ("focuses", {"awaiting": "adjudication", "rating": "false"}),
        ("verdicts", {"version": 2, "reason": "New evidence."}),
        ("verdicts", {"method": "adjudicated", "reason": "The data is clear."}),
        ("subscriptions", {"cadence": "weekly", "day": 6}),
        ("subscriptions", {"cadence": "monthly", "day": 31}),
        ("subscriptions", {"cadence": "cron", "local_minute": None, "cron": "0 9 * * *"}),
        ("outbox", {"state": "sent", "ended_at": AT}),
        ("outbox", {"retry_at": LATER}),
    ],
)
def test_a_row_that_keeps_the_rules_is_taken(raw: sqlite3.Connection, table: str, changes: dict[str, Any]) -> None:
    change(raw, table, changes)


@pytest.mark.parametrize(
    ("table", "again", "other"),
    [
        # The table, what the second row has of its own, and what would make it another thing altogether.
        ("people", {"id": 2}, {"telegram_id": 1002}),
        ("invites", {"id": 2}, {"token_hash": "1" * 64}),
        ("documents", {"id": 2}, {"content_hash": "1" * 64}),
        ("claims", {"id": 2}, {"key": "b"}),
        ("requests", {"id": 2}, {"person_id": 2}),
        ("assignments", {"id": 2}, {"person_id": 2}),
        ("assignments", {"id": 2, "state": "taken", "taken_at": AT}, {"person_id": 2}),
        ("assignments", {"id": 2}, {"state": "passed", "ended_at": AT}),
        ("reviews", {"id": 2}, {"person_id": 2}),
        (
            "reviews",
            {"id": 2, "rating": "true", "explanation": "Yes.", "submitted_at": AT, "state": "submitted"},
            {"state": "withdrawn"},
        ),
        ("verdicts", {"id": 2}, {"version": 2, "reason": "New evidence."}),
        ("publications", {"id": 2}, {"chat_id": -2}),
        ("digests", {"id": 2, "period_start": "2025-03-09T10:00:00.000000+00:00"}, {"period_end": LATER + "Z"}),
        ("digests", {"id": 2, "period_end": LATER + "Z"}, {"period_start": LATER}),
        ("feeds", {"id": 2}, {"url": "https://example.org/other"}),
        ("dead_letters", {"id": 2}, {"reference": "DEF"}),
    ],
)
def test_what_may_be_there_once_is_there_once(
    raw: sqlite3.Connection, table: str, again: dict[str, Any], other: dict[str, Any]
) -> None:
    insert(raw, "people", {**ROWS["people"], "id": 3, "telegram_id": 1003})
    raw.execute("UPDATE people SET id = 2 WHERE id = 3")
    if table == "people":
        raw.execute("DELETE FROM people WHERE id = 2")
    with pytest.raises(sqlite3.IntegrityError) as raised:
        insert(raw, table, {**ROWS[table], **again})
    assert raised.value.sqlite_errorcode == UNIQUE
    insert(raw, table, {**ROWS[table], **again, **other})


@pytest.mark.parametrize(
    "table",
    [
        "appearances",
        "review_revisions",
        "focuses",
        "verdict_sources",
        "sent_messages",
        "updates",
        "settings",
        "job_runs",
        "claim_vectors",
        "indexing",
        "document_links",
        "claim_tags",
        "stem_counts",
        "gram_counts",
        "answers",
    ],
)
def test_a_key_is_there_once(raw: sqlite3.Connection, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError) as raised:
        insert(raw, table, ROWS[table])
    assert raised.value.sqlite_errorcode == PRIMARY


def test_of_a_persons_requests_that_lead_to_a_claim_one_stands_there(raw: sqlite3.Connection) -> None:
    insert(raw, "claims", {**ROWS["claims"], "id": 2, "key": "b"})
    for again in ({"asked_id": 1, "claim_id": 2}, {"asked_id": 2, "claim_id": 1}):
        with pytest.raises(sqlite3.IntegrityError) as raised:
            insert(raw, "requests", {**ROWS["requests"], "id": 2, **again})
        assert raised.value.sqlite_errorcode == UNIQUE
    insert(raw, "requests", {**ROWS["requests"], "id": 2, "asked_id": 2, "claim_id": 2})


def test_a_dedup_key_is_put_once_ever(raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE outbox SET dedup_key = 'k', state = 'sent', ended_at = :at", {"at": AT})
    with pytest.raises(sqlite3.IntegrityError) as raised:
        insert(raw, "outbox", {**ROWS["outbox"], "id": 2, "dedup_key": "k"})
    assert raised.value.sqlite_errorcode == UNIQUE
    insert(raw, "outbox", {**ROWS["outbox"], "id": 2, "dedup_key": "other"})
    insert(raw, "outbox", {**ROWS["outbox"], "id": 3})


def test_a_card_has_one_queued_edit(raw: sqlite3.Connection) -> None:
    card = {**ROWS["outbox"], "card": "work:1"}
    raw.execute("UPDATE outbox SET card = 'work:1'")
    with pytest.raises(sqlite3.IntegrityError) as raised:
        insert(raw, "outbox", {**card, "id": 2})
    assert raised.value.sqlite_errorcode == UNIQUE
    insert(raw, "outbox", {**card, "id": 2, "chat_id": 1002})
    insert(raw, "outbox", {**card, "id": 3, "card": "work:2"})
    insert(raw, "outbox", {**card, "id": 4, "state": "sending"})
    raw.execute("UPDATE outbox SET state = 'sending' WHERE id = 1")
    insert(raw, "outbox", {**card, "id": 5})


def test_numbers_of_claims_and_messages_are_never_used_again(raw: sqlite3.Connection) -> None:
    insert(raw, "claims", {**ROWS["claims"], "id": 7, "key": "b"})
    raw.execute("DELETE FROM claims WHERE id = 7")
    insert(raw, "claims", {name: value for name, value in ROWS["claims"].items() if name != "id"} | {"key": "c"})
    assert raw.execute("SELECT max(id) FROM claims").fetchone() == (8,)
    raw.execute("DELETE FROM outbox")
    insert(raw, "outbox", {name: value for name, value in ROWS["outbox"].items() if name != "id"})
    assert raw.execute("SELECT id FROM outbox").fetchall() == [(2,)]


def a_practice_claim(raw: sqlite3.Connection) -> None:
    insert(raw, "claims", {**ROWS["claims"], "id": -1, "key": "practice:a", "practice": 1})
    insert(raw, "practice_cases", CASE)


@pytest.mark.parametrize("state", [state.value for state in kinds.ClaimState if state is not kinds.ClaimState.NEW])
def test_a_practice_claim_is_new_for_ever(raw: sqlite3.Connection, state: str) -> None:
    a_practice_claim(raw)
    reason = "spam" if state == "closed" else None
    known = 1 if state == "duplicate" else None
    with pytest.raises(sqlite3.IntegrityError) as raised:
        raw.execute(
            "UPDATE claims SET state = ?, closing_reason = ?, duplicate_of = ? WHERE id = -1", (state, reason, known)
        )
    assert raised.value.sqlite_errorcode == CHECK


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("UPDATE claims SET practice = 0 WHERE id = -1", CHECK),
        ("UPDATE practice_cases SET claim_id = 1", CHECK),
        ("UPDATE practice_cases SET claim_id = -2", FOREIGN),
        ("UPDATE practice_cases SET rating = ''", CHECK),
        ("DELETE FROM claims WHERE id = -1", FOREIGN),
    ],
)
def test_what_is_practice_stays_practice(raw: sqlite3.Connection, sql: str, error: int) -> None:
    a_practice_claim(raw)
    with pytest.raises(sqlite3.IntegrityError) as raised:
        raw.execute(sql)
    assert raised.value.sqlite_errorcode == error


def test_practice_takes_no_public_number(raw: sqlite3.Connection) -> None:
    a_practice_claim(raw)
    insert(raw, "claims", {name: value for name, value in ROWS["claims"].items() if name != "id"} | {"key": "b"})
    assert raw.execute("SELECT id FROM claims ORDER BY id").fetchall() == [(-1,), (1,), (2,)]


def test_nobody_has_two_practice_claims_at_a_time(raw: sqlite3.Connection) -> None:
    a_practice_claim(raw)
    insert(raw, "claims", {**ROWS["claims"], "id": -2, "key": "practice:b", "practice": 1})
    insert(raw, "assignments", {**ROWS["assignments"], "id": 2, "claim_id": -1})
    with pytest.raises(sqlite3.IntegrityError) as raised:
        insert(raw, "assignments", {**ROWS["assignments"], "id": 3, "claim_id": -2})
    assert raised.value.sqlite_errorcode == UNIQUE
    raw.execute("UPDATE assignments SET state = 'passed', ended_at = :at WHERE id = 2", {"at": AT})
    insert(raw, "assignments", {**ROWS["assignments"], "id": 3, "claim_id": -2})


@pytest.mark.parametrize("sql", ["UPDATE audit SET data = '[]'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"])
def test_the_audit_log_is_only_added_to(raw: sqlite3.Connection, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError) as raised:
        raw.execute(sql)
    assert raised.value.sqlite_errorcode == TRIGGER


def test_what_others_refer_to_cannot_be_deleted(raw: sqlite3.Connection) -> None:
    for table in ("people", "documents", "claims", "reviews", "verdicts", "subscriptions"):
        with pytest.raises(sqlite3.IntegrityError) as raised:
            raw.execute(f"DELETE FROM {table}")
        assert raised.value.sqlite_errorcode == FOREIGN, table


# --- the schema and the vocabulary say the same ----------------------------------------------------------------------

ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("people", "role"): kinds.Role,
    ("chats", "kind"): kinds.ChatKind,
    ("documents", "kind"): kinds.DocumentKind,
    ("claims", "severity"): kinds.Severity,
    ("claims", "state"): kinds.ClaimState,
    ("claims", "closing_reason"): kinds.ClosingReason,
    ("desk_rules", "state"): kinds.RuleState,
    ("requests", "state"): kinds.RequestState,
    ("submissions", "state"): kinds.SubmissionState,
    ("assignments", "state"): kinds.AssignmentState,
    ("reviews", "state"): kinds.ReviewState,
    ("review_revisions", "state"): kinds.ReviewState,
    ("sources", "kind"): kinds.SourceKind,
    ("sources", "stance"): kinds.Stance,
    ("sources", "file_kind"): kinds.FileKind,
    ("objections", "file_kind"): kinds.FileKind,
    ("focuses", "awaiting"): kinds.Awaiting,
    ("verdicts", "method"): kinds.Method,
    ("verdict_sources", "kind"): kinds.SourceKind,
    ("verdict_sources", "stance"): kinds.Stance,
    ("subscriptions", "cadence"): kinds.Cadence,
    ("subscriptions", "audience"): kinds.Audience,
    ("outbox", "state"): kinds.OutboxState,
    ("wishes", "subject"): kinds.Subject,
    ("wishes", "manner"): kinds.Manner,
    ("rooms", "kind"): kinds.RoomKind,
    ("matches", "level"): MatchLevel,
    ("matches", "method"): MatchMethod,
    ("holds", "action"): kinds.HeldAction,
    ("holds", "was"): kinds.ClaimState,
    ("merges", "was"): kinds.ClaimState,
    ("corrections", "kind"): kinds.CorrectionKind,
    ("corrections", "state"): kinds.CorrectionState,
    ("objections", "state"): kinds.ObjectionState,
    ("indexing", "name"): Walk,
}


def checked_lists() -> dict[tuple[str, str], set[str]]:
    """The values that a column's own CHECK allows, from schema.sql."""
    found = {}
    for table in re.finditer(r"^CREATE TABLE (\w+) \(\n(.*?)\) STRICT", SCHEMA, re.MULTILINE | re.DOTALL):
        for column in re.finditer(
            r"(?:^ |,) (\w+) TEXT[^\n,]*? ?CHECK \((?:\w+ IS NULL OR )?\1 IN \(('[^)]*)\)", table[2], re.MULTILINE
        ):
            found[table[1], column[1]] = set(re.findall(r"'([^']*)'", column[2]))
    return found


def test_the_checks_of_the_schema_list_the_members_of_the_enums() -> None:
    lists = checked_lists()
    assert lists.pop(("invites", "role")) == {role.value for role in kinds.Role} - {"public"}
    assert lists == {place: {member.value for member in enum} for place, enum in ENUMS.items()}


def test_every_enum_of_the_vocabulary_is_checked_somewhere() -> None:
    hints = [hint for record in RECORDS for hint in typing.get_type_hints(record).values()]
    types_named = {each for hint in hints for each in (hint, *typing.get_args(hint))}
    named = {each for each in types_named if isinstance(each, type) and issubclass(each, StrEnum)}
    beside = {MatchLevel, MatchMethod, Walk, kinds.CorrectionKind, kinds.CorrectionState, kinds.ObjectionState}
    beside |= {kinds.Subject, kinds.Manner, kinds.RoomKind, kinds.RuleState}
    assert named | beside == set(ENUMS.values())


RECORDS: dict[type, str] = {
    model.Person: "people",
    model.Chat: "chats",
    model.Invite: "invites",
    model.Document: "documents",
    model.Claim: "claims",
    model.Request: "requests",
    model.Submission: "submissions",
    model.Assignment: "assignments",
    model.Review: "reviews",
    model.Source: "sources",
    model.Verdict: "verdicts",
    model.Focus: "focuses",
    model.Subscription: "subscriptions",
    model.Digest: "digests",
    model.OutboxMessage: "outbox",
    Match: "matches",
    Fetch: "fetches",
    Hold: "holds",
    Merge: "merges",
    Correction: "corrections",
    Objection: "objections",
    Wording: "wordings",
    DeskRule: "desk_rules",
    Indexing: "indexing",
    model.AuditEntry: "audit",
    JobRun: "job_runs",
    VerdictSource: "verdict_sources",
}

PARTIAL = {Match, model.Claim, model.Document, model.OutboxMessage, VerdictSource}
"""Records that leave some columns out."""


def test_every_record_of_the_vocabulary_has_a_table() -> None:
    records = {
        thing
        for thing in vars(model).values()
        if isinstance(thing, type) and hasattr(thing, "__dataclass_fields__") and thing.__module__ == model.__name__
    }
    beside = {JobRun, VerdictSource, Match, Hold, Fetch, Merge, Indexing, Correction, Wording, Objection, DeskRule}
    assert records | beside == set(RECORDS)


@pytest.mark.parametrize(("record", "table"), RECORDS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_a_record_has_the_columns_of_its_table_in_order(raw: sqlite3.Connection, record: type, table: str) -> None:
    known = columns(raw, table)
    names = Columns(record).names
    assert list(names) == [name for name in known if record not in PARTIAL or name in names]
    hints = typing.get_type_hints(record)
    optional = {
        name
        for name in names
        if typing.get_origin(hints[name]) in (types.UnionType, typing.Union)
        and type(None) in typing.get_args(hints[name])
    }
    assert optional == {name for name in names if known[name]}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"claim_id": 1}, CHECK),
        ({"known_id": 99}, FOREIGN),
        ({"level": "new"}, CHECK),
        ({"method": "guess"}, CHECK),
        ({"score": 1.1}, CHECK),
        ({"score": -0.1}, CHECK),
    ],
)
def test_a_match_that_breaks_a_rule_is_refused(raw: sqlite3.Connection, changes: dict[str, Any], error: int) -> None:
    insert(raw, "claims", {**ROWS["claims"], "id": 2, "key": "b"})
    insert(raw, "matches", MATCH)
    with pytest.raises(sqlite3.IntegrityError) as raised:
        change(raw, "matches", changes)
    assert raised.value.sqlite_errorcode == error
    with pytest.raises(sqlite3.IntegrityError):
        insert(raw, "matches", MATCH)
