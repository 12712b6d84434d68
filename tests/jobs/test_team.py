"""Who belongs to the team: who may decide about whom, and what becomes of somebody's work when they go."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from jobs import membership, review, team
from jobs.dispatch import hand_out
from jobs.intake.submit import request_text
from jobs.lookup import members_page
from jobs.notify import put, show_decision
from jobs.policy import Policy
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import AssignmentState, Awaiting, ClaimState, Manner, Role, Subject
from storage.ledger import Ledger
from storage.model import Assignment, ChatId, Person
from tests.support.builders import NOW, a_claim, a_person, a_review, an_editor

POLICY = Policy()
LATER = NOW + timedelta(minutes=5)
KEY = b"k" * 32
NONE: frozenset[int] = frozenset()


async def an_admin(ledger: Ledger, name: str | None = None) -> Person:
    return await a_person(ledger, name, role=Role.ADMIN)


async def now_of(ledger: Ledger, person: Person) -> Person:
    return await ledger.people.get(person.id)


async def told(ledger: Ledger, person: Person) -> list[dict[str, Any]]:
    """Return the notices that a person has been put."""
    rows = await ledger.session.fetch_all(
        "SELECT payload FROM outbox WHERE kind = 'notice' AND chat_id = :chat ORDER BY id",
        {"chat": person.telegram_id},
    )
    return [json.loads(payload) for (payload,) in rows]


async def at_work(ledger: Ledger, person: Person) -> Assignment:
    """Let a person take a claim and choose a rating."""
    reader = await a_person(ledger, role=Role.PUBLIC)
    await request_text(ledger, reader, f"Claim of {person.id}: the bridge is 6 km long.", None, NOW, POLICY)
    await hand_out(ledger, NOW, POLICY)
    (offer,) = await ledger.assignments.list_live_of(person.id)
    await review.take(ledger, person, offer.id, NOW, POLICY)
    await review.rate(ledger, person, offer.id, "false", NOW, POLICY)
    return offer


async def end(ledger: Ledger, how: str, by: Person, member: Person, **more: Any) -> None:
    if how == "suspend":
        await team.suspend(ledger, by, member, LATER, POLICY, more.pop("admins", NONE))
    else:
        seen = more.pop("seen", member.suspended_role or member.role)
        admins = more.pop("admins", NONE)
        await team.remove(ledger, by, member, seen, LATER, POLICY, admins, alias=more.pop("alias", False))


# Who may


@pytest.mark.parametrize(
    ("by", "about", "may"),
    [
        (Role.REVIEWER, Role.REVIEWER, False),
        (Role.EDITOR, Role.REVIEWER, True),
        (Role.EDITOR, Role.EDITOR, False),
        (Role.EDITOR, Role.ADMIN, False),
        (Role.ADMIN, Role.EDITOR, True),
        (Role.ADMIN, Role.ADMIN, True),
    ],
)
@pytest.mark.parametrize("how", ["suspend", "remove"])
async def test_editors_decide_about_those_below_and_admins_about_everybody(
    ledger: Ledger, by: Role, about: Role, may: bool, how: str
) -> None:
    decider, member = await a_person(ledger, role=by), await a_person(ledger, role=about)
    if may:
        await end(ledger, how, decider, member)
        assert (await now_of(ledger, member)).role is Role.PUBLIC
        return
    with pytest.raises(NotAllowed):
        await end(ledger, how, decider, member)
    assert (await now_of(ledger, member)).role is about


async def test_nobody_gives_more_than_they_have(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger)
    with pytest.raises(NotAllowed) as refused:
        await team.promote(ledger, editor, reviewer, Role.ADMIN, NOW, POLICY)
    assert refused.value.data["role"] == "admin"
    await team.promote(ledger, editor, reviewer, None, NOW, POLICY)
    assert (await now_of(ledger, reviewer)).role is Role.EDITOR
    with pytest.raises(NotAllowed):
        await team.promote(ledger, editor, await now_of(ledger, reviewer), Role.ADMIN, NOW, POLICY)


async def test_promoting_and_demoting_go_step_by_step_or_to_a_named_role(ledger: Ledger) -> None:
    admin, member = await an_admin(ledger, "Amina"), await a_person(ledger, "Rahim", role=Role.PUBLIC)
    seen = []
    for role in (None, Role.ADMIN):
        await team.promote(ledger, admin, await now_of(ledger, member), role, NOW, POLICY)
        seen.append((await now_of(ledger, member)).role)
    for role in (None, Role.REVIEWER):
        await team.demote(ledger, admin, await now_of(ledger, member), role, NOW, NONE)
        seen.append((await now_of(ledger, member)).role)
    assert seen == [Role.REVIEWER, Role.ADMIN, Role.EDITOR, Role.REVIEWER]
    with pytest.raises(Refused, match="member_lowest"):
        await team.demote(ledger, admin, await now_of(ledger, member), None, NOW, NONE)
    with pytest.raises(Refused, match="member_has_role"):
        await team.demote(ledger, admin, await now_of(ledger, member), Role.EDITOR, NOW, NONE)
    assert [each["role"] for each in await told(ledger, member)] == ["reviewer", "admin", "editor", "reviewer"]
    assert [each["name"] for each in await told(ledger, admin)] == ["Rahim"] * 4
    entries = await ledger.audit.list_of("person", member.id)
    assert [(each.actor, each.data["to"]) for each in entries if each.action == "person.role"] == [
        (admin.id, role) for role in ("reviewer", "admin", "editor", "reviewer")
    ]


@pytest.mark.parametrize("how", ["demote", "suspend", "remove"])
async def test_the_last_admin_who_can_be_reached_stays(ledger: Ledger, how: str) -> None:
    admin, other = await an_admin(ledger), await an_admin(ledger)
    await ledger.people.mark_unreachable(other.id)

    async def wish(about: Person) -> None:
        if how == "demote":
            await team.demote(ledger, admin, about, None, NOW, NONE)
        else:
            await end(ledger, how, admin, about)

    with pytest.raises(Refused) as refused:
        await wish(admin)
    assert refused.value.code == ("member_self" if how == "suspend" else "last_admin")
    await wish(await now_of(ledger, other))
    assert (await now_of(ledger, admin)).role is Role.ADMIN
    with pytest.raises(Refused):
        await wish(admin)


async def test_an_admin_by_the_settings_stays_what_they_would_become_again(ledger: Ledger) -> None:
    admin, other = await an_admin(ledger), await an_admin(ledger)
    with pytest.raises(Refused, match="admin_by_settings"):
        await team.demote(ledger, other, admin, None, NOW, {admin.telegram_id})
    with pytest.raises(Refused, match="admin_by_settings"):
        await end(ledger, "remove", other, admin, admins={admin.telegram_id})


async def test_an_admin_may_step_down_while_there_is_another(ledger: Ledger) -> None:
    admin, _ = await an_admin(ledger), await an_admin(ledger)
    await team.demote(ledger, admin, admin, Role.REVIEWER, NOW, NONE)
    assert (await now_of(ledger, admin)).role is Role.REVIEWER


# What becomes of their work


@pytest.mark.parametrize("how", ["suspend", "remove"])
async def test_who_goes_gives_everything_back_at_once_and_the_draft_is_kept(ledger: Ledger, how: str) -> None:
    editor = await an_editor(ledger)
    member = await a_person(ledger, on_duty=True)
    lease = await at_work(ledger, member)
    heir = await a_person(ledger, on_duty=True)
    await end(ledger, how, editor, member)

    gone = await now_of(ledger, member)
    assert (gone.role, gone.on_duty) == (Role.PUBLIC, False)
    assert (await ledger.assignments.get(lease.id)).state is AssignmentState.WITHDRAWN
    assert await ledger.people.find_focus(member.id) is None
    draft = await ledger.reviews.find_live(lease.claim_id, member.id)
    assert draft is not None
    assert draft.rating == "false"
    assert [each.claim_id for each in await ledger.assignments.list_live_of(heir.id)] == [lease.claim_id]
    assert await find_broken_invariants(ledger, quorum=POLICY.quorum) == []
    (withdrawn,) = [
        each for each in await ledger.audit.list_of("claim", lease.claim_id) if each.action == "assignment.withdrawn"
    ]
    assert withdrawn.actor == editor.id


@pytest.mark.parametrize(("how", "code"), [("suspend", "suspended_now"), ("remove", "role_needed")])
async def test_the_buttons_of_who_went_stop_working_at_once(ledger: Ledger, how: str, code: str) -> None:
    editor, member = await an_editor(ledger), await a_person(ledger, on_duty=True)
    lease = await at_work(ledger, member)
    await end(ledger, how, editor, member)
    gone = await now_of(ledger, member)
    for wish in (
        review.take(ledger, gone, lease.id, LATER, POLICY),
        review.rate(ledger, gone, lease.id, "true", LATER, POLICY),
        review.pass_on(ledger, gone, lease.id, LATER, POLICY),
        review.submit(ledger, gone, lease.id, 1, LATER, POLICY),
        membership.set_duty(ledger, gone, on_duty=True, now=LATER, policy=POLICY),
    ):
        with pytest.raises(NotAllowed, match=code):
            await wish


async def test_who_comes_back_goes_on_with_their_draft(ledger: Ledger) -> None:
    editor, member = await an_editor(ledger), await a_person(ledger, on_duty=True)
    lease = await at_work(ledger, member)
    await team.suspend(ledger, editor, member, LATER, POLICY, NONE)
    with pytest.raises(Refused, match="member_suspended"):
        await team.promote(ledger, editor, await now_of(ledger, member), None, LATER, POLICY)
    await team.restore(ledger, editor, await now_of(ledger, member), LATER)
    back = await now_of(ledger, member)
    assert (back.role, back.suspended_role, back.on_duty) == (Role.REVIEWER, None, False)
    await membership.set_duty(ledger, back, on_duty=True, now=LATER, policy=POLICY)
    (offer,) = await ledger.assignments.list_live_of(member.id)
    assert offer.claim_id == lease.claim_id
    await review.take(ledger, back, offer.id, LATER, POLICY)
    assert (await ledger.reviews.get_live(lease.claim_id, member.id)).rating == "false"
    with pytest.raises(Refused, match="member_not_suspended"):
        await team.restore(ledger, editor, back, LATER)


async def test_a_suspended_person_comes_back_by_no_invite_and_a_removed_one_does(ledger: Ledger) -> None:
    editor, member = await an_editor(ledger), await a_person(ledger)
    link = await membership.invite(ledger, editor, Role.REVIEWER, KEY, NOW, POLICY)
    secret = membership.invite_secret(KEY, link, NOW)
    await team.suspend(ledger, editor, member, NOW, POLICY, NONE)
    with pytest.raises(NotAllowed, match="suspended_now"):
        await membership.join(ledger, await now_of(ledger, member), secret, NOW)
    await end(ledger, "remove", editor, await now_of(ledger, member), alias=True)
    back = await membership.join(ledger, await now_of(ledger, member), secret, NOW)
    assert (back.role, back.alias) == (Role.REVIEWER, None)


@pytest.mark.parametrize("how", ["demote", "suspend", "remove"])
async def test_what_waits_for_an_editor_is_not_sent_to_who_is_none_any_more(ledger: Ledger, how: str) -> None:
    admin, editor = await an_admin(ledger), await an_editor(ledger)
    await ledger.wishes.mark(editor.id, Subject.TEAM, Manner.DAILY)
    about = {
        "decision_due": {"claim": 1},
        "evidence_due": {"objection": 1},
        "correction_shown": {"correction": 1},
        "triage_listed": {},
        "claims_overdue": {"claims": [1], "total": 1},
        "summary_asked": {"claim": 1},
        "reopening_asked": {"claim": 1},
        "rule_acted": {"rule": 1, "claims": [1]},
    }
    for kind, payload in about.items():
        await put(ledger, editor, kind, payload, NOW)
    for code in ("agreement_broken", "leases_run_out", "setting_changed", "evidence_received"):
        await put(ledger, editor, "notice", {"code": code, "claim": 1}, NOW)
    await put(ledger, editor, "verdict_published", {"verdict": 1, "to": "requester"}, NOW)
    assert [each.kind for each in await ledger.wishes.list_untold(editor.id)] == ["rule_acted", "notice"]
    claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
    await ledger.people.mark_focus(editor.id, claim.id, Awaiting.NEW_EVIDENCE, NOW, detail="reopen:1")

    if how == "demote":
        await team.demote(ledger, admin, editor, None, LATER, NONE)
    else:
        await end(ledger, how, admin, editor)

    chat = ChatId(editor.telegram_id)
    kept = [(each.kind, each.payload.get("code")) for each in await ledger.team.list_waiting(chat)]
    assert kept[:2] == [("notice", "evidence_received"), ("verdict_published", None)]
    assert {kind for kind, _ in kept[2:]} <= {"notice", "commands_changed", "membership_ended"}
    assert await ledger.wishes.list_untold(editor.id) == []
    assert await ledger.people.find_focus(editor.id) is None


@pytest.mark.parametrize("how", ["demote", "suspend", "remove"])
async def test_invites_for_more_than_one_is_now_end_with_the_role(ledger: Ledger, how: str) -> None:
    admin, editor = await an_admin(ledger), await an_editor(ledger)
    roles = (Role.REVIEWER, Role.EDITOR)
    links = [await membership.invite(ledger, editor, role, KEY, NOW, POLICY) for role in roles]
    if how == "demote":
        await team.demote(ledger, admin, editor, None, LATER, NONE)
    else:
        await end(ledger, how, admin, editor)
    usable = []
    for link, role in zip(links, roles, strict=True):
        stranger = await a_person(ledger, role=Role.PUBLIC)
        try:
            await membership.join(ledger, stranger, membership.invite_secret(KEY, link, NOW), LATER)
        except Stale:
            continue
        usable.append(role)
    assert usable == ([Role.REVIEWER] if how == "demote" else [])


async def test_an_editor_who_is_demoted_is_asked_for_no_reason_any_more(ledger: Ledger) -> None:
    admin, editor = await an_admin(ledger), await an_editor(ledger)
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await ledger.people.mark_focus(editor.id, claim.id, Awaiting.ADJUDICATION, NOW, rating="false")
    await team.demote(ledger, admin, editor, None, LATER, NONE)
    assert await ledger.people.find_focus(editor.id) is None


async def test_what_waits_to_be_sent_to_an_editor_is_not_sent_to_who_is_none_any_more(ledger: Ledger) -> None:
    admin, editor = await an_admin(ledger), await an_editor(ledger)
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await show_decision(ledger, claim.id, NOW)
    await end(ledger, "remove", admin, editor)
    sent = [(each.kind, each.chat_id) for each in await ledger.outbox.lease_due(LATER, 10)]
    assert ("decision_due", admin.telegram_id) in sent
    assert ("decision_due", editor.telegram_id) not in sent
    assert "decision_due" not in await kinds_put(ledger, editor)
    assert "membership_ended" in await kinds_put(ledger, editor)


async def kinds_put(ledger: Ledger, person: Person) -> list[str]:
    rows = await ledger.session.fetch_all(
        "SELECT kind FROM outbox WHERE chat_id = :chat AND state = 'queued'", {"chat": person.telegram_id}
    )
    return [kind for (kind,) in rows]


# Removal and pseudonyms


async def test_a_button_of_yesterday_removes_nobody(ledger: Ledger) -> None:
    admin, member = await an_admin(ledger), await a_person(ledger)
    await team.ask_removal(ledger, admin, member, NOW, NONE)
    await team.promote(ledger, admin, member, None, NOW, POLICY)
    with pytest.raises(Stale, match="member_changed"):
        await end(ledger, "remove", admin, await now_of(ledger, member), seen=Role.REVIEWER)
    await end(ledger, "remove", admin, await now_of(ledger, member))
    with pytest.raises(Refused, match="member_of_none"):
        await end(ledger, "remove", admin, await now_of(ledger, member), seen=Role.EDITOR)


async def test_reviews_stay_and_are_shown_under_a_pseudonym_if_asked(ledger: Ledger) -> None:
    editor, member, other = await an_editor(ledger), await a_person(ledger, "Rahim"), await a_person(ledger)
    claim = await a_claim(ledger, state=ClaimState.IN_REVIEW)
    for person in (member, other):
        await a_review(ledger, claim, person)
    with pytest.raises(Refused, match="alias_of_member"):
        await team.hide_name(ledger, member, member.id, NOW)
    await end(ledger, "remove", editor, member)
    gone = await now_of(ledger, member)
    with pytest.raises(NotAllowed, match="alias_not_yours"):
        await team.hide_name(ledger, other, gone.id, NOW)
    await team.hide_name(ledger, gone, gone.id, NOW)
    with pytest.raises(Stale, match="alias_known"):
        await team.hide_name(ledger, await now_of(ledger, gone), gone.id, NOW)
    await end(ledger, "remove", editor, other, alias=True)
    shown = [each.person.alias for each in (await ledger.figures.decision(claim.id)).opinions]
    assert shown == [1, 2]


# The list


async def test_members_are_listed_by_role_and_found_by_number_or_username(ledger: Ledger) -> None:
    reviewer = await a_person(ledger, username="Rahima", on_duty=True)
    editor, admin = await an_editor(ledger), await an_admin(ledger)
    await a_person(ledger, role=Role.PUBLIC)
    away = await an_editor(ledger)
    await team.suspend(ledger, admin, away, NOW, POLICY, NONE)
    await at_work(ledger, reviewer)
    page = await members_page(ledger, 0)
    assert [(each.person.id, each.leases) for each in page.lines] == [
        (admin.id, 0),
        (editor.id, 0),
        (reviewer.id, 1),
        (away.id, 0),
    ]
    assert (page.total, (await members_page(ledger, 500)).offset) == (4, 0)
    for typed in (str(reviewer.id), f"#{reviewer.id}", "@rahima", "RAHIMA", str(reviewer.id).translate({49: "১"})):
        assert (await team.find_person(ledger, typed)).id == reviewer.id
    for typed in ("@nobody", "99", "9" * 40, "-1", "²"):
        with pytest.raises(NotFound, match="person_unknown"):
            await team.find_person(ledger, typed)
