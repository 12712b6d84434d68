"""Telling people, by rows of the outbox. The words are chosen at delivery (bot/views)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.policy import Policy
from jobs.room_cards import refresh_work
from jobs.wishes import subject_of, wake_at
from storage.kinds import Manner, Role
from storage.ledger import Ledger
from storage.model import AssignmentId, ChatId, ClaimId, Person


async def put(
    ledger: Ledger,
    person: Person,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    card: str | None = None,
    dedup_key: str | None = None,
    not_before: datetime | None = None,
    whatever: bool = False,
) -> None:
    """Put a message into a person's private chat, in the manner and at the time that they wish.

    What answers something they just did comes at once, and so does the change of a card that they have: it makes no
    sound. The rest waits for the end of their quiet hours, or for their daily summary, or is not told at all.
    Nothing comes before `not_before`: what it tells may still be taken back. With `whatever` the manner that they wish
    does not count, their quiet hours do.
    """
    chat, due_at = private_chat(person), now
    if ledger.speaker != person.id and (card is None or await ledger.outbox.find_card(chat, card) is None):
        subject = None if whatever else subject_of(kind, payload)
        manner = Manner.AT_ONCE if subject is None else await ledger.wishes.find(person.id, subject)
        if manner is not Manner.AT_ONCE:
            if manner is Manner.DAILY and card is None:
                # What has a card is looked up when the summary is made: it may be settled by then.
                await ledger.wishes.add_news(person.id, kind, payload, now, key=dedup_key)
            return
        due_at = wake_at(person, now)
    if not_before is not None:
        due_at = max(due_at, not_before)
    await ledger.outbox.enqueue(
        chat, kind, payload, now, person_id=person.id, due_at=due_at, card=card, dedup_key=dedup_key
    )


async def tell(ledger: Ledger, person: Person, kind: str, now: datetime, /, **payload: Any) -> None:
    """Tell one person something in their private chat. Nothing is put for somebody who cannot be reached."""
    if person.reachable:
        await put(ledger, person, kind, payload, now)


async def wake_up(ledger: Ledger, before: Person, now: datetime, policy: Policy) -> None:
    """Let what waits for the end of somebody's quiet hours come when they end now, after these were changed.

    Args:
        before: the person with the quiet hours and zone that they had.
    """
    waiting_for, until = wake_at(before, now), wake_at(await ledger.people.get(before.id), now)
    if waiting_for not in (now, until):
        held = policy.undo_within
        await ledger.wishes.move_waiting(private_chat(before), waiting_for, until, now - held, now + held)


async def tell_editors(ledger: Ledger, kind: str, now: datetime, /, **payload: Any) -> None:
    """Tell every editor and admin something."""
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        await tell(ledger, editor, kind, now, **payload)


async def tell_editors_once(ledger: Ledger, key: str, code: str, claim_id: ClaimId, now: datetime) -> None:
    """Tell every editor and admin something about a claim (a code of `notices`); under one key only once, ever."""
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        payload = {"code": code, "claim": claim_id}
        await put(ledger, editor, "notice", payload, now, dedup_key=f"{key}:{editor.id}")


async def show_work(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, now: datetime, *, fresh: bool = False
) -> None:
    """Bring the card of an assignment up to date; `fresh` sends it anew at the end of the chat."""
    await refresh_work(ledger, assignment_id, now)
    if not person.reachable:
        return
    payload: dict[str, Any] = {"assignment": assignment_id}
    if fresh:
        payload["fresh"] = True
    await put(ledger, person, "work_changed", payload, now, card=f"work:{assignment_id}")


async def show_decision_to(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Send an editor the card of a claim that waits for a decision, anew at the end of the chat.

    For those who did not get it: they became editors later, or could not be reached when it went out.
    """
    chat, card = private_chat(editor), f"decision:{claim_id}"
    await ledger.outbox.forget_card(chat, card)
    await put(ledger, editor, "decision_due", {"claim": claim_id}, now, card=card)


async def show_decision(ledger: Ledger, claim_id: ClaimId, now: datetime, *, only_shown: bool = False) -> None:
    """Bring the editors' card of a claim up to date; `only_shown` leaves out those who never got it."""
    card = f"decision:{claim_id}"
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        chat = private_chat(editor)
        if only_shown and not await ledger.outbox.shows(chat, card):
            continue
        await put(ledger, editor, "decision_due", {"claim": claim_id}, now, card=card)


async def show_correction(
    ledger: Ledger, editor: Person, correction_id: int, now: datetime, *, fresh: bool = False
) -> None:
    """Bring an editor's card of a correction up to date; `fresh` sends it anew at the end of the chat."""
    chat, card = private_chat(editor), f"correction:{correction_id}"
    if fresh:
        await ledger.outbox.forget_card(chat, card)
    if editor.reachable:
        await put(ledger, editor, "correction_shown", {"correction": correction_id}, now, card=card)


async def show_objection(
    ledger: Ledger, editor: Person, objection_id: int, now: datetime, *, fresh: bool = False
) -> None:
    """Bring an editor's card of new evidence up to date; `fresh` sends it anew at the end of the chat."""
    card = f"objection:{objection_id}"
    if fresh:
        await ledger.outbox.forget_card(private_chat(editor), card)
    if editor.reachable:
        await put(ledger, editor, "evidence_due", {"objection": objection_id}, now, card=card)


def private_chat(person: Person) -> ChatId:
    """Return the private chat with a person: in Telegram it has the person's own id."""
    return ChatId(person.telegram_id)
