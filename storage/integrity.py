"""Is the desk in order? The file, the references, the audit chain, the invariants, and what has been waiting too long.

For `factdesk check`. Everything is read in one transaction, so a desk that runs meanwhile is seen at one instant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.invariants import INVARIANTS
from storage.ledger import Ledger
from storage.rows import instant

ON_ITS_WAY = timedelta(minutes=10)
"""A message that was taken up for sending is sent or put back within seconds."""

OVERDUE = timedelta(hours=1)
"""A message that is this late is not late because of Telegram's limits."""

LATE = timedelta(minutes=10)
"""How late the end of a lease or a digest may be, at most, while the desk runs."""

_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be.

    `of` is the noun that is counted; `sample` has ids (or names) of the first few. A `note` is worth knowing, and
    nothing is wrong.
    """

    code: str
    of: str
    count: int
    sample: tuple[int | str, ...]
    sentence: str
    note: bool = False


async def find_problems(
    ledger: Ledger, now: datetime, *, quorum: int, silences: Mapping[str, timedelta] | None = None, serving: bool = True
) -> list[Problem]:
    """Return everything that is wrong or worth knowing, the gravest first; an empty list for a desk in order.

    Args:
        quorum: of the policy in force.
        silences: scheduled job → how long its last run may lie back.
        serving: a desk runs on this database now. If none does, what waits for one is a note.

    Raises:
        DatabaseBroken: the file is damaged so badly that it cannot be read.
    """
    return [
        *await _file_problems(ledger),
        *await find_broken_invariants(ledger, quorum=quorum),
        *await _waiting_problems(ledger, now, serving=serving),
        *await _job_problems(ledger, now, silences or {}, serving=serving),
        *await _notes(ledger),
    ]


async def find_broken_invariants(ledger: Ledger, *, quorum: int) -> list[Problem]:
    """Return a problem for each invariant (storage/invariants) that does not hold."""
    found = []
    for invariant in INVARIANTS:
        params = {"quorum": quorum} if ":quorum" in invariant.sql else {}
        count, sample = await _offenders(ledger, invariant.sql, params)
        if count:
            found.append(Problem(invariant.code, invariant.of, count, sample, f"Not so: {invariant.sentence}"))
    return found


async def _offenders(ledger: Ledger, sql: str, params: Mapping[str, object]) -> tuple[int, tuple[int | str, ...]]:
    """Return how many ids a query selects, and the first few."""
    rows = await ledger.session.fetch_all(
        f"WITH bad (id) AS ({sql}) SELECT DISTINCT id, (SELECT count(DISTINCT id) FROM bad) FROM bad"
        f" ORDER BY id LIMIT {_SAMPLE:d}",
        params,
    )
    return (rows[0][1], tuple(row[0] for row in rows)) if rows else (0, ())


async def _file_problems(ledger: Ledger) -> list[Problem]:
    """The pages and indexes of the file, the references between rows, the chain of the audit log."""
    problems = []
    faults = [row[0] for row in await ledger.session.fetch_all("PRAGMA integrity_check(100)")]
    if faults != ["ok"]:
        problems.append(
            Problem(
                "file_damaged",
                "fault",
                len(faults),
                tuple(faults[:_SAMPLE]),
                "The database file is damaged. Stop the desk and run `factdesk restore` with the newest backup.",
            )
        )
    dangling = await ledger.session.fetch_all("PRAGMA foreign_key_check")
    if dangling:
        sample = tuple(dict.fromkeys(f"{table} {rowid} → {parent}" for table, rowid, parent, _ in dangling))[:_SAMPLE]
        problems.append(
            Problem("reference_dangling", "row", len(dangling), sample, "Rows name other rows that do not exist.")
        )
    broken = await ledger.audit.find_break()
    if broken is not None:
        problems.append(
            Problem(
                "audit_broken",
                "audit entry",
                1,
                (broken,),
                "The audit log was changed by hand: from this entry on its chain of hashes does not hold.",
            )
        )
    return problems


async def _waiting_problems(ledger: Ledger, now: datetime, *, serving: bool) -> list[Problem]:
    """What a running desk would have dealt with."""
    late = (
        (
            "message_stuck",
            "message",
            ON_ITS_WAY,
            "SELECT id FROM outbox WHERE state = 'sending' AND retry_at < :before",
            "Messages were taken up for sending long ago, and neither sent nor put back; a restart sends them.",
        ),
        (
            "message_overdue",
            "message",
            OVERDUE,
            "SELECT id FROM outbox WHERE state = 'queued' AND due_at < :before",
            "Messages are waiting for more than an hour: Telegram cannot be reached, or refuses them.",
        ),
        (
            "lease_overdue",
            "assignment",
            LATE,
            "SELECT id FROM assignments WHERE state IN ('offered', 'taken') AND expires_at < :before",
            "Offers or leases whose time ran out were not ended: the job `expire` does not run.",
        ),
        (
            "digest_overdue",
            "subscription",
            LATE,
            "SELECT id FROM subscriptions WHERE active = 1 AND paused = 0 AND next_at < :before",
            "Digests were not made in time: the job `digests` does not run.",
        ),
    )
    problems = []
    for code, noun, patience, sql, sentence in late:
        count, sample = await _offenders(ledger, sql, {"before": instant(now - patience)})
        if count:
            told = sentence if serving else f"Waiting until the desk runs again: {noun}s that are late."
            problems.append(Problem(code, noun, count, sample, told, note=not serving))
    return problems


async def _job_problems(
    ledger: Ledger, now: datetime, silences: Mapping[str, timedelta], *, serving: bool
) -> list[Problem]:
    runs = await ledger.settings.list_job_runs()
    failing = [run for run in runs if run.failures]
    silent = [run.name for run in runs if run.name in silences and now - run.started_at > silences[run.name]]
    problems = []
    if failing:
        sample = tuple(f"{run.name}: {run.last_error}, {run.failures} in a row" for run in failing)
        problems.append(Problem("job_failing", "job", len(failing), sample, "Scheduled jobs failed; the log says why."))
    if silent and serving:
        problems.append(_named("job_overdue", "job", silent, "Scheduled jobs have not run for too long."))
    elif silent:
        last = max(run.started_at for run in runs)
        sentence = f"No desk runs on this database; jobs last ran at {last.isoformat(timespec='seconds')}."
        problems.append(_named("desk_stopped", "job", silent, sentence, note=True))
    return problems


async def _notes(ledger: Ledger) -> list[Problem]:
    problems = []
    count, sample = await _offenders(ledger, "SELECT reference FROM dead_letters", {})
    if count:
        sentence = "Updates from Telegram could not be handled; they are kept in the table `dead_letters`."
        problems.append(Problem("dead_letters", "update", count, sample, sentence, note=True))
    count, sample = await _offenders(ledger, "SELECT id FROM outbox WHERE state = 'dead'", {})
    if count:
        sentence = "Messages were given up: the chat is gone, or the person blocked the bot."
        problems.append(Problem("messages_given_up", "message", count, sample, sentence, note=True))
    people = await ledger.session.fetch_one(
        "SELECT count(*) FILTER (WHERE role IN ('editor', 'admin')), count(*) FILTER (WHERE on_duty = 1) FROM people"
    )
    waiting, sample = await _offenders(ledger, "SELECT id FROM claims WHERE state IN ('queued', 'in_review')", {})
    editors, on_duty = people or (0, 0)
    if not editors:
        sentence = "Nobody is an editor yet: set FACTDESK_ADMINS, or run `factdesk invite editor`."
        problems.append(Problem("no_editor", "editor", 0, (), sentence, note=True))
    if waiting and not on_duty:
        sentence = "Claims wait for reviewers, and nobody is on duty."
        problems.append(Problem("nobody_on_duty", "claim", waiting, sample, sentence, note=True))
    return problems


def _named(code: str, noun: str, names: Sequence[str], sentence: str, *, note: bool = False) -> Problem:
    return Problem(code, noun, len(names), tuple(names[:_SAMPLE]), sentence, note=note)
