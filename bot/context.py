"""What a handler works with: the open transaction, the person, the time, the policy; and what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.config import Settings
from jobs.policy import Policy
from storage.errors import Refused
from storage.ledger import Ledger
from storage.model import ChatId, Person


@dataclass(frozen=True, slots=True)
class Toast:
    """What a button's presser sees at once: a code of bot/views/notices.py; `alert` stays until dismissed."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)
    alert: bool = False


@dataclass(slots=True)
class Work:
    """One update's share of the batch."""

    ledger: Ledger
    now: datetime
    policy: Policy
    settings: Settings
    person: Person | None
    toast: Toast | None = None


class DeskContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """python-telegram-bot's context with the desk's `work` in it. Its dicts stay empty: state lives in rows."""

    work: Work

    @property
    def ledger(self) -> Ledger:
        """The open transaction."""
        return self.work.ledger

    @property
    def person(self) -> Person:
        """Who sent the update.

        Raises:
            Refused: `anonymous_sender`. A group's admin who hides behind the group's name is nobody to the desk.
        """
        if self.work.person is None:
            raise Refused("anonymous_sender")
        return self.work.person

    async def reply(self, chat_id: int, kind: str, *, thread_id: int | None = None, **payload: Any) -> None:
        """Answer in the chat where the question was asked; in a private chat in the person's language.

        In a group there may be nobody to answer but the group itself: an anonymous admin asks for it.
        """
        person = self.work.person
        private = person is not None and chat_id == person.telegram_id
        await self.ledger.outbox.enqueue(
            ChatId(chat_id),
            kind,
            payload,
            self.work.now,
            person_id=person.id if person is not None and private else None,
            thread_id=thread_id,
        )


DeskApplication = Application[ExtBot[None], DeskContext, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]
