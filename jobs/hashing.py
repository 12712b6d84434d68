"""The job that fetches the files given as evidence and keeps their hash and size: what was sent can be proved later.

The bytes are read once and forgotten; Telegram keeps the file. Jobs do not reach out, so how a file is fetched is
handed in by the process.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256

from jobs.notify import show_decision
from jobs.policy import Policy
from storage.database import Database
from storage.fetches import Fetch
from storage.kinds import ClaimState
from storage.practice import is_practice

FILE_MOST = 20 << 20
"""Bytes that the Bot API hands out with getFile (core.telegram.org/bots/api#getfile)."""

AT_ONCE = 10
"""Files of one run, so that a run ends soon."""

ATTEMPTS_MOST = 10
"""With the pauses that makes a good day. Our own choice."""

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)

Fetcher = Callable[[str], Awaitable[bytes]]
"""From a file's id to its bytes.

Raises:
    NotFetched.
"""


class NotFetched(Exception):
    """A file's bytes could not be had; `for_good`: trying again is no use."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


async def hash_files(fetch: Fetcher, database: Database, now: datetime, policy: Policy) -> int:
    """Fetch the files that are due, one after the other, and keep their hashes; returns how many were hashed."""
    async with database.read() as ledger:
        due = await ledger.fetches.list_due(now, AT_ONCE)
    done = 0
    for each in due:
        try:
            content = await fetch(each.file_id)
        except NotFetched as failed:
            await _failed(database, each, failed, now)
        else:
            await _hashed(database, each, sha256(content).hexdigest(), len(content), now)
            done += 1
    return done


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: twice as long each time, up to six hours."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempts, 10))


async def _failed(database: Database, fetch: Fetch, failed: NotFetched, now: datetime) -> None:
    given_up = failed.reason if failed.for_good or fetch.attempts + 1 >= ATTEMPTS_MOST else None
    async with database.write() as ledger:
        await ledger.fetches.mark_failed(fetch, now + pause_after(fetch.attempts), given_up=given_up)


async def _hashed(database: Database, fetch: Fetch, digest: str, size: int, now: datetime) -> None:
    async with database.write() as ledger:
        for source_id, claim_id in await ledger.fetches.mark_hashed(fetch, digest, size):
            if is_practice(claim_id):
                continue
            data = {"source": source_id, "sha256": digest, "size": size}
            await ledger.audit.append("source.hashed", "claim", claim_id, now, data=data)
            claim = await ledger.claims.get(claim_id)
            if claim.state in (ClaimState.AGREED, ClaimState.DISPUTED):
                # Two reviewers' files may turn out to be one.
                await show_decision(ledger, claim_id, now, only_shown=True)
