"""Documents, claims, requests and submissions."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.errors import NotFound, Stale
from storage.kinds import ClaimState, ClosingReason, RequestState, SubmissionState
from storage.ledger import Ledger
from storage.model import ClaimId, DocumentId, RequestId, SubmissionId
from storage.search.query import SearchQuery, Term
from tests.support.builders import NOW, a_claim, a_document, a_person, a_request, a_submission, a_verdict

HOUR = timedelta(hours=1)


# --- documents -------------------------------------------------------------------------------------------------------


async def test_a_document_is_kept_verbatim_and_found_by_its_hash(ledger: Ledger) -> None:
    person = await a_person(ledger)
    text = "প্রথম বাক্য।  Two  spaces,\nand a line.\n"
    document = await a_document(ledger, text, submitted_by=person, published_at=NOW - HOUR, language="bn")
    assert await ledger.documents.text_of(document.id) == text
    assert (document.submitted_by, document.published_at, document.created_at) == (person.id, NOW - HOUR, NOW)
    assert await ledger.documents.find_by_hash(document.content_hash) == document
    assert await ledger.documents.get(document.id) == document
    assert await ledger.documents.find_by_hash("f" * 64) is None
    with pytest.raises(NotFound, match="document_not_found"):
        await ledger.documents.get(DocumentId(99))
    with pytest.raises(NotFound, match="document_not_found"):
        await ledger.documents.text_of(DocumentId(99))


async def test_the_same_content_is_not_kept_twice(ledger: Ledger) -> None:
    await a_document(ledger, "Same.")
    with pytest.raises(Stale, match="already_exists"):
        await a_document(ledger, "Same.", title="Another title")


async def test_a_claim_stands_in_every_document_that_says_it(ledger: Ledger) -> None:
    ayesha, bashir = await a_person(ledger), await a_person(ledger)
    first = await a_document(ledger, submitted_by=ayesha)
    second = await a_document(ledger, submitted_by=bashir)
    third = await a_document(ledger)
    claim = await a_claim(ledger, document=first, position=3)
    other = await a_claim(ledger, document=first, position=1)
    for document in (second, third):
        await ledger.documents.add_appearance(document.id, 0, claim.id, "In other words.")
    await ledger.documents.add_appearance(second.id, 5, claim.id, "Once more.")
    await ledger.documents.add_appearance(second.id, 0, other.id, "A place has one quote.")
    assert await ledger.documents.list_claims(first.id) == [other.id, claim.id]
    assert await ledger.documents.list_claims(second.id) == [claim.id]
    assert await ledger.documents.list_quotes(second.id, 0, 4) == [(0, "In other words.")]
    assert await ledger.documents.list_quotes(second.id, 0, 5) == [(0, "In other words."), (5, "Once more.")]
    assert sorted(await ledger.documents.list_submitters(claim.id)) == [ayesha.id, bashir.id]
    assert await ledger.documents.list_submitters(other.id) == [ayesha.id]


# --- claims ----------------------------------------------------------------------------------------------------------


async def test_a_claim_is_new_and_found_by_its_key(ledger: Ledger) -> None:
    claim = await a_claim(ledger, "Rivers flow uphill.", position=4, worth=None)
    assert (claim.state, claim.revision, claim.position, claim.worth) == (ClaimState.NEW, 0, 4, None)
    assert claim.created_at == claim.state_at == NOW
    assert await ledger.claims.get(claim.id) == await ledger.claims.find_by_key(claim.key) == claim
    assert await ledger.claims.find_by_key("x") is None
    assert await ledger.claims.find(ClaimId(99)) is None
    with pytest.raises(NotFound, match="claim_not_found"):
        await ledger.claims.get(ClaimId(99))


async def test_one_normal_form_is_one_claim(ledger: Ledger) -> None:
    claim = await a_claim(ledger, "Rivers flow uphill.")
    with pytest.raises(Stale, match="already_exists"):
        await a_claim(ledger, "RIVERS flow uphill")
    assert await ledger.claims.list_in((ClaimState.NEW,)) == [claim]
    found = await ledger.finding.find(SearchQuery((Term(("rivers",)),)), None, 9)
    assert [each.claim_id for each in found.candidates] == [claim.id]


async def test_a_claim_moves_once_from_what_somebody_saw(ledger: Ledger) -> None:
    seen = await a_claim(ledger)
    moved = await ledger.claims.mark_state(seen, ClaimState.QUEUED, NOW + HOUR)
    assert (moved.state, moved.revision, moved.state_at) == (ClaimState.QUEUED, 1, NOW + HOUR)
    with pytest.raises(Stale, match="claim_changed"):
        await ledger.claims.mark_state(seen, ClaimState.CLOSED, NOW, closing_reason=ClosingReason.SPAM)
    assert await ledger.claims.get(seen.id) == moved


async def test_a_touched_claim_is_not_what_somebody_saw(ledger: Ledger) -> None:
    seen = await a_claim(ledger)
    await ledger.claims.mark_touched(seen.id)
    with pytest.raises(Stale):
        await ledger.claims.mark_state(seen, ClaimState.QUEUED, NOW)
    touched = await ledger.claims.get(seen.id)
    assert (touched.state, touched.state_at, touched.revision) == (seen.state, seen.state_at, 1)
    with pytest.raises(NotFound):
        await ledger.claims.mark_touched(ClaimId(99))


async def test_a_reason_and_a_twin_go_with_their_states_and_leave_with_them(ledger: Ledger) -> None:
    twin = await a_claim(ledger)
    claim = await a_claim(ledger)
    for state, more in (
        (ClaimState.CLOSED, {"closing_reason": ClosingReason.SPAM}),
        (ClaimState.DUPLICATE, {"duplicate_of": twin.id}),
        (ClaimState.QUEUED, {}),
    ):
        claim = await ledger.claims.mark_state(claim, state, NOW, **more)
        assert claim.closing_reason == more.get("closing_reason")
        assert claim.duplicate_of == more.get("duplicate_of")
    with pytest.raises(sqlite3.IntegrityError):
        await ledger.claims.mark_state(claim, ClaimState.CLOSED, NOW)


async def test_claims_are_listed_by_state_in_the_order_of_their_numbers(ledger: Ledger) -> None:
    queued = await a_claim(ledger, state=ClaimState.QUEUED)
    new = await a_claim(ledger)
    disputed = await a_claim(ledger, state=ClaimState.DISPUTED)
    assert await ledger.claims.list_in((ClaimState.DISPUTED, ClaimState.QUEUED)) == [queued, disputed]
    assert await ledger.claims.list_in((ClaimState.NEW,)) == [new]
    assert await ledger.claims.list_in((ClaimState.RETRACTED,)) == []


# --- requests --------------------------------------------------------------------------------------------------------


async def test_a_person_asks_about_a_claim_once(ledger: Ledger) -> None:
    claim, person = await a_claim(ledger), await a_person(ledger)
    request = await a_request(ledger, claim, person)
    assert (request.state, request.answered_version, request.answered_at) == (RequestState.WAITING, 0, None)
    assert await ledger.requests.add(claim.id, person.id, NOW + HOUR) is None
    await a_request(ledger, claim)
    await a_request(ledger, person=person)
    assert await ledger.requests.count(claim.id) == 2
    assert await ledger.requests.count(ClaimId(99)) == 0
    assert (await ledger.requests.list_requesters(claim.id))[0] == person.id


async def test_a_request_is_answered_once_per_version(ledger: Ledger) -> None:
    claim = await a_claim(ledger)
    one, two = await a_request(ledger, claim), await a_request(ledger, claim)
    await a_request(ledger)
    first, second = await a_verdict(ledger, claim), await a_verdict(ledger, claim)
    assert await ledger.requests.list_unanswered(claim.id, 1) == [one, two]
    await ledger.requests.mark_answered(one, first.id, 1, NOW + HOUR)
    assert await ledger.requests.list_unanswered(claim.id, 1) == [two]
    with pytest.raises(NotFound):
        await ledger.requests.mark_answered(one, first.id, 1, NOW)
    again = await ledger.requests.list_unanswered(claim.id, 2)
    assert [request.id for request in again] == [one.id, two.id]
    assert (again[0].state, again[0].answered_version, again[0].answered_at) == (RequestState.ANSWERED, 1, NOW + HOUR)
    await ledger.requests.mark_answered(one, second.id, 2, NOW)
    with pytest.raises(NotFound):
        await ledger.requests.mark_answered(replace(two, id=RequestId(99)), first.id, 1, NOW)


async def test_a_request_taken_back_is_not_answered(ledger: Ledger) -> None:
    request = await a_request(ledger)
    await ledger.session.execute("UPDATE requests SET state = 'withdrawn'")
    assert await ledger.requests.list_unanswered(request.claim_id, 1) == []
    assert await ledger.requests.count(request.claim_id) == 0
    with pytest.raises(NotFound):
        await ledger.requests.mark_answered(request, (await a_verdict(ledger)).id, 1, NOW)


# --- submissions -----------------------------------------------------------------------------------------------------


async def test_messages_sent_soon_after_one_another_are_one_submission(ledger: Ledger) -> None:
    person, other = await a_person(ledger), await a_person(ledger)
    submission = await a_submission(ledger, person, "One.")
    assert await ledger.submissions.find_gathering(person.id, NOW) == submission
    assert await ledger.submissions.find_gathering(person.id, NOW + timedelta(microseconds=1)) is None
    assert await ledger.submissions.find_gathering(other.id, NOW) is None
    await ledger.submissions.mark_text(submission.id, "One.\nTwo.", "https://example.org", NOW + HOUR)
    grown = await ledger.submissions.find_gathering(person.id, NOW + HOUR)
    assert grown is not None
    assert (grown.id, grown.text, grown.source) == (submission.id, "One.\nTwo.", "https://example.org")
    await ledger.submissions.mark_text(submission.id, "Three.", "https://example.org/2", NOW + HOUR)
    assert (await ledger.submissions.get(submission.id)).source == "https://example.org", "the first one counts"


@pytest.mark.parametrize("end", [SubmissionState.CONFIRMED, SubmissionState.DISCARDED])
async def test_a_submission_ends_once(ledger: Ledger, end: SubmissionState) -> None:
    submission = await a_submission(ledger)
    await ledger.submissions.mark_state(submission.id, end, NOW)
    assert (await ledger.submissions.get(submission.id)).state is end
    assert await ledger.submissions.find_gathering(submission.person_id, NOW) is None
    for attempt in (
        ledger.submissions.mark_state(submission.id, SubmissionState.CONFIRMED, NOW),
        ledger.submissions.mark_text(submission.id, "More.", None, NOW),
        ledger.submissions.mark_state(SubmissionId(99), end, NOW),
        ledger.submissions.get(SubmissionId(99)),
    ):
        with pytest.raises(NotFound, match="submission_not_found"):
            await attempt


async def test_what_nobody_confirmed_is_discarded_in_time(ledger: Ledger) -> None:
    old = await a_submission(ledger, now=NOW - HOUR)
    fresh = await a_submission(ledger)
    assert await ledger.submissions.mark_stale(NOW, NOW) == 1
    assert await ledger.submissions.mark_stale(NOW, NOW) == 0
    assert (await ledger.submissions.get(old.id)).state is SubmissionState.DISCARDED
    assert (await ledger.submissions.get(fresh.id)).state is SubmissionState.GATHERING
