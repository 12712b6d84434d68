"""Groups and channels: what they are told, and in which language."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from jobs.access import require
from jobs.notify import tell
from storage.errors import Refused
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Chat, ChatId, Person


async def set_channel(ledger: Ledger, editor: Person, chat_id: ChatId, *, publishes: bool, now: datetime) -> None:
    """Let a channel get every verdict published from now on, or no longer."""
    require(editor, Role.EDITOR)
    chat = await ledger.chats.get(chat_id)
    if chat.publishes == publishes:
        return
    await ledger.chats.mark(chat_id, publishes=publishes)
    await ledger.audit.append("chat.publishes", "chat", chat_id, now, actor=editor.id, data={"on": publishes})
    code = "channel_on" if publishes else "channel_off"
    await tell(ledger, editor, "notice", now, code=code, title=chat.title)


async def adopt(ledger: Ledger, chat: Chat, person: Person | None) -> None:
    """Speak in a new chat the language of who brought the desk there, until somebody says otherwise."""
    if chat.language is None and person is not None and person.language is not None:
        await ledger.chats.mark(chat.id, language=person.language)


async def set_language_of(
    ledger: Ledger,
    editor: Person,
    chat: Chat,
    thread_id: int | None,
    language: str,
    known: Container[str],
    now: datetime,
) -> None:
    """Keep the language in which the desk speaks in a chat; Refused `language_unknown` if there is no catalogue."""
    require(editor, Role.EDITOR)
    if language not in known:
        raise Refused("language_unknown")
    await ledger.chats.mark(chat.id, language=language)
    await ledger.audit.append("chat.language", "chat", chat.id, now, actor=editor.id, data={"language": language})
    await ledger.outbox.enqueue(
        chat.id, "notice", {"code": "chat_language_set", "language": language}, now, thread_id=thread_id
    )
