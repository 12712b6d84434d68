"""`find_problems` is silent about a desk in order, and names what is wrong with one that is not."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jobs import correcting, evidence, practice, publish, review
from jobs.checking import SILENCES, check
from jobs.dispatch import hand_out
from jobs.holding import let_stand
from jobs.intake.submit import request_text
from jobs.listen import hear
from jobs.policy import Policy
from jobs.rules import policy_now
from jobs.schedule import JOBS
from jobs.subscriptions import subscribe
from storage.database import Database
from storage.integrity import Problem, find_problems
from storage.invariants import INVARIANTS
from storage.kinds import Cadence, ClaimState, Role, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import AssignmentId, ChatId, ClaimId, Person
from storage.values import Schedule
from tests.support.builders import NOW, a_chat, a_person, an_editor
from tests.support.digests import post_due

TEAM, CHANNEL = ChatId(-500), ChatId(-100500)


async def hand_in(ledger: Ledger, person: Person, rating: str, now: datetime, policy: Policy) -> None:
    """Take the claim that the person is offered and do every step."""
    offer: AssignmentId = (await ledger.assignments.list_live_of(person.id))[0].id
    await review.take(ledger, person, offer, now, policy)
    await review.rate(ledger, person, offer, rating, now, policy)
    await evidence.add_source(ledger, person, offer, "https://example.org/report", now, policy)
    claim_id = (await ledger.assignments.get(offer)).claim_id
    draft = await ledger.reviews.get_live(claim_id, person.id)
    (source,) = await ledger.reviews.list_sources(draft.id)
    await evidence.describe_source(
        ledger, person, offer, source.id, now, policy, kind=SourceKind.DATA, stance=Stance.REFUTES
    )
    await review.explain(ledger, person, offer, "The record says so.", now, policy)
    draft = await ledger.reviews.get_live(claim_id, person.id)
    await review.submit(ledger, person, offer, draft.revision, now, policy)


async def correct(ledger: Ledger, author: Person, other: Person, now: datetime, policy: Policy) -> None:
    """Let one editor correct claim #2, and another release it."""
    await correcting.choose(ledger, author, ClaimId(2), 1, "false", now, policy)
    await hear(ledger, author, "The better source was mistaken.", None, now, policy, forwarded=False)
    await correcting.propose(ledger, author, 1, 1, now, policy)
    await correcting.release(ledger, other, 1, 2, now)


async def live_a_while(ledger: Ledger) -> datetime:
    """Let a desk work for three days; returns the instant at which it is left.

    #1 is published by consensus, #2 by adjudication and corrected, #3 is disputed with an editor at it, #4 agreed, #5
    in review with one review and one lease, #6 queued with an offer, #7 queued. Somebody off duty is in the middle of
    practice.
    """
    now = NOW
    await ledger.settings.set("max_reviews", 2, by=None, now=now)
    policy = await policy_now(ledger)
    editor = await an_editor(ledger, "Edda")
    reader = await a_person(ledger, "Pia", role=Role.PUBLIC)
    one, two = [await a_person(ledger, name, on_duty=True) for name in ("Rafi", "Runa")]
    await a_chat(ledger, TEAM)
    await a_chat(ledger, CHANNEL, publishes=True)
    await subscribe(ledger, editor, TEAM, None, Schedule(Cadence.DAILY, "Asia/Dhaka", 540), now)

    for number, ratings in enumerate((("false", "false"), ("true", "false"), ("true", "false"), ("true", "true")), 1):
        await request_text(ledger, reader, f"Claim number {number} was made.", None, now, policy)
        await hand_in(ledger, one, ratings[0], now, policy)
        await hand_in(ledger, two, ratings[1], now, policy)
        claim = (await ledger.claims.list_in(tuple(ClaimState)))[-1]
        if number == 1:
            await publish.approve(ledger, editor, claim.id, claim.revision, now, policy)
            await let_stand(ledger, now + policy.undo_within, policy)
            for _ in range(2):
                now += timedelta(days=1)
                assert await post_due(ledger, now, policy) == 1
        elif number == 2:
            await publish.adjudicate(ledger, editor, claim.id, "true", "The better source.", now, policy)
        elif number == 3:
            await publish.ask_reason(ledger, editor, claim.id, claim.revision, "true", now, policy)
    await request_text(ledger, reader, "Claim number 5 was made.", None, now, policy)
    await hand_in(ledger, two, "mixed", now, policy)
    (offer,) = await ledger.assignments.list_live_of(one.id)
    await review.take(ledger, one, offer.id, now, policy)
    for number in (6, 7):
        await request_text(ledger, reader, f"Claim number {number} was made.", None, now, policy)
    await hand_out(ledger, now, policy)
    beginner = await a_person(ledger, "Bina")
    await practice.show(ledger, beginner, now, policy)
    await practice.go_on(ledger, beginner, beginner.id, AssignmentId(0), now, policy)
    progress = await ledger.practice.progress(beginner.id)
    await review.take(ledger, beginner, progress.mark, now, policy)
    await correct(ledger, editor, await an_editor(ledger, "Elsa"), now, policy)
    while leased := await ledger.outbox.lease_due(now, 100):
        for message in leased:
            await ledger.outbox.mark_sent(message, [message.id], now)
    return now


@pytest.fixture
async def lived(database: Database) -> datetime:
    """A desk that has been at work; the instant it is left at."""
    async with database.write() as ledger:
        return await live_a_while(ledger)


def spoil(path: Path, sql: str) -> None:
    """Change the file as nobody may: past the checks and the references."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA ignore_check_constraints = ON")
        assert raw.execute(sql).rowcount != 0, "the statement changed nothing"


async def problems_of(database: Database, now: datetime, *, serving: bool = True) -> list[Problem]:
    async with database.read() as ledger:
        return await find_problems(ledger, now, quorum=2, silences=SILENCES, serving=serving)


async def test_a_desk_at_work_is_in_order(database: Database, lived: datetime) -> None:
    async with database.read() as ledger:
        states = [claim.state for claim in await ledger.claims.list_in(tuple(ClaimState))]
    assert [str(state) for state in states] == [
        *("published", "published", "disputed", "agreed", "in_review", "queued", "queued")
    ]
    assert await problems_of(database, lived) == []


async def test_a_new_desk_is_told_that_it_has_no_editor(database: Database) -> None:
    (problem,) = await problems_of(database, NOW)
    assert (problem.code, problem.note) == ("no_editor", True)


BREAKS = {
    "review_without_work": "UPDATE claims SET state = 'in_review' WHERE id = 7",
    "queued_with_work": "UPDATE claims SET state = 'queued' WHERE state = 'in_review'",
    "judged_below_quorum": "DELETE FROM reviews WHERE id = (SELECT max(id) FROM reviews WHERE claim_id = 4)",
    "judged_wrongly": "UPDATE claims SET state = 'agreed' WHERE state = 'disputed'",
    "closed_without_reason": "UPDATE claims SET state = 'closed' WHERE id = 7",
    "closed_in_public": "UPDATE claims SET state = 'closed', closing_reason = 'spam' WHERE id = 1",
    "duplicates_in_a_circle": "UPDATE claims SET state = 'duplicate', duplicate_of = 13 - id WHERE id IN (6, 7)",
    "claim_without_appearance": "DELETE FROM appearances WHERE claim_id = 7",
    "state_not_in_audit": "UPDATE claims SET state = 'triage' WHERE id = 7",
    "room_nowhere": "INSERT INTO rooms (kind, chat_id, set_at) VALUES ('review', -9, '2025')",
    "lease_on_settled_claim": "UPDATE claims SET state = 'triage' WHERE id = 6",
    "lease_of_outsider": "UPDATE people SET reachable = 0, on_duty = 0 WHERE name = 'Rafi'",
    "lease_on_own_claim": """
        INSERT INTO requests (asked_id, claim_id, person_id, state, created_at)
        SELECT claim_id, claim_id, person_id, 'waiting', offered_at FROM assignments WHERE state = 'taken'
    """,
    "done_without_review": "UPDATE reviews SET submitted_at = NULL, state = 'draft' WHERE claim_id = 1",
    "duty_of_outsider": "UPDATE people SET on_duty = 1 WHERE role = 'public'",
    "desk_without_admin": """
        INSERT INTO audit (at, action, subject, subject_id, data, hash)
        SELECT at, 'person.role', 'person', 1, '{"to":"admin"}', printf('%064d', id) FROM audit WHERE id = 1
    """,
    "focus_without_work": "UPDATE focuses SET claim_id = 1",
    "review_of_own_claim": """
        INSERT INTO requests (asked_id, claim_id, person_id, state, created_at)
        SELECT claim_id, claim_id, person_id, 'waiting', '2025-01-01' FROM reviews WHERE claim_id = 4
    """,
    "review_without_lease": "DELETE FROM assignments WHERE claim_id = 4",
    "revision_lost": "DELETE FROM review_revisions WHERE review_id = 1 AND revision = 1",
    "practice_reaches_the_public": "UPDATE claims SET state = 'published' WHERE id = -1",
    "decided_without_verdict": "UPDATE verdicts SET published_at = NULL WHERE claim_id = 1",
    "verdict_versions_with_gap": "UPDATE verdicts SET version = 2 WHERE claim_id = 1",
    "decided_alone": """
        UPDATE verdicts SET decided_by = (SELECT min(person_id) FROM reviews WHERE claim_id = 2) WHERE claim_id = 2
    """,
    "request_unanswered": """
        INSERT INTO requests (asked_id, claim_id, person_id, state, created_at)
        SELECT 1, 1, id, 'waiting', joined_at FROM people WHERE role = 'editor'
    """,
    "answer_not_sent": "DELETE FROM outbox WHERE dedup_key LIKE 'answer:%'",
    "answer_unasked": "UPDATE outbox SET dedup_key = 'answer:99:1' WHERE dedup_key LIKE 'answer:1:%'",
    "request_astray": "UPDATE requests SET claim_id = 99 WHERE claim_id = 1",
    "merge_of_no_duplicate": "INSERT INTO merges (claim_id, was, aside, merged_at) VALUES (7, 'queued', '{}', '2025')",
    "correction_without_version": "UPDATE corrections SET rating = 'satire' WHERE state = 'released'",
    "correction_alone": "UPDATE corrections SET decided_by = proposed_by",
    "correction_untold": "DELETE FROM answers WHERE verdict_id = (SELECT max(id) FROM verdicts WHERE claim_id = 2)",
    "held_wrongly": """
        INSERT INTO holds (claim_id, action, person_id, was, since, aside, until)
        VALUES (7, 'approve', 1, 'agreed', '2025', '{}', '2025')
    """,
    "publication_not_sent": "DELETE FROM outbox WHERE dedup_key LIKE 'publication:%'",
    "digests_do_not_tile": "UPDATE digests SET period_end = period_start || '!' WHERE id = 1",
    "digest_never_due": "UPDATE subscriptions SET next_at = covered_until",
    "demand_wrong": "UPDATE claims SET asked = asked + 1 WHERE id = 1",
    "milestone_missing": "DELETE FROM milestones WHERE claim_id = 1",
    "milestone_wrong": "UPDATE milestones SET ratings = 'true' WHERE claim_id = 1",
    "two_on_their_way": """
        INSERT INTO outbox (chat_id, kind, payload, state, due_at, retry_at, created_at)
        SELECT 1, 'notice', '{}', 'sending', '2025-03-11', '2025-03-11', '2025' FROM people
    """,
}


def test_every_invariant_is_broken_once() -> None:
    assert set(BREAKS) == {invariant.code for invariant in INVARIANTS}


@pytest.mark.parametrize("code", BREAKS)
async def test_a_broken_invariant_is_named(code: str, database: Database, lived: datetime, database_path: Path) -> None:
    spoil(database_path, BREAKS[code])
    found = {problem.code: problem for problem in await problems_of(database, lived)}
    assert code in found
    assert not found[code].note
    assert found[code].count >= len(found[code].sample) > 0


async def test_a_row_that_names_nothing_is_found(database: Database, lived: datetime, database_path: Path) -> None:
    spoil(database_path, "DELETE FROM documents WHERE id = 1")
    (problem,) = [each for each in await problems_of(database, lived) if each.code == "reference_dangling"]
    assert "claims 1 → documents" in problem.sample


async def test_a_forged_audit_entry_is_found(database: Database, lived: datetime, database_path: Path) -> None:
    spoil(database_path, "DROP TRIGGER audit_is_append_only_update")
    spoil(database_path, "UPDATE audit SET actor = 1 WHERE id = 7")
    (problem,) = await problems_of(database, lived)
    assert (problem.code, problem.sample) == ("audit_broken", (7,))


async def test_a_damaged_index_is_found(database: Database, lived: datetime, database_path: Path) -> None:
    # The index of another table is told to be this one's.
    with closing(sqlite3.connect(database_path, isolation_level=None)) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute(
            """
            UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'reviews_by_person')
            WHERE name = 'sources_by_review'
            """
        )
    (problem,) = [each for each in await problems_of(database, lived) if each.code == "file_damaged"]
    assert problem.count >= 1
    assert "restore" in problem.sentence


@pytest.mark.parametrize(
    ("code", "sql"),
    [
        (
            "message_stuck",
            """
            INSERT INTO outbox (chat_id, kind, payload, state, due_at, retry_at, created_at)
            VALUES (1, 'notice', '{}', 'sending', '2025-01-01', '2025-01-01', '2025-01-01')
            """,
        ),
        (
            "message_overdue",
            """
            INSERT INTO outbox (chat_id, kind, payload, state, due_at, retry_at, created_at)
            VALUES (1, 'notice', '{}', 'queued', '2025-01-01', '2099-01-01', '2025-01-01')
            """,
        ),
        ("lease_overdue", "UPDATE assignments SET expires_at = '2025-01-01' WHERE state = 'taken'"),
        ("digest_overdue", "UPDATE subscriptions SET next_at = covered_until || '!'"),
    ],
)
async def test_what_waits_too_long_is_wrong_only_while_a_desk_runs(
    code: str, sql: str, database: Database, lived: datetime, database_path: Path
) -> None:
    spoil(database_path, sql)
    later = lived + timedelta(hours=2)
    (problem,) = [each for each in await problems_of(database, later) if each.code == code]
    assert not problem.note
    (problem,) = [each for each in await problems_of(database, later, serving=False) if each.code == code]
    assert problem.note


async def test_jobs_that_fail_or_are_silent_are_named(database: Database, lived: datetime) -> None:
    async with database.write() as ledger:
        for job in JOBS:
            await ledger.settings.mark_job_started(job.name, lived)
            await ledger.settings.mark_job_finished(job.name, lived)
    assert await problems_of(database, lived) == []

    async with database.write() as ledger:
        await ledger.settings.mark_job_finished("digests", lived, "KeyError")
    (problem,) = await problems_of(database, lived)
    assert (problem.code, problem.sample) == ("job_failing", ("digests: KeyError, 1 in a row",))

    async with database.write() as ledger:
        await ledger.settings.mark_job_finished("digests", lived)
    later = lived + timedelta(minutes=7)
    (problem,) = await problems_of(database, later)
    late = ("digests", "embed", "expire", "hash", "rooms")
    assert (problem.code, problem.sample) == ("job_overdue", late)
    (problem,) = await problems_of(database, later, serving=False)
    assert (problem.code, problem.note) == ("desk_stopped", True)


async def test_dead_letters_and_messages_given_up_are_notes(database: Database, lived: datetime) -> None:
    async with database.write() as ledger:
        await ledger.updates.add_dead_letter("ABCD", 1, {}, "KeyError", lived)
        await ledger.outbox.enqueue(ChatId(1), "notice", {}, lived)
        (message,) = await ledger.outbox.lease_due(lived, 1)
        await ledger.outbox.mark_dead(message.id, "Forbidden", lived)
    found = await problems_of(database, lived)
    assert [(each.code, each.note) for each in found] == [("dead_letters", True), ("messages_given_up", True)]


async def test_waiting_claims_with_nobody_on_duty_are_a_note(database: Database, lived: datetime) -> None:
    async with database.write() as ledger:
        await ledger.session.execute("UPDATE people SET on_duty = 0")
        await ledger.session.execute("DELETE FROM assignments WHERE state = 'offered'")
    (problem,) = await problems_of(database, lived)
    assert (problem.code, problem.count, problem.note) == ("nobody_on_duty", 3, True)


async def test_the_check_knows_the_policy_in_force(database: Database, lived: datetime) -> None:
    async with database.write() as ledger:
        await ledger.settings.set("max_reviews", 3, by=None, now=lived)
        await ledger.settings.set("quorum", 3, by=None, now=lived)
        codes = [problem.code for problem in await check(ledger, lived, serving=True)]
    assert codes == ["judged_below_quorum"]


def test_every_invariant_has_a_sentence_and_a_code_of_its_own() -> None:
    assert len({invariant.code for invariant in INVARIANTS}) == len(INVARIANTS)
    assert all(invariant.sentence.endswith(".") for invariant in INVARIANTS)
