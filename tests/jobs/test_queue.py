"""The queue in the order of priority, a page at a time, is the whole queue sorted by the formula."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.dispatch import by_priority, priority_of
from jobs.lookup import queue_page
from jobs.policy import Policy
from storage.database import Database
from storage.integrity import find_broken_invariants
from storage.kinds import ClaimState, ClosingReason, Severity
from storage.ledger import Ledger
from tests.support.builders import NOW, a_claim, a_request

STATES = (ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.AGREED, ClaimState.DISPUTED)
_FAST = "/dev/shm"  # noqa: S108 - each example has a file of its own

Drawn = tuple[ClaimState, Severity, int, float | None, int]

drawn_claims = st.lists(
    st.tuples(
        st.sampled_from((*STATES, ClaimState.PUBLISHED, ClaimState.CLOSED)),
        st.sampled_from(Severity),
        st.integers(-2, 500),
        st.none() | st.floats(0, 1),
        st.integers(0, 3),
    ),
    max_size=10,
)
weights = st.fixed_dictionaries(
    {
        "weight_demand": st.floats(0, 5),
        "weight_age_per_day": st.floats(0, 5),
        "weight_worth": st.floats(0, 5),
        "age_counts_for": st.integers(0, 30 * 86400),
    }
)


@given(drawn=drawn_claims, changes=weights, size=st.integers(1, 4))
@settings(max_examples=60)
def test_pages_of_the_queue_are_the_queue_sorted_by_priority(
    migrated_file: Path, drawn: list[Drawn], changes: dict[str, float], size: int
) -> None:
    policy = replace(Policy().with_changes(changes), page_size=size)
    asyncio.run(_check(migrated_file, drawn, policy))


async def _check(migrated: Path, drawn: list[Drawn], policy: Policy) -> None:
    folder = Path(tempfile.mkdtemp(prefix="queue-", dir=_FAST if os.path.isdir(_FAST) else None))
    database = await Database.open(Path(shutil.copy(migrated, folder / "factdesk.db")), NOW)
    try:
        async with database.write() as ledger:
            await _fill(ledger, drawn)
            wanted = [line for line in await ledger.figures.list_open() if line.claim.state in STATES]
            points = sorted((priority_of(line, NOW, policy).total for line in wanted), reverse=True)
            shown = []
            for offset in range(0, len(wanted), policy.page_size):
                page = await queue_page(ledger, NOW, policy, offset)
                assert (page.total, page.offset) == (len(wanted), offset)
                shown += page.lines
            assert {line.claim.id for line in shown} == {line.claim.id for line in wanted}
            assert [priority_of(line, NOW, policy).total for line in shown] == pytest.approx(points, abs=1e-6)
            found = [line.claim.id async for line in by_priority(ledger, STATES, NOW, policy, page=1)]
            assert found == [line.claim.id for line in shown]
    finally:
        await database.close()
        shutil.rmtree(folder)


async def _fill(ledger: Ledger, drawn: list[Drawn]) -> None:
    for state, severity, hours, worth, requests in drawn:
        closed = ClosingReason.SPAM if state is ClaimState.CLOSED else None
        claim = await a_claim(
            ledger,
            severity=severity,
            worth=worth,
            state=state,
            closing_reason=closed,
            now=NOW - timedelta(hours=hours),
        )
        for _ in range(requests):
            await a_request(ledger, claim)


async def test_a_page_beyond_the_end_is_the_last_one_and_an_empty_queue_has_one(ledger: Ledger) -> None:
    page = await queue_page(ledger, NOW, Policy(), 10)
    assert (page.lines, page.total, page.offset) == ([], 0, 0)
    for _ in range(7):
        await a_claim(ledger, state=ClaimState.QUEUED)
    page = await queue_page(ledger, NOW, Policy(page_size=5), 100)
    assert ([line.claim.id for line in page.lines], page.total, page.offset) == ([6, 7], 7, 5)


async def test_whoever_takes_a_question_back_does_not_count_and_a_wrong_count_is_found(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    first = await a_request(ledger, claim)
    await a_request(ledger, claim)
    await ledger.session.execute(f"UPDATE requests SET state = 'withdrawn' WHERE id = {first.id}")
    other = await a_claim(ledger, state=ClaimState.QUEUED)
    await ledger.session.execute(f"UPDATE requests SET claim_id = {other.id} WHERE state = 'waiting'")
    rows = await ledger.session.fetch_all("SELECT asked, waiting FROM claims ORDER BY id")
    assert rows == [(0, 0), (1, 1)]
    found, total = await ledger.backlog.list_demanded((ClaimState.QUEUED,), limit=9)
    assert ([(each.id, asked) for each, asked in found], total) == ([(other.id, 1)], 1)
    await ledger.session.execute("UPDATE claims SET waiting = 0")
    broken = [problem.code for problem in await find_broken_invariants(ledger, quorum=2)]
    assert "demand_wrong" in broken
