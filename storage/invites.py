"""One-time links, as SQL. Only the SHA-256 of a link's secret is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound, Stale
from storage.kinds import Role
from storage.model import Invite, InviteId, PersonId
from storage.rows import Columns, instant

_INVITE = Columns(Invite)


class Invites:
    """SQL on `invites`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def next_id(self) -> InviteId:
        """Return the id that the next invite will have; its secret is made from it (one writer, so no race)."""
        row = await self._session.fetch_one("SELECT coalesce(max(id), 0) + 1 FROM invites")
        return InviteId(1 if row is None else row[0])

    async def get(self, invite_id: InviteId) -> Invite:
        """Return an invite; NotFound if there is none."""
        row = await self._session.fetch_one(f"SELECT {_INVITE.sql} FROM invites WHERE id = :id", {"id": invite_id})
        if row is None:
            raise NotFound("invite_unknown")
        return _INVITE.record(row)

    async def add(
        self,
        invite_id: InviteId,
        token_hash: str,
        role: Role,
        *,
        created_by: PersonId | None,
        now: datetime,
        expires_at: datetime,
    ) -> None:
        """Keep a new invite."""
        await self._session.execute(
            """
            INSERT INTO invites (id, token_hash, role, created_by, created_at, expires_at)
            VALUES (:id, :token_hash, :role, :created_by, :now, :expires_at)
            """,
            {
                "id": invite_id,
                "token_hash": token_hash,
                "role": role,
                "created_by": created_by,
                "now": instant(now),
                "expires_at": instant(expires_at),
            },
        )

    async def find(self, token_hash: str) -> Invite | None:
        """Return the invite with this hash."""
        return _INVITE.maybe(
            await self._session.fetch_one(
                f"SELECT {_INVITE.sql} FROM invites WHERE token_hash = :token_hash", {"token_hash": token_hash}
            )
        )

    async def end_of(self, person_id: PersonId, roles: Iterable[Role], now: datetime) -> int:
        """End the unused invites that a person made for these roles; returns how many."""
        return await self._session.execute(
            """
            UPDATE invites SET expires_at = :now
            WHERE created_by = :person_id AND used_by IS NULL AND expires_at > :now
              AND role IN (SELECT value FROM json_each(:roles))
            """,
            {"person_id": person_id, "roles": json.dumps(list(roles)), "now": instant(now)},
        )

    async def mark_used(self, invite_id: InviteId, person_id: PersonId, now: datetime) -> None:
        """Use an invite up; Stale if somebody did before."""
        changed = await self._session.execute(
            "UPDATE invites SET used_by = :person_id, used_at = :now WHERE id = :id AND used_by IS NULL",
            {"id": invite_id, "person_id": person_id, "now": instant(now)},
        )
        if changed != 1:
            raise Stale("invite_used")
