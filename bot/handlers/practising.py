"""Practice: the command, and the buttons that real work has not. Those of the cards are in bot/handlers/presses.py."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress
from bot.handlers.reading import only_private
from jobs import practice
from storage.model import AssignmentId, PersonId


async def practise(update: Update, context: DeskContext) -> None:
    """/practice: past claims to practise on, for reviewers"""
    only_private(update)
    work = context.work
    await practice.show(work.ledger, context.person, work.now, work.policy)


async def go_on(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Offer the next practice claim."""
    work = context.work
    await practice.go_on(work.ledger, context.person, *_button(pressed), work.now, work.policy)
    return None


async def stop(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Leave practice for now."""
    work = context.work
    await practice.stop(work.ledger, context.person, PersonId(pressed.number(0)), work.now)
    return "practice_stopped"


async def start_over(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Begin a new round."""
    work = context.work
    await practice.start_over(work.ledger, context.person, *_button(pressed), work.now, work.policy)
    return None


def _button(pressed: Press) -> tuple[PersonId, AssignmentId]:
    return PersonId(pressed.number(0)), AssignmentId(pressed.number(1))


PRESSES: dict[Verb, OnPress] = {
    Verb.PRACTICE: go_on,
    Verb.PRACTICE_STOP: stop,
    Verb.PRACTICE_AGAIN: start_over,
}
