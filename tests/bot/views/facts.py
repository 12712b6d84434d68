"""Facts as the ledger would read them, made by hand: views take values, so their tests need no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.html import parse_html
from bot.views import (
    approving,
    cards,
    chats,
    closing,
    corrected,
    corrections,
    decisions,
    desk_rules,
    digest_wishes,
    digests,
    history,
    leases,
    lists,
    members,
    methodology,
    notices,
    objections,
    people,
    practice,
    profiles,
    rooms,
    searching,
    settings,
    statistics,
    status,
    submissions,
    subscriptions,
    verdicts,
    why,
    wishes,
)
from bot.views.merging import MergeFacts, Step, merge_shown
from bot.views.message import Message
from bot.views.triage import triage_listed, triage_shown
from bot.views.words import Words
from jobs.agreement import Alpha
from jobs.assigning import Priority
from jobs.desk_rules import Act, Asks, Condition, Does, Spec
from jobs.desk_ruling import Trial
from jobs.digest_content import Section
from jobs.digest_wishes import Offered
from jobs.intake.worth import Worth
from jobs.looking import Look, LookAt
from jobs.lookup import Page
from jobs.policy import Policy
from jobs.statistics import Figures
from jobs.summaries import Waiting
from jobs.survival import Waits
from jobs.triage import Sorting
from jobs.tuning import list_settings
from storage.corrections import Correction
from storage.desk_rules import DeskRule, RuleId
from storage.figures import CardFacts, ClaimLine, DecisionFacts, MineLine, OpinionFacts, StatusFacts
from storage.kinds import (
    AssignmentState,
    Audience,
    Awaiting,
    Cadence,
    ChatKind,
    ClaimState,
    ClosingReason,
    CorrectionKind,
    CorrectionState,
    DocumentKind,
    FileKind,
    Manner,
    Method,
    ObjectionState,
    RequestState,
    ReviewState,
    Role,
    RoomKind,
    RuleState,
    Severity,
    SourceKind,
    Stance,
    Subject,
    SubmissionState,
)
from storage.matches import Match, MatchLevel, MatchLine, MatchMethod
from storage.milestones import Evidence
from storage.model import (
    Assignment,
    AssignmentId,
    AuditEntry,
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
from storage.objections import Objection, Voices
from storage.practice import Case, Progress
from storage.profiles import Profile
from storage.rooms import Room, RoomCard, Standing
from storage.search.query import SearchQuery, Term
from storage.team import Member
from storage.triage import Heap, Sentence
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
        "worth": 0.5,
        **changes,
    }
    values.setdefault("quote", values["text"])
    return Claim(
        id=ClaimId(number), document_id=DocumentId(1), position=0, key="", language="en",
        severity=Severity.NORMAL, revision=3, created_at=NOW, state_at=NOW, owed_since=NOW, **values,
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
    values: dict[str, Any] = {"title": "The channel", "publishes": False, "kind": ChatKind.CHANNEL}
    return Chat(
        id=ChatId(-100), language=None, is_team=False, present=True, added_by=None,
        added_at=NOW, **{**values, **changes},
    )  # fmt: skip


def a_submission(text: str, state: SubmissionState = SubmissionState.GATHERING) -> Submission:
    return Submission(SubmissionId(3), PersonId(1), ChatId(1001), state, text, None, NOW, NOW)


def a_subscription(**changes: Any) -> Subscription:
    values: dict[str, Any] = {
        "cadence": Cadence.DAILY,
        "zone": "Asia/Dhaka",
        "local_minute": 540,
        "day": None,
        "cron": None,
        "active": True,
        "paused": False,
        "audience": Audience.EDITORS,
        "left_out": [],
        "seen_event": AuditId(0),
        "seen_claim": ClaimId(0),
        "languages": [],
        "topics": [],
        "intro": None,
        "arranged": [],
    }
    return Subscription(
        id=SubscriptionId(1), chat_id=ChatId(-1), thread_id=None, covered_until=NOW, next_at=LATER,
        created_by=None, created_at=NOW, **{**values, **changes},
    )  # fmt: skip


def an_invite(role: Role = Role.REVIEWER) -> Invite:
    return Invite(InviteId(1), "", role, None, NOW, LATER, None, None)


def a_content(**sections: dict[str, Any]) -> dict[str, Any]:
    """A digest for editors with these sections; nothing happened in the others."""
    told = [section for section in Section if section is not Section.CHART]
    return {
        "period_start": (NOW - timedelta(days=1)).isoformat(),
        "period_end": NOW.isoformat(),
        "zone": "Asia/Dhaka",
        "audience": "editors",
        "order": told,
        "chart": True,
        "sections": {section: sections.get(section, {"total": 0, "lines": []}) for section in told},
        "after": {"event": 0, "claim": 0},
        "only": {"languages": [], "topics": []},
        "intro": None,
        "before": None,
        "preview": False,
        "away": False,
    }


def a_full_content(text: str = "The bridge was closed.", source: str | None = LINK) -> dict[str, Any]:
    since = (NOW - timedelta(days=5)).isoformat()
    post = {"chat_id": -1001234567890, "username": "factdesk_news", "message_id": 77}
    verdict = {"id": 42, "text": text, "rating": "false", "version": 1, "summary": text, "source": source, "post": post}
    return a_content(
        mine={"total": 3, "taken": 1, "offered": 2, "due": {"id": 9, "at": LATER.isoformat()}, "ids": [9]},
        published={"total": 1, "lines": [verdict]},
        corrected={
            "total": 1,
            "lines": [{**verdict, "id": 40, "version": 2, "rating": "true", "post": {**post, "username": None}}],
        },
        new={"total": 1200, "lines": [{"id": number, "text": text} for number in range(1, 11)]},
        decided={"total": 1, "lines": [{"id": 43, "rating": "satire"}]},
        disputed={
            "total": 2,
            "lines": [
                {"id": 50, "text": text, "major": True, "asked": [text] * 7},
                {"id": 51, "text": text, "major": False},
            ],
            "ids": [50, 51],
        },
        demanded={"total": 8, "lines": [{"id": 5, "text": text, "asked": 7}], "ids": [5]},
        waiting={"total": 3, "ages": [1, 0, 2, 0], "oldest": {"id": 7, "since": since}, "ids": [7]},
        pending={"total": 3, "to_approve": 1, "to_sort": 2, "ids": [7]},
        overdue={"total": 1, "lines": [{"id": 7, "text": text, "since": since}], "ids": [7]},
        agreement={
            "total": 25,
            "same": 0.84,
            "ordinal": {"value": 0.71, "low": -0.1, "high": 0.9, "n": 24},
            "nominal": None,
        },
        absorbed={"total": 4},
        undelivered={"total": 2},
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


def every_disagreement_view(text: str, words: Words) -> Iterator[Message]:
    places: dict[str, Any] = {"claim": a_claim(text=text), "document": a_document(title=text, publisher=text)}
    done = a_card(state=AssignmentState.DONE, review=a_review(explanation=text), **places)
    for undo in cards.Undo:
        yield cards.card(done, words, POLICY, undo=undo)
    opinion = OpinionFacts(a_review(explanation=text), a_person(name=text), [])
    held = DecisionFacts(a_claim(text=text, state=ClaimState.APPROVED), places["document"], 1, [opinion], a_verdict())
    yield decisions.decision_due(held, words, POLICY, held=True)
    shut = a_claim(text=text, state=ClaimState.CLOSED, closing_reason=ClosingReason.SPAM)
    yield closing.closing_shown(
        a_status(ClaimState.CLOSED, claim=shut, document=a_document(title=text, publisher=text)), words, held=True
    )
    said = a_source(7, title=text, url=None, quote=text, file_kind=FileKind.PHOTO, file_id="f", file_unique_id="u")
    both = []
    for number in (7, 8):
        who = replace(a_person(name=text), id=PersonId(number))
        both.append(OpinionFacts(a_review(explanation=text), who, [replace(said, id=SourceId(number))]))
    pair = DecisionFacts(a_claim(text=text, state=ClaimState.DISPUTED), places["document"], 1, both, None)
    yield decisions.decision_due(pair, words, POLICY)
    quoted = [a_verdict_source(title=text, quote=text)]
    yield verdicts.verdict_published(a_verdict(summary=text), quoted, places["claim"], places["document"], words)
    verdict = replace(a_verdict(), method=Method.ADJUDICATED, summary=text, reason=text, by_reviewer=True)
    yield verdicts.verdict_published(verdict, [], places["claim"], places["document"], words)


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


def every_team_view(text: str, words: Words) -> Iterator[Message]:
    team = [
        Member(a_person(1, name=text, role=Role.ADMIN, username="amina"), 0, 2),
        Member(a_person(2, name=text, on_duty=False), 2, 0),
        Member(a_person(3, name=text, role=Role.PUBLIC, suspended_role=Role.EDITOR), 0, 1),
        Member(a_person(4, name=text, reachable=False), 0, 0),
    ]
    yield members.members_shown(a_page(team, total=30, size=20), words)
    for each in team:
        yield members.removal_asked(each, words)
    for alias in (None, 3):
        gone = Member(a_person(name=text, role=Role.PUBLIC, alias=alias), 0, 2)
        yield members.removal_asked(gone, words)
        yield members.membership_ended(gone, words)
    yield members.membership_ended(Member(a_person(name=text, role=Role.PUBLIC), 0, 0), words)


def _settings(words: Words) -> Iterator[Message]:
    for each in list_settings(POLICY):
        yield settings.setting_shown(each.name, POLICY, words)
    for offset in range(0, len(list_settings(POLICY)), settings.PER_PAGE):
        yield settings.settings_shown(POLICY, offset, words)


def a_figures(**changes: Any) -> Figures:
    """Figures of a month in which everything happened."""
    wait = Waits(total=120, done=100, open=15, median=5_400.0, p90=200_000.0, oldest=900_000.0)
    values: dict[str, Any] = {
        "start": NOW - timedelta(days=30), "end": NOW, "came_in": 1200, "published": 900, "ended": 100, "open": 200,
        "look": wait, "review": wait, "decision": wait, "publication": replace(wait, p90=None),
        "within_target": 0.75, "decided": 950, "judged": 950, "disputed": 0.1, "adjudicated": 0.08, "corrected": 0.01,
        "reopened": 0.0,
        "percent": (0.82, 640), "nominal": Alpha(0.71, 0.64, 0.77, 640), "ordinal": Alpha(0.8, -0.1, 0.85, 600),
        "evidence": Evidence(900, 1850, 700, 30, 640), "requests": dict.fromkeys(RequestState, 17),
        "voices": Voices(40, 7), "unreachable": 3,
    }  # fmt: skip
    return Figures(**{**values, **changes})


def _figures(text: str, words: Words) -> Iterator[Message]:
    yield statistics.stats_shown(a_figures(), words)
    none = Waits(0, 0, 0, None, None, None)
    empty: dict[str, Any] = {"came_in": 0, "decided": 0, "evidence": Evidence(0, 0, 0, 0, 0)}
    yield statistics.stats_shown(a_figures(**empty), words)
    few = {"percent": None, "nominal": None, "ordinal": None, "open": 0, "publication": none, "within_target": None}
    yield statistics.stats_shown(a_figures(**few, requests=dict.fromkeys(RequestState, 0), disputed=None), words)
    yield statistics.why_shown(POLICY, words)
    yield statistics.work_shown(text, dict.fromkeys(AssignmentState, 3), NOW, LATER, words)


def every_room_view(text: str, words: Words) -> Iterator[Message]:
    document = a_document(title=text, publisher=text)
    for state in ClaimState:
        known = [a_person(name=text), a_person(name=text, alias=3)]
        for places in (2, 1, 0):
            standing = Standing(state, known[places:], known[places:])
            rating = "false" if state is ClaimState.PUBLISHED else None
            yield rooms.room_claim(
                RoomCard(a_claim(text=text, state=state), document, 2, standing, rating), places, words
            )
    yield rooms.room_card_over(a_claim(text=text), words)
    chat = a_chat(title=text, kind=ChatKind.SUPERGROUP)
    made = [Room(kind, chat.id, None, PersonId(1), NOW) for kind in RoomKind]
    yield rooms.rooms_shown([(room, chat) for room in made], words)
    yield rooms.rooms_shown([], words)


def every_wish_view(text: str, words: Words) -> Iterator[Message]:
    for manner in Manner:
        for quiet in (None, 420):
            person = a_person(
                role=Role.EDITOR, quiet_from=quiet, quiet_until=None if quiet is None else 5, zone="Asia/Dhaka"
            )
            yield wishes.wishes_shown(person, dict.fromkeys(Subject, manner), words, POLICY)
            yield wishes.quiet_set(person, words)
    lines = [a_line(number, claim=a_claim(number, text=text, state=ClaimState.QUEUED)) for number in range(1, 13)]
    objection = Objection(1, ClaimId(42), PersonId(1), ObjectionState.WAITING, text, NOW, None, None, None)
    disputed = [a_line(claim=a_claim(text=text, state=ClaimState.DISPUTED))]
    waits = a_correction(text, CorrectionState.PROPOSED, CorrectionKind.CORRECTION)
    for waiting in (
        Waiting(lines),
        Waiting(disputed, False, 2, [waits] * 12, [objection]),
        Waiting(lines, more=True),
        Waiting([]),
    ):
        news = [text.replace("&", "&amp;").replace("<", "&lt;")] if waiting else []
        yield wishes.summary_posted(news, waiting, NOW, words)


def _profiles(text: str, words: Words) -> Iterator[Message]:
    person = a_person(name=text, zone="Asia/Dhaka")
    tags = frozenset({"\u099b" * 60, "\u09ac\u09a8"})
    every = Profile(frozenset({"bn", "en", "as"}), tags, 2, frozenset({6, 0, 1}), 540, 60)
    for said in (Profile(), every, Profile(days=frozenset(range(7))), Profile(capacity=9, days=frozenset({4}), end=90)):
        for own in (True, False):
            yield profiles.profile_shown(person, said, own, words, Policy(capacity=3))
        yield profiles.profile_shown(replace(person, on_duty=False), said, True, words, POLICY)
    for run_out in (1, 3):
        yield profiles.still_there_asked(run_out, words)
    yield profiles.taken_off_duty(words)
    yield profiles.invited_back(words)


def _leases(words: Words) -> Iterator[Message]:
    for state in AssignmentState:
        for left in (0, 2):
            yield leases.half_over(an_assignment(state=state), 1, left, NOW, words)
    yield leases.overdue([1, 2], 2, words)
    yield leases.overdue([1], 7, words)


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
    for audience in Audience:
        yield subscriptions.parts_shown(a_subscription(audience=audience), words)
    yield subscriptions.time_asked(every[0], words)
    for cadence in (Cadence.DAILY, Cadence.WEEKDAYS, Cadence.WEEKLY, Cadence.MONTHLY):
        for day in (None, 5):
            yield subscriptions.digest_asked(cadence, day, words)


def _digests_of_channels(text: str, words: Words) -> Iterator[Message]:
    channel = a_chat(kind=ChatKind.CHANNEL, title=text)
    for held in ([], [a_subscription()]):
        yield subscriptions.digests_shown(held, words, channel)
    yield subscriptions.digest_shown(a_subscription(), words, channel)
    yield subscriptions.parts_shown(a_subscription(audience=Audience.PUBLIC), words, channel)
    for channels in ([], [channel]):
        yield subscriptions.channels_offered(channels, words)
    for day in (None, 6):
        yield subscriptions.digest_asked(Cadence.WEEKLY, day, words, channel)


def _wished_digests(text: str, words: Words) -> Iterator[Message]:
    wished = a_subscription(
        languages=["bn", "hi"], topics=["বন্যা", "ঝ" * 64], intro=text.strip()[:500] or None, arranged=["waiting", "new"]
    )
    only = {"languages": wished.languages, "topics": wished.topics}
    for each in (wished, a_subscription()):
        offered = Offered(["bn", "en", "hi"], ["বন্যা", "ঝ" * 64])
        yield digest_wishes.limits_shown(each, 2, offered, words)
        yield digest_wishes.intro_shown(each, words)
        for private in (True, False):
            yield digest_wishes.intro_asked(each, 2, words, private=private)
        yield digest_wishes.order_shown(each, words)
    yield digests.digest({**a_full_content(text), "only": only, "intro": wished.intro}, words)
    yield digests.digest({**a_content(), "only": only, "intro": wished.intro}, words)


def a_correction(text: str, state: CorrectionState, kind: CorrectionKind, rating: str = "true") -> Correction:
    decided = state in (CorrectionState.RELEASED, CorrectionState.DROPPED)
    by = PersonId(2) if decided else None
    at = NOW if decided else None
    return Correction(1, ClaimId(42), VerdictId(1), kind, state, 3, rating, text, text, PersonId(1), NOW, by, at)


def _corrections(text: str, words: Words) -> Iterator[Message]:
    claim, document = a_claim(text=text), a_document(title=text, publisher=text)
    before, after = a_verdict(summary=text), a_verdict(summary=text, version=2, reason=text, rating="true")
    sources = [a_verdict_source(title=text) for _ in range(12)]
    yield objections.evidence_asked(claim, words)
    yield objections.reopening_asked(claim, words)
    for standing in ObjectionState:
        decider = None if standing is ObjectionState.WAITING else a_person(2, name=text)
        objection = Objection(1, claim.id, PersonId(1), standing, text, NOW, None, None, None, FileKind.PHOTO, "photo")
        public = replace(claim, state=ClaimState.PUBLISHED)
        against = objections.ObjectionFacts(objection, public, before, a_person(name=text), decider)
        yield objections.evidence_due(against, words)
    yield approving.summary_asked(claim, text, words)
    yield approving.comment_asked(claim, words)
    yield approving.review_returned(claim, text, words)
    yield corrections.correction_begun(claim, before, words, POLICY)
    lines = []
    for kind in CorrectionKind:
        for state in CorrectionState:
            it = a_correction(text, state, kind)
            lines.append(corrected.CorrectionLine(it, claim, before))
            for alone in (True, False):
                author, decider = a_person(1, name=text), a_person(2, name=text) if it.decided_by else None
                facts = corrections.CorrectionFacts(it, claim, before, author, decider, 3, 2, alone, alone)
                for reader in (1, 2):
                    yield corrections.correction_shown(facts, PersonId(reader), words)
    retraction = a_correction(text, CorrectionState.RELEASED, CorrectionKind.RETRACTION)
    for rating in (None, "true"):
        yield corrections.reason_asked(claim, rating, words)
    yield corrections.summary_asked(retraction, words)
    yield corrected.correction_note(before, after, claim, words)
    yield corrected.correction_note(before, replace(after, summary="–"), claim, words)
    for each in (None, retraction):
        yield corrected.amended(after, sources, claim, document, words, retraction=each)
    yield corrected.retracted(retraction, before, claim, words)
    yield verdicts.verdict_published(after, sources, claim, document, words, asked=claim, before="false")
    yield corrected.corrections_shown(a_page([]), words)
    yield corrected.corrections_shown(a_page(lines[:5]), words)
    person = a_person(name=text)
    moves: list[tuple[str, dict[str, Any]]] = [
        ("claim.publish", {"to": "published"}),
        ("correction.proposed", {}),
        ("request.added", {}),
    ]
    entries = [
        AuditEntry(AuditId(number), NOW, person.id, action, "claim", 42, data, "")
        for number, (action, data) in enumerate(moves * 40)
    ]
    versions = [before, replace(after, published_at=NOW)]
    for team in (True, False):
        known = {person.id: person} if team else {}
        yield history.history_shown(history.HistoryFacts(claim, versions, entries, known, team), words)
    yield history.history_shown(history.HistoryFacts(claim, [], [], {}, team=False), words)


def a_sorting(*picked: int, total: int = 2, text: str = "It is so.", **changes: Any) -> Sorting:
    """The card of a document with claims 1, 2, … in triage, of which those given are chosen."""
    sentences = [
        Sentence(a_claim(number, text=text, state=ClaimState.TRIAGE, worth=0.25), number, None)
        for number in range(1, min(total, 8) + 1)
    ]
    values: dict[str, Any] = {"first": 0, "closing": False, "print": 7, "queued": 0, "closed": 0, "just_closed": 0}
    values["document"] = a_document(title=text, publisher=text)
    return Sorting(
        sentences=sentences, total=total, picked=frozenset(ClaimId(each) for each in picked), **{**values, **changes}
    )


def every_triage_view(text: str, words: Words) -> Iterator[Message]:
    for count in (0, 1, 12):
        yield triage_listed([Heap(a_document(title=text, publisher=text), 3, count) for _ in range(count)], words)
    for closing_now in (False, True):
        yield triage_shown(a_sorting(1, total=20, text=text, first=8, closing=closing_now, queued=3, closed=1), words)
        yield triage_shown(a_sorting(total=1, text=text, closing=closing_now), words)
    yield triage_shown(a_sorting(total=0, text=text, queued=2), words)
    for total in (0, 2):
        yield triage_shown(a_sorting(total=total, text=text, closed=3, just_closed=3 - total), words)
    for state in ClaimState:
        for requests in (0, 3):
            reason = ClosingReason.SPAM if state is ClaimState.CLOSED else None
            claim = a_claim(text=text, state=state, closing_reason=reason)
            yield closing.closing_shown(a_status(state, claim=claim, requests=requests), words)
    asked = (Condition(Asks.TEXT, text), Condition(Asks.SOURCE, text), Condition(Asks.REQUESTS, "3"))
    done = (Act(Does.SEVERITY, "high"), Act(Does.TAG, "বন্যা"), Act(Does.NOTIFY), Act(Does.CLOSE, "spam"))
    spec = Spec((*(replace(each, value=each.value[:60]) for each in asked), Condition(Asks.LANGUAGE, "bn")), done)
    rules = [DeskRule(RuleId(number), spec.typed(), state, None, NOW) for number, state in enumerate(RuleState, 1)]
    for count in (0, 2):
        yield desk_rules.rules_shown(rules[:count], words)
        outcomes = [
            Trial(rule, spec, fits, acted)
            for rule in rules[:count]
            for fits, acted in ((True, False), (False, True), (False, False))
        ]
        yield desk_rules.rules_tested(a_claim(text=text), outcomes, words)
    for count in (1, 25):
        yield desk_rules.rule_acted(rules[0], [a_claim(text=text)] * count, words)
    reworded = a_claim(text=text, quote=text + text)
    yield cards.card(
        a_card(Awaiting.RATING, claim=reworded, document=a_document(title=text, publisher=text)), words, POLICY
    )
    shown = a_status(ClaimState.QUEUED, claim=reworded, document=a_document(title=text, publisher=text))
    yield status.status_shown(shown, Role.EDITOR, words, POLICY, asked=False)
    for reason in ClosingReason:
        for count in (1, 2, 12):
            yield closing.claims_closed([a_claim(text=text)] * count, reason, words)


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
    yield from _corrections(text, words)
    yield from _subscriptions(words)
    yield from _figures(text, words)
    yield from _leases(words)
    yield from _profiles(text, words)
    yield people.invite_made(an_invite(), "https://t.me/desk_bot?start=secret", words)
    yield people.unreachable(person, 2, words)
    yield from every_team_view(text, words)
    yield from every_wish_view(text, words)
    yield from every_room_view(text, words)
    yield from every_disagreement_view(text, words)
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
        parted = (("mixed", 1), ("true", 2))
        shown = a_status(
            state, claim=a_claim(text=text, state=state), document=document, verdict=verdict, otherwise=parted
        )
        yield status.status_shown(
            shown, Role.EDITOR, words, POLICY, asked=True, alike=alike, tags=["বন্যা"] * 10, merged=[ClaimId(14)]
        )
    yield from every_merge_view(text, words)
    yield from every_triage_view(text, words)
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
    yield from _wished_digests(text, words)
    yield from _digests_of_channels(text, words)
    yield digests.digest({**a_full_content(text), "away": True, "before": {"new": 1210, "published": 0}}, words, 12)
    for section in Section:
        yield digests.claims_behind(section, a_page([a_line(claim=a_claim(text=text))]), 12, words)
        yield digests.claims_behind(section, a_page([]), 12, words)
    for code in notices.NOTICES:
        values = dict.fromkeys(
            ("name", "by", "title", "text", "query", "zone", "setting", "reference", "filter", "piece", "value", "tag"),
            text,
        )
        yield notices.notice(notices.Notice(code, values), words)
