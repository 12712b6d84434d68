"""Two desks live the same life; at one of them the same people also practise. Nothing else may tell them apart.

Compared are the rows of real work themselves, with every instant in them, and what people are shown of them. Ids of
offers, reviews and sources are counters that practice shares; they are compared by their rank among the real ones.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import evidence, membership, practice, publish, review
from jobs.digest_content import Period, content_of
from jobs.intake.submit import Incoming, ingest, request_text
from jobs.listen import hear
from jobs.lookup import find_claim, mine_page, queue_page, search_page
from jobs.policy import Policy
from jobs.schedule import JOBS, Job
from jobs.search_query import parse
from jobs.subscriptions import subscribe
from storage.database import Database
from storage.errors import NotFound, Refused
from storage.integrity import find_problems
from storage.kinds import (
    AssignmentState,
    Awaiting,
    Cadence,
    ChatKind,
    ClaimState,
    DocumentKind,
    Role,
    SourceKind,
    Stance,
)
from storage.ledger import Ledger
from storage.model import Assignment, AuditId, ChatId, ClaimId, Person
from storage.practice import is_practice
from storage.values import Marks, Schedule
from tests.support.builders import NOW

_EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "0"))
_FAST = "/dev/shm"  # noqa: S108 - nothing here is about surviving a power cut
POLICY = Policy(undo_within=timedelta(0), queue_from_documents=True)
ROLES = (Role.EDITOR, Role.REVIEWER, Role.REVIEWER, Role.REVIEWER, Role.PUBLIC)
TEAM, CHANNEL = ChatId(-500), ChatId(-100500)
# Two of them are practice claims, too: the same text is one thing as a rumour, and another to practise on.
SENTENCES = (
    "The bridge over the Padma is 6.15 kilometres long.",
    "Half of all wells in the district hold arsenic.",
    "Lightning never strikes the same place twice.",
    "সুন্দরবনের পুরোটাই বাংলাদেশের ভেতরে।",
)
RATINGS = ("true", "mostly_true", "false", "satire")

Work = Callable[[Ledger, datetime], Awaitable[object]]

who = st.integers(0, 3)
real = st.one_of(
    st.tuples(st.just("ask"), st.integers(0, 4), st.sampled_from(SENTENCES)),
    st.tuples(st.just("article"), st.just(0), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4)),
    st.tuples(st.just("duty"), who, st.booleans()),
    st.tuples(st.just("take"), who, st.none()),
    st.tuples(st.just("pass"), who, st.none()),
    st.tuples(st.just("say"), who, st.sampled_from(("https://a.example/1", "a book"))),
    st.tuples(st.just("review"), who, st.sampled_from(RATINGS)),
    st.tuples(st.just("everybody"), st.just(0), st.sampled_from(RATINGS)),
    st.tuples(st.just("decide"), st.just(0), st.sampled_from(RATINGS)),
    st.tuples(st.just("lose"), who, st.none()),
    st.tuples(st.just("time"), st.just(0), st.sampled_from((1, 13, 25, 60))),
    st.tuples(st.just("deliver"), st.just(0), st.none()),
).map(tuple)  # mapped, or `one_of` would take its branches for its own, and practice would be one of a dozen
extra = st.tuples(
    st.just("practise"),
    who,
    st.sampled_from(
        ("show", "begin", "take", "rate", "say", "whole", "whole", "rest", "pass", "stop", "leave", "again", "editor")
    ),
)


class Desk:
    """One of the two desks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def open(self) -> None:
        async with self.database.write() as ledger:
            for number, role in enumerate(ROLES):
                person = await ledger.people.meet(number + 1, f"P{number}", None, NOW, role=role)
                if role is Role.REVIEWER:
                    await ledger.people.mark_duty(person.id, on_duty=True)
            await ledger.chats.meet(TEAM, ChatKind.GROUP, "Team", NOW)
            await ledger.chats.meet(CHANNEL, ChatKind.CHANNEL, "Verdicts", NOW)
            await ledger.chats.mark(CHANNEL, publishes=True)
            await subscribe(ledger, await of(ledger, 0), TEAM, None, Schedule(Cadence.DAILY, "Asia/Dhaka", 540), NOW)

    async def do(self, now: datetime, work: Work) -> str | None:
        """Do something in a transaction of its own; returns the code of the refusal, if the rules say no."""
        async with self.database.write() as ledger:
            try:
                async with ledger.savepoint():
                    await work(ledger, now)
            except Refused as refused:
                return refused.code
        return None


async def of(ledger: Ledger, number: int) -> Person:
    return await membership.meet(ledger, number + 1, f"P{number}", None, NOW, ())


async def every_step(ledger: Ledger, person: Person, offer: Assignment, rating: str, now: datetime) -> None:
    """Review from wherever the draft stands, and hand in."""
    at = (ledger, person, offer.id)
    if offer.state is AssignmentState.OFFERED:
        await review.take(*at, now, POLICY)
    await review.rate(*at, rating, now, POLICY)
    with suppress(Refused):
        await evidence.add_source(*at, f"https://p{person.telegram_id}.example/", now, POLICY)
    draft = await ledger.reviews.get_live(offer.claim_id, person.id)
    for source in await ledger.reviews.list_sources(draft.id):
        await evidence.describe_source(*at, source.id, now, POLICY, kind=SourceKind.NEWS, stance=Stance.CONTEXT)
    await review.go_to(*at, Awaiting.EXPLANATION, now, POLICY)
    await hear(ledger, person, f"P{person.telegram_id} looked.", None, now, POLICY, forwarded=False)
    draft = await ledger.reviews.get_live(offer.claim_id, person.id)
    await review.submit(*at, draft.revision, now, POLICY)


def real_work(verb: str, number: int, what: Any) -> Work:
    async def work(ledger: Ledger, now: datetime) -> None:  # noqa: PLR0912 - one for each verb
        person = await of(ledger, number)
        live = await ledger.assignments.list_live_of(person.id)
        taken = [each for each in live if each.state is AssignmentState.TAKEN]
        match verb:
            case "ask":
                await request_text(ledger, person, what, None, now, POLICY)
            case "article":
                await ingest(ledger, Incoming(DocumentKind.ARTICLE, " ".join(what)), None, now, POLICY)
            case "duty":
                await membership.set_duty(ledger, person, on_duty=what, now=now, policy=POLICY)
            case "take" if live:
                await review.take(ledger, person, live[-1].id, now, POLICY)
            case "pass" if live:
                await review.pass_on(ledger, person, live[-1].id, now, POLICY)
            case "say" if taken:
                await review.go_to(ledger, person, taken[0].id, Awaiting.SOURCE, now, POLICY)
                await hear(ledger, person, what, None, now, POLICY, forwarded=False)
            case "review" if live:
                await every_step(ledger, person, (taken or live)[0], what, now)
            case "everybody":
                for each in range(4):
                    await real_work("review", each, what)(ledger, now)
            case "decide":
                for claim in await ledger.claims.list_in((ClaimState.AGREED,)):
                    await publish.approve(ledger, person, claim.id, claim.revision, now, POLICY)
                for claim in await ledger.claims.list_in((ClaimState.DISPUTED,)):
                    await publish.ask_reason(ledger, person, claim.id, claim.revision, what, now, POLICY)
                    await hear(ledger, person, "I weighed it.", None, now, POLICY, forwarded=False)
            case "lose":
                await membership.lose_contact(ledger, person.id, now, POLICY)
            case "time":
                for job in JOBS:
                    if isinstance(job, Job):
                        await job.work(ledger, now, POLICY)
            case "deliver":
                while leased := await ledger.outbox.lease_due(now, 100):
                    for message in leased:
                        await ledger.outbox.mark_sent(message, [message.id], now)

    return work


def practising(number: int, what: str) -> Work:
    async def work(ledger: Ledger, now: datetime) -> None:  # noqa: PLR0912 - one for each verb
        person = await of(ledger, number)
        progress = await ledger.practice.progress(person.id)
        opened = progress.open
        if opened is None and what not in {"show", "again", "editor"}:
            await practice.show(ledger, person, now, POLICY)
            await practice.go_on(ledger, person, person.id, progress.mark, now, POLICY)
            opened = (await ledger.practice.progress(person.id)).open
        at = (ledger, person)
        match what, opened:
            case "show", _:
                await practice.show(*at, now, POLICY)
            case "again", _:
                await practice.start_over(*at, person.id, progress.mark, now, POLICY)
            case "editor", _:
                await publish.approve(ledger, await of(ledger, 0), ClaimId(-1), 0, now, POLICY)
            case "take", Assignment():
                await review.take(*at, opened.id, now, POLICY)
            case "rate", Assignment():
                await review.rate(*at, opened.id, "mixed", now, POLICY)
            case "say", Assignment():
                await review.go_to(*at, opened.id, Awaiting.SOURCE, now, POLICY)
                await hear(*at, "https://practice.example/", None, now, POLICY, forwarded=False)
            case "whole", Assignment():
                await every_step(*at, opened, "false", now)
            case "rest", Assignment():
                for _ in range(12):
                    await every_step(*at, opened, "false", now)
                    progress = await ledger.practice.progress(person.id)
                    if progress.done == progress.cases:
                        break
                    await practice.go_on(*at, person.id, progress.mark, now, POLICY)
                    opened = (await ledger.practice.progress(person.id)).open
                    assert opened is not None
            case "pass", Assignment():
                await review.pass_on(*at, opened.id, now, POLICY)
            case "stop", _:
                await practice.stop(*at, person.id, now)
            case "leave", _:
                focus = await ledger.people.find_focus(person.id)
                if focus is not None and is_practice(focus.claim_id):
                    await review.leave(*at, now)

    return work


REAL_ROWS = {
    "people": "SELECT id, telegram_id, name, role, language, on_duty, reachable FROM people ORDER BY id",
    "claims": "SELECT id, quote, text, key, language, worth, severity, state, revision, closing_reason, duplicate_of, "
    "created_at, state_at FROM claims WHERE practice = 0 ORDER BY id",
    "documents": "SELECT kind, content_hash, text, submitted_by, created_at FROM documents "
    "WHERE content_hash NOT LIKE 'practice%' ORDER BY id",
    "words": "SELECT rowid, words FROM claim_words ORDER BY rowid",
    "requests": "SELECT * FROM requests ORDER BY id",
    "submissions": "SELECT * FROM submissions ORDER BY id",
    "assignments": "SELECT claim_id, person_id, state, offered_at, taken_at, expires_at, ended_at FROM assignments "
    "WHERE claim_id > 0 ORDER BY id",
    "reviews": "SELECT claim_id, person_id, state, rating, explanation, revision, created_at, updated_at, submitted_at "
    "FROM reviews WHERE claim_id > 0 ORDER BY id",
    "sources": "SELECT r.claim_id, r.person_id, s.url, s.title, s.kind, s.stance, s.accessed_at FROM sources s "
    "JOIN reviews r ON r.id = s.review_id WHERE r.claim_id > 0 ORDER BY s.id",
    "verdicts": "SELECT * FROM verdicts ORDER BY id",
    "publications": "SELECT * FROM publications ORDER BY id",
    "subscriptions": "SELECT * FROM subscriptions ORDER BY id",
    "digests": "SELECT * FROM digests ORDER BY id",
    "dedup keys": "SELECT chat_id, kind, payload, dedup_key FROM outbox WHERE dedup_key IS NOT NULL ORDER BY id",
}
RANKS = {
    "assignment": "SELECT id FROM assignments WHERE claim_id > 0 ORDER BY id",
    "review": "SELECT id FROM reviews WHERE claim_id > 0 ORDER BY id",
    "source": "SELECT s.id FROM sources s JOIN reviews r ON r.id = s.review_id WHERE r.claim_id > 0 ORDER BY s.id",
    "document": "SELECT id FROM documents WHERE content_hash NOT LIKE 'practice%' ORDER BY id",
}


async def observed(ledger: Ledger, now: datetime) -> dict[str, Any]:
    """Return all that anybody could see of a desk, but for practice itself."""
    seen: dict[str, Any] = {name: await ledger.session.fetch_all(sql) for name, sql in REAL_ROWS.items()}
    ranks = {
        name: {row[0]: rank for rank, row in enumerate(await ledger.session.fetch_all(sql), 1)}
        for name, sql in RANKS.items()
    }

    def ranked(data: dict[str, Any]) -> dict[str, Any]:
        return {name: ranks[name][value] if name in ranks else value for name, value in data.items()}

    audit = await ledger.session.fetch_all("SELECT at, actor, action, subject, subject_id, data FROM audit ORDER BY id")
    seen["audit"] = [(*row[:3], ranked({row[3]: row[4]}), ranked(json.loads(row[5]))) for row in audit]
    # A card is edited once more when its reader turns to practice, so what it shows last is compared.
    messages = await ledger.session.fetch_all(
        """
        SELECT chat_id, kind, payload, card FROM outbox
        WHERE kind <> 'practice_shown' AND dedup_key IS NULL ORDER BY id
        """
    )
    told: list[Any] = []
    cards: dict[Any, Any] = {}
    for chat, kind, payload, card in messages:
        data = json.loads(payload)
        data.pop("fresh", None)
        if "assignment" in data and data["assignment"] not in ranks["assignment"]:
            continue
        name = f"work:{ranks['assignment'][data['assignment']]}" if "assignment" in data else card
        if card is None:
            told.append((chat, kind, ranked(data)))
        else:
            cards[chat, name] = (kind, ranked(data))
    seen |= {"told": told, "cards": cards}

    seen["queue"] = [await queue_page(ledger, now, POLICY, offset) for offset in (0, 5)]
    seen["search"] = [
        await search_page(ledger, parse(text, POLICY, "UTC"), None, NOW, POLICY, 0)
        for text in (*SENTENCES, "chin", "brain", "ল")
    ]
    span = (Marks(AuditId(0), ClaimId(0)), await ledger.news.marks())
    period = Period(NOW - timedelta(days=400), now + timedelta(days=400), *span, "Asia/Dhaka")
    seen["digest"] = await content_of(ledger, period, POLICY)
    for line in seen["digest"]["sections"]["published"]["lines"] + seen["digest"]["sections"]["corrected"]["lines"]:
        # The same post has a higher number where more was sent before it.
        line["post"] = None if line["post"] is None else {**line["post"], "message_id": None}
    seen["load"] = await ledger.people.list_on_duty()
    seen["problems"] = await find_problems(ledger, now, quorum=POLICY.quorum)
    seen["status"] = [await status(ledger, ClaimId(number)) for number in range(-12, 8)]
    for person in await ledger.people.list_with_role(Role.REVIEWER, reachable=False):
        lines = (await mine_page(ledger, person, 0, Policy(page_size=20))).lines
        seen[f"list of {person.id}"] = [
            (line.claim, line.assignment, line.expires_at, line.review, line.asked, line.rating)
            for line in lines
            if not line.claim.practice
        ]
    return seen


async def status(ledger: Ledger, number: ClaimId) -> Any:
    try:
        facts = await ledger.figures.status((await find_claim(ledger, number)).id)
    except NotFound:
        return None
    return (facts.claim, facts.requests, facts.taken, facts.submitted, facts.verdict, facts.sources)


def without_document_ids(value: Any) -> Any:
    """Return what was observed as text, the claims' references to documents left out: a counter, too."""
    return re.sub(r"document_id=\d+", "", re.sub(r"\bid=\d+, kind=<DocumentKind", "kind=<DocumentKind", repr(value)))


async def play(migrated: Path, folder: Path, life: list[tuple[str, int, Any]]) -> int:
    """Live a life at two desks and compare them; returns how many practice reviews were handed in."""
    desks = []
    for name in ("plain", "practising"):
        path = Path(shutil.copy(migrated, folder / f"{name}.db"))
        desks.append(Desk(await Database.open(path, NOW)))
    other = desks[1]
    try:
        now = NOW
        for desk in desks:
            await desk.open()
        for verb, number, what in life:
            now += timedelta(hours=what) if verb == "time" else timedelta(seconds=1)
            if verb == "practise":
                for desk in desks:
                    # Whoever writes to the desk can be written to again, whatever about.
                    await desk.do(now, real_work("say hello", number, None))
                await other.do(now, practising(number, what))
            else:
                refusals = [await desk.do(now, real_work(verb, number, what)) for desk in desks]
                assert refusals[0] == refusals[1], (verb, number, what)
        for desk in desks:
            await desk.do(now, real_work("deliver", 0, None))
        seen = []
        for desk in desks:
            async with desk.database.read() as ledger:
                seen.append(await observed(ledger, now))
        for name in seen[0]:
            assert without_document_ids(seen[0][name]) == without_document_ids(seen[1][name]), name
        async with other.database.read() as ledger:
            sql = "SELECT count(*) FROM reviews WHERE claim_id < 0 AND submitted_at IS NOT NULL"
            return int((await ledger.session.fetch_all(sql))[0][0])
    finally:
        for desk in desks:
            await desk.database.close()


@pytest.fixture
def folder() -> Any:
    made = Path(tempfile.mkdtemp(prefix="apart-", dir=_FAST if os.path.isdir(_FAST) else None))
    yield made
    shutil.rmtree(made)


@given(life=st.lists(st.one_of(real, extra), min_size=10, max_size=40))
@settings(
    max_examples=_EXAMPLES or 40,
    derandomize=not _EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_a_desk_where_people_practise_is_the_same_desk(
    migrated_file: Path, folder: Path, life: list[tuple[str, int, Any]]
) -> None:
    asyncio.run(play(migrated_file, folder, life))


def test_a_whole_working_day_among_a_whole_round_of_practice(migrated_file: Path, folder: Path) -> None:
    """The longest way through both, so that a short random run is not all there is."""
    life: list[tuple[str, int, Any]] = [("practise", number, "whole") for number in range(4)]
    for sentence, rating in zip(SENTENCES, RATINGS, strict=True):
        life += [("ask", 4, sentence), ("practise", 1, "take"), ("review", 1, rating), ("practise", 2, "rest")]
        life += [("take", 2, None), ("practise", 2, "say"), ("say", 2, "a book"), ("everybody", 0, "false")]
        life += [("deliver", 0, None), ("everybody", 0, rating), ("decide", 0, rating), ("practise", 2, "again")]
        life += [("practise", 3, "take"), ("lose", 3, None), ("time", 0, 25), ("duty", 3, True)]
    assert asyncio.run(play(migrated_file, folder, life)) > 20
