"""Figures that a digest tells besides its lists: how far reviewers agreed, and who is asked about a dispute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jobs.agreement import Alpha, alpha, percent_agreement
from jobs.policy import Policy
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import ClaimId


async def agreement_in(ledger: Ledger, start: datetime, end: datetime, policy: Policy) -> dict[str, Any]:
    """Return how far reviewers agreed on the claims decided in [start, end): the figures of `/stats`.

    `total` is the number of claims with two reviews or more; 0, and nothing else, where there are too few to tell
    (`jobs.agreement.FEWEST`).
    """
    patterns = await ledger.milestones.count_patterns(start, end)
    percent = percent_agreement(patterns)
    if percent is None:
        return {"total": 0}
    share, n = percent
    ordinals = {rating.key: rating.ordinal for rating in policy.scale if rating.ordinal is not None}
    return {
        "total": n,
        "same": share,
        "ordinal": _told(alpha(patterns, ordinals)),
        "nominal": _told(alpha(patterns)),
    }


def _told(value: Alpha | None) -> dict[str, float] | None:
    if value is None:
        return None
    return {"value": value.value, "low": value.low, "high": value.high, "n": value.n}


async def asked_about(ledger: Ledger, claim_id: ClaimId) -> list[str]:
    """Return the names of those who are asked to decide a dispute: the editors who did not review the claim, or all of
    them if each of them did."""
    reviewed = {review.person_id for review in await ledger.reviews.list_submitted(claim_id)}
    editors = await ledger.people.list_with_role(Role.EDITOR)
    others = [editor for editor in editors if editor.id not in reviewed]
    return [editor.name for editor in others or editors]
