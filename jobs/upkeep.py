"""Housekeeping that nobody sees: what nobody confirmed, what was sent long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.policy import Policy
from storage.ledger import Ledger

UPDATES_KEPT = timedelta(days=7)
"""Telegram hands an update out again for a day at most."""

SENT_KEPT = timedelta(days=30)
"""Sent rows answer "what did we tell them?" for a month. Rows with a dedup key stay for good."""


async def tidy(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Discard stale submissions and forget what is no longer needed; returns how many rows changed."""
    return (
        await ledger.submissions.mark_stale(now - policy.submission_lasts, now)
        + await ledger.updates.purge(now - UPDATES_KEPT)
        + await ledger.outbox.purge(now - SENT_KEPT)
        + await ledger.wishes.purge(now - SENT_KEPT)
    )
