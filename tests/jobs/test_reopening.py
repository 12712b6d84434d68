"""After the answer: one voice each on whether it answered, and new evidence that reopens a claim or is declined."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from jobs import correcting, reopening
from jobs.closing import ask_closing, close
from jobs.desk_ruling import add_rule, switch_rule
from jobs.dispatch import hand_out
from jobs.duplicates import ask_merge
from jobs.intake.submit import request_text
from jobs.listen import hear, hear_file, takes_files
from jobs.policy import Policy
from jobs.publish import approve
from jobs.watch import watch
from storage.errors import NotAllowed, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import (
    ClaimState,
    ClosingReason,
    CorrectionState,
    FileKind,
    ObjectionState,
    ReviewState,
    Role,
    RuleState,
    Severity,
)
from storage.ledger import Ledger
from storage.model import ChatId, Claim, Person
from storage.objections import Objection, Voices
from storage.values import SentFile
from tests.jobs.test_correcting import drafted, sent, versions_told
from tests.jobs.test_duplicates import queued
from tests.storage.test_integrity import hand_in
from tests.support.builders import NOW, a_person, an_editor

POLICY = Policy(undo_within=timedelta(0))
LATER = NOW + timedelta(minutes=5)


async def answered(ledger: Ledger) -> tuple[Person, Person, Claim]:
    """An editor, a reader who was told that a claim is false, and the claim; both reviewers are on duty."""
    editor, reader = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    for person in [await a_person(ledger, on_duty=True) for _ in range(2)]:
        if not await ledger.claims.list_in(tuple(ClaimState)):
            await request_text(ledger, reader, "The bridge is six kilometres long.", None, NOW, POLICY)
        await hand_out(ledger, NOW, POLICY)
        await hand_in(ledger, person, "false", NOW, POLICY)
    (claim,) = await ledger.claims.list_in((ClaimState.AGREED,))
    await approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    return editor, reader, await ledger.claims.get(claim.id)


async def write(ledger: Ledger, person: Person, text: str, *, forwarded: bool = False) -> None:
    await hear(ledger, person, text, None, LATER, POLICY, forwarded=forwarded)


async def brought(ledger: Ledger, reader: Person, claim: Claim) -> Objection:
    await reopening.ask_evidence(ledger, reader, claim.id, LATER)
    await write(ledger, reader, "See https://example.org/engineers", forwarded=True)
    return (await ledger.objections.list_waiting(claim.id))[-1]


async def codes(ledger: Ledger, person: Person) -> list[str]:
    rows = await ledger.session.fetch_all(
        "SELECT payload FROM outbox WHERE kind = 'notice' AND chat_id = :chat ORDER BY id", {"chat": person.telegram_id}
    )
    return [json.loads(payload)["code"] for (payload,) in rows]


async def sound(ledger: Ledger) -> bool:
    return await find_broken_invariants(ledger, quorum=2) == []


async def test_each_person_has_one_voice_on_whether_a_version_answered_them(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    verdict = await ledger.verdicts.find_published(claim.id)
    assert verdict is not None
    for helped in (True, True, False):
        await reopening.give_feedback(ledger, reader, verdict.id, LATER, helped=helped)
    assert await ledger.objections.voices(verdict.id) == Voices(yes=0, no=1)
    with pytest.raises(NotAllowed):
        await reopening.give_feedback(ledger, editor, verdict.id, LATER, helped=True)


async def test_evidence_goes_to_the_editors_and_a_decline_is_told(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    objection = await brought(ledger, reader, claim)
    with pytest.raises(Refused) as refused:
        await reopening.ask_evidence(ledger, reader, claim.id, LATER)
    assert refused.value.code == "evidence_waits"
    await reopening.decline(ledger, editor, objection.id, LATER)
    assert (await ledger.objections.get(objection.id)).state is ObjectionState.DECLINED
    assert await codes(ledger, reader) == ["evidence_received", "evidence_declined"]
    assert (await ledger.claims.get(claim.id)).state is ClaimState.PUBLISHED
    for again in (reopening.decline, reopening.ask_reason):
        with pytest.raises(Stale):
            await again(ledger, editor, objection.id, LATER)
    assert await sound(ledger)


async def test_a_reopened_claim_is_reviewed_anew_and_the_next_version_says_why(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    objection = await brought(ledger, reader, claim)
    draft = await drafted(ledger, await an_editor(ledger), claim)
    await sent(ledger)
    await reopening.ask_reason(ledger, editor, objection.id, LATER)
    await write(ledger, editor, "The engineers published the length.")

    assert (await ledger.claims.get(claim.id)).state is ClaimState.QUEUED
    assert (await ledger.corrections.get(draft.id)).state is CorrectionState.DROPPED
    assert await codes(ledger, reader) == ["evidence_received", "evidence_accepted"]
    states = await ledger.session.fetch_all("SELECT state FROM reviews")
    assert states == [(ReviewState.WITHDRAWN,)] * 2
    (line,) = await ledger.figures.list_open()
    assert line.rating is None
    assert await sound(ledger)

    for load in await ledger.people.list_on_duty():
        await hand_out(ledger, LATER, POLICY)
        await hand_in(ledger, load.person, "true", LATER, POLICY)
    claim = await ledger.claims.get(claim.id)
    card = f"decision:{claim.id}"
    assert await ledger.outbox.find_card(ChatId(editor.telegram_id), card) is None, "the old one stays far up the chat"
    assert await ledger.outbox.shows(ChatId(editor.telegram_id), card)
    verdict = await approve(ledger, editor, claim.id, claim.revision, LATER, POLICY)
    assert (verdict.version, verdict.rating) == (2, "true")
    assert verdict.reason == "The engineers published the length."
    assert await versions_told(ledger, reader) == [1, 2]
    assert await sound(ledger)


async def test_evidence_may_be_a_photo_or_document_that_editors_can_see(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    await reopening.ask_evidence(ledger, reader, claim.id, LATER)
    assert await takes_files(ledger, reader)
    photo = SentFile(FileKind.PHOTO, "photo-1", "unique-1")
    await hear_file(ledger, reader, photo, "The gate in March", LATER, POLICY)
    (objection,) = await ledger.objections.list_waiting(claim.id)
    assert (objection.text, objection.file_kind, objection.file_id) == ("The gate in March", "photo", "photo-1")
    assert not await takes_files(ledger, reader)
    assert await codes(ledger, reader) == ["evidence_received"]
    await reopening.show_file(ledger, editor, objection.id, LATER)
    rows = await ledger.session.fetch_all(
        "SELECT payload FROM outbox WHERE kind = 'file_shown' AND chat_id = :chat", {"chat": editor.telegram_id}
    )
    assert [json.loads(payload) for (payload,) in rows] == [{"objection": objection.id}]
    with pytest.raises(NotAllowed):
        await reopening.show_file(ledger, reader, objection.id, LATER)
    await reopening.ask_reason(ledger, editor, objection.id, LATER)
    assert not await takes_files(ledger, editor), "the reason is words"


async def test_only_who_was_told_brings_evidence_and_only_editors_decide(ledger: Ledger) -> None:
    _, reader, claim = await answered(ledger)
    other = await a_person(ledger, role=Role.PUBLIC)
    with pytest.raises(NotAllowed) as refused:
        await reopening.ask_evidence(ledger, other, claim.id, LATER)
    assert refused.value.code == "answer_not_yours"
    objection = await brought(ledger, reader, claim)
    for decide in (reopening.decline, reopening.ask_reason):
        with pytest.raises(NotAllowed):
            await decide(ledger, reader, objection.id, LATER)


async def test_a_retracted_claim_can_be_reopened_too(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    await correcting.begin_retraction(ledger, editor, claim.id, LATER)
    await write(ledger, editor, "The record was forged.")
    await correcting.propose(ledger, editor, 1, 1, LATER, POLICY)
    objection = await brought(ledger, reader, await ledger.claims.get(claim.id))
    await reopening.ask_reason(ledger, editor, objection.id, LATER)
    await write(ledger, editor, "There is a real record.")
    assert (await ledger.claims.get(claim.id)).state is ClaimState.QUEUED
    assert await sound(ledger)


async def test_what_was_public_once_is_not_merged_while_it_is_checked_again(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    objection = await brought(ledger, reader, claim)
    await reopening.ask_reason(ledger, editor, objection.id, LATER)
    await write(ledger, editor, "Look again.")
    other = await queued(ledger)
    with pytest.raises(Refused) as refused:
        await ask_merge(ledger, editor, claim.id, other.id, LATER)
    assert refused.value.code == "merge_of_decided"
    with pytest.raises(Stale) as stale:
        await reopening.ask_evidence(ledger, reader, claim.id, LATER)
    assert stale.value.code == "evidence_not_now"


async def test_what_was_public_once_is_not_closed_while_it_is_checked_again(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    objection = await brought(ledger, reader, claim)
    await reopening.ask_reason(ledger, editor, objection.id, LATER)
    await write(ledger, editor, "The engineers published the length.")
    for attempt in (
        close(ledger, editor, claim.id, ClosingReason.SPAM, LATER, POLICY),
        ask_closing(ledger, editor, claim.id, LATER),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.code == "closing_of_public"
    for typed in ("text contains bridge then close spam", "text contains bridge then severity high"):
        rule = await add_rule(ledger, editor, typed, LATER)
        await switch_rule(ledger, editor, rule.id, RuleState.OFF, RuleState.ON, LATER, POLICY)
        assert (await ledger.claims.get(claim.id)).state is ClaimState.QUEUED
    assert (await ledger.claims.get(claim.id)).severity is Severity.HIGH
    assert "closed" not in " ".join(await codes(ledger, reader))
    assert await sound(ledger)


async def test_of_two_editors_at_one_evidence_the_second_is_told_that_it_is_decided(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    other = await an_editor(ledger)
    objection = await brought(ledger, reader, claim)
    await reopening.ask_reason(ledger, other, objection.id, LATER)
    await reopening.decline(ledger, editor, objection.id, LATER)
    assert await ledger.people.find_focus(other.id) is None
    late = await an_editor(ledger)
    await brought(ledger, reader, claim)
    await watch(ledger, LATER, POLICY)
    shown = await ledger.session.fetch_all(
        "SELECT 1 FROM outbox WHERE kind = 'evidence_due' AND chat_id = :chat", {"chat": late.telegram_id}
    )
    assert len(shown) == 1
