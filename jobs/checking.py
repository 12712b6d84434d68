"""Is the desk in order? The check of storage/integrity.py, with the policy and the schedule that it needs to know."""

from __future__ import annotations

from datetime import datetime

from jobs.embed import embedded
from jobs.embedding import missing
from jobs.indexing import list_progress
from jobs.policy import Policy
from jobs.rules import policy_now
from jobs.schedule import JOBS
from storage.indexing import Walk
from storage.integrity import Problem, find_problems
from storage.ledger import Ledger

SILENCES = {job.name: 2 * job.every + job.grace for job in JOBS}
"""How long the last run of each job may lie back before something must be wrong."""


async def check(ledger: Ledger, now: datetime, *, serving: bool) -> list[Problem]:
    """Return everything that is wrong with the desk or worth knowing; `serving`: a desk runs on the database now."""
    policy = await policy_now(ledger)
    problems = await find_problems(ledger, now, quorum=policy.quorum, silences=SILENCES, serving=serving)
    return [*problems, *await _walks(ledger, policy)]


BACKLOG = 100
"""Claims that wait for a walk without being worth a note: what comes in within a minute or two."""

_WALKED = {
    Walk.WORDS: "Claims are brought to today's index bit by bit; until then some are not found in other words.",
    Walk.LINKS: "Documents are brought to today's form of links bit by bit; until then some links are not known again.",
    Walk.VECTORS: "Claims get their vectors bit by bit; until then some are not found in other languages.",
}
_MISSING = {
    "not_installed": "Claims are found again in other words, but not in another language: that is what"
    " `pip install 'factdesk[semantic]'` adds.",
    "processor_too_old": "Claims are not found again in another language: the `semantic` extra needs a processor with"
    " AVX2.",
}


async def _walks(ledger: Ledger, policy: Policy) -> list[Problem]:
    """Return how far the background work on claim text has come, if it goes on, and what the extra would add."""
    walks = await list_progress(ledger)
    lacking = missing()
    if policy.semantic and lacking is None:
        walks.append(await embedded(ledger))
    notes = [
        Problem(
            f"indexing_{walk.name}",
            "document" if walk.name is Walk.LINKS else "claim",
            walk.total - walk.done,
            (f"{walk.done} of {walk.total} done",),
            _WALKED[walk.name],
            note=True,
        )
        for walk in walks
        if walk.total - walk.done > BACKLOG
    ]
    if policy.semantic and lacking is not None:
        notes.append(Problem("no_semantic_extra", "extra", 0, (), _MISSING[lacking], note=True))
    return notes
