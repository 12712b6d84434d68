"""Merging and taking apart: everybody who asked gets one answer, and what was is again as it was."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from jobs.dispatch import settle
from jobs.duplicates import ask_merge, merge, suggestions, unmerge
from jobs.intake.submit import Incoming, request_text, take_in
from jobs.lifecycle import Action
from jobs.policy import Policy
from jobs.publish import approve, ask_reason
from jobs.requests import ask, canonical
from jobs.transitions import advance
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, DocumentKind, Role
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim, ClaimId, Person
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_review, an_editor, an_offer

POLICY = Policy(undo_within=timedelta(0))
LATER = NOW + timedelta(minutes=5)
STAMPS = {"claims": {"revision"}}


async def everything(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Return every row there is, without the audit, the messages, and the stamps of a change."""
    tables = await ledger.session.fetch_all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'claim_*' AND name NOT GLOB 'sqlite*'"
    )
    found = {}
    for (name,) in tables:
        if name in ("audit", "outbox", "sent_messages"):
            continue
        columns = [row[1] for row in await ledger.session.fetch_all(f"PRAGMA table_info({name})")]
        rows = await ledger.session.fetch_all(f"SELECT * FROM {name} ORDER BY 1, 2")
        left_out = STAMPS.get(name, set())
        found[name] = [
            {column: value for column, value in zip(columns, row, strict=True) if column not in left_out}
            for row in rows
        ]
    assert found["claims"]
    return found


async def queued(ledger: Ledger, text: str | None = None) -> Claim:
    return await advance(ledger, await a_claim(ledger, text), Action.QUEUE, NOW)


async def published(ledger: Ledger, editor: Person, text: str | None = None) -> Claim:
    """A claim on which two reviewers agreed and which the editor approved."""
    claim = await reviewed(ledger, await queued(ledger, text), "false", "false")
    await approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    return await ledger.claims.get(claim.id)


async def reviewed(ledger: Ledger, claim: Claim, *ratings: str) -> Claim:
    claim = await advance(ledger, await ledger.claims.get(claim.id), Action.START, NOW)
    for rating in ratings:
        await a_review(ledger, claim, rating=rating)
    await settle(ledger, claim.id, NOW, POLICY)
    return await ledger.claims.get(claim.id)


async def merged(ledger: Ledger, editor: Person, claim: Claim, known: Claim) -> bool:
    """Merge as a button does that shows the two as they are."""
    claim, known = await ledger.claims.get(claim.id), await canonical(ledger, await ledger.claims.get(known.id))
    return await merge(ledger, editor, claim.id, claim.revision, known.id, known.revision, LATER, POLICY)


async def answers(ledger: Ledger) -> list[tuple[int, int]]:
    """Return (person's chat, claim) of every answer to a requester."""
    rows = await ledger.session.fetch_all(
        "SELECT chat_id, payload FROM outbox WHERE kind = 'verdict_published' ORDER BY id"
    )
    found = []
    for chat, payload in rows:
        data = json.loads(payload)
        if data["to"] == "requester":
            found.append((chat, (await ledger.verdicts.get(data["verdict"])).claim_id))
    return found


async def waiting_at(ledger: Ledger, claim: Claim) -> list[int]:
    """Return who waits for an answer about a claim."""
    return sorted(each.person_id for each in await ledger.requests.list_unanswered(claim.id, 1))


async def told(ledger: Ledger, person: Person, code: str) -> int:
    rows = await ledger.session.fetch_all(
        "SELECT payload FROM outbox WHERE kind = 'notice' AND chat_id = :chat", {"chat": person.telegram_id}
    )
    return sum(json.loads(payload)["code"] == code for (payload,) in rows)


# Who may, and what may not be


async def test_only_editors_merge_and_take_apart(ledger: Ledger) -> None:
    one, two = await queued(ledger), await queued(ledger)
    reviewer = await a_person(ledger, role=Role.REVIEWER)
    for wish in (
        ask_merge(ledger, reviewer, one.id, two.id, NOW),
        merge(ledger, reviewer, one.id, one.revision, two.id, two.revision, NOW, POLICY),
        unmerge(ledger, reviewer, one.id, NOW, POLICY),
    ):
        with pytest.raises(NotAllowed):
            await wish


async def refusal(ledger: Ledger, editor: Person, claim: ClaimId, known: ClaimId) -> Refused:
    with pytest.raises(Refused) as refused:
        await ask_merge(ledger, editor, claim, known, NOW)
    with pytest.raises(type(refused.value)):
        await merge(ledger, editor, claim, 0, known, 0, NOW, POLICY)
    return refused.value


async def test_what_cannot_be_merged_is_refused_with_the_reason(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    one, two, three = [await queued(ledger) for _ in range(3)]
    done = await published(ledger, editor)
    closed = await a_claim(ledger, state=ClaimState.CLOSED)

    assert (await refusal(ledger, editor, one.id, one.id)).code == "merge_into_itself"
    assert (await refusal(ledger, editor, one.id, ClaimId(99))).code == "claim_not_found"
    assert (await refusal(ledger, editor, done.id, one.id)).code == "merge_of_decided"
    assert (await refusal(ledger, editor, closed.id, one.id)).code == "merge_of_ended"
    assert (await refusal(ledger, editor, one.id, closed.id)).code == "merge_into_ended"
    await merged(ledger, editor, one, two)
    again = await refusal(ledger, editor, one.id, two.id)
    assert (type(again), again.code) == (Stale, "merged_already")
    assert (await refusal(ledger, editor, two.id, one.id)).code == "merge_in_a_circle"
    assert (await refusal(ledger, editor, one.id, three.id)).code == "merged_elsewhere"
    with pytest.raises(Refused) as refused:
        await unmerge(ledger, editor, two.id, NOW, POLICY)
    assert refused.value.code == "not_merged"


async def test_practice_claims_do_not_exist_for_it(ledger: Ledger) -> None:
    editor, one = await an_editor(ledger), await queued(ledger)
    await ledger.session.execute(
        """
        INSERT INTO claims
          (id, document_id, position, quote, text, key, language, state, created_at, state_at, owed_since, practice)
        SELECT -1, document_id, 9, 'q', 'q', 'k', 'en', 'new', created_at, state_at, owed_since, 1 FROM claims LIMIT 1
        """
    )
    for pair in ((ClaimId(-1), one.id), (one.id, ClaimId(-1))):
        with pytest.raises(NotFound):
            await ask_merge(ledger, editor, *pair, NOW)


async def test_a_button_made_before_something_changed_shows_what_a_merge_would_do_now(ledger: Ledger) -> None:
    editor, one, two = await an_editor(ledger), await queued(ledger), await queued(ledger)
    assert not await merge(ledger, editor, one.id, one.revision - 1, two.id, two.revision, NOW, POLICY)
    assert not await merge(ledger, editor, one.id, one.revision, two.id, two.revision - 1, NOW, POLICY)
    assert (await ledger.claims.get(one.id)).state is ClaimState.QUEUED
    (row,) = await ledger.session.fetch_all("SELECT payload FROM outbox WHERE kind = 'merge_shown'")
    assert json.loads(row[0])["step"] == "asked"
    await merged(ledger, editor, one, two)
    merged_now = await ledger.claims.get(one.id)
    with pytest.raises(Stale):
        await unmerge(ledger, editor, one.id, NOW, POLICY, revision=merged_now.revision - 1)


# Who is answered


async def test_who_asked_about_either_gets_one_answer(ledger: Ledger) -> None:
    editor, one, two = await an_editor(ledger), await queued(ledger), await queued(ledger)
    first, second, both = [await a_person(ledger, role=Role.PUBLIC) for _ in range(3)]
    for person, claims in ((first, (one,)), (second, (two,)), (both, (one, two))):
        for claim in claims:
            await ask(ledger, person, claim, NOW)
    await merged(ledger, editor, one, two)
    assert await waiting_at(ledger, two) == sorted([first.id, second.id, both.id])
    assert await ledger.requests.count(two.id) == 3
    claim = await reviewed(ledger, two, "false", "false")
    await approve(ledger, editor, two.id, claim.revision, NOW, POLICY)
    assert sorted(await answers(ledger)) == sorted((each.telegram_id, two.id) for each in (first, second, both))


async def test_with_a_published_claim_they_are_answered_at_once_and_only_once(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    known, one = await published(ledger, editor), await queued(ledger)
    person = await a_person(ledger, role=Role.PUBLIC)
    await ask(ledger, person, one, NOW)
    await merged(ledger, editor, one, known)
    assert await answers(ledger) == [(person.telegram_id, known.id)]

    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await waiting_at(ledger, one) == [person.id]
    assert await told(ledger, person, "answer_was_anothers") == 1
    await merged(ledger, editor, one, known)
    assert await answers(ledger) == [(person.telegram_id, known.id)], "the same verdict twice"

    await unmerge(ledger, editor, one.id, LATER, POLICY)
    claim = await reviewed(ledger, one, "true", "true")
    await approve(ledger, editor, one.id, claim.revision, NOW, POLICY)
    assert await answers(ledger) == [(person.telegram_id, known.id), (person.telegram_id, one.id)]


async def test_a_question_in_the_words_of_a_duplicate_goes_with_it_when_it_is_taken_apart(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    one, two = await queued(ledger, "The bridge is 6 km long."), await queued(ledger, "The dam was built by monks.")
    await merged(ledger, editor, one, two)
    late, both = await a_person(ledger, role=Role.PUBLIC), await a_person(ledger, role=Role.PUBLIC)
    await request_text(ledger, late, one.text, None, LATER, POLICY)
    await request_text(ledger, both, one.text, None, LATER, POLICY)
    await request_text(ledger, both, two.text, None, LATER, POLICY)
    assert await waiting_at(ledger, two) == [late.id, both.id]
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await waiting_at(ledger, one) == [late.id, both.id]
    assert await waiting_at(ledger, two) == [both.id]


async def test_a_merge_that_the_desk_made_by_itself_can_be_taken_apart(ledger: Ledger) -> None:
    editor, person = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    known, again = (
        "North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded.",
        "NORTH KOREA sent about 15000 troops to the Russia: of whom 5000 were killed or wounded!",
    )
    first = (await take_in(ledger, Incoming(DocumentKind.MESSAGE, known, whole=True), None, NOW, POLICY)).claims[0]
    await request_text(ledger, person, again, None, NOW, POLICY)
    (other,) = await ledger.claims.list_in((ClaimState.DUPLICATE,))
    assert await waiting_at(ledger, first.claim) == [person.id]
    await unmerge(ledger, editor, other.id, LATER, POLICY)
    assert (await ledger.claims.get(other.id)).state is ClaimState.QUEUED
    assert await waiting_at(ledger, other) == [person.id]
    assert await waiting_at(ledger, first.claim) == []


async def test_a_chain_ends_at_one_claim_and_can_be_undone_in_any_order(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    one, two, three = [await queued(ledger) for _ in range(3)]
    asker = {claim.id: await a_person(ledger, role=Role.PUBLIC) for claim in (one, two, three)}
    for claim in (one, two, three):
        await ask(ledger, asker[claim.id], claim, NOW)
    before = await everything(ledger)
    await merged(ledger, editor, one, two)
    await merged(ledger, editor, two, three)
    assert len(await waiting_at(ledger, three)) == 3
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await waiting_at(ledger, one) == [asker[one.id].id]
    assert len(await waiting_at(ledger, three)) == 2
    await unmerge(ledger, editor, two.id, LATER, POLICY)
    assert await everything(ledger) == before


# What was put aside


async def test_work_on_a_merged_claim_ends_and_goes_on_when_it_is_taken_apart(ledger: Ledger) -> None:
    editor, one, two = await an_editor(ledger), await queued(ledger), await queued(ledger)
    worker, offered = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    lease = await a_lease(ledger, one, worker)
    await advance(ledger, one, Action.START, NOW)
    await ledger.reviews.open_draft(one.id, worker.id, NOW)
    await ledger.people.mark_focus(worker.id, one.id, Awaiting.SOURCE, NOW)
    offer = await an_offer(ledger, one, offered)
    before = await everything(ledger)

    await merged(ledger, editor, one, two)
    for each in (lease, offer):
        assert (await ledger.assignments.get(each.id)).state is AssignmentState.WITHDRAWN
    for person, each in ((worker, lease), (offered, offer)):
        assert await ledger.outbox.shows(person.telegram_id, f"work:{each.id}")
    assert await ledger.people.find_focus(worker.id) is None
    assert await ledger.reviews.find_live(one.id, worker.id) is not None, "the draft is kept"

    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await everything(ledger) == before


@pytest.mark.parametrize("ratings", [("false", "false"), ("true", "false", "satire")])
async def test_reviews_that_were_in_decide_again_what_they_decided(ledger: Ledger, ratings: tuple[str, ...]) -> None:
    editor, two = await an_editor(ledger), await queued(ledger)
    one = await reviewed(ledger, await queued(ledger), *ratings)
    if one.state is ClaimState.DISPUTED:
        await ask_reason(ledger, editor, one.id, one.revision, "false", NOW, POLICY)
    before = await everything(ledger)
    await merged(ledger, editor, one, two)
    assert await ledger.people.find_focus(editor.id) is None
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await everything(ledger) == before


async def test_what_an_editor_was_to_sort_is_to_be_sorted_again(ledger: Ledger) -> None:
    editor, two = await an_editor(ledger), await queued(ledger)
    one = await advance(ledger, await a_claim(ledger), Action.TRIAGE, NOW)
    before = await everything(ledger)
    await merged(ledger, editor, one, two)
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await everything(ledger) == before


async def test_who_asked_about_the_one_no_longer_reviews_the_other_until_they_are_apart(ledger: Ledger) -> None:
    editor, one, two = await an_editor(ledger), await queued(ledger), await queued(ledger)
    worker = await a_person(ledger, on_duty=True)
    lease = await a_lease(ledger, two, worker)
    await advance(ledger, two, Action.START, NOW)
    await ledger.people.mark_focus(worker.id, two.id, Awaiting.RATING, NOW)
    await ask(ledger, worker, one, NOW)
    before = await everything(ledger)
    await merged(ledger, editor, one, two)
    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.RECUSED
    assert (await ledger.claims.get(two.id)).state is ClaimState.QUEUED
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    assert await everything(ledger) == before


@pytest.mark.parametrize("why", ["late", "left", "off duty", "busy", "asked"])
async def test_work_that_is_no_longer_possible_is_not_taken_up_again(ledger: Ledger, why: str) -> None:
    editor, one, two = await an_editor(ledger), await queued(ledger), await queued(ledger)
    person = await a_person(ledger, on_duty=True)
    offer = await an_offer(ledger, one, person)
    now = LATER
    await merged(ledger, editor, one, two)
    match why:
        case "late":
            now = offer.expires_at
        case "left":
            await ledger.people.mark_role(person.id, Role.PUBLIC)
        case "off duty":
            await ledger.people.mark_duty(person.id, on_duty=False)
        case "busy":
            for _ in range(POLICY.open_offers):
                await an_offer(ledger, await queued(ledger), person)
        case _:
            await ask(ledger, person, one, LATER)
    await unmerge(ledger, editor, one.id, now, POLICY)
    assert (await ledger.assignments.get(offer.id)).state is AssignmentState.WITHDRAWN


async def test_what_was_done_is_in_the_audit_log(ledger: Ledger) -> None:
    editor, one, two = await an_editor(ledger), await queued(ledger), await queued(ledger)
    await an_offer(ledger, one, await a_person(ledger, on_duty=True))
    await ask(ledger, await a_person(ledger, role=Role.PUBLIC), one, NOW)
    await merged(ledger, editor, one, two)
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    entries = [*await ledger.audit.list_of("claim", one.id), *await ledger.audit.list_of("claim", two.id)]
    done = {entry.action: entry.actor for entry in entries}
    assert done["claim.merge"] == done["claim.unmerge"] == done["request.moved"] == editor.id
    assert {"assignment.withdrawn", "assignment.restored"} <= set(done)


# What is suggested


async def test_a_suggestion_is_the_claim_that_stands_for_it_today(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    one, two, three = [await queued(ledger) for _ in range(3)]
    parts = {"shared": 3, "total": 4, "names": [], "new_numbers": [], "known_numbers": [], "negated": False}
    for known, score in ((two, 0.9), (three, 0.8)):
        await ledger.matches.add(one.id, known.id, MatchLevel.SIMILAR, score, MatchMethod.WORDS, parts, NOW)
    assert [line.known.id for line in await suggestions(ledger, one)] == [two.id, three.id]
    await merged(ledger, editor, two, three)
    assert [line.known.id for line in await suggestions(ledger, one)] == [three.id]
    await merged(ledger, editor, one, three)
    assert await suggestions(ledger, await ledger.claims.get(one.id)) == []
    # Who takes them apart has said that they are not the same.
    await unmerge(ledger, editor, one.id, LATER, POLICY)
    await unmerge(ledger, editor, two.id, LATER, POLICY)
    assert [line.known.id for line in await suggestions(ledger, one)] == [two.id]
