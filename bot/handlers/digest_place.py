"""Of which chat and topic a digest is that somebody means, by number or by button."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press
from bot.context import DeskContext
from bot.handlers.pressing import place_of, thread_of
from jobs.channels import open_channel
from jobs.subscriptions import of_chat
from storage.errors import Refused, Stale
from storage.model import ChatId, SubscriptionId


async def pressed_one(update: Update, context: DeskContext, pressed: Press) -> SubscriptionId:
    """Return the digest that a button is about, of the chat in which it was pressed or of a channel; else Stale.

    In a channel nobody can say anything, so editors set its digests from elsewhere.
    """
    subscription = SubscriptionId(pressed.number(0))
    known = await context.ledger.subscriptions.get(subscription)
    if known.active and await open_channel(context.ledger, context.person, known.chat_id) is not None:
        return subscription
    active = await of_chat(context.ledger, context.person, place_of(update)[0], thread_of(update))
    if subscription not in {each.id for each in active}:
        raise Stale("digest_ended")
    return subscription


async def pressed_chat(update: Update, context: DeskContext, pressed: Press, index: int) -> tuple[ChatId, int | None]:
    """Return the channel that a button names, or else the chat and topic in which it was pressed."""
    if index >= len(pressed.args):
        return place_of(update)[0], thread_of(update)
    channel = await open_channel(context.ledger, context.person, ChatId(pressed.number(index)))
    if channel is None or not channel.present:
        raise Stale("button_unknown")
    return channel.id, None


async def numbered(context: DeskContext, chat: ChatId, thread: int | None, number: int) -> SubscriptionId:
    """Return a chat's digest by the number that the list shows; Refused `digest_number_unknown`, `digest_none`."""
    active = await of_chat(context.ledger, context.person, chat, thread)
    if not 1 <= number <= len(active):
        raise Refused("digest_number_unknown")
    return active[number - 1].id
