"""Buttons of the card with which an editor approves: another summary first, or back to the reviewers."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress
from jobs import approval
from storage.model import ClaimId


async def _rewrite(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim, revision = context.work, ClaimId(pressed.number(0)), pressed.number(1)
    await approval.ask_summary(work.ledger, context.person, claim, revision, work.now, work.policy)
    return None


async def _send_back(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim, revision = context.work, ClaimId(pressed.number(0)), pressed.number(1)
    await approval.ask_comment(work.ledger, context.person, claim, revision, work.now, work.policy)
    return None


PRESSES: dict[Verb, OnPress] = {
    Verb.REWRITE: _rewrite,
    Verb.SEND_BACK: _send_back,
}
