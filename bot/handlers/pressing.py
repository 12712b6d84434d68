"""Reading the parts of a press that several handlers of buttons need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Update

from bot.callbacks import Press
from bot.context import DeskContext
from storage.errors import Stale
from storage.model import ChatId

T = TypeVar("T")

OnPress = Callable[[Update, DeskContext, Press], Awaitable[str | None]]
"""Does what a button asks; returns the code of what the presser sees, None for nothing."""


def member(kind: Callable[[str], T], word: str) -> T:
    """Return the member of an enum that a button names; Stale if there is none."""
    try:
        return kind(word)
    except ValueError:
        raise Stale("button_unknown") from None


def place_of(update: Update) -> tuple[ChatId, int]:
    """Return the chat and the message that carried the button."""
    query = update.callback_query
    if query is None or query.message is None:
        raise Stale("button_unknown")
    return ChatId(query.message.chat.id), query.message.message_id


def thread_of(update: Update) -> int | None:
    """Return the forum topic of the card (`gateway` keeps it beside the message)."""
    query = update.callback_query
    thread = None if query is None or query.message is None else query.message.api_kwargs.get("thread")
    return thread if isinstance(thread, int) else None


async def edit(update: Update, context: DeskContext, kind: str, **payload: object) -> None:
    """Show something else in the message that carried the button; in a group in the group's language."""
    chat, message = place_of(update)
    await context.ledger.outbox.enqueue(
        chat,
        kind,
        payload,
        context.work.now,
        person_id=context.person.id if chat == context.person.telegram_id else None,
        card=f"message:{message}",
    )
