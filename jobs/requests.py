"""Asking about a claim: one request per person and claim, answered at once if the desk has published."""

from __future__ import annotations

from datetime import datetime

from jobs.dispatch import recuse
from jobs.publish import answer
from storage.ledger import Ledger
from storage.model import Claim, ClaimState, Person


async def canonical(ledger: Ledger, claim: Claim) -> Claim:
    """Return the claim that stands for this one: itself, or what it was merged into."""
    seen = {claim.id}
    while claim.duplicate_of is not None and claim.duplicate_of not in seen:
        seen.add(claim.duplicate_of)
        claim = await ledger.claims.get(claim.duplicate_of)
    return claim


async def ask(ledger: Ledger, person: Person, claim: Claim, now: datetime) -> bool:
    """Note that a person wants to know about a claim; False if they asked before.

    A published verdict is sent at once. An offer or lease that they have on it ends: nobody reviews what they asked.
    """
    claim = await canonical(ledger, claim)
    request = await ledger.requests.add(claim.id, person.id, now)
    if request is None:
        # They may ask again because the answer never arrived.
        await ledger.outbox.revive_answers(person.id, now)
        return False
    await ledger.audit.append("request.added", "claim", claim.id, now, actor=person.id, data={"request": request.id})
    await recuse(ledger, person, claim.id, now)
    if claim.state is ClaimState.PUBLISHED:
        verdict = await ledger.verdicts.find_latest(claim.id)
        if verdict is not None and verdict.published_at is not None:
            await answer(ledger, request, verdict, now)
    return True
