"""Leases: the facts behind a reminder."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import leases
from storage.model import AssignmentId


async def _half_over(it: Delivery) -> Render:
    lease = await it.ledger.assignments.get(AssignmentId(it.number("assignment")))
    term = await it.ledger.leases.find(lease.id)
    renewals = 0 if term is None else term.renewals
    left = 0 if term is None else max(0, it.deps.policy.lease_renewals - renewals)
    return partial(leases.half_over, lease, renewals, left, it.now, it.words)


async def _overdue(it: Delivery) -> Render:
    return partial(leases.overdue, it.row.payload["claims"], it.number("total"), it.words)


LEASES: dict[str, Loader] = {
    "lease_half_over": _half_over,
    "claims_overdue": _overdue,
}
