"""Who one is to the desk: start, help, language, duty, invites."""

from __future__ import annotations

from telegram import Update

from bot.context import DeskContext
from bot.handlers.reading import chat_of, group_of, is_private, only_private, words_after
from bot.views.words import LANGUAGES
from jobs.channels import set_language_of
from jobs.membership import invite as make_invite
from jobs.membership import join, set_duty, set_language
from storage.errors import Refused
from storage.kinds import Role

_ON = frozenset({"on", "1", "yes", "চালু", "অন"})
_OFF = frozenset({"off", "0", "no", "বন্ধ", "অফ"})


async def start(update: Update, context: DeskContext) -> None:
    """/start, alone or with the secret of an invite."""
    chat, _ = chat_of(update)
    secret = words_after(update, context)
    if not is_private(update):
        await context.reply(chat, "notice", code="start_in_private")
        return
    if secret:
        context.work.person = await join(context.ledger, context.person, secret, context.work.now)
    await context.reply(chat, "welcome")


async def show_help(update: Update, context: DeskContext) -> None:
    """/help"""
    chat, thread = chat_of(update)
    await context.reply(chat, "help", thread_id=thread, role=context.person.role if is_private(update) else Role.PUBLIC)


async def method(update: Update, context: DeskContext) -> None:
    """/method: the rules by which the desk works, with the numbers in force"""
    chat, thread = chat_of(update)
    await context.reply(chat, "method_shown", thread_id=thread)


async def whoami(update: Update, context: DeskContext) -> None:
    """/whoami"""
    only_private(update)
    await context.reply(chat_of(update)[0], "whoami")


async def language(update: Update, context: DeskContext) -> None:
    """/language, alone or with a language code; in a group it is the group's, for editors to set"""
    wanted = words_after(update, context).lower()
    if not is_private(update):
        chat, thread = await group_of(update, context), chat_of(update)[1]
        await set_language_of(context.ledger, context.person, chat, thread, wanted, LANGUAGES, context.work.now)
        return
    if not wanted:
        await context.reply(chat_of(update)[0], "language_asked")
        return
    await set_language(context.ledger, context.person, wanted, LANGUAGES, context.work.now)


async def duty(update: Update, context: DeskContext) -> None:
    """/duty on|off"""
    wanted = words_after(update, context).lower()
    if wanted not in _ON | _OFF:
        raise Refused("duty_usage")
    work = context.work
    await set_duty(work.ledger, context.person, on_duty=wanted in _ON, now=work.now, policy=work.policy)


async def invite(update: Update, context: DeskContext) -> None:
    """/invite reviewer|editor|admin"""
    only_private(update)
    wanted = words_after(update, context).lower()
    if wanted not in set(Role):
        raise Refused("invite_usage")
    work = context.work
    await make_invite(work.ledger, context.person, Role(wanted), work.settings.invite_key, work.now, work.policy)


async def command_in_caption(update: Update, context: DeskContext) -> None:
    """A command under a picture or a file: Telegram does not mark it as one."""
    raise Refused("command_in_caption")


async def unknown_command(update: Update, context: DeskContext) -> None:
    """Any other command in a private chat."""
    raise Refused("command_unknown")
