"""What editors did and can still take back, and what waits in the outbox meanwhile, as SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import Stale
from storage.kinds import ClaimState, HeldAction
from storage.model import ClaimId, PersonId, VerdictId
from storage.rows import Columns, instant, to_json


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that `person_id` did to a claim that `was` in a state since an instant.

    Until `until` it can be taken back; `aside` is what is needed for that beside the claim.
    """

    claim_id: ClaimId
    action: HeldAction
    person_id: PersonId
    was: ClaimState
    since: datetime
    aside: dict[str, Any]
    until: datetime


_HOLD = Columns(Hold)

# Nothing of it can have reached anybody: its time has not come, and it was never on its way.
_UNSENT = "dedup_key = :key AND state = 'queued' AND attempts = 0 AND due_at > :now"


class Holds:
    """SQL on `holds`, and on messages of `outbox` whose time has not come."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, hold: Hold) -> None:
        """Keep what can be taken back, in place of what could before."""
        await self._session.execute(
            """
            INSERT INTO holds (claim_id, action, person_id, was, since, aside, until)
            VALUES (:claim_id, :action, :person_id, :was, :since, :aside, :until)
            ON CONFLICT (claim_id) DO UPDATE SET action = excluded.action, person_id = excluded.person_id,
              was = excluded.was, since = excluded.since, aside = excluded.aside, until = excluded.until
            """,
            {
                "claim_id": hold.claim_id,
                "action": hold.action,
                "person_id": hold.person_id,
                "was": hold.was,
                "since": instant(hold.since),
                "aside": to_json(hold.aside),
                "until": instant(hold.until),
            },
        )

    async def find(self, claim_id: ClaimId) -> Hold | None:
        """Return what can be taken back of a claim."""
        return _HOLD.maybe(
            await self._session.fetch_one(
                f"SELECT {_HOLD.sql} FROM holds WHERE claim_id = :claim_id", {"claim_id": claim_id}
            )
        )

    async def drop(self, claim_id: ClaimId) -> None:
        """Forget what could be taken back of a claim: it was, or it stands."""
        await self._session.execute("DELETE FROM holds WHERE claim_id = :claim_id", {"claim_id": claim_id})

    async def list_over(self, now: datetime) -> list[Hold]:
        """Return what can no longer be taken back, by its time."""
        return _HOLD.records(
            await self._session.fetch_all(
                f"SELECT {_HOLD.sql} FROM holds WHERE until <= :now ORDER BY until, claim_id", {"now": instant(now)}
            )
        )

    async def find_unsent(self, key: str, now: datetime) -> dict[str, Any] | None:
        """Return the payload of a message under a dedup key; None if it may have been sent, or there is none."""
        row = await self._session.fetch_one(
            f"SELECT payload FROM outbox WHERE {_UNSENT}", {"key": key, "now": instant(now)}
        )
        return None if row is None else dict(json.loads(row[0]))

    async def mark_unsent(self, key: str, payload: Mapping[str, Any], now: datetime) -> None:
        """Change what a message is made of whose time has not come; Stale if it has."""
        params = {"key": key, "payload": to_json(dict(payload)), "now": instant(now)}
        if await self._session.execute(f"UPDATE outbox SET payload = :payload WHERE {_UNSENT}", params) != 1:
            raise Stale("undo_over")

    async def drop_unsent(self, key: str, now: datetime) -> bool:
        """Take a message back whose time has not come; False if it has, or there is none."""
        return await self._session.execute(f"DELETE FROM outbox WHERE {_UNSENT}", {"key": key, "now": instant(now)}) > 0

    async def drop_answer(self, verdict_id: VerdictId, person_id: PersonId, now: datetime) -> bool:
        """Take back that somebody is told a verdict; False if that may have been sent."""
        if not await self.drop_unsent(f"answer:{verdict_id}:{person_id}", now):
            return False
        await self._session.execute(
            "DELETE FROM answers WHERE verdict_id = :verdict_id AND person_id = :person_id",
            {"verdict_id": verdict_id, "person_id": person_id},
        )
        return True
