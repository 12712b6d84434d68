"""Groups and channels, as SQL."""

from __future__ import annotations

from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import ChatKind
from storage.model import Chat, ChatId, PersonId
from storage.rows import Columns, instant

_CHAT = Columns(Chat)


class Chats:
    """SQL on `chats`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, chat_id: ChatId) -> Chat | None:
        """Return a group or channel, if known."""
        return _CHAT.maybe(
            await self._session.fetch_one(f"SELECT {_CHAT.sql} FROM chats WHERE id = :id", {"id": chat_id})
        )

    async def get(self, chat_id: ChatId) -> Chat:
        """Return a group or channel; NotFound if unknown."""
        chat = await self.find(chat_id)
        if chat is None:
            raise NotFound("chat_not_found", chat=chat_id)
        return chat

    async def meet(
        self,
        chat_id: ChatId,
        kind: ChatKind,
        title: str,
        now: datetime,
        *,
        username: str | None = None,
        present: bool = True,
        added_by: PersonId | None = None,
    ) -> Chat:
        """Return a group or channel, added or brought up to date. A chat the desk left publishes no longer."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO chats (id, kind, title, username, present, added_by, added_at)
            VALUES (:id, :kind, :title, :username, :present, :added_by, :now)
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, present = excluded.present,
              username = excluded.username,
              publishes = CASE WHEN excluded.present = 1 THEN chats.publishes ELSE 0 END,
              added_by = coalesce(excluded.added_by, chats.added_by)
            RETURNING {_CHAT.sql}
            """,
            {
                "id": chat_id,
                "kind": kind,
                "title": title,
                "username": username,
                "present": int(present),
                "added_by": added_by,
                "now": instant(now),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING after an upsert
        return _CHAT.record(row)

    async def follow(self, chat_id: ChatId, title: str, username: str | None) -> None:
        """Keep up with what a chat is called, if it is known; Telegram tells nobody when that changes."""
        await self._session.execute(
            """
            UPDATE chats SET title = :title, username = :username
            WHERE id = :id AND (title <> :title OR username IS NOT :username)
            """,
            {"id": chat_id, "title": title, "username": username},
        )

    async def mark(
        self,
        chat_id: ChatId,
        *,
        publishes: bool | None = None,
        is_team: bool | None = None,
        language: str | None = None,
        present: bool | None = None,
    ) -> None:
        """Change what is given, leave the rest."""
        changed = await self._session.execute(
            """
            UPDATE chats SET publishes = coalesce(:publishes, publishes), is_team = coalesce(:is_team, is_team),
              language = coalesce(:language, language), present = coalesce(:present, present)
            WHERE id = :id
            """,
            {
                "id": chat_id,
                "publishes": None if publishes is None else int(publishes),
                "is_team": None if is_team is None else int(is_team),
                "language": language,
                "present": None if present is None else int(present),
            },
        )
        if changed != 1:
            raise NotFound("chat_not_found", chat=chat_id)

    async def list_publishing(self) -> list[Chat]:
        """Return the chats that get verdicts."""
        return _CHAT.records(
            await self._session.fetch_all(
                f"SELECT {_CHAT.sql} FROM chats WHERE publishes = 1 AND present = 1 ORDER BY id"
            )
        )

    async def list_channels(self) -> list[Chat]:
        """Return the channels the desk can post to."""
        return _CHAT.records(
            await self._session.fetch_all(
                f"SELECT {_CHAT.sql} FROM chats WHERE kind = 'channel' AND present = 1 ORDER BY title, id"
            )
        )

    async def move(self, old: ChatId, new: ChatId, now: datetime) -> None:
        """Follow a group that became a supergroup: its row, rooms, subscriptions and what is still to be sent.

        Message ids do not carry over, so cards in the old chat are forgotten and will be sent anew.
        """
        both = {"old": old, "new": new, "now": instant(now)}
        await self._session.execute(
            """
            INSERT INTO chats (id, kind, title, language, is_team, publishes, present, added_by, added_at)
            SELECT :new, 'supergroup', title, language, is_team, publishes, 1, added_by, :now FROM chats WHERE id = :old
            ON CONFLICT (id) DO UPDATE SET present = 1, language = coalesce(chats.language, excluded.language),
              is_team = CASE WHEN excluded.is_team = 1 THEN 1 ELSE chats.is_team END,
              publishes = CASE WHEN excluded.publishes = 1 THEN 1 ELSE chats.publishes END
            """,
            both,
        )
        await self._session.execute("UPDATE chats SET present = 0, publishes = 0 WHERE id = :old", both)
        await self._session.execute("UPDATE rooms SET chat_id = :new WHERE chat_id = :old", both)
        await self._session.execute(
            """
            UPDATE subscriptions SET active = 0 WHERE chat_id = :old AND active = 1 AND EXISTS (
              SELECT 1 FROM subscriptions s
              WHERE s.chat_id = :new AND s.active = 1 AND s.thread_id IS subscriptions.thread_id
                AND (s.cadence, s.zone) = (subscriptions.cadence, subscriptions.zone) AND s.day IS subscriptions.day
                AND s.local_minute IS subscriptions.local_minute AND s.cron IS subscriptions.cron)
            """,
            both,
        )
        await self._session.execute("UPDATE subscriptions SET chat_id = :new WHERE chat_id = :old AND active = 1", both)
        await self._session.execute(
            """
            UPDATE outbox SET state = 'superseded', ended_at = :now
            WHERE chat_id = :old AND state = 'queued' AND card IS NOT NULL AND EXISTS (
              SELECT 1 FROM outbox o WHERE o.chat_id = :new AND o.card = outbox.card AND o.state = 'queued')
            """,
            both,
        )
        await self._session.execute(
            "UPDATE outbox SET chat_id = :new, reply_to = NULL WHERE chat_id = :old AND state IN ('queued', 'sending')",
            both,
        )
