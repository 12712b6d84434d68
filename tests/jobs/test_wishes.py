"""How people are told: at once, once a day or never; quiet hours delay, and lose and block nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import KINDS
from bot.views.notice_texts import NOTICES
from jobs import correcting, reopening, summaries, team, wishes
from jobs.dispatch import hand_out, offer
from jobs.holding import let_stand
from jobs.leases import assign
from jobs.notify import put as put_message
from jobs.notify import show_decision, show_work, tell, tell_editors_once
from jobs.policy import Policy
from jobs.publish import approve
from jobs.watch import watch
from jobs.wishes import LEAST, SUBJECTS, parse_span, subject_of, wake_at
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import ClaimState, Manner, Role, Severity, Subject
from storage.ledger import Ledger
from storage.model import ClaimId, Person
from tests.bot.views.facts import a_person as a_person_as_value
from tests.jobs.test_correcting import drafted
from tests.jobs.test_reopening import answered, brought
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_request, a_review, an_editor

POLICY = Policy()
DHAKA = "Asia/Dhaka"
NIGHT = datetime(2025, 3, 9, 18, 30, tzinfo=UTC)
"""Half past midnight in Dhaka."""
MORNING = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
"""Seven there."""


async def put(ledger: Ledger, person: Person) -> list[tuple[str, datetime]]:
    """Return what is queued for a person, in the order in which it goes out."""
    rows = await ledger.session.fetch_all(
        "SELECT kind, due_at FROM outbox WHERE chat_id = :chat AND state = 'queued' ORDER BY due_at, id",
        {"chat": person.telegram_id},
    )
    return [(kind, datetime.fromisoformat(due)) for kind, due in rows]


async def quiet(ledger: Ledger, person: Person) -> Person:
    await ledger.wishes.mark_quiet(person.id, 22 * 60, 7 * 60)
    await ledger.wishes.mark_zone(person.id, DHAKA)
    return await ledger.people.get(person.id)


async def wish(ledger: Ledger, person: Person, subject: Subject, manner: Manner) -> Person:
    await summaries.choose(ledger, person, subject, manner, DHAKA, NOW, POLICY)
    await ledger.session.execute("DELETE FROM outbox")
    return await ledger.people.get(person.id)


# Rules


minutes = st.integers(0, 1439)


@given(
    start=minutes,
    end=minutes,
    zone=st.sampled_from((DHAKA, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")),
    now=st.integers(0, 3 * 365 * 24 * 60).map(lambda passed: NOW + timedelta(minutes=passed)),
)
def test_quiet_hours_end_within_a_day_and_outside_of_them_nothing_waits(
    start: int, end: int, zone: str, now: datetime
) -> None:
    if start == end:
        end = (start + 1) % 1440
    person = a_person_as_value(quiet_from=start, quiet_until=end, zone=zone)
    due = wake_at(person, now)
    assert now <= due <= now + timedelta(hours=26)
    wall = now.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    inside = start <= minute < end if start < end else not end <= minute < start
    assert (due > now) is inside
    assert wake_at(a_person_as_value(zone=zone), now) == now


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22-07", (1320, 420)),
        ("22:30-6:45", (1350, 405)),
        ("0–8", (0, 480)),
        ("২২-০৭", (1320, 420)),
        ("13 - 14", (780, 840)),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, meant: tuple[int, int]) -> None:
    assert parse_span(typed) == meant


@pytest.mark.parametrize("typed", ["", "22", "22-", "7-7", "07:00-7", "night", "22-07-08", "-3", "22:-7"])
def test_what_is_no_span_is_explained(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_span(typed)
    assert refused.value.code in ("quiet_usage", "local_time_invalid")


def test_only_what_others_did_can_be_put_off() -> None:
    assert subject_of("claim_offered", {}) is Subject.OFFERS
    assert subject_of("notice", {"code": "member_removed"}) is Subject.TEAM
    for kind, payload in (("verdict_published", {}), ("work_changed", {}), ("notice", {"code": "you_suspended"})):
        assert subject_of(kind, payload) is None
    assert set(LEAST) == set(Subject)


def test_every_message_that_can_be_put_off_is_one_that_the_desk_has() -> None:
    assert set(wishes._NOTICES) <= set(NOTICES)
    assert set(wishes._KINDS) <= KINDS


# Quiet hours


async def test_messages_of_quiet_hours_wait_and_answers_come_at_once(ledger: Ledger) -> None:
    person = await quiet(ledger, await a_person(ledger))
    await tell(ledger, person, "notice", NIGHT, code="you_promoted", role="editor")
    ledger.speaker = person.id
    await tell(ledger, person, "notice", NIGHT, code="duty_on")
    ledger.speaker = None
    await tell(ledger, person, "notice", MORNING, code="duty_off")
    assert [due for _, due in await put(ledger, person)] == [NIGHT, MORNING, MORNING]
    now = [each.payload["code"] for each in await ledger.outbox.lease_due(NIGHT, 10)]
    assert now == ["duty_on"], "what waits blocks nothing, and does not come early"


async def test_the_morning_brings_everything_in_order(ledger: Ledger) -> None:
    person = await quiet(ledger, await a_person(ledger))
    for number in range(5):
        await tell(ledger, person, "notice", NIGHT + timedelta(minutes=number), code="x", n=number)
    assert await ledger.outbox.find_next_due(NIGHT) == MORNING
    told = []
    while leased := await ledger.outbox.lease_due(MORNING, 10):
        (message,) = leased
        told.append(message.payload["n"])
        await ledger.outbox.mark_sent(message, [message.id], MORNING)
    assert told == list(range(5))


async def test_an_answer_brings_the_card_forward_and_no_later_edit_pushes_it_back(ledger: Ledger) -> None:
    person = await quiet(ledger, await a_person(ledger, on_duty=True))
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await offer(ledger, claim, person.id, NIGHT, POLICY)
    assert await put(ledger, person) == [("claim_offered", MORNING)]
    (offered,) = await ledger.assignments.list_live_of(person.id)
    ledger.speaker = person.id
    await show_work(ledger, person, offered.id, NIGHT)
    ledger.speaker = None
    assert await put(ledger, person) == [("work_changed", NIGHT)]
    await show_work(ledger, person, offered.id, NIGHT)
    assert await put(ledger, person) == [("work_changed", NIGHT)]


async def test_the_change_of_a_card_that_is_shown_makes_no_sound_and_waits_for_nothing(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await show_decision(ledger, claim.id, NOW)
    (message,) = await ledger.outbox.lease_due(NOW, 10)
    await ledger.outbox.mark_sent(message, [77], NOW)
    editor = await quiet(ledger, editor)
    editor = await wish(ledger, editor, Subject.DECISIONS, Manner.NEVER)
    await show_decision(ledger, claim.id, NIGHT)
    assert await put(ledger, editor) == [("decision_due", NIGHT)]


async def test_an_answer_to_who_asked_waits_for_the_morning_and_is_not_lost(ledger: Ledger) -> None:
    reader = await quiet(ledger, await a_person(ledger, role=Role.PUBLIC))
    editor = await an_editor(ledger)
    claim = await a_claim(ledger, state=ClaimState.AGREED)
    await a_request(ledger, claim, reader)
    for _ in range(2):
        await a_review(ledger, claim)
    await approve(ledger, editor, claim.id, claim.revision, NIGHT, POLICY)
    await let_stand(ledger, NIGHT + POLICY.undo_within, POLICY)
    assert await put(ledger, reader) == [("verdict_published", MORNING)]


async def test_quiet_hours_are_set_and_ended(ledger: Ledger) -> None:
    person = await a_person(ledger, role=Role.PUBLIC)
    with pytest.raises(Refused, match="quiet_none"):
        await summaries.set_quiet(ledger, person, None, DHAKA, NOW, POLICY)
    await summaries.set_quiet(ledger, person, "22-07", DHAKA, NOW, POLICY)
    person = await ledger.people.get(person.id)
    assert (person.quiet_from, person.quiet_until, person.zone) == (1320, 420, DHAKA)
    await summaries.set_quiet(ledger, person, None, DHAKA, NOW, POLICY)
    person = await ledger.people.get(person.id)
    assert (person.quiet_from, person.quiet_until) == (None, None)
    actions = [entry.action for entry in await ledger.audit.list_of("person", person.id)]
    assert actions == ["person.quiet", "person.quiet"]


async def test_what_waits_comes_when_the_quiet_hours_end_sooner_but_not_what_can_be_taken_back(ledger: Ledger) -> None:
    person, other = await quiet(ledger, await a_person(ledger)), await quiet(ledger, await a_person(ledger))
    for each in (person, other):
        await tell(ledger, each, "notice", NIGHT, code="you_promoted", role="editor")
    late = NIGHT + timedelta(minutes=10)
    held = late - timedelta(seconds=10)
    for number, at in enumerate((NIGHT, held)):
        key = f"closed:{number}"
        await put_message(ledger, person, "claims_closed", {}, at, dedup_key=key, not_before=at + POLICY.undo_within)
    ledger.speaker = person.id
    # 03:30 in Dhaka, as the quiet hours end now, is still to come; then there are none any more.
    await summaries.set_quiet(ledger, person, "22-03:30", DHAKA, late, POLICY)
    ends = datetime(2025, 3, 9, 21, 30, tzinfo=UTC)
    assert {due for kind, due in await put(ledger, person) if kind != "quiet_set"} == {ends}
    await summaries.set_quiet(ledger, await ledger.people.get(person.id), None, DHAKA, late, POLICY)
    waiting = [due for kind, due in await put(ledger, person) if kind == "claims_closed"]
    assert waiting == [late, late + POLICY.undo_within]
    assert (await put(ledger, person))[0] == ("notice", late)
    assert await put(ledger, other) == [("notice", MORNING)], "nobody else is woken up"


# Manners


async def test_who_wants_no_offers_gets_none_and_the_next_one_does(ledger: Ledger) -> None:
    for manner in (Manner.DAILY, Manner.NEVER):
        await wish(ledger, await a_person(ledger, on_duty=True), Subject.OFFERS, manner)
    willing = await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    assert await hand_out(ledger, NOW, POLICY) == 1
    assert len(await ledger.assignments.list_live_of(willing.id)) == 1


@pytest.mark.parametrize("manner", list(Manner))
async def test_whom_an_editor_chooses_is_told_whatever_they_wish_and_has_the_whole_time(
    ledger: Ledger, manner: Manner
) -> None:
    person = await wish(ledger, await quiet(ledger, await a_person(ledger, on_duty=True)), Subject.OFFERS, manner)
    claim = await a_claim(ledger, state=ClaimState.QUEUED)
    await assign(ledger, await an_editor(ledger), claim, person, NIGHT, POLICY)
    assert await put(ledger, person) == [("claim_offered", MORNING)]
    (offered,) = await ledger.assignments.list_live_of(person.id)
    assert offered.expires_at == MORNING + POLICY.offer_lasts


async def test_news_come_once_a_day_in_one_message_or_never(ledger: Ledger) -> None:
    admin = await a_person(ledger, "Amina", role=Role.ADMIN)
    daily = await wish(ledger, await an_editor(ledger, "Daily"), Subject.TEAM, Manner.DAILY)
    never = await wish(ledger, await an_editor(ledger, "Never"), Subject.TEAM, Manner.NEVER)
    for number in range(3):
        await team.promote(ledger, admin, await a_person(ledger, f"New {number}"), None, NOW, POLICY)
    assert await put(ledger, daily) == await put(ledger, never) == []
    assert len(await put(ledger, admin)) == 3

    due = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
    assert daily.summary_at == due, "eight o'clock in Dhaka"
    assert await summaries.post_summaries(ledger, due - timedelta(seconds=1), POLICY) == 0
    assert await summaries.post_summaries(ledger, due + timedelta(hours=1), POLICY) == 1
    assert [kind for kind, _ in await put(ledger, daily)] == ["summary_posted"]
    leased = await ledger.outbox.lease_due(due + timedelta(hours=1), 9)
    (message,) = [each for each in leased if each.kind == "summary_posted"]
    told = await ledger.wishes.list_news(message.payload["news"])
    assert [each.payload["name"] for each in told] == ["New 0", "New 1", "New 2"]
    assert await summaries.post_summaries(ledger, due + timedelta(hours=2), POLICY) == 0
    assert await summaries.post_summaries(ledger, due + timedelta(days=1), POLICY) == 0, "nobody gets an empty one"


async def test_what_was_put_aside_is_told_though_the_wish_has_changed(ledger: Ledger) -> None:
    admin = await a_person(ledger, role=Role.ADMIN)
    editor = await wish(ledger, await an_editor(ledger), Subject.TEAM, Manner.DAILY)
    await team.promote(ledger, admin, await a_person(ledger), None, NOW, POLICY)
    editor = await wish(ledger, editor, Subject.TEAM, Manner.AT_ONCE)
    assert await summaries.post_summaries(ledger, NOW + timedelta(days=1), POLICY) == 1
    assert (await ledger.people.get(editor.id)).summary_at is None


async def test_the_same_key_is_told_once_in_summaries_too(ledger: Ledger) -> None:
    editor = await wish(ledger, await an_editor(ledger), Subject.REMINDERS, Manner.DAILY)
    for _ in range(3):
        await tell_editors_once(ledger, "passed:1", "claim_passed_by_all", ClaimId(1), NOW)
    assert len(await ledger.wishes.list_untold(editor.id)) == 1
    assert await summaries.post_summaries(ledger, NOW + timedelta(days=1), POLICY) == 1
    await tell_editors_once(ledger, "passed:1", "claim_passed_by_all", ClaimId(1), NOW)
    assert await ledger.wishes.list_untold(editor.id) == []


async def test_a_summary_names_the_claims_that_still_wait(ledger: Ledger) -> None:
    editor = await wish(ledger, await an_editor(ledger, on_duty=True), Subject.DECISIONS, Manner.DAILY)
    editor = await wish(ledger, editor, Subject.OFFERS, Manner.DAILY)
    disputed = await a_claim(ledger, state=ClaimState.DISPUTED)
    for rating in ("true", "false", "satire"):
        await a_review(ledger, disputed, rating=rating)
    queued, own = await a_claim(ledger, state=ClaimState.QUEUED), await a_claim(ledger, state=ClaimState.QUEUED)
    await a_request(ledger, own, editor)
    await watch(ledger, NOW, POLICY)
    assert await put(ledger, editor) == []
    waiting = await summaries.waiting_for(ledger, editor, await ledger.wishes.list_of(editor.id), NOW, POLICY)
    assert [line.claim.id for line in waiting.claims] == [disputed.id, queued.id]

    await summaries.send_decision(ledger, editor, disputed.id, NOW)
    ledger.speaker = editor.id
    await summaries.send_decision(ledger, editor, disputed.id, NOW)
    assert [kind for kind, _ in await put(ledger, editor)] == ["decision_due"]
    with pytest.raises(Stale, match="decision_made"):
        await summaries.send_decision(ledger, editor, queued.id, NOW)
    with pytest.raises(NotAllowed):
        await summaries.send_decision(ledger, await a_person(ledger), disputed.id, NOW)


async def test_a_summary_names_claims_in_review_that_lack_somebody_and_only_to_who_may_review_them(
    ledger: Ledger,
) -> None:
    reader = await wish(ledger, await a_person(ledger, on_duty=True), Subject.OFFERS, Manner.DAILY)
    half = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    await a_review(ledger, half, rating="true")
    full, reviewed, recused, held = [await a_claim(ledger, state=ClaimState.IN_REVIEW) for _ in range(4)]
    for _ in range(2):
        await a_lease(ledger, full)
    await a_review(ledger, reviewed, reader)
    await a_lease(ledger, recused)
    await ledger.leases.add_recusal(recused.id, reader.id, "My brother.", NOW)
    await a_lease(ledger, held, reader)
    urgent = await a_claim(ledger, state=ClaimState.QUEUED, severity=Severity.CRITICAL)
    waiting = await summaries.waiting_for(ledger, reader, await ledger.wishes.list_of(reader.id), NOW, POLICY)
    assert ([line.claim.id for line in waiting.claims], waiting.more) == ([urgent.id, half.id], False)

    for _ in range(summaries.TO_TAKE_MOST):
        await a_claim(ledger, state=ClaimState.QUEUED)
    waiting = await summaries.waiting_for(ledger, reader, await ledger.wishes.list_of(reader.id), NOW, POLICY)
    assert (len(waiting.claims), waiting.more) == (summaries.TO_TAKE_MOST, True)


async def test_a_summary_names_the_corrections_and_the_evidence_that_wait(ledger: Ledger) -> None:
    editor, reader, claim = await answered(ledger)
    other = await wish(ledger, await an_editor(ledger), Subject.CORRECTIONS, Manner.DAILY)
    objection = await brought(ledger, reader, claim)
    draft = await drafted(ledger, editor, claim)
    await correcting.propose(ledger, editor, draft.id, draft.revision, NOW, POLICY)
    await watch(ledger, NOW, POLICY)
    assert await put(ledger, other) == []
    waiting = await summaries.waiting_for(ledger, other, await ledger.wishes.list_of(other.id), NOW, POLICY)
    assert [each.id for each in waiting.corrections] == [draft.id]
    assert [each.id for each in waiting.objections] == [objection.id]
    own = dict.fromkeys(Subject, Manner.DAILY)
    assert (await summaries.waiting_for(ledger, editor, own, NOW, POLICY)).corrections == []
    assert await summaries.post_summaries(ledger, NOW + timedelta(days=1), POLICY) == 1
    await ledger.session.execute("DELETE FROM outbox")

    ledger.speaker = other.id
    await summaries.send_correction(ledger, other, draft.id, NOW)
    await summaries.send_objection(ledger, other, objection.id, NOW)
    assert [kind for kind, _ in await put(ledger, other)] == ["correction_shown", "evidence_due"]
    draft = await ledger.corrections.get(draft.id)
    await correcting.release(ledger, other, draft.id, draft.revision, NOW)
    await reopening.decline(ledger, other, objection.id, NOW)
    assert not await summaries.waiting_for(ledger, other, own, NOW, POLICY)
    with pytest.raises(Stale, match="correction_gone"):
        await summaries.send_correction(ledger, other, draft.id, NOW)
    with pytest.raises(Stale, match="objection_decided"):
        await summaries.send_objection(ledger, other, objection.id, NOW)
    for send, number in ((summaries.send_correction, draft.id), (summaries.send_objection, objection.id)):
        with pytest.raises(NotAllowed):
            await send(ledger, reader, number, NOW)


async def test_a_reviewer_chooses_what_reviewers_are_told_and_no_more(ledger: Ledger) -> None:
    reviewer = await a_person(ledger)
    with pytest.raises(NotAllowed):
        await summaries.choose(ledger, reviewer, Subject.TEAM, Manner.NEVER, DHAKA, NOW, POLICY)
    with pytest.raises(NotAllowed):
        await summaries.show_wishes(ledger, await a_person(ledger, role=Role.PUBLIC), NOW)
    for subject in set(Subject) - set(SUBJECTS):
        with pytest.raises(Stale):
            await summaries.choose(ledger, await an_editor(ledger), subject, Manner.NEVER, DHAKA, NOW, POLICY)


async def test_who_left_the_team_gets_no_summary(ledger: Ledger) -> None:
    admin = await a_person(ledger, role=Role.ADMIN)
    editor = await wish(ledger, await an_editor(ledger), Subject.TEAM, Manner.DAILY)
    await team.promote(ledger, admin, await a_person(ledger), None, NOW, POLICY)
    await team.remove(ledger, admin, editor, Role.EDITOR, NOW, POLICY, frozenset(), alias=False)
    assert await summaries.post_summaries(ledger, NOW + timedelta(days=1), POLICY) == 0
