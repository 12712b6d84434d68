"""Correcting and retracting: published versions stay, two editors change what is public, and everybody is told once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from jobs import correcting
from jobs.duplicates import merge, unmerge
from jobs.listen import hear
from jobs.policy import Policy
from jobs.publish import approve
from jobs.requests import ask
from jobs.watch import watch
from storage.corrections import Correction
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import ChatKind, ClaimState, CorrectionKind, CorrectionState, Role
from storage.ledger import Ledger
from storage.model import ChatId, Claim, ClaimId, Person
from tests.jobs.test_duplicates import queued, reviewed
from tests.support.builders import NOW, a_chat, a_person, an_editor

POLICY = Policy(undo_within=timedelta(0))
LATER = NOW + timedelta(minutes=5)
CHANNEL = -100700


async def published(ledger: Ledger, editor: Person, *askers: Person) -> Claim:
    """A claim that two reviewers found false, released by an editor; the askers were told."""
    claim = await queued(ledger)
    for each in askers:
        await ask(ledger, each, claim, NOW)
    claim = await reviewed(ledger, claim, "false", "false")
    await approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    return await ledger.claims.get(claim.id)


async def readers(ledger: Ledger, count: int) -> list[Person]:
    return [await a_person(ledger, role=Role.PUBLIC) for _ in range(count)]


async def newest(ledger: Ledger) -> Correction:
    row = await ledger.session.fetch_one("SELECT max(id) FROM corrections")
    assert row is not None
    return await ledger.corrections.get(row[0])


async def drafted(
    ledger: Ledger, editor: Person, claim: Claim, rating: str = "mostly_true", why: str = "A new record."
) -> Correction:
    """A draft made as in chat: the command, the button, the reason as a message."""
    await correcting.begin(ledger, editor, claim.id, LATER)
    version = await ledger.verdicts.find_published(claim.id)
    assert version is not None
    await correcting.choose(ledger, editor, claim.id, version.version, rating, LATER, POLICY)
    await hear(ledger, editor, why, None, LATER, POLICY, forwarded=False)
    return await newest(ledger)


async def corrected(ledger: Ledger, author: Person, other: Person, claim: Claim, rating: str = "mostly_true") -> None:
    """A correction on which two editors agree."""
    draft = await drafted(ledger, author, claim, rating)
    assert not await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    draft = await newest(ledger)
    await correcting.release(ledger, other, draft.id, draft.revision, LATER)


async def put(ledger: Ledger, kind: str, chat: int | None = None) -> list[dict[str, Any]]:
    rows = await ledger.session.fetch_all(
        "SELECT payload FROM outbox WHERE kind = :kind AND (:chat IS NULL OR chat_id = :chat) ORDER BY id",
        {"kind": kind, "chat": chat},
    )
    return [json.loads(payload) for (payload,) in rows]


async def versions_told(ledger: Ledger, person: Person) -> list[int]:
    shown = await put(ledger, "verdict_published", person.telegram_id)
    return [(await ledger.verdicts.get(each["verdict"])).version for each in shown]


async def sent(ledger: Ledger) -> None:
    """Let everything go out; each message gets a number of its own."""
    while rows := await ledger.outbox.lease_due(LATER + timedelta(days=1), 100):
        for row in rows:
            edit = row.card is not None and row.card.startswith("message:")
            number = int(row.card.partition(":")[2]) if edit and row.card else 5000 + row.id
            await ledger.outbox.mark_sent(row, [number], LATER)


async def sound(ledger: Ledger) -> bool:
    return await find_broken_invariants(ledger, quorum=2) == []


async def test_a_correction_is_a_new_version_and_everybody_who_got_the_old_one_gets_it_once(ledger: Ledger) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    people = await readers(ledger, 3)
    claim = await published(ledger, author, *people)
    old = await ledger.verdicts.find_published(claim.id)

    await corrected(ledger, author, other, claim)

    first, second = await ledger.verdicts.list_versions(claim.id)
    assert first == old
    assert (second.version, second.rating, second.reason) == (2, "mostly_true", "A new record.")
    assert (second.decided_by, second.published_at) == (other.id, LATER)
    assert await ledger.verdicts.list_sources(second.id) == await ledger.verdicts.list_sources(first.id)
    assert [await versions_told(ledger, person) for person in people] == [[1, 2]] * 3
    assert (await ledger.claims.get(claim.id)).state is ClaimState.PUBLISHED
    late = (await readers(ledger, 1))[0]
    await ask(ledger, late, await ledger.claims.get(claim.id), LATER)
    assert await versions_told(ledger, late) == [2]
    assert await sound(ledger)


async def test_until_another_editor_releases_it_nothing_public_changes(ledger: Ledger) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    (reader,) = await readers(ledger, 1)
    claim = await published(ledger, author, reader)
    draft = await drafted(ledger, author, claim)
    await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    draft = await newest(ledger)
    with pytest.raises(NotAllowed) as refused:
        await correcting.release(ledger, author, draft.id, draft.revision, LATER)
    assert refused.value.code == "correction_is_yours"
    assert (await ledger.claims.get(claim.id)).state is ClaimState.PUBLISHED
    assert await versions_told(ledger, reader) == [1]
    assert len(await put(ledger, "correction_shown", other.telegram_id)) == 1
    await correcting.drop(ledger, other, draft.id, draft.revision, LATER)
    assert (await newest(ledger)).state is CorrectionState.DROPPED
    assert [each["code"] for each in await put(ledger, "notice", author.telegram_id)] == ["correction_dropped"]
    with pytest.raises(Stale):
        await correcting.release(ledger, other, draft.id, draft.revision, LATER)
    assert await sound(ledger)


@pytest.mark.parametrize("alone", [True, False])
async def test_nobody_else_or_no_approval_and_it_is_released_at_once(ledger: Ledger, alone: bool) -> None:
    author = await an_editor(ledger)
    if not alone:
        await an_editor(ledger)
    claim = await published(ledger, author)
    draft = await drafted(ledger, author, claim)
    policy = Policy(approval=alone)
    assert await correcting.propose(ledger, author, draft.id, draft.revision, LATER, policy)
    assert len(await ledger.verdicts.list_versions(claim.id)) == 2
    (entry,) = [each for each in await ledger.audit.list_of("claim", claim.id) if each.action == "correction.released"]
    assert entry.data["alone"] is True
    assert await sound(ledger)


async def test_who_reviewed_and_corrects_alone_and_every_version_after_it_says_so(ledger: Ledger) -> None:
    approver = await an_editor(ledger)
    claim = await published(ledger, approver)
    reviewer = (await ledger.reviews.list_submitted(claim.id))[0].person_id
    await ledger.people.mark_role(reviewer, Role.EDITOR)
    await ledger.people.mark_unreachable(approver.id)
    author = await ledger.people.get(reviewer)
    draft = await drafted(ledger, author, claim)
    assert await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    await ledger.people.mark_reachable(approver.id)
    await corrected(ledger, author, approver, claim, "true")
    said = [version.by_reviewer for version in await ledger.verdicts.list_versions(claim.id)]
    assert said == [False, True, True]
    assert await sound(ledger)


async def test_a_retraction_takes_the_verdict_back_and_tells_everybody_who_got_any_version(ledger: Ledger) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    people = await readers(ledger, 2)
    claim = await published(ledger, author, *people)
    await corrected(ledger, author, other, claim)
    await correcting.begin_retraction(ledger, author, claim.id, LATER)
    await hear(ledger, author, "The record was forged.", None, LATER, POLICY, forwarded=False)
    draft = await newest(ledger)
    assert draft.kind is CorrectionKind.RETRACTION
    await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    draft = await newest(ledger)
    await correcting.release(ledger, other, draft.id, draft.revision, LATER)

    assert (await ledger.claims.get(claim.id)).state is ClaimState.RETRACTED
    for person in people:
        assert await put(ledger, "verdict_retracted", person.telegram_id) == [{"correction": draft.id}]
    with pytest.raises(Refused) as refused:
        await correcting.begin(ledger, author, claim.id, LATER)
    assert refused.value.code == "nothing_published"
    shown, total = await ledger.corrections.list_released(0, 1)
    assert ([each.id for each in shown], total) == ([draft.id], 2)
    assert await sound(ledger)


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("retracted", [True, False])
async def test_who_could_not_be_reached_is_told_once_back_what_the_desk_says_now(
    ledger: Ledger, asks: bool, retracted: bool
) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    (reader,) = await readers(ledger, 1)
    if asks:
        claim = await published(ledger, author, reader)
    else:
        claim, same = await published(ledger, author), await queued(ledger)
        await ask(ledger, reader, same, NOW)
        await merge(ledger, author, same.id, same.revision, claim.id, claim.revision, NOW, POLICY)
        await unmerge(ledger, author, same.id, NOW, POLICY)
    await corrected(ledger, author, other, claim)
    if retracted:
        await correcting.begin_retraction(ledger, author, claim.id, LATER)
        await hear(ledger, author, "The record was forged.", None, LATER, POLICY, forwarded=False)
        draft = await newest(ledger)
        await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
        draft = await newest(ledger)
        await correcting.release(ledger, other, draft.id, draft.revision, LATER)
    await ledger.outbox.drop_queued(ChatId(reader.telegram_id), "blocked", LATER)

    for expected in (1, 0):
        assert await ledger.posts.revive_answers(reader.id, LATER) == expected
    rows = await ledger.session.fetch_all(
        "SELECT kind, payload FROM outbox WHERE chat_id = :chat AND state = 'queued'", {"chat": reader.telegram_id}
    )
    second = await ledger.verdicts.find_published(claim.id)
    assert second is not None
    wanted = (
        ("verdict_retracted", {"correction": draft.id})
        if retracted
        else ("verdict_published", {"verdict": second.id, "to": "requester"})
    )
    assert [(kind, json.loads(payload)) for kind, payload in rows] == [wanted]


async def test_the_post_of_a_channel_is_edited_and_a_note_of_the_correction_posted_below_it(ledger: Ledger) -> None:
    await a_chat(ledger, CHANNEL, kind=ChatKind.CHANNEL, publishes=True)
    author, other = await an_editor(ledger), await an_editor(ledger)
    claim = await published(ledger, author)
    await sent(ledger)
    (first,) = await ledger.posts.list_of(claim.id)
    assert first.message_id is not None
    for round_, rating in enumerate(("mostly_true", "true"), 1):
        await corrected(ledger, author, other, claim, rating)
        edits = await ledger.session.fetch_all("SELECT card FROM outbox WHERE kind = 'verdict_amended'")
        assert edits == [(f"message:{first.message_id}",)] * round_
        notes = await ledger.session.fetch_all("SELECT reply_to FROM outbox WHERE kind = 'correction_posted'")
        assert notes == [(first.message_id,)] * round_
        await sent(ledger)
    assert await watch(ledger, LATER, POLICY) == 0
    assert await sound(ledger)


async def test_a_post_that_was_on_its_way_is_edited_once_it_is_there(ledger: Ledger) -> None:
    await a_chat(ledger, CHANNEL, kind=ChatKind.CHANNEL, publishes=True)
    author, other = await an_editor(ledger), await an_editor(ledger)
    claim = await published(ledger, author)
    await corrected(ledger, author, other, claim)
    assert await put(ledger, "verdict_amended") == []
    await sent(ledger)
    assert await watch(ledger, LATER, POLICY) == 1
    assert await put(ledger, "verdict_amended", CHANNEL) == [{"claim": claim.id}]
    assert await watch(ledger, LATER, POLICY) == 0


async def test_who_got_the_verdict_through_a_merge_that_was_taken_apart_gets_its_correction(ledger: Ledger) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    (reader,) = await readers(ledger, 1)
    claim, same = await published(ledger, author), await queued(ledger)
    await ask(ledger, reader, same, NOW)
    await merge(ledger, author, same.id, same.revision, claim.id, claim.revision, NOW, POLICY)
    await unmerge(ledger, author, same.id, NOW, POLICY)
    assert await versions_told(ledger, reader) == [1]
    await corrected(ledger, author, other, await ledger.claims.get(claim.id))
    assert await versions_told(ledger, reader) == [1, 2]
    assert await sound(ledger)


async def test_the_summary_can_be_written_anew_and_a_change_of_nothing_is_refused(ledger: Ledger) -> None:
    author = await an_editor(ledger)
    claim = await published(ledger, author)
    draft = await drafted(ledger, author, claim, "false")
    with pytest.raises(Refused) as refused:
        await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    assert refused.value.code == "correction_changes_nothing"
    await correcting.ask_summary(ledger, author, draft.id, draft.revision, LATER)
    await hear(ledger, author, "The record of May says otherwise.", None, LATER, POLICY, forwarded=False)
    with pytest.raises(Stale):
        await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    draft = await newest(ledger)
    assert await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    version = await ledger.verdicts.find_published(claim.id)
    assert version is not None
    assert (version.rating, version.summary) == ("false", "The record of May says otherwise.")


async def test_a_double_tap_an_old_card_or_somebody_elses_draft_changes_nothing(ledger: Ledger) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    claim = await published(ledger, author)
    draft = await drafted(ledger, author, claim)
    for wish in (
        correcting.propose(ledger, other, draft.id, draft.revision, LATER, POLICY),
        correcting.drop(ledger, other, draft.id, draft.revision, LATER),
        correcting.release(ledger, other, draft.id, draft.revision, LATER),
        correcting.ask_summary(ledger, other, draft.id, draft.revision, LATER),
        correcting.choose(ledger, author, claim.id, 2, "true", LATER, POLICY),
    ):
        with pytest.raises(Stale):
            await wish
    await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    proposed = await newest(ledger)
    await correcting.release(ledger, other, proposed.id, proposed.revision, LATER)
    with pytest.raises(Stale):
        await correcting.release(ledger, other, proposed.id, proposed.revision, LATER)
    assert len(await ledger.verdicts.list_versions(claim.id)) == 2


async def test_of_two_drafts_the_second_is_dropped_when_the_first_is_released(ledger: Ledger) -> None:
    author, other = await an_editor(ledger), await an_editor(ledger)
    claim = await published(ledger, author)
    draft = await drafted(ledger, other, claim, "true")
    await correcting.ask_summary(ledger, other, draft.id, draft.revision, LATER)
    await corrected(ledger, author, other, claim)
    assert (await ledger.corrections.get(draft.id)).state is CorrectionState.DROPPED
    assert await ledger.people.find_focus(other.id) is None
    assert await sound(ledger)


async def test_only_editors_correct_and_only_what_is_published(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger)
    claim = await published(ledger, editor)
    for begin in (correcting.begin, correcting.begin_retraction):
        with pytest.raises(NotAllowed):
            await begin(ledger, reviewer, claim.id, LATER)
        with pytest.raises(NotFound):
            await begin(ledger, editor, ClaimId(99), LATER)
        with pytest.raises(Refused) as refused:
            await begin(ledger, editor, (await queued(ledger)).id, LATER)
        assert refused.value.code == "nothing_published"


async def test_whoever_becomes_an_editor_gets_the_card_of_what_waits(ledger: Ledger) -> None:
    author, _ = await an_editor(ledger), await an_editor(ledger)
    claim = await published(ledger, author)
    draft = await drafted(ledger, author, claim)
    await correcting.propose(ledger, author, draft.id, draft.revision, LATER, POLICY)
    late = await an_editor(ledger)
    assert await watch(ledger, LATER, POLICY) == 1
    assert await put(ledger, "correction_shown", late.telegram_id) == [{"correction": draft.id}]
    assert await watch(ledger, LATER, POLICY) == 0
