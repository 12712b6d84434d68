"""How members of the team are told what, and the rooms where the team works."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, member, place_of
from bot.handlers.reading import chat_of, group_of, is_private, only_private, words_after
from jobs import rooms, summaries
from jobs.access import require
from jobs.calendar import parse_zone
from jobs.channels import adopt
from storage.errors import Refused
from storage.kinds import Manner, Role, RoomKind, Subject
from storage.model import ClaimId

_HERE = frozenset({"here", "review", "এখানে"})
_DISPUTES = frozenset({"disputes", "dispute", "বিরোধ"})
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


async def team(update: Update, context: DeskContext) -> None:
    """/team here · /team disputes · /team off, in a group or a topic; alone it shows where the rooms are"""
    work, person, word = context.work, context.person, words_after(update, context).lower()
    chat_id, thread = chat_of(update)
    require(person, Role.EDITOR)
    if not word:
        await context.reply(chat_id, "rooms_shown", thread_id=thread)
        return
    if word not in _HERE | _DISPUTES | _OFF:
        raise Refused("team_usage")
    if is_private(update):
        raise Refused("only_in_group")
    if word in _OFF:
        await rooms.end_room(work.ledger, person, chat_id, thread, work.now)
        return
    chat, kind = await group_of(update, context), RoomKind.REVIEW if word in _HERE else RoomKind.DISPUTES
    await adopt(work.ledger, chat, person)
    await rooms.set_room(work.ledger, person, chat, thread, kind, work.now, work.policy)


async def _take_claim(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim = context.work, ClaimId(pressed.number(0))
    await rooms.take_claim(work.ledger, context.person, claim, place_of(update)[0], work.now, work.policy)
    return "taken_in_room"


async def _wish(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, person = context.work, context.person
    subject, manner = member(Subject, pressed.word(0)), member(Manner, pressed.word(1))
    zone = work.settings.timezone
    await summaries.choose(work.ledger, person, subject, manner, zone, work.now, work.policy)
    return "saved"


async def _decide(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await summaries.send_decision(context.ledger, context.person, ClaimId(pressed.number(0)), context.work.now)
    return None


async def _amend(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await summaries.send_correction(context.ledger, context.person, pressed.number(0), context.work.now)
    return None


async def _objection(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await summaries.send_objection(context.ledger, context.person, pressed.number(0), context.work.now)
    return None


PRESSES: dict[Verb, OnPress] = {
    Verb.TAKE_CLAIM: _take_claim,
    Verb.WISH: _wish,
    Verb.DECIDE: _decide,
    Verb.AMEND: _amend,
    Verb.OBJECTION: _objection,
}
