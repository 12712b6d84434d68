"""Assignments, reviews, verdicts, subscriptions: the work, what comes of it, and who is told."""

import json
from datetime import timedelta

import pytest

from storage.database import Database
from storage.errors import NotFound, Stale
from storage.kinds import AssignmentState, Cadence, ClaimState, Method, ReviewState, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import (
    AssignmentId,
    AuditId,
    ChatId,
    ClaimId,
    DigestId,
    SourceId,
    SubscriptionId,
    VerdictId,
)
from storage.values import Marks, Schedule, schedule_of, seen_by
from tests.support.builders import (
    LEASE,
    NOW,
    a_claim,
    a_digest,
    a_lease,
    a_person,
    a_review,
    a_subscription,
    a_verdict,
    an_editor,
    an_offer,
)

HOUR = timedelta(hours=1)
ENDS = [state for state in AssignmentState if state not in (AssignmentState.OFFERED, AssignmentState.TAKEN)]


# --- assignments -----------------------------------------------------------------------------------------------------


async def test_an_offer_becomes_a_lease_once(ledger: Ledger) -> None:
    offer = await an_offer(ledger)
    assert (offer.state, offer.taken_at, offer.expires_at, offer.ended_at) == (
        AssignmentState.OFFERED,
        None,
        NOW + LEASE,
        None,
    )
    lease = await ledger.assignments.mark_taken(offer.id, NOW + HOUR, NOW + 2 * HOUR)
    assert (lease.state, lease.taken_at, lease.expires_at) == (AssignmentState.TAKEN, NOW + HOUR, NOW + 2 * HOUR)
    assert await ledger.assignments.get(offer.id) == lease
    for gone in (offer.id, AssignmentId(99)):
        with pytest.raises(Stale, match="offer_gone"):
            await ledger.assignments.mark_taken(gone, NOW, NOW)
    with pytest.raises(NotFound):
        await ledger.assignments.get(AssignmentId(99))


@pytest.mark.parametrize("end", ENDS)
async def test_a_lease_ends_once_and_can_be_offered_again(ledger: Ledger, end: AssignmentState) -> None:
    claim, person = await a_claim(ledger), await a_person(ledger)
    lease = await a_lease(ledger, claim, person)
    with pytest.raises(Stale, match="already_exists"):
        await an_offer(ledger, claim, person)
    assert await ledger.assignments.find_live(claim.id, person.id) == lease
    await ledger.assignments.mark_ended(lease.id, end, NOW + HOUR)
    ended = await ledger.assignments.get(lease.id)
    assert (ended.state, ended.ended_at) == (end, NOW + HOUR)
    assert await ledger.assignments.find_live(claim.id, person.id) is None
    with pytest.raises(Stale, match="offer_gone"):
        await ledger.assignments.mark_ended(lease.id, AssignmentState.PASSED, NOW)
    with pytest.raises(Stale, match="offer_gone"):
        await ledger.assignments.mark_taken(lease.id, NOW, NOW)
    again = await an_offer(ledger, claim, person)
    assert await ledger.assignments.list_for_claim(claim.id) == [ended, again]
    assert await ledger.assignments.list_live_of(person.id) == [again]


async def test_what_ran_out_of_time_is_listed_the_oldest_first(ledger: Ledger) -> None:
    late = await a_lease(ledger, lasts=2 * HOUR)
    early = await an_offer(ledger, lasts=HOUR)
    over = await an_offer(ledger, lasts=HOUR)
    await ledger.assignments.mark_ended(over.id, AssignmentState.PASSED, NOW)
    assert await ledger.assignments.list_expired(NOW + HOUR - timedelta(microseconds=1)) == []
    assert await ledger.assignments.list_expired(NOW + HOUR) == [early]
    assert await ledger.assignments.list_expired(NOW + 2 * HOUR) == [early, late]


# --- reviews ---------------------------------------------------------------------------------------------------------


async def revisions(ledger: Ledger) -> list[tuple[object, ...]]:
    return await ledger.session.fetch_all(
        "SELECT revision, state, rating, explanation, sources FROM review_revisions ORDER BY review_id, revision"
    )


async def test_a_draft_is_begun_once_and_survives_a_hand_back(ledger: Ledger) -> None:
    claim, person = await a_claim(ledger), await a_person(ledger)
    with pytest.raises(NotFound, match="review_not_found"):
        await ledger.reviews.get_live(claim.id, person.id)
    draft = await ledger.reviews.open_draft(claim.id, person.id, NOW)
    assert (draft.state, draft.rating, draft.explanation, draft.revision) == (ReviewState.DRAFT, None, None, 0)
    rated = await ledger.reviews.mark_rating(draft, "false", NOW)
    assert await ledger.reviews.open_draft(claim.id, person.id, NOW + HOUR) == rated
    assert await ledger.reviews.get_live(claim.id, person.id) == rated
    assert await ledger.reviews.find_live(claim.id, (await a_person(ledger)).id) is None


async def test_every_change_of_a_review_is_kept(ledger: Ledger) -> None:
    claim, person = await a_claim(ledger), await a_person(ledger)
    review = await ledger.reviews.open_draft(claim.id, person.id, NOW)
    review = await ledger.reviews.mark_rating(review, "false", NOW)
    review, source = await ledger.reviews.add_source(review, url="https://example.org", title=None, now=NOW + HOUR)
    review = await ledger.reviews.mark_source(review, source, NOW, kind=SourceKind.DATA)
    review = await ledger.reviews.mark_source(review, source, NOW, stance=Stance.REFUTES)
    review = await ledger.reviews.mark_explanation(review, "The numbers say no.", NOW)
    review = await ledger.reviews.mark_submitted(review, NOW + HOUR)
    review = await ledger.reviews.mark_rating(review, "mixed", NOW + 2 * HOUR)
    review = await ledger.reviews.remove_source(review, source, NOW + 3 * HOUR)
    assert (review.revision, review.state, review.rating) == (8, ReviewState.SUBMITTED, "mixed")
    assert (review.submitted_at, review.updated_at, review.created_at) == (NOW + HOUR, NOW + 3 * HOUR, NOW)
    kept = await revisions(ledger)
    assert [row[0] for row in kept] == list(range(1, 9))
    assert [row[1] for row in kept] == ["draft"] * 5 + ["submitted"] * 3
    assert [row[2] for row in kept] == ["false"] * 6 + ["mixed"] * 2
    assert [row[3] for row in kept] == [None] * 4 + ["The numbers say no."] * 4
    sources = [json.loads(str(row[4])) for row in kept]
    assert [len(each) for each in sources] == [0, 1, 1, 1, 1, 1, 1, 0]
    assert [each[0]["kind"] for each in sources[1:7]] == [None] + ["data"] * 5
    assert sources[3][0] == {
        "url": "https://example.org",
        "title": None,
        "kind": "data",
        "stance": "refutes",
        "quote": None,
        "accessed_at": "2025-03-09T10:30:00.000000+00:00",
        "archived_url": None,
    }


async def test_a_review_changes_only_from_what_somebody_saw(database: Database) -> None:
    async with database.write() as ledger:
        seen = await a_review(ledger, submitted=False)
        (source,) = await ledger.reviews.list_sources(seen.id)
        now = await ledger.reviews.mark_rating(seen, "true", NOW)
        for attempt in (
            lambda: ledger.reviews.mark_rating(seen, "mixed", NOW),
            lambda: ledger.reviews.mark_explanation(seen, "x", NOW),
            lambda: ledger.reviews.mark_submitted(seen, NOW),
            lambda: ledger.reviews.add_source(seen, url="u", title=None, now=NOW),
            lambda: ledger.reviews.mark_source(seen, source.id, NOW, kind=SourceKind.NEWS),
            lambda: ledger.reviews.remove_source(seen, source.id, NOW),
        ):
            with pytest.raises(Stale, match="review_changed"):
                async with ledger.savepoint():
                    await attempt()
        assert await ledger.reviews.get_live(seen.claim_id, seen.person_id) == now
        assert await ledger.reviews.list_sources(seen.id) == [source]
        assert len(await revisions(ledger)) == now.revision


async def test_a_source_of_another_review_cannot_be_touched(ledger: Ledger) -> None:
    mine, theirs = await a_review(ledger, submitted=False), await a_review(ledger, submitted=False)
    (source,) = await ledger.reviews.list_sources(theirs.id)
    for attempt in (
        ledger.reviews.mark_source(mine, source.id, NOW, stance=Stance.SUPPORTS),
        ledger.reviews.remove_source(mine, source.id, NOW),
        ledger.reviews.mark_source(mine, SourceId(99), NOW, stance=Stance.SUPPORTS),
    ):
        with pytest.raises(NotFound, match="source_not_found"):
            await attempt
    assert await ledger.reviews.list_sources(theirs.id) == [source]


async def test_reviews_count_once_submitted_in_the_order_they_came(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    late = await a_review(ledger, claim, now=NOW + HOUR)
    early = await a_review(ledger, claim)
    await a_review(ledger, claim, submitted=False)
    await a_review(ledger)
    assert await ledger.reviews.list_submitted(claim.id) == [early, late]


# --- verdicts --------------------------------------------------------------------------------------------------------


async def test_versions_of_a_verdict_count_up_and_none_is_edited(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim = await a_claim(ledger)
    assert await ledger.verdicts.find_latest(claim.id) is None
    first = await a_verdict(ledger, claim, published=False)
    second = await a_verdict(
        ledger, claim, rating="mixed", method=Method.ADJUDICATED, reason="New data.", by=editor, now=NOW + HOUR
    )
    other = await a_verdict(ledger)
    assert [first.version, second.version, other.version] == [1, 2, 1]
    assert (second.rating, second.method, second.reason, second.decided_by) == (
        "mixed",
        Method.ADJUDICATED,
        "New data.",
        editor.id,
    )
    assert await ledger.verdicts.find_latest(claim.id) == second
    assert await ledger.verdicts.get(first.id) == first
    with pytest.raises(NotFound):
        await ledger.verdicts.get(VerdictId(99))


async def test_a_verdict_has_copies_of_its_sources(ledger: Ledger) -> None:
    review = await a_review(ledger, sources=3)
    claim = await ledger.claims.get(review.claim_id)
    verdict = await a_verdict(ledger, claim, review=review)
    sources = await ledger.reviews.list_sources(review.id)
    await ledger.session.execute("DELETE FROM sources")
    copies = await ledger.verdicts.list_sources(verdict.id)
    assert [(copy.url, copy.title, copy.kind, copy.stance, copy.accessed_at) for copy in copies] == [
        (source.url, source.title, source.kind, source.stance, source.accessed_at) for source in sources
    ]


async def test_a_verdict_is_published_once(ledger: Ledger) -> None:
    verdict = await a_verdict(ledger, published=False)
    assert verdict.published_at is None
    await ledger.verdicts.mark_published(verdict.id, NOW + HOUR)
    assert (await ledger.verdicts.get(verdict.id)).published_at == NOW + HOUR
    for again in (verdict.id, VerdictId(99)):
        with pytest.raises(NotFound):
            await ledger.verdicts.mark_published(again, NOW)
    assert await ledger.verdicts.add_publication(verdict.id, ChatId(-5), NOW)
    assert not await ledger.verdicts.add_publication(verdict.id, ChatId(-5), NOW)
    assert await ledger.verdicts.add_publication(verdict.id, ChatId(-6), NOW)


# --- subscriptions and digests ---------------------------------------------------------------------------------------


async def test_subscriptions_are_of_a_chat_and_its_topic(ledger: Ledger) -> None:
    daily = await a_subscription(ledger, -5)
    weekly = await a_subscription(ledger, -5, cadence=Cadence.WEEKLY)
    topic = await a_subscription(ledger, -5, thread_id=3)
    await a_subscription(ledger, -6)
    assert await ledger.subscriptions.list_of_chat(ChatId(-5), None) == [daily, weekly]
    assert await ledger.subscriptions.list_of_chat(ChatId(-5), 3) == [topic]
    await ledger.subscriptions.end(daily.id)
    for gone in (daily.id, SubscriptionId(99)):
        with pytest.raises(NotFound):
            await ledger.subscriptions.end(gone)
    again = await a_subscription(ledger, -5)
    assert await ledger.subscriptions.list_of_chat(ChatId(-5), None) == [weekly, again]
    assert await ledger.subscriptions.end_of_chat(ChatId(-5)) == 3
    assert await ledger.subscriptions.end_of_chat(ChatId(-5)) == 0
    assert not (await ledger.subscriptions.get(topic.id)).active
    with pytest.raises(NotFound):
        await ledger.subscriptions.get(SubscriptionId(99))


async def test_subscriptions_are_due_the_most_overdue_first(ledger: Ledger) -> None:
    assert await ledger.subscriptions.find_next() is None
    late = await a_subscription(ledger, -1, next_at=NOW + 2 * HOUR)
    early = await a_subscription(ledger, -2, next_at=NOW + HOUR)
    ended = await a_subscription(ledger, -3, next_at=NOW)
    await ledger.subscriptions.end(ended.id)
    assert await ledger.subscriptions.find_next() == NOW + HOUR
    assert await ledger.subscriptions.list_due(NOW + HOUR - timedelta(microseconds=1), limit=9) == []
    assert await ledger.subscriptions.list_due(NOW + 2 * HOUR, limit=9) == [early, late]
    seen = Marks(AuditId(7), ClaimId(3))
    await ledger.subscriptions.mark_covered(early.id, NOW + HOUR, NOW + 25 * HOUR, seen)
    covered = await ledger.subscriptions.get(early.id)
    assert (covered.covered_until, covered.next_at, seen_by(covered)) == (NOW + HOUR, NOW + 25 * HOUR, seen)
    assert await ledger.subscriptions.list_due(NOW + 2 * HOUR, limit=9) == [late]
    with pytest.raises(NotFound):
        await ledger.subscriptions.mark_covered(SubscriptionId(99), NOW, NOW, seen)


async def test_what_is_paused_is_not_due_and_what_is_set_anew_keeps_its_period(ledger: Ledger) -> None:
    daily = await a_subscription(ledger, -1, next_at=NOW + HOUR)
    await ledger.subscriptions.mark_paused(daily.id, NOW + HOUR, paused=True)
    assert (await ledger.subscriptions.get(daily.id)).paused
    assert await ledger.subscriptions.list_due(NOW + 2 * HOUR, limit=9) == []
    assert await ledger.subscriptions.find_next() is None
    await ledger.subscriptions.mark_paused(daily.id, NOW + 3 * HOUR, paused=False)
    assert await ledger.subscriptions.find_next() == NOW + 3 * HOUR
    weekly = Schedule(Cadence.WEEKLY, "UTC", 600, 6)
    await ledger.subscriptions.mark_schedule(daily.id, weekly, NOW + 9 * HOUR)
    changed = await ledger.subscriptions.get(daily.id)
    assert (schedule_of(changed), changed.next_at) == (weekly, NOW + 9 * HOUR)
    assert (changed.covered_until, seen_by(changed)) == (daily.covered_until, seen_by(daily))
    await ledger.subscriptions.end(daily.id)
    for gone in (daily.id, SubscriptionId(99)):
        with pytest.raises(NotFound):
            await ledger.subscriptions.mark_paused(gone, NOW, paused=True)
        with pytest.raises(NotFound):
            await ledger.subscriptions.mark_schedule(gone, weekly, NOW)


async def test_who_is_covered_beyond_an_instant_is_found(ledger: Ledger) -> None:
    await a_subscription(ledger, -1)
    ahead = await a_subscription(ledger, -2, now=NOW + 48 * HOUR, next_at=NOW + 72 * HOUR)
    assert await ledger.subscriptions.list_ahead(NOW + HOUR) == [ahead]
    assert await ledger.subscriptions.list_ahead(NOW + 48 * HOUR) == []


async def test_a_period_has_one_digest(ledger: Ledger) -> None:
    subscription = await a_subscription(ledger)
    digest = await a_digest(ledger, subscription)
    assert (digest.period_start, digest.period_end) == (NOW - timedelta(days=1), NOW)
    assert (digest.content, digest.last_event, digest.made_at) == ({"new": 1}, AuditId(0), NOW)

    upto = Marks(AuditId(0), ClaimId(0))

    async def make(start: timedelta, end: timedelta) -> DigestId | None:
        return await ledger.subscriptions.add_digest(subscription.id, NOW + start, NOW + end, {}, upto, NOW)

    day = timedelta(days=1)
    assert await make(-day, 0 * day) is None
    assert await make(-2 * day, 0 * day) is None, "nor one with the same end"
    assert await make(-day, day) is None, "nor one with the same start"
    assert await make(0 * day, day) is not None
    assert (await ledger.subscriptions.get_digest(digest.id)).content == {"new": 1}, "frozen when made"
    await a_digest(ledger, await a_subscription(ledger, -7))
    with pytest.raises(NotFound):
        await ledger.subscriptions.get_digest(DigestId(99))
