"""/stats · /stats 7d · /stats 2025-05 · /stats 30d csv · /stats why · /stats me · /stats @name 7d"""

from __future__ import annotations

from telegram import Update

from bot.context import DeskContext
from bot.handlers.reading import chat_of, only_private, words_after
from jobs.access import require
from jobs.charts import put_chart
from jobs.statistics import parse_stretch, work_of
from storage.errors import Refused
from storage.kinds import Role
from storage.rows import instant


async def stats(update: Update, context: DeskContext) -> None:
    """The figures of a stretch of time; of one person, to that person and to editors."""
    require(context.person, Role.REVIEWER)
    work, (chat, thread) = context.work, chat_of(update)
    word, _, rest = words_after(update, context).partition(" ")
    zone = context.person.zone or work.settings.timezone
    if word.lower() == "why":
        await context.reply(chat, "stats_why", thread_id=thread)
        return
    if word.lower() == "me" or word.startswith("@"):
        only_private(update)
        of = context.person
        if word.startswith("@"):
            found = await work.ledger.people.find_by_username(word.removeprefix("@"))
            if found is None:
                raise Refused("search_person_unknown", name=word)
            of = found
        start, end = parse_stretch(rest, zone, work.now)
        await work_of(work.ledger, context.person, of, start, end)
        await context.reply(chat, "work_counted", of=of.id, start=instant(start), end=instant(end))
        return
    stretch, as_file = _without_csv(f"{word} {rest}")
    start, end = parse_stretch(stretch, zone, work.now)
    span = {"start": instant(start), "end": instant(end)}
    if as_file:
        await context.reply(chat, "stats_filed", thread_id=thread, **span)
        return
    await context.reply(chat, "stats_shown", thread_id=thread, **span)
    await put_chart(work.ledger, chat, thread, start, end, zone, work.now)


def _without_csv(text: str) -> tuple[str, bool]:
    """Return the stretch that a text names, and whether the figures are wanted as a file."""
    named = text.split()
    as_file = any(each.lower() == "csv" for each in named)
    return " ".join(each for each in named if each.lower() != "csv"), as_file
