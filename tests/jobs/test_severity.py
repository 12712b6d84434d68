"""An editor says how much harm a claim can do, and its place in the queue follows."""

from __future__ import annotations

import pytest

from jobs.lifecycle import Action
from jobs.lookup import queue_page
from jobs.policy import Policy
from jobs.severity import set_severity
from jobs.tags import change_tags
from jobs.transitions import advance
from storage.errors import NotAllowed, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import ClaimState, Severity
from storage.ledger import Ledger
from storage.model import Claim
from tests.support.builders import NOW, a_claim, a_person, an_editor

LOW, NORMAL, HIGH, CRITICAL = Severity


async def queued(ledger: Ledger) -> Claim:
    return await advance(ledger, await a_claim(ledger), Action.QUEUE, NOW)


async def changes(ledger: Ledger) -> list[tuple[object, ...]]:
    rows = await ledger.session.fetch_all("SELECT actor, data FROM audit WHERE action = 'claim.severity' ORDER BY id")
    return [tuple(row) for row in rows]


async def test_the_place_in_the_queue_follows(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    first, second = await queued(ledger), await queued(ledger)

    async def order() -> list[int]:
        return [line.claim.id for line in (await queue_page(ledger, NOW, Policy(), 0)).lines]

    assert await order() == [first.id, second.id]
    await set_severity(ledger, editor, second.id, NORMAL, CRITICAL, NOW)
    assert await order() == [second.id, first.id]
    await set_severity(ledger, editor, second.id, CRITICAL, LOW, NOW)
    assert await order() == [first.id, second.id]
    assert [actor for actor, _ in await changes(ledger)] == [editor.id] * 2
    await change_tags(ledger, editor, second, ("flood",), (), NOW)
    # Neither is a move: the invariant that reads moves from the audit log passes over them.
    assert await find_broken_invariants(ledger, quorum=Policy().quorum) == []
    assert (await changes(ledger))[1][1] == '{"severity":"low","was":"critical"}'


async def test_a_double_tap_is_one_change_and_the_slower_editor_is_told(ledger: Ledger) -> None:
    one, two = await an_editor(ledger), await an_editor(ledger)
    claim = await queued(ledger)
    for _ in range(2):
        await set_severity(ledger, one, claim.id, NORMAL, HIGH, NOW)
    assert len(await changes(ledger)) == 1
    with pytest.raises(Stale, match="severity_changed"):
        await set_severity(ledger, two, claim.id, NORMAL, LOW, NOW)
    assert (await ledger.claims.get(claim.id)).severity is HIGH


async def test_not_for_reviewers_and_not_for_what_is_over(ledger: Ledger) -> None:
    claim = await queued(ledger)
    with pytest.raises(NotAllowed):
        await set_severity(ledger, await a_person(ledger), claim.id, NORMAL, HIGH, NOW)
    closed = await a_claim(ledger, state=ClaimState.CLOSED)
    with pytest.raises(Refused, match="severity_of_ended"):
        await set_severity(ledger, await an_editor(ledger), closed.id, NORMAL, HIGH, NOW)
    assert await changes(ledger) == []
