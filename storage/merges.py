"""What merges put aside until they are undone, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.kinds import ClaimState
from storage.model import ClaimId
from storage.rows import Columns, instant, to_json


@dataclass(frozen=True, slots=True)
class Merge:
    """An editor's merge that stands: where the claim `was`, and what `jobs/duplicates.py` put `aside` for it."""

    claim_id: ClaimId
    was: ClaimState
    aside: dict[str, Any]
    merged_at: datetime


_MERGE = Columns(Merge)


class Merges:
    """SQL on `merges`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, claim_id: ClaimId, was: ClaimState, aside: Mapping[str, Any], now: datetime) -> None:
        """Keep what a merge put aside."""
        await self._session.execute(
            "INSERT INTO merges (claim_id, was, aside, merged_at) VALUES (:claim_id, :was, :aside, :now)",
            {"claim_id": claim_id, "was": was, "aside": to_json(dict(aside)), "now": instant(now)},
        )

    async def pop(self, claim_id: ClaimId) -> Merge | None:
        """Return what the merge of a claim put aside, and forget it; None if the desk merged the claim by itself."""
        return _MERGE.maybe(
            await self._session.fetch_one(
                f"DELETE FROM merges WHERE claim_id = :claim_id RETURNING {_MERGE.sql}", {"claim_id": claim_id}
            )
        )
