"""Where a demo keeps its things: its own files go on, anybody else's are left alone."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo import place as places
from bot.demo.place import lasting_place, temporary_place
from bot.sandbox import Sandbox, SandboxServer
from bot.terminal.outcome import CommandError
from storage.database import Database
from storage.engines.sqlite import FileHold

AT = datetime(2030, 1, 1, tzinfo=UTC)


async def played(path: Path) -> None:
    """Leave behind what a demo leaves behind."""
    async with lasting_place(path) as place:
        box = Sandbox(clock=place.clock(AT))
        place.fill(box)
        person = await SandboxServer(box).people.user("Alice", id=7)
        await person.start()
        place.save(box)
        await (await Database.open(place.database, AT)).close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".lock"}


async def refused(path: Path, match: str) -> None:
    """Expect a refusal in one line that changes nothing."""
    before = contents(path.parent)
    with pytest.raises(CommandError, match=match) as caught:
        await played(path)
    assert "\n" not in caught.value.text
    assert caught.value.code == 1
    assert contents(path.parent) == before


async def test_a_temporary_place_is_gone_afterwards() -> None:
    async with temporary_place() as place:
        place.clock(AT)
        place.save(Sandbox())
        assert place.is_new
        folder = place.folder
        assert [path.name for path in folder.iterdir()] == ["clock"]
    assert not folder.exists()


async def test_a_lasting_place_goes_on_with_its_chats_and_its_clock(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "desk.db"
    await played(path)
    async with lasting_place(path) as place:
        assert not place.is_new
        box = Sandbox()
        place.fill(box)
        assert [message.payload["text"] for message in box.chats[7].messages.values()] == ["/start"]
        assert AT <= place.clock(AT + timedelta(days=9))() < AT + timedelta(minutes=1)
        assert place.folder.parent != path.parent
    assert {name.removeprefix("desk.db") for name in contents(path.parent)} == {"", ".demo", ".demo-clock"}


@pytest.mark.parametrize("left", ["86400.0", "nonsense"])
async def test_a_clock_left_over_from_a_removed_demo_says_nothing(tmp_path: Path, left: str) -> None:
    path = tmp_path / "desk.db"
    path.with_name("desk.db.demo-clock").write_text(left)
    async with lasting_place(path) as place:
        assert AT <= place.clock(AT)() < AT + timedelta(minutes=1)


async def test_a_database_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "real.db"
    await (await Database.open(path, AT)).close()
    await refused(path, "is not a demo's database and stays as it is")
    assert not path.with_name("real.db.demo.lock").exists()
    await refused(tmp_path, "is not a demo's database")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE theirs (x)")
    await refused(other, "is not a demo's database")


@pytest.mark.parametrize("broken", ["", "{", json.dumps({"kind": "factdesk sandbox", "version": 99})])
async def test_chats_that_cannot_be_read_are_left_alone(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "desk.db"
    await played(path)
    (tmp_path / "desk.db.demo").write_text(broken)
    await refused(path, r"desk\.db\.demo cannot be used: it ")


@pytest.mark.parametrize("broken", ["", "soon", "nan", "1e300"])
async def test_a_clock_that_cannot_be_read_is_left_alone(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "desk.db"
    await played(path)
    (tmp_path / "desk.db.demo-clock").write_text(broken)
    await refused(path, "demo-clock does not say by how much")


async def test_chats_whose_database_is_gone_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    await played(path)
    path.unlink()
    await refused(path, "is gone but not its chats")


async def test_what_a_kill_before_the_first_word_left_behind_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    async with lasting_place(path) as place:
        place.clock(AT)
        place.save(Sandbox())
    await played(path)


async def test_a_second_demo_in_the_same_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    await played(path)
    async with lasting_place(path):
        with pytest.raises(CommandError, match="another demo uses"):
            await played(path)


async def test_a_database_that_a_desk_serves_is_refused_if_it_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.db"
    await played(path)
    monkeypatch.setattr(places, "LET_GO_WITHIN", 0.01)
    with closing(FileHold(path)):
        await refused(path, "another process serves")
    await played(path)
