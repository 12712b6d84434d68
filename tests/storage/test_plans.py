"""No statement reads a whole table that grows with the years.

Every statement that a full round of work runs is listened to and explained by SQLite; what it says it SCANs must be
in `WHOLE`, or be read through an index that holds only what is live.
"""

import re
import sqlite3
from collections.abc import Iterable
from datetime import timedelta

from jobs import practice
from jobs.policy import Policy
from storage.backlog import Weights
from storage.database import Database
from storage.invariants import INVARIANTS
from storage.kinds import Audience, Awaiting, ChatKind, ClaimState, Role, SubmissionState
from storage.ledger import Ledger
from storage.model import AssignmentId, AuditId, ChatId, ClaimId
from storage.profiles import Profile
from storage.search.query import SearchQuery, Term
from storage.values import schedule_of
from tests.support.builders import (
    NOW,
    a_chat,
    a_claim,
    a_digest,
    a_lease,
    a_person,
    a_request,
    a_review,
    a_submission,
    a_subscription,
    a_verdict,
    an_editor,
    an_invite,
    an_offer,
)

WHOLE = {
    "settings": "a few dozen rows",
    "rooms": "two rows at most",
    "idle_spells": "those of the team who do nothing",
    "practice_cases": "a dozen rows",
    "job_runs": "a dozen rows",
    "chats": "those the desk was added to",
    "dead_letters": "the newest of them, backwards",
    "audit": "its last entry, backwards",
    "updates": "purged by age, once in a while",
    "json_each": "a list that the statement brings with it",
    "w": "claim_words, through the full-text index",
    "first": "so many of the claims that wait as a digest names",
    "newest": "so many of the new claims as a digest names",
    "few": "so many numbers of claims as the search looks at in one step",
}

LIVE_ONLY = {
    "people_on_duty",
    "people_with_role",
    "submissions_gathering",
    "outbox_live_by_chat",
    "chats_publishing",
    "subscriptions_due",
    "subscriptions_of_chat",
    "claims_open",
}
"""Partial indexes: a scan of one of them reads what is live and nothing else."""

CHAT = ChatId(1001)


async def a_full_round(ledger: Ledger) -> None:
    """Call every read and every change by noun that runs while the desk works."""
    editor, person = await an_editor(ledger, username="editor"), await a_person(ledger, on_duty=True)
    claim = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    review = await a_review(ledger, claim, person)
    verdict = await a_verdict(ledger, claim, review=review)
    lease = await a_lease(ledger, claim, editor)
    await an_offer(ledger, person=person)
    await an_invite(ledger)

    figures = ledger.figures
    await figures.card(lease.id)
    await figures.decision(claim.id)
    await figures.status(claim.id)
    await figures.list_open()
    await ledger.milestones.count_corrected(NOW, NOW)
    await ledger.milestones.count_reopened(NOW, NOW, AuditId(0))
    weights = Weights(1.0, 0.0, 1.0, 3.0, 6.0, 0.5, 14.0, 2.0)
    await ledger.backlog.list_first((ClaimState.QUEUED,), weights, NOW, offset=0, limit=3)
    await ledger.backlog.count((ClaimState.QUEUED,), before=NOW)
    await a_round_of_searches(ledger)
    await figures.list_mine(person.id)
    before = await ledger.news.marks_before(NOW)
    upto = await ledger.news.marks_at(before, NOW, NOW)
    await ledger.news.list_claims(before, upto, limit=3)
    await ledger.news.list_decided(before, upto, limit=3)
    await ledger.news.list_published(before, upto, corrections=True, limit=3)
    await ledger.news.list_retracted(before, upto, limit=3)
    await ledger.news.list_subjects("claim.merge", before, upto, limit=3)
    await ledger.news.count("claim.merge", before, upto)
    await ledger.intros.find(person.id)
    await ledger.intros.end(person.id)
    await ledger.posts.find_linked(verdict.id, CHAT, inside=True)
    await ledger.posts.list_of(claim.id)
    await ledger.chats.follow(CHAT, "The team", "the_team")
    await ledger.profiles.mark(person.id, Profile(frozenset({"bn"})))
    await ledger.profiles.find(person.id)
    await ledger.profiles.of_those_on_duty()
    await ledger.profiles.list_quiet(3)
    await ledger.profiles.mark_asked(person.id, NOW)
    await ledger.profiles.mark_left(person.id, NOW)
    await ledger.profiles.mark_invited(person.id, NOW)
    await ledger.profiles.end_spell(person.id)
    await ledger.leases.begin(lease.id, NOW)
    await ledger.leases.find(lease.id)
    await ledger.leases.list_half_over(NOW)
    await ledger.leases.renew(lease.id, NOW, NOW)
    await ledger.leases.mark_reminded(lease.id, NOW)
    await ledger.leases.count_run_out(claim.id)
    await ledger.leases.add_recusal(claim.id, person.id, "x", NOW)
    await ledger.leases.list_recused(claim.id)
    await ledger.leases.escalate((ClaimState.QUEUED,), NOW, NOW)
    await ledger.milestones.list_created(NOW, NOW)
    await ledger.milestones.count_patterns(NOW, NOW)
    await ledger.milestones.evidence(NOW, NOW)
    await ledger.milestones.count_requests(NOW, NOW)
    await ledger.milestones.count_work(person.id, NOW, NOW)
    await ledger.backlog.list_waiting((ClaimState.QUEUED,), before=NOW, limit=3)
    await ledger.backlog.count_ages((ClaimState.QUEUED,), [NOW])
    await ledger.backlog.list_demanded((ClaimState.QUEUED,), limit=3)
    await ledger.backlog.count_undelivered(NOW, NOW)

    await practice.show(ledger, person, NOW, Policy())
    await practice.go_on(ledger, person, person.id, AssignmentId(0), NOW, Policy())
    await figures.card((await ledger.practice.progress(person.id)).mark)
    await ledger.practice.list_submitted(person.id)
    await practice.stop(ledger, person, person.id, NOW)
    await ledger.outbox.drop_queued(ChatId(person.telegram_id), "x", NOW)

    await ledger.verdicts.add_publication(verdict.id, CHAT, NOW)
    await ledger.people.list_on_duty()
    await ledger.people.find_by_username("EDITOR")
    await ledger.people.list_with_role(Role.EDITOR)
    await ledger.people.mark_focus(person.id, claim.id, Awaiting.RATING, NOW)
    await ledger.people.find_focus(person.id)
    await ledger.people.clear_focus(person.id, claim.id)

    request = await a_request(ledger, claim)
    await ledger.requests.list_unanswered(claim.id, 1)
    await ledger.requests.mark_answered(request, verdict.id, 1, NOW)
    await ledger.requests.find_at(claim.id, person.id)
    await ledger.requests.list_leading_to(claim.id)
    await ledger.requests.mark_place(request.id, claim.id)
    await ledger.claims.list_merged(claim.id)
    await ledger.matches.mark_apart(claim.id, ClaimId(99))
    await ledger.matches.find_between(claim.id, ClaimId(99))
    await ledger.people.list_focused(claim.id)
    await ledger.merges.add(claim.id, ClaimState.QUEUED, {}, NOW)
    await ledger.merges.pop(claim.id)
    await ledger.requests.count(claim.id)
    await ledger.requests.list_requesters(claim.id)
    submission = await a_submission(ledger)
    await ledger.submissions.find_gathering(submission.person_id, NOW)
    await ledger.submissions.mark_state(submission.id, SubmissionState.CONFIRMED, NOW)
    await ledger.submissions.mark_stale(NOW, NOW)
    await ledger.documents.find_by_hash("x")
    await ledger.documents.list_submitters(claim.id)
    await ledger.documents.list_claims(claim.document_id)
    await ledger.documents.list_quotes(claim.document_id, 0, 1)
    await ledger.assignments.list_expired(NOW)
    await ledger.assignments.list_live_of(person.id)
    await ledger.assignments.list_for_claim(claim.id)
    await ledger.assignments.find_live(claim.id, person.id)
    await ledger.reviews.list_submitted(claim.id)
    await ledger.claims.list_in((ClaimState.NEW, ClaimState.TRIAGE))
    await ledger.claims.find_by_key("x")
    await ledger.claims.mark_touched(claim.id)

    subscription = await a_subscription(ledger)
    await ledger.subscriptions.list_due(NOW, limit=9)
    await ledger.subscriptions.list_ahead(NOW)
    await ledger.subscriptions.mark_told(subscription.id, Audience.PUBLIC, ())
    await ledger.subscriptions.find_last_digest(subscription.id)
    await ledger.subscriptions.mark_paused(subscription.id, NOW, paused=False)
    await ledger.subscriptions.mark_schedule(subscription.id, schedule_of(subscription), NOW)
    await ledger.subscriptions.find_next()
    await ledger.subscriptions.list_of_chat(subscription.chat_id, None)
    await ledger.subscriptions.end_of_chat(CHAT)
    await a_digest(ledger, subscription)

    await a_full_outbox_round(ledger)
    await a_chat(ledger, -5)
    await ledger.chats.meet(ChatId(-5), ChatKind.GROUP, "x", NOW)
    await ledger.chats.move(ChatId(-5), ChatId(-6), NOW)
    await ledger.chats.list_publishing()
    await ledger.chats.list_channels()
    await ledger.updates.add([1], NOW)
    await ledger.updates.list_known([1, 2])
    await ledger.updates.purge(NOW)
    await ledger.updates.list_dead_letters()
    await ledger.audit.append("made", "claim", 1, NOW)
    await ledger.audit.last_id()
    await ledger.audit.find_break()
    await ledger.audit.list_of("claim", 1)
    await ledger.settings.get_all()
    await ledger.settings.list_job_runs()


async def a_round_of_searches(ledger: Ledger) -> None:
    """Every filter alone and with a word, so that each leads the way once; and the lines of what was found."""
    person = await a_person(ledger)
    await ledger.people.list_called("@editor")
    for changes in (
        {"language": "en"},
        {"state": ClaimState.NEW},
        {"rating": "false"},
        {"tags": ("flood",)},
        {"after": NOW},
        {"before": NOW, "after": NOW - timedelta(days=1)},
        {"by": "me"},
        {},
    ):
        people = [person.id] if "by" in changes else None
        for terms in ((), (Term(("claim",), begins=True), Term(("number",)))):
            query = SearchQuery(terms, (Term(("old",)),), **changes)
            await ledger.finding.find(query, people, 5)
    claim = await a_claim(ledger)
    await ledger.finding.list_lines([claim.id])
    await ledger.tags.add(claim.id, ["flood"])
    await ledger.tags.remove(claim.id, ["flood"])
    await ledger.tags.list_of(claim.id)


async def a_full_outbox_round(ledger: Ledger) -> None:
    outbox = ledger.outbox

    async def lease() -> None:
        nonlocal message
        (message,) = await outbox.lease_due(NOW, 5)

    message = None
    await outbox.enqueue(CHAT, "told", {}, NOW, card="c")
    await lease()
    await outbox.enqueue(CHAT, "told", {}, NOW, card="c")
    await outbox.mark_deferred(message.id, NOW, "x")
    await outbox.find_next_due(NOW)
    await lease()
    await outbox.release_all()
    await lease()
    await outbox.count_sent_parts(message.id)
    await outbox.mark_sent(message, [1], NOW)
    await outbox.find_card(CHAT, "c")
    await outbox.shows(CHAT, "c")
    await outbox.find_payload(CHAT, 1)
    await outbox.find_claim(CHAT, 1)
    await outbox.forget_card(CHAT, "c")
    await outbox.drop_queued(CHAT, "x", NOW)
    await outbox.purge(NOW + timedelta(days=1))


def explain(raw: sqlite3.Connection, statements: Iterable[str]) -> dict[str, list[str]]:
    """Each statement, values left out, and its plan."""
    plans: dict[str, list[str]] = {}
    for statement in statements:
        shape = " ".join(re.sub(r"'(?:[^']|'')*'", "?", statement).split())
        if re.match(r"SELECT|UPDATE|DELETE|INSERT INTO \w+ \([^)]*\) SELECT", shape) and not re.search(
            "claim_(?:words|stems)_", statement
        ):
            plans.setdefault(shape, [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")])
    return plans


async def plans_of_a_full_round(database: Database) -> dict[str, list[str]]:
    heard: list[str] = []
    raw = database._writer._raw
    raw.set_trace_callback(heard.append)
    async with database.write() as ledger:
        await a_full_round(ledger)
    raw.set_trace_callback(None)
    # The builders count rows to make up names.
    return explain(raw, (each for each in heard if "count(*) + 1 FROM" not in each or "INSERT" in each))


def whole_scans(plan: list[str]) -> list[str]:
    """The steps of a plan that read a whole table."""
    found = []
    for step in plan:
        match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        if match and match[1] not in {*WHOLE, "CONSTANT"} and match[2] not in LIVE_ONLY:
            found.append(step)
    return found


async def test_no_statement_of_the_daily_round_reads_a_whole_table(database: Database) -> None:
    plans = await plans_of_a_full_round(database)
    assert len(plans) > 60, "the round is really listened to"
    bad = {shape: scans for shape, plan in plans.items() if (scans := whole_scans(plan))}
    assert not bad


async def test_the_courier_finds_its_work_through_the_partial_indexes(database: Database) -> None:
    plans = await plans_of_a_full_round(database)
    (lease,) = (plan for shape, plan in plans.items() if shape.startswith("UPDATE outbox SET state = ?, attempts"))
    text = "\n".join(lease)
    assert "SEARCH o USING INDEX outbox_waiting (due_at<?)" in text
    assert "SEARCH s USING COVERING INDEX outbox_live_by_chat (chat_id=? AND state=?)" in text
    assert "SEARCH e USING COVERING INDEX outbox_live_by_chat (chat_id=? AND state=? AND due_at<?)" in text
    assert "TEMP B-TREE" not in text, "the oldest come first without sorting what waits"
    (wake,) = (plan for shape, plan in plans.items() if shape.startswith("SELECT min(retry_at)"))
    assert [step.replace("COVERING ", "") for step in wake] == [
        "SEARCH outbox USING INDEX outbox_retrying (retry_at>?)"
    ]


async def test_a_scan_would_be_noticed(database: Database) -> None:
    raw = database._writer._raw
    plans = explain(raw, ["SELECT id FROM outbox WHERE error = 'x'", "SELECT count(*) FROM reviews WHERE rating = ''"])
    assert all(whole_scans(plan) for plan in plans.values())


async def test_no_invariant_looks_a_row_up_by_who_or_by_reading_a_table(database: Database) -> None:
    """A few people did all the work: by person, ten times the claims would take a hundred times as long to check."""
    bad = []
    for invariant in INVARIANTS:
        sql = invariant.sql.replace(":quorum", "2")
        plan = [row[3] for row in database._writer._raw.execute(f"EXPLAIN QUERY PLAN {sql}")]
        first = next((place for place, step in enumerate(plan) if step.startswith("CORRELATED")), len(plan))
        slow = [step for step in plan[first:] if re.match(r"SCAN \w+(?! VIRTUAL)( USING|$)|.*_by_person ", step)]
        bad += [(invariant.code, step) for step in slow]
    assert not bad
