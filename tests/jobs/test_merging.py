"""The order in which claims are merged does not matter, and taking all apart again leaves nothing of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.duplicates import unmerge
from jobs.merging import can_go_on, places
from jobs.policy import Policy
from jobs.publish import approve
from jobs.requests import ask
from storage.database import Database
from storage.kinds import AssignmentState, ClaimState, RequestState, Role
from storage.model import Assignment, AssignmentId, ClaimId, PersonId, Request, RequestId
from tests.bot.views.facts import a_person as person_of
from tests.jobs.test_duplicates import LATER, answers, everything, merged, queued, reviewed
from tests.support.builders import NOW, a_person, an_editor

POLICY = Policy(undo_within=timedelta(0))
CLAIMS, PEOPLE = 5, 3
_FAST = "/dev/shm"  # noqa: S108 - many small desks; nothing here is about surviving a power cut

forests = st.lists(st.integers(0, CLAIMS - 1), min_size=CLAIMS, max_size=CLAIMS)
"""For each claim but the last a later one into which it is merged, or itself."""

questions = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, CLAIMS - 1)), max_size=8, unique=True)


def edges_of(forest: list[int]) -> list[tuple[int, int]]:
    return [(claim, into) for claim, into in enumerate(forest) if into > claim]


def end_of(claim: int, edges: list[tuple[int, int]]) -> int:
    ways = dict(edges)
    while claim in ways:
        claim = ways[claim]
    return claim


@given(data=st.data(), forest=forests, asked=questions)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_in_whatever_order_claims_are_merged_the_same_people_are_answered_once(
    migrated_file: Path, data: st.DataObject, forest: list[int], asked: list[tuple[int, int]]
) -> None:
    edges = edges_of(forest)
    steps = [("merge", edge) for edge in edges] + [("ask", each) for each in asked]
    orders = [data.draw(st.permutations(steps)) for _ in range(2)]
    undone = data.draw(st.permutations(edges))
    with asyncio.Runner() as loop:
        told = [loop.run(_play(migrated_file, order, edges, asked, undone)) for order in orders]
    wanted = sorted({(person, end_of(claim, edges)) for person, claim in asked})
    assert told == [wanted, wanted]


async def _play(
    migrated: Path,
    order: list[tuple[str, tuple[int, int]]],
    edges: list[tuple[int, int]],
    asked: list[tuple[int, int]],
    undone: list[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Ask and merge in this order, take all apart and merge again, publish; returns who was told which claim."""
    folder = Path(tempfile.mkdtemp(prefix="merging-", dir=_FAST if os.path.isdir(_FAST) else None))
    database = await Database.open(Path(shutil.copy(migrated, folder / "factdesk.db")), NOW)
    try:
        async with database.write() as ledger:
            editor = await an_editor(ledger)
            people = [await a_person(ledger, role=Role.PUBLIC) for _ in range(PEOPLE)]
            claims = [await queued(ledger) for _ in range(CLAIMS)]
            for what, (one, two) in order:
                if what == "ask":
                    await ask(ledger, people[one], await ledger.claims.get(claims[two].id), NOW)
                else:
                    assert await merged(ledger, editor, claims[one], claims[two])
            together = await everything(ledger)
            for claim, _ in undone:
                await unmerge(ledger, editor, claims[claim].id, LATER, POLICY)
            apart = await ledger.session.fetch_all("SELECT person_id, asked_id FROM requests WHERE asked_id = claim_id")
            wanted = sorted((people[one].id, claims[two].id) for one, two in asked)
            assert sorted(apart) == wanted, "each question is at its own claim again"
            for claim, into in edges:
                assert await merged(ledger, editor, claims[claim], claims[into])
            again = await everything(ledger)
            assert again["requests"] == together["requests"]
            for number, claim in enumerate(claims):
                if number == end_of(number, edges):
                    agreed = await reviewed(ledger, claim, "false", "false")
                    await approve(ledger, editor, claim.id, agreed.revision, LATER, POLICY)
            names = {person.telegram_id: number for number, person in enumerate(people)}
            numbers = {claim.id: number for number, claim in enumerate(claims)}
            return sorted((names[chat], numbers[claim]) for chat, claim in await answers(ledger))
    finally:
        await database.close()
        shutil.rmtree(folder)


@given(forest=forests, asked=questions, undone=st.randoms(use_true_random=False), published=st.booleans())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_merging_and_taking_apart_leaves_every_table_as_it_was(
    migrated_file: Path, forest: list[int], asked: list[tuple[int, int]], undone: object, published: bool
) -> None:
    edges = edges_of(forest)
    with asyncio.Runner() as loop:
        loop.run(_round(migrated_file, edges, asked, undone, published=published))


async def _round(
    migrated: Path, edges: list[tuple[int, int]], asked: list[tuple[int, int]], undone: object, *, published: bool
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="merging-", dir=_FAST if os.path.isdir(_FAST) else None))
    database = await Database.open(Path(shutil.copy(migrated, folder / "factdesk.db")), NOW)
    try:
        async with database.write() as ledger:
            editor = await an_editor(ledger)
            people = [await a_person(ledger, role=Role.PUBLIC) for _ in range(PEOPLE)]
            claims = [await queued(ledger) for _ in range(CLAIMS)]
            for person, claim in asked:
                await ask(ledger, people[person], claims[claim], NOW)
            if published:
                agreed = await reviewed(ledger, claims[-1], "false", "false")
                await approve(ledger, editor, agreed.id, agreed.revision, NOW, POLICY)
            before = await everything(ledger)
            for claim, into in edges:
                assert await merged(ledger, editor, claims[claim], claims[into])
            order = list(edges)
            undone.shuffle(order)  # type: ignore[attr-defined]  # a Random of hypothesis
            for claim, _ in order:
                await unmerge(ledger, editor, claims[claim].id, LATER, POLICY)
            after = await everything(ledger)
            # That somebody was told a verdict cannot be taken back: it is remembered, so that they are not told twice.
            told = after.pop("answers")
            assert all(each in told for each in before.pop("answers"))
            assert after == before
            assert not await ledger.claims.list_in((ClaimState.DUPLICATE,))
    finally:
        await database.close()
        shutil.rmtree(folder)


@given(asked=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), unique=True), end=st.integers(1, 4))
def test_of_each_persons_requests_one_stands_at_the_end_and_the_others_at_their_own(
    asked: list[tuple[int, int]], end: int
) -> None:
    requests = [
        Request(RequestId(number), ClaimId(claim), ClaimId(claim), PersonId(person), RequestState.WAITING, 0, NOW, None)
        for number, (person, claim) in enumerate(asked)
    ]
    found = places(requests, ClaimId(end))
    assert found == places(reversed(requests), ClaimId(end))
    for person in {request.person_id for request in requests}:
        own = [request for request in requests if request.person_id == person]
        assert [found[each.id] for each in own].count(ClaimId(end)) == 1
        assert all(found[each.id] in (each.asked_id, end) for each in own)


@pytest.mark.parametrize("was", [AssignmentState.OFFERED, AssignmentState.TAKEN])
def test_work_goes_on_only_for_who_may_and_can(was: AssignmentState) -> None:
    def work(number: int, state: AssignmentState, claim: int = 1) -> Assignment:
        return Assignment(AssignmentId(number), ClaimId(claim), PersonId(1), state, NOW, NOW, LATER, None)

    ended, person = work(1, AssignmentState.WITHDRAWN), person_of()
    most = POLICY.capacity if was is AssignmentState.TAKEN else POLICY.open_offers
    full = [work(number, was, claim=number) for number in range(2, 2 + most)]
    assert can_go_on(ended, was, person, full[1:], (), NOW, POLICY)
    assert not can_go_on(ended, was, person, full, (), NOW, POLICY)
    assert not can_go_on(ended, was, person, [work(9, was)], (), NOW, POLICY), "they have it already"
    assert not can_go_on(ended, was, person, (), (person.id,), NOW, POLICY)
    assert not can_go_on(ended, was, person, (), (), LATER, POLICY)
    assert not can_go_on(ended, was, person_of(reachable=False), (), (), NOW, POLICY)
    assert not can_go_on(ended, was, person_of(role=Role.PUBLIC), (), (), NOW + timedelta(0), POLICY)
    resting = person_of(on_duty=False)
    assert can_go_on(ended, was, resting, (), (), NOW, POLICY) is (was is AssignmentState.TAKEN)
