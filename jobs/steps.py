"""Who was at which step of the work on a claim, kept while the claim is elsewhere, and restored if it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storage.kinds import AssignmentState, Awaiting, ClaimState, Role
from storage.ledger import Ledger
from storage.model import ClaimId, Focus, PersonId
from storage.rows import instant

_DECIDED_IN = {
    Awaiting.ADJUDICATION: ClaimState.DISPUTED,
    Awaiting.SUMMARY: ClaimState.AGREED,
    Awaiting.SEND_BACK: ClaimState.AGREED,
}
"""Where a claim has to be for the text that an editor was asked for."""


def kept_focuses(focuses: Iterable[Focus]) -> list[dict[str, Any]]:
    """Return steps as JSON values, for `restore_focuses`."""
    return [
        {
            "person": each.person_id,
            "claim": each.claim_id,
            "awaiting": each.awaiting,
            "rating": each.rating,
            "detail": each.detail,
            "since": instant(each.since),
        }
        for each in focuses
    ]


async def restore_focuses(ledger: Ledger, focuses: Iterable[dict[str, Any]]) -> None:
    """Let those who were at a step of the work go on there, if they are busy with nothing else."""
    for kept in focuses:
        person, claim = PersonId(kept["person"]), await ledger.claims.get(ClaimId(kept["claim"]))
        awaiting = Awaiting(kept["awaiting"])
        if await ledger.people.find_focus(person) is not None:
            continue
        if (wanted := _DECIDED_IN.get(awaiting)) is not None:
            editor = await ledger.people.get(person)
            possible = claim.state is wanted and editor.role.covers(Role.EDITOR)
        else:
            lease = await ledger.assignments.find_live(claim.id, person)
            possible = lease is not None and lease.state is AssignmentState.TAKEN
        if possible:
            since = datetime.fromisoformat(kept["since"])
            await ledger.people.mark_focus(
                person, claim.id, awaiting, since, rating=kept["rating"], detail=kept["detail"]
            )
