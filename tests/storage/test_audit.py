import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest

from storage.audit import GENESIS, entry_hash
from storage.database import Database
from storage.ledger import Ledger
from storage.model import AuditId
from tests.support.builders import NOW, a_person

FIELDS = "at, actor, action, subject, subject_id, data"


async def write_ten(database: Database) -> None:
    async with database.write() as ledger:
        person = await a_person(ledger)
        for number in range(10):
            await ledger.audit.append(
                "moved",
                "claim",
                number % 3,
                NOW + timedelta(seconds=number),
                actor=person.id if number % 2 else None,
                data={"to": "queued", "why": f"কারণ {number}"},
            )


async def first_break(database: Database, page: int = 5000) -> int | None:
    async with database.read() as ledger:
        return await ledger.audit.find_break(page)


def tamper(database: Database, *statements: str) -> None:
    """Change the log as somebody with the file in their hands would: without the triggers."""
    with closing(sqlite3.connect(database.path, isolation_level=None)) as raw:
        triggers = raw.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall()
        assert len(triggers) == 2
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for _, sql in triggers:
            raw.execute(sql)


async def test_an_untouched_log_has_no_break(database: Database) -> None:
    assert await first_break(database) is None
    await write_ten(database)
    for page in (1, 3, 10, 5000):
        assert await first_break(database, page) is None


async def test_entries_of_a_record_are_listed_oldest_first(database: Database) -> None:
    await write_ten(database)
    async with database.read() as ledger:
        entries = await ledger.audit.list_of("claim", 1)
        assert [entry.id for entry in entries] == [2, 5, 8]
        assert entries[0].data == {"to": "queued", "why": "কারণ 1"}
        assert (entries[0].action, entries[0].actor, entries[1].actor) == ("moved", 1, None)
        assert await ledger.audit.list_of("person", 1) == []


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET data = '{}' WHERE id = 4"], 4),
        (["UPDATE audit SET data = replace(data, ',', ', ') WHERE id = 4"], 4),
        (["UPDATE audit SET action = 'moved ' WHERE id = 1"], 1),
        (["UPDATE audit SET actor = NULL WHERE id = 2"], 2),
        (["UPDATE audit SET actor = 2 WHERE id = 2"], 2),
        (["UPDATE audit SET at = '2025-03-09T09:30:00.000001+00:00' WHERE id = 1"], 1),
        (["UPDATE audit SET subject = 'review' WHERE id = 5"], 5),
        (["UPDATE audit SET subject_id = 9 WHERE id = 10"], 10),
        ([f"UPDATE audit SET hash = '{GENESIS}' WHERE id = 6"], 6),
        (["DELETE FROM audit WHERE id = 5"], 6),
        (["DELETE FROM audit WHERE id = 1"], 2),
        (["DELETE FROM audit WHERE id = 5", "UPDATE audit SET id = id - 1 WHERE id > 5"], 5),
        # Two entries that change places, with their hashes and without.
        ([f"UPDATE audit SET id = {new} WHERE id = {old}" for old, new in ((3, 99), (4, 3), (99, 4))], 3),
        (["UPDATE audit SET subject_id = 3 - subject_id WHERE id IN (2, 3)"], 2),
        (["UPDATE audit SET id = 11 WHERE id = 10"], 11),
        (["UPDATE audit SET id = 0 WHERE id = 1"], 0),
        ([f"INSERT INTO audit SELECT 11, {FIELDS}, hash FROM audit WHERE id = 1"], 11),
    ],
)  # fmt: skip
async def test_any_change_of_the_past_is_found(database: Database, statements: list[str], found: int) -> None:
    await write_ten(database)
    tamper(database, *statements)
    for page in (1, 4, 5000):
        assert await first_break(database, page) == (found if found > 0 else 2)


async def test_a_change_that_mends_its_own_hash_breaks_the_next(database: Database) -> None:
    await write_ten(database)
    with closing(sqlite3.connect(database.path)) as raw:
        previous = raw.execute("SELECT hash FROM audit WHERE id = 4").fetchone()[0]
        row = raw.execute("SELECT at, actor, action, subject, subject_id FROM audit WHERE id = 5").fetchone()
    mended = entry_hash(previous, *row, "{}")
    tamper(database, f"UPDATE audit SET data = '{{}}', hash = '{mended}' WHERE id = 5")
    assert await first_break(database) == 6


async def test_entries_cut_off_the_end_are_seen_only_by_who_kept_the_newest_id(database: Database) -> None:
    await write_ten(database)
    tamper(database, "DELETE FROM audit WHERE id > 7")
    assert await first_break(database) is None
    async with database.read() as ledger:
        assert await ledger.audit.last_id() == AuditId(7)


async def test_the_chain_goes_on_after_an_undone_step(ledger: Ledger) -> None:
    await ledger.audit.append("a", "claim", 1, NOW)

    async def fail() -> None:
        async with ledger.savepoint():
            await ledger.audit.append("b", "claim", 1, NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    await ledger.audit.append("c", "claim", 1, NOW)
    assert [entry.action for entry in await ledger.audit.list_of("claim", 1)] == ["a", "c"]
    assert await ledger.audit.find_break() is None
    assert await ledger.audit.last_id() == 2


async def test_an_empty_log_has_no_last_entry(ledger: Ledger) -> None:
    assert await ledger.audit.last_id() == 0


@pytest.mark.parametrize(
    "other",
    [
        lambda: entry_hash("1" * 64, "t", 1, "a", "s", 1, "{}"),
        lambda: entry_hash(GENESIS, "t", None, "a", "s", 1, "{}"),
        lambda: entry_hash(GENESIS, "t", 1, "as", "", 1, "{}"),
        lambda: entry_hash(GENESIS, "t", 1, "a", "s", 11, "{}"),
        lambda: entry_hash(GENESIS, "t", 11, "a", "s", 1, "{}"),
    ],
)
def test_a_hash_tells_every_field_from_its_neighbour(other: Callable[[], str]) -> None:
    assert entry_hash(GENESIS, "t", 1, "a", "s", 1, "{}") != other()
