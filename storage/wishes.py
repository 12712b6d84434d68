"""How people want to be told, as SQL: their choices, quiet hours, and what waits for a daily summary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import Manner, Subject
from storage.model import ChatId, Person, PersonId
from storage.rows import Columns, instant, to_json

_PERSON = Columns(Person)


@dataclass(frozen=True, slots=True)
class SummaryNews:
    """Something that waits to be told in a daily summary, or was."""

    id: int
    kind: str
    payload: dict[str, Any]
    put_at: datetime


class Wishes:
    """SQL on `wishes`, `news`, and the columns of `people` about when they are told something."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_of(self, person_id: PersonId) -> dict[Subject, Manner]:
        """Return how a person wants to be told about each subject; at once, unless they chose otherwise."""
        rows = await self._session.fetch_all(
            "SELECT subject, manner FROM wishes WHERE person_id = :person_id", {"person_id": person_id}
        )
        return dict.fromkeys(Subject, Manner.AT_ONCE) | {Subject(subject): Manner(manner) for subject, manner in rows}

    async def find(self, person_id: PersonId, subject: Subject) -> Manner:
        """Return how a person wants to be told about one subject."""
        row = await self._session.fetch_one(
            "SELECT manner FROM wishes WHERE person_id = :person_id AND subject = :subject",
            {"person_id": person_id, "subject": subject},
        )
        return Manner.AT_ONCE if row is None else Manner(row[0])

    async def mark(self, person_id: PersonId, subject: Subject, manner: Manner) -> None:
        """Keep how a person wants to be told about a subject."""
        await self._session.execute(
            """
            INSERT INTO wishes (person_id, subject, manner) VALUES (:person_id, :subject, :manner)
            ON CONFLICT (person_id, subject) DO UPDATE SET manner = excluded.manner
            """,
            {"person_id": person_id, "subject": subject, "manner": manner},
        )

    async def mark_quiet(self, person_id: PersonId, start: int | None, end: int | None) -> None:
        """Keep a person's quiet hours, minutes since midnight; None for none."""
        await self._change(
            "UPDATE people SET quiet_from = :start, quiet_until = :end WHERE id = :id",
            {"id": person_id, "start": start, "end": end},
        )

    async def mark_zone(self, person_id: PersonId, zone: str) -> None:
        """Keep the zone whose clocks a person goes by."""
        await self._change("UPDATE people SET zone = :zone WHERE id = :id", {"id": person_id, "zone": zone})

    async def move_waiting(
        self, chat_id: ChatId, waiting_for: datetime, until: datetime, held_since: datetime, held_until: datetime
    ) -> int:
        """Let what waits in a chat for one instant come at another one; returns how many messages that are.

        Args:
            waiting_for: when the quiet hours would have ended, and `until`, when they end now.
            held_since: what was put later may be news that can still be taken back; it does not come before
                `held_until`.
        """
        return await self._session.execute(
            """
            UPDATE outbox SET due_at = CASE
              WHEN dedup_key IS NOT NULL AND created_at > :held_since THEN max(:until, :held_until) ELSE :until END
            WHERE chat_id = :chat_id AND state = 'queued' AND due_at = :waiting_for
            """,
            {
                "chat_id": chat_id,
                "waiting_for": instant(waiting_for),
                "until": instant(until),
                "held_since": instant(held_since),
                "held_until": instant(held_until),
            },
        )

    async def mark_summary(self, person_id: PersonId, at: datetime | None) -> None:
        """Keep when a person's next daily summary is due; None if they want none."""
        await self._change(
            "UPDATE people SET summary_at = :at WHERE id = :id",
            {"id": person_id, "at": None if at is None else instant(at)},
        )

    async def _change(self, sql: str, params: dict[str, Any]) -> None:
        if await self._session.execute(sql, params) != 1:
            raise NotFound("person_not_found", person=params["id"])

    async def list_due(self, now: datetime) -> list[Person]:
        """Return those whose daily summary is due, the longest overdue first."""
        return _PERSON.records(
            await self._session.fetch_all(
                f"SELECT {_PERSON.sql} FROM people WHERE summary_at <= :now ORDER BY summary_at, id",
                {"now": instant(now)},
            )
        )

    async def add_news(
        self, person_id: PersonId, kind: str, payload: dict[str, Any], now: datetime, *, key: str | None
    ) -> None:
        """Put something into a person's next summary. The same key is put only once, ever."""
        await self._session.execute(
            """
            INSERT INTO summary_news (person_id, kind, payload, key, put_at)
            VALUES (:person_id, :kind, :payload, :key, :now)
            ON CONFLICT (person_id, key) WHERE key IS NOT NULL DO NOTHING
            """,
            {
                "person_id": person_id,
                "kind": kind,
                "payload": to_json(payload),
                "key": key,
                "now": instant(now),
            },
        )

    async def list_untold(self, person_id: PersonId) -> list[SummaryNews]:
        """Return what waits for a person's summary, oldest first."""
        rows = await self._session.fetch_all(
            """
            SELECT id, kind, payload, put_at FROM summary_news
            WHERE person_id = :person_id AND told_at IS NULL ORDER BY id
            """,
            {"person_id": person_id},
        )
        return [_news(row) for row in rows]

    async def list_news(self, ids: Sequence[int]) -> list[SummaryNews]:
        """Return news by their ids, oldest first; those that were forgotten are left out."""
        rows = await self._session.fetch_all(
            """
            SELECT id, kind, payload, put_at FROM summary_news
            WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id
            """,
            {"ids": json.dumps(list(ids))},
        )
        return [_news(row) for row in rows]

    async def list_all_news(self, person_id: PersonId) -> list[SummaryNews]:
        """Return what was ever put into a person's summaries and is kept, told or not."""
        rows = await self._session.fetch_all(
            "SELECT id, kind, payload, put_at FROM summary_news WHERE person_id = :person_id ORDER BY id",
            {"person_id": person_id},
        )
        return [_news(row) for row in rows]

    async def forget_news(self, ids: Sequence[int]) -> int:
        """Forget news that are no longer for whom they were put aside; a summary on its way leaves them out."""
        return await self._session.execute(
            "DELETE FROM summary_news WHERE id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(ids))}
        )

    async def mark_told(self, person_id: PersonId, now: datetime) -> None:
        """Note that everything that waited for a person's summary is told, or need not be any more."""
        await self._session.execute(
            "UPDATE summary_news SET told_at = :now WHERE person_id = :person_id AND told_at IS NULL",
            {"person_id": person_id, "now": instant(now)},
        )

    async def purge(self, before: datetime) -> int:
        """Forget what was told before an instant, but for what has a key; returns how many rows."""
        return await self._session.execute(
            "DELETE FROM summary_news WHERE told_at < :before AND key IS NULL",
            {"before": instant(before)},
        )


def _news(row: tuple[Any, ...]) -> SummaryNews:
    return SummaryNews(row[0], row[1], json.loads(row[2]), datetime.fromisoformat(row[3]))
