"""Everything the clock starts, in one table. Each job derives its work from rows, so it may run late or twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from jobs.desk_ruling import carry_out
from jobs.digests import post_due
from jobs.dispatch import expire, hand_out
from jobs.embed import Embedding
from jobs.hashing import Fetcher, hash_files
from jobs.holding import let_stand
from jobs.idle import look_for_idle
from jobs.indexing import index
from jobs.leases import remind
from jobs.policy import Policy
from jobs.rooms import fill
from jobs.summaries import post_summaries
from jobs.upkeep import tidy
from jobs.watch import watch
from storage.database import Database
from storage.ledger import Ledger

Work = Callable[[Ledger, datetime, Policy], Awaitable[int]]
LongWork = Callable[[Database, datetime, Policy], Awaitable[int]]
FetchWork = Callable[[Fetcher, Database, datetime, Policy], Awaitable[int]]
MeaningWork = Callable[[Embedding, Database, datetime, Policy], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Job:
    """`work` runs every `every`, in one write transaction; it returns how many things it did.

    `grace`: a run that starts later than this after its time is left to the next one.
    """

    name: str
    every: timedelta
    grace: timedelta
    work: Work


@dataclass(frozen=True, slots=True)
class LongJob:
    """A job that computes for long, or has a great deal to do: `work` opens short transactions of its own."""

    name: str
    every: timedelta
    grace: timedelta
    work: LongWork


@dataclass(frozen=True, slots=True)
class MeaningJob:
    """A long job of the `semantic` extra: `work` is handed what its process keeps in memory for it from run to run.

    Where the extra is missing or switched off there is no such thing, and nothing to do.
    """

    name: str
    every: timedelta
    grace: timedelta
    work: MeaningWork


@dataclass(frozen=True, slots=True)
class FetchJob:
    """A long job that needs files from outside: `work` is handed what fetches one, which only a process has."""

    name: str
    every: timedelta
    grace: timedelta
    work: FetchWork


AnyJob = Job | LongJob | MeaningJob | FetchJob

JOBS: tuple[AnyJob, ...] = (
    Job("expire", timedelta(seconds=30), timedelta(minutes=5), expire),
    Job("undo_over", timedelta(seconds=3), timedelta(minutes=5), let_stand),
    Job("hand_out", timedelta(minutes=1), timedelta(minutes=5), hand_out),
    Job("remind", timedelta(minutes=1), timedelta(minutes=5), remind),
    Job("idle", timedelta(minutes=10), timedelta(minutes=30), look_for_idle),
    Job("watch", timedelta(minutes=1), timedelta(minutes=5), watch),
    LongJob("digests", timedelta(seconds=15), timedelta(minutes=5), post_due),
    Job("summaries", timedelta(minutes=1), timedelta(minutes=5), post_summaries),
    Job("rooms", timedelta(seconds=10), timedelta(minutes=5), fill),
    Job("rules", timedelta(minutes=1), timedelta(minutes=5), carry_out),
    LongJob("index", timedelta(minutes=1), timedelta(minutes=5), index),
    MeaningJob("embed", timedelta(seconds=20), timedelta(minutes=5), Embedding.embed),
    FetchJob("hash", timedelta(seconds=10), timedelta(minutes=5), hash_files),
    Job("tidy", timedelta(hours=1), timedelta(hours=1), tidy),
)


def build_scheduler(run: Callable[[AnyJob], Awaitable[None]], now: datetime) -> AsyncIOScheduler:
    """Return a scheduler, not started, that calls `run` with each job: at once, and then at its interval.

    APScheduler is the alarm clock only: UTC, interval triggers, memory store. What is due, and which local time that
    is, the rows and `jobs/calendar.py` decide.
    """
    scheduler = AsyncIOScheduler(timezone=UTC)
    for job in JOBS:
        scheduler.add_job(
            run,
            IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC),
            args=(job,),
            id=job.name,
            next_run_time=now,
            misfire_grace_time=int(job.grace.total_seconds()),
            coalesce=True,
            max_instances=1,
        )
    return scheduler
