"""Leases and who has a claim: renewing, stepping back, passing, and editors who give a claim to somebody."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress
from bot.handlers.reading import chat_of, only_private, words_after
from jobs import leases
from jobs.access import require
from jobs.lookup import find_claim, parse_claim_number
from jobs.team import find_person
from storage.errors import Refused
from storage.kinds import Role
from storage.model import AssignmentId, Claim, Person


async def recuse(update: Update, context: DeskContext) -> None:
    """/recuse 42 REASON: never to be asked about this claim"""
    only_private(update)
    require(context.person, Role.REVIEWER)
    claim, reason = await _claim(update, context, "recuse_usage")
    work = context.work
    await leases.step_back(work.ledger, context.person, claim, reason, work.now, work.policy)
    await context.reply(chat_of(update)[0], "notice", code="recused", claim=claim.id)


async def pass_on(update: Update, context: DeskContext) -> None:
    """/pass 42: hand back what one has of it"""
    only_private(update)
    require(context.person, Role.REVIEWER)
    claim, _ = await _claim(update, context, "pass_usage")
    work = context.work
    await leases.pass_claim(work.ledger, context.person, claim, work.now, work.policy)


async def assign(update: Update, context: DeskContext) -> None:
    """/assign 42 @name"""
    work, (claim, person) = context.work, await _claim_and_person(update, context, "assign_usage")
    await leases.assign(work.ledger, context.person, claim, person, work.now, work.policy)
    await context.reply(chat_of(update)[0], "notice", code="assigned", claim=claim.id, name=person.name)


async def unassign(update: Update, context: DeskContext) -> None:
    """/unassign 42 @name"""
    work, (claim, person) = context.work, await _claim_and_person(update, context, "unassign_usage")
    await leases.unassign(work.ledger, context.person, claim, person, work.now, work.policy)
    await context.reply(chat_of(update)[0], "notice", code="unassigned", claim=claim.id, name=person.name)


async def _claim(update: Update, context: DeskContext, usage: str) -> tuple[Claim, str]:
    number, _, rest = words_after(update, context).partition(" ")
    try:
        asked = parse_claim_number(number)
    except Refused as refused:
        raise Refused(usage) from refused
    return await find_claim(context.ledger, asked), rest.strip()


async def _claim_and_person(update: Update, context: DeskContext, usage: str) -> tuple[Claim, Person]:
    only_private(update)
    require(context.person, Role.EDITOR)
    claim, name = await _claim(update, context, usage)
    if not name:
        raise Refused(usage)
    return claim, await find_person(context.ledger, name)


async def press_renew(_: Update, context: DeskContext, pressed: Press) -> str | None:
    """More time for a lease."""
    work = context.work
    lease = AssignmentId(pressed.number(0))
    await leases.renew(work.ledger, context.person, lease, pressed.number(1), work.now, work.policy)
    return "lease_renewed"


PRESSES: dict[Verb, OnPress] = {Verb.RENEW: press_renew}
