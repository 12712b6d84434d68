"""Commands that change something: documents in, an invite, a backup and back again, a migration."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from bot.config import Settings, StorageSettings
from bot.terminal import plain, shapes
from bot.terminal.outcome import UNUSABLE, CommandError, Outcome, as_json, explain_os, explain_storage
from bot.terminal.session import opened, usable_path
from jobs.intake.submit import Incoming, ingest
from jobs.membership import invite as make_invite
from jobs.membership import invite_secret
from jobs.rules import policy_now
from storage.database import Database
from storage.errors import DatabaseBroken, DatabaseInUse, StorageError
from storage.file import FileFacts, examine, newest_schema
from storage.file import restore as put_back
from storage.kinds import DocumentKind, Role
from storage.rows import instant

MOST_BYTES = 10_000_000
"""More than any article; a book or a film in the wrong place is noticed before it fills the memory."""

SUFFIXES = (".txt",)


def read_text(source: str) -> str:
    """Return the text of a file, or of stdin if `source` is `-`.

    Raises:
        CommandError: no such file, not a kind that is understood, too long, not UTF-8, or no text in it.
    """
    name = "stdin" if source == "-" else source
    try:
        if source == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            path = Path(source)
            if not path.exists():
                raise CommandError(f"there is no file {source}", UNUSABLE)
            if path.suffix.lower() not in SUFFIXES:
                raise CommandError(f"{source} is not a {' or '.join(SUFFIXES)} file; save it as plain text", UNUSABLE)
            with path.open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise explain_os(error, Path(name)) from error
    if len(raw) > MOST_BYTES:
        raise CommandError(f"{name} is longer than {MOST_BYTES // 1_000_000} MB; take it in by parts")
    return _decoded(raw, name)


def _decoded(raw: bytes, name: str) -> str:
    mark = b"\xef\xbb\xbf"
    skipped = len(mark) if raw.startswith(mark) else 0
    try:
        text = raw[skipped:].decode("utf-8")
    except UnicodeDecodeError as error:
        wide = " (it looks like UTF-16)" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ""
        byte = skipped + error.start
        raise CommandError(f"{name} is not UTF-8 text: byte {byte} does not fit{wide}; save it as UTF-8") from None
    if "\0" in text:
        byte = skipped + len(text[: text.index(chr(0))].encode())
        raise CommandError(f"{name} is not text: byte {byte} is zero")
    if not text.strip():
        raise CommandError(f"{name} is empty")
    return text


async def take_in(settings: StorageSettings, incoming: Incoming, now: datetime, *, json: bool) -> Outcome:
    """Take a document in; the same one twice changes nothing."""
    async with opened(settings.database, now, make=True) as database, database.write() as ledger:
        shape = shapes.intake_shape(await ingest(ledger, incoming, None, now, await policy_now(ledger)))
    return Outcome(as_json(shape) if json else plain.intake_text(shape))


def incoming_of(
    source: str, *, title: str | None, publisher: str | None, url: str | None, language: str | None
) -> Incoming:
    """Return the document at `source` with what is known of it."""
    for option, value in (("--title", title), ("--publisher", publisher), ("--url", url)):
        if value is not None and not value.isprintable():
            raise CommandError(f"{option} holds characters that are no text", UNUSABLE)
    if url is not None and not url.lower().startswith(("http://", "https://")):
        raise CommandError(f"--url {url} is no web address; it begins with https://", UNUSABLE)
    if language is not None and not (language.isascii() and language.isalpha() and 2 <= len(language) <= 3):
        raise CommandError(f"--language {language} is no language code such as en or bn", UNUSABLE)
    return Incoming(
        DocumentKind.ARTICLE,
        read_text(source),
        title=title or None,
        publisher=publisher or None,
        url=url or None,
        language=language.lower() if language else None,
    )


async def invite(settings: Settings, role: Role, now: datetime, *, json: bool) -> Outcome:
    """Make a one-time link that gives a role."""
    name, remark = await _bot_name(settings)
    async with opened(settings.database, now, make=True) as database, database.write() as ledger:
        invite_id = await make_invite(ledger, None, role, settings.invite_key, now, await policy_now(ledger))
        made = await ledger.invites.get(invite_id)
    secret = invite_secret(settings.invite_key, invite_id, made.created_at)
    link = None if name is None else f"https://t.me/{name}?start={secret}"
    shape = {
        "role": role,
        "link": link,
        "message": f"/start {secret}",
        "expires_at": instant(made.expires_at),
    }
    if json:
        return Outcome(as_json(shape), remark=remark)
    until = plain.when(instant(made.expires_at), settings.timezone)
    how = link or f"Send this to the bot in a private chat: /start {secret}"
    return Outcome(f"{how}\nGood for one person, until {until}; makes them {role}.", remark=remark)


async def _bot_name(settings: Settings) -> tuple[str | None, str]:
    """Return the bot's username, or None and why it is not known."""
    from telegram.error import InvalidToken, TelegramError  # noqa: PLC0415 - slow to load, needed by this command only

    from bot.request import AiohttpRequest, Endpoint  # noqa: PLC0415 - as above

    request = AiohttpRequest(Endpoint(settings.bot_url, settings.token.get_secret_value()))
    try:
        return str((await request.call("getMe", {}, timeout=5.0))["username"]), ""
    except InvalidToken:
        raise CommandError("Telegram does not know this FACTDESK_TOKEN; ask @BotFather for the right one", 2) from None
    except (TelegramError, KeyError, TypeError):
        return None, f"{settings.api_url} could not be asked for the bot's name, so there is no link"
    finally:
        await request.shutdown()


async def backup(settings: StorageSettings, target: Path, now: datetime) -> Outcome:
    """Copy the database, while a desk may be running on it."""
    async with opened(settings.database, now) as database:
        try:
            await database.backup(target)
        except StorageError as error:
            if error.code == "file_exists":
                raise CommandError(f"{target} exists; name a file that does not", UNUSABLE) from None
            _remove(target)
            raise explain_storage(error, target) from error
    return Outcome(_described(target))


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _described(path: Path) -> str:
    return f"{path}: {path.stat().st_size:,} bytes, schema {examine(path).version}"


def restore(settings: StorageSettings, source: Path) -> Outcome:
    """Put a backup in the place of the database."""
    path = usable_path(settings.database)
    if path.resolve() == source.resolve():
        raise CommandError(f"{source} is the database itself; name a backup", UNUSABLE)
    try:
        done = put_back(source, path)
    except StorageError as error:
        if error.code == "database_missing":
            raise CommandError(f"there is no file {source}", UNUSABLE) from error
        if isinstance(error, DatabaseBroken):
            why = error.data.get("cause", "another program's file")
            text = f"{source} is no sound backup of a Factdesk database ({why}); nothing was changed, try another"
            raise CommandError(text) from error
        raise explain_storage(error, path if isinstance(error, DatabaseInUse) else source) from error
    except OSError as error:
        raise explain_os(error, path) from error
    lines = [f"{path} is now what {source} holds."]
    if done.kept is not None:
        lines.append(f"What was there before is kept as {done.kept}.")
    if done.version < done.newest:
        lines.append(f"It has schema {done.version} of {done.newest}: run `factdesk migrate`.")
    if done.waiting:
        waiting = plain.many(done.waiting, "message")
        lines.append(f"{waiting} that waited when the backup was made will be sent when the desk starts.")
    return Outcome("\n".join(lines))


async def migrate(settings: StorageSettings, now: datetime) -> Outcome:
    """Bring the database up to date."""
    path = usable_path(settings.database)
    try:
        before = examine(path) if path.exists() else FileFacts(0, newest_schema())
        if before.version == before.newest:
            return Outcome(f"{path} has schema {before.version}; nothing to do.")
        await (await Database.open(path, now, exclusive=True)).close()
    except StorageError as error:
        raise explain_storage(error, path) from error
    except OSError as error:
        raise explain_os(error, path) from error
    return Outcome(f"{path}: schema {before.version} → {before.newest}.")
