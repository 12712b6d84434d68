"""Fixtures for every test: a real database of its own, and no network but the loopback.

The migrated file is built once per session and copied: migrating anew would cost each test ten times as much.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from storage.database import Database
from storage.ledger import Ledger
from storage.migrate import migrate
from tests.support.builders import NOW

# How fast something is the benchmarks tell; here a busy machine would only make tests fail.
settings.register_profile("desk", deadline=None)
settings.load_profile("desk")


def pytest_xdist_auto_num_workers() -> int:
    """With `-n auto`: twice as many workers as cores, for whole processes spend half their time waiting."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def now() -> datetime:
    """The instant at which the test happens."""
    return NOW


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated database file. Never open it: copy it."""
    path = tmp_path_factory.mktemp("migrated") / "factdesk.db"
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        migrate(raw, NOW)
    return path


@pytest.fixture
def database_path(migrated_file: Path, tmp_path: Path) -> Path:
    """A migrated database file of this test's own, not open."""
    return Path(shutil.copy(migrated_file, tmp_path / "factdesk.db"))


@pytest.fixture
async def database(database_path: Path) -> AsyncIterator[Database]:
    """An open database, closed after the test."""
    opened = await Database.open(database_path, NOW)
    yield opened
    await opened.close()


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    """An open write transaction, committed after the test. Nobody else can write meanwhile, nor read what is in it."""
    async with database.write() as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Fail whatever would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse_others(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test may not use the network: {address}")

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        refuse_others(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        refuse_others(sock, address)
        return connect_ex(sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield
