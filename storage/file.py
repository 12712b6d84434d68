"""The database as a file: what it is, whether a desk serves it, and putting a backup in its place.

Looking at a file changes nothing in it or beside it. Connections that work with it: `storage/database.py`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from storage.engines.sqlite import FileHold, create_private, translate
from storage.errors import DatabaseBroken, DatabaseInUse, DatabaseTooNew, StorageError
from storage.migrate import list_migrations, version_of

_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The number of the newest migration in the file (0: empty), and of the newest that this code knows."""

    version: int
    newest: int


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept`: where the replaced file is now. `waiting`: messages that the restored desk will still send."""

    version: int
    newest: int
    kept: Path | None
    waiting: int


def newest_schema() -> int:
    """Return the number of the newest migration that this code knows."""
    return len(list_migrations())


def examine(path: Path) -> FileFacts:
    """Look at a database file.

    Raises:
        StorageError: `database_missing`, `database_unwritable`. DatabaseBroken: not ours, or damaged. DatabaseTooNew.
    """
    with _looking_at(path) as raw:
        return _facts(raw)


def is_served(path: Path) -> bool:
    """True if a desk runs on this file now."""
    file = path.resolve()
    if not file.with_name(file.name + ".lock").exists():
        return False
    try:
        FileHold(path).close()
    except DatabaseInUse:
        return True
    return False


def restore(backup: Path, target: Path) -> Restored:
    """Put a backup in the place of a database, and keep what was there.

    The backup is checked as a whole before anything is touched, and copied before anything is moved. A kill leaves
    either the old database, or the new one, or (between two renames) the old one under its `.before-restore` name.

    Raises:
        DatabaseInUse: a desk serves the target. DatabaseBroken, DatabaseTooNew, StorageError: the backup is no good.
    """
    target = target.resolve()  # a link to the file stays a link to it
    with closing(FileHold(target)):
        copy = target.with_name(target.name + ".restoring")
        try:
            with _looking_at(backup) as raw:
                facts = _facts(raw)
                if facts.version == 0:
                    raise DatabaseBroken("not_a_factdesk_database")
                _check_whole(raw)
                row = raw.execute("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')").fetchone()
                _copy(raw, copy)
            kept = _move_away(target)
            copy.replace(target)
            _sync_folder(target.parent)
        except sqlite3.Error as error:
            raise translate(error) from error
        finally:
            for leftover in (copy, *(copy.with_name(copy.name + end) for end in _BESIDE)):
                leftover.unlink(missing_ok=True)
    return Restored(facts.version, facts.newest, kept, int(row[0]))


@contextmanager
def _looking_at(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise StorageError("database_missing", path=str(path))
    if not path.is_file():
        raise StorageError("database_unwritable", path=str(path), cause="not a file")
    # Without a log beside it nobody writes the file, so no lock file needs to be made beside it (in a folder that may
    # be read-only): that is what `immutable` says.
    alone = not path.with_name(path.name + "-wal").exists()
    address = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if alone else ''}"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=15.0, isolation_level=None)) as raw:
            yield raw
    except sqlite3.Error as error:
        raise translate(error) from error


def _facts(raw: sqlite3.Connection) -> FileFacts:
    version, newest = version_of(raw), newest_schema()
    if version > newest:
        raise DatabaseTooNew("database_too_new", found=version, known=newest)
    return FileFacts(version, newest)


def _check_whole(raw: sqlite3.Connection) -> None:
    found = [row[0] for row in raw.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise DatabaseBroken("database_damaged", cause=str(found[0]))
    if raw.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise DatabaseBroken("database_damaged", cause="rows name other rows that do not exist")


def _copy(raw: sqlite3.Connection, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    create_private(copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as new:
        raw.backup(new)
    descriptor = os.open(copy, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _move_away(target: Path) -> Path | None:
    """Rename a database with what belongs to it; an earlier one that was kept is never overwritten."""
    if not target.exists():
        return None
    # The log is brought into the file first; a file that is damaged is kept as it is, its log beside it.
    with suppress(sqlite3.Error), closing(sqlite3.connect(target, timeout=1.0, isolation_level=None)) as old:
        busy, *_ = old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise DatabaseInUse("database_busy")
    number, kept = 1, target.with_name(target.name + ".before-restore")
    while kept.exists():
        number += 1
        kept = target.with_name(f"{target.name}.before-restore-{number}")
    for end in ("", *_BESIDE):
        part = target.with_name(target.name + end)
        if part.exists():
            part.rename(kept.with_name(kept.name + end))
    return kept


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
