"""Texts that come in: rumours to be checked, and the free text of a review."""

from __future__ import annotations

from telegram import (
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)

from bot.context import DeskContext
from bot.handlers.reading import chat_of, file_of, message_of, only_private, words_after
from jobs.intake.submit import request_text
from jobs.listen import hear, hear_file, takes_files
from jobs.review import leave
from storage.errors import Refused


async def submit(update: Update, context: DeskContext) -> None:
    """/submit TEXT, or as a reply to the message with the text: no further question"""
    words = words_after(update, context)
    replied = message_of(update).reply_to_message
    source = None
    if not words and replied is not None:
        words, source = replied.text or replied.caption or "", _source(replied)
    if not words.strip():
        raise Refused("submit_usage")
    work = context.work
    await request_text(work.ledger, context.person, words, source, work.now, work.policy)


async def text(update: Update, context: DeskContext) -> None:
    """Any other text, or a caption, in a private chat"""
    message = message_of(update)
    work = context.work
    if await _taken_as_file(message, message.caption, context):
        return
    await hear(
        work.ledger,
        context.person,
        message.text or message.caption or "",
        _source(message),
        work.now,
        work.policy,
        forwarded=message.forward_origin is not None,
    )


async def not_text(update: Update, context: DeskContext) -> None:
    """A picture, a voice message, a sticker without words; at the sources of a review a file may speak by its name"""
    message = message_of(update)
    if await _taken_as_file(message, None if message.document is None else message.document.file_name, context):
        return
    needed = file_of(message) is not None and await takes_files(context.ledger, context.person)
    code = "file_needs_caption" if needed else "send_text_only"
    if message.media_group_id is None:
        raise Refused(code)
    # Each picture of an album comes as a message of its own: they are answered once.
    await context.ledger.outbox.enqueue(
        chat_of(update)[0],
        "notice",
        {"code": code},
        context.work.now,
        person_id=context.person.id,
        reply_to=message.message_id,
        dedup_key=f"album:{message.chat.id}:{message.media_group_id}",
    )


async def _taken_as_file(message: Message, title: str | None, context: DeskContext) -> bool:
    file, work = file_of(message), context.work
    if file is None or title is None or not await takes_files(work.ledger, context.person):
        return False
    await hear_file(work.ledger, context.person, file, title, work.now, work.policy)
    return True


async def cancel(update: Update, context: DeskContext) -> None:
    """/cancel: leave what one is doing; drafts stay"""
    only_private(update)
    if await context.ledger.intros.end(context.person.id):
        await context.reply(chat_of(update)[0], "notice", code="intro_left")
        return
    claim_id = await leave(context.ledger, context.person, context.work.now)
    if claim_id is None:
        raise Refused("nothing_to_cancel")
    await context.reply(chat_of(update)[0], "notice", code="cancelled", claim=claim_id)


def _source(message: Message) -> str | None:
    """Return where a forward came from: the address of a public channel's post, else a name; None for own words."""
    match message.forward_origin:
        case MessageOriginChannel(chat=chat, message_id=number) if chat.username:
            return f"https://t.me/{chat.username}/{number}"
        case MessageOriginChannel(chat=chat):
            return chat.title
        case MessageOriginChat(sender_chat=chat):
            return chat.title
        # A private person's name is nobody's business: the forward alone does not make them a source.
        case MessageOriginUser() | MessageOriginHiddenUser():
            return None
        case _:
            return None
