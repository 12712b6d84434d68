"""Buttons after the answer: did it answer, new evidence, and what editors do with it."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress
from jobs import reopening
from storage.model import ClaimId, VerdictId


async def _helped(update: Update, context: DeskContext, pressed: Press) -> str | None:
    verdict, helped = VerdictId(pressed.number(0)), pressed.number(1) == 1
    await reopening.give_feedback(context.ledger, context.person, verdict, context.work.now, helped=helped)
    return "feedback_yes" if helped else "feedback_no"


async def _evidence(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await reopening.ask_evidence(context.ledger, context.person, ClaimId(pressed.number(0)), context.work.now)
    return None


async def _reopen(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await reopening.ask_reason(context.ledger, context.person, pressed.number(0), context.work.now)
    return None


async def _decline(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await reopening.decline(context.ledger, context.person, pressed.number(0), context.work.now)
    return "saved"


async def _file(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await reopening.show_file(context.ledger, context.person, pressed.number(0), context.work.now)
    return None


PRESSES: dict[Verb, OnPress] = {
    Verb.HELPED: _helped,
    Verb.EVIDENCE: _evidence,
    Verb.REOPEN: _reopen,
    Verb.DECLINE: _decline,
    Verb.OBJECTION_FILE: _file,
}
