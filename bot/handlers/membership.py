"""The team: the commands and buttons with which editors and admins decide who belongs to it."""

from __future__ import annotations

from telegram import Message, MessageEntity, MessageOriginUser, Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, edit, member
from bot.handlers.reading import chat_of, message_of, only_private, words_after
from jobs import team
from jobs.access import require
from storage.errors import NotFound, Refused
from storage.kinds import Role
from storage.model import Person, PersonId


async def members(update: Update, context: DeskContext) -> None:
    """/members: the team with roles and duty, for editors"""
    only_private(update)
    require(context.person, Role.EDITOR)
    await context.reply(chat_of(update)[0], "members_shown", offset=0)


async def promote(update: Update, context: DeskContext) -> None:
    """/promote @name, with the role or without"""
    work, (named, role) = context.work, await _whom(update, context)
    await team.promote(work.ledger, context.person, named, role, work.now, work.policy)


async def demote(update: Update, context: DeskContext) -> None:
    """/demote @name, with the role or without"""
    work, (named, role) = context.work, await _whom(update, context)
    await team.demote(work.ledger, context.person, named, role, work.now, work.settings.admins)


async def suspend(update: Update, context: DeskContext) -> None:
    """/suspend @name"""
    work, (named, _) = context.work, await _whom(update, context)
    await team.suspend(work.ledger, context.person, named, work.now, work.policy, work.settings.admins)


async def restore(update: Update, context: DeskContext) -> None:
    """/restore @name"""
    work, (named, _) = context.work, await _whom(update, context)
    await team.restore(work.ledger, context.person, named, work.now)


async def remove(update: Update, context: DeskContext) -> None:
    """/remove @name: what it would mean, with buttons to do it"""
    work, (named, _) = context.work, await _whom(update, context)
    await team.ask_removal(work.ledger, context.person, named, work.now, work.settings.admins)


async def _whom(update: Update, context: DeskContext) -> tuple[Person, Role | None]:
    """Return whom a command is about, and the role it names.

    A person is named by a mention, `@username` or the number that /members shows, or by a reply to something of theirs.
    """
    require(context.person, Role.EDITOR)
    message, typed = message_of(update), words_after(update, context).split()
    role = next((Role(word) for word in map(str.lower, typed[1:] or typed) if word in set(Role)), None)
    if role is Role.PUBLIC:
        raise Refused("member_usage")
    mentioned = [each.user for each in message.entities if each.type == MessageEntity.TEXT_MENTION and each.user]
    if mentioned or not typed or typed[0].lower() in set(Role):
        telegram_id = mentioned[0].id if mentioned else _author(message.reply_to_message)
        if telegram_id is None:
            raise Refused("member_usage")
        found = await context.ledger.people.find_by_telegram(telegram_id)
        if found is None:
            raise NotFound("person_not_found")
        return found, role
    return await team.find_person(context.ledger, typed[0]), role


def _author(message: Message | None) -> int | None:
    """Return whose words a message has: of a forward, who wrote it. None for bots, groups and who hides it."""
    # In a forum topic, what answers nothing answers the message that began the topic.
    if message is None or message.forum_topic_created is not None:
        return None
    if isinstance(message.forward_origin, MessageOriginUser):
        return message.forward_origin.sender_user.id
    if message.forward_origin is not None or message.sender_chat is not None or message.from_user is None:
        return None
    return None if message.from_user.is_bot else message.from_user.id


async def _turn_members(update: Update, context: DeskContext, pressed: Press) -> str | None:
    require(context.person, Role.EDITOR)
    await edit(update, context, "members_shown", offset=pressed.number(0))
    return None


async def _remove(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, person_id, alias = context.work, PersonId(pressed.number(0)), pressed.number(2) == 1
    named, seen = await work.ledger.people.get(person_id), member(Role, pressed.word(1))
    await team.remove(
        work.ledger, context.person, named, seen, work.now, work.policy, work.settings.admins, alias=alias
    )
    return "saved"


async def _pseudonym(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await team.hide_name(context.ledger, context.person, PersonId(pressed.number(0)), context.work.now)
    await edit(update, context, "membership_ended")
    return "alias_given"


PRESSES: dict[Verb, OnPress] = {
    Verb.MEMBERS: _turn_members,
    Verb.REMOVE: _remove,
    Verb.PSEUDONYM: _pseudonym,
}
