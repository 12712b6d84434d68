"""What an editor approves, closes or merges can be taken back for a while, and then nothing of it is left."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from jobs import approval, duplicates, publish, triage
from jobs.closing import close, reopen
from jobs.dispatch import hand_out
from jobs.holding import let_stand, take_back_approval
from jobs.policy import Policy
from jobs.requests import ask
from storage.database import Database
from storage.errors import NotAllowed, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import ClaimState, ClosingReason, Role
from storage.ledger import Ledger
from storage.model import Claim, Person
from tests.jobs.test_duplicates import everything, queued, reviewed
from tests.jobs.test_triage import a_heap
from tests.support.builders import NOW, a_chat, a_lease, a_person, an_editor

POLICY = Policy()
SOON, OVER = NOW + timedelta(seconds=29), NOW + POLICY.undo_within
CHANNEL = -100_500
_FAST = "/dev/shm"  # noqa: S108 - many small desks; nothing here is about surviving a power cut

Steps = Callable[[Ledger, Person, Claim], Awaitable[None]]


async def messages(ledger: Ledger, kind: str) -> list[tuple[int, Any]]:
    """Return (chat, payload) of the messages of a kind."""
    rows = await ledger.session.fetch_all(
        "SELECT chat_id, payload FROM outbox WHERE kind = :kind ORDER BY id", {"kind": kind}
    )
    return [(row[0], json.loads(row[1])) for row in rows]


async def agreed(ledger: Ledger) -> tuple[Person, Person, Claim]:
    """An editor, somebody who asked, and a claim that waits for approval; verdicts go to a channel."""
    editor, asker = await an_editor(ledger, "Edda"), await a_person(ledger, role=Role.PUBLIC)
    await a_chat(ledger, CHANNEL, publishes=True)
    claim = await queued(ledger)
    await ask(ledger, asker, claim, NOW)
    return editor, asker, await reviewed(ledger, claim, "false", "false")


async def test_an_approval_is_public_only_when_it_can_no_longer_be_taken_back(ledger: Ledger) -> None:
    editor, asker, claim = await agreed(ledger)
    await publish.approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    assert await let_stand(ledger, SOON, POLICY) == 0
    assert await messages(ledger, "verdict_published") == []
    assert (await ledger.claims.get(claim.id)).state is ClaimState.APPROVED
    assert await find_broken_invariants(ledger, quorum=2) == []

    assert await let_stand(ledger, OVER, POLICY) == 1
    assert await let_stand(ledger, OVER, POLICY) == 0
    assert [chat for chat, _ in await messages(ledger, "verdict_published")] == [asker.telegram_id, CHANNEL]
    now = await ledger.claims.get(claim.id)
    assert now.state is ClaimState.PUBLISHED
    for at in (SOON, OVER):
        with pytest.raises(Stale, match="undo_over"):
            await take_back_approval(ledger, editor, claim.id, now.revision, at)
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_an_approval_taken_back_was_never_told_and_can_be_given_again(ledger: Ledger) -> None:
    editor, asker, claim = await agreed(ledger)
    other = await an_editor(ledger, "Omar")
    await publish.approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    held = await ledger.claims.get(claim.id)
    with pytest.raises(NotAllowed):
        await take_back_approval(ledger, asker, claim.id, held.revision, SOON)
    with pytest.raises(Stale, match="undo_over"):
        await take_back_approval(ledger, other, claim.id, held.revision, OVER)
    with pytest.raises(Stale, match="undo_over"):
        await take_back_approval(ledger, other, claim.id, held.revision - 1, SOON)
    await take_back_approval(ledger, other, claim.id, held.revision, SOON)
    with pytest.raises(Stale, match="undo_over"):
        await take_back_approval(ledger, editor, claim.id, held.revision, SOON)
    assert await let_stand(ledger, OVER, POLICY) == 0
    assert await messages(ledger, "verdict_published") == []

    claim = await ledger.claims.get(claim.id)
    await publish.approve(ledger, editor, claim.id, claim.revision, OVER, POLICY)
    await let_stand(ledger, OVER + POLICY.undo_within, POLICY)
    verdict = await ledger.verdicts.find_published(claim.id)
    assert verdict is not None
    assert verdict.version == 1
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_a_closing_taken_back_in_time_is_heard_of_by_nobody_and_later_by_all(ledger: Ledger) -> None:
    editor, asker = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    claim = await queued(ledger)
    await ask(ledger, asker, claim, NOW)
    await close(ledger, editor, claim.id, ClosingReason.OPINION, NOW, POLICY)
    await reopen(ledger, editor, claim.id, SOON, POLICY)
    assert await messages(ledger, "claims_closed") == []
    assert await messages(ledger, "notice") == []
    assert (await ledger.claims.get(claim.id)).state is ClaimState.QUEUED

    await close(ledger, editor, claim.id, ClosingReason.OPINION, NOW, POLICY)
    await let_stand(ledger, OVER, POLICY)
    await reopen(ledger, editor, claim.id, OVER, POLICY)
    assert len(await messages(ledger, "claims_closed")) == 1
    assert [told["code"] for _, told in await messages(ledger, "notice")] == ["claim_reopened"]
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_of_several_closed_together_one_taken_back_leaves_the_message_about_the_others(ledger: Ledger) -> None:
    editor, asker = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    document = await a_heap(ledger)
    claims = [each.claim for each in await ledger.triage.list_sentences(document)]
    for claim in claims:
        await ask(ledger, asker, claim, NOW)
    sorting = Policy(queue_from_documents=False)
    await triage.choose_all(ledger, editor, document, NOW, chosen=False)
    seen = triage.print_of(await ledger.triage.list_sentences(document), sorting)
    await triage.close_rest(ledger, editor, document, seen, ClosingReason.SPAM, NOW, sorting)
    await reopen(ledger, editor, claims[0].id, SOON, sorting)
    assert (await ledger.claims.get(claims[0].id)).state is ClaimState.TRIAGE
    ((_, payload),) = await messages(ledger, "claims_closed")
    assert payload["claims"] == [each.id for each in claims[1:]]


async def test_what_was_closed_together_is_taken_back_together_on_the_card_of_the_document(ledger: Ledger) -> None:
    editor, other, asker = await an_editor(ledger), await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    document = await a_heap(ledger)
    for sentence in await ledger.triage.list_sentences(document):
        await ask(ledger, asker, sentence.claim, NOW)
    before = await ledger.triage.list_sentences(document)
    sorting = Policy(queue_from_documents=False)
    for taken_back in (other, editor):
        await triage.choose_all(ledger, editor, document, NOW, chosen=False)
        seen = triage.print_of(await ledger.triage.list_sentences(document), sorting)
        await triage.close_rest(ledger, editor, document, seen, ClosingReason.SPAM, NOW, sorting)
        card = await triage.sorting_of(ledger, document, editor.id, SOON, sorting)
        assert (card.total, card.closed, card.just_closed) == (0, len(before), len(before))
        assert await triage.take_back_closing(ledger, taken_back, document, SOON, sorting) == len(before)
        with pytest.raises(Stale, match="closing_told"):
            await triage.take_back_closing(ledger, taken_back, document, SOON, sorting)
        assert await messages(ledger, "claims_closed") == []
        waiting = await ledger.triage.list_sentences(document)
        assert [each.claim.id for each in waiting] == [each.claim.id for each in before]
        assert {each.claim.state_at for each in waiting} == {each.claim.state_at for each in before}
    seen = triage.print_of(await ledger.triage.list_sentences(document), sorting)
    await triage.close_rest(ledger, editor, document, seen, ClosingReason.SPAM, NOW, sorting)
    assert (await triage.sorting_of(ledger, document, editor.id, OVER, sorting)).just_closed == 0
    with pytest.raises(Stale, match="closing_told"):
        await triage.take_back_closing(ledger, editor, document, OVER, sorting)
    with pytest.raises(NotAllowed):
        await triage.take_back_closing(ledger, asker, document, SOON, sorting)
    assert len(await messages(ledger, "claims_closed")) == 1
    assert await find_broken_invariants(ledger, quorum=2) == []


async def test_who_has_been_sent_the_answer_of_a_merge_is_told_that_it_was_not_about_theirs(ledger: Ledger) -> None:
    editor, asker, claim = await agreed(ledger)
    await publish.approve(ledger, editor, claim.id, claim.revision, NOW, Policy(undo_within=timedelta(0)))
    end = await ledger.claims.get(claim.id)
    for at, notices in ((SOON, 0), (OVER, 1)):
        other = await a_person(ledger, role=Role.PUBLIC)
        same = await queued(ledger)
        await ask(ledger, other, same, NOW)
        same = await ledger.claims.get(same.id)
        assert await duplicates.merge(ledger, editor, same.id, same.revision, end.id, end.revision, NOW, POLICY)
        await duplicates.unmerge(ledger, editor, same.id, at, POLICY)
        answers = [chat for chat, _ in await messages(ledger, "verdict_published") if chat == other.telegram_id]
        told = [chat for chat, _ in await messages(ledger, "notice") if chat == other.telegram_id]
        assert (len(answers), len(told)) == (notices, notices)
        assert len(await ledger.requests.list_unanswered(same.id, 1)) == 1
    assert asker.telegram_id in [chat for chat, _ in await messages(ledger, "verdict_published")]
    assert await find_broken_invariants(ledger, quorum=2) == []


async def _approve(ledger: Ledger, editor: Person, claim: Claim) -> None:
    await publish.approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    held = await ledger.claims.get(claim.id)
    await take_back_approval(ledger, editor, claim.id, held.revision, SOON)


async def _close(ledger: Ledger, editor: Person, claim: Claim) -> None:
    await close(ledger, editor, claim.id, ClosingReason.SPAM, NOW, POLICY)
    await reopen(ledger, editor, claim.id, SOON, POLICY)


async def _merge(ledger: Ledger, editor: Person, claim: Claim) -> None:
    (end,) = await ledger.claims.list_in((ClaimState.PUBLISHED,))
    assert await duplicates.merge(ledger, editor, claim.id, claim.revision, end.id, end.revision, NOW, POLICY)
    await duplicates.unmerge(ledger, editor, claim.id, SOON, POLICY)


@given(
    ratings=st.lists(st.sampled_from(("true", "false", "satire")), max_size=3),
    lease=st.booleans(),
    asked=st.lists(st.booleans(), min_size=2, max_size=2),
    busy=st.booleans(),
    written=st.booleans(),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_doing_and_undoing_leaves_every_table_as_it_was(
    migrated_file: Path, ratings: list[str], lease: bool, asked: list[bool], busy: bool, written: bool
) -> None:
    with asyncio.Runner() as loop:
        for steps in (_approve, _close, _merge):
            loop.run(_round(migrated_file, steps, ratings, lease, asked, busy, written))


async def _round(
    migrated: Path, steps: Steps, ratings: list[str], lease: bool, asked: list[bool], busy: bool, written: bool
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="holding-", dir=_FAST if os.path.isdir(_FAST) else None))
    database = await Database.open(Path(shutil.copy(migrated, folder / "factdesk.db")), NOW)
    try:
        async with database.write() as ledger:
            editor, asker = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
            known = await reviewed(ledger, await queued(ledger), "true", "true")
            await publish.approve(ledger, editor, known.id, known.revision, NOW, Policy(undo_within=timedelta(0)))
            claim = await queued(ledger)
            for wanted, person in zip(asked, (asker, await a_person(ledger, role=Role.PUBLIC)), strict=True):
                if wanted:
                    await ask(ledger, person, claim, NOW)
            if lease and len(ratings) < 2:
                await a_lease(ledger, claim)
            if ratings:
                claim = await reviewed(ledger, claim, *ratings)
            else:
                await a_person(ledger, on_duty=True)
                await hand_out(ledger, NOW, POLICY)
            claim = await ledger.claims.get(claim.id)
            can = {_approve: claim.state is ClaimState.AGREED, _close: claim.state is not ClaimState.AGREED}
            if not can.get(steps, True):
                return
            if claim.state is ClaimState.AGREED:
                if written:
                    await approval.ask_summary(ledger, editor, claim.id, claim.revision, NOW, POLICY)
                    focus = await ledger.people.find_focus(editor.id)
                    assert focus is not None
                    await approval.take_summary(ledger, editor, focus, "Shorter.", NOW, POLICY)
                    claim = await ledger.claims.get(claim.id)
                if busy:
                    await approval.ask_comment(ledger, editor, claim.id, claim.revision, NOW, POLICY)
            elif claim.state is ClaimState.DISPUTED and busy:
                await publish.ask_reason(ledger, editor, claim.id, claim.revision, "false", NOW, POLICY)
            if await find_broken_invariants(ledger, quorum=2):
                return  # such a desk cannot be
            event(f"{steps.__name__} from {claim.state}")
            before = await everything(ledger)
            sent = await ledger.session.fetch_all("SELECT * FROM outbox WHERE dedup_key IS NOT NULL ORDER BY id")
            await steps(ledger, editor, claim)
            assert await everything(ledger) == before
            assert (await ledger.claims.get(claim.id)).state_at == claim.state_at
            assert sent == await ledger.session.fetch_all(
                "SELECT * FROM outbox WHERE dedup_key IS NOT NULL ORDER BY id"
            ), "nothing is left to be told to who asked"
            assert await find_broken_invariants(ledger, quorum=2) == []
    finally:
        await database.close()
        shutil.rmtree(folder)
