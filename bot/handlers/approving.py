"""Buttons on the way to a verdict: another summary, back to the reviewers, a review or an approval taken back."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress
from jobs import approval, holding, undo
from storage.model import AssignmentId, ClaimId


async def _rewrite(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim, revision = context.work, ClaimId(pressed.number(0)), pressed.number(1)
    await approval.ask_summary(work.ledger, context.person, claim, revision, work.now, work.policy)
    return None


async def _send_back(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim, revision = context.work, ClaimId(pressed.number(0)), pressed.number(1)
    await approval.ask_comment(work.ledger, context.person, claim, revision, work.now, work.policy)
    return None


async def _undo(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, assignment = context.work, AssignmentId(pressed.number(0))
    await undo.take_back_review(work.ledger, context.person, assignment, work.now, work.policy)
    return "taken_back"


async def _undo_approval(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim, revision = context.work, ClaimId(pressed.number(0)), pressed.number(1)
    await holding.take_back_approval(work.ledger, context.person, claim, revision, work.now)
    return "approval_taken_back"


PRESSES: dict[Verb, OnPress] = {
    Verb.REWRITE: _rewrite,
    Verb.SEND_BACK: _send_back,
    Verb.UNDO: _undo,
    Verb.UNDO_APPROVAL: _undo_approval,
}
