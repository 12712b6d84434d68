"""Questions about claims: status, queue, one's own list, search; and the tags by which they are found."""

from __future__ import annotations

import re

from telegram import Update

from bot.context import DeskContext
from bot.handlers.reading import chat_of, is_private, message_of, only_private, words_after
from bot.views.searching import search_names
from jobs.access import require
from jobs.lookup import find_claim, parse_claim_number, people_meant
from jobs.notify import show_decision_to
from jobs.search_query import parse
from jobs.tags import change_tags, read_changes
from storage.errors import Refused
from storage.kinds import ClaimState, Role
from storage.model import ChatId, ClaimId

CLAIM_NUMBER = re.compile(r"^\s*(?:#|[fF][cC]-)\d{1,15}\s*$")
"""A message that is nothing but a claim's number: `#42`, `FC-42`."""


async def show_status(context: DeskContext, chat: ChatId, thread: int | None, claim_id: ClaimId) -> None:
    """Show where a claim stands, with what the asker's role may see; in groups, with what everyone may."""
    claim = await find_claim(context.ledger, claim_id)
    role = context.person.role if chat == context.person.telegram_id else Role.PUBLIC
    await context.reply(chat, "status_shown", thread_id=thread, claim=claim.id, role=role, person=context.person.id)
    if role.covers(Role.EDITOR) and claim.state in (ClaimState.AGREED, ClaimState.DISPUTED):
        await show_decision_to(context.ledger, context.person, claim.id, context.work.now)


async def status(update: Update, context: DeskContext) -> None:
    """/status 42, or as a reply to a message about a claim"""
    words = words_after(update, context)
    replied = message_of(update).reply_to_message
    if not words and replied is not None:
        claim_id = await context.ledger.outbox.find_claim(chat_of(update)[0], replied.message_id)
        if claim_id is not None:
            await show_status(context, *chat_of(update), claim_id)
            return
    await show_status(context, *chat_of(update), parse_claim_number(words))


async def number(update: Update, context: DeskContext) -> None:
    """`#42` or `FC-42` as the whole message"""
    message = message_of(update)
    await show_status(context, *chat_of(update), parse_claim_number(message.text or message.caption or ""))


async def queue(update: Update, context: DeskContext) -> None:
    """/queue: what waits for somebody, for reviewers"""
    only_private(update)
    require(context.person, Role.REVIEWER)
    await context.reply(chat_of(update)[0], "queue_shown", offset=0)


async def why(update: Update, context: DeskContext) -> None:
    """/why 42: what the claim's place in the queue is made of, for reviewers"""
    only_private(update)
    require(context.person, Role.REVIEWER)
    try:
        asked = parse_claim_number(words_after(update, context))
    except Refused as refused:
        raise Refused("why_usage") from refused
    claim = await find_claim(context.ledger, asked)
    await context.reply(chat_of(update)[0], "why_shown", claim=claim.id)


async def mine(update: Update, context: DeskContext) -> None:
    """/mine: what one works on or asked about"""
    only_private(update)
    await context.reply(chat_of(update)[0], "mine_shown", offset=0)


async def search(update: Update, context: DeskContext) -> None:
    """/search words and filters; alone, how to search"""
    chat, thread = chat_of(update)
    asker = context.person if is_private(update) else None
    typed = words_after(update, context)
    if not typed:
        role = Role.PUBLIC if asker is None else asker.role
        await context.reply(chat, "search_help", thread_id=thread, role=role)
        return
    if CLAIM_NUMBER.fullmatch(typed):
        await show_status(context, chat, thread, parse_claim_number(typed))
        return
    zone = (None if asker is None else asker.zone) or context.work.settings.timezone
    query = parse(typed, context.work.policy, zone, search_names())
    await people_meant(context.ledger, query, asker)
    await context.reply(chat, "search_shown", thread_id=thread, query=typed, offset=0)


async def tag(update: Update, context: DeskContext) -> None:
    """/tag 42 flood -old: give a claim tags and take some away, for editors"""
    only_private(update)
    require(context.person, Role.EDITOR)
    number, *changes = words_after(update, context).split(None, 1) or [""]
    try:
        asked = parse_claim_number(number)
    except Refused as refused:
        raise Refused("tag_usage") from refused
    claim = await find_claim(context.ledger, asked)
    given, taken = read_changes(" ".join(changes))
    await change_tags(context.ledger, context.person, claim, given, taken, context.work.now)
    await context.reply(chat_of(update)[0], "tags_shown", claim=claim.id)
