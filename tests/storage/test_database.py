# ruff: noqa: PT012 - the block that raises here is a transaction, and what is in it is the point
import asyncio
import random
import sqlite3
import stat
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import READERS, Database, uncancelled
from storage.errors import DatabaseInUse, StorageError
from storage.ledger import Ledger
from storage.migrate import list_migrations, version_of
from tests.support.builders import NOW, a_person


@pytest.fixture
def database_path(database_path: Path) -> Path:
    """The migrated file, with a table for pairs of rows that belong together."""
    with closing(sqlite3.connect(database_path)) as raw:
        raw.execute("CREATE TABLE pairs (n INTEGER NOT NULL, half TEXT NOT NULL) STRICT")
    return database_path


async def put(ledger: Ledger, n: int, half: str = "a") -> None:
    await ledger.session.execute("INSERT INTO pairs (n, half) VALUES (:n, :half)", {"n": n, "half": half})


async def pairs(database: Database) -> dict[int, str]:
    """Each n with its halves."""
    async with database.read() as ledger:
        rows = await ledger.session.fetch_all("SELECT n, half FROM pairs ORDER BY n, half")
    found: dict[int, str] = {}
    for n, half in rows:
        found[n] = found.get(n, "") + half
    return found


async def assert_free(database: Database) -> None:
    """No transaction is open, the lock is free, and the next write works."""
    assert not database._writer.in_transaction
    assert not database._write_lock.locked()
    async with asyncio.timeout(5), database.write() as ledger:
        await put(ledger, -1)
    async with database.write() as ledger:
        await ledger.session.execute("DELETE FROM pairs WHERE n = -1")


# --- uncancelled() ---------------------------------------------------------------------------------------------------


async def test_uncancelled_returns_what_the_work_returns() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    assert await uncancelled(work()) == 7


async def test_uncancelled_raises_what_the_work_raises() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await uncancelled(work())


async def test_uncancelled_ends_the_work_before_the_cancellation_goes_through() -> None:
    steps = []
    gate = asyncio.Event()

    async def work() -> None:
        steps.append("begun")
        await gate.wait()
        steps.append("done")

    task = asyncio.create_task(uncancelled(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["begun", "done"]


async def test_uncancelled_prefers_the_cancellation_to_an_error_of_the_work() -> None:
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise LookupError("nobody is left to see this")

    task = asyncio.create_task(uncancelled(work()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_uncancelled_gives_up_if_the_work_itself_is_cancelled() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    inner = asyncio.ensure_future(work())
    task = asyncio.create_task(uncancelled(inner))
    await asyncio.sleep(0)
    inner.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_timeout_over_uncancelled_work_is_still_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await uncancelled(asyncio.sleep(0.05))


# --- cancellation of write() -----------------------------------------------------------------------------------------


async def test_thousands_of_cancellations_leave_no_transaction_open_and_no_pair_apart(database: Database) -> None:
    """Four writers at a time, each cancelled at a random turn of the event loop in a random stage of its life.

    The stages: waiting for the lock, BEGIN, the body with its real awaits, COMMIT. What a writer that was cancelled
    wrote is either all there or not at all.
    """
    await database._writer.run("PRAGMA synchronous = OFF")  # the same steps, without the wait for the disk
    chance = random.Random(20250309)
    stages: dict[int, str] = {}
    hits: Counter[str] = Counter()
    kept: set[int] = set()

    async def write_pair(n: int) -> None:
        stages[n] = "waiting"
        async with database.write() as ledger:
            stages[n] = "body"
            await put(ledger, n, "a")
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            async with ledger.savepoint():
                await put(ledger, n, "b")
                await asyncio.sleep(0)
            stages[n] = "ending"
        stages[n] = "over"
        kept.add(n)

    async def cancel_later(n: int, task: asyncio.Task[None], target: str, turns: int) -> None:
        while stages.get(n) != target and not task.done():
            await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        stage = stages[n]
        if stage == "waiting" and not {"body", "ending"} & set(stages.values()):
            stage = "beginning"
        hits[stage] += task.cancel()
        if chance.random() < 0.3:  # once more, while it takes back what it did
            for _ in range(chance.randrange(5)):
                await asyncio.sleep(0)
            task.cancel()

    number = 0
    while hits.total() < 6_000:
        stages.clear()
        group = {number + i: asyncio.create_task(write_pair(number + i)) for i in range(4)}
        number += len(group)
        await asyncio.gather(
            *(
                cancel_later(n, task, chance.choice(("waiting", "body", "ending")), chance.choice((0, 1, 2, 5, 9, 30)))
                for n, task in group.items()
            )
        )
        done = await asyncio.gather(*group.values(), return_exceptions=True)
        assert all(result is None or isinstance(result, asyncio.CancelledError) for result in done), done
        assert not database._writer.in_transaction
        assert not database._write_lock.locked()
    assert all(hits[stage] > 80 for stage in ("waiting", "beginning", "body", "ending")), hits

    found = await pairs(database)
    assert set(found.values()) == {"ab"}
    assert kept <= set(found)
    await assert_free(database)


async def test_cancelling_every_task_there_is_leaves_a_usable_database(database: Database) -> None:
    """As `asyncio.run` does at the end: the shielded BEGIN or COMMIT is cancelled, too, while the thread goes on."""
    chance = random.Random(7)
    me = asyncio.current_task()

    async def write_pair(n: int) -> None:
        async with database.write() as ledger:
            await put(ledger, n, "a")
            await asyncio.sleep(0)
            await put(ledger, n, "b")

    for n in range(300):
        writer = asyncio.create_task(write_pair(n))
        for _ in range(chance.randrange(40)):
            await asyncio.sleep(0)
        for task in asyncio.all_tasks() - {me}:
            task.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        await assert_free(database)
    assert set((await pairs(database)).values()) <= {"ab"}


async def test_a_cancelled_wait_for_another_writer_ends_without_a_transaction(database: Database) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        async def write() -> None:
            async with database.write() as ledger:
                await put(ledger, 1)

        task = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done(), "BEGIN is never left half said"
        other.execute("COMMIT")
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await pairs(database) == {}
    await assert_free(database)


async def test_cancelled_readers_are_not_lost(database: Database) -> None:
    chance = random.Random(3)
    before = threading.active_count()

    async def read() -> None:
        async with database.read() as ledger:
            await ledger.session.fetch_all("SELECT n FROM pairs")

    for _ in range(500):
        tasks = [asyncio.create_task(read()) for _ in range(READERS + 1)]
        for task in tasks:
            for _ in range(chance.randrange(30)):
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(database._readers) <= READERS
    async with asyncio.timeout(5):
        await asyncio.gather(*(read() for _ in range(3 * READERS)))
    await database.close()
    await ended_threads(before - 1)


async def ended_threads(most: int) -> None:
    """Wait until at most that many threads are left; they end just after what they were asked for."""
    async with asyncio.timeout(5):
        while threading.active_count() > most:
            await asyncio.sleep(0.005)


# --- what a transaction is -------------------------------------------------------------------------------------------


async def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.write() as ledger:
            await put(ledger, 1)
            raise LookupError
    assert await pairs(database) == {}
    await assert_free(database)


async def test_a_savepoint_undoes_its_body_and_nothing_else(database: Database) -> None:
    async with database.write() as ledger:
        await put(ledger, 1)
        with pytest.raises(LookupError):
            async with ledger.savepoint():
                await put(ledger, 2)
                raise LookupError
        await put(ledger, 3)
    assert set(await pairs(database)) == {1, 3}


async def test_savepoints_nest(database: Database) -> None:
    async with database.write() as ledger:
        async with ledger.savepoint():
            await put(ledger, 1)
            with pytest.raises(LookupError):
                async with ledger.savepoint():
                    await put(ledger, 2)
                    async with ledger.savepoint():
                        await put(ledger, 3)
                    raise LookupError
            async with ledger.savepoint():
                await put(ledger, 4)
        with pytest.raises(LookupError):
            async with ledger.savepoint():
                async with ledger.savepoint():
                    await put(ledger, 5)
                raise LookupError
        with pytest.raises(LookupError):
            async with ledger.savepoint():
                await put(ledger, 6)
                with pytest.raises(LookupError):
                    async with ledger.savepoint():
                        raise LookupError
                await put(ledger, 7)
                raise LookupError
    assert set(await pairs(database)) == {1, 4}


async def test_a_refused_statement_leaves_the_rest_of_the_transaction(database: Database) -> None:
    async with database.write() as ledger:
        await put(ledger, 1)
        with pytest.raises(sqlite3.IntegrityError):
            await ledger.session.execute("INSERT INTO pairs (n, half) VALUES (1, NULL)")
        await put(ledger, 2)
    assert set(await pairs(database)) == {1, 2}


async def test_writes_of_two_tasks_come_one_after_the_other(database: Database) -> None:
    events: list[str] = []

    async def write(name: str) -> None:
        async with database.write() as ledger:
            events.append(f"{name} in")
            await put(ledger, ord(name))
            await asyncio.sleep(0.02)
            events.append(f"{name} out")

    await asyncio.gather(write("a"), write("b"), write("c"))
    assert events == ["a in", "a out", "b in", "b out", "c in", "c out"]
    assert set(await pairs(database)) == {ord("a"), ord("b"), ord("c")}


async def test_a_full_disk_ends_the_transaction_for_good(database: Database) -> None:
    """SQLite rolls all of it back by itself; what came after it must not be committed on its own."""
    async with database.write() as ledger:
        pages = await ledger.session.fetch_one("PRAGMA page_count")
        assert pages is not None
        await ledger.session.fetch_one(f"PRAGMA max_page_count = {pages[0]}")
    with pytest.raises(StorageError, match="transaction_over"):
        async with database.write() as ledger:
            await put(ledger, 1)
            with pytest.raises(StorageError, match="database_unwritable"):
                await put(ledger, 2, "x" * 1_000_000)
            await put(ledger, 3)
    async with database.write() as ledger:
        await ledger.session.fetch_one("PRAGMA max_page_count = 1000000")
    assert await pairs(database) == {}
    await assert_free(database)


async def test_a_ledger_is_of_no_use_after_its_transaction(database: Database) -> None:
    async with database.write() as written:
        await put(written, 1)
    async with database.read() as read:
        await read.session.fetch_all("SELECT n FROM pairs")
    async with database.write(), database.read():
        for ledger in (written, read):
            for attempt in (
                ledger.session.execute("DELETE FROM pairs"),
                ledger.session.fetch_one("DELETE FROM pairs RETURNING n"),
                ledger.session.fetch_all("DELETE FROM pairs RETURNING n"),
                ledger.session.execute_many("DELETE FROM pairs WHERE n = :n", [{"n": 1}]),
            ):
                with pytest.raises(StorageError, match="transaction_over"):
                    await attempt
    assert set(await pairs(database)) == {1}


# --- reading ---------------------------------------------------------------------------------------------------------


async def test_a_reader_sees_one_state_while_a_writer_goes_on(database: Database) -> None:
    async with database.write() as ledger:
        await put(ledger, 1)
    count = "SELECT count(*) FROM pairs"
    async with database.read() as reader:
        assert await reader.session.fetch_one(count) == (1,)
        async with database.write() as writer:
            await put(writer, 2)
            assert await reader.session.fetch_one(count) == (1,), "not what is not committed"
        assert await reader.session.fetch_one(count) == (1,), "nor what was committed since"
        async with database.read() as later:
            assert await later.session.fetch_one(count) == (2,)


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.read() as ledger:
        for attempt in (
            put(ledger, 1),
            ledger.session.execute_many("INSERT INTO pairs (n, half) VALUES (:n, 'a')", [{"n": 1}]),
            ledger.session.fetch_one("INSERT INTO pairs (n, half) VALUES (1, 'a') RETURNING n"),
            a_person(ledger),
        ):
            with pytest.raises(StorageError, match="database_unwritable"):
                await attempt
    assert await pairs(database) == {}


async def test_a_reader_too_many_waits_for_another_to_end(database: Database) -> None:
    release = asyncio.Event()
    inside = 0
    most = 0

    async def read() -> None:
        nonlocal inside, most
        async with database.read() as ledger:
            inside += 1
            most = max(most, inside)
            await ledger.session.fetch_one("SELECT 1")
            await release.wait()
            inside -= 1

    tasks = [asyncio.create_task(read()) for _ in range(READERS + 2)]
    async with asyncio.timeout(5):
        while inside < READERS:
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    assert inside == READERS
    release.set()
    await asyncio.gather(*tasks)
    assert most == READERS


async def test_an_error_in_a_reader_gives_its_connection_back(database: Database) -> None:
    for _ in range(2 * READERS):
        with pytest.raises(sqlite3.OperationalError):
            async with database.read() as ledger:
                await ledger.session.fetch_all("SELECT nothing FROM nowhere")
    assert len(database._readers) == 1


# --- opening and closing ---------------------------------------------------------------------------------------------


async def test_closing_waits_for_open_transactions_and_refuses_later_ones(database: Database) -> None:
    go = asyncio.Event()

    async def write() -> None:
        async with database.write() as ledger:
            await go.wait()
            await put(ledger, 1)

    async def read() -> int:
        async with database.read() as ledger:
            await go.wait()
            row = await ledger.session.fetch_one("SELECT 41 + 1")
            assert row is not None
            return int(row[0])

    writer, reader = asyncio.create_task(write()), asyncio.create_task(read())
    await asyncio.sleep(0.05)
    closing_task = asyncio.create_task(database.close())
    await asyncio.sleep(0.05)
    assert not closing_task.done()
    late = asyncio.create_task(write())
    await asyncio.sleep(0)
    go.set()
    await closing_task
    await writer
    assert await reader == 42
    for attempt in (late, write(), read()):
        with pytest.raises(StorageError, match="database_closed"):
            await attempt
    with closing(sqlite3.connect(database.path)) as raw:
        assert raw.execute("SELECT n FROM pairs").fetchall() == [(1,)]


async def test_closing_ends_idle_readers_and_may_be_done_twice(database: Database) -> None:
    before = threading.active_count()

    async def read() -> None:
        async with database.read() as ledger:
            await ledger.session.fetch_one("SELECT 1")
            await asyncio.sleep(0.02)

    await asyncio.gather(*(read() for _ in range(READERS)))
    assert threading.active_count() == before + READERS
    await database.close()
    await database.close()
    await ended_threads(before - 1)
    assert not database.path.with_name(database.path.name + "-wal").exists(), "SQLite tidies up after the last one"


async def test_closing_that_is_cancelled_while_it_waits_can_be_done_again(database: Database) -> None:
    async with database.read():
        task = asyncio.create_task(database.close())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with database.write() as ledger:
            await put(ledger, 1)
    await database.close()


async def test_a_new_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "factdesk.db"
    database = await Database.open(path, NOW, exclusive=True)
    try:
        async with database.write() as ledger:
            await a_person(ledger)
        await database.backup(tmp_path / "copy.db")
        files = [*path.parent.iterdir(), tmp_path / "copy.db"]
        assert {file.name for file in files} >= {"factdesk.db", "factdesk.db-wal", "factdesk.db.lock", "copy.db"}
        for file in files:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    finally:
        await database.close()


async def test_the_disk_has_what_is_committed(database: Database) -> None:
    async with database.write() as ledger:
        for pragma, value in (("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1)):
            assert await ledger.session.fetch_one(f"PRAGMA {pragma}") == (value,)
    async with database.read() as ledger:
        for pragma, value in (("foreign_keys", 1), ("query_only", 1)):
            assert await ledger.session.fetch_one(f"PRAGMA {pragma}") == (value,)


async def test_opening_again_changes_nothing(database_path: Path) -> None:
    for _ in range(2):
        database = await Database.open(database_path, NOW)
        async with database.read() as ledger:
            assert len(await ledger.session.fetch_all("SELECT number FROM migrations")) == len(list_migrations())
        await database.close()


async def test_five_tasks_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    opened = await asyncio.gather(*(Database.open(path, NOW) for _ in range(5)))
    async with opened[0].read() as ledger:
        applied = await ledger.session.fetch_all("SELECT number FROM migrations ORDER BY number")
        assert applied == [(each.number,) for each in list_migrations()]
    await asyncio.gather(*(database.close() for database in opened))


@pytest.mark.parametrize("turns", range(0, 60, 3))
async def test_a_cancelled_opening_leaves_nothing_open(tmp_path: Path, turns: int) -> None:
    path = tmp_path / "new.db"
    before = threading.active_count()
    task = asyncio.create_task(Database.open(path, NOW, exclusive=True))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    if path.exists():
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as raw:
            raw.execute("BEGIN IMMEDIATE")  # nobody is still at work behind our back
            raw.execute("ROLLBACK")
    await ended_threads(before + 1)  # one more at most: the event loop's own worker
    database = await Database.open(path, NOW, exclusive=True)
    await database.close()


async def test_a_file_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="database_unwritable"):
        await Database.open(tmp_path, NOW)
    (tmp_path / "file").touch()
    for exclusive in (False, True):
        with pytest.raises(StorageError, match="database_unwritable") as raised:
            await Database.open(tmp_path / "file" / "factdesk.db", NOW, exclusive=exclusive)
        assert not isinstance(raised.value, DatabaseInUse)


async def test_one_file_has_one_exclusive_holder_by_whatever_name(tmp_path: Path) -> None:
    path = tmp_path / "factdesk.db"
    database = await Database.open(path, NOW, exclusive=True)
    link = tmp_path / "elsewhere.db"
    link.symlink_to(path)
    for name in (path, link):
        with pytest.raises(DatabaseInUse, match="database_in_use"):
            await Database.open(name, NOW, exclusive=True)
    guest = await Database.open(path, NOW)
    await guest.close()
    await database.close()
    again = await Database.open(link, NOW, exclusive=True)
    await again.close()


async def test_a_backup_holds_everything_committed_and_never_overwrites(database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    async with database.write() as ledger:
        await put(ledger, 1)
    async with database.write() as ledger:
        await put(ledger, 2)
        await database.backup(copy)
    with closing(sqlite3.connect(copy)) as raw:
        assert raw.execute("SELECT n FROM pairs").fetchall() == [(1,)]
        assert version_of(raw) == len(list_migrations())
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with pytest.raises(StorageError, match="file_exists"):
        await database.backup(copy)


async def test_a_write_inside_a_write_is_refused_and_not_waited_for(database: Database) -> None:
    async with asyncio.timeout(5):
        async with database.write():
            with pytest.raises(RuntimeError, match="inside"):
                async with database.write():
                    pass
        async with database.write() as ledger:
            await ledger.settings.set("quorum", 1, by=None, now=NOW)
