"""Figures over a stretch of time, on the real file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jobs.lifecycle import Action
from jobs.policy import Policy
from jobs.statistics import figures_of, parse_stretch, work_of
from jobs.transitions import advance
from storage.errors import NotAllowed, Refused
from storage.kinds import AssignmentState, ClaimState, ClosingReason, RequestState
from storage.ledger import Ledger
from storage.objections import Voices
from tests.jobs.test_correcting import corrected, published
from tests.jobs.test_duplicates import queued, reviewed
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_request, a_review, a_verdict, an_editor, an_offer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = Policy(target=2 * DAY)


async def test_claims_are_followed_from_coming_in_to_publication(ledger: Ledger) -> None:
    reviewer = await a_person(ledger)
    for hours in (10, 20, 90):
        claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
        await a_verdict(ledger, claim, now=NOW + hours * HOUR)
    taken = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    await a_lease(ledger, taken, reviewer, now=NOW + HOUR)
    closed = await a_claim(ledger, state=ClaimState.QUEUED)
    await ledger.claims.mark_state(closed, ClaimState.CLOSED, NOW + 5 * HOUR, closing_reason=ClosingReason.SPAM)
    await a_claim(ledger, now=NOW - 40 * DAY)

    figures = await figures_of(ledger, NOW - DAY, NOW + 5 * DAY, NOW + 5 * DAY, POLICY)
    assert (figures.came_in, figures.published, figures.ended, figures.open) == (5, 3, 1, 1)
    # Of five, three took 10, 20 and 90 hours, one was closed after five, one waits for five days: by Kaplan and Meier
    # a quarter is done at 10, half at 20.
    assert figures.publication.median == pytest.approx(20 * 3600, abs=1)
    assert figures.publication.p90 is None
    assert figures.publication.oldest == pytest.approx(5 * 86400, abs=1)
    assert figures.look.done == 1
    # Two of three published in time, and one that waits for longer.
    assert figures.within_target == 2 / 4
    assert figures.percent is figures.nominal is figures.ordinal is None


async def test_a_claim_that_comes_back_is_open_again(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    kept = await a_claim(ledger, state=ClaimState.QUEUED)
    merged = await ledger.claims.mark_state(claim, ClaimState.DUPLICATE, NOW + HOUR, duplicate_of=kept.id)
    assert (await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)).ended == 1
    await ledger.claims.mark_state(merged, ClaimState.QUEUED, NOW + 2 * HOUR)
    assert (await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)).ended == 0


async def test_agreement_is_of_the_reviews_as_they_are_now(ledger: Ledger) -> None:
    for number in range(25):
        claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
        first, second = await a_person(ledger), await a_person(ledger)
        await a_review(ledger, claim, first, rating="true" if number % 2 else "false")
        await a_review(ledger, claim, second, rating="false" if number < 5 else ("true" if number % 2 else "false"))
        await a_verdict(ledger, claim)
    figures = await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)
    assert figures.percent == (23 / 25, 25)
    assert figures.nominal is not None
    assert figures.ordinal is not None
    assert 0.7 < figures.nominal.value < 1
    assert figures.evidence.verdicts == 25


async def test_evidence_and_requests_are_counted(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
    review = await a_review(ledger, claim)
    verdict = await a_verdict(ledger, claim, review=review)
    await a_request(ledger, claim)
    for at, helped in ((NOW, True), (NOW, False), (NOW, True), (NOW + DAY, True)):
        reader = await a_person(ledger)
        await ledger.objections.set_feedback(reader.id, verdict.id, at, helped=helped)
    figures = await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)
    sources = await ledger.reviews.list_sources(review.id)
    assert (figures.evidence.verdicts, figures.evidence.sources) == (1, len(sources))
    assert figures.requests[RequestState.WAITING] == 1
    assert figures.voices == Voices(yes=2, no=1)


async def test_a_verdict_has_two_origins_if_one_review_with_its_rating_has(ledger: Ledger) -> None:
    # Two reports; two reports of which one copies the other; two in a review with another rating; one in each review.
    for apart, rating, sources in (
        (True, "false", [2]),
        (False, "false", [2]),
        (True, "true", [2]),
        (True, "false", [1, 1]),
    ):
        claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
        reviews = [await a_review(ledger, claim, rating=rating, sources=number) for number in sources]
        if not apart:
            first, second = await ledger.reviews.list_sources(reviews[0].id)
            await ledger.reviews.mark_origins(reviews[0], {second.id: first.id}, NOW)
        verdict = await a_verdict(ledger, claim, review=reviews[0], rating="false", published=False)
        await ledger.verdicts.mark_published(verdict.id, NOW)
    figures = await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)
    assert (figures.evidence.verdicts, figures.evidence.with_two_origins) == (4, 1)


async def test_who_waits_and_has_blocked_the_desk_is_unreachable(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    for blocked in (False, True, True):
        person = await a_person(ledger)
        await a_request(ledger, claim, person)
        if blocked:
            await ledger.people.mark_unreachable(person.id)
    figures = await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)
    assert (figures.requests[RequestState.WAITING], figures.unreachable) == (3, 2)


async def test_ones_work_is_for_oneself_and_for_editors(ledger: Ledger) -> None:
    me, other, editor = await a_person(ledger), await a_person(ledger), await an_editor(ledger)
    await a_lease(ledger, person=me)
    await an_offer(ledger, person=me)
    for asker in (me, editor):
        work = await work_of(ledger, asker, me, NOW - DAY, NOW + DAY)
        assert (work[AssignmentState.TAKEN], work[AssignmentState.OFFERED], work[AssignmentState.DONE]) == (1, 1, 0)
    with pytest.raises(NotAllowed):
        await work_of(ledger, other, me, NOW - DAY, NOW + DAY)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", NOW - 30 * DAY, NOW),
        ("7d", NOW - 7 * DAY, NOW),
        (" ৭ দিন ", NOW - 7 * DAY, NOW),
        ("2 weeks", NOW - 14 * DAY, NOW),
        ("2025-02", datetime(2025, 1, 31, 18, tzinfo=UTC), datetime(2025, 2, 28, 18, tzinfo=UTC)),
        ("2024-12", datetime(2024, 11, 30, 18, tzinfo=UTC), datetime(2024, 12, 31, 18, tzinfo=UTC)),
        ("2025-03", datetime(2025, 2, 28, 18, tzinfo=UTC), NOW),
    ],
)
def test_a_stretch_is_days_or_a_month_on_the_clock_of_the_zone(text: str, start: datetime, end: datetime) -> None:
    assert parse_stretch(text, "Asia/Dhaka", NOW) == (start, end)


@pytest.mark.parametrize("text", ["0d", "900d", "d", "2025-13", "2025-00", "0000-01", "2026-01", "yesterday", "-7d"])
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="stretch_invalid"):
        parse_stretch(text, "Asia/Dhaka", NOW)


async def test_the_longest_wait_is_of_what_still_waits(ledger: Ledger) -> None:
    closed = await a_claim(ledger, state=ClaimState.QUEUED, now=NOW)
    await a_claim(ledger, state=ClaimState.QUEUED, now=NOW + 4 * DAY)
    await ledger.claims.mark_state(closed, ClaimState.CLOSED, NOW + 3 * DAY, closing_reason=ClosingReason.SPAM)
    figures = await figures_of(ledger, NOW - DAY, NOW + 5 * DAY, NOW + 5 * DAY, POLICY)
    waits = figures.publication
    assert (waits.total, waits.done, waits.open) == (2, 0, 1)
    assert waits.oldest == pytest.approx(DAY.total_seconds())


async def test_rates_are_shares_of_what_they_can_happen_to(ledger: Ledger) -> None:
    editor, other = await an_editor(ledger), await an_editor(ledger)
    claims = [await published(ledger, editor) for _ in range(4)]
    for _ in range(2):
        current = await ledger.claims.get(claims[0].id)
        verdict = await ledger.verdicts.find_published(current.id)
        assert verdict is not None
        await corrected(ledger, editor, other, current, "true" if verdict.rating != "true" else "mixed")
    await advance(ledger, await ledger.claims.get(claims[1].id), Action.REOPEN, NOW)
    disputed = await reviewed(ledger, await queued(ledger), "true", "false", "satire")
    disputed = await advance(ledger, disputed, Action.REOPEN, NOW)
    disputed = await advance(ledger, disputed, Action.DISPUTE, NOW)
    figures = await figures_of(ledger, NOW - DAY, NOW + DAY, NOW + DAY, POLICY)
    assert (figures.corrected, figures.reopened) == (1 / 4, 1 / 4), "a claim counts once, a change of mind not at all"
    assert (figures.judged, figures.disputed) == (6, 2 / 6)
    assert figures.adjudicated == 0
    later = await figures_of(ledger, NOW + DAY, NOW + 2 * DAY, NOW + 2 * DAY, POLICY)
    assert (later.judged, later.disputed, later.corrected) == (0, None, None)
