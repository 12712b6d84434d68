"""Making digests in one transaction of a test."""

from __future__ import annotations

from datetime import datetime

from jobs.digests import post_next
from jobs.policy import Policy
from storage.ledger import Ledger


async def post_due(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Make what is due for every chat; returns how many digests were posted."""
    made = 0
    while (posted := await post_next(ledger, now, policy)) is not None:
        made += posted
    return made
