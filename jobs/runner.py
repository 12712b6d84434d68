"""Running a scheduled job, with a note of when and how it went; a failure stops nothing else."""

from __future__ import annotations

from datetime import datetime

import structlog

from jobs.embed import Embedding
from jobs.hashing import Fetcher
from jobs.rules import policy_now
from jobs.schedule import AnyJob, FetchJob, Job, LongJob
from storage.database import Database
from storage.ledger import Ledger

_log = structlog.get_logger(__name__)


async def run_job(
    database: Database, job: AnyJob, now: datetime, embedding: Embedding | None = None, fetch: Fetcher | None = None
) -> int:
    """Run a job; returns what it returned, 0 after a failure (logged, and kept for `factdesk check`).

    Args:
        embedding: what the process keeps for the `semantic` extra; None if that is missing or switched off.
        fetch: what gets a file's bytes; None where there is no way out.
    """
    try:
        if isinstance(job, Job):
            async with database.write() as ledger:
                done = await job.work(ledger, now, await policy_now(ledger))
                await _note(ledger, job.name, now)
        else:
            async with database.read() as ledger:
                policy = await policy_now(ledger)
            if isinstance(job, LongJob):
                done = await job.work(database, now, policy)
            elif isinstance(job, FetchJob):
                done = 0 if fetch is None else await job.work(fetch, database, now, policy)
            else:
                done = 0 if embedding is None else await job.work(embedding, database, now, policy)
            async with database.write() as ledger:
                await _note(ledger, job.name, now)
    except Exception as error:
        _log.exception("job_failed", job=job.name)
        async with database.write() as ledger:
            await _note(ledger, job.name, now, type(error).__name__)
        return 0
    if done:
        _log.info("job_done", job=job.name, done=done)
    return done


async def _note(ledger: Ledger, name: str, now: datetime, error: str | None = None) -> None:
    await ledger.settings.mark_job_started(name, now)
    await ledger.settings.mark_job_finished(name, now, error)
