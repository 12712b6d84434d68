import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.engines.sqlite import APPLICATION_ID
from storage.errors import DatabaseBroken, DatabaseTooNew
from storage.migrate import Migration, current_schema, list_migrations, migrate, schema_of, statements, version_of
from tests.support.builders import NOW

SCHEMA = Path(__file__).parents[2] / "storage" / "schema.sql"

FIRST = Migration(1, "first", "CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;")
SECOND = Migration(2, "second", "INSERT INTO parents (id) VALUES (1);\nCREATE TABLE more (id INTEGER) STRICT;")


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "any.db", isolation_level=None)) as connection:
        yield connection


def tables(raw: sqlite3.Connection) -> set[str]:
    return {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def recorded(raw: sqlite3.Connection) -> list[tuple[int, str]]:
    return raw.execute("SELECT number, name FROM migrations ORDER BY number").fetchall()


def test_a_fresh_database_has_the_schema_of_schema_sql() -> None:
    comment, _, schema = SCHEMA.read_text(encoding="utf-8").partition("\n\n")
    assert comment.startswith("-- Made by")
    assert current_schema(NOW) == schema


def test_a_fresh_file_has_that_schema_too(migrated_file: Path, database_path: Path) -> None:
    with closing(sqlite3.connect(database_path)) as raw:
        assert schema_of(raw) == current_schema(NOW)
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert raw.execute("SELECT applied_at FROM migrations").fetchall() == [
            ("2025-03-09T09:30:00.000000+00:00",) for _ in list_migrations()
        ]


def test_migrations_run_in_order_and_only_once(raw: sqlite3.Connection) -> None:
    assert migrate(raw, NOW, [FIRST]) == [FIRST]
    assert migrate(raw, NOW, [FIRST, SECOND]) == [SECOND]
    assert migrate(raw, NOW, [FIRST, SECOND]) == []
    assert recorded(raw) == [(1, "first"), (2, "second")]
    assert version_of(raw) == 2


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("CREATE TABLE half (id INTEGER) STRICT;\nCREATE TABLE half (id INTEGER) STRICT;", sqlite3.OperationalError),
        ("CREATE TABLE half (id INTEGER) STRICT;\nINSERT INTO half VALUES ('x');", sqlite3.IntegrityError),
        ("CREATE TABLE half (id INTEGER) STRICT;\nCREATE TABLE", ValueError),
        (
            "CREATE TABLE half (id INTEGER REFERENCES parents (id)) STRICT;\nINSERT INTO half VALUES (7);",
            DatabaseBroken,
        ),
    ],
)
def test_a_migration_that_fails_leaves_nothing_of_itself(
    raw: sqlite3.Connection, sql: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        migrate(raw, NOW, [FIRST, Migration(2, "bad", sql), Migration(3, "never", "CREATE TABLE never (id INT);")])
    assert tables(raw) == {"migrations", "parents"}
    assert recorded(raw) == [(1, "first")]
    assert version_of(raw) == 1
    assert not raw.in_transaction
    assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert migrate(raw, NOW, [FIRST, SECOND]) == [SECOND], "and the mended one runs"


def test_a_first_migration_that_fails_leaves_an_empty_file(raw: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(raw, NOW, [Migration(1, "bad", "CREATE TABLE a (id INTEGER);\nCREATE TABLE a (id INTEGER);")])
    assert tables(raw) == set()
    assert version_of(raw) == 0
    assert raw.execute("PRAGMA application_id").fetchone() == (0,)
    assert migrate(raw, NOW, [FIRST]) == [FIRST]


def test_a_migration_may_rebuild_a_table_that_others_refer_to(raw: sqlite3.Connection) -> None:
    children = "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id)) STRICT;"
    rebuild = """
    CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT) STRICT;
    INSERT INTO new_parents (id) SELECT id FROM parents;
    DROP TABLE parents;
    ALTER TABLE new_parents RENAME TO parents;
    """
    steps = [FIRST, Migration(2, "children", children), Migration(3, "rebuild", rebuild)]
    migrate(raw, NOW, steps[:2])
    raw.execute("INSERT INTO parents VALUES (5)")
    raw.execute("INSERT INTO children VALUES (1, 5)")
    assert migrate(raw, NOW, steps) == steps[2:]
    assert raw.execute("SELECT parent FROM children").fetchall() == [(5,)]


def test_two_connections_that_migrate_apply_each_step_once(tmp_path: Path) -> None:
    path = tmp_path / "any.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as one:
        migrate(one, NOW, [FIRST])
        with closing(sqlite3.connect(path, isolation_level=None)) as two:
            assert version_of(two) == 1
            assert migrate(one, NOW, [FIRST, SECOND]) == [SECOND]
            assert migrate(two, NOW, [FIRST, SECOND]) == []
            assert recorded(two) == [(1, "first"), (2, "second")]


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_file_that_is_migrated_while_it_is_looked_at_is_ours(tmp_path: Path, moment: int) -> None:
    path = tmp_path / "any.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        looks = 0

        def before_statement(statement: str) -> None:
            nonlocal looks
            looks += 1
            if looks == moment:
                with closing(sqlite3.connect(path, isolation_level=None)) as other:
                    migrate(other, NOW, [FIRST])

        raw.set_trace_callback(before_statement)
        assert version_of(raw) in (0, 1)
        raw.set_trace_callback(None)
        migrate(raw, NOW, [FIRST])
        assert version_of(raw) == 1


async def test_a_database_newer_than_the_code_is_refused(database_path: Path) -> None:
    with closing(sqlite3.connect(database_path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseTooNew) as raised:
        await Database.open(database_path, NOW, exclusive=True)
    assert raised.value.data == {"found": 99, "known": len(list_migrations())}
    with closing(sqlite3.connect(database_path)) as raw:
        raw.execute(f"PRAGMA user_version = {len(list_migrations()):d}")
    database = await Database.open(database_path, NOW, exclusive=True)
    await database.close()


def test_the_claims_of_the_first_version_are_real_and_their_numbers_go_on(raw: sqlite3.Connection) -> None:
    first, *rest = list_migrations()
    migrate(raw, NOW, [first])
    raw.execute(
        "INSERT INTO documents (id, kind, content_hash, text, language, created_at) "
        f"VALUES (1, 'message', '{'0' * 64}', 'A.', 'en', '2025')"
    )
    claim = "INSERT INTO claims (document_id, position, quote, text, key, language, state, created_at, state_at)"
    values = "1, 0, 'A.', 'A.', :key, 'en', 'published', '2025', '2025'"
    for key in "ab":
        raw.execute(f"{claim} VALUES ({values})", {"key": key})
    raw.execute("DELETE FROM claims WHERE key = 'b'")
    assert migrate(raw, NOW) == rest
    assert raw.execute("SELECT id, state, practice FROM claims").fetchall() == [(1, "published", 0)]
    raw.execute(f"{claim} VALUES ({values})", {"key": "c"})
    assert raw.execute("SELECT max(id) FROM claims").fetchone() == (3,), "a number is never used again"


def test_answers_given_before_claims_could_be_merged_are_known_by_person_and_verdict(raw: sqlite3.Connection) -> None:
    migrate(raw, NOW, list_migrations()[:3])
    at = NOW.isoformat()
    raw.execute(
        "INSERT INTO documents (id, kind, content_hash, text, language, created_at)"
        " VALUES (1, 'seed', ?, 'A.', 'en', ?)",
        ("0" * 64, at),
    )
    for number in (1, 2):
        raw.execute(
            "INSERT INTO people (id, telegram_id, name, role, joined_at, seen_at) VALUES (?, ?, 'A', 'public', ?, ?)",
            (number, number, at, at),
        )
    for number in (4, 5):
        raw.execute(
            "INSERT INTO claims (id, document_id, position, quote, text, key, language, state, created_at, state_at)"
            " VALUES (?, 1, ?, 'A.', 'A.', ?, 'en', 'published', ?, ?)",
            (number, number, str(number), at, at),
        )
    for number, claim in ((1, 5), (2, 4)):
        # A verdict with a number of its own: the new key of one answer is the old key of the other.
        raw.execute(
            "INSERT INTO verdicts (id, claim_id, version, rating, summary, summary_language, method, decided_at)"
            " VALUES (?, ?, 1, 'false', 'No.', 'en', 'consensus', ?)",
            (number, claim, at),
        )
    for number, claim, person in ((1, 4, 1), (2, 5, 1), (3, 5, 2)):
        raw.execute("INSERT INTO requests VALUES (?, ?, ?, 'answered', 1, ?, ?)", (number, claim, person, at, at))
        raw.execute(
            "INSERT INTO outbox (chat_id, kind, payload, dedup_key, due_at, retry_at, created_at)"
            " VALUES (?, 'verdict_published', '{}', ?, ?, ?, ?)",
            (person, f"answer:{number}:1", at, at, at),
        )
    migrate(raw, NOW)
    assert raw.execute("SELECT person_id, verdict_id FROM answers").fetchall() == [(1, 1), (1, 2), (2, 1)]
    assert raw.execute("SELECT dedup_key FROM outbox ORDER BY id").fetchall() == [
        ("answer:2:1",),
        ("answer:1:1",),
        ("answer:1:2",),
    ]
    assert raw.execute("SELECT asked_id, claim_id, person_id FROM requests ORDER BY id").fetchall() == [
        (4, 4, 1),
        (5, 5, 1),
        (5, 5, 2),
    ]


async def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(DatabaseBroken, match="not_a_factdesk_database"):
        await Database.open(path, NOW)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "header", "schema", "cut"])
async def test_a_damaged_file_is_refused(database_path: Path, damage: str) -> None:
    whole = database_path.read_bytes()
    database_path.write_bytes(
        {
            "text": b"This is no database at all. " * 100,
            "header": b"\0" * 100 + whole[100:],
            "schema": whole[:100] + b"\xff" * 3996 + whole[4096:],
            "cut": whole[:4096],
        }[damage]
    )
    with pytest.raises(DatabaseBroken, match="database_damaged"):
        await Database.open(database_path, NOW)


def test_the_migrations_of_this_code_are_numbered_from_one() -> None:
    assert [migration.number for migration in list_migrations()] == list(range(1, len(list_migrations()) + 1))
    assert list_migrations()[0].name == "initial"


@pytest.mark.parametrize(
    "names",
    [
        ["0001_initial.sql", "0003_later.sql"],
        ["0002_initial.sql"],
        ["0001_initial.sql", "0001_again.sql"],
        ["initial.sql"],
        ["0001_Initial.sql"],
        ["1_initial.sql"],
        ["0001_initial-more.sql"],
    ],
)
def test_gaps_and_bad_names_are_refused(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("CREATE TABLE a (id INTEGER);")
    with pytest.raises(ValueError, match="migration"):
        list_migrations(tmp_path)


def test_a_folder_of_migrations_is_read_in_order(tmp_path: Path) -> None:
    for name in ("0002_b.sql", "0001_a.sql", "README.md"):
        (tmp_path / name).write_text(f"-- {name}")
    assert list_migrations(tmp_path) == [
        Migration(1, "a", "-- 0001_a.sql"),
        Migration(2, "b", "-- 0002_b.sql"),
    ]


def test_a_script_is_cut_at_the_ends_of_its_statements() -> None:
    script = """-- A comment; with a semicolon.

CREATE TABLE a (
  x TEXT DEFAULT ';',  -- one; two
  y TEXT DEFAULT 'it''s; -- no comment'
);
/* A block; of
   words; */
INSERT INTO a (x) VALUES ('first
;second');
CREATE TRIGGER t AFTER INSERT ON a
BEGIN
  -- Twice; no less.
  UPDATE a SET x = CASE WHEN x = ';' THEN 'end;' ELSE x END;
  DELETE FROM a WHERE x = 'BEGIN';
END;
SELECT 1; -- trailing
"""
    found = list(statements(script))
    assert [statement.split(None, 2)[:2] for statement in found] == [
        ["CREATE", "TABLE"],
        ["/*", "A"],
        ["CREATE", "TRIGGER"],
        ["SELECT", "1;"],
    ]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        for statement in found:
            raw.execute(statement)
        assert raw.execute("SELECT x FROM a").fetchall() == [("first\n;second",)]
        raw.execute("INSERT INTO a (x) VALUES ('BEGIN')")
        assert raw.execute("SELECT count(*) FROM a").fetchone() == (1,), "the trigger is whole"


@pytest.mark.parametrize("script", ["SELECT 1", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;", "SELECT ';"])
def test_a_script_that_ends_inside_a_statement_is_refused(script: str) -> None:
    with pytest.raises(ValueError, match="ends inside a statement"):
        list(statements(script))


def test_a_script_of_comments_has_no_statements() -> None:
    assert list(statements("\n-- nothing;\n\n  -- more nothing\n")) == []
