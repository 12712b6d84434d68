"""Reading the parts of an update that several handlers need."""

from __future__ import annotations

from telegram import Message, Update

from bot.context import DeskContext
from storage.errors import Refused
from storage.kinds import ChatKind, FileKind
from storage.model import Chat, ChatId
from storage.values import SentFile


def message_of(update: Update) -> Message:
    """Return the message; handlers that call this are registered for messages only."""
    if update.message is None:
        raise LookupError("a handler for messages got an update without one")
    return update.message


def file_of(message: Message) -> SentFile | None:
    """Return the photo, in its best size, or the document of a message; None if it has neither."""
    if message.photo:
        best = message.photo[-1]
        return SentFile(FileKind.PHOTO, best.file_id, best.file_unique_id)
    if message.document is not None:
        return SentFile(FileKind.DOCUMENT, message.document.file_id, message.document.file_unique_id)
    return None


def chat_of(update: Update) -> tuple[ChatId, int | None]:
    """Return the chat, and the forum topic if the message is in one."""
    message = message_of(update)
    return ChatId(message.chat.id), message.message_thread_id if message.is_topic_message else None


def is_private(update: Update) -> bool:
    """True in the private chat with a person."""
    return update.effective_chat is not None and update.effective_chat.type == "private"


async def group_of(update: Update, context: DeskContext) -> Chat:
    """Return the record of the group in which a message was sent, made if this is the first the desk hears of it."""
    chat = message_of(update).chat
    return await context.ledger.chats.meet(
        ChatId(chat.id), ChatKind(chat.type), chat.title or str(chat.id), context.work.now, username=chat.username
    )


def only_private(update: Update) -> None:
    """Refuse a command that would show a person's own affairs to a whole group."""
    if not is_private(update):
        raise Refused("only_private")


def words_after(update: Update, context: DeskContext) -> str:
    """Return what follows the command, as it was typed."""
    text = message_of(update).text or ""
    parts = text.split(None, 1)
    return parts[1].strip() if len(parts) > 1 else ""
