"""The desk's settings: the command and its buttons."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, edit
from bot.handlers.reading import chat_of, only_private, words_after
from jobs.access import require
from jobs.tuning import change, find_setting
from storage.kinds import Role


async def settings(update: Update, context: DeskContext) -> None:
    """/settings · /settings quorum · /settings quorum 3 · /settings quorum default"""
    only_private(update)
    require(context.person, Role.EDITOR)
    work, chat = context.work, chat_of(update)[0]
    typed = words_after(update, context).replace("=", " ").split(None, 1)
    if not typed:
        await context.reply(chat, "settings_shown", offset=0)
        return
    setting = find_setting(typed[0], work.policy)
    if len(typed) > 1:
        setting = await change(work.ledger, context.person, setting.name, typed[1], work.now, work.policy)
    await context.reply(chat, "setting_shown", setting=setting.name)


async def turn(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Another page."""
    require(context.person, Role.EDITOR)
    await edit(update, context, "settings_shown", offset=pressed.number(0))
    return None


async def press_change(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """A button that switches a setting, or puts it back."""
    work, name = context.work, pressed.word(0)
    await change(work.ledger, context.person, name, pressed.word(1), work.now, work.policy, seen=pressed.word(2))
    await edit(update, context, "setting_shown", setting=name)
    return "saved"


PRESSES: dict[Verb, OnPress] = {
    Verb.SETTINGS: turn,
    Verb.SETTING: press_change,
}
