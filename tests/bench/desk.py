"""The desk's part of the bench: its database before, what its cards look like, and the proof afterwards that it worked.

Everything is put there by the jobs that do it in life: people met and made reviewers, articles taken in, claims handed
out and taken. Only the delivery of the first cards is written down here instead of being sent.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.callbacks import Verb, encode
from bot.loaders.base import Deps
from bot.render import load
from bot.sandbox.html import parse_html
from bot.views.message import Message
from jobs.clock import utc_now
from jobs.dispatch import hand_out
from jobs.intake.submit import Incoming, take_in
from jobs.policy import Policy
from jobs.review import take
from storage.database import Database
from storage.kinds import DocumentKind, Role
from storage.ledger import Ledger
from storage.model import ChatId, OutboxMessage, Person

RATINGS = ("false", "mostly_false")
"""A reviewer's presses alternate between these, so that each one changes the review."""

FIRST_CHAT = 500_000_000

_PLACES = ("ঢাকা", "চট্টগ্রাম", "খুলনা", "রাজশাহী", "বরিশাল", "সিলেট", "রংপুর", "ময়মনসিংহ", "কুমিল্লা", "যশোর")
_SENTENCE = "{place} জেলায় গত বছর {number} জন মানুষ ডেঙ্গু জ্বরে হাসপাতালে ভর্তি হয়েছেন বলে স্বাস্থ্য বিভাগ জানিয়েছে।"
_PER_ARTICLE = 40


@dataclass(frozen=True, slots=True)
class Presser:
    """A reviewer with a claim: the message that shows its card, and the presses, as JSON after `update_id`."""

    chat: int
    message: int
    presses: list[str]


async def prepare_reviews(path: Path, reviewers: int) -> list[Presser]:
    """Make a database in which so many reviewers have each taken a claim, and return what they will press."""
    now, policy = utc_now(), Policy()
    database = await Database.open(path, now)
    try:
        async with database.write() as ledger:
            people = [await _reviewer(ledger, FIRST_CHAT + number, now) for number in range(reviewers)]
            needed = -(-reviewers // policy.quorum)
            for first in range(0, needed, _PER_ARTICLE):
                await _article(ledger, range(first, min(first + _PER_ARTICLE, needed)), now, policy)
            await hand_out(ledger, now, policy)
            for person in people:
                (offer,) = await ledger.assignments.list_live_of(person.id)
                await take(ledger, person, offer.id, now, policy)
        async with database.write() as ledger:
            return await _deliver(ledger, {person.telegram_id: person for person in people}, now, policy)
    finally:
        await database.close()


async def prepare_messages(path: Path, chats: int, each: int) -> None:
    """Make a database in which messages wait for many chats."""
    now = utc_now()
    database = await Database.open(path, now)
    try:
        async with database.write() as ledger:
            people = [await _reviewer(ledger, FIRST_CHAT + number, now) for number in range(chats)]
            for _ in range(each):
                for person in people:
                    await ledger.outbox.enqueue(
                        ChatId(person.telegram_id), "notice", {"code": "duty_on"}, now, person_id=person.id
                    )
    finally:
        await database.close()


async def _reviewer(ledger: Ledger, telegram_id: int, now: datetime) -> Person:
    person = await ledger.people.meet(telegram_id, "পাঠক রহমান", f"reader{telegram_id}", now)
    await ledger.people.mark_role(person.id, Role.REVIEWER)
    await ledger.people.mark_duty(person.id, on_duty=True)
    await ledger.people.mark_language(person.id, "bn")
    return await ledger.people.get(person.id)


async def _article(ledger: Ledger, numbers: range, now: datetime, policy: Policy) -> None:
    text = " ".join(
        _SENTENCE.format(place=_PLACES[number % len(_PLACES)], number=1_200 + 37 * number) for number in numbers
    )
    incoming = Incoming(
        DocumentKind.ARTICLE,
        text,
        title="ডেঙ্গু পরিস্থিতি নিয়ে জেলার খবর",
        publisher="দৈনিক পরীক্ষা",
        url=f"https://news.example.org/dengue/{numbers.start}",
    )
    await take_in(ledger, incoming, None, now, policy)


async def _deliver(ledger: Ledger, people: dict[int, Person], now: datetime, policy: Policy) -> list[Presser]:
    """Note each reviewer's card as sent, and make the presses that Telegram would report from it."""
    deps = Deps(
        policy=policy,
        default_language="en",
        default_zone="UTC",
        bot_username="bench_bot",
        invite_link=lambda invite_id, created_at: "",
    )
    pressers = []
    message_ids = count(1001)
    while leased := await ledger.outbox.lease_due(now, 100):
        for row in leased:
            message_id = next(message_ids)
            rendered = (await load(ledger, row, deps, now))()
            if not isinstance(rendered, Message):
                raise TypeError(f"{row.kind} is no message")
            await ledger.outbox.mark_sent(row, [message_id], now, claim_id=rendered.claim_id)
            pressers.append(_presser(people[row.chat_id], row, message_id, rendered, int(now.timestamp())))
    return pressers


def _presser(person: Person, row: OutboxMessage, message_id: int, card: Message, date: int) -> Presser:
    user = {"id": person.telegram_id, "first_name": person.name, "username": person.username}
    parsed = parse_html(card.html)
    message: dict[str, Any] = {
        "message_id": message_id,
        "from": {"id": 4242, "is_bot": True, "first_name": "Bench", "username": "bench_bot"},
        "chat": {**user, "type": "private"},
        "date": date,
        "text": parsed.text,
        "entities": parsed.entities,
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": button.text, "callback_data": button.data} for button in row if button.data]
                for row in card.buttons
            ]
        },
    }
    wanted = [encode(Verb.RATE, row.payload["assignment"], rating) for rating in RATINGS]
    shown = {button.data for line in card.buttons for button in line}
    if missing := set(wanted) - shown:
        raise ValueError(f"the card of a taken claim has no button for {sorted(missing)}")
    rest = {
        "from": {**user, "is_bot": False, "language_code": "bn"},
        "message": message,
        "chat_instance": str(-(2**60) - person.telegram_id),
    }
    # What stands after `"id":"…",`: the fake API counts the queries.
    presses = [json.dumps({**rest, "data": data})[1:] + "}" for data in wanted]
    return Presser(person.telegram_id, message_id, presses)


def is_drained(raw: sqlite3.Connection) -> bool:
    """True when no message is waiting or on its way."""
    (open_messages,) = raw.execute("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')").fetchone()
    return not open_messages


def work_done(path: Path) -> dict[str, Any]:
    """Return what the database says was done."""
    asked = {
        "revisions": "SELECT count(*) FROM review_revisions",
        "audited": "SELECT count(*) FROM audit WHERE action = 'review.rated'",
        "updates": "SELECT count(*) FROM updates",
        "cards_edited": "SELECT count(*) FROM outbox WHERE kind = 'work_changed' AND state = 'sent'",
        "sent": "SELECT count(*) FROM outbox WHERE state = 'sent'",
        "unsent": "SELECT count(*) FROM outbox WHERE state <> 'sent'",
        "dead_letters": "SELECT count(*) FROM dead_letters",
        "damage": "PRAGMA integrity_check",
    }
    with closing(sqlite3.connect(path)) as raw:
        done: dict[str, Any] = {name: raw.execute(sql).fetchone()[0] for name, sql in asked.items()}
    return done | {"chain_broken_at": asyncio.run(_chain_broken_at(path))}


async def _chain_broken_at(path: Path) -> int | None:
    database = await Database.open(path, utc_now())
    try:
        async with database.read() as ledger:
            return await ledger.audit.find_break()
    finally:
        await database.close()
