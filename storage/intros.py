"""Who was asked for the first words of a digest, as SQL. A person is asked for one text at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.model import ChatId, PersonId, SubscriptionId
from storage.rows import Columns, instant


@dataclass(frozen=True, slots=True)
class IntroAsked:
    """An editor's next text in a chat, in a group a reply to `message_id`, is the intro of a digest."""

    person_id: PersonId
    subscription_id: SubscriptionId
    chat_id: ChatId
    thread_id: int | None
    message_id: int
    since: datetime


_ASKED = Columns(IntroAsked)


class Intros:
    """SQL on `intros_asked`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, person_id: PersonId) -> IntroAsked | None:
        """Return what a person was asked for."""
        return _ASKED.maybe(
            await self._session.fetch_one(
                f"SELECT {_ASKED.sql} FROM intros_asked WHERE person_id = :person_id", {"person_id": person_id}
            )
        )

    async def ask(self, asked: IntroAsked) -> None:
        """Note that a person is asked for a digest's intro, and no longer for another's."""
        await self._session.execute(
            """
            INSERT INTO intros_asked (person_id, subscription_id, chat_id, thread_id, message_id, since)
            VALUES (:person_id, :subscription_id, :chat_id, :thread_id, :message_id, :since)
            ON CONFLICT (person_id) DO UPDATE SET subscription_id = excluded.subscription_id,
              chat_id = excluded.chat_id, thread_id = excluded.thread_id, message_id = excluded.message_id,
              since = excluded.since
            """,
            {**asdict(asked), "since": instant(asked.since)},
        )

    async def end(self, person_id: PersonId) -> bool:
        """Ask no longer; False if the person was not asked."""
        return (await self._session.execute("DELETE FROM intros_asked WHERE person_id = :id", {"id": person_id})) > 0
