"""The way of a command to the database: which file, may it be used, and errors in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.terminal.outcome import UNUSABLE, CommandError, explain_os, explain_storage
from storage.database import Database
from storage.errors import StorageError
from storage.file import examine


def usable_path(path: Path) -> Path:
    """Return the path of the database, if it is one; PostgreSQL addresses are not."""
    if path.parts and path.parts[0].rstrip(":") in {"postgresql", "postgres"}:
        raise CommandError("this version keeps its data in SQLite; set FACTDESK_DATABASE to a file", UNUSABLE)
    return path


@asynccontextmanager
async def opened(path: Path, now: datetime, *, make: bool = False) -> AsyncIterator[Database]:
    """Open the database of a command; `make` one if there is none.

    A database of an older Factdesk is left alone: an older desk may be running on it.
    """
    usable_path(path)
    try:
        _refuse_old(path, make=make)
        database = await Database.open(path, now)
        try:
            yield database
        finally:
            await database.close()
    except StorageError as error:
        raise explain_storage(error, path) from error
    except OSError as error:
        raise explain_os(error, path) from error


def _refuse_old(path: Path, *, make: bool) -> None:
    if make and not path.exists():
        return
    facts = examine(path)
    if facts.version < facts.newest and not (make and facts.version == 0):
        raise StorageError("database_too_old", found=facts.version, known=facts.newest)
