"""Numbered migrations, each applied in one transaction together with its record.

`python -m storage.migrate` prints the schema that they add up to; `storage/schema.sql` holds the same text.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

from storage.engines.sqlite import APPLICATION_ID, translate
from storage.errors import DatabaseBroken, DatabaseTooNew
from storage.rows import instant

_NAME = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")

_RECORD_TABLE = """CREATE TABLE migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step."""

    number: int
    name: str
    sql: str


def list_migrations(folder: Traversable | None = None) -> list[Migration]:
    """Return every migration of a folder (those of this code if None), in order.

    Raises:
        ValueError: if a file is misnamed, or the numbers do not run 1, 2, 3, …
    """
    found = []
    for entry in (folder or files("storage").joinpath("migrations")).iterdir():
        if not entry.name.endswith(".sql"):
            continue
        match = _NAME.match(entry.name)
        if match is None:
            raise ValueError(f"migration file {entry.name} is not named NNNN_words.sql")
        found.append(Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8")))
    found.sort(key=lambda migration: migration.number)
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migration numbers must run 1, 2, 3, … without a gap")
    return found


def statements(sql: str) -> Iterator[str]:
    """Yield the statements of a script one by one. (`executescript` would commit half way.)"""
    pending = ""
    for line in sql.splitlines(keepends=True):
        if not pending.strip() and (not line.strip() or line.lstrip().startswith("--")):
            continue
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise ValueError("the script ends inside a statement")


def version_of(raw: sqlite3.Connection) -> int:
    """Return the number of the newest migration in the file; 0 for an empty file.

    Raises:
        DatabaseBroken: if the file is some other program's database.
    """
    try:
        # In this order: should another process migrate meanwhile, a file with tables has its marks, too.
        if raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            return 0
        application = raw.execute("PRAGMA application_id").fetchone()[0]
        version: int = raw.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise translate(error) from error
    if application != APPLICATION_ID:
        raise DatabaseBroken("not_a_factdesk_database")
    return version


def migrate(raw: sqlite3.Connection, now: datetime, migrations: list[Migration] | None = None) -> list[Migration]:
    """Bring a database up to date.

    Args:
        raw: a connection in autocommit mode with no transaction open.
        now: when the migrations are said to be applied.
        migrations: the steps; those of this code if None.

    Returns:
        the migrations that were applied now, in order.

    Raises:
        DatabaseTooNew: the file knows more migrations than this code.
        DatabaseBroken: not ours, or a migration leaves a foreign key dangling.
    """
    migrations = list_migrations() if migrations is None else migrations
    newest = len(migrations)
    if (found := version_of(raw)) > newest:
        raise DatabaseTooNew("database_too_new", found=found, known=newest)
    # Foreign keys are checked at the end of each step, because a step that rebuilds a table breaks them half way.
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        return [migration for migration in migrations[found:] if _apply(raw, migration, now)]
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def _apply(raw: sqlite3.Connection, migration: Migration, now: datetime) -> bool:
    try:
        raw.execute("BEGIN IMMEDIATE")
        # Another process may have been faster while we waited for the lock.
        if version_of(raw) >= migration.number:
            raw.execute("ROLLBACK")
            return False
        if migration.number == 1:
            raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            raw.execute(_RECORD_TABLE)
        for statement in statements(migration.sql):
            raw.execute(statement)
        if raw.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise DatabaseBroken("migration_breaks_references", number=migration.number)  # noqa: TRY301
        raw.execute(
            "INSERT INTO migrations (number, name, applied_at) VALUES (:number, :name, :at)",
            {"number": migration.number, "name": migration.name, "at": instant(now)},
        )
        raw.execute(f"PRAGMA user_version = {migration.number:d}")
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        raise
    return True


def schema_of(raw: sqlite3.Connection) -> str:
    """Return the statements that make the schema, sorted by table; FTS5's own shadow tables left out."""
    rows = raw.execute(
        """
        SELECT sql FROM sqlite_master
        WHERE sql IS NOT NULL AND name NOT LIKE 'claim_words_%' AND name NOT LIKE 'claim_stems_%'
          AND name NOT LIKE 'sqlite_%'
        ORDER BY tbl_name, type = 'trigger', type = 'index', name
        """
    ).fetchall()
    return "".join(f"{sql};\n\n" for (sql,) in rows).rstrip("\n") + "\n"


def current_schema(now: datetime) -> str:
    """Return the schema that all migrations add up to."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(raw, now)
        return schema_of(raw)
    finally:
        raw.close()


if __name__ == "__main__":
    from datetime import UTC

    sys.stdout.write("-- Made by `python -m storage.migrate`; a test keeps it equal to the migrations.\n\n")
    sys.stdout.write(current_schema(datetime(2025, 1, 1, tzinfo=UTC)))
