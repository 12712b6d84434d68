"""The team's rooms: claims taken by tapping, names and no ratings on the cards, one card for each claim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.loaders.base import Deps
from bot.render import load
from bot.sandbox.html import parse_html
from bot.views.message import Message
from jobs import evidence, leases, review, rooms, team
from jobs.dispatch import expire, hand_out
from jobs.holding import let_stand
from jobs.intake.submit import request_text
from jobs.lifecycle import Action
from jobs.policy import Policy
from jobs.publish import approve
from jobs.transitions import advance
from storage.errors import NotAllowed, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import AssignmentState, ChatKind, ClaimState, Role, RoomKind
from storage.ledger import Ledger
from storage.model import ChatId, Claim, OutboxMessage, Person
from tests.support.builders import NOW, a_chat, a_claim, a_person, a_request, a_review, an_editor

POLICY = Policy()
TEAM = ChatId(-500)
RATINGS = ("True", "False", "Mostly")


@pytest.fixture
async def editor(ledger: Ledger) -> Person:
    return await an_editor(ledger, "Edda")


async def a_room(ledger: Ledger, editor: Person, kind: RoomKind = RoomKind.REVIEW, thread: int | None = None) -> None:
    chat = await a_chat(ledger, TEAM, kind=ChatKind.SUPERGROUP)
    await rooms.set_room(ledger, editor, chat, thread, kind, NOW, POLICY)


async def queued(ledger: Ledger, text: str | None = None) -> Claim:
    return await advance(ledger, await a_claim(ledger, text), Action.QUEUE, NOW)


async def take(ledger: Ledger, person: Person, claim: Claim, *, policy: Policy = POLICY, at: Any = NOW) -> None:
    await rooms.take_claim(ledger, person, claim.id, TEAM, at, policy)


async def deliver(ledger: Ledger) -> list[OutboxMessage]:
    """Send everything that is due, and return it."""
    out = []
    while leased := await ledger.outbox.lease_due(NOW + timedelta(days=60), 100):
        for message in leased:
            await ledger.outbox.mark_sent(message, [message.id], NOW)
            out.append(message)
    return out


async def shown(ledger: Ledger, claim: Claim) -> Message:
    """Return what the newest message about a claim in the room shows now."""
    rows = [each for each in await deliver(ledger) if each.chat_id == TEAM and each.payload.get("claim") == claim.id]
    return await shown_by(ledger, rows[-1])


async def shown_by(ledger: Ledger, row: OutboxMessage) -> Message:
    """Return what a message says now."""
    deps = Deps(POLICY, "en", "UTC", "desk_bot", lambda *_: "")
    message = (await load(ledger, row, deps, NOW))()
    assert isinstance(message, Message)
    return message


def text(message: Message) -> str:
    return parse_html(message.html).text


# Making rooms


async def test_only_editors_make_and_end_rooms(ledger: Ledger, editor: Person) -> None:
    reviewer = await a_person(ledger)
    with pytest.raises(NotAllowed):
        await a_room(ledger, reviewer)
    await a_room(ledger, editor)
    with pytest.raises(NotAllowed):
        await rooms.end_room(ledger, reviewer, TEAM, None, NOW)
    with pytest.raises(Refused, match="room_is_here"):
        await a_room(ledger, editor)
    with pytest.raises(Refused, match="room_none"):
        await rooms.end_room(ledger, editor, TEAM, 7, NOW)
    await rooms.end_room(ledger, editor, TEAM, None, NOW)
    assert await ledger.rooms.list_all() == []
    actions = [entry.action for entry in await ledger.audit.list_of("chat", TEAM)]
    assert actions == ["room.set", "room.ended"]


async def test_a_room_shows_what_waits_in_its_topic_and_not_more_than_the_policy_says(
    ledger: Ledger, editor: Person
) -> None:
    for _ in range(POLICY.room_cards + 3):
        await queued(ledger)
    await a_claim(ledger)
    await a_room(ledger, editor, thread=9)
    cards = [each for each in await deliver(ledger) if each.kind == "room_claim"]
    assert len(cards) == POLICY.room_cards
    assert {(each.chat_id, each.thread_id) for each in cards} == {(TEAM, 9)}
    assert await rooms.fill(ledger, NOW, POLICY) == 0
    first = await ledger.claims.get(cards[0].payload["claim"])
    for _ in range(2):
        await take(ledger, await a_person(ledger), first)
    await deliver(ledger)
    assert await rooms.fill(ledger, NOW, POLICY) == 1, "where nobody else is needed, the next one is shown"


async def test_cards_of_a_room_that_moves_or_ends_say_so_and_keep_no_button(ledger: Ledger, editor: Person) -> None:
    waiting, disputed = await queued(ledger), await a_claim(ledger, state=ClaimState.DISPUTED)
    await a_room(ledger, editor)
    await a_room(ledger, editor, RoomKind.DISPUTES)
    sent = {each.payload.get("claim"): each for each in await deliver(ledger)}
    assert {waiting.id, disputed.id} <= set(sent)
    old = await ledger.outbox.find_card(TEAM, f"review:{waiting.id}")
    # Into a topic of the same group: the old card is closed there, and the topic gets one of its own.
    await a_room(ledger, editor, thread=9)
    assert await ledger.outbox.find_card(TEAM, f"over:review:{waiting.id}") == old, "the old card is what changes"
    moved = [each for each in await deliver(ledger) if each.payload.get("claim") == waiting.id]
    assert [(each.kind, each.thread_id, each.card) for each in moved] == [
        ("room_card_over", None, f"over:review:{waiting.id}"),
        ("room_claim", 9, f"review:{waiting.id}"),
    ]
    over = await shown_by(ledger, moved[0])
    assert "no room of the team any more" in text(over)
    assert over.buttons == ()
    with pytest.raises(Refused, match="room_none"):
        await rooms.end_room(ledger, editor, TEAM, 8, NOW)
    await rooms.end_room(ledger, editor, TEAM, None, NOW)
    ended = [each for each in await deliver(ledger) if each.kind == "room_card_over"]
    assert [each.payload["claim"] for each in ended] == [disputed.id]


async def test_the_room_goes_with_its_group(ledger: Ledger, editor: Person) -> None:
    claim = await queued(ledger)
    await a_room(ledger, editor)
    await deliver(ledger)
    await ledger.chats.move(TEAM, ChatId(-100500), NOW)
    room = await ledger.rooms.find(RoomKind.REVIEW)
    assert room is not None
    assert room.chat_id == -100500
    await rooms.fill(ledger, NOW, POLICY)
    assert [(each.chat_id, each.payload["claim"]) for each in await deliver(ledger)] == [(-100500, claim.id)]
    await rooms.lose_rooms(ledger, ChatId(-100500), "Team", NOW)
    assert await ledger.rooms.list_all() == []
    (message,) = [each for each in await deliver(ledger) if each.kind == "notice"]
    assert (message.person_id, message.payload["code"]) == (editor.id, "room_lost")


# Taking


async def test_a_tap_takes_and_the_card_says_who_has_it(ledger: Ledger, editor: Person) -> None:
    claim = await queued(ledger, "The bridge is 6 km long.")
    await a_room(ledger, editor)
    assert "2 more reviewers" in text(await shown(ledger, claim))
    rahim, karim, late = [await a_person(ledger, name) for name in ("Rahim", "Karim", "Late")]
    await take(ledger, rahim, claim)
    assert (await ledger.claims.get(claim.id)).state is ClaimState.IN_REVIEW
    lease = await ledger.assignments.find_live(claim.id, rahim.id)
    assert lease is not None
    assert lease.state is AssignmentState.TAKEN
    focus = await ledger.people.find_focus(rahim.id)
    assert focus is not None
    assert focus.claim_id == claim.id
    card = await shown(ledger, claim)
    assert "At work: Rahim" in text(card)
    assert "1 more reviewer" in text(card)
    with pytest.raises(Stale, match="already_taken"):
        await take(ledger, rahim, claim)
    await take(ledger, karim, claim)
    card = await shown(ledger, claim)
    assert "At work: Rahim, Karim" in text(card)
    assert card.buttons == ()
    with pytest.raises(Stale, match="room_full"):
        await take(ledger, late, claim)
    assert await find_broken_invariants(ledger, quorum=POLICY.quorum) == []


async def test_there_is_one_card_for_each_claim_and_it_changes_only_when_it_must(
    ledger: Ledger, editor: Person
) -> None:
    claim, other = await queued(ledger), await queued(ledger)
    await a_room(ledger, editor)
    rahim = await a_person(ledger)
    await deliver(ledger)
    await take(ledger, rahim, claim)
    assert [each.card for each in await deliver(ledger) if each.chat_id == TEAM] == [f"review:{claim.id}"]
    lease = await ledger.assignments.find_live(claim.id, rahim.id)
    assert lease is not None
    await review.rate(ledger, rahim, lease.id, "false", NOW, POLICY)
    await review.go_to(ledger, rahim, lease.id, (await focus_of(ledger, rahim)), NOW, POLICY)
    assert [each for each in await deliver(ledger) if each.chat_id == TEAM] == [], "a draft is nobody's business"
    await review.pass_on(ledger, rahim, lease.id, NOW, POLICY)
    assert [each.card for each in await deliver(ledger) if each.chat_id == TEAM] == [f"review:{claim.id}"]
    assert other.state is ClaimState.QUEUED


async def focus_of(ledger: Ledger, person: Person) -> Any:
    focus = await ledger.people.find_focus(person.id)
    assert focus is not None
    return focus.awaiting


async def test_no_rating_is_shown_before_the_verdict_is_public(ledger: Ledger, editor: Person) -> None:
    claim = await queued(ledger, "The bridge is 6 km long.")
    await a_room(ledger, editor)
    people = [await a_person(ledger, name) for name in ("Rahim", "Karim")]
    for number, person in enumerate(people, 1):
        await take(ledger, person, claim)
        lease = await ledger.assignments.find_live(claim.id, person.id)
        assert lease is not None
        await review.rate(ledger, person, lease.id, "false", NOW, POLICY)
        await evidence.add_source(ledger, person, lease.id, f"https://example.org/{number}", NOW, POLICY)
        draft = await ledger.reviews.get_live(claim.id, person.id)
        (source,) = await ledger.reviews.list_sources(draft.id)
        how: dict[str, Any] = {"kind": "news", "stance": "refutes"}
        await evidence.describe_source(ledger, person, lease.id, source.id, NOW, POLICY, **how)
        await review.explain(ledger, person, lease.id, "It is not so.", NOW, POLICY)
        draft = await ledger.reviews.get_live(claim.id, person.id)
        await review.submit(ledger, person, lease.id, draft.revision, NOW, POLICY)
        card = text(await shown(ledger, claim))
        assert not any(rating in card for rating in RATINGS)
        if number == 1:
            assert "Handed in: Rahim" in card
    claim = await ledger.claims.get(claim.id)
    assert claim.state is ClaimState.AGREED
    await approve(ledger, editor, claim.id, claim.revision, NOW, POLICY)
    card = text(await shown(ledger, claim))
    assert not any(rating in card for rating in RATINGS), "it may still be taken back"
    await let_stand(ledger, NOW + POLICY.undo_within, POLICY)
    assert "False" in text(await shown(ledger, claim))


async def test_a_pseudonym_is_shown_on_the_cards_and_in_the_history_too(ledger: Ledger, editor: Person) -> None:
    member = await a_person(ledger, "Rafiq", on_duty=True)
    await a_room(ledger, editor)
    claim = await queued(ledger)
    await rooms.fill(ledger, NOW, POLICY)
    await take(ledger, member, claim)
    lease = (await ledger.assignments.list_live_of(member.id))[0]
    await review.rate(ledger, member, lease.id, "satire", NOW, POLICY)
    await review.explain(ledger, member, lease.id, "A joke.", NOW, POLICY)
    draft = await ledger.reviews.get_live(claim.id, member.id)
    await review.submit(ledger, member, lease.id, draft.revision, NOW, POLICY)
    assert "Handed in: Rafiq" in text(await shown(ledger, claim))
    await deliver(ledger)
    await team.remove(ledger, editor, member, member.role, NOW, POLICY, frozenset(), alias=True)
    await rooms.fill(ledger, NOW, POLICY)
    (row,) = [each for each in await deliver(ledger) if each.kind == "room_claim"]
    assert "Handed in: Former colleague 1" in text(await shown_by(ledger, row))
    about = {"claim": claim.id, "role": "editor"}
    await ledger.outbox.enqueue(ChatId(editor.telegram_id), "history_shown", about, NOW, person_id=editor.id)
    (row,) = [each for each in await deliver(ledger) if each.kind == "history_shown"]
    history = text(await shown_by(ledger, row))
    assert "Former colleague 1" in history
    assert "Rafiq" not in history


async def test_a_tap_goes_before_an_offer_that_nobody_answered(ledger: Ledger, editor: Person) -> None:
    waiting = [await a_person(ledger, on_duty=True) for _ in range(2)]
    claim = await queued(ledger)
    await hand_out(ledger, NOW, POLICY)
    await a_room(ledger, editor)
    await take(ledger, await a_person(ledger, "Quick"), claim)
    live = [await ledger.assignments.find_live(claim.id, each.id) for each in waiting]
    assert [each is None for each in live] == [True, False]
    await take(ledger, waiting[1], claim)
    states = [each.state for each in await ledger.assignments.list_for_claim(claim.id)]
    assert states.count(AssignmentState.TAKEN) == 2
    assert await find_broken_invariants(ledger, quorum=POLICY.quorum) == []


async def test_who_may_not_review_it_does_not_get_it_by_a_tap_either(ledger: Ledger, editor: Person) -> None:
    claim = await queued(ledger)
    await a_room(ledger, editor)
    asker = (await a_request(ledger, claim, await a_person(ledger))).person_id
    stranger = await a_person(ledger, role=Role.PUBLIC)
    away = await a_person(ledger, reachable=False)
    busy = await a_person(ledger)
    await take(ledger, busy, await queued(ledger))
    done = (await a_review(ledger, await advance(ledger, claim, Action.START, NOW))).person_id
    for person, code in (
        (await ledger.people.get(asker), "own_claim"),
        (stranger, "role_needed"),
        (away, "start_in_private"),
        (busy, "at_capacity"),
        (await ledger.people.get(done), "review_submitted"),
    ):
        with pytest.raises(Refused, match=code):
            await take(ledger, person, claim)
    with pytest.raises(Stale, match="room_closed"):
        await rooms.take_claim(ledger, await a_person(ledger), claim.id, ChatId(-7), NOW, POLICY)


async def test_the_only_editor_leaves_the_only_review_to_others(ledger: Ledger, editor: Person) -> None:
    claim = await queued(ledger)
    await a_room(ledger, editor)
    with pytest.raises(Refused, match="room_only_editor"):
        await take(ledger, editor, claim, policy=Policy(quorum=1, max_reviews=1))


async def test_a_lease_that_ran_out_or_went_with_its_owner_frees_the_place_on_the_card(
    ledger: Ledger, editor: Person
) -> None:
    claim = await queued(ledger)
    await a_room(ledger, editor)
    first, second = await a_person(ledger, "First"), await a_person(ledger, "Second")
    await take(ledger, first, claim)
    await take(ledger, second, claim)
    await deliver(ledger)
    await team.suspend(ledger, editor, second, NOW, POLICY, frozenset())
    assert "At work: First\n" in text(await shown(ledger, claim))
    await expire(ledger, NOW + timedelta(days=2), POLICY)
    card = await shown(ledger, claim)
    assert "At work" not in text(card)
    assert len(card.buttons) == 1


# Disputes


async def test_a_dispute_is_shown_in_its_room_with_the_reviews_and_leaves_when_decided(
    ledger: Ledger, editor: Person
) -> None:
    reader = await a_person(ledger, role=Role.PUBLIC)
    await a_room(ledger, editor, RoomKind.DISPUTES)
    await request_text(ledger, reader, "The bridge over the Padma is 6 km long.", None, NOW, POLICY)
    (claim,) = await ledger.claims.list_in((ClaimState.QUEUED,))
    await deliver(ledger)
    claim = await advance(ledger, claim, Action.START, NOW)
    for rating in ("true", "false", "satire"):
        await a_review(ledger, claim, rating=rating)
    assert not [each for each in await deliver(ledger) if each.chat_id == TEAM]
    await advance(ledger, claim, Action.DISPUTE, NOW)
    card = await shown(ledger, claim)
    assert "True" in text(card)
    assert card.buttons
    await advance(ledger, await ledger.claims.get(claim.id), Action.REOPEN, NOW)
    card = await shown(ledger, claim)
    assert not any("judge" in (each.data or "") for row in card.buttons for each in row)


async def test_disputes_of_before_are_shown_when_the_room_is_made(ledger: Ledger, editor: Person) -> None:
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await a_room(ledger, editor, RoomKind.DISPUTES)
    cards = [each for each in await deliver(ledger) if each.kind == "decision_due"]
    assert [(each.chat_id, each.payload["claim"]) for each in cards] == [(TEAM, claim.id)]


async def test_who_stepped_back_before_they_had_it_cannot_take_it_from_the_room(ledger: Ledger, editor: Person) -> None:
    await a_room(ledger, editor)
    claim, reviewer = await a_claim(ledger, state=ClaimState.QUEUED), await a_person(ledger)
    await leases.step_back(ledger, reviewer, claim, "My paper.", NOW, POLICY)
    with pytest.raises(Refused, match="room_recused"):
        await rooms.take_claim(ledger, reviewer, claim.id, TEAM, NOW, POLICY)
    assert await ledger.assignments.list_for_claim(claim.id) == []
