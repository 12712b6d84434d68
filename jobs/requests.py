"""Asking about a claim: one request per person and claim, answered at once if the desk has published."""

from __future__ import annotations

from datetime import datetime

from jobs.dispatch import recuse
from jobs.publish import answer_all
from storage.kinds import ClaimState
from storage.ledger import Ledger
from storage.model import Claim, Person


async def canonical(ledger: Ledger, claim: Claim) -> Claim:
    """Return the claim that stands for this one: itself, or what it was merged into."""
    seen = {claim.id}
    while claim.duplicate_of is not None and claim.duplicate_of not in seen:
        seen.add(claim.duplicate_of)
        claim = await ledger.claims.get(claim.duplicate_of)
    return claim


async def ask(ledger: Ledger, person: Person, claim: Claim, now: datetime) -> bool:
    """Note that a person wants to know about a claim; False if they asked before, in whatever words.

    A published verdict is sent at once. An offer or lease that they have on it ends: nobody reviews what they asked.
    The request keeps which claim was asked about, so that a merge can be undone.
    """
    end = await canonical(ledger, claim)
    voice = await ledger.requests.find_at(end.id, person.id)
    if voice is not None and claim.id == end.id and voice.asked_id != end.id:
        # Their question in the claim's own words stands at the claim now, the one in other words at its own.
        await ledger.requests.mark_place(voice.id, voice.asked_id)
    place = end.id if voice is None else claim.id
    request = await ledger.requests.add(claim.id, person.id, now, claim_id=place)
    if request is not None:
        await ledger.requests.mark_place(request.id, place)
        await ledger.audit.append(
            "request.added", "claim", claim.id, now, actor=person.id, data={"request": request.id}
        )
    if request is None or voice is not None:
        # They may ask again because the answer never arrived.
        await ledger.posts.revive_answers(person.id, now)
        return False
    await recuse(ledger, person, end.id, now)
    if end.state is ClaimState.PUBLISHED:
        await answer_all(ledger, end, now)
    return True
