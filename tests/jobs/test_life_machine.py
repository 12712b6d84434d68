"""Any sequence of what people and the clock can do keeps the invariants (storage/invariants).

The machine drives the real jobs on a real SQLite file, as the gateway and the scheduler do: one transaction per step, a
savepoint per action. After each step every invariant is asked; a refusal must not have written anything. At the end the
machine checks that nothing is stuck: with enough reviewers and an editor, every claim gets its verdict and everybody
who asked gets an answer.

The default run is short. For a deep one, with other seeds each time:

    LIFE_EXAMPLES=3000 LIFE_STEPS=80 pytest tests/jobs/test_life_machine.py --timeout=0
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jobs import (
    approval,
    closing,
    correcting,
    evidence,
    holding,
    leases,
    membership,
    publish,
    reopening,
    review,
    rooms,
    summaries,
    team,
    triage,
    undo,
)
from jobs.channels import lose_channel
from jobs.consensus import Agreed
from jobs.desk_rules import read_rule
from jobs.desk_ruling import add_rule, switch_rule
from jobs.digest_intro import ask_intro
from jobs.digest_wishes import limit_to, set_intro
from jobs.dispatch import judgement_of
from jobs.duplicates import ask_merge, merge, unmerge
from jobs.intake.submit import Incoming, ingest, request_text
from jobs.listen import hear
from jobs.looking import Look, LookAt
from jobs.policy import Policy
from jobs.reword import reword
from jobs.rules import policy_now
from jobs.runner import run_job
from jobs.schedule import JOBS
from jobs.severity import set_severity
from jobs.subscriptions import pause_chat, subscribe, unsubscribe
from storage.database import Database
from storage.errors import NotAllowed, Refused
from storage.integrity import Problem, find_broken_invariants, find_problems
from storage.kinds import (
    AssignmentState,
    Awaiting,
    Cadence,
    ChatKind,
    ClaimState,
    ClosingReason,
    DocumentKind,
    Manner,
    Role,
    RoomKind,
    RuleState,
    Severity,
    SourceKind,
    Stance,
    Subject,
)
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, ChatId, Claim, Person, SourceId
from storage.values import Schedule
from tests.support.builders import NOW

T = TypeVar("T")

_EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "0"))
_STEPS = int(os.environ.get("LIFE_STEPS", "40"))

_FAST = "/dev/shm"  # noqa: S108 - each step is a transaction; nothing here is about surviving a power cut

SENTENCES = (
    "The bridge over the Padma is 6.15 kilometres long.",
    "ঢাকায় গত বছর ১৫ হাজার নতুন বাস নেমেছে।",
    "The minister resigned on 3 March 2025.",
    "Half of all wells in the district hold arsenic.",
    "भारत की आबादी १४० करोड़ है।",
)
SORTING = ("send", "send", "close", "undo", "choose", "all")
RATINGS = ("true", "mostly_true", "false", "satire")
ROLES = (Role.ADMIN, Role.EDITOR, Role.EDITOR, Role.REVIEWER, Role.REVIEWER, Role.REVIEWER, Role.PUBLIC, Role.PUBLIC)
SPANS = ("", "", "22-07", "00:00-23:59", None)
TEAM, CHANNEL = ChatId(-500), ChatId(-100500)

who = st.integers(0, len(ROLES) - 1)
reviewer = st.sampled_from((0, 1, 2, 3, 4, 5, 3, 4, 5, 6))
editor = st.sampled_from((0, 1, 2, 1, 2, 4, 6))
which = st.integers(0, 11)
text = st.sampled_from(SENTENCES)

Action = Callable[[Ledger, Person, Policy], Awaitable[object]]


class LifeMachine(RuleBasedStateMachine):
    """A desk of eight people, a team's group and a channel."""

    migrated: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="life-", dir=_FAST if os.path.isdir(_FAST) else None))
        self.path = Path(shutil.copy(self.migrated, self.folder / "factdesk.db"))
        self.database = self.run(Database.open(self.path, NOW))
        self.now = NOW
        self.broken: list[Problem] = []
        self.asked = False

    def run(self, work: Awaitable[T]) -> T:
        async def wrapped() -> T:
            return await work

        return self.loop.run(wrapped())

    @initialize(
        quorum=st.sampled_from((1, 2, 2, 2, 3)),
        more=st.integers(0, 2),
        approval=st.booleans(),
        capacity=st.integers(1, 2),
        channel=st.booleans(),
        undo=st.sampled_from((0, 30, 3600)),
    )
    def open_desk(self, quorum: int, more: int, approval: bool, capacity: int, channel: bool, undo: int) -> None:
        changes = {
            "quorum": quorum,
            "max_reviews": quorum + more,
            "approval": approval,
            "capacity": capacity,
            "open_offers": capacity,
            "undo_within": undo,
        }

        async def work() -> None:
            async with self.database.write() as ledger:
                for name, value in changes.items():
                    await ledger.settings.set(name, value, by=None, now=self.now)
                for number, role in enumerate(ROLES):
                    await ledger.people.meet(number + 1, f"P{number}", None, self.now, role=role)
                await ledger.chats.meet(TEAM, ChatKind.GROUP, "Team", self.now)
                await ledger.chats.meet(CHANNEL, ChatKind.CHANNEL, "Verdicts", self.now)
                await ledger.chats.mark(CHANNEL, publishes=channel)

        self.run(work())
        for number in range(1, 6):
            self.duty(number, True)
        self.article(list(SENTENCES[:3]))
        self.digest(1, Cadence.DAILY, 540, beside=False)

    # -- doing something ------------------------------------------------------------------------------------------

    def act(self, number: int, action: Action) -> Refused | None:
        """Let a person do something, as an update of theirs would; returns the refusal, if the rules say no."""
        self.now += timedelta(milliseconds=1)
        refused = self.run(self._act(number, action))
        self.asked = True
        return refused

    async def _act(self, number: int, action: Action) -> Refused | None:
        async with self.database.write() as ledger:
            policy = await policy_now(ledger)
            person = await membership.meet(ledger, number + 1, f"P{number}", None, self.now, {1})
            before = await snapshot(ledger)
            ledger.speaker = person.id
            refused, early = None, False
            try:
                async with ledger.savepoint():
                    try:
                        await action(ledger, person, policy)
                    except Refused:
                        early = await snapshot(ledger) == before
                        raise
            except Refused as error:
                refused = error
            if refused is not None:
                assert early, f"{refused} came after something was written"
                assert await snapshot(ledger) == before, f"{refused} changed something"
            self.broken += await find_broken_invariants(ledger, quorum=policy.quorum)
            await check_more(ledger, policy)
        return refused

    def on_assignment(
        self,
        number: int,
        pick: int,
        action: Callable[[Ledger, Person, AssignmentId, Policy], Awaitable[object]],
        *,
        state: AssignmentState = AssignmentState.TAKEN,
    ) -> Refused | None:
        """Press a button on a card: mostly its owner on a live one, at times anybody on any."""
        live, every = self.run(self._cards(state))
        if live and pick < 10:
            owner, assignment_id = live[(number + pick) % len(live)]
            return self.act(owner, lambda ledger, person, policy: action(ledger, person, assignment_id, policy))
        if every:
            _, stray = every[pick % len(every)]
            return self.act(number, lambda ledger, person, policy: action(ledger, person, stray, policy))
        return None

    async def _cards(self, state: AssignmentState) -> tuple[list[tuple[int, AssignmentId]], ...]:
        """Return (number of the person, assignment): the live ones in a state, and the newest of all."""
        async with self.database.read() as ledger:
            rows = await ledger.session.fetch_all(
                """
                SELECT p.telegram_id - 1, a.id, a.state FROM assignments a JOIN people p ON p.id = a.person_id
                ORDER BY a.id DESC
                """
            )
        return [(row[0], row[1]) for row in rows if row[2] == state], [(row[0], row[1]) for row in rows[:12]]

    # -- what people do -------------------------------------------------------------------------------------------

    @rule(sentences=st.lists(text, min_size=1, max_size=4))
    def article(self, sentences: list[str]) -> None:
        incoming = Incoming(DocumentKind.ARTICLE, " ".join(sentences))
        self.act(0, lambda ledger, _, policy: ingest(ledger, incoming, None, self.now, policy))

    @rule(number=who, sentences=st.lists(text, min_size=1, max_size=5, unique=True))
    def ask(self, number: int, sentences: list[str]) -> None:
        """Up to three sentences are one claim, more are an article with a request for each."""
        self.act(
            number,
            lambda ledger, person, policy: request_text(ledger, person, " ".join(sentences), None, self.now, policy),
        )

    @rule(number=who, on=st.booleans())
    def duty(self, number: int, on: bool) -> None:
        self.act(
            number,
            lambda ledger, person, policy: membership.set_duty(ledger, person, on_duty=on, now=self.now, policy=policy),
        )

    @rule(number=reviewer, pick=which)
    def take(self, number: int, pick: int) -> None:
        self.on_assignment(
            number,
            pick,
            lambda ledger, person, each, policy: review.take(ledger, person, each, self.now, policy),
            state=AssignmentState.OFFERED,
        )

    @rule(number=reviewer, pick=which, offered=st.booleans())
    def pass_on(self, number: int, pick: int, offered: bool) -> None:
        self.on_assignment(
            number,
            pick,
            lambda ledger, person, each, policy: review.pass_on(ledger, person, each, self.now, policy),
            state=AssignmentState.OFFERED if offered else AssignmentState.TAKEN,
        )

    @rule(number=reviewer, pick=which, stale=st.integers(0, 3))
    def renew(self, number: int, pick: int, stale: int) -> None:
        """Ask for more time, at times by the button of an old reminder."""

        async def work(ledger: Ledger, person: Person, each: AssignmentId, policy: Policy) -> None:
            term = await ledger.leases.find(each)
            seen = (0 if term is None else term.renewals) - (stale == 0)
            await leases.renew(ledger, person, each, seen, self.now, policy)
            assert stale, "renewed what another message offered"
            event("renewed")

        self.on_assignment(number, pick, work)

    @rule(number=reviewer, pick=which, recuse=st.booleans())
    def step_back(self, number: int, pick: int, recuse: bool) -> None:
        """Pass on or recuse by the command: mostly from what one was offered, at times from any claim."""

        async def work(ledger: Ledger, person: Person, policy: Policy) -> None:
            live = await ledger.assignments.list_live_of(person.id)
            if live and pick < 10:
                claim = await ledger.claims.get(live[pick % len(live)].claim_id)
            else:
                claims = await ledger.claims.list_in(tuple(ClaimState))
                claim = claims[pick % len(claims)]
            if recuse:
                await leases.step_back(ledger, person, claim, "I know them.", self.now, policy)
                event("recused")
            else:
                await leases.pass_claim(ledger, person, claim, self.now, policy)

        self.act(number, work)

    @rule(number=editor, to=who, pick=which, back=st.booleans())
    def assign(self, number: int, to: int, pick: int, back: bool) -> None:
        """An editor says who is to have a claim, or is to have it no longer."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            state = ClaimState.IN_REVIEW if back or pick % 2 else ClaimState.QUEUED
            claim, person = await pick_claim(ledger, state, pick), await ledger.people.find_by_telegram(to + 1)
            assert person is not None
            if claim is None:
                return
            if back:
                await leases.unassign(ledger, editor, claim, person, self.now, policy)
                event("unassigned")
            else:
                await leases.assign(ledger, editor, claim, person, self.now, policy)
                event("assigned")

        self.act(number, work)

    @rule(
        number=reviewer,
        pick=which,
        edit=st.sampled_from(("rate", "source", "describe", "remove", "copy", "protect", "look", "explain", "go to")),
        rating=st.sampled_from((*RATINGS, "no_such_rating")),
        words=st.sampled_from(("https://a.example/1", "see https://a.example/2.", "a book")),
        step=st.sampled_from(list(Awaiting)[:4]),
    )
    def edit(self, number: int, pick: int, edit: str, rating: str, words: str, step: Awaiting) -> None:
        """One step of a review."""

        async def change(ledger: Ledger, person: Person, each: AssignmentId, policy: Policy) -> None:
            rows = await ledger.session.fetch_all("SELECT id FROM sources ORDER BY id DESC LIMIT 4")
            source = SourceId(rows[pick % len(rows)][0] if rows else 1)
            at = (ledger, person, each)
            match edit:
                case "rate":
                    await review.rate(*at, rating, self.now, policy)
                case "source":
                    await evidence.add_source(*at, words, self.now, policy)
                case "describe":
                    await evidence.describe_source(*at, source, self.now, policy, kind=SourceKind.NEWS)
                    await evidence.describe_source(*at, source, self.now, policy, stance=Stance.CONTEXT)
                case "remove":
                    await evidence.remove_source(*at, source, self.now, policy)
                case "copy":
                    other = SourceId(rows[pick * 3 % len(rows)][0] if rows else 1)
                    await evidence.mark_copy(*at, source, other, self.now, policy)
                    if pick % 3 == 0:
                        await evidence.mark_apart(*at, source, self.now, policy)
                case "protect":
                    await evidence.protect_source(*at, source, "Somebody who was there", self.now, policy)
                    if pick % 3 == 0:
                        await evidence.unprotect_source(*at, source, self.now, policy)
                case "look":
                    await evidence.look_at(*at, Look(source, list(LookAt)[pick % 4]), self.now, policy)
                case "explain":
                    await review.explain(*at, "Because.", self.now, policy)
                case _:
                    await review.go_to(*at, step, self.now, policy)

        self.on_assignment(number, pick, change)

    @rule(number=reviewer, pick=which, stale=st.integers(0, 3))
    def submit(self, number: int, pick: int, stale: int) -> None:
        async def hand_in(ledger: Ledger, person: Person, each: AssignmentId, policy: Policy) -> None:
            assignment = await ledger.assignments.get(each)
            draft = await ledger.reviews.find_live(assignment.claim_id, person.id)
            revision = (draft.revision if draft else 0) - (stale == 0)
            await review.submit(ledger, person, each, revision, self.now, policy)

        self.on_assignment(number, pick, hand_in)

    @rule(number=reviewer, rating=st.sampled_from(RATINGS), stale=st.integers(0, 5))
    def review_at_once(self, number: int, rating: str, stale: int = 1) -> None:
        """All the steps in one go, so that a short run gets to verdicts too; then the button, maybe of an old card."""
        self.act(number, lambda ledger, person, policy: self._draft(ledger, person, rating, policy))
        self.act(number, lambda ledger, person, policy: self._hand_in(ledger, person, policy, late=stale == 0))

    @rule(ratings=st.lists(st.sampled_from(RATINGS), min_size=5, max_size=5))
    def everybody_reviews(self, ratings: list[str]) -> None:
        for number, rating in enumerate(ratings, 1):
            self.review_at_once(number, rating)

    async def _work_of(self, ledger: Ledger, person: Person) -> Assignment | None:
        """Return the lease that a person took first, else the offer."""
        live = await ledger.assignments.list_live_of(person.id)
        live = [each for each in live if each.expires_at > self.now]
        return max(live, key=lambda each: each.state is AssignmentState.TAKEN, default=None)

    async def _draft(self, ledger: Ledger, person: Person, rating: str, policy: Policy) -> None:
        assignment = await self._work_of(ledger, person)
        if assignment is None:
            return
        if assignment.state is AssignmentState.OFFERED:
            await review.take(ledger, person, assignment.id, self.now, policy)
        await review.rate(ledger, person, assignment.id, rating, self.now, policy)
        draft = await ledger.reviews.get_live(assignment.claim_id, person.id)
        if len(await ledger.reviews.list_sources(draft.id)) < policy.rating(rating).sources:
            await evidence.add_source(ledger, person, assignment.id, f"https://p{person.id}.example/", self.now, policy)
        for source in await ledger.reviews.list_sources(draft.id):
            await evidence.describe_source(
                ledger,
                person,
                assignment.id,
                source.id,
                self.now,
                policy,
                kind=SourceKind.PRIMARY,
                stance=Stance.SUPPORTS,
            )
        await review.explain(ledger, person, assignment.id, f"P{person.id} looked.", self.now, policy)

    async def _hand_in(self, ledger: Ledger, person: Person, policy: Policy, *, late: bool = False) -> bool:
        assignment = await self._work_of(ledger, person)
        if assignment is None or assignment.state is AssignmentState.OFFERED:
            return False
        draft = await ledger.reviews.get_live(assignment.claim_id, person.id)
        await review.submit(ledger, person, assignment.id, draft.revision - late, self.now, policy)
        return True

    @rule(number=who, words=st.sampled_from(("Because I read it.", "https://a.example/3", SENTENCES[0], "/cancel")))
    def say(self, number: int, words: str) -> None:
        """Send a text and let the step that the person is at decide what it means."""
        if words == "/cancel":
            self.act(number, lambda ledger, person, _: review.leave(ledger, person, self.now))
        else:
            self.act(
                number,
                lambda ledger, person, policy: hear(ledger, person, words, None, self.now, policy, forwarded=False),
            )

    # -- what editors do ------------------------------------------------------------------------------------------

    @rule(
        number=editor,
        pick=which,
        how=st.sampled_from(("approve", "approve", "choose", "write", "write nothing")),
        rating=st.sampled_from(RATINGS),
        stale=st.integers(0, 3),
    )
    def decide(self, number: int, pick: int, how: str, rating: str, stale: int) -> None:
        """Press a button on an editors' card, at times a stale one, or answer the question for a reason."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            wanted = ClaimState.AGREED if how == "approve" else ClaimState.DISPUTED
            claim = await pick_claim(ledger, wanted, pick)
            if claim is None:
                return
            at = (ledger, editor, claim.id)
            revision = claim.revision - (stale == 0)
            if how == "approve":
                judgement = await judgement_of(ledger, claim.id, policy)
                verdict = await publish.approve(*at, revision, self.now, policy)
                assert stale, "approved what another card showed"
                assert isinstance(judgement, Agreed)
                assert verdict.rating == judgement.rating
            elif how == "choose":
                await publish.ask_reason(*at, revision, rating, self.now, policy)
            else:
                await publish.adjudicate(*at, rating, "I weighed it." if how == "write" else " ", self.now, policy)

        self.act(number, work)

    @rule(number=editor, pick=which, into=which, how=st.sampled_from(("merge", "merge", "ask", "stale")))
    def merge(self, number: int, pick: int, into: int, how: str) -> None:
        """Merge any claim into any other, by a button on a card or by the command."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claims = await ledger.claims.list_in(tuple(ClaimState))
            claim, known = claims[pick % len(claims)], claims[into % len(claims)]
            if how == "ask":
                await ask_merge(ledger, editor, claim.id, known.id, self.now)
                return
            revision = claim.revision - (how == "stale")
            done = await merge(ledger, editor, claim.id, revision, known.id, known.revision, self.now, policy)
            assert not (done and how == "stale"), "merged what another card showed"
            if done:
                event("merged")

        self.act(number, work)

    @rule(number=editor, pick=which)
    def unmerge(self, number: int, pick: int) -> None:
        """Take apart: mostly a duplicate, at times anything."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claim = await pick_claim(ledger, ClaimState.DUPLICATE, pick)
            if claim is not None:
                await unmerge(ledger, editor, claim.id, self.now, policy)
                event("taken apart")

        self.act(number, work)

    @rule(number=editor, pick=which, again=st.booleans(), reason=st.sampled_from(list(ClosingReason)))
    def close(self, number: int, pick: int, again: bool, reason: ClosingReason) -> None:
        """Close any claim, or take a closed one up again."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claims = await ledger.claims.list_in((ClaimState.CLOSED,) if again else tuple(ClaimState))
            if not claims:
                return
            claim = claims[pick % len(claims)]
            if again:
                await closing.reopen(ledger, editor, claim.id, self.now, policy)
                event("taken up again")
            elif pick < 4:
                await closing.close(ledger, editor, claim.id, reason, self.now, policy)
                event("closed")

        self.act(number, work)

    @rule(number=editor, pick=which, words=st.sampled_from(("In other words.", *SENTENCES[:2], "Padma: 6.15 km.")))
    def reword(self, number: int, pick: int, words: str) -> None:
        """Give any claim another text."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claims = await ledger.claims.list_in(tuple(ClaimState))
            await reword(ledger, editor, claims[pick % len(claims)].id, words, self.now, policy)
            event("reworded")

        self.act(number, work)

    @rule(number=editor, pick=which, wanted=st.sampled_from(Severity))
    def judge_harm(self, number: int, pick: int, wanted: Severity) -> None:
        """Say how much harm any claim can do, at times from an old card."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claims = await ledger.claims.list_in(tuple(ClaimState))
            await set_severity(ledger, editor, claims[pick % len(claims)].id, Severity.NORMAL, wanted, self.now)

        self.act(number, work)

    @rule(
        number=editor,
        typed=st.sampled_from(
            (
                "text contains wells then severity high and notify",
                "requests >= 2 then tag asked and severity critical",
                "text contains minister then close opinion",
                "language is hi then nothing",
            )
        ),
        wanted=st.sampled_from(RuleState),
    )
    def make_rule(self, number: int, typed: str, wanted: RuleState) -> None:
        """Add a rule, or switch the one there is; the job lets it act from then on."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            known = {each.text: each for each in await ledger.desk_rules.list_all()}
            there = known.get(read_rule(typed).typed())
            if there is None:
                await add_rule(ledger, editor, typed, self.now)
            else:
                await switch_rule(ledger, editor, there.id, there.state, wanted, self.now, policy)
                event(f"rule {wanted}")

        self.act(number, work)

    @rule(on=st.booleans())
    def sort_first(self, on: bool) -> None:
        """Let sentences of documents wait for an editor from now on, or no longer."""

        async def work(ledger: Ledger, admin: Person, policy: Policy) -> None:
            await ledger.settings.set("queue_from_documents", not on, by=admin.id, now=self.now)

        self.act(0, work)

    @rule(
        number=editor, how=st.sampled_from(("send", "send", "close", "undo", "choose", "all")), stale=st.integers(0, 3)
    )
    def sort(self, number: int, how: str, stale: int) -> None:
        """Sort the first document that waits, at times by the button of an old card."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            heaps = await ledger.triage.list_heaps()
            if not heaps:
                return
            document = heaps[0].document.id
            card = await triage.sorting_of(ledger, document, editor.id, self.now, policy)
            seen, claim = card.print + (stale == 0), card.sentences[0].claim
            match how:
                case "send":
                    await triage.send(ledger, editor, document, seen, self.now, policy)
                    assert stale, "sent what another card showed"
                    event("sorted")
                case "close":
                    await triage.close_rest(ledger, editor, document, seen, ClosingReason.SPAM, self.now, policy)
                    assert stale, "closed what another card showed"
                case "undo":
                    await triage.take_back_closing(ledger, editor, document, self.now, policy)
                    event("closings taken back")
                case "choose":
                    await triage.choose(ledger, editor, claim.id, claim.revision, self.now, chosen=stale > 1)
                case _:
                    await triage.choose_all(ledger, editor, document, self.now, chosen=stale > 0)

        self.act(number, work)

    @rule(number=st.integers(1, 2), rating=st.sampled_from(RATINGS))
    def decide_all(self, number: int, rating: str) -> None:
        """An editor goes through everything that waits for one; what they may not decide is left."""

        async def waiting(ledger: Ledger, state: ClaimState) -> list[Claim]:
            return await ledger.claims.list_in((state,))

        async def decide(ledger: Ledger, editor: Person, policy: Policy) -> None:
            for claim in await waiting(ledger, ClaimState.AGREED):
                with suppress(NotAllowed):
                    await publish.approve(ledger, editor, claim.id, claim.revision, self.now, policy)
            for claim in await waiting(ledger, ClaimState.DISPUTED):
                with suppress(NotAllowed):
                    await publish.ask_reason(ledger, editor, claim.id, claim.revision, rating, self.now, policy)
                    await hear(ledger, editor, "I weighed it.", None, self.now, policy, forwarded=False)

        self.act(number, decide)

    @rule(number=reviewer, pick=which)
    def take_back(self, number: int, pick: int) -> None:
        """Press the button that undoes a submission, mostly of the newest one."""
        self.on_assignment(
            number,
            pick,
            lambda ledger, person, each, policy: undo.take_back_review(ledger, person, each, self.now, policy),
            state=AssignmentState.DONE,
        )

    @rule(number=editor, pick=which, stale=st.integers(0, 3), first=st.booleans())
    def take_back_approval(self, number: int, pick: int, stale: int, first: bool) -> None:
        """Press the button that undoes an approval; mostly of one given a moment ago."""

        async def approve(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claim = await pick_claim(ledger, ClaimState.AGREED, pick)
            if claim is not None and claim.state is ClaimState.AGREED:
                await publish.approve(ledger, editor, claim.id, claim.revision, self.now, policy)

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claim = await pick_claim(ledger, ClaimState.APPROVED, pick)
            if claim is None:
                return
            await holding.take_back_approval(ledger, editor, claim.id, claim.revision - (stale == 0), self.now)
            assert stale, "took back what another card showed"
            event("approval taken back")

        if first:
            self.act(number, approve)
        self.act(number, work)

    @rule(number=editor, pick=which, back=st.booleans(), stale=st.integers(0, 3))
    def before_approval(self, number: int, pick: int, back: bool, stale: int) -> None:
        """Write another summary for an agreed claim, or send it back to its reviewers."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            claim = await pick_claim(ledger, ClaimState.AGREED, pick)
            if claim is None:
                return
            ask = approval.ask_comment if back else approval.ask_summary
            await ask(ledger, editor, claim.id, claim.revision - (stale == 0), self.now, policy)
            assert stale, "did what another card showed"
            if stale > 1:
                await hear(ledger, editor, "Look at the date.", None, self.now, policy, forwarded=False)
                event("sent back" if back else "reworded")

        self.act(number, work)

    @rule(number=who, pick=which, how=st.sampled_from(("ask", "bring", "bring", "yes", "no")))
    def after_the_answer(self, number: int, pick: int, how: str) -> None:
        """A button under an answer: mostly by somebody who got it."""

        async def work(ledger: Ledger, person: Person, policy: Policy) -> None:
            claim = await pick_claim(ledger, ClaimState.RETRACTED if pick % 3 == 0 else ClaimState.PUBLISHED, pick)
            verdict = None if claim is None else await ledger.verdicts.find_latest(claim.id)
            if claim is None or verdict is None:
                return
            if how in ("yes", "no"):
                await reopening.give_feedback(ledger, person, verdict.id, self.now, helped=how == "yes")
                return
            await reopening.ask_evidence(ledger, person, claim.id, self.now)
            if how == "bring":
                await hear(ledger, person, "https://a.example/new", None, self.now, policy, forwarded=False)
                event("evidence brought")

        told = self.run(self._told(pick))
        self.act(told if told is not None and pick < 10 else number, work)

    async def _told(self, pick: int) -> int | None:
        async with self.database.read() as ledger:
            rows = await ledger.session.fetch_all(
                "SELECT p.telegram_id - 1 FROM answers a JOIN people p ON p.id = a.person_id "
                "WHERE p.telegram_id <= 8 ORDER BY a.person_id, a.verdict_id"
            )
        return int(rows[pick % len(rows)][0]) if rows else None

    @rule(number=editor, how=st.sampled_from(("reopen", "reopen", "ask", "decline")))
    def answer_evidence(self, number: int, how: str) -> None:
        """An editor decides on the evidence that has waited longest."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            row = await ledger.session.fetch_one("SELECT min(id) FROM objections WHERE state = 'waiting'")
            if row is None or row[0] is None:
                return
            if how == "decline":
                await reopening.decline(ledger, editor, row[0], self.now)
                return
            await reopening.ask_reason(ledger, editor, row[0], self.now)
            if how == "reopen":
                await hear(ledger, editor, "Look again.", None, self.now, policy, forwarded=False)
                event("reopened")

        self.act(number, work)

    @rule(number=st.integers(1, 2), rating=st.sampled_from(RATINGS), retract=st.booleans())
    def correct_at_once(self, number: int, rating: str, retract: bool) -> None:
        """All the steps of a correction in one go, of the first verdict that nobody is changing."""

        async def draft(ledger: Ledger, editor: Person, policy: Policy) -> None:
            for claim in await ledger.claims.list_in((ClaimState.PUBLISHED,)):
                verdict = await ledger.verdicts.find_latest(claim.id)
                if verdict is None or verdict.rating == rating or await ledger.corrections.list_open(claim.id):
                    continue
                if retract:
                    await correcting.begin_retraction(ledger, editor, claim.id, self.now)
                else:
                    await correcting.choose(ledger, editor, claim.id, verdict.version, rating, self.now, policy)
                await hear(ledger, editor, "It was wrong.", None, self.now, policy, forwarded=False)
                (card,) = await ledger.corrections.list_open(claim.id)
                await correcting.propose(ledger, editor, card.id, card.revision, self.now, policy)
                return

        async def release(ledger: Ledger, editor: Person, policy: Policy) -> None:
            for card in await ledger.corrections.list_proposed():
                if card.proposed_by != editor.id:
                    await correcting.release(ledger, editor, card.id, card.revision, self.now)

        self.act(number, draft)
        self.act(3 - number, release)

    @rule(
        number=editor,
        pick=which,
        how=st.sampled_from(("correct", "correct", "retract", "summary", "propose", "propose", "release", "drop")),
        rating=st.sampled_from(RATINGS),
        stale=st.integers(0, 3),
    )
    def change_what_is_public(self, number: int, pick: int, how: str, rating: str, stale: int) -> None:
        """Begin a correction or a retraction, or press a button on the card of one, at times an old one."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            if how in ("correct", "retract"):
                claim = await pick_claim(ledger, ClaimState.PUBLISHED, pick)
                verdict = None if claim is None else await ledger.verdicts.find_latest(claim.id)
                if claim is None or verdict is None:
                    return
                if how == "correct":
                    version = verdict.version - (stale == 0)
                    await correcting.choose(ledger, editor, claim.id, version, rating, self.now, policy)
                else:
                    await correcting.begin_retraction(ledger, editor, claim.id, self.now)
                focus = await ledger.people.find_focus(editor.id)
                if focus is not None and focus.claim_id == claim.id and stale > 1:
                    await hear(ledger, editor, "It was wrong.", None, self.now, policy, forwarded=False)
                return
            row = await ledger.session.fetch_one("SELECT max(id) FROM corrections WHERE state IN ('draft', 'proposed')")
            if row is None or row[0] is None:
                return
            card = await ledger.corrections.get(row[0])
            seen = (ledger, editor, card.id, card.revision - (stale == 0), self.now)
            if how == "propose":
                await correcting.propose(*seen, policy)
            elif how == "release":
                await correcting.release(*seen)
            elif how == "summary":
                await correcting.ask_summary(*seen)
            else:
                await correcting.drop(*seen)
            assert stale, "did what another card showed"
            event(f"correction: {how}")

        self.act(number, work)

    @rule(
        number=editor,
        about=who,
        how=st.sampled_from(("promote", "demote", "suspend", "restore", "restore", "remove", "hide", "ask")),
        role=st.sampled_from((None, None, Role.REVIEWER, Role.EDITOR, Role.ADMIN)),
        stale=st.integers(0, 5),
    )
    def members(self, number: int, about: int, how: str, role: Role | None, stale: int) -> None:
        """Decide who belongs to the team; at times by a button of before, at times about oneself or somebody above."""

        async def work(ledger: Ledger, by: Person, policy: Policy) -> None:
            member = await ledger.people.find_by_telegram(about + 1)
            assert member is not None
            match how:
                case "promote":
                    await team.promote(ledger, by, member, role, self.now, policy)
                case "demote":
                    await team.demote(ledger, by, member, role, self.now, {1})
                case "suspend":
                    await team.suspend(ledger, by, member, self.now, policy, {1})
                case "restore":
                    await team.restore(ledger, by, member, self.now)
                case "remove":
                    seen = Role.ADMIN if stale == 0 else member.suspended_role or member.role
                    await team.remove(ledger, by, member, seen, self.now, policy, {1}, alias=stale > 3)
                case "hide":
                    await team.hide_name(ledger, by, by.id, self.now)
                case _:
                    await team.ask_removal(ledger, by, member, self.now, {1})
            event(f"team: {how}")

        self.act(number, work)

    @rule(number=editor, kind=st.sampled_from((*RoomKind, None)), thread=st.sampled_from((None, None, 7)))
    def room(self, number: int, kind: RoomKind | None, thread: int | None) -> None:
        """Make the team's group, or a topic in it, a room, or end it."""

        async def work(ledger: Ledger, editor: Person, policy: Policy) -> None:
            if kind is None:
                await rooms.end_room(ledger, editor, TEAM, thread, self.now)
            else:
                chat = await ledger.chats.get(TEAM)
                await rooms.set_room(ledger, editor, chat, thread, kind, self.now, policy)

        self.act(number, work)

    @rule(number=reviewer, pick=which, private=st.booleans())
    def tap(self, number: int, pick: int, private: bool) -> None:
        """Take a claim by its card in the room or in a summary, mostly one that can be taken."""

        async def work(ledger: Ledger, person: Person, policy: Policy) -> None:
            state = (ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.DISPUTED)[pick % 3]
            claim = await pick_claim(ledger, state, pick)
            if claim is not None:
                chat = ChatId(person.telegram_id) if private else TEAM
                await rooms.take_claim(ledger, person, claim.id, chat, self.now, policy)
                event("taken by a tap")

        self.act(number, work)

    @rule(number=who, subject=st.sampled_from(Subject), manner=st.sampled_from(Manner), span=st.sampled_from(SPANS))
    def wish(self, number: int, subject: Subject, manner: Manner, span: str | None) -> None:
        """Choose how to be told about something, or quiet hours."""

        async def work(ledger: Ledger, person: Person, policy: Policy) -> None:
            if span == "":
                await summaries.choose(ledger, person, subject, manner, "Asia/Dhaka", self.now, policy)
            else:
                await summaries.set_quiet(ledger, person, span, "Asia/Dhaka", self.now, policy)

        self.act(number, work)

    @rule(
        number=editor,
        cadence=st.sampled_from(Cadence),
        minute=st.sampled_from((0, 150, 540, None)),
        beside=st.booleans(),
    )
    def digest(self, number: int, cadence: Cadence, minute: int | None, beside: bool) -> None:
        """Set a digest of the team, or end them all."""
        day = {Cadence.WEEKLY: 6, Cadence.MONTHLY: 31}.get(cadence)
        schedule = Schedule(cadence, "Europe/Berlin", minute, day)
        if cadence is Cadence.CRON:
            schedule = Schedule(cadence, "Europe/Berlin", cron="30 */5 * * *")
        if minute is None:
            self.act(number, lambda ledger, editor, _: unsubscribe(ledger, editor, TEAM, None, self.now))
        else:
            self.act(
                number,
                lambda ledger, editor, _: subscribe(ledger, editor, TEAM, None, schedule, self.now, beside=beside),
            )

    @rule(number=editor, paused=st.booleans())
    def pause(self, number: int, paused: bool) -> None:
        """Pause the digests of the team, or let them go on."""
        self.act(number, lambda ledger, editor, _: pause_chat(ledger, editor, TEAM, None, self.now, paused=paused))

    @rule(number=editor, languages=st.sets(st.sampled_from(("en", "bn"))), intro=st.sampled_from(("", "Hello")))
    def digest_wish(self, number: int, languages: set[str], intro: str) -> None:
        """Limit the digests of the team and give them an intro, or take both back."""

        async def wished(ledger: Ledger, editor: Person, _: Policy) -> None:
            for each in await ledger.subscriptions.list_of_chat(TEAM, None):
                await limit_to(ledger, editor, each.id, self.now, languages=sorted(languages), topics=sorted(languages))
                await set_intro(ledger, editor, each.id, intro, self.now)

        self.act(number, wished)

    @rule(number=editor, pick=which)
    def intro_asked(self, number: int, pick: int) -> None:
        """Ask for the first words of a digest in private; what the editor says next may be them, or come much later."""

        async def asked(ledger: Ledger, editor: Person, _: Policy) -> None:
            active = await ledger.subscriptions.list_of_chat(TEAM, None)
            if active:
                here = ChatId(editor.telegram_id)
                await ask_intro(ledger, editor, active[pick % len(active)].id, (here, 1), None, self.now)

        self.act(number, asked)

    @rule(number=editor, lost=st.booleans())
    def channel_digest(self, number: int, lost: bool) -> None:
        """Set a digest of the channel, or let the desk lose its right to post there and get it back."""

        async def changed(ledger: Ledger, editor: Person, _: Policy) -> None:
            channel = await ledger.chats.get(CHANNEL)
            if lost:
                await lose_channel(ledger, channel, self.now)
            else:
                daily = Schedule(Cadence.DAILY, "Asia/Dhaka", 540)
                await subscribe(ledger, editor, CHANNEL, None, daily, self.now)
                await pause_chat(ledger, editor, CHANNEL, None, self.now, paused=False)

        self.act(number, changed)

    # -- what the clock, Telegram and the operator do -------------------------------------------------------------

    @rule(hours=st.sampled_from((0, 0, 1, 1, 11, 25, 25, 100)), jobs=st.sampled_from((True, True, False)))
    def time_passes(self, hours: int, jobs: bool) -> None:
        self.now += timedelta(hours=hours, milliseconds=1)
        if jobs:
            for job in JOBS:
                self.run(run_job(self.database, job, self.now))

    @rule(number=who, worker=st.booleans())
    def unreachable(self, number: int, worker: bool) -> None:
        """Telegram says that a person, maybe one with a lease, blocked the bot. They come back by doing anything."""
        leases, _ = self.run(self._cards(AssignmentState.TAKEN))
        if worker and leases:
            number = leases[number % len(leases)][0]

        async def work() -> None:
            async with self.database.write() as ledger:
                person = await ledger.people.find_by_telegram(number + 1)
                assert person is not None
                await membership.lose_contact(ledger, person.id, self.now, await policy_now(ledger))

        self.now += timedelta(milliseconds=1)
        self.run(work())

    @rule(fate=st.sampled_from(("sent", "sent", "deferred", "dead", "killed")))
    def courier(self, fate: str) -> None:
        """Send what is due, or fail to."""

        async def work() -> None:
            async with self.database.write() as ledger:
                leased = await ledger.outbox.lease_due(self.now, 30)
            if fate == "killed":
                await self.database.close()
                self.database = await Database.open(self.path, self.now)
            async with self.database.write() as ledger:
                if fate == "killed":
                    await ledger.outbox.release_all()
                    return
                for message in leased:
                    if fate == "sent":
                        await ledger.outbox.mark_sent(message, [message.id], self.now)
                    elif fate == "deferred":
                        await ledger.outbox.mark_deferred(message.id, self.now + timedelta(minutes=1), "RetryAfter")
                    else:
                        await ledger.outbox.mark_dead(message.id, "Forbidden", self.now)

        self.now += timedelta(milliseconds=1)
        self.run(work())

    # -- what is always true --------------------------------------------------------------------------------------

    @invariant()
    def invariants_hold(self) -> None:
        if not self.asked:
            self.run(self._ask_invariants())
        self.asked = False
        assert not self.broken, self.broken

    async def _ask_invariants(self) -> None:
        async with self.database.write() as ledger:
            policy = await policy_now(ledger)
            self.broken += await find_broken_invariants(ledger, quorum=policy.quorum)
            await check_more(ledger, policy)

    def teardown(self) -> None:
        try:
            if self.run(self._reached()):
                self.run(self._finish())
        finally:
            self.run(self.database.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    async def _reached(self) -> bool:
        """Tell `--hypothesis-show-statistics` how far the run got; False if the desk was never opened."""
        async with self.database.read() as ledger:
            rows = await ledger.session.fetch_all(
                """
                SELECT 'claim ' || state FROM claims UNION SELECT 'assignment ' || state FROM assignments
                UNION SELECT 'verdict ' || method FROM verdicts UNION SELECT kind || ' ' || state FROM corrections
                UNION SELECT 'digest of ' || chat_id FROM subscriptions
                WHERE id IN (SELECT subscription_id FROM digests) UNION SELECT 'focus ' || awaiting FROM focuses
                """
            )
            for (reached,) in rows:
                event(reached)
            return bool(await ledger.people.find_by_telegram(1))

    async def _finish(self) -> None:
        """Bring in enough fresh people, and see that nothing is stuck and nothing is wrong."""
        async with self.database.write() as ledger:
            policy = await policy_now(ledger)
            for load in await ledger.people.list_on_duty():
                await membership.set_duty(ledger, load.person, on_duty=False, now=self.now, policy=policy)
        self.now += timedelta(days=30)
        for job in JOBS:
            await run_job(self.database, job, self.now)
        async with self.database.write() as ledger:
            crew = [
                await ledger.people.meet(100 + each, f"Fresh {each}", None, self.now, role=Role.REVIEWER)
                for each in range(policy.max_reviews + 1)
            ]
            editor = await ledger.people.meet(200, "Fresh editor", None, self.now, role=Role.EDITOR)
            for person in crew:
                await membership.set_duty(ledger, person, on_duty=True, now=self.now, policy=policy)
            for heap in await ledger.triage.list_heaps():
                document = heap.document.id
                await triage.choose_all(ledger, editor, document, self.now, chosen=True)
                seen = (await triage.sorting_of(ledger, document, editor.id, self.now, policy)).print
                await triage.send(ledger, editor, document, seen, self.now, policy)
            for turn in range(200):
                self.now += timedelta(minutes=1)
                worked = False
                for each, person in enumerate(crew):
                    await self._draft(ledger, person, RATINGS[(turn + each) % 2], policy)
                    worked |= await self._hand_in(ledger, person, policy)
                if not worked:
                    break
            for claim in await ledger.claims.list_in((ClaimState.AGREED,)):
                await publish.approve(ledger, editor, claim.id, claim.revision, self.now, policy)
            for claim in await ledger.claims.list_in((ClaimState.DISPUTED,)):
                await publish.ask_reason(ledger, editor, claim.id, claim.revision, "false", self.now, policy)
                await hear(ledger, editor, "Weighed.", None, self.now, policy, forwarded=False)
            await holding.let_stand(ledger, self.now + policy.undo_within, policy)
            stuck = [line.claim for line in await ledger.figures.list_open()]
            assert not stuck, stuck
            # Of somebody's requests that lead to one claim, one is answered.
            unanswered = await ledger.session.fetch_all(
                """
                SELECT q.id FROM requests q JOIN claims c ON c.id = q.claim_id
                WHERE q.state <> 'answered' AND c.state NOT IN ('duplicate', 'retracted', 'closed')
                """
            )
            assert not unanswered
            # Who asked before a claim was closed was told that it is.
            untold = await ledger.session.fetch_all(
                """
                SELECT q.id FROM requests q JOIN claims c ON c.id = q.claim_id
                WHERE c.state = 'closed' AND q.created_at < c.state_at AND NOT EXISTS (
                  SELECT 1 FROM outbox o WHERE o.person_id = q.person_id AND o.kind = 'claims_closed'
                    AND o.created_at = c.state_at
                    AND c.id IN (SELECT value FROM json_each(o.payload, '$.claims')))
                """
            )
            assert not untold
            while leased := await ledger.outbox.lease_due(self.now, 100):
                for message in leased:
                    await ledger.outbox.mark_sent(message, [message.id], self.now)
            problems = await find_problems(ledger, self.now, quorum=policy.quorum)
            assert not [problem for problem in problems if not problem.note], problems


async def snapshot(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is in the database."""
    tables = await ledger.session.fetch_all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'claim_words%'"
    )
    return {name: await ledger.session.fetch_all(f"SELECT * FROM {name} ORDER BY 1") for (name,) in tables}


async def pick_claim(ledger: Ledger, state: ClaimState, pick: int) -> Claim | None:
    """Return a claim: mostly one in the state that fits, else any."""
    fitting = await ledger.claims.list_in((state,))
    claims = fitting if fitting and pick < 10 else await ledger.claims.list_in(tuple(ClaimState))
    return claims[pick % len(claims)] if claims else None


async def check_more(ledger: Ledger, policy: Policy) -> None:
    """What needs the policy, or the messages, to be told."""
    busiest = await ledger.session.fetch_one(
        "SELECT max(n) FROM (SELECT count(*) n FROM assignments WHERE state = 'taken' GROUP BY person_id)"
    )
    assert busiest is None or busiest[0] is None or busiest[0] <= policy.capacity, "more leases than the policy allows"
    rows = await ledger.session.fetch_all("SELECT chat_id, payload FROM outbox WHERE kind = 'verdict_published'")
    told = [(chat_id, json.loads(payload)["verdict"]) for chat_id, payload in rows]
    assert len(told) == len(set(told)), "somebody was told the same verdict twice"
    verdicts = await ledger.session.fetch_all("SELECT method, decided_by FROM verdicts WHERE version = 1")
    for method, decided_by in verdicts:
        assert (decided_by is not None) == (policy.approval or method == "adjudicated")
    crowded = await ledger.session.fetch_all(
        """
        SELECT claim_id FROM (
          SELECT claim_id FROM assignments WHERE state IN ('offered', 'taken')
          UNION ALL SELECT claim_id FROM reviews WHERE state = 'submitted')
        GROUP BY claim_id HAVING count(*) > :most
        """,
        {"most": policy.max_reviews},
    )
    assert not crowded, "more reviewers than the policy allows"


@pytest.fixture(autouse=True)
def _migrated(migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LifeMachine, "migrated", migrated_file, raising=False)


TestLife = LifeMachine.TestCase
TestLife.settings = settings(
    max_examples=_EXAMPLES or 70,
    stateful_step_count=_STEPS,
    derandomize=not _EXAMPLES,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
