"""How members of the team are told what, and the rooms where the team works."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, member
from bot.handlers.reading import only_private, words_after
from jobs import summaries
from jobs.calendar import parse_zone
from storage.errors import Refused
from storage.kinds import Manner, Subject
from storage.model import ClaimId

_OFF = frozenset({"off", "0", "no", "বন্ধ", "অফ"})


async def notify(update: Update, context: DeskContext) -> None:
    """/notify: how one is told about what, with buttons"""
    only_private(update)
    await summaries.show_wishes(context.ledger, context.person, context.work.now)


async def quiet(update: Update, context: DeskContext) -> None:
    """/quiet 22-07, with a time zone or without; /quiet off"""
    only_private(update)
    work, person = context.work, context.person
    zone = person.zone or work.settings.timezone
    match words_after(update, context).split():
        case []:
            raise Refused("quiet_usage")
        case [word] if word.lower() in _OFF:
            await summaries.set_quiet(work.ledger, person, None, zone, work.now, work.policy)
        case [span, *rest]:
            zone = parse_zone(" ".join(rest)) if rest else zone
            await summaries.set_quiet(work.ledger, person, span, zone, work.now, work.policy)


async def _wish(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, person = context.work, context.person
    subject, manner = member(Subject, pressed.word(0)), member(Manner, pressed.word(1))
    zone = work.settings.timezone
    await summaries.choose(work.ledger, person, subject, manner, zone, work.now, work.policy)
    return "saved"


async def _decide(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await summaries.send_decision(context.ledger, context.person, ClaimId(pressed.number(0)), context.work.now)
    return None


PRESSES: dict[Verb, OnPress] = {
    Verb.WISH: _wish,
    Verb.DECIDE: _decide,
}
