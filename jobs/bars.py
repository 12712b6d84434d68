"""Who may not review a claim, and why: one rule for offers, the review room, an editor's choice and summaries."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from jobs.access import bringers
from jobs.policy import Policy
from storage.kinds import AssignmentState, Role
from storage.ledger import Ledger
from storage.model import Assignment, Claim, PersonId


class Bar(StrEnum):
    """Why somebody may not review a claim; of several reasons the last one here is given."""

    ONLY_EDITOR = "only_editor"
    """Whoever is the only reviewer may not approve: where one review is enough, the only editor stays out of it."""
    SAW = "saw"
    """As an editor they were shown the reviews of others, so that theirs would not be blind."""
    OWN = "own"
    """They brought it in, or asked about it."""
    RECUSED = "recused"
    REVIEWED = "reviewed"


async def bars(
    ledger: Ledger,
    claim: Claim,
    history: Sequence[Assignment],
    policy: Policy,
    *,
    editors: list[PersonId] | None = None,
) -> dict[PersonId, Bar]:
    """Return everybody who may not review a claim, with the reason.

    Args:
        history: every offer and lease that the claim ever had.
        editors: who is an editor, if the caller asks about many claims.
    """
    found: dict[PersonId, Bar] = {}
    if policy.approval and policy.quorum == 1:
        if editors is None:
            editors = [each.id for each in await ledger.people.list_with_role(Role.EDITOR)]
        if len(editors) == 1:
            found[editors[0]] = Bar.ONLY_EDITOR
    if any(each.taken_at is not None for each in history):
        # Of a claim that nobody ever took there are no reviews to be shown.
        found |= dict.fromkeys(await ledger.leases.list_shown_reviews(claim.id), Bar.SAW)
    found |= dict.fromkeys(await bringers(ledger, claim.id), Bar.OWN)
    found |= {each.person_id: Bar.RECUSED for each in history if each.state is AssignmentState.RECUSED}
    found |= dict.fromkeys(await ledger.leases.list_recused(claim.id), Bar.RECUSED)
    found |= {review.person_id: Bar.REVIEWED for review in await ledger.reviews.list_submitted(claim.id)}
    return found
