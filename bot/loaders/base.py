"""One row on its way: what a loader has to read the facts by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.views.message import Call, Message, Upload
from bot.views.words import Words
from jobs.policy import Policy
from storage.ledger import Ledger
from storage.model import InviteId, OutboxMessage, Person

Render = Callable[[], Message | Call | Upload]


@dataclass(frozen=True, slots=True)
class Deps:
    """What rendering needs to know of the desk. `invite_link` makes an invite's address from its id and creation."""

    policy: Policy
    default_language: str
    default_zone: str
    bot_username: str
    invite_link: Callable[[InviteId, datetime], str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row on its way, with who reads it (None for groups and channels) and in which words."""

    ledger: Ledger
    row: OutboxMessage
    deps: Deps
    now: datetime
    person: Person | None
    words: Words

    def number(self, name: str) -> int:
        """Return a number of the payload."""
        return int(self.row.payload[name])

    @property
    def reader(self) -> Person:
        """The person; kinds that are about their reader go to private chats only."""
        if self.person is None:
            raise ValueError(f"{self.row.kind} is for a person, chat {self.row.chat_id} is none")
        return self.person


Loader = Callable[[Delivery], Awaitable[Render]]
