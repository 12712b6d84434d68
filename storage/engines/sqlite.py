"""SQLite through aiosqlite.

Reads run on aiosqlite's threads, statement by statement. Inside a *write* transaction the statements run in the
caller's thread on the same connection, and only what can wait (BEGIN IMMEDIATE for the lock, COMMIT for the disk,
ROLLBACK) goes through aiosqlite's thread: a hop costs ten times what a short statement costs
(docs/decisions/0002-inline-statements.md has the figures). Nothing else uses the connection meanwhile, because a
transaction has one owner.
"""

from __future__ import annotations

import math
import os
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiosqlite

from storage.engines.base import Params, Row
from storage.errors import DatabaseBroken, DatabaseInUse, Stale, StorageError

APPLICATION_ID = 0x46444553
"""Marks the file as ours ("FDES"), so that another program's database is never migrated by mistake."""

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables came with 3.37."""

BUSY_SECONDS = 15.0
"""How long a writer waits for another process (an `ingest` beside a running desk) before it gives up."""

_NO_PARAMS: dict[str, Any] = {}


def translate(error: sqlite3.Error) -> Exception:
    """Turn a driver error into ours, by its code and never by its text; a bug in our SQL stays what it is."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
        return Stale("already_exists")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseInUse("database_busy")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return StorageError("database_unwritable", cause=name)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DatabaseBroken("database_damaged", cause=name)
    return error


def require_sqlite() -> None:
    """Raise StorageError if the SQLite library is too old for our tables."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError("sqlite_too_old", found=sqlite3.sqlite_version, needed=".".join(map(str, OLDEST_SQLITE)))


def create_private(path: Path) -> bool:
    """Create an empty file that only its owner may use; False if there is a file already.

    An existing file is not even opened: closing it again would drop the locks that SQLite holds on it in this process.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return False
    except OSError as error:
        raise StorageError("database_unwritable", cause=type(error).__name__) from error
    return True


def write_ahead(raw: sqlite3.Connection) -> None:
    """Give a file its write-ahead log. Waits for other processes itself: in this one statement SQLite does not."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not isinstance(translate(error), DatabaseInUse) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


class SqliteConnection:
    """One connection to an existing file: an aiosqlite connection and the driver's connection under it."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        self.path = path
        self._writes = writes
        self._raw: sqlite3.Connection
        self._threaded = aiosqlite.Connection(self._connect, iter_chunk_size=256)
        self.is_open = False

    async def open(self) -> None:
        """Open the file and set what every connection must have."""
        try:
            await self._threaded
        except sqlite3.Error as error:
            raise translate(error) from error
        self.is_open = True

    def _connect(self) -> sqlite3.Connection:
        raw = sqlite3.connect(
            self.path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        try:
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("PRAGMA synchronous = FULL")
            raw.execute("PRAGMA temp_store = MEMORY")
            if not self._writes:
                raw.execute("PRAGMA query_only = ON")
            try:
                raw.execute("SELECT log2(1)")
            except sqlite3.OperationalError:
                # A library that was built without its mathematics.
                raw.create_function("log2", 1, math.log2, deterministic=True)
        except sqlite3.Error:
            raw.close()
            raise
        self._raw = raw
        return raw

    @property
    def in_transaction(self) -> bool:
        """True between BEGIN and COMMIT or ROLLBACK."""
        return self.is_open and self._raw.in_transaction

    async def run(self, sql: str) -> None:
        """Run one statement that may wait (BEGIN, COMMIT) in the connection's thread, at the cost of one hop."""
        try:
            await self._threaded.execute_fetchall(sql)
        except sqlite3.Error as error:
            raise translate(error) from error

    async def roll_back(self) -> None:
        """Undo the open transaction, if one is open by the time that the connection's thread gets to it.

        Whether one is open cannot be asked before: a BEGIN or COMMIT given up by its task may still be under way.
        """
        try:
            await self._threaded.rollback()
        except sqlite3.Error as error:
            raise translate(error) from error

    async def backup_to(self, path: Path) -> None:
        """Copy the whole database into a new file while others go on using it."""
        if not create_private(path):
            raise StorageError("file_exists", path=str(path))
        try:
            async with aiosqlite.connect(path) as target:
                await self._threaded.backup(target)
        except sqlite3.Error as error:
            raise translate(error) from error

    async def close(self) -> None:
        """Close the connection and end its thread; nothing to do for one that was never opened."""
        self.is_open = False
        await self._threaded.close()

    def inline(self) -> InlineSession:
        """Return the session of a write transaction."""
        return InlineSession(self._raw)

    def threaded(self) -> ThreadedSession:
        """Return the session of a read transaction."""
        return ThreadedSession(self._threaded)


class InlineSession:
    """Statements in the caller's thread. Coroutines by contract, although none of them waits."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw: sqlite3.Connection | None = raw

    def end(self) -> None:
        """Refuse every statement from now on."""
        self._raw = None

    def _in_transaction(self) -> sqlite3.Connection:
        # A full disk makes SQLite roll the whole transaction back by itself. What came after would be committed
        # statement by statement, as would whatever still uses the ledger of a transaction that has ended.
        if self._raw is None or not self._raw.in_transaction:
            raise StorageError("transaction_over")
        return self._raw

    async def fetch_all(self, sql: str, params: Params = _NO_PARAMS) -> list[Row]:
        """See `Session`."""
        try:
            return self._in_transaction().execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise translate(error) from error

    async def fetch_one(self, sql: str, params: Params = _NO_PARAMS) -> Row | None:
        """See `Session`. The statement is finished, so that an unread INSERT … RETURNING is done for sure."""
        try:
            rows: list[Row] = self._in_transaction().execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise translate(error) from error
        return rows[0] if rows else None

    async def execute(self, sql: str, params: Params = _NO_PARAMS) -> int:
        """See `Session`."""
        try:
            return self._in_transaction().execute(sql, params).rowcount
        except sqlite3.Error as error:
            raise translate(error) from error

    async def execute_many(self, sql: str, params: Iterable[Params]) -> None:
        """See `Session`."""
        try:
            self._in_transaction().executemany(sql, params)
        except sqlite3.Error as error:
            raise translate(error) from error


class ThreadedSession:
    """Statements in aiosqlite's thread: a long read never holds up the event loop."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._threaded: aiosqlite.Connection | None = connection

    def end(self) -> None:
        """Refuse every statement from now on: the connection may serve another reader."""
        self._threaded = None

    @property
    def _connection(self) -> aiosqlite.Connection:
        if self._threaded is None:
            raise StorageError("transaction_over")
        return self._threaded

    async def fetch_all(self, sql: str, params: Params = _NO_PARAMS) -> list[Row]:
        """See `Session`."""
        try:
            return [tuple(row) for row in await self._connection.execute_fetchall(sql, dict(params))]
        except sqlite3.Error as error:
            raise translate(error) from error

    async def fetch_one(self, sql: str, params: Params = _NO_PARAMS) -> Row | None:
        """See `Session`."""
        rows = await self.fetch_all(sql, params)
        return rows[0] if rows else None

    async def execute(self, sql: str, params: Params = _NO_PARAMS) -> int:
        """See `Session`."""
        try:
            async with self._connection.execute(sql, dict(params)) as cursor:
                return cursor.rowcount
        except sqlite3.Error as error:
            raise translate(error) from error

    async def execute_many(self, sql: str, params: Iterable[Params]) -> None:
        """See `Session`."""
        try:
            async with self._connection.executemany(sql, [dict(row) for row in params]):
                pass
        except sqlite3.Error as error:
            raise translate(error) from error


class FileHold:
    """Marks a database file as served by this process, until closed or until the process ends, however it ends.

    It is an exclusive transaction on an empty database beside the file: portable, and let go by the system on a kill.
    """

    def __init__(self, path: Path) -> None:
        file = path.resolve()  # one file has one holder, by whatever links it is reached
        holder = file.with_name(file.name + ".lock")
        create_private(holder)
        try:
            self._raw = sqlite3.connect(holder, timeout=0, isolation_level=None)
        except sqlite3.Error as error:
            raise translate(error) from error
        try:
            self._raw.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._raw.close()
            ours = translate(error)
            if isinstance(ours, DatabaseInUse):
                raise DatabaseInUse("database_in_use", path=str(path)) from error
            raise ours from error

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()
