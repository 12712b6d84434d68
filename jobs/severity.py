"""How much harm a claim can do, in an editor's judgement. Its priority follows: that is counted anew each time."""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.lifecycle import OPEN_STATES
from storage.errors import NotFound, Refused, Stale
from storage.kinds import Role, Severity
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person, PersonId


async def set_severity(
    ledger: Ledger, editor: Person, claim_id: ClaimId, seen: Severity, wanted: Severity, now: datetime
) -> None:
    """Say how much harm a claim can do; wanted twice, it is as wanted once.

    Args:
        seen: what the editor's card showed. (Not the claim's revision: a review that came in since does not matter.)

    Raises:
        Stale: `severity_changed`: another editor was faster. Refused: `severity_of_ended`.
        NotFound: `claim_not_found`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    if claim.state not in OPEN_STATES:
        raise Refused("severity_of_ended", claim=claim_id, state=str(claim.state))
    if claim.severity not in (seen, wanted):
        raise Stale("severity_changed", claim=claim_id)
    await put_severity(ledger, claim, wanted, now, actor=editor.id)


async def put_severity(
    ledger: Ledger, claim: Claim, wanted: Severity, now: datetime, *, actor: PersonId | None, **data: object
) -> None:
    """Change the severity of a claim, as read in this transaction, with its audit entry; `data` is kept with that."""
    if claim.severity is wanted:
        return
    await ledger.claims.mark_severity(claim.id, wanted)
    changes = {"was": claim.severity, "severity": wanted, **data}
    await ledger.audit.append("claim.severity", "claim", claim.id, now, actor=actor, data=changes)
