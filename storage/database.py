"""The one place with a transaction: `write()` on the only write connection, `read()` on connections of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from storage.engines.sqlite import (
    BUSY_SECONDS,
    FileHold,
    SqliteConnection,
    create_private,
    require_sqlite,
    translate,
    write_ahead,
)
from storage.errors import StorageError
from storage.ledger import Ledger
from storage.migrate import Migration, list_migrations, migrate, version_of

T = TypeVar("T")

READERS = 3
"""Read connections opened at most; a reader beyond that waits its turn."""


async def uncancelled(work: Awaitable[T]) -> T:
    """Await `work` to its end even if the caller is cancelled meanwhile; then let the cancellation through.

    A cancelled COMMIT thus has an outcome by the time anybody looks, and a ROLLBACK is never left half said.
    """
    task = asyncio.ensure_future(work)
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancellation = error
        except BaseException:
            break
    if cancellation is not None:
        task.exception()  # looked at, so that asyncio does not report it as never retrieved
        raise cancellation
    return task.result()


class Database:
    """An open database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = SqliteConnection(path, writes=True)
        self._write_lock = asyncio.Lock()
        self._writing: asyncio.Task[Any] | None = None
        self._readers: list[SqliteConnection] = []
        self._idle_readers: list[SqliteConnection] = []
        self._reader_slots = asyncio.Semaphore(READERS)
        self._hold: FileHold | None = None
        self._closed = False

    @classmethod
    async def open(cls, path: Path | str, now: datetime, *, exclusive: bool = False) -> Database:
        """Open a database, made or brought up to date if need be.

        Args:
            path: the file; its folder is made if missing.
            now: recorded with the migrations that are applied.
            exclusive: refuse if another process already serves this file (for `factdesk run`).

        Raises:
            DatabaseInUse, DatabaseTooNew, DatabaseBroken, StorageError: see storage/errors.py.
        """
        require_sqlite()
        database = cls(Path(path))
        try:
            if exclusive:
                database._hold = FileHold(database.path)
            await uncancelled(asyncio.to_thread(_prepare, database.path, now))
            await uncancelled(database._writer.open())
        except BaseException:
            await database.close()
            raise
        return database

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Ledger]:
        """Open the write transaction; commit at the end, roll back on any exception or cancellation.

        A cancellation that meets the COMMIT may find it done: callers must be repeatable.

        Raises:
            RuntimeError: this task is in a write transaction already.
        """
        if self._writing is not None and self._writing is asyncio.current_task():
            # It would wait for itself for ever.
            raise RuntimeError("write() inside write(): pass the ledger on instead")
        async with self._write_lock:
            self._refuse_if_closed()
            session = self._writer.inline()
            self._writing = asyncio.current_task()
            try:
                await uncancelled(self._writer.run("BEGIN IMMEDIATE"))
                yield Ledger(session)
                await uncancelled(self._writer.run("COMMIT"))
            except BaseException:
                await uncancelled(self._writer.roll_back())
                raise
            finally:
                self._writing = None
                session.end()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Ledger]:
        """Open a read transaction: one consistent view, beside the writer; writing in it fails."""
        async with self._reader_slots:
            self._refuse_if_closed()
            connection = self._idle_readers.pop() if self._idle_readers else SqliteConnection(self.path, writes=False)
            session = connection.threaded()
            try:
                if not connection.is_open:
                    self._readers.append(connection)
                    await uncancelled(connection.open())
                await uncancelled(connection.run("BEGIN"))
                yield Ledger(session)
            finally:
                session.end()
                await uncancelled(self._put_back(connection))

    async def _put_back(self, connection: SqliteConnection) -> None:
        if connection.is_open:
            await connection.roll_back()
            self._idle_readers.append(connection)
        else:
            self._readers.remove(connection)

    async def backup(self, path: Path) -> None:
        """Copy the database into a new file, consistent, while the desk goes on. StorageError if the file exists."""
        connection = SqliteConnection(self.path, writes=False)
        try:
            await uncancelled(connection.open())
            await uncancelled(connection.backup_to(path))
        finally:
            await uncancelled(connection.close())

    async def close(self) -> None:
        """Close every connection, after the transactions still open have ended; later ones are refused."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._write_lock)
            for _ in range(READERS):
                await stack.enter_async_context(self._reader_slots)
            self._closed = True
            await uncancelled(self._close_connections())

    async def _close_connections(self) -> None:
        for connection in (*self._readers, self._writer):
            await connection.close()
        self._readers.clear()
        self._idle_readers.clear()
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StorageError("database_closed")


def _prepare(path: Path, now: datetime) -> list[Migration]:
    create_private(path)
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as raw:
            if version_of(raw) == 0:
                write_ahead(raw)
            return migrate(raw, now, list_migrations())
    except sqlite3.Error as error:
        raise translate(error) from error
