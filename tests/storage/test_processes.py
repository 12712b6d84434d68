"""What several processes do to one file. Each test starts real ones."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import DatabaseInUse
from storage.migrate import list_migrations
from tests.support.builders import NOW

ROOT = Path(__file__).parents[2]

PRELUDE = """
import asyncio, sys
from storage.database import Database
from tests.support.builders import NOW

async def told():
    return await asyncio.to_thread(sys.stdin.readline)

def say(word):
    print(word, flush=True)

path = sys.argv[1]
"""


@asynccontextmanager
async def child(path: Path, body: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that runs the lines of an async function's body; killed at the end if it has not ended."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"{PRELUDE}\nasync def main():\n{lines}\nasyncio.run(main())",
        str(path),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        process._transport.close()  # type: ignore[attr-defined]  # or its pipes are closed after the loop


async def said(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


async def tell(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    await process.stdin.drain()


COUNT = """
database = await Database.open(path, NOW)
say("ready")
await told()
for _ in range(100):
    async with database.write() as ledger:
        count = (await ledger.settings.get_all()).get("count", 0)
        await ledger.settings.set("count", count + 1, by=None, now=NOW)
await database.close()
"""

HOLD = """
database = await Database.open(path, NOW)
async with database.write() as ledger:
    await ledger.settings.set("who", "child", by=None, now=NOW)
    say("in")
    await told()
say("out")
await database.close()
"""

SERVE = """
database = await Database.open(path, NOW, exclusive=True)
async with database.write() as ledger:
    await ledger.settings.set("kept", 1, by=None, now=NOW)
async with database.write() as ledger:
    await ledger.settings.set("lost", 1, by=None, now=NOW)
    say("in")
    await told()
"""


async def test_a_writer_waits_for_the_writer_of_another_process(database: Database) -> None:
    async def write() -> dict[str, object]:
        async with database.write() as ledger:
            return await ledger.settings.get_all()

    async with child(database.path, HOLD) as process:
        assert await said(process) == "in"
        writing = asyncio.create_task(write())
        await asyncio.sleep(0.2)
        assert not writing.done()
        async with database.read() as reader:
            assert await reader.settings.get_all() == {}, "readers wait for nobody"
        await tell(process)
        assert await asyncio.wait_for(writing, 10) == {"who": "child"}


async def test_two_processes_lose_none_of_each_others_writes(database: Database) -> None:
    async with child(database.path, COUNT) as one, child(database.path, COUNT) as two:
        for process in (one, two):
            assert await said(process) == "ready"
        for process in (one, two):
            await tell(process)
        for _ in range(50):
            async with database.write() as ledger:
                count = (await ledger.settings.get_all()).get("count", 0)
                await ledger.settings.set("count", count + 1, by=None, now=NOW)
        assert await asyncio.wait_for(asyncio.gather(one.wait(), two.wait()), 60) == [0, 0]
    async with database.read() as ledger:
        assert (await ledger.settings.get_all())["count"] == 250


async def test_a_second_desk_is_refused_until_the_first_is_gone_even_by_kill_9(database_path: Path) -> None:
    async with child(database_path, SERVE) as process:
        assert await said(process) == "in"
        with pytest.raises(DatabaseInUse) as raised:
            await Database.open(database_path, NOW, exclusive=True)
        assert (raised.value.code, raised.value.data) == ("database_in_use", {"path": str(database_path)})
        process.send_signal(signal.SIGKILL)
        await process.wait()
        database = await Database.open(database_path, NOW, exclusive=True)
        async with database.write() as ledger:
            assert await ledger.settings.get_all() == {"kept": 1}, "what was committed, and nothing half done"
        await database.close()


async def test_processes_that_make_the_same_new_files_agree(tmp_path: Path) -> None:
    """Three processes race for thirty files: to make, mark and migrate each takes several steps."""
    body = """
say("ready")
for number in range(30):
    await told()
    database = await Database.open(f"{path}.{number}", NOW)
    async with database.write() as ledger:
        await ledger.settings.set(f"pid {__import__('os').getpid()}", 1, by=None, now=NOW)
    await database.close()
    say("done")
"""
    path = tmp_path / "new.db"
    async with child(path, body) as one, child(path, body) as two, child(path, body) as three:
        processes = (one, two, three)
        for process in processes:
            assert await said(process) == "ready"
        for _ in range(30):
            for process in processes:
                await tell(process)
            assert [await said(process) for process in processes] == ["done"] * 3
    for number in range(30):
        with closing(sqlite3.connect(f"{path}.{number}")) as raw:
            applied = raw.execute("SELECT number FROM migrations ORDER BY number").fetchall()
            assert applied == [(each.number,) for each in list_migrations()]
            assert raw.execute("SELECT count(*) FROM settings").fetchone() == (3,)
            assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
