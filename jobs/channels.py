"""Groups and channels: what they are told, and in which language."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from jobs.access import require
from jobs.notify import tell, tell_editors
from storage.errors import Refused
from storage.kinds import ChatKind, Role
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


async def lose_channel(ledger: Ledger, chat: Chat, now: datetime) -> None:
    """Note that the desk can no longer post in a channel: its digests pause, and the editors are told, once."""
    running = [each for each in await ledger.subscriptions.list_of_chat(chat.id, None) if not each.paused]
    for each in running:
        await ledger.subscriptions.mark_paused(each.id, each.next_at, paused=True)
        await ledger.audit.append("subscription.paused", "subscription", each.id, now, data={"channel": "lost"})
    if running:
        await tell_editors(ledger, "notice", now, code="digest_channel_lost", title=chat.title)


async def named_channel(ledger: Ledger, editor: Person, name: str) -> Chat:
    """Return the channel that is meant by @name, number or title, in which the desk can post.

    Raises:
        NotAllowed: `role_needed`. Refused: `digest_channel_unknown` with `name`, also if two have that title.
    """
    require(editor, Role.EDITOR)
    meant = name.strip().removeprefix("@").casefold()
    channels = await ledger.chats.list_channels()
    fits = [each for each in channels if meant in (str(each.id), (each.username or "").casefold())]
    fits = fits or [each for each in channels if each.title.casefold() == meant]
    if not meant or len(fits) != 1:
        raise Refused("digest_channel_unknown", name=name)
    return fits[0]


async def open_channel(ledger: Ledger, editor: Person, chat_id: ChatId) -> Chat | None:
    """Return a channel of which an editor sets the digests from elsewhere; None if the chat is no channel."""
    require(editor, Role.EDITOR)
    chat = await ledger.chats.find(chat_id)
    return chat if chat is not None and chat.kind is ChatKind.CHANNEL else None


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
