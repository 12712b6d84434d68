from datetime import timedelta

import pytest

from storage.database import Database
from storage.errors import NotFound, Stale
from storage.kinds import AssignmentState, Awaiting, ChatKind, ClaimState, Role
from storage.ledger import Ledger
from storage.model import ChatId, InviteId, PersonId
from storage.people import SEEN_EVERY
from tests.support.builders import (
    NOW,
    a_chat,
    a_claim,
    a_lease,
    a_person,
    an_editor,
    an_invite,
    an_offer,
)

NOBODY = PersonId(99)


def changes(database: Database) -> int:
    """How many rows this database's writer changed so far."""
    return database._writer._raw.total_changes


async def test_a_stranger_becomes_a_person(ledger: Ledger) -> None:
    person = await ledger.people.meet(1001, "Rahima", "rahima", NOW)
    assert (person.telegram_id, person.name, person.username, person.role) == (1001, "Rahima", "rahima", Role.PUBLIC)
    assert (person.on_duty, person.reachable, person.language, person.zone) == (False, True, None, None)
    assert person.joined_at == person.seen_at == NOW
    assert await ledger.people.find_by_telegram(1001) == await ledger.people.get(person.id) == person
    assert await ledger.people.find_by_telegram(1002) is None


async def test_meeting_again_writes_nothing_when_nothing_changed(database: Database) -> None:
    async with database.write() as ledger:
        person = await ledger.people.meet(1001, "Rahima", "rahima", NOW, role=Role.EDITOR)
        before = changes(database)
        again = await ledger.people.meet(1001, "Rahima", "rahima", NOW + SEEN_EVERY - timedelta(seconds=1))
        assert again == person
        assert changes(database) == before


@pytest.mark.parametrize(
    ("name", "username", "after"),
    [
        ("Rahima B.", "rahima", timedelta(0)),
        ("Rahima", None, timedelta(0)),
        ("Rahima", "rahima2", timedelta(0)),
        ("Rahima", "rahima", SEEN_EVERY),
    ],
)
async def test_meeting_again_keeps_what_is_new_and_the_role(
    ledger: Ledger, name: str, username: str | None, after: timedelta
) -> None:
    known = await ledger.people.meet(1001, "Rahima", "rahima", NOW, role=Role.EDITOR)
    await ledger.people.mark_language(known.id, "bn")
    person = await ledger.people.meet(1001, name, username, NOW + after, role=Role.PUBLIC)
    assert (person.id, person.name, person.username) == (known.id, name, username)
    assert (person.seen_at, person.joined_at) == (NOW + after, NOW)
    assert (person.role, person.language) == (Role.EDITOR, "bn")


async def test_who_is_reachable_again_is_not_on_duty(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    assert await ledger.people.mark_unreachable(person.id)
    assert not await ledger.people.mark_unreachable(person.id), "known already"
    gone = await ledger.people.get(person.id)
    assert (gone.reachable, gone.on_duty) == (False, False)
    assert not (await ledger.people.meet(person.telegram_id, "Renamed", None, NOW)).reachable, "known from a group too"
    await ledger.people.mark_reachable(person.id)
    back = await ledger.people.get(person.id)
    assert (back.reachable, back.on_duty) == (True, False)


async def test_who_is_public_again_is_off_duty(ledger: Ledger) -> None:
    person = await a_person(ledger, on_duty=True)
    await ledger.people.mark_role(person.id, Role.EDITOR)
    assert (await ledger.people.get(person.id)).on_duty
    await ledger.people.mark_role(person.id, Role.PUBLIC)
    assert not (await ledger.people.get(person.id)).on_duty


async def test_nobody_can_be_marked(ledger: Ledger) -> None:
    for attempt in (
        ledger.people.get(NOBODY),
        ledger.people.mark_role(NOBODY, Role.EDITOR),
        ledger.people.mark_language(NOBODY, "bn"),
        ledger.people.mark_duty(NOBODY, on_duty=True),
    ):
        with pytest.raises(NotFound, match="person_not_found"):
            await attempt


async def test_a_username_is_found_in_any_case_and_belongs_to_who_was_seen_last(ledger: Ledger) -> None:
    await a_person(ledger, username="Desk", now=NOW - timedelta(days=300))
    later = await a_person(ledger, username="desk")
    found = await ledger.people.find_by_username("DESK")
    assert found is not None
    assert found.id == later.id
    assert await ledger.people.find_by_username("des") is None


async def test_a_role_includes_those_before_it(ledger: Ledger) -> None:
    by_role = {role: await a_person(ledger, role=role) for role in Role}
    gone = await a_person(ledger, role=Role.ADMIN, reachable=False)
    for least, expected in (
        (Role.REVIEWER, [Role.REVIEWER, Role.EDITOR, Role.ADMIN]),
        (Role.EDITOR, [Role.EDITOR, Role.ADMIN]),
        (Role.ADMIN, [Role.ADMIN]),
    ):
        found = await ledger.people.list_with_role(least)
        assert [person.id for person in found] == [by_role[role].id for role in expected]
        assert (await ledger.people.list_with_role(least, reachable=False))[-1] == gone


async def test_the_workload_counts_leases_and_offers_that_live(ledger: Ledger) -> None:
    busy = await a_person(ledger, on_duty=True)
    idle = await a_person(ledger, on_duty=True)
    await a_person(ledger, on_duty=False)
    await a_person(ledger, on_duty=True, reachable=False)
    await a_lease(ledger, person=busy)
    await a_lease(ledger, person=busy, now=NOW + timedelta(minutes=1))
    await an_offer(ledger, person=busy, now=NOW + timedelta(minutes=2))
    over = await an_offer(ledger, person=busy, now=NOW + timedelta(minutes=3))
    await ledger.assignments.mark_ended(over.id, AssignmentState.PASSED, NOW)
    loads = await ledger.people.list_on_duty()
    assert [(load.person.id, load.live, load.open_offers, load.last_offered_at) for load in loads] == [
        (busy.id, 2, 1, NOW + timedelta(minutes=3)),
        (idle.id, 0, 0, None),
    ]


async def test_a_person_has_one_focus(ledger: Ledger) -> None:
    person = await a_person(ledger)
    one, two = await a_claim(ledger), await a_claim(ledger)
    assert await ledger.people.find_focus(person.id) is None
    await ledger.people.mark_focus(person.id, one.id, Awaiting.SOURCE, NOW)
    await ledger.people.mark_focus(person.id, two.id, Awaiting.ADJUDICATION, NOW + timedelta(1), rating="false")
    focus = await ledger.people.find_focus(person.id)
    assert focus is not None
    assert (focus.claim_id, focus.awaiting, focus.rating) == (two.id, Awaiting.ADJUDICATION, "false")
    assert focus.since == NOW + timedelta(1)
    await ledger.people.clear_focus(person.id, one.id)
    assert await ledger.people.find_focus(person.id) == focus, "it is not on that claim"
    await ledger.people.clear_focus(person.id, two.id)
    assert await ledger.people.find_focus(person.id) is None


# --- invites ---------------------------------------------------------------------------------------------------------


async def test_an_invite_is_used_once(ledger: Ledger) -> None:
    admin, guest, other = await an_editor(ledger), await a_person(ledger), await a_person(ledger)
    invite = await an_invite(ledger, role=Role.EDITOR, by=admin)
    assert await ledger.invites.find(invite.token_hash) == invite
    assert await ledger.invites.find("f" * 64) is None
    await ledger.invites.mark_used(invite.id, guest.id, NOW)
    with pytest.raises(Stale, match="invite_used"):
        await ledger.invites.mark_used(invite.id, other.id, NOW)
    used = await ledger.invites.get(invite.id)
    assert (used.used_by, used.used_at, used.created_by, used.role) == (guest.id, NOW, admin.id, Role.EDITOR)


async def test_the_next_invite_has_the_id_that_was_foretold(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        assert await ledger.invites.next_id() == number
        assert (await an_invite(ledger)).id == number


async def test_an_unknown_invite_cannot_be_used(ledger: Ledger) -> None:
    person = await a_person(ledger)
    with pytest.raises(NotFound):
        await ledger.invites.get(InviteId(9))
    with pytest.raises(Stale):
        await ledger.invites.mark_used(InviteId(9), person.id, NOW)


async def test_two_invites_with_one_secret_are_refused(ledger: Ledger) -> None:
    invite = await an_invite(ledger)
    with pytest.raises(Stale, match="already_exists"):
        await ledger.invites.add(InviteId(9), invite.token_hash, Role.EDITOR, created_by=None, now=NOW, expires_at=NOW)


# --- chats -----------------------------------------------------------------------------------------------------------


async def test_a_chat_is_brought_up_to_date(ledger: Ledger) -> None:
    admin = await an_editor(ledger)
    chat = ChatId(-5)
    assert await ledger.chats.find(chat) is None
    made = await ledger.chats.meet(chat, ChatKind.GROUP, "Old", NOW, added_by=admin.id)
    assert (made.added_by, made.added_at, made.publishes, made.is_team) == (admin.id, NOW, False, False)
    await ledger.chats.mark(chat, publishes=True, language="bn")
    again = await ledger.chats.meet(chat, ChatKind.SUPERGROUP, "New", NOW + timedelta(1))
    assert (again.kind, again.title, again.added_by, again.added_at) == (ChatKind.SUPERGROUP, "New", admin.id, NOW)
    assert (again.publishes, again.language) == (True, "bn")
    await ledger.chats.mark(chat, is_team=True, present=False)
    marked = await ledger.chats.get(chat)
    assert (marked.publishes, marked.is_team, marked.present, marked.language) == (True, True, False, "bn")


async def test_a_chat_the_desk_left_publishes_no_more(ledger: Ledger) -> None:
    await a_chat(ledger, -5, publishes=True)
    await a_chat(ledger, -6, publishes=True, kind=ChatKind.CHANNEL, title="B")
    await a_chat(ledger, -7, kind=ChatKind.CHANNEL, title="A")
    assert [chat.id for chat in await ledger.chats.list_publishing()] == [-6, -5]
    assert [chat.id for chat in await ledger.chats.list_channels()] == [-7, -6]
    await ledger.chats.meet(ChatId(-6), ChatKind.CHANNEL, "B", NOW, present=False)
    assert [chat.id for chat in await ledger.chats.list_publishing()] == [-5]
    assert [chat.id for chat in await ledger.chats.list_channels()] == [-7]
    back = await ledger.chats.meet(ChatId(-6), ChatKind.CHANNEL, "B", NOW)
    assert not back.publishes, "until an editor says so again"


async def test_an_unknown_chat_cannot_be_marked(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        await ledger.chats.mark(ChatId(-9), publishes=True)
    with pytest.raises(NotFound):
        await ledger.chats.get(ChatId(-9))
    await ledger.chats.move(ChatId(-9), ChatId(-10), NOW)
    assert await ledger.chats.find(ChatId(-10)) is None


async def test_a_claim_may_be_built_in_any_state(ledger: Ledger) -> None:
    known = await a_claim(ledger)
    for state in ClaimState:
        claim = await a_claim(ledger, state=state, duplicate_of=known if state is ClaimState.DUPLICATE else None)
        assert claim.state is state
