"""The team: its list, what becomes of its members, and the cards in its rooms."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import members, rooms
from jobs.dispatch import places
from jobs.lookup import members_page
from storage.errors import NotFound
from storage.model import ClaimId, PersonId


async def _members(it: Delivery) -> Render:
    page = await members_page(it.ledger, it.number("offset"))
    return partial(members.members_shown, page, it.words)


async def _removal(it: Delivery) -> Render:
    member = await it.ledger.team.get(PersonId(it.number("person")))
    return partial(members.removal_asked, member, it.words)


async def _ended(it: Delivery) -> Render:
    return partial(members.membership_ended, await it.ledger.team.get(it.reader.id), it.words)


async def _room_claim(it: Delivery) -> Render:
    claim_id = ClaimId(it.number("claim"))
    card = await it.ledger.rooms.card(claim_id)
    if card is None:
        raise NotFound("claim_not_found", claim=claim_id)
    free = await places(it.ledger, card.claim, it.deps.policy)
    return partial(rooms.room_claim, card, free, it.words)


async def _room_card_over(it: Delivery) -> Render:
    return partial(rooms.room_card_over, await it.ledger.claims.get(ClaimId(it.number("claim"))), it.words)


async def _rooms(it: Delivery) -> Render:
    found = [(room, await it.ledger.chats.get(room.chat_id)) for room in await it.ledger.rooms.list_all()]
    return partial(rooms.rooms_shown, found, it.words)


TEAMS: dict[str, Loader] = {
    "members_shown": _members,
    "room_claim": _room_claim,
    "room_card_over": _room_card_over,
    "rooms_shown": _rooms,
    "removal_asked": _removal,
    "membership_ended": _ended,
}
