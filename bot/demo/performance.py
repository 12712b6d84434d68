"""What all acts of the scripted demo share: the people's phones, the clock, and the checks of what really happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.seat import Seat, Unmet
from bot.demo.stage import ZONE, Stage
from bot.demo.transcript import Transcript
from jobs.seeding import read_seed
from storage.kinds import Role
from storage.ledger import Ledger

DIGEST_AT = time(9, 0)
"""The team's hour, local time."""

ADMIN, REQUESTER, STRANGER = 7001, 7005, 7004
"""Telegram ids of seeds/people.json; who reviews stands in seeds/demo.json."""

LEAD = timedelta(minutes=15)
"""How long before that hour the play begins, by its own clock."""

_LOOK_EVERY = 0.05

Fact = Callable[[Ledger], Awaitable[bool]]


class Play:
    """One performance."""

    def __init__(self, stage: Stage, transcript: Transcript, patience: float, digest_at: datetime) -> None:
        self.stage = stage
        self.transcript = transcript
        self.patience = patience
        self.demo: dict[str, Any] = read_seed("demo.json")
        self.digest_at = digest_at
        self._seats = {
            number: Seat(person, stage.names[number], transcript, patience) for number, person in stage.users.items()
        }

    def seat(self, telegram_id: int) -> Seat:
        """The phone of one of the seeds' people."""
        return self._seats[telegram_id]

    def begin(self, title: str, *, minutes: float) -> None:
        """Open an act, `minutes` before the digest's hour (or later, if it is later already)."""
        self.stage.clock.move_to(self.digest_at - timedelta(minutes=minutes))
        self.transcript.begin(title, self.stage.clock())

    async def holds(self, expected: str, fact: Fact) -> None:
        """Check in the database that something is so, or becomes so in time, and write it down."""
        await self.until(expected, fact)
        self.transcript.check(expected)

    async def until(self, expected: str, fact: Fact) -> None:
        """Wait until something is so in the database."""
        deadline = self.transcript.seconds + self.patience
        while True:
            async with self.stage.database.read() as ledger:
                if await fact(ledger):
                    break
            if self.transcript.seconds > deadline:
                raise Unmet(f"Expected in the database within {self.patience:g} s: {expected}")
            await asyncio.sleep(_LOOK_EVERY)

    def has_role(self, telegram_id: int, role: Role) -> Fact:
        """The fact that somebody is known in a role."""

        async def is_so(ledger: Ledger) -> bool:
            person = await ledger.people.find_by_telegram(telegram_id)
            return person is not None and person.role is role

        return is_so


def digest_hour(now: datetime) -> datetime:
    """Return the hour of the digest for a play: the newest that is over, so that the play's clock is never ahead.

    The scheduler's alarm clock is the real one; by a clock ahead of it, it would wait until the real one has caught up.
    """
    zone = ZoneInfo(ZONE)
    days = (now.astimezone(zone).date() - timedelta(days=back) for back in range(3))
    hours = (datetime.combine(day, DIGEST_AT, zone).astimezone(UTC) for day in days)
    return next(hour for hour in hours if hour + LEAD < now)
