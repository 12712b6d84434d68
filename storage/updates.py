"""Which Telegram updates are handled, and those that could not be, as SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from storage.engines.base import Session
from storage.rows import instant


class Updates:
    """SQL on `updates` and `dead_letters`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_known(self, update_ids: Sequence[int]) -> set[int]:
        """Return which of some update ids are handled already."""
        if not update_ids:
            return set()
        params = {f"u{number}": update_id for number, update_id in enumerate(update_ids)}
        rows = await self._session.fetch_all(
            f"SELECT update_id FROM updates WHERE update_id IN ({', '.join(f':{name}' for name in params)})", params
        )
        return {row[0] for row in rows}

    async def add(self, update_ids: Sequence[int], now: datetime) -> None:
        """Note that updates are handled."""
        at = instant(now)
        await self._session.execute_many(
            "INSERT INTO updates (update_id, received_at) VALUES (:id, :at)",
            [{"id": update_id, "at": at} for update_id in update_ids],
        )

    async def add_dead_letter(
        self, reference: str, update_id: int | None, payload: object, error: str, now: datetime
    ) -> None:
        """Keep an update that could not be handled, whatever is in it: this must not fail in its turn."""
        await self._session.execute(
            """
            INSERT INTO dead_letters (reference, update_id, payload, error, created_at)
            VALUES (:reference, :update_id, :payload, :error, :now) ON CONFLICT (reference) DO NOTHING
            """,
            {
                "reference": reference,
                "update_id": update_id,
                "payload": json.dumps(payload, default=repr),
                "error": error.encode("utf-8", "backslashreplace").decode("utf-8"),
                "now": instant(now),
            },
        )

    async def list_dead_letters(self, limit: int = 20) -> list[tuple[str, int | None, str, str]]:
        """Return (reference, update id, error, when) of the newest dead letters."""
        rows = await self._session.fetch_all(
            "SELECT reference, update_id, error, created_at FROM dead_letters ORDER BY id DESC LIMIT :limit",
            {"limit": limit},
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    async def purge(self, before: datetime) -> int:
        """Forget updates handled before an instant (Telegram keeps them for a day at most); returns how many."""
        return await self._session.execute(
            "DELETE FROM updates WHERE received_at < :before", {"before": instant(before)}
        )
