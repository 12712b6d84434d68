"""Who may do what: the one check of a role, and whose own a claim is; asked inside the transaction by every job."""

from __future__ import annotations

from storage.errors import NotAllowed
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import ClaimId, Person, PersonId


def require(person: Person, role: Role) -> None:
    """Let pass who has at least `role`; NotAllowed `suspended_now` or `role_needed` for others."""
    if not person.role.covers(role):
        if person.suspended_role is not None:
            raise NotAllowed("suspended_now")
        raise NotAllowed("role_needed", role=str(role))


async def bringers(ledger: Ledger, claim_id: ClaimId) -> set[PersonId]:
    """Return who brought a claim in or asked about it: nobody reviews their own."""
    return {*await ledger.requests.list_requesters(claim_id), *await ledger.documents.list_submitters(claim_id)}
