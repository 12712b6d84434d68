"""Commands that only look: status, search, queue, digest, check. They need no token and change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config import StorageSettings
from bot.terminal import plain, shapes
from bot.terminal.outcome import DONE, UNUSABLE, WRONG, CommandError, Outcome, as_json
from bot.terminal.session import opened, usable_path
from bot.views.searching import search_names
from jobs.digest_content import Period, content_of
from jobs.digests import content_for, totals_before
from jobs.embedding import missing
from jobs.indexing import Progress
from jobs.lookup import find_claim, parse_claim_number, people_called, queue_page, search_page
from jobs.rules import policy_now
from jobs.search_query import parse
from storage.errors import DatabaseBroken
from storage.file import examine, is_served
from storage.integrity import Problem
from storage.model import ChatId
from storage.values import seen_by

_EVERYTHING = 1_000_000


async def status(settings: StorageSettings, number: str, now: datetime, *, json: bool) -> Outcome:
    """Show where a claim stands."""
    asked = parse_claim_number(number)
    async with opened(settings.database, now) as database, database.read() as ledger:
        claim = await find_claim(ledger, asked)
        shape = shapes.status_shape(await ledger.figures.status(claim.id), asked)
    return Outcome(as_json(shape) if json else plain.status_text(shape, settings.timezone))


async def search(
    settings: StorageSettings, query: str, now: datetime, *, offset: int, limit: int, json: bool
) -> Outcome:
    """Show the claims that answer a query, the best first."""
    async with opened(settings.database, now) as database, database.read() as ledger:
        policy = replace(await policy_now(ledger), page_size=limit)
        asked = parse(query, policy, settings.timezone, search_names())
        people = None if asked.by is None else await people_called(ledger, asked.by)
        found = await search_page(ledger, asked, people, now, policy, offset)
        shape = {**shapes.page_shape(found, now, policy), "more": found.more}
    return Outcome(as_json(shape) if json else plain.page_text(shape, empty="No claim answers this search."))


async def queue(settings: StorageSettings, now: datetime, *, json: bool) -> Outcome:
    """Show what waits for somebody, the most urgent first."""
    async with opened(settings.database, now) as database, database.read() as ledger:
        policy = replace(await policy_now(ledger), page_size=_EVERYTHING)
        shape = shapes.page_shape(await queue_page(ledger, now, policy, 0), now, policy)
    return Outcome(as_json(shape) if json else plain.page_text(shape, empty="Nothing is waiting."))


async def digest(
    settings: StorageSettings,
    chat: int,
    topic: int | None,
    number: int | None,
    period: str | None,
    at: str | None,
    now: datetime,
    *,
    json: bool,
) -> Outcome:
    """Show what a digest for a chat would say: of a day or week that ends at an instant, or since its last one.

    The digest of a chat is shown as the chat set it; `number` says which of several, as `/digest` lists them.
    """
    async with opened(settings.database, now) as database, database.read() as ledger:
        policy = await policy_now(ledger)
        active = await ledger.subscriptions.list_of_chat(ChatId(chat), topic)
        if number is not None and not 1 <= number <= len(active):
            raise CommandError(f"chat {chat} has no digest {number}: it has {len(active)}", UNUSABLE)
        known = active[(number or 1) - 1] if active else None
        zone = settings.timezone if known is None else known.zone
        end = now if at is None else parse_instant(at, zone)
        running = known is not None and period is None and known.covered_until < end
        if known is not None and running:
            upto = await (ledger.news.marks() if at is None else ledger.news.marks_at(seen_by(known), end, now))
            span = Period(known.covered_until, end, seen_by(known), upto, zone)
        else:
            # Days as clocks show them: from nine to nine, even if one hour between them was skipped or came twice.
            days = timedelta(days=7 if period == "week" else 1)
            start = (end.astimezone(ZoneInfo(zone)) - days).astimezone(UTC)
            span = Period(start, end, await ledger.news.marks_before(start), await ledger.news.marks_before(end), zone)
        if known is None:
            content = await content_of(ledger, span, policy, chat_id=ChatId(chat))
        else:
            content = await content_for(ledger, known, span, policy)
            content["before"] = await totals_before(ledger, known.id) if running else None
    content["preview"] = True
    return Outcome(as_json(content) if json else plain.digest_text(content))


def parse_instant(text: str, zone: str) -> datetime:
    """Return an ISO instant; one without an offset is meant in the zone."""
    try:
        found = datetime.fromisoformat(text)
        return (found.replace(tzinfo=ZoneInfo(zone)) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CommandError(f"--at {text!r} is no ISO date and time such as 2025-03-09T09:00", UNUSABLE) from None


async def check(settings: StorageSettings, now: datetime, *, json: bool) -> Outcome:
    """Look for everything that is wrong."""
    from jobs.checking import check as find  # noqa: PLC0415 - loads the scheduler
    from jobs.checking import list_walks  # noqa: PLC0415

    path = usable_path(settings.database)
    version = None
    walks: list[Progress] = []
    semantic = "off" if settings.semantic == "off" else missing() or "on"
    try:
        async with opened(path, now) as database:
            version = examine(path).version
            serving = is_served(path)
            async with database.read() as ledger:
                problems = await find(ledger, now, serving=serving)
                walks = await list_walks(ledger)
    except CommandError as error:
        if not isinstance(error.__cause__, DatabaseBroken) or error.code != WRONG:
            raise
        problems = [_damaged(error)]
    ok = all(problem.note for problem in problems)
    shape = {
        "ok": ok,
        "database": str(path),
        "version": version,
        "problems": [shapes.problem_shape(problem) for problem in problems],
        "index": [shapes.walk_shape(walk) for walk in walks],
        "semantic": semantic,
    }
    text = plain.check_text(problems, str(path), walks, semantic)
    return Outcome(as_json(shape) if json else text, DONE if ok else WRONG)


def _damaged(error: CommandError) -> Problem:
    return Problem("file_damaged", "fault", 1, (), error.text)
