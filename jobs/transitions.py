"""Moving a claim through its life: the rule of `lifecycle`, the row and the audit entry together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.lifecycle import Action, move
from jobs.room_cards import refresh
from storage.kinds import ClosingReason
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, PersonId


async def advance(
    ledger: Ledger,
    claim: Claim,
    action: Action,
    now: datetime,
    *,
    actor: PersonId | None = None,
    closing_reason: ClosingReason | None = None,
    duplicate_of: ClaimId | None = None,
    **data: Any,
) -> Claim:
    """Do `action` to a claim and return it as it is then.

    Args:
        claim: as read in this transaction.
        actor: who did it; None for the desk itself.
        data: kept with the audit entry; JSON types.

    Raises:
        Refused: `transition_not_allowed`.
    """
    state = move(claim.state, action)
    moved = await ledger.claims.mark_state(claim, state, now, closing_reason=closing_reason, duplicate_of=duplicate_of)
    await ledger.audit.append(
        f"claim.{action}", "claim", claim.id, now, actor=actor, data={"from": claim.state, "to": state, **data}
    )
    await refresh(ledger, claim.id, now)
    return moved
