"""Facts as the ledger would read them, made by hand: views take values, so their tests need no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.html import parse_html
from bot.views import (
    cards,
    chats,
    decisions,
    digests,
    lists,
    methodology,
    notices,
    people,
    practice,
    searching,
    settings,
    status,
    submissions,
    subscriptions,
    verdicts,
    why,
)
from bot.views.merging import MergeFacts, Step, merge_shown
from bot.views.message import Message
from bot.views.words import Words
from jobs.assigning import Priority
from jobs.intake.worth import Worth
from jobs.looking import Look, LookAt
from jobs.lookup import Page
from jobs.policy import Policy
from jobs.tuning import list_settings
from storage.figures import CardFacts, ClaimLine, DecisionFacts, MineLine, OpinionFacts, StatusFacts
from storage.kinds import (
    AssignmentState,
    Awaiting,
    Cadence,
    ChatKind,
    ClaimState,
    ClosingReason,
    DocumentKind,
    FileKind,
    Method,
    ReviewState,
    Role,
    Severity,
    SourceKind,
    Stance,
    SubmissionState,
)
from storage.matches import Match, MatchLevel, MatchLine, MatchMethod
from storage.model import (
    Assignment,
    AssignmentId,
    AuditId,
    Chat,
    ChatId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Invite,
    InviteId,
    Person,
    PersonId,
    Review,
    ReviewId,
    Source,
    SourceId,
    Submission,
    SubmissionId,
    Subscription,
    SubscriptionId,
    Verdict,
    VerdictId,
)
from storage.practice import Case, Progress
from storage.search.query import SearchQuery, Term
from storage.verdicts import VerdictSource

NOW = datetime(2025, 3, 9, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)
POLICY = Policy()
LINK = "https://example.org/a?b=1&c=2"


def seen(message: Message) -> str:
    """Return what a reader sees; fails if Telegram would refuse the HTML."""
    return parse_html(message.html).text


def labels(message: Message) -> list[str]:
    """Return the buttons' labels."""
    return [button.text for row in message.buttons for button in row]


def presses(message: Message) -> list[str]:
    """Return what the buttons carry, without the version."""
    return [(button.data or "").partition(":")[2] for row in message.buttons for button in row]


def a_person(number: int = 1, **changes: Any) -> Person:
    values: dict[str, Any] = {
        "name": f"Person {number}",
        "username": None,
        "language": "en",
        "role": Role.REVIEWER,
        "on_duty": True,
        "zone": None,
        "reachable": True,
    }
    return Person(id=PersonId(number), telegram_id=1000 + number, joined_at=NOW, seen_at=NOW, **{**values, **changes})


def a_document(**changes: Any) -> Document:
    values: dict[str, Any] = {
        "kind": DocumentKind.ARTICLE,
        "title": "Morning paper",
        "publisher": "The Daily",
        "url": "https://example.org/article",
        "published_at": NOW,
    }
    return Document(
        id=DocumentId(1), content_hash="", language="en", submitted_by=None, created_at=NOW,
        **{**values, **changes},
    )  # fmt: skip


def a_claim(number: int = 12, **changes: Any) -> Claim:
    values: dict[str, Any] = {
        "text": "The bridge was closed for 30 days.",
        "state": ClaimState.IN_REVIEW,
        "closing_reason": None,
        "duplicate_of": None,
        "practice": number < 0,
    }
    return Claim(
        id=ClaimId(number), document_id=DocumentId(1), position=0, quote="", key="", language="en", worth=0.5,
        severity=Severity.NORMAL, revision=3, created_at=NOW, state_at=NOW, **{**values, **changes},
    )  # fmt: skip


def a_review(**changes: Any) -> Review:
    values: dict[str, Any] = {"state": ReviewState.DRAFT, "rating": "false", "explanation": None, "revision": 5}
    return Review(
        id=ReviewId(1), claim_id=ClaimId(12), person_id=PersonId(1), created_at=NOW, updated_at=NOW, submitted_at=None,
        **{**values, **changes},
    )  # fmt: skip


def a_source(number: int = 1, **changes: Any) -> Source:
    values: dict[str, Any] = {
        "url": LINK,
        "title": "A report",
        "kind": SourceKind.PRIMARY,
        "stance": Stance.REFUTES,
        "quote": None,
        "archived_url": None,
    }
    return Source(
        id=SourceId(number), review_id=ReviewId(1), accessed_at=NOW,
        **{**values, **changes},
    )  # fmt: skip


def an_assignment(state: AssignmentState = AssignmentState.TAKEN, *, taken: bool = True) -> Assignment:
    live = state in (AssignmentState.OFFERED, AssignmentState.TAKEN)
    return Assignment(
        AssignmentId(7), ClaimId(12), PersonId(1), state, NOW, NOW if taken else None, LATER, None if live else NOW
    )  # fmt: skip


def a_card(
    awaiting: Awaiting | None = None,
    *,
    state: AssignmentState = AssignmentState.TAKEN,
    taken: bool = True,
    **changes: Any,
) -> CardFacts:
    values: dict[str, Any] = {
        "claim": a_claim(),
        "document": a_document(),
        "before": None,
        "after": None,
        "requests": 2,
        "review": a_review(),
        "sources": [],
    }
    return CardFacts(assignment=an_assignment(state, taken=taken), awaiting=awaiting, **{**values, **changes})


def an_opinion(number: int, rating: str, **changes: Any) -> OpinionFacts:
    review = a_review(state=ReviewState.SUBMITTED, rating=rating, explanation=changes.pop("explanation", "Because."))
    return OpinionFacts(review, a_person(number, **changes), [a_source()])


def a_decision(state: ClaimState, *opinions: OpinionFacts, **changes: Any) -> DecisionFacts:
    values: dict[str, Any] = {"document": a_document(), "requests": 2, "verdict": None}
    return DecisionFacts(claim=a_claim(state=state), opinions=list(opinions), **{**values, **changes})


def a_verdict(**changes: Any) -> Verdict:
    values: dict[str, Any] = {
        "version": 1,
        "rating": "false",
        "summary": "It stayed open.",
        "method": Method.CONSENSUS,
        "reason": None,
        "published_at": NOW,
    }
    return Verdict(
        id=VerdictId(1), claim_id=ClaimId(12), summary_language="en", decided_by=None, decided_at=NOW,
        **{**values, **changes},
    )  # fmt: skip


def a_verdict_source(**changes: Any) -> VerdictSource:
    values: dict[str, Any] = {
        "url": LINK,
        "title": "A report",
        "kind": SourceKind.PRIMARY,
        "stance": Stance.REFUTES,
    }
    return VerdictSource(accessed_at=NOW, archived_url=None, **{**values, **changes})


def a_status(state: ClaimState, **changes: Any) -> StatusFacts:
    values: dict[str, Any] = {
        "document": a_document(),
        "requests": 2,
        "taken": 1,
        "submitted": 1,
        "verdict": None,
        "sources": [],
    }
    reason = ClosingReason.OPINION if state is ClaimState.CLOSED else None
    values["claim"] = a_claim(state=state, closing_reason=reason)
    return StatusFacts(**{**values, **changes})


def a_line(number: int = 12, **changes: Any) -> ClaimLine:
    values: dict[str, Any] = {"claim": a_claim(number), "requests": 2, "taken": 0, "submitted": 0, "rating": None}
    return ClaimLine(**{**values, **changes})


def a_mine_line(number: int = 12, **changes: Any) -> MineLine:
    values: dict[str, Any] = {
        "claim": a_claim(number),
        "assignment": None,
        "assignment_id": None,
        "expires_at": None,
        "review": None,
        "asked": False,
        "rating": None,
    }
    return MineLine(**{**values, **changes})


def a_case(**changes: Any) -> Case:
    values: dict[str, Any] = {"rating": "false", "summary": "It stayed open.", "sources": [a_verdict_source()]}
    return Case(claim_id=ClaimId(-3), decided_at=NOW, **{**values, **changes})


def a_progress(done: int = 2, newest: Assignment | None = None, **changes: Any) -> Progress:
    values: dict[str, Any] = {"cases": 10, "agreeing": min(done, 1)}
    return Progress(person_id=PersonId(1), done=done, newest=newest, **{**values, **changes})


def a_page(lines: Sequence[Any], *, total: int | None = None, offset: int = 0, size: int = 5) -> Page[Any]:
    return Page(list(lines), len(lines) if total is None else total, offset, size)


def a_chat(**changes: Any) -> Chat:
    values: dict[str, Any] = {"title": "The channel", "publishes": False}
    return Chat(
        id=ChatId(-100), kind=ChatKind.CHANNEL, language=None, is_team=False, present=True, added_by=None,
        added_at=NOW, **{**values, **changes},
    )  # fmt: skip


def a_submission(text: str, state: SubmissionState = SubmissionState.GATHERING) -> Submission:
    return Submission(SubmissionId(3), PersonId(1), ChatId(1001), state, text, None, NOW, NOW)


def a_subscription(**changes: Any) -> Subscription:
    values: dict[str, Any] = {"cadence": Cadence.DAILY, "local_minute": 540, "zone": "Asia/Dhaka"}
    values |= {
        "day": None,
        "cron": None,
        "active": True,
        "paused": False,
        "seen_event": AuditId(0),
        "seen_claim": ClaimId(0),
    }
    return Subscription(
        id=SubscriptionId(1), chat_id=ChatId(-1), thread_id=None, covered_until=NOW, next_at=LATER,
        created_by=None, created_at=NOW, **{**values, **changes},
    )  # fmt: skip


def an_invite(role: Role = Role.REVIEWER) -> Invite:
    return Invite(InviteId(1), "", role, None, NOW, LATER, None, None)


def a_content(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "period_start": (NOW - timedelta(days=1)).isoformat(),
        "period_end": NOW.isoformat(),
        "zone": "Asia/Dhaka",
        "new": {"total": 0, "claims": []},
        "decided": [],
        "published": [],
        "waiting": {"total": 0},
        "disputed": [],
        "preview": False,
        "away": False,
    }
    return {**values, **changes}


def a_full_content(text: str = "The bridge was closed.", source: str | None = LINK) -> dict[str, Any]:
    return a_content(
        new={"total": 1200, "claims": [{"id": number, "text": text} for number in range(1, 6)]},
        decided=[{"id": 42, "rating": "false"}, {"id": 43, "rating": "satire"}],
        published=[{"id": 42, "text": text, "rating": "false", "version": 2, "source": source}],
        waiting={"total": 3, "oldest_id": 7, "oldest_since": (NOW - timedelta(days=5)).isoformat()},
        disputed=[{"id": 50, "text": text, "major": True}, {"id": 51, "text": text, "major": False}],
    )


def every_practice_view(text: str, words: Words) -> Iterator[Message]:
    person = a_person(name=text)
    for progress in (a_progress(0), a_progress(newest=an_assignment()), a_progress(10), a_progress(10, agreeing=10)):
        yield practice.practice_shown(progress, person, words)
    places: dict[str, Any] = {"claim": a_claim(-3, text=text), "document": a_document(title=text, publisher=text)}
    sources = [a_source(number, title=text) for number in range(1, 8)]
    case = a_case(summary=text, sources=[a_verdict_source(title=text) for _ in range(7)])
    for state in AssignmentState:
        for review in (a_review(explanation=text), a_review(explanation=text, state=ReviewState.SUBMITTED), None):
            facts = a_card(Awaiting.RATING, state=state, review=review, sources=sources, **places)
            yield practice.card(facts, case, a_progress(newest=facts.assignment), words, POLICY)
    yield lists.mine_shown(a_page([a_mine_line(claim=a_claim(-3, text=text))]), words)


def every_evidence_view(text: str, words: Words) -> Iterator[Message]:
    places: dict[str, Any] = {"claim": a_claim(text=text), "document": a_document(title=text, publisher=text)}
    review = a_review(explanation=text)
    secret = a_source(2, title=text, protected=True, description=text, quote=text, archived_url=LINK)
    for at in LookAt:
        awaiting, detail = Look(secret.id, at).focus
        for each in (a_source(title=text, url=None, origin=9), a_source(title=text, url="https://www.example.org/b")):
            yield cards.card(
                a_card(awaiting, detail=detail, sources=[each, secret], review=review, **places), words, POLICY
            )
    photo = a_source(3, title=text, url=None, file_kind=FileKind.PHOTO, file_id="f", file_unique_id="u")
    awaiting, detail = Look(photo.id).focus
    yield cards.card(a_card(awaiting, detail=detail, sources=[photo], review=review, **places), words, POLICY)
    opinion = OpinionFacts(review, a_person(name=text), [secret, photo])
    decision = DecisionFacts(a_claim(text=text, state=ClaimState.AGREED), places["document"], 1, [opinion], None)
    yield decisions.decision_due(decision, words, POLICY)


def every_match(text: str) -> list[MatchLine]:
    """Matches of claim 12 with everything that can be said of one."""
    said = {"shared": 14, "total": 16, "names": [text], "new_numbers": [text], "known_numbers": [text], "negated": True}
    parts: list[dict[str, Any]] = [said, {**said, "known_numbers": [], "negated": False}, {**said, "names": []}]
    levels = [MatchLevel.SAME, MatchLevel.SIMILAR, MatchLevel.SIMILAR]
    return [
        MatchLine(
            Match(ClaimId(12), ClaimId(number), level, 0.87, MatchMethod.WORDS, each, NOW),
            a_claim(number, text=text),
            rating,
        )
        for number, each, level, rating in zip((1, 2, 3), parts, levels, ("false", None, "true"), strict=True)
    ]


def a_merge(step: Step, text: str = "The bridge was closed for a month.", **changes: Any) -> MergeFacts:
    """Claim 12 and claim 1, of which it was found to be like."""
    state = ClaimState.DUPLICATE if step is Step.MERGED else ClaimState.IN_REVIEW
    into = ClaimId(1) if step is Step.MERGED else None
    values: dict[str, Any] = {
        "claim": a_status(state, claim=a_claim(text=text, state=state, duplicate_of=into)),
        "known": a_status(ClaimState.QUEUED, claim=a_claim(1, text=text, state=ClaimState.QUEUED)),
        "match": every_match(text)[0].match,
        "people": 2,
    }
    return MergeFacts(step=step, **{**values, **changes})


def every_merge_view(text: str, words: Words) -> Iterator[Message]:
    known = a_status(
        ClaimState.PUBLISHED, claim=a_claim(1, text=text, state=ClaimState.PUBLISHED), verdict=a_verdict(summary=text)
    )
    for step in Step:
        yield merge_shown(a_merge(step, text), words)
        yield merge_shown(a_merge(step, text, known=known, match=None), words)
        yield merge_shown(a_merge(step, text, people=0), words)


def _settings(words: Words) -> Iterator[Message]:
    for each in list_settings(POLICY):
        yield settings.setting_shown(each.name, POLICY, words)
    for offset in range(0, len(list_settings(POLICY)), settings.PER_PAGE):
        yield settings.settings_shown(POLICY, offset, words)


def _subscriptions(words: Words) -> Iterator[Message]:
    cron = {"cadence": Cadence.CRON, "local_minute": None, "cron": "0 9 1,15 * *"}
    every = [
        a_subscription(),
        a_subscription(paused=True),
        a_subscription(active=False),
        a_subscription(cadence=Cadence.WEEKDAYS),
        a_subscription(cadence=Cadence.WEEKLY, day=6),
        a_subscription(**cron),
        *(a_subscription(cadence=Cadence.MONTHLY, day=day) for day in (1, 30, 31)),
    ]
    yield subscriptions.digests_shown([], words)
    yield subscriptions.digests_shown(every, words)
    for each in every:
        yield subscriptions.digest_set(each, words)
        yield subscriptions.digest_shown(each, words)
    yield subscriptions.time_asked(every[0], words)
    for cadence in (Cadence.DAILY, Cadence.WEEKDAYS, Cadence.WEEKLY, Cadence.MONTHLY):
        for day in (None, 5):
            yield subscriptions.digest_asked(cadence, day, words)


def every_view(text: str, words: Words) -> Iterator[Message]:
    """Yield every view with `text` in every place where something that people wrote can stand."""
    person = a_person(name=text, role=Role.EDITOR, language=None)
    claim = a_claim(text=text)
    document = a_document(title=text, publisher=text)
    review = a_review(explanation=text)
    open_source, source = a_source(1, title=text, stance=None), a_source(2, title=text, url=None)
    for role in Role:
        yield people.welcome(a_person(name=text, role=role), words)
        yield people.help_text(role, words)
    yield people.whoami(person, words)
    yield methodology.method_shown(POLICY, words)
    yield from _settings(words)
    yield from _subscriptions(words)
    yield people.invite_made(an_invite(), "https://t.me/desk_bot?start=secret", words)
    yield people.unreachable(person, 2, words)
    yield chats.channel_asked(a_chat(title=text), words)
    yield chats.channels_shown([a_chat(title=text), a_chat(title=text, publishes=True)], words)
    for state in SubmissionState:
        yield submissions.submission_gathered(a_submission(text, state), words)
    for code in ("und", "hi"):
        yield submissions.language_unclear(replace(document, language=code), text, words)
    facts = a_status(ClaimState.PUBLISHED, claim=a_claim(text=text, state=ClaimState.PUBLISHED), verdict=a_verdict())
    yield submissions.submission_confirmed(submissions.Confirmed([facts], 1, frozenset(), False), words)
    alike = every_match(text)
    yield submissions.submission_confirmed(submissions.Confirmed([facts], 1, frozenset(), False, alike=alike), words)
    yield submissions.submission_confirmed(submissions.Confirmed([facts, facts], 12, frozenset(), False), words)
    places: dict[str, Any] = {"claim": claim, "document": document, "before": text, "after": text, "review": review}
    for state in AssignmentState:
        yield cards.card(a_card(state=state, sources=[source], **places), words, POLICY, alike=alike)
    away = {**places, "claim": a_claim(text=text, state=ClaimState.DUPLICATE, duplicate_of=ClaimId(2))}
    yield cards.card(a_card(state=AssignmentState.WITHDRAWN, **away), words, POLICY)
    for step in Awaiting:
        yield cards.card(a_card(step, sources=[source], **places), words, POLICY, alike=alike)
        yield cards.card(a_card(step, sources=[source, open_source], **places), words, POLICY)
    yield from every_evidence_view(text, words)
    yield from every_practice_view(text, words)
    opinions = [OpinionFacts(review, a_person(number, name=text), [source]) for number in (1, 2)]
    agreed = DecisionFacts(a_claim(text=text, state=ClaimState.AGREED), document, 1, opinions, None)
    yield decisions.decision_due(agreed, words, POLICY)
    yield decisions.decision_due(agreed, words, POLICY, alike=alike)
    yield decisions.reason_asked(claim, "false", words)
    verdict = a_verdict(summary=text, reason=text + "!", version=2)
    sources = [a_verdict_source(title=text), a_verdict_source(title=text, url=None)]
    for asked in (claim, a_claim(13, text=text), None):
        yield verdicts.verdict_published(verdict, sources, claim, document, words, asked=asked)
    for state in ClaimState:
        shown = a_status(state, claim=a_claim(text=text, state=state), document=document, verdict=verdict)
        yield status.status_shown(
            shown, Role.EDITOR, words, POLICY, asked=True, alike=alike, tags=["বন্যা"] * 10, merged=[ClaimId(14)]
        )
    yield from every_merge_view(text, words)
    yield lists.queue_shown(a_page([a_line(claim=claim)], total=9), words)
    query = SearchQuery((Term(("unasked",)),))
    for total in (9, 0):
        page = a_page([a_line(claim=claim, rating="false")][:total], total=total)
        yield searching.search_shown(page, query, text, words)
        yield searching.search_shown(replace(page, more=True), query, text, words)
    yield searching.search_shown(a_page([], total=9), query, text, words)
    for role in Role:
        yield searching.search_help(role, words, POLICY)
    yield searching.tags_shown(claim, [], words)
    every_feature = Worth(0.87, tuple(why._FEATURES), tuple(why._FEATURES))
    for state in (ClaimState.QUEUED, ClaimState.PUBLISHED):
        asked = a_line(claim=a_claim(text=text, state=state))
        yield why.why_shown(asked, Priority(2.0, 1.0, 0.5, 1.7), every_feature, words.duration(LATER - NOW), words)
    yield searching.tags_shown(claim, ["বন্যা", "ঢাকা"], words)
    yield lists.mine_shown(a_page([a_mine_line(claim=claim, asked=True)]), words)
    yield digests.digest(a_full_content(text, source=text), words)
    yield digests.digest({**a_full_content(text), "away": True}, words)
    for code in notices.NOTICES:
        values = dict.fromkeys(
            ("name", "title", "text", "query", "zone", "setting", "reference", "filter", "piece", "value", "tag"), text
        )
        yield notices.notice(notices.Notice(code, values), words)
