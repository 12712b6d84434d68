"""Asking an editor for the first words of a digest: their next text is the answer, in a group if it is a reply.

A step of a review that they are at waits meanwhile; going on with that is an end of this.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.access import require
from jobs.digest_wishes import set_intro
from jobs.notify import tell
from storage.errors import Refused, Stale
from storage.intros import IntroAsked
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import ChatId, Person, SubscriptionId


async def ask_intro(
    ledger: Ledger,
    editor: Person,
    subscription_id: SubscriptionId,
    place: tuple[ChatId, int],
    thread_id: int | None,
    now: datetime,
) -> None:
    """Ask an editor for the intro of a digest.

    Args:
        place: the chat, and the message that asks.

    Raises:
        NotAllowed: `role_needed`. Stale: `digest_ended`.
    """
    require(editor, Role.EDITOR)
    if not (await ledger.subscriptions.get(subscription_id)).active:
        raise Stale("digest_ended")
    chat_id, message_id = place
    await ledger.intros.ask(IntroAsked(editor.id, subscription_id, chat_id, thread_id, message_id, now))


async def take_intro(
    ledger: Ledger,
    person: Person,
    chat_id: ChatId,
    text: str,
    now: datetime,
    within: timedelta,
    *,
    forwarded: bool = False,
    reply_to: int | None = None,
) -> bool:
    """Take a text as the intro that was asked for; False if this person was asked for none in this chat, or long ago.

    Args:
        within: how long after the question a text is the answer.
        reply_to: the message that is replied to, which must be the one that asked; None where every text counts.

    Raises:
        Refused: `digest_intro_too_long`, or `intro_waiting` for a forward; the question stands.
    """
    asked = await ledger.intros.find(person.id)
    if asked is None or asked.chat_id != chat_id:
        return False
    # A card that could not be edited was sent anew.
    if reply_to not in (None, asked.message_id, await ledger.outbox.find_card(chat_id, f"message:{asked.message_id}")):
        return False
    if now - asked.since > within or not person.role.covers(Role.EDITOR):
        await ledger.intros.end(person.id)
        return False
    if not (await ledger.subscriptions.get(asked.subscription_id)).active:
        # Not raised: that would leave the question standing for every text that follows.
        await ledger.intros.end(person.id)
        await tell(ledger, person, "notice", now, code="digest_ended")
        return True
    if forwarded:
        raise Refused("intro_waiting")
    await set_intro(ledger, person, asked.subscription_id, text, now)
    await ledger.intros.end(person.id)
    await ledger.outbox.enqueue(
        chat_id,
        "digest_intro",
        {"subscription": asked.subscription_id},
        now,
        person_id=person.id if chat_id == person.telegram_id else None,
        thread_id=asked.thread_id,
    )
    return True
