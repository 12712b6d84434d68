"""Those who have a role, or had one, as SQL: the list of the team, suspensions, pseudonyms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import NotFound, Stale
from storage.model import ChatId, OutboxId, Person, PersonId
from storage.rows import Columns, instant

_PERSON = Columns(Person)

_MEMBER = f"""
  SELECT {_PERSON.of("p")},
    (SELECT count(*) FROM assignments a WHERE a.person_id = p.id AND a.claim_id > 0 AND a.state = 'taken'),
    (SELECT count(*) FROM reviews r WHERE r.person_id = p.id AND r.claim_id > 0 AND r.state = 'submitted')
  FROM people p
"""

_IN_TEAM = """
  SELECT id FROM people INDEXED BY people_with_role WHERE role <> 'public'
  UNION ALL SELECT id FROM people INDEXED BY people_suspended WHERE suspended_role IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A person with what they have and did: claims they hold, reviews they handed in."""

    person: Person
    leases: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits to be sent."""

    id: OutboxId
    kind: str
    payload: dict[str, Any]


class Team:
    """SQL on `people`, as far as it is about their place in the team."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, person_id: PersonId) -> Member:
        """Return a person with what they have and did; NotFound if there is none."""
        row = await self._session.fetch_one(f"{_MEMBER} WHERE p.id = :id", {"id": person_id})
        if row is None:
            raise NotFound("person_not_found", person=person_id)
        return _member(row)

    async def count(self) -> int:
        """Return how many people have a role, or are suspended from one."""
        row = await self._session.fetch_one(f"SELECT count(*) FROM ({_IN_TEAM})")
        return 0 if row is None else int(row[0])

    async def list_members(self, *, offset: int, limit: int) -> list[Member]:
        """Return part of the team: admins first, then editors, then reviewers; who is suspended at the end."""
        rows = await self._session.fetch_all(
            f"""
            {_MEMBER} WHERE p.id IN ({_IN_TEAM})
            ORDER BY CASE p.role WHEN 'admin' THEN 0 WHEN 'editor' THEN 1 WHEN 'reviewer' THEN 2 ELSE 3 END, p.id
            LIMIT :limit OFFSET :offset
            """,
            {"limit": limit, "offset": offset},
        )
        return [_member(row) for row in rows]

    async def mark_suspended(self, person_id: PersonId) -> None:
        """Take a person's role away and keep it for them; Stale if they have none."""
        changed = await self._session.execute(
            """
            UPDATE people SET suspended_role = role, role = 'public', on_duty = 0
            WHERE id = :id AND role <> 'public'
            """,
            {"id": person_id},
        )
        if changed != 1:
            raise Stale("member_changed")

    async def list_waiting(self, chat_id: ChatId) -> list[Waiting]:
        """Return what waits to be sent to a chat."""
        rows = await self._session.fetch_all(
            """
            SELECT id, kind, payload FROM outbox
            WHERE chat_id = :chat_id AND state = 'queued' AND state IN ('queued', 'sending')
            """,
            {"chat_id": chat_id},
        )
        return [Waiting(row[0], row[1], json.loads(row[2])) for row in rows]

    async def withdraw_messages(self, ids: Sequence[OutboxId], now: datetime) -> int:
        """Take back what waits to be sent to somebody for whom it no longer is; returns how many messages."""
        return await self._session.execute(
            """
            UPDATE outbox SET state = 'superseded', ended_at = :now
            WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'queued'
            """,
            {"ids": json.dumps(list(ids)), "now": instant(now)},
        )

    async def mark_alias(self, person_id: PersonId) -> None:
        """Give a person the next pseudonym; who has one keeps it."""
        await self._session.execute(
            """
            UPDATE people SET alias = (SELECT coalesce(max(alias), 0) + 1 FROM people WHERE alias IS NOT NULL)
            WHERE id = :id AND alias IS NULL
            """,
            {"id": person_id},
        )


def _member(row: tuple[object, ...]) -> Member:
    leases, reviews = row[-2:]
    assert isinstance(leases, int)  # noqa: S101 - count(*)
    assert isinstance(reviews, int)  # noqa: S101 - count(*)
    return Member(_PERSON.record(row[:-2]), leases, reviews)
