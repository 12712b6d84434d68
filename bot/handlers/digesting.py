"""/digest daily 09:00 Asia/Dhaka · /digest weekly sun 18:00 · /digest off · /digest now · /digest"""

from __future__ import annotations

from telegram import Update

from bot.context import DeskContext
from bot.handlers.reading import chat_of, group_of, is_private, words_after
from jobs.access import require
from jobs.calendar import parse_local_time, parse_weekday, parse_zone
from jobs.channels import adopt
from jobs.digests import preview, subscribe, unsubscribe
from storage.errors import Refused
from storage.kinds import Cadence, Role


async def digest(update: Update, context: DeskContext) -> None:
    """Set, end or show the digests of the chat in which this is said; for editors."""
    require(context.person, Role.EDITOR)
    work = context.work
    chat, thread = chat_of(update)
    if not is_private(update):
        await adopt(work.ledger, await group_of(update, context), context.person)
    zone = context.person.zone or work.settings.timezone
    match words_after(update, context).split():
        case []:
            active = await work.ledger.subscriptions.list_of_chat(chat, thread)
            await context.reply(
                chat, "digest_status", thread_id=thread, subscriptions=[subscription.id for subscription in active]
            )
        case [word] if word.lower() == "off":
            await unsubscribe(work.ledger, context.person, chat, thread, work.now)
        case [word] if word.lower() == "now":
            await preview(work.ledger, context.person, chat, thread, work.now, work.policy, zone)
        case [word, at, *rest] if word.lower() == "daily":
            await _subscribe(update, context, Cadence.DAILY, at, None, rest, zone)
        case [word, day, at, *rest] if word.lower() == "weekly":
            await _subscribe(update, context, Cadence.WEEKLY, at, parse_weekday(day), rest, zone)
        case _:
            raise Refused("digest_usage")


async def _subscribe(
    update: Update, context: DeskContext, cadence: Cadence, at: str, weekday: int | None, zones: list[str], zone: str
) -> None:
    chat, thread = chat_of(update)
    await subscribe(
        context.ledger,
        context.person,
        chat,
        thread,
        cadence,
        parse_local_time(at),
        weekday,
        # Written with a space by many: America/New York.
        parse_zone(" ".join(zones)) if zones else zone,
        context.work.now,
    )
