"""The policy as it stands now: the defaults with what editors changed laid over them."""

from __future__ import annotations

from jobs.policy import Policy
from storage.ledger import Ledger

DEFAULT = Policy()


async def policy_now(ledger: Ledger) -> Policy:
    """Return the policy in force. Settings that are not the policy's own are left alone."""
    changes = await ledger.settings.get_all()
    return DEFAULT.with_changes(changes) if changes else DEFAULT
