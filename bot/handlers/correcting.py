"""Corrections: the commands and buttons to change what is public, and to see what was changed."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, edit, place_of, thread_of
from bot.handlers.reading import chat_of, is_private, only_private, words_after
from jobs import correcting
from jobs.access import require
from jobs.lookup import find_claim, parse_claim_number
from storage.errors import Refused
from storage.kinds import Role
from storage.model import ChatId, ClaimId


async def correct(update: Update, context: DeskContext) -> None:
    """/correct 42: make a new version of what is published, for editors"""
    only_private(update)
    require(context.person, Role.EDITOR)
    claim = _number(update, context, "correct_usage")
    await correcting.begin(context.ledger, context.person, claim, context.work.now)


async def retract(update: Update, context: DeskContext) -> None:
    """/retract 42: take a verdict back, for editors"""
    only_private(update)
    require(context.person, Role.EDITOR)
    claim = _number(update, context, "retract_usage")
    await correcting.begin_retraction(context.ledger, context.person, claim, context.work.now)


async def history(update: Update, context: DeskContext) -> None:
    """/history 42: every version and every move of a claim"""
    chat, thread = chat_of(update)
    await _show_history(context, chat, thread, _number(update, context, "history_usage"), private=is_private(update))


async def corrections(update: Update, context: DeskContext) -> None:
    """/corrections: what the desk corrected and took back"""
    chat, thread = chat_of(update)
    await context.reply(chat, "corrections_shown", thread_id=thread, offset=0)


def _number(update: Update, context: DeskContext, usage: str) -> ClaimId:
    try:
        return parse_claim_number(words_after(update, context))
    except Refused as refused:
        raise Refused(usage) from refused


async def _show_history(
    context: DeskContext, chat: ChatId, thread: int | None, claim_id: ClaimId, *, private: bool
) -> None:
    claim = await find_claim(context.ledger, claim_id)
    role = context.person.role if private else Role.PUBLIC
    await context.reply(chat, "history_shown", thread_id=thread, claim=claim.id, role=role)


async def _choose(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim = context.work, ClaimId(pressed.number(0))
    version, rating = pressed.number(1), pressed.word(2)
    await correcting.choose(work.ledger, context.person, claim, version, rating, work.now, work.policy)
    return None


async def _propose(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, seen = context.work, (pressed.number(0), pressed.number(1))
    released = await correcting.propose(work.ledger, context.person, *seen, work.now, work.policy)
    return "correction_published" if released else "correction_proposed"


async def _summary(update: Update, context: DeskContext, pressed: Press) -> str | None:
    seen = pressed.number(0), pressed.number(1)
    await correcting.ask_summary(context.ledger, context.person, *seen, context.work.now)
    return None


async def _release(update: Update, context: DeskContext, pressed: Press) -> str | None:
    seen = pressed.number(0), pressed.number(1)
    await correcting.release(context.ledger, context.person, *seen, context.work.now)
    return "correction_published"


async def _drop(update: Update, context: DeskContext, pressed: Press) -> str | None:
    seen = pressed.number(0), pressed.number(1)
    await correcting.drop(context.ledger, context.person, *seen, context.work.now)
    return "correction_left"


async def _turn(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await edit(update, context, "corrections_shown", offset=pressed.number(0))
    return None


async def _history(update: Update, context: DeskContext, pressed: Press) -> str | None:
    chat, _ = place_of(update)
    private = chat == context.person.telegram_id
    await _show_history(context, chat, thread_of(update), ClaimId(pressed.number(0)), private=private)
    return None


PRESSES: dict[Verb, OnPress] = {
    Verb.CORRECT: _choose,
    Verb.PROPOSE: _propose,
    Verb.SUMMARY: _summary,
    Verb.RELEASE: _release,
    Verb.DROP: _drop,
    Verb.CORRECTIONS: _turn,
    Verb.HISTORY: _history,
}
