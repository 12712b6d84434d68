"""The cards in the team's rooms: one for each claim, changed in place whenever what it shows has changed."""

from __future__ import annotations

from datetime import datetime

from storage.kinds import ClaimState, Role, RoomKind
from storage.ledger import Ledger
from storage.model import AssignmentId, ChatId, Claim, ClaimId
from storage.practice import is_practice
from storage.rooms import Room


async def refresh(ledger: Ledger, claim_id: ClaimId, now: datetime) -> None:
    """Bring the cards of a claim up to date in the rooms that have one; a new dispute gets its card.

    It costs one short question where there is no room, so whoever changes a claim's work may ask for it.
    """
    if is_practice(claim_id):
        return
    for room in await ledger.rooms.list_all():
        claim = await ledger.claims.get(claim_id)
        shown = await ledger.rooms.find_shown(room.kind, claim_id)
        is_new = shown is None and room.kind is RoomKind.DISPUTES and claim.state is ClaimState.DISPUTED
        if shown is not None or is_new:
            await show(ledger, room, claim, now)


async def begin_anew(ledger: Ledger, claim_id: ClaimId) -> None:
    """Leave the cards of a claim that begins anew where they are: a change of them, far up the chat, makes no sound."""
    for room in await ledger.rooms.list_all():
        await ledger.outbox.forget_card(room.chat_id, f"{room.kind}:{claim_id}")
    await ledger.rooms.forget_shown(claim_id)
    for editor in await ledger.people.list_with_role(Role.EDITOR, reachable=False):
        await ledger.outbox.forget_card(ChatId(editor.telegram_id), f"decision:{claim_id}")


async def refresh_work(ledger: Ledger, assignment_id: AssignmentId, now: datetime) -> None:
    """Bring the cards of the claim of an offer or lease up to date in the rooms that have one."""
    if await ledger.rooms.list_all():
        await refresh(ledger, (await ledger.assignments.get(assignment_id)).claim_id, now)


async def show(ledger: Ledger, room: Room, claim: Claim, now: datetime) -> bool:
    """Post the card of a claim in a room, or change it; False if it shows everything already."""
    standing = await ledger.rooms.standing(claim)
    # A room that moved to another chat begins anew there, whatever the old one showed.
    mark = f"{room.chat_id}|{claim.revision}|{standing.mark}"
    if await ledger.rooms.find_shown(room.kind, claim.id) == mark:
        return False
    await ledger.rooms.mark_shown(room.kind, claim.id, mark)
    chat, about, card = room.chat_id, {"claim": claim.id}, f"{room.kind}:{claim.id}"
    if room.kind is RoomKind.DISPUTES:
        await ledger.outbox.enqueue(chat, "decision_due", about, now, thread_id=room.thread_id, card=card)
    else:
        await ledger.outbox.enqueue(chat, "room_claim", about, now, thread_id=room.thread_id, card=card)
    return True
