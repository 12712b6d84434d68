"""Builders: one row of each noun with sensible defaults, written through the ledger as the jobs would write it.

Every builder takes the ledger first, needs nothing else, and returns the record. What it depends on is built too:
`await a_review(ledger)` makes a person, a document, a claim, a lease, a rating, a source and an explanation.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.kinds import (
    AssignmentState,
    Audience,
    Cadence,
    ChatKind,
    ClaimState,
    ClosingReason,
    DocumentKind,
    Method,
    Role,
    Severity,
    SourceKind,
    Stance,
)
from storage.ledger import Ledger
from storage.model import (
    Assignment,
    AuditId,
    Chat,
    ChatId,
    Claim,
    ClaimId,
    Digest,
    Document,
    Invite,
    OutboxMessage,
    Person,
    PersonId,
    Request,
    Review,
    Submission,
    Subscription,
    Verdict,
)
from storage.search import claim_key, normal_form
from storage.values import Marks, Schedule

NOW = datetime(2025, 3, 9, 9, 30, tzinfo=UTC)
"""A Sunday morning: the instant at which everything in the tests happens unless told otherwise."""

LEASE = timedelta(hours=24)


async def a_person(
    ledger: Ledger,
    name: str | None = None,
    *,
    role: Role = Role.REVIEWER,
    language: str | None = None,
    on_duty: bool = False,
    reachable: bool = True,
    telegram_id: int | None = None,
    username: str | None = None,
    now: datetime = NOW,
) -> Person:
    """A reviewer off duty, with the next free Telegram id from 1001 on."""
    if telegram_id is None:
        telegram_id = await _next(ledger, "SELECT coalesce(max(telegram_id), 1000) + 1 FROM people")
    person = await ledger.people.meet(telegram_id, name or f"Person {telegram_id}", username, now, role=role)
    if language is not None:
        await ledger.people.mark_language(person.id, language)
    if on_duty:
        await ledger.people.mark_duty(person.id, on_duty=True)
    if not reachable:
        await ledger.people.mark_unreachable(person.id)
    return await ledger.people.get(person.id)


async def an_editor(ledger: Ledger, name: str | None = None, **changes: Any) -> Person:
    """A person who may decide."""
    return await a_person(ledger, name, role=Role.EDITOR, **changes)


async def a_chat(
    ledger: Ledger,
    chat_id: int = -1000,
    *,
    kind: ChatKind = ChatKind.GROUP,
    title: str = "The team",
    publishes: bool = False,
    is_team: bool = False,
    now: datetime = NOW,
) -> Chat:
    """A group the desk is in."""
    await ledger.chats.meet(ChatId(chat_id), kind, title, now)
    await ledger.chats.mark(ChatId(chat_id), publishes=publishes, is_team=is_team)
    return await ledger.chats.get(ChatId(chat_id))


async def an_invite(ledger: Ledger, *, role: Role = Role.REVIEWER, by: Person | None = None) -> Invite:
    """An unused invite, good for a day."""
    invite_id = await ledger.invites.next_id()
    digest = hashlib.sha256(f"secret {invite_id}".encode()).hexdigest()
    await ledger.invites.add(
        invite_id, digest, role, created_by=None if by is None else by.id, now=NOW, expires_at=NOW + timedelta(days=1)
    )
    return await ledger.invites.get(invite_id)


async def a_document(
    ledger: Ledger,
    text: str | None = None,
    *,
    kind: DocumentKind = DocumentKind.ARTICLE,
    title: str | None = "Morning paper",
    publisher: str | None = "The Daily",
    url: str | None = "https://example.org/article",
    language: str = "en",
    submitted_by: Person | None = None,
    published_at: datetime | None = None,
    now: datetime = NOW,
) -> Document:
    """An article that nobody brought in before."""
    if text is None:
        text = f"Article number {await _next(ledger, 'SELECT count(*) + 1 FROM documents')}."
    return await ledger.documents.add(
        kind=kind,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        title=title,
        publisher=publisher,
        url=url,
        language=language,
        submitted_by=None if submitted_by is None else submitted_by.id,
        published_at=published_at,
        now=now,
    )


async def a_claim(
    ledger: Ledger,
    text: str | None = None,
    *,
    document: Document | None = None,
    position: int = 0,
    language: str = "en",
    worth: float | None = 0.5,
    severity: Severity = Severity.NORMAL,
    state: ClaimState = ClaimState.NEW,
    closing_reason: ClosingReason | None = None,
    duplicate_of: Claim | None = None,
    now: datetime = NOW,
) -> Claim:
    """A claim with its appearance in a document; put into `state` at once, past the rules of the workflow."""
    if text is None:
        text = f"Claim number {await _next(ledger, 'SELECT count(*) + 1 FROM claims')} is so."
    document = document or await a_document(ledger, language=language, now=now)
    claim = await ledger.claims.add(
        document_id=document.id,
        position=position,
        quote=text,
        text=text,
        key=claim_key(text),
        words=normal_form(text),
        language=language,
        worth=worth,
        severity=severity,
        now=now,
    )
    await ledger.documents.add_appearance(document.id, position, claim.id, text)
    if state is ClaimState.NEW:
        return claim
    if state is ClaimState.CLOSED:
        closing_reason = closing_reason or ClosingReason.OPINION
    return await ledger.claims.mark_state(
        claim,
        state,
        now,
        closing_reason=closing_reason,
        duplicate_of=None if duplicate_of is None else duplicate_of.id,
    )


async def a_request(
    ledger: Ledger, claim: Claim | None = None, person: Person | None = None, *, now: datetime = NOW
) -> Request:
    """Somebody's wish to know."""
    claim = claim or await a_claim(ledger)
    person = person or await a_person(ledger, role=Role.PUBLIC)
    request = await ledger.requests.add(claim.id, person.id, now)
    assert request is not None, "this person asked before"
    return request


async def a_submission(
    ledger: Ledger, person: Person | None = None, text: str = "Is this so?", *, now: datetime = NOW
) -> Submission:
    """A message that waits to be confirmed."""
    person = person or await a_person(ledger, role=Role.PUBLIC)
    return await ledger.submissions.add(person.id, ChatId(person.telegram_id), text, None, now)


async def an_offer(
    ledger: Ledger,
    claim: Claim | None = None,
    person: Person | None = None,
    *,
    now: datetime = NOW,
    lasts: timedelta = LEASE,
) -> Assignment:
    """An offer, not yet taken."""
    claim = claim or await a_claim(ledger, state=ClaimState.QUEUED)
    person = person or await a_person(ledger, on_duty=True)
    return await ledger.assignments.add_offer(claim.id, person.id, now, now + lasts)


async def a_lease(
    ledger: Ledger,
    claim: Claim | None = None,
    person: Person | None = None,
    *,
    now: datetime = NOW,
    lasts: timedelta = LEASE,
) -> Assignment:
    """An offer that was taken."""
    offer = await an_offer(ledger, claim, person, now=now, lasts=lasts)
    return await ledger.assignments.mark_taken(offer.id, now, now + lasts)


async def a_review(
    ledger: Ledger,
    claim: Claim | None = None,
    person: Person | None = None,
    *,
    rating: str = "false",
    explanation: str = "The record says otherwise.",
    sources: int = 1,
    submitted: bool = True,
    now: datetime = NOW,
) -> Review:
    """A review handed in (its lease done), or a complete draft (its lease live) if not `submitted`."""
    claim = claim or await a_claim(ledger, state=ClaimState.IN_REVIEW)
    person = person or await a_person(ledger, on_duty=True)
    lease = await ledger.assignments.find_live(claim.id, person.id) or await a_lease(ledger, claim, person, now=now)
    review = await ledger.reviews.open_draft(claim.id, person.id, now)
    review = await ledger.reviews.mark_rating(review, rating, now)
    for number in range(sources):
        review, source = await ledger.reviews.add_source(
            review, url=f"https://example.org/{review.id}/{number}", title=f"Source {number}", now=now
        )
        review = await ledger.reviews.mark_source(
            review, source, now, kind=SourceKind.PRIMARY, stance=Stance.REFUTES if number % 2 == 0 else Stance.CONTEXT
        )
    review = await ledger.reviews.mark_explanation(review, explanation, now)
    if submitted:
        review = await ledger.reviews.mark_submitted(review, now)
        await ledger.assignments.mark_ended(lease.id, AssignmentState.DONE, now)
    return review


async def a_verdict(
    ledger: Ledger,
    claim: Claim | None = None,
    *,
    rating: str = "false",
    summary: str = "It is not so.",
    method: Method = Method.CONSENSUS,
    reason: str | None = None,
    by: Person | None = None,
    review: Review | None = None,
    published: bool = True,
    now: datetime = NOW,
) -> Verdict:
    """The next version of a verdict, published; the sources are those of `review`."""
    claim = claim or await a_claim(ledger, state=ClaimState.PUBLISHED)
    if reason is None and (method is Method.ADJUDICATED or await ledger.verdicts.find_latest(claim.id)):
        reason = "New evidence."
    verdict = await ledger.verdicts.add(
        claim_id=claim.id,
        rating=rating,
        summary=summary,
        summary_language="en",
        method=method,
        reason=reason,
        decided_by=None if by is None else by.id,
        decided_at=now,
        sources=[] if review is None else await ledger.reviews.list_sources(review.id),
    )
    if published:
        await ledger.verdicts.mark_published(verdict.id, now)
    return await ledger.verdicts.get(verdict.id)


async def a_subscription(
    ledger: Ledger,
    chat_id: int = -1000,
    *,
    cadence: Cadence = Cadence.DAILY,
    thread_id: int | None = None,
    zone: str = "Asia/Dhaka",
    next_at: datetime = NOW + timedelta(days=1),
    by: Person | None = None,
    now: datetime = NOW,
) -> Subscription:
    """A daily digest at nine, due tomorrow."""
    day = {Cadence.WEEKLY: 6, Cadence.MONTHLY: 31}.get(cadence)
    return await ledger.subscriptions.add(
        ChatId(chat_id),
        thread_id,
        Schedule(cadence, zone, 540, day),
        covered_until=now,
        next_at=next_at,
        seen=await ledger.news.marks(),
        audience=Audience.EDITORS,
        created_by=None if by is None else by.id,
        now=now,
    )


async def a_digest(ledger: Ledger, subscription: Subscription | None = None, *, now: datetime = NOW) -> Digest:
    """The digest of the day before `now`."""
    subscription = subscription or await a_subscription(ledger)
    digest_id = await ledger.subscriptions.add_digest(
        subscription.id, now - timedelta(days=1), now, {"new": 1}, Marks(AuditId(0), ClaimId(0)), now
    )
    assert digest_id is not None, "this period has a digest"
    return await ledger.subscriptions.get_digest(digest_id)


async def a_message_on_its_way(
    ledger: Ledger,
    chat_id: int = 1001,
    kind: str = "greeted",
    *,
    person: PersonId | None = None,
    card: str | None = None,
    now: datetime = NOW,
) -> OutboxMessage:
    """A message just leased from the outbox; nothing else of its chat may wait before it."""
    await ledger.outbox.enqueue(ChatId(chat_id), kind, {}, now, person_id=person, card=card)
    return next(message for message in await ledger.outbox.lease_due(now, 1000) if message.chat_id == chat_id)


async def _next(ledger: Ledger, sql: str) -> int:
    row = await ledger.session.fetch_one(sql)
    assert row is not None
    return int(row[0])
