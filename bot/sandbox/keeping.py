"""A sandbox kept over restarts: everything that people and the bot can come back to, in one JSON file.

Not kept are the event log, fault switches, limits and the questions that wait for an answer: they belong to one run.
"""

import asyncio
import base64
import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.journal import Event
from bot.sandbox.model import Chat, JsonObject, Message, StoredFile, User
from bot.sandbox.state import Sandbox
from bot.sandbox.updates import Update

VERSION = 1
"""Of the file's format; a file of another one is refused."""

SAVE_AFTER = 0.5
"""Seconds from a change until it is written, so that a burst of changes is written once."""

_KIND = "factdesk sandbox"
_GAP = 1_000
"""Ids left out after a restart. The bot may remember ids that were given after the last save, before a kill; none of
them may come to mean something else."""


class StateUnusable(Exception):
    """The file cannot be read back; the message says why in one line."""


def save(box: Sandbox, path: Path) -> None:
    """Write the sandbox into the file, in one step: a reader finds what was there before or all of this."""
    _write(_snapshot(box), path)


def load(box: Sandbox, path: Path) -> None:
    """Fill a new sandbox with what the file holds; the bot's token becomes the one of then.

    Raises:
        StateUnusable: the file is broken or of another version. OSError: it cannot be read.
    """
    try:
        kept = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise StateUnusable("it is damaged") from error
    if not isinstance(kept, dict) or kept.get("kind") != _KIND:
        raise StateUnusable("it is something else")
    # True equals 1 to Python, and is no version.
    if kept.get("version") != VERSION or isinstance(kept["version"], bool):
        raise StateUnusable(f"it was written by another Factdesk (format {kept.get('version')}, not {VERSION})")
    try:
        _fill(box, kept)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StateUnusable("it is damaged") from error


async def keep(box: Sandbox, path: Path, failed: Callable[[OSError], None]) -> None:
    """Save the sandbox soon after each change, until cancelled; `failed` hears when the file cannot be written.

    A cancellation may meet a save under way, which then still ends: `save` may follow only after this has returned.
    """
    changed = asyncio.Event()

    def note(_event: Event) -> None:
        changed.set()

    stop = box.journal.subscribe(note)
    try:
        while True:
            await changed.wait()
            await asyncio.sleep(SAVE_AFTER)
            changed.clear()
            # The copy is made here, where nothing else runs; the slow part does not hold up the bot's calls.
            writing = asyncio.ensure_future(asyncio.to_thread(_write, _snapshot(box), path))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                await asyncio.wait({writing})
                raise
            except OSError as error:
                failed(error)
    finally:
        stop()


def _write(snapshot: JsonObject, path: Path) -> None:
    fresh = path.with_name(f"{path.name}.new")
    # As private as the database: it holds what people wrote.
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        json.dump(snapshot, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _snapshot(box: Sandbox) -> JsonObject:
    """What is kept, as JSON types. Payloads are shared: they are replaced and never changed."""
    updates = box.updates
    return {
        "kind": _KIND,
        "version": VERSION,
        "token": box.token,
        "last_message_id": box._last_message_id,
        "last_query_id": box._last_query_id,
        "last_version": box._version,
        "next_update_id": updates._next_id,
        "users": [dataclasses.asdict(user) for user in box.users.values()],
        "chats": [_chat(chat) for chat in box.chats.values()],
        "files": [_file(stored) for stored in box.files._by_id.values()],
        "commands": [[*key, commands] for key, commands in box.commands.items()],
        "allowed": None if updates.allowed is None else sorted(updates.allowed),
        "pending": [[update.id, update.payload, update.lane] for update in updates.pending()],
    }


def _chat(chat: Chat) -> JsonObject:
    fields = {field.name: getattr(chat, field.name) for field in dataclasses.fields(chat)}
    return fields | {
        "user": None if chat.user is None else chat.user.id,
        "members": list(chat.members.items()),
        "messages": [_message(message) for message in chat.messages.values()],
    }


def _message(message: Message) -> JsonObject:
    fields = {field.name: getattr(message, field.name) for field in dataclasses.fields(message)}
    del fields["chat"]
    return fields | {"reactions": list(message.reactions.items())}


def _file(stored: StoredFile) -> JsonObject:
    fields = {field.name: getattr(stored, field.name) for field in dataclasses.fields(stored)}
    return fields | {"content": base64.b64encode(stored.content).decode()}


def _fill(box: Sandbox, kept: JsonObject) -> None:
    box.token = kept["token"]
    box.users = {user["id"]: User(**user) for user in kept["users"]}
    box.bot = box.users[int(box.token.partition(":")[0])]
    for chat in kept["chats"]:
        box.add_chat(_read_chat(box, chat))
    for file in kept["files"]:
        _shelve(box, StoredFile(**{**file, "content": base64.b64decode(file["content"], validate=True)}))
    box.commands = {(scope, chat, user, code): given for scope, chat, user, code, given in kept["commands"]}
    box.updates.allowed = None if kept["allowed"] is None else frozenset(kept["allowed"])
    for number, payload, lane in kept["pending"]:
        box.updates._pending[number] = Update(number, payload, lane)
    box.updates._next_id = kept["next_update_id"] + _GAP
    box._last_message_id = kept["last_message_id"] + _GAP
    box._last_query_id = kept["last_query_id"] + _GAP
    box._version = kept["last_version"] + _GAP


def _read_chat(box: Sandbox, kept: JsonObject) -> Chat:
    # A private chat shares its person with the list of people: who blocks the bot there has blocked it everywhere.
    user = None if kept["user"] is None else box.users[kept["user"]]
    chat = Chat(**{**kept, "user": user, "members": dict(kept["members"]), "messages": {}})
    chat.last_message_id += _GAP
    for message in kept["messages"]:
        read = Message(**{**message, "chat": chat, "reactions": dict(message["reactions"])})
        chat.messages[read.id] = read
    return chat


def _shelve(box: Sandbox, stored: StoredFile) -> None:
    box.files._by_id[stored.file_id] = stored
    box.files._by_path[stored.path] = stored
