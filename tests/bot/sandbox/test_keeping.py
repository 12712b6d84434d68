"""What a sandbox knows outlives it: everything people and the bot can come back to, and nothing half."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox import Person, Sandbox, SandboxServer
from bot.sandbox.keeping import SAVE_AFTER, VERSION, StateUnusable, keep, load, save
from bot.sandbox.methods import call_method
from bot.sandbox.params import Params

NOON = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)


def fresh() -> Sandbox:
    return Sandbox(clock=lambda: NOON)


async def call(box: Sandbox, method: str, **params: object) -> object:
    return await call_method(box, method.lower(), Params(params))


async def lived(box: Sandbox) -> tuple[Person, Person]:
    """Let something of every kind happen."""
    people = SandboxServer(box).people
    alice = await people.user("Alice", username="alice", language_code="bn")
    rahim = await people.user("রহিম")
    await alice.start("secret")
    await rahim.start()
    group = await people.group("Team", [alice, rahim])
    await people.channel("Public", [alice], username="public")
    keyboard = {"inline_keyboard": [[{"text": "Take", "callback_data": "1:take:5"}]]}
    await call(box, "sendMessage", chat_id=alice.id, text="<b>মোটা</b>", parse_mode="HTML", reply_markup=keyboard)
    await call(box, "sendMessage", chat_id="@public", text="half an emoji is no text, but a whole one is: 🙂")
    await call(box, "setMyCommands", commands=[{"command": "start", "description": "begin"}], language_code="bn")
    await alice.send_document(b"\x00\xff" * 50, "proof.bin", "look")
    await alice.react((await alice.messages())[1], "👍")
    await alice.send("/status@factdesk_bot", chat=group)
    await rahim.block()
    return alice, rahim


async def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    box, path = fresh(), tmp_path / "state"
    alice, rahim = await lived(box)
    save(box, path)
    again = fresh()
    load(again, path)
    assert again.token == box.token
    assert again.bot is again.users[box.bot.id]
    assert again.users == box.users
    assert again.commands == box.commands
    assert again.chats_by_username["public"].title == "Public"
    assert again.chats[alice.id].user is again.users[alice.id]
    assert again.users[rahim.id].blocked
    assert [update.payload for update in again.updates.pending()] == [
        update.payload for update in box.updates.pending()
    ]
    then, now = SandboxServer(box).people, SandboxServer(again).people
    assert await now.act("chat_list") == await then.act("chat_list")
    for chat in box.chats:
        shown = (await now.act("messages", chat=chat))["messages"]
        assert shown == (await then.act("messages", chat=chat))["messages"]
    document = next(message for message in (await now.act("messages", chat=alice.id))["messages"] if message["file"])
    content = await now.act("file_content", file_id=document["file"]["file_id"])
    assert content == await then.act("file_content", file_id=document["file"]["file_id"])
    assert again.files.find_path("documents/file_1.bin") == box.files.find_path("documents/file_1.bin")


async def test_no_id_is_given_twice_even_if_some_were_given_after_the_last_save(tmp_path: Path) -> None:
    box, path = fresh(), tmp_path / "state"
    alice, _ = await lived(box)
    save(box, path)
    # A kill comes before the next save; the bot remembers these.
    told = [await alice.send(f"after the save {number}") for number in range(30)]
    posted = await call(box, "sendMessage", chat_id="@public", text="after the save")
    last_update = box.updates.pending()[-1].id
    query = box.next_query_id()
    again = fresh()
    load(again, path)
    person = await SandboxServer(again).people.user("Alice", id=alice.id)
    assert (await person.send("new")).id > told[-1].id
    assert again.updates.pending()[-1].id > last_update
    assert (await call(again, "sendMessage", chat_id="@public", text="new"))["message_id"] > posted["message_id"]  # type: ignore[index]
    assert int(again.next_query_id()) > int(query)


async def test_a_card_of_the_earlier_run_can_be_edited(tmp_path: Path) -> None:
    box, path = fresh(), tmp_path / "state"
    alice, _ = await lived(box)
    save(box, path)
    again = fresh()
    load(again, path)
    card = next(message for message in again.chats[alice.id].messages.values() if message.by_bot)
    await call(again, "editMessageText", chat_id=alice.id, message_id=card.id, text="taken")
    assert card.payload["text"] == "taken"


async def test_changes_are_saved_soon_and_a_burst_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box, path = fresh(), tmp_path / "state"
    writes = []
    monkeypatch.setattr("bot.sandbox.keeping.SAVE_AFTER", 0.01)
    monkeypatch.setattr("bot.sandbox.keeping._write", lambda kept, _path: writes.append(kept))
    keeping = asyncio.create_task(keep(box, path, pytest.fail))
    await asyncio.sleep(0)
    await lived(box)
    while not writes:
        await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert len(writes) == 1
    assert {chat["title"] for chat in writes[0]["chats"]} >= {"Team", "Public"}
    assert SAVE_AFTER <= 1


async def test_a_disk_that_is_full_is_told_and_the_next_change_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, failures = fresh(), asyncio.Queue[OSError]()
    monkeypatch.setattr("bot.sandbox.keeping.SAVE_AFTER", 0.0)
    keeping = asyncio.create_task(keep(box, tmp_path / "nowhere" / "state", failures.put_nowait))
    await asyncio.sleep(0)
    for _ in range(2):
        box.journal.add("chat", {"chat_id": 1})
        assert isinstance(await asyncio.wait_for(failures.get(), 5), FileNotFoundError)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_the_file_is_replaced_in_one_step_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state"
    save(fresh(), path)
    first = path.stat()
    save(fresh(), path)
    assert path.stat().st_ino != first.st_ino
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "damaged"),
        (b'{"kind": "factdesk sandbox", "vers', "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"[]", "something else"),
        (b'{"kind": "another"}', "something else"),
        (b'{"kind": "factdesk sandbox", "version": %d}' % (VERSION + 1), "another Factdesk"),
        (b'{"kind": "factdesk sandbox", "version": true}', "another Factdesk"),
        (b'{"kind": "factdesk sandbox", "version": %d}' % VERSION, "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_and_left_alone(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "state"
    path.write_bytes(content)
    with pytest.raises(StateUnusable, match=why):
        load(fresh(), path)
    assert path.read_bytes() == content


async def test_a_field_of_another_type_is_refused(tmp_path: Path) -> None:
    box, path = fresh(), tmp_path / "state"
    await lived(box)
    save(box, path)
    whole = json.loads(path.read_bytes())
    for name in set(whole) - {"kind", "version", "allowed"}:
        path.write_text(json.dumps({**whole, name: None}))
        with pytest.raises(StateUnusable, match="damaged"):
            load(fresh(), path)
