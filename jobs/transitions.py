"""Moving a claim through its life: the rule of `lifecycle`, the row and the audit entry together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.lifecycle import FINAL_STATES, Action, move
from jobs.room_cards import refresh
from storage.kinds import ClaimState, ClosingReason
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
    reopened = action is Action.REOPEN and claim.state in FINAL_STATES
    moved = await ledger.claims.mark_state(
        claim, state, now, closing_reason=closing_reason, duplicate_of=duplicate_of, reopened=reopened
    )
    await ledger.audit.append(
        f"claim.{action}", "claim", claim.id, now, actor=actor, data={"from": claim.state, "to": state, **data}
    )
    await refresh(ledger, claim.id, now)
    return moved


async def restore(
    ledger: Ledger, claim: Claim, state: ClaimState, since: datetime, now: datetime, *, actor: PersonId
) -> Claim:
    """Put a claim back where it was before what an editor did a moment ago; it is no move of its own.

    Args:
        claim: as read in this transaction.
        since: when it had come to that state.
    """
    restored = await ledger.claims.mark_restored(claim, state, since)
    data = {"from": claim.state, "to": state}
    await ledger.audit.append("claim.undone", "claim", claim.id, now, actor=actor, data=data)
    await refresh(ledger, claim.id, now)
    return restored
