"""Groups and channels: the desk is added or removed, a group grows into a supergroup, a channel gets the verdicts."""

from __future__ import annotations

from telegram import ChatMember, ChatMemberAdministrator, Update

from bot.context import DeskContext
from bot.handlers.reading import chat_of, message_of, only_private
from jobs.access import require
from jobs.channels import adopt, lose_channel
from jobs.membership import lose_contact
from jobs.notify import tell
from jobs.rooms import lose_rooms
from storage.kinds import ChatKind, Role
from storage.model import ChatId

_GONE = (ChatMember.LEFT, ChatMember.BANNED)


async def membership(update: Update, context: DeskContext) -> None:
    """The desk itself was added, removed, promoted, blocked or unblocked."""
    change = update.my_chat_member
    if change is None:
        return
    work, person = context.work, context.work.person
    gone = change.new_chat_member.status in _GONE
    if change.chat.type == ChatKind.PRIVATE:
        if gone and person is not None:
            await lose_contact(work.ledger, person.id, work.now, work.policy)
        return
    posts = not gone
    if change.chat.type == ChatKind.CHANNEL:
        # Only administrators post in a channel, and not all of them.
        admin = change.new_chat_member
        posts = isinstance(admin, ChatMemberAdministrator) and admin.can_post_messages is not False
    chat_id = ChatId(change.chat.id)
    known = await work.ledger.chats.find(chat_id)
    chat = await work.ledger.chats.meet(
        chat_id,
        ChatKind(change.chat.type),
        change.chat.title or str(chat_id),
        work.now,
        username=change.chat.username,
        present=posts,
        added_by=None if person is None else person.id,
    )
    if chat.kind is ChatKind.CHANNEL and not chat.present:
        await lose_channel(work.ledger, chat, work.now)
        return
    if gone:
        await work.ledger.subscriptions.end_of_chat(chat_id)
        await lose_rooms(work.ledger, chat_id, chat.title, work.now)
        return
    await adopt(work.ledger, chat, person)
    if (
        chat.kind is ChatKind.CHANNEL
        and (known is None or not known.present)
        and person is not None
        and person.role.covers(Role.EDITOR)
    ):
        await tell(work.ledger, person, "channel_asked", work.now, chat=chat_id)


async def migrated(update: Update, context: DeskContext) -> None:
    """A group became a supergroup and has a new id. Telegram says so in both; the first one heard does it."""
    message = message_of(update)
    if message.migrate_to_chat_id is not None:
        old, new = message.chat.id, message.migrate_to_chat_id
    elif message.migrate_from_chat_id is not None:
        old, new = message.migrate_from_chat_id, message.chat.id
    else:
        return
    await context.ledger.chats.move(ChatId(old), ChatId(new), context.work.now)


async def channels(update: Update, context: DeskContext) -> None:
    """/channel: which channels get the verdicts; for editors"""
    only_private(update)
    require(context.person, Role.EDITOR)
    await context.reply(chat_of(update)[0], "channels_shown")
