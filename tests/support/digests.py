"""Digests of tests: made in one transaction, or set for many groups of a real desk."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox.client import Group
from jobs.digests import post_next
from jobs.policy import Policy
from storage.ledger import Ledger
from tests.support.newsroom import Newsroom

CLAIM = "The bridge over the river was closed for 30 days in March."


async def post_due(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Make what is due for every chat; returns how many digests were posted."""
    made = 0
    while (posted := await post_next(ledger, now, policy)) is not None:
        made += posted
    return made


async def set_digests(room: Newsroom, chats: int) -> list[Group]:
    """Give groups a daily digest and the desk something to tell; the desk is stopped then, and a day passes."""
    await room.desk.start_controlled()
    await room.open()
    teams = []
    for number in range(chats):
        team = await room.people.group(f"Team {number}", [room.admin])
        await room.admin.send("/digest@factdesk_bot daily 09:00 Asia/Dhaka", chat=team)
        teams.append(team)
    await room.ask(await room.person("Asker"), CLAIM)
    await room.until(
        lambda: (
            room.desk.value("SELECT count(*) FROM subscriptions WHERE active = 1") == chats
            and room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1
            and room.desk.value("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0
        )
    )
    await room.desk.stop()
    room.desk.move_clock(86_400)
    return teams
