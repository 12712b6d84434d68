"""The team's rooms: a group or topic where claims are taken by tapping, and one where editors see disputes.

A card in the review room names who has the claim and who is done, never a rating. Taking there is the same as taking an
offer: the work itself goes on in the private chat.
"""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.bars import Bar, bars
from jobs.consensus import Open
from jobs.dispatch import by_priority, judgement_of, places
from jobs.lifecycle import REVIEWABLE_STATES
from jobs.lookup import find_claim
from jobs.notify import show_work, tell_editors
from jobs.policy import Policy
from jobs.review import check_free, take
from jobs.room_cards import refresh, show
from storage.errors import Refused, Stale
from storage.kinds import AssignmentState, ClaimState, Role, RoomKind
from storage.ledger import Ledger
from storage.model import Assignment, Chat, ChatId, Claim, ClaimId, Person
from storage.rooms import Room


async def set_room(
    ledger: Ledger, editor: Person, chat: Chat, thread_id: int | None, kind: RoomKind, now: datetime, policy: Policy
) -> None:
    """Make a group or topic a room of the team, instead of the one that was; what waits is posted there.

    Raises:
        NotAllowed: `role_needed`. Refused: `room_is_here`.
    """
    require(editor, Role.EDITOR)
    known = await ledger.rooms.find(kind)
    if known is not None and (known.chat_id, known.thread_id) == (chat.id, thread_id):
        raise Refused("room_is_here")
    if known is not None:
        await ledger.outbox.enqueue(known.chat_id, "notice", {"code": "room_off"}, now, thread_id=known.thread_id)
        await _end_cards(ledger, known, now)
    await ledger.rooms.put(kind, chat.id, thread_id, now, by=editor.id)
    await ledger.chats.mark(chat.id, is_team=True)
    data = {"kind": kind, "thread": thread_id}
    await ledger.audit.append("room.set", "chat", chat.id, now, actor=editor.id, data=data)
    code = "room_review_here" if kind is RoomKind.REVIEW else "room_disputes_here"
    await ledger.outbox.enqueue(chat.id, "notice", {"code": code}, now, thread_id=thread_id)
    await fill(ledger, now, policy)


async def end_room(ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime) -> None:
    """Let a group or topic be no room of the team any more.

    Raises:
        NotAllowed: `role_needed`. Refused: `room_none`.
    """
    require(editor, Role.EDITOR)
    here = [each for each in await ledger.rooms.list_all() if (each.chat_id, each.thread_id) == (chat_id, thread_id)]
    if not here:
        raise Refused("room_none")
    for room in here:
        await _end_cards(ledger, room, now)
        await ledger.rooms.end(room.kind)
        data = {"kind": room.kind}
        await ledger.audit.append("room.ended", "chat", chat_id, now, actor=editor.id, data=data)
    await ledger.outbox.enqueue(chat_id, "notice", {"code": "room_off"}, now, thread_id=thread_id)


async def _end_cards(ledger: Ledger, room: Room, now: datetime) -> None:
    """Say on every card whose claim is still at work that it is not taken or decided there any more."""
    for claim_id, card in await ledger.rooms.set_aside(room, tuple(REVIEWABLE_STATES | {ClaimState.DISPUTED})):
        if await ledger.outbox.find_card(room.chat_id, card) is not None:
            about = {"claim": claim_id}
            await ledger.outbox.enqueue(room.chat_id, "room_card_over", about, now, thread_id=room.thread_id, card=card)


async def lose_rooms(ledger: Ledger, chat_id: ChatId, title: str, now: datetime) -> None:
    """Note that the desk is no longer in a chat: its rooms end, and the editors are told."""
    for room in await ledger.rooms.list_all():
        if room.chat_id == chat_id:
            await ledger.rooms.end(room.kind)
            await ledger.audit.append("room.ended", "chat", chat_id, now, data={"kind": room.kind})
            await tell_editors(ledger, "notice", now, code="room_lost", title=title)


async def fill(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Post the cards that the rooms lack; returns how many were posted or changed.

    The review room shows at most `policy.room_cards` claims that somebody could take, the most urgent first: a long
    article shall not bury the group.
    """
    done = 0
    for room in await ledger.rooms.list_all():
        work = _fill_disputes if room.kind is RoomKind.DISPUTES else _fill_review
        done += await work(ledger, room, now, policy)
    return done


async def _fill_disputes(ledger: Ledger, room: Room, now: datetime, policy: Policy) -> int:
    done = 0
    for claim in await ledger.claims.list_in((ClaimState.DISPUTED,)):
        done += await show(ledger, room, claim, now)
    return done


async def _fill_review(ledger: Ledger, room: Room, now: datetime, policy: Policy) -> int:
    done, open_cards = 0, 0
    shown = await ledger.rooms.list_waiting(room.kind, tuple(REVIEWABLE_STATES))
    for claim_id in shown:
        claim = await ledger.claims.get(claim_id)
        open_cards += await places(ledger, claim, policy) > 0
        done += await show(ledger, room, claim, now)
    if open_cards >= policy.room_cards:
        # Looked at first, because it is cheap: the queue, which can be long, need not be read.
        return done
    async for line in by_priority(ledger, REVIEWABLE_STATES, now, policy):
        if line.claim.id in shown or await places(ledger, line.claim, policy) < 1:
            continue
        done += await show(ledger, room, line.claim, now)
        open_cards += 1
        if open_cards >= policy.room_cards:
            break
    return done


async def take_claim(
    ledger: Ledger, person: Person, claim_id: ClaimId, chat_id: ChatId, now: datetime, policy: Policy
) -> None:
    """Take a claim by its card in the review room, or in a daily summary.

    The button names no revision: each place is looked at when it is taken, so of two who tap at once both get one if
    there are two.

    Args:
        chat_id: where the button was pressed.

    Raises:
        NotAllowed: `role_needed`, `suspended_now`. Stale: `room_closed`, `room_full`, `already_taken`.
        Refused: `start_in_private`, `own_claim`, `review_submitted`, `room_recused`, `room_only_editor`,
            `room_saw`, `at_capacity`.
    """
    require(person, Role.REVIEWER)
    room = await ledger.rooms.find(RoomKind.REVIEW)
    if chat_id != person.telegram_id and (room is None or room.chat_id != chat_id):
        raise Stale("room_closed")
    if not person.reachable:
        raise Refused("start_in_private")
    claim = await find_claim(ledger, claim_id)
    history = await ledger.assignments.list_for_claim(claim.id)
    mine = next((each for each in history if each.person_id == person.id and each.ended_at is None), None)
    if mine is not None and mine.state is AssignmentState.TAKEN:
        raise Stale("already_taken", claim=claim.id)
    await _check_may_take(ledger, person, claim, history, policy)
    if mine is None or mine.expires_at <= now:
        mine = await _offer(ledger, person, claim, history, now, policy)
    await take(ledger, person, mine.id, now, policy)
    await refresh(ledger, claim.id, now)


_REFUSED = {
    Bar.ONLY_EDITOR: "room_only_editor",
    Bar.SAW: "room_saw",
    Bar.OWN: "own_claim",
    Bar.RECUSED: "room_recused",
    Bar.REVIEWED: "review_submitted",
}


async def _check_may_take(
    ledger: Ledger, person: Person, claim: Claim, history: list[Assignment], policy: Policy
) -> None:
    if await places(ledger, claim, policy) < 1:
        raise Stale("room_full", claim=claim.id)
    bar = (await bars(ledger, claim, history, policy)).get(person.id)
    if bar is not None:
        raise Refused(_REFUSED[bar], claim=claim.id)
    await check_free(ledger, person, claim, policy)


async def _offer(
    ledger: Ledger, person: Person, claim: Claim, history: list[Assignment], now: datetime, policy: Policy
) -> Assignment:
    """Make the offer that the tap takes. If every place is offered, the oldest unanswered offer gives way."""
    judgement = await judgement_of(ledger, claim.id, policy)
    live = [each for each in history if each.ended_at is None]
    waiting = [each for each in live if each.state is AssignmentState.OFFERED]
    needed = judgement.needed if isinstance(judgement, Open) else 0
    own = [each for each in waiting if each.person_id == person.id]
    for each in own or (waiting[:1] if len(live) >= needed else []):
        await ledger.assignments.mark_ended(each.id, AssignmentState.WITHDRAWN, now)
        data = {"assignment": each.id}
        await ledger.audit.append("assignment.withdrawn", "claim", claim.id, now, actor=person.id, data=data)
        await show_work(ledger, await ledger.people.get(each.person_id), each.id, now)
    made = await ledger.assignments.add_offer(claim.id, person.id, now, now + policy.offer_lasts)
    offered: dict[str, int] = {"assignment": made.id, "to": person.id}
    await ledger.audit.append("assignment.offered", "claim", claim.id, now, actor=person.id, data=offered)
    return made
