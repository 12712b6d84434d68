"""Is the desk in order? The check of storage/integrity.py, with the policy and the schedule that it needs to know."""

from __future__ import annotations

from datetime import datetime

from jobs.embed import embedded
from jobs.indexing import Progress, list_progress
from jobs.rules import policy_now
from jobs.schedule import JOBS
from storage.integrity import Problem, find_problems
from storage.ledger import Ledger

SILENCES = {job.name: 2 * job.every + job.grace for job in JOBS}
"""How long the last run of each job may lie back before something must be wrong."""


async def check(ledger: Ledger, now: datetime, *, serving: bool) -> list[Problem]:
    """Return everything that is wrong with the desk or worth knowing; `serving`: a desk runs on the database now."""
    policy = await policy_now(ledger)
    return await find_problems(ledger, now, quorum=policy.quorum, silences=SILENCES, serving=serving)


async def list_walks(ledger: Ledger) -> list[Progress]:
    """Return how far the background work on claims and documents has come, that of the `semantic` extra last."""
    return [*await list_progress(ledger), await embedded(ledger)]
