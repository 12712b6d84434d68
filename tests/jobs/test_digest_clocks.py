"""The job that posts digests on a real file, whatever the clock does: jumps back and forward, restarts, kills.

Every period is made and posted once. Periods lie end to end, each ends when the wall clock of the zone says so, and
what happened on the desk is told once, in whatever order the clock dated it.

The default run is short. For a deep one: CLOCK_EXAMPLES=2000 pytest tests/jobs/test_digest_clocks.py --timeout=0
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from jobs.cadence import fires_after, next_fire
from jobs.digest_content import SECTIONS, Section
from jobs.digests import post_due, post_next
from jobs.policy import Policy
from storage.database import Database
from storage.kinds import Audience, Cadence
from storage.ledger import Ledger
from storage.model import AuditId, ChatId, ClaimId, Digest, DigestId
from storage.values import Marks, Schedule
from tests.support.builders import a_claim

CHATS = (ChatId(-1001), ChatId(-1002))
COUNTED = {Section.NEW, Section.ABSORBED}
BEFORE_ALL = Marks(AuditId(0), ClaimId(0))
MICRO, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
FAR = 70 * DAY
"""More than any period of the schedules below."""

ZONES = (
    "Asia/Dhaka",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
schedules = st.one_of(
    st.builds(Schedule, st.just(Cadence.DAILY), st.sampled_from(ZONES), st.integers(0, 1439)),
    st.builds(Schedule, st.just(Cadence.WEEKDAYS), st.sampled_from(ZONES), st.integers(0, 1439)),
    st.builds(Schedule, st.just(Cadence.WEEKLY), st.sampled_from(ZONES), st.integers(0, 1439), st.integers(0, 6)),
    st.builds(Schedule, st.just(Cadence.MONTHLY), st.sampled_from(ZONES), st.integers(0, 1439), st.integers(1, 31)),
    st.builds(
        Schedule, st.just(Cadence.CRON), st.sampled_from(ZONES), cron=st.sampled_from(("30 2,14 * * *", "0 * * * *"))
    ),
)
starts = st.datetimes(datetime(2025, 1, 1), datetime(2035, 6, 1), timezones=st.just(UTC)) | st.sampled_from(  # noqa: DTZ001
    [datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC)]
)
leaps = st.one_of(
    st.timedeltas(timedelta(0), 2 * DAY),
    st.timedeltas(-2 * DAY, timedelta(0)),
    st.timedeltas(-40 * DAY, 40 * DAY),
    st.sampled_from([timedelta(0), MICRO, -MICRO, HOUR, -HOUR, DAY, -DAY]),
)
steps = st.tuples(st.sampled_from(("run", "run", "run", "run", "killed", "restart", "claim", "claim", "merge")), leaps)


class Clockwork:
    """A desk with two subscriptions and nothing else, whose clock is the test's."""

    def __init__(self, database: Database, now: datetime, policy: Policy) -> None:
        self.database, self.now, self.policy = database, now, policy
        self.latest, self.claims, self.merges = now, 0, 0

    async def step(self, what: str) -> None:
        if what == "run":
            await self.run()
        elif what == "restart":
            await self.reopen()
        elif what == "killed":
            await self.die()
        else:
            async with self.database.write() as ledger:
                await self.happen(ledger, what)

    async def run(self) -> None:
        made = await post_due(self.database, self.now, self.policy)
        assert made <= len(CHATS) * (self.policy.digest_catch_up + 1)
        assert await post_due(self.database, self.now, self.policy) == 0, "it was all made just now"

    async def reopen(self) -> None:
        await self.database.close()
        self.database = await Database.open(self.database.path, self.now)

    async def die(self) -> None:
        """Make what is due for one chat and be killed before the commit; the next process begins with a run."""
        with suppress(KeyboardInterrupt):
            async with self.database.write() as ledger:
                await post_next(ledger, self.now, self.policy)
                raise KeyboardInterrupt
        await self.reopen()
        await self.run()

    async def happen(self, ledger: Ledger, what: str) -> None:
        if what == "claim" or not self.claims:
            await a_claim(ledger, now=self.now)
            self.claims += 1
        else:
            await ledger.audit.append("claim.merge", "claim", self.claims, self.now)
            self.merges += 1


async def digests_of(ledger: Ledger, chat: ChatId) -> list[Digest]:
    rows = await ledger.session.fetch_all(
        """
        SELECT d.id FROM digests d JOIN subscriptions s ON s.id = d.subscription_id WHERE s.chat_id = :chat
        ORDER BY d.id
        """,
        {"chat": chat},
    )
    return [await ledger.subscriptions.get_digest(DigestId(row[0])) for row in rows]


async def assert_tiled(ledger: Ledger, schedule: Schedule, digests: list[Digest]) -> None:
    """The periods of one subscription lie end to end, and each has the one fire of the schedule at its end."""
    place = ZoneInfo(schedule.zone)
    for digest in digests:
        assert digest.period_start < digest.period_end
        assert next_fire(schedule, digest.period_end - MICRO) == digest.period_end
        if not digest.content["away"]:
            assert next_fire(schedule, digest.period_start) == digest.period_end, "a period was passed over"
        shown = digest.period_end.astimezone(place)
        gap = (digest.period_end - MICRO).astimezone(place).utcoffset() != shown.utcoffset()
        if schedule.local_minute is not None:
            assert shown.time() == time(*divmod(schedule.local_minute, 60)) or gap
    for one, other in pairwise(digests):
        assert one.period_end == other.period_start
    posts = await ledger.session.fetch_all(
        "SELECT payload ->> 'digest', count(*) FROM outbox WHERE kind = 'digest_posted' GROUP BY 1"
    )
    assert {(digest.id, 1) for digest in digests} <= set(posts)


async def assert_told_once(ledger: Ledger, work: Clockwork, digests: list[Digest]) -> None:
    """What happened lies behind the marks of one digest each: they follow one another without gap or overlap."""
    after, new, merged = BEFORE_ALL, 0, 0
    for digest in digests:
        assert digest.content["after"] == {"event": after.event, "claim": after.claim}
        upto = Marks(digest.last_event, digest.last_claim)
        assert upto.event >= after.event
        assert upto.claim >= after.claim
        after = upto
        new += digest.content["sections"]["new"]["total"]
        merged += digest.content["sections"]["absorbed"]["total"]
    assert (new, merged) == (work.claims, work.merges)


async def play(
    folder: Path, schedules: list[Schedule], start: datetime, most: int, script: list[tuple[str, timedelta]]
) -> None:
    policy = Policy(digest_catch_up=most)
    work = Clockwork(await Database.open(folder / "factdesk.db", start), start, policy)
    try:
        async with work.database.write() as ledger:
            for chat, schedule in zip(CHATS, schedules, strict=True):
                await ledger.subscriptions.add(
                    chat,
                    None,
                    schedule,
                    covered_until=start,
                    next_at=next_fire(schedule, start),
                    seen=BEFORE_ALL,
                    audience=Audience.REVIEWERS,
                    left_out=[each for each in SECTIONS[Audience.REVIEWERS] if each not in COUNTED],
                    created_by=None,
                    now=start,
                )
        for what, leap in script:
            work.now = max(start - 300 * DAY, work.now + leap)
            work.latest = max(work.latest, work.now)
            await work.step(what)
        work.now = work.latest + FAR
        await work.run()
        async with work.database.read() as ledger:
            for chat, schedule in zip(CHATS, schedules, strict=True):
                digests = await digests_of(ledger, chat)
                lives = sorted({digest.subscription_id for digest in digests})
                event(f"set back {min(len(lives) - 1, 3)} times")
                for life in lives:
                    of_life = [each for each in digests if each.subscription_id == life]
                    # One that was set back begins anew, from the time that is now held to be right.
                    assert of_life[0].period_start == (await ledger.subscriptions.get(life)).created_at
                    await assert_tiled(ledger, schedule, of_life)
                await assert_told_once(ledger, work, digests)
                last = digests[-1].period_end
                assert next(fires_after(schedule, last)) > work.now, "something is due and not made"
    finally:
        await work.database.close()


@settings(
    max_examples=int(os.environ.get("CLOCK_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    schedules=st.lists(schedules, min_size=2, max_size=2),
    start=starts,
    most=st.integers(1, 3),
    script=st.lists(steps, min_size=3, max_size=16),
)
def test_each_period_is_made_once_and_tells_what_happened_once_whatever_the_clock_does(
    migrated_file: Path, schedules: list[Schedule], start: datetime, most: int, script: list[tuple[str, timedelta]]
) -> None:
    with tempfile.TemporaryDirectory(prefix="clocks-") as folder:
        shutil.copy(migrated_file, Path(folder) / "factdesk.db")
        asyncio.run(play(Path(folder), schedules, start, most, script))
