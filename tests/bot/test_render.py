"""From outbox rows to messages, with facts from a real database."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.callbacks import decode
from bot.loaders.base import Deps
from bot.render import KINDS, load
from bot.sandbox.html import parse_html
from bot.views.message import Call, Message, Upload
from jobs import practice
from jobs.desk_ruling import add_rule
from jobs.digest_content import Period, content_of
from jobs.policy import Policy
from jobs.review import take
from storage.errors import NotFound
from storage.kinds import Cadence, ChatKind, ClaimState, CorrectionKind, OutboxState, Role
from storage.ledger import Ledger
from storage.model import AssignmentId, AuditId, ChatId, ClaimId, OutboxId, OutboxMessage, Person, SubscriptionId
from storage.values import Marks
from tests.support.builders import (
    NOW,
    a_chat,
    a_claim,
    a_document,
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
from tests.support.charts import a_chart

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "bn")
GROUP = -1000


def deps(language: str = "en", zone: str = "UTC") -> Deps:
    return Deps(Policy(), language, zone, "desk_bot", lambda number, made: f"https://t.me/desk_bot?start=s{number}")


def a_row(kind: str, chat: int, person: Person | None = None, **payload: Any) -> OutboxMessage:
    return OutboxMessage(
        id=OutboxId(1), chat_id=ChatId(chat), thread_id=None, person_id=None if person is None else person.id,
        kind=kind, payload=payload, card=None, reply_to=None, state=OutboxState.SENDING, attempts=1, due_at=NOW,
        created_at=NOW,
    )  # fmt: skip


async def a_desk(ledger: Ledger, language: str | None = None) -> list[OutboxMessage]:
    """A desk with something of everything, and a row of every kind about it."""
    reader = await a_person(ledger, "Reader & Co", role=Role.PUBLIC, language=language)
    reviewer = await a_person(ledger, "Reviewer <b>", language=language, on_duty=True)
    editor = await an_editor(ledger, "Editor", language=language)
    await a_chat(ledger, GROUP)
    await a_chat(ledger, -2000, kind=ChatKind.CHANNEL, title="A <channel>")
    offered = await an_offer(ledger, person=reviewer)
    document = await a_document(ledger, "Before. It is so.")
    taken = await an_offer(
        ledger, await a_claim(ledger, "It is so.", document=document, state=ClaimState.QUEUED), reviewer
    )
    await take(ledger, reviewer, taken.id, NOW, Policy())
    await practice.show(ledger, reviewer, NOW, Policy())
    await practice.go_on(ledger, reviewer, reviewer.id, AssignmentId(0), NOW, Policy())
    practised = (await ledger.practice.progress(reviewer.id)).newest
    assert practised is not None
    disputed = await a_claim(ledger, state=ClaimState.DISPUTED)
    for rating in ("true", "false", "satire"):
        await a_review(ledger, disputed, rating=rating)
    verdict = await a_verdict(ledger, review=await a_review(ledger, await a_claim(ledger, state=ClaimState.PUBLISHED)))
    correction = await ledger.corrections.add(
        verdict, CorrectionKind.CORRECTION, "true", "A new <record>.", editor.id, NOW
    )
    objection = await ledger.objections.add(verdict.claim_id, reader.id, "See <this>.", NOW)
    await a_request(ledger, disputed, reader)
    invite = await an_invite(ledger, by=editor)
    submission = await a_submission(ledger, reader, "Is <this> so?")
    subscription = await a_subscription(ledger, GROUP, cadence=Cadence.WEEKLY)
    span = (Marks(AuditId(0), ClaimId(0)), await ledger.news.marks())
    period = Period(NOW - timedelta(days=1), NOW + timedelta(days=1), *span, "Asia/Dhaka")
    content = await content_of(ledger, period, Policy())
    digest = await ledger.subscriptions.add_digest(subscription.id, NOW - timedelta(days=1), NOW, content, span[1], NOW)
    to_reader, to_reviewer, to_editor = (
        {"chat": person.telegram_id, "person": person} for person in (reader, reviewer, editor)
    )
    rule = await add_rule(ledger, editor, "text contains <b> then notify", NOW)
    listed = [{"id": disputed.id, "new": False}]
    return [
        a_row("notice", **to_reader, code="claim_not_found", claim=99),
        a_row("welcome", **to_reader),
        a_row("help", **to_editor, role="editor"),
        a_row("help", GROUP, role="public"),
        a_row("method_shown", **to_reader),
        a_row("settings_shown", **to_editor, offset=0),
        a_row("setting_shown", **to_editor, setting="quorum"),
        a_row("whoami", **to_reviewer),
        a_row("language_asked", **to_reader),
        a_row("commands_changed", **to_reviewer),
        a_row("invite_made", **to_editor, invite=invite.id),
        _row_about("person_unreachable", editor, {"person": reviewer.id, "returned": 1}),
        _row_about("channel_asked", editor, {"chat": -2000}),
        a_row("channels_shown", **to_editor),
        a_row("members_shown", **to_editor, offset=0),
        _row_about("removal_asked", editor, {"person": reviewer.id}),
        a_row("membership_ended", **to_reader),
        a_row("room_claim", GROUP, claim=disputed.id),
        a_row("room_card_over", GROUP, claim=disputed.id),
        a_row("rooms_shown", GROUP),
        a_row("wishes_shown", **to_reviewer),
        a_row("quiet_set", **to_reader),
        _row_about("summary_posted", editor, {"news": [], "subjects": ["offers", "decisions"]}),
        a_row("submission_gathered", **to_reader, submission=submission.id),
        a_row("submission_confirmed", **to_reader, claims=listed, already=False),
        a_row("language_unclear", **to_reader, document=disputed.document_id),
        a_row("claim_offered", **to_reviewer, assignment=offered.id),
        a_row("work_changed", **to_reviewer, assignment=taken.id, fresh=True),
        a_row("merge_shown", **to_editor, claim=disputed.id, known=verdict.claim_id, step="asked", people=0),
        a_row("rules_shown", **to_editor),
        a_row("rules_tested", **to_editor, claim=disputed.id),
        a_row("rule_acted", **to_editor, rule=rule.id, claims=[disputed.id]),
        a_row("triage_listed", **to_editor),
        a_row("triage_shown", **to_editor, document=disputed.document_id),
        a_row("closing_shown", **to_editor, claim=disputed.id),
        a_row("claims_closed", **to_reader, claims=[disputed.id], reason="opinion"),
        a_row("work_changed", **to_reviewer, assignment=practised.id),
        a_row("file_shown", **to_reviewer, source=1),
        a_row("file_shown", **to_editor, objection=objection.id),
        a_row("evidence_asked", **to_reader, claim=verdict.claim_id),
        a_row("reopening_asked", **to_editor, claim=verdict.claim_id),
        a_row("evidence_due", **to_editor, objection=objection.id),
        a_row("summary_asked", **to_editor, claim=disputed.id),
        a_row("comment_asked", **to_editor, claim=disputed.id),
        a_row("review_returned", **to_reviewer, claim=disputed.id, comment="Look <again>."),
        a_row("correction_begun", **to_editor, claim=verdict.claim_id, verdict=verdict.id),
        a_row("correction_reason_asked", **to_editor, claim=verdict.claim_id, rating="true"),
        a_row("correction_reason_asked", **to_editor, claim=verdict.claim_id, rating=None),
        a_row("correction_summary_asked", **to_editor, correction=correction.id),
        a_row("correction_shown", **to_editor, correction=correction.id),
        a_row("correction_posted", -2000, verdict=verdict.id, to="channel"),
        a_row("verdict_amended", -2000, claim=verdict.claim_id),
        a_row("verdict_retracted", **to_reader, correction=correction.id),
        a_row("corrections_shown", GROUP, offset=0),
        _row_about("history_shown", editor, {"claim": verdict.claim_id, "role": "editor"}),
        a_row("practice_shown", **to_reviewer),
        a_row("decision_due", **to_editor, claim=disputed.id),
        a_row("reason_asked", **to_editor, claim=disputed.id, rating="false"),
        a_row("verdict_published", **to_reader, verdict=verdict.id, to="requester"),
        a_row("verdict_published", -2000, verdict=verdict.id, to="channel"),
        _row_about("status_shown", reader, {"claim": disputed.id, "role": "public", "person": reader.id}),
        a_row("queue_shown", **to_reviewer, offset=0),
        a_row("mine_shown", **to_reviewer, offset=0),
        a_row("search_shown", GROUP, query="claim", offset=0),
        a_row("search_shown", GROUP, query="claim rating:gone", offset=0),
        a_row("search_help", **to_reader, role="public"),
        _row_about("tags_shown", editor, {"claim": disputed.id}),
        a_row("why_shown", **to_reviewer, claim=disputed.id),
        a_row("digest_posted", GROUP, digest=digest),
        a_row("digest_previewed", GROUP, content={**content, "preview": True}),
        a_row("stats_shown", **to_reviewer, start=NOW.isoformat(), end=NOW.isoformat()),
        a_row("stats_filed", **to_reviewer, start=NOW.isoformat(), end=NOW.isoformat()),
        a_row("chart_shown", GROUP, chart=a_chart()),
        a_row("stats_why", **to_reviewer),
        a_row("profile_shown", **to_reviewer),
        _row_about("profile_shown", editor, {"person": reviewer.id}),
        a_row("still_there_asked", **to_reviewer, run_out=3),
        a_row("taken_off_duty", **to_reviewer),
        a_row("invited_back", **to_reviewer),
        a_row("lease_half_over", **to_reviewer, assignment=taken.id),
        a_row("claims_overdue", **to_editor, claims=[disputed.id], total=3),
        a_row("work_counted", **to_editor, of=reviewer.id, start=NOW.isoformat(), end=NOW.isoformat()),
        a_row("digest_claims", GROUP, digest=digest, section="new", offset=0),
        a_row("digest_parts", GROUP, subscription=subscription.id),
        a_row("digest_channels", GROUP),
        a_row("digest_limits", GROUP, subscription=subscription.id),
        a_row("digest_intro", GROUP, subscription=subscription.id),
        a_row("digest_intro_asked", GROUP, subscription=subscription.id),
        a_row("digest_order", GROUP, subscription=subscription.id),
        a_row("digest_set", GROUP, subscription=subscription.id),
        a_row("digests_shown", GROUP, subscriptions=[subscription.id], zone="UTC"),
        a_row("digest_shown", GROUP, subscription=subscription.id),
        a_row("digest_asked", GROUP, subscription=subscription.id),
        a_row("digest_asked", GROUP, cadence="weekly", day=None, zone="UTC"),
    ]


def _row_about(kind: str, reader: Person, payload: dict[str, Any]) -> OutboxMessage:
    """A row whose payload has a key that `a_row` uses for something else."""
    return dataclasses.replace(a_row(kind, reader.telegram_id, reader), payload=payload)


async def shown(ledger: Ledger, row: OutboxMessage, known: Deps | None = None) -> str:
    message = (await load(ledger, row, known or deps(), NOW))()
    assert isinstance(message, Message)
    return parse_html(message.html).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_kind_becomes_a_message_that_telegram_takes(ledger: Ledger, language: str) -> None:
    rows = await a_desk(ledger, language)
    assert {row.kind for row in rows} == KINDS
    for row in rows:
        rendered = (await load(ledger, row, deps(language), NOW))()
        if isinstance(rendered, Call):
            assert row.kind == "commands_changed"
            assert rendered.method == "setMyCommands"
            continue
        if isinstance(rendered, Upload):
            assert rendered.make() is not None
            assert parse_html(rendered.caption).text.strip()
            continue
        assert parse_html(rendered.html).text.strip()
        for line in rendered.buttons:
            for button in line:
                decode(button.data or "")


def enqueued_kinds() -> Iterator[str]:
    """Yield every kind that jobs and handlers put into the outbox."""
    callers = {"tell", "tell_editors", "put", "enqueue", "reply", "edit"}
    for files in ("jobs/**/*.py", "bot/handlers/*.py", "bot/*.py"):
        for path in ROOT.glob(files):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                if getattr(node.func, "id", getattr(node.func, "attr", None)) in callers:
                    strings = [each.value for each in node.args if isinstance(each, ast.Constant)]
                    yield from (each for each in strings[:1] if isinstance(each, str))


def test_every_kind_that_a_job_puts_can_be_rendered() -> None:
    assert set(enqueued_kinds()) == KINDS


async def test_a_kind_without_a_view_is_an_error_of_ours(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="no_such_kind"):
        await load(ledger, a_row("no_such_kind", GROUP), deps(), NOW)


async def test_facts_that_are_gone_are_not_found(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        await load(ledger, a_row("work_changed", 1, assignment=404), deps(), NOW)


async def test_what_is_about_its_reader_is_not_for_groups(ledger: Ledger) -> None:
    await a_chat(ledger, GROUP)
    with pytest.raises(ValueError, match="is for a person"):
        await load(ledger, a_row("whoami", GROUP), deps(), NOW)


async def test_the_reader_decides_the_language_then_the_chat_then_the_desk(ledger: Ledger) -> None:
    bengali = await a_person(ledger, language="bn")
    silent = await a_person(ledger)
    await a_chat(ledger, GROUP)
    notice = {"code": "duty_off"}
    assert "ডিউটি" in await shown(ledger, a_row("notice", bengali.telegram_id, bengali, **notice))
    assert "duty" in await shown(ledger, a_row("notice", silent.telegram_id, silent, **notice))
    assert "ডিউটি" in await shown(ledger, a_row("notice", silent.telegram_id, silent, **notice), deps("bn"))
    assert "ডিউটি" in await shown(ledger, a_row("notice", bengali.telegram_id, **notice)), "put for the chat"
    assert "duty" in await shown(ledger, a_row("notice", GROUP, **notice))
    await ledger.chats.mark(ChatId(GROUP), language="bn")
    assert "ডিউটি" in await shown(ledger, a_row("notice", GROUP, **notice))


async def test_the_language_is_that_of_the_moment_of_delivery(ledger: Ledger) -> None:
    person = await a_person(ledger, language="en")
    row = a_row("whoami", person.telegram_id, person)
    assert "Role: reviewer" in await shown(ledger, row)
    await ledger.people.mark_language(person.id, "bn")
    assert "ভূমিকা: যাচাইকারী" in await shown(ledger, row)


async def test_times_are_told_in_the_desks_zone_and_digests_in_their_own(ledger: Ledger) -> None:
    offer = await an_offer(ledger)
    reviewer = await ledger.people.get(offer.person_id)
    row = a_row("claim_offered", reviewer.telegram_id, reviewer, assignment=offer.id)
    assert "15:00 (UTC+5:30)" in await shown(ledger, row, deps(zone="Asia/Kolkata"))
    subscription = await a_subscription(ledger, GROUP, zone="Asia/Dhaka")
    told = await shown(ledger, a_row("digest_set", GROUP, subscription=subscription.id), deps(zone="UTC"))
    assert "09:00 (Asia/Dhaka)" in told
    assert "15:30 (UTC+6)" in told


async def test_an_invite_link_is_made_at_delivery(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    invite = await an_invite(ledger, by=editor)
    row = a_row("invite_made", editor.telegram_id, editor, invite=invite.id)
    assert f"https://t.me/desk_bot?start=s{invite.id}" in await shown(ledger, row)


async def test_who_asked_is_told_so_in_private_only(ledger: Ledger) -> None:
    request = await a_request(ledger, await a_claim(ledger, state=ClaimState.QUEUED))
    reader = await ledger.people.get(request.person_id)
    payload = {"claim": request.claim_id, "role": "public", "person": reader.id}
    assert "You have asked" in await shown(ledger, _row_about("status_shown", reader, payload))
    in_group = dataclasses.replace(a_row("status_shown", GROUP), payload=payload)
    assert "You have asked" not in await shown(ledger, in_group)


async def test_a_chat_without_digests_learns_how_to_set_one(ledger: Ledger) -> None:
    assert "/digest daily" in await shown(ledger, a_row("digests_shown", GROUP, subscriptions=[], zone="UTC"))
    with pytest.raises(NotFound):
        await load(ledger, a_row("digests_shown", GROUP, subscriptions=[SubscriptionId(9)]), deps(), NOW)


async def test_what_is_rendered_no_longer_needs_the_database(ledger: Ledger) -> None:
    rows = await a_desk(ledger)
    made = [await load(ledger, row, deps(), NOW) for row in rows]
    before = ledger.session
    ledger.session = None  # type: ignore[assignment]
    try:
        for render in made:
            render()
    finally:
        ledger.session = before
