"""The team: its list, and what becomes of its members."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import members
from jobs.lookup import members_page
from storage.model import PersonId


async def _members(it: Delivery) -> Render:
    page = await members_page(it.ledger, it.number("offset"))
    return partial(members.members_shown, page, it.words)


async def _removal(it: Delivery) -> Render:
    member = await it.ledger.team.get(PersonId(it.number("person")))
    return partial(members.removal_asked, member, it.words)


async def _ended(it: Delivery) -> Render:
    return partial(members.membership_ended, await it.ledger.team.get(it.reader.id), it.words)


TEAMS: dict[str, Loader] = {
    "members_shown": _members,
    "removal_asked": _removal,
    "membership_ended": _ended,
}
