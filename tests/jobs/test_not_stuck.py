"""No claim is left lying: not when all pass it on, nor when the rules or the editors change under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.views.status import status_shown
from bot.views.verdicts import verdict_published
from bot.views.words import words_for
from jobs import practice, publish, review
from jobs.dispatch import expire, hand_out
from jobs.intake.submit import Incoming, take_in
from jobs.listen import hear
from jobs.membership import lose_contact, meet
from jobs.policy import Policy
from jobs.requests import ask
from jobs.watch import watch
from storage.errors import NotAllowed, Refused
from storage.kinds import AssignmentState, ClaimState, DocumentKind, Role
from storage.ledger import Ledger
from storage.model import AssignmentId, Person
from tests.bot.views.facts import seen
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_request, a_review, an_editor

POLICY = Policy(undo_within=timedelta(0))


async def holders(ledger: Ledger, claim_id: int) -> set[int]:
    return {each.person_id for each in await ledger.assignments.list_for_claim(claim_id) if each.ended_at is None}


async def pass_all(ledger: Ledger, claim_id: int, people: list[Person], now: datetime) -> None:
    for person in people:
        assignment = await ledger.assignments.find_live(claim_id, person.id)
        assert assignment is not None
        await review.pass_on(ledger, person, assignment.id, now, POLICY)


async def test_a_claim_that_all_passed_on_is_offered_to_newcomers_at_once_and_to_the_others_after_a_day(
    ledger: Ledger,
) -> None:
    editor = await an_editor(ledger, "Edda")
    both = [await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)]
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await hand_out(ledger, NOW, POLICY)
    await pass_all(ledger, claim.id, both, NOW)
    assert await holders(ledger, claim.id) == set()

    await hand_out(ledger, NOW + timedelta(hours=1), POLICY)
    told = await ledger.session.fetch_all("SELECT person_id FROM outbox WHERE payload LIKE '%claim_passed_by_all%'")
    assert told == [(editor.id,)], "each editor, once"
    assert await holders(ledger, claim.id) == set(), "not again so soon"

    fresh = await a_person(ledger, on_duty=True)
    await hand_out(ledger, NOW + timedelta(hours=2), POLICY)
    assert await holders(ledger, claim.id) == {fresh.id}

    await hand_out(ledger, NOW + POLICY.ask_again_after, POLICY)
    assert await holders(ledger, claim.id) == {fresh.id, both[0].id}


async def test_who_passed_a_claim_on_is_the_last_to_be_asked_again(ledger: Ledger) -> None:
    first, later = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await hand_out(ledger, NOW, replace(POLICY, quorum=1))
    await pass_all(ledger, claim.id, [first], NOW)
    assert await holders(ledger, claim.id) == {later.id}
    lease = await ledger.assignments.find_live(claim.id, later.id)
    assert lease is not None
    await ledger.assignments.mark_ended(lease.id, AssignmentState.EXPIRED, NOW)
    await hand_out(ledger, NOW + timedelta(days=2), replace(POLICY, quorum=1))
    assert await holders(ledger, claim.id) == {later.id}


@pytest.mark.parametrize("demoted", [Role.PUBLIC])
async def test_who_is_no_reviewer_any_more_can_do_nothing_on_their_card(demoted: Role, ledger: Ledger) -> None:
    person = await a_person(ledger)
    lease = await a_lease(ledger, await a_claim(ledger, state=ClaimState.IN_REVIEW), person)
    await ledger.people.mark_role(person.id, demoted)
    person = await ledger.people.get(person.id)
    for step in (
        review.rate(ledger, person, lease.id, "false", NOW, POLICY),
        review.explain(ledger, person, lease.id, "So it is.", NOW, POLICY),
        review.submit(ledger, person, lease.id, 1, NOW, POLICY),
        review.pass_on(ledger, person, lease.id, NOW, POLICY),
        review.show_again(ledger, person, lease.id, NOW),
    ):
        with pytest.raises(NotAllowed, match="role_needed"):
            await step


async def test_the_only_editor_is_kept_out_of_a_review_that_they_alone_would_have_to_approve(ledger: Ledger) -> None:
    editor = await a_person(ledger, role=Role.EDITOR, on_duty=True)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await hand_out(ledger, NOW, replace(POLICY, quorum=1))
    assert await holders(ledger, claim.id) == set()
    await hand_out(ledger, NOW, replace(POLICY, quorum=1, approval=False))
    assert await holders(ledger, claim.id) == {editor.id}


async def test_an_editor_who_reviewed_decides_only_if_there_is_no_other_and_the_desk_permits_it_and_all_are_told(
    ledger: Ledger,
) -> None:
    party = await an_editor(ledger, "Edda")
    other = await an_editor(ledger, "Omar")
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await a_review(ledger, claim, party, rating="true")
    for rating in ("false", "satire"):
        await a_review(ledger, claim, rating=rating)
    claim = await ledger.claims.get(claim.id)
    with pytest.raises(NotAllowed, match="adjudicator_reviewed"):
        await publish.ask_reason(ledger, party, claim.id, claim.revision, "false", NOW, POLICY)

    tiny = replace(POLICY, reviewer_may_adjudicate=True)
    with pytest.raises(NotAllowed, match="adjudicator_reviewed"):
        await publish.ask_reason(ledger, party, claim.id, claim.revision, "false", NOW, tiny)

    await lose_contact(ledger, other.id, NOW, POLICY)
    with pytest.raises(NotAllowed, match="adjudicator_alone"):
        await publish.ask_reason(ledger, party, claim.id, claim.revision, "false", NOW, POLICY)
    await publish.ask_reason(ledger, party, claim.id, claim.revision, "false", NOW, tiny)
    with pytest.raises(NotAllowed, match="adjudicator_alone"):
        await publish.adjudicate(ledger, party, claim.id, "false", "The better source.", NOW, POLICY)
    with pytest.raises(Refused, match="text_too_long"):
        await hear(ledger, party, "w" * (tiny.text_max + 1), None, NOW, tiny, forwarded=False)
    await hear(ledger, party, "The better source.", None, NOW, tiny, forwarded=False)
    assert (await ledger.claims.get(claim.id)).state is ClaimState.PUBLISHED
    (entry,) = [entry for entry in await ledger.audit.list_of("claim", claim.id) if entry.action == "claim.adjudicate"]
    assert entry.data["reviewed"] is True
    verdict = await ledger.verdicts.find_published(claim.id)
    assert verdict is not None
    assert verdict.by_reviewer
    status = await ledger.figures.status(claim.id)
    said = {
        "en": "Decided by an editor who had also reviewed the claim",
        "bn": "একজন সম্পাদকের সিদ্ধান্ত, যিনি দাবিটি যাচাইও করেছিলেন",
    }
    for language, sentence in said.items():
        words = words_for(language)
        assert sentence in seen(verdict_published(verdict, [], claim, status.document, words))
        assert sentence in seen(status_shown(status, Role.PUBLIC, words, POLICY, asked=False))


async def test_an_answer_that_could_not_be_delivered_comes_when_the_person_is_back(ledger: Ledger) -> None:
    editor = await an_editor(ledger, "Edda")
    reader = await a_person(ledger, role=Role.PUBLIC)
    claim = await a_claim(ledger, state=ClaimState.AGREED)
    await a_request(ledger, claim, reader)
    for _ in range(2):
        await a_review(ledger, claim)
    claim = await ledger.claims.get(claim.id)
    await publish.approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    (answer,) = [row for row in await ledger.outbox.lease_due(NOW, 10) if row.person_id == reader.id]
    await ledger.outbox.mark_dead(answer.id, "Forbidden", NOW)
    await lose_contact(ledger, reader.id, NOW, POLICY)

    later = NOW + timedelta(days=3)
    in_a_group = await meet(ledger, reader.telegram_id, reader.name, None, later, (), private=False)
    assert not in_a_group.reachable, "words in a group do not prove that they can be written to"
    back = await meet(ledger, reader.telegram_id, reader.name, None, later, ())
    assert back.reachable
    assert [row.id for row in await ledger.outbox.lease_due(later, 10)] == [answer.id]
    await ledger.outbox.mark_sent(answer, [5], later)
    await meet(ledger, reader.telegram_id, reader.name, None, later, ())
    assert not await ask(ledger, back, await ledger.claims.get(claim.id), later)
    assert await ledger.outbox.lease_due(later, 10) == [], "once delivered, it stays at that"


async def test_who_became_editor_later_gets_the_cards_of_what_waits(ledger: Ledger) -> None:
    old = await an_editor(ledger, "Edda")
    claim = await a_claim(ledger, state=ClaimState.AGREED)
    for _ in range(2):
        await a_review(ledger, claim)
    assert await watch(ledger, NOW, POLICY) == 1
    new = await an_editor(ledger, "Nila")
    assert await watch(ledger, NOW, POLICY) == 1
    assert await watch(ledger, NOW, POLICY) == 0
    cards = await ledger.session.fetch_all("SELECT person_id FROM outbox WHERE kind = 'decision_due' ORDER BY id")
    assert cards == [(old.id,), (new.id,)]

    for row in await ledger.outbox.lease_due(NOW, 10):
        await ledger.outbox.mark_dead(row.id, "BadRequest", NOW)
    assert await watch(ledger, NOW + timedelta(minutes=1), POLICY) == 0, "what Telegram refused is not repeated at once"
    assert await watch(ledger, NOW + timedelta(hours=1, minutes=1), POLICY) == 2


async def test_a_change_of_the_quorum_moves_the_claims_that_it_concerns(ledger: Ledger) -> None:
    await an_editor(ledger, "Edda")
    claim = await a_claim(ledger, state=ClaimState.AGREED)
    for _ in range(2):
        await a_review(ledger, claim)
    await watch(ledger, NOW, POLICY)

    await watch(ledger, NOW, replace(POLICY, quorum=3))
    assert (await ledger.claims.get(claim.id)).state is ClaimState.IN_REVIEW
    await watch(ledger, NOW, POLICY)
    assert (await ledger.claims.get(claim.id)).state is ClaimState.AGREED
    await watch(ledger, NOW, replace(POLICY, scale=POLICY.scale[:2]))
    assert (await ledger.claims.get(claim.id)).state is ClaimState.AGREED, "a rating off the scale moves nothing"


async def test_sentences_beyond_the_most_are_counted(ledger: Ledger) -> None:
    text = " ".join(f"The bridge number {n} was opened in 19{n}." for n in range(60, 70))
    incoming = Incoming(DocumentKind.ARTICLE, text)
    intake = await take_in(ledger, incoming, None, NOW, replace(POLICY, max_claims_per_document=7))
    assert (len(intake.claims), intake.left_out) == (7, 3)


async def test_a_withdrawn_request_can_be_made_again(ledger: Ledger) -> None:
    request = await a_request(ledger)
    assert await ledger.requests.add(request.claim_id, request.person_id, NOW) is None
    await ledger.session.execute("UPDATE requests SET state = 'withdrawn' WHERE id = :id", {"id": request.id})
    again = await ledger.requests.add(request.claim_id, request.person_id, NOW)
    assert again is not None
    assert (again.id, again.state) == (request.id, "waiting")


async def test_editors_are_not_told_of_a_claim_that_somebody_has(ledger: Ledger) -> None:
    await an_editor(ledger, "Edda")
    first, second = await a_person(ledger, on_duty=True), await a_person(ledger, on_duty=True)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await hand_out(ledger, NOW, POLICY)
    offer = await ledger.assignments.find_live(claim.id, second.id)
    assert offer is not None
    await review.take(ledger, second, offer.id, NOW, POLICY)
    await pass_all(ledger, claim.id, [first], NOW)
    await hand_out(ledger, NOW + timedelta(minutes=1), POLICY)
    assert not await ledger.session.fetch_all("SELECT id FROM outbox WHERE payload LIKE '%claim_passed_by_all%'")


async def test_a_rating_chosen_before_a_claim_was_reopened_is_forgotten(ledger: Ledger) -> None:
    editor = await an_editor(ledger, "Edda")
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    for rating in ("true", "false", "satire"):
        await a_review(ledger, claim, rating=rating)
    claim = await ledger.claims.get(claim.id)
    await publish.ask_reason(ledger, editor, claim.id, claim.revision, "false", NOW, POLICY)
    await watch(ledger, NOW, replace(POLICY, max_reviews=4))
    assert (await ledger.claims.get(claim.id)).state is ClaimState.IN_REVIEW
    await hear(ledger, editor, "Is the bridge 6 km long?", None, NOW, POLICY, forwarded=False)
    assert await ledger.submissions.find_gathering(editor.id, NOW) is not None


async def test_a_review_with_a_rating_off_the_scale_holds_up_its_own_claim_only(ledger: Ledger) -> None:
    odd = await a_claim(ledger, "The moon is 4 km wide.", state=ClaimState.IN_REVIEW)
    await a_review(ledger, odd, await a_person(ledger), rating="satire")
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    person = await a_person(ledger, on_duty=True)
    policy = replace(POLICY, scale=POLICY.scale[:5])
    assert await hand_out(ledger, NOW, policy) == 1
    assert await holders(ledger, claim.id) == {person.id}
    offer = await ledger.assignments.find_live(claim.id, person.id)
    assert offer is not None
    await review.take(ledger, person, offer.id, NOW, policy)


async def test_two_leases_of_a_claim_that_run_out_together_both_end(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    await a_review(ledger, claim)
    one, two = await a_lease(ledger, claim), await a_lease(ledger, claim)
    later = NOW + timedelta(days=3)
    await expire(ledger, later, replace(POLICY, quorum=1))
    assert [(await ledger.assignments.get(each.id)).state for each in (one, two)] == [
        AssignmentState.EXPIRED,
        AssignmentState.WITHDRAWN,
    ]
    assert (await ledger.claims.get(claim.id)).state is ClaimState.AGREED


async def test_who_is_lost_in_the_middle_of_practice_is_not_in_it_when_they_come_back(ledger: Ledger) -> None:
    person = await a_person(ledger)
    await practice.show(ledger, person, NOW, POLICY)
    await practice.go_on(ledger, person, person.id, AssignmentId(0), NOW, POLICY)
    (offer,) = await ledger.session.fetch_all("SELECT id FROM assignments WHERE claim_id < 0")
    await review.take(ledger, person, AssignmentId(offer[0]), NOW, POLICY)
    await lose_contact(ledger, person.id, NOW, POLICY)
    back = await meet(ledger, person.telegram_id, person.name, None, NOW, ())
    await hear(ledger, back, "Is the bridge 6 km long?", None, NOW, POLICY, forwarded=False)
    assert await ledger.submissions.find_gathering(person.id, NOW) is not None
