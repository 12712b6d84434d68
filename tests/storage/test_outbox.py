from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.errors import NotFound
from storage.kinds import OutboxState
from storage.ledger import Ledger
from storage.model import ChatId, OutboxMessage
from tests.support.builders import (
    NOW,
    a_chat,
    a_claim,
    a_message_on_its_way,
    a_person,
    a_subscription,
)

ONE, TWO = ChatId(1001), ChatId(1002)
SECOND = timedelta(seconds=1)


async def put(ledger: Ledger, kind: str, chat: ChatId = ONE, **more: Any) -> bool:
    now = more.pop("now", NOW)
    return await ledger.outbox.enqueue(chat, kind, more.pop("payload", {}), now, **more)


async def lease(ledger: Ledger, now: datetime = NOW, limit: int = 100) -> list[OutboxMessage]:
    return await ledger.outbox.lease_due(now, limit)


async def kinds(ledger: Ledger, now: datetime = NOW, limit: int = 100) -> list[str]:
    return [message.kind for message in await lease(ledger, now, limit)]


async def send_all(ledger: Ledger, now: datetime = NOW) -> list[str]:
    """Send what is due until nothing is left; the kinds in the order in which they went out."""
    sent = []
    while leased := await lease(ledger, now):
        for message in leased:
            await ledger.outbox.mark_sent(message, [message.id + 500], now)
            sent.append(message.kind)
    return sent


async def column(ledger: Ledger, name: str) -> list[Any]:
    return [row[0] for row in await ledger.session.fetch_all(f"SELECT {name} FROM outbox ORDER BY id")]


# --- order -----------------------------------------------------------------------------------------------------------


async def test_a_message_comes_out_as_it_went_in(ledger: Ledger) -> None:
    person = await a_person(ledger)
    payload = {"claim": 7, "words": "এক দুই", "nested": {"list": [1, None, True]}}
    later = NOW + SECOND
    assert await put(
        ledger, "claim_offered", payload=payload, person_id=person.id, thread_id=3, reply_to=8, card="w", due_at=later
    )
    assert await lease(ledger) == []
    (message,) = await lease(ledger, later)
    assert message == OutboxMessage(
        id=message.id,
        chat_id=ONE,
        thread_id=3,
        person_id=person.id,
        kind="claim_offered",
        payload=payload,
        card="w",
        reply_to=8,
        state=OutboxState.SENDING,
        attempts=1,
        due_at=later,
        created_at=NOW,
    )


async def test_a_chat_gets_its_messages_one_by_one_in_order(ledger: Ledger) -> None:
    for kind in ("a", "b", "c"):
        await put(ledger, kind)
    (first,) = await lease(ledger)
    assert first.kind == "a"
    assert await lease(ledger) == [], "one is on its way"
    await ledger.outbox.mark_sent(first, [1], NOW)
    assert await send_all(ledger) == ["b", "c"]


async def test_what_is_due_earlier_goes_first(ledger: Ledger) -> None:
    await put(ledger, "tomorrow", due_at=NOW + timedelta(days=1))
    await put(ledger, "today")
    await put(ledger, "yesterday", now=NOW - timedelta(days=1))
    assert await send_all(ledger) == ["yesterday", "today"]
    assert await send_all(ledger, NOW + timedelta(days=1)) == ["tomorrow"]


async def test_chats_do_not_wait_for_one_another(ledger: Ledger) -> None:
    await put(ledger, "a1", ONE)
    await put(ledger, "a2", ONE)
    await put(ledger, "b1", TWO, now=NOW - SECOND)
    assert await kinds(ledger) == ["b1", "a1"]


async def test_a_lease_takes_the_oldest_and_no_more_than_its_limit(ledger: Ledger) -> None:
    for number in range(5):
        await put(ledger, f"m{number}", ChatId(number + 1), now=NOW - number * SECOND)
    assert await kinds(ledger, limit=2) == ["m4", "m3"]
    assert await kinds(ledger, limit=2) == ["m2", "m1"]
    assert await kinds(ledger, limit=2) == ["m0"]


async def test_a_deferred_message_holds_up_its_chat_until_it_is_tried_again(ledger: Ledger) -> None:
    await put(ledger, "a")
    await put(ledger, "b")
    await put(ledger, "other", TWO)
    first, other = await lease(ledger)
    await ledger.outbox.mark_sent(other, [1], NOW)
    await ledger.outbox.mark_deferred(first.id, NOW + 30 * SECOND, "RetryAfter")
    assert await lease(ledger, NOW + 29 * SECOND) == []
    (again,) = await lease(ledger, NOW + 30 * SECOND)
    assert (again.id, again.attempts) == (first.id, 2)
    await ledger.outbox.mark_sent(again, [2], NOW)
    assert await kinds(ledger, NOW + 30 * SECOND) == ["b"]


async def test_a_message_is_never_tried_before_it_is_due_even_if_deferred_to_the_past(ledger: Ledger) -> None:
    message = await a_message_on_its_way(ledger, ONE)
    await ledger.outbox.mark_deferred(message.id, NOW - timedelta(days=1), "clock went back")
    assert await lease(ledger, NOW - SECOND) == []
    assert len(await lease(ledger)) == 1


async def test_a_dead_message_makes_way_for_the_next(ledger: Ledger) -> None:
    await put(ledger, "a")
    await put(ledger, "b")
    (first,) = await lease(ledger)
    await ledger.outbox.mark_dead(first.id, "BadRequest", NOW)
    assert await kinds(ledger) == ["b"]
    assert await column(ledger, "error") == ["BadRequest", None]


# --- once ------------------------------------------------------------------------------------------------------------


async def test_a_dedup_key_is_put_once_even_after_it_was_sent_and_purged(ledger: Ledger) -> None:
    assert await put(ledger, "a", dedup_key="digest:1")
    assert not await put(ledger, "b", dedup_key="digest:1")
    assert await send_all(ledger) == ["a"]
    assert await ledger.outbox.purge(NOW + timedelta(days=365)) == 0
    assert not await put(ledger, "c", dedup_key="digest:1")
    assert await put(ledger, "d", dedup_key="digest:2")


async def test_a_card_and_a_dedup_key_together_are_a_mistake(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="card"):
        await put(ledger, "a", card="c", dedup_key="k")


# --- cards -----------------------------------------------------------------------------------------------------------


async def test_of_many_edits_of_a_card_only_the_newest_is_sent(ledger: Ledger) -> None:
    person = await a_person(ledger)
    for number in range(5):
        await put(ledger, f"v{number}", card="w", payload={"n": number}, reply_to=number, thread_id=number)
    await put(ledger, "v5", card="w", payload={"n": 5}, person_id=person.id)
    await put(ledger, "x", card="other")
    (message,) = await lease(ledger)
    assert (message.kind, message.payload, message.person_id) == ("v5", {"n": 5}, person.id)
    assert (message.reply_to, message.thread_id) == (None, None)
    await ledger.outbox.mark_sent(message, [1], NOW)
    assert await send_all(ledger) == ["x"]


async def test_an_edit_does_not_jump_the_queue(ledger: Ledger) -> None:
    await put(ledger, "v1", card="w")
    await put(ledger, "text", now=NOW + SECOND)
    await put(ledger, "v2", card="w", now=NOW + 2 * SECOND)
    assert await send_all(ledger, NOW + 2 * SECOND) == ["text", "v2"]


async def test_an_edit_of_a_card_on_its_way_follows_it(ledger: Ledger) -> None:
    first = await a_message_on_its_way(ledger, ONE, "v1", card="w")
    await put(ledger, "v2", card="w")
    await put(ledger, "v3", card="w")
    assert await lease(ledger) == []
    await ledger.outbox.mark_sent(first, [1], NOW)
    assert await send_all(ledger) == ["v3"]


async def test_a_deferred_edit_gives_way_to_a_newer_one_which_waits_as_long(ledger: Ledger) -> None:
    first = await a_message_on_its_way(ledger, ONE, "v1", card="w")
    await put(ledger, "text")
    await put(ledger, "v2", card="w")
    await put(ledger, "late", due_at=NOW + timedelta(hours=1))
    await ledger.outbox.mark_deferred(first.id, NOW + 30 * SECOND, "RetryAfter")
    assert await column(ledger, "state") == ["superseded", "queued", "queued", "queued"]
    assert await lease(ledger, NOW + 29 * SECOND) == [], "Telegram told the chat to wait, not only the message"
    assert await ledger.outbox.find_next_due(NOW) == NOW + 30 * SECOND
    assert await send_all(ledger, NOW + 30 * SECOND) == ["text", "v2"]


async def test_an_edit_of_a_deferred_card_waits_as_long_as_the_card(ledger: Ledger) -> None:
    first = await a_message_on_its_way(ledger, ONE, "v1", card="w")
    await ledger.outbox.mark_deferred(first.id, NOW + 30 * SECOND, "RetryAfter", parts_sent=2)
    await put(ledger, "v2", card="w", now=NOW + SECOND)
    assert await lease(ledger, NOW + 29 * SECOND) == []
    (message,) = await lease(ledger, NOW + 30 * SECOND)
    assert (message.id, message.kind) == (first.id, "v2")
    assert await ledger.outbox.count_sent_parts(message.id) == 0, "another text: none of its parts is out"


async def test_the_message_that_shows_a_card_is_found(ledger: Ledger) -> None:
    claim = await a_claim(ledger)
    assert await ledger.outbox.find_card(ONE, "w") is None
    assert not await ledger.outbox.shows(ONE, "w")
    message = await a_message_on_its_way(ledger, ONE, "v1", card="w")
    assert await ledger.outbox.shows(ONE, "w")
    await ledger.outbox.mark_sent(message, [40, 41, 42], NOW, claim_id=claim.id)
    assert await ledger.outbox.find_card(ONE, "w") == 42, "the last part is what is edited"
    assert await ledger.outbox.find_card(TWO, "w") is None
    assert await ledger.outbox.shows(ONE, "w")
    assert not await ledger.outbox.shows(TWO, "w")
    for part in (40, 41, 42):
        assert await ledger.outbox.find_claim(ONE, part) == claim.id
    assert await ledger.outbox.find_claim(ONE, 43) is None
    assert await ledger.outbox.find_claim(TWO, 42) is None


async def test_an_edited_message_shows_what_it_was_edited_to(ledger: Ledger) -> None:
    for version in (1, 2):
        await put(ledger, f"v{version}", card="w", payload={"page": version})
        (message,) = await lease(ledger)
        await ledger.outbox.mark_sent(message, [42], NOW)
    assert await ledger.outbox.find_payload(ONE, 42) == ("v2", {"page": 2})
    assert await ledger.outbox.find_payload(ONE, 43) is None


async def test_a_forgotten_card_is_sent_anew(ledger: Ledger) -> None:
    message = await a_message_on_its_way(ledger, ONE, card="w")
    await ledger.outbox.mark_sent(message, [42], NOW)
    await ledger.outbox.forget_card(ONE, "w")
    assert await ledger.outbox.find_card(ONE, "w") is None
    assert await ledger.outbox.find_payload(ONE, 42) is not None
    message = await a_message_on_its_way(ledger, ONE, card="w")
    await ledger.outbox.mark_sent(message, [50], NOW)
    assert await ledger.outbox.find_card(ONE, "w") == 50


# --- crashes and long messages ---------------------------------------------------------------------------------------


async def test_after_a_crash_what_was_on_its_way_is_due_again_in_its_place(ledger: Ledger) -> None:
    for kind in ("a", "b"):
        await put(ledger, kind)
        await put(ledger, kind + "2", TWO)
    assert await kinds(ledger) == ["a", "a2"]
    assert await ledger.outbox.release_all() == 2
    assert [(message.kind, message.attempts) for message in await lease(ledger)] == [("a", 2), ("a2", 2)]


async def test_after_a_crash_a_newer_edit_replaces_the_card_that_was_on_its_way(ledger: Ledger) -> None:
    await a_message_on_its_way(ledger, ONE, "v1", card="w")
    await a_message_on_its_way(ledger, TWO, "v1", card="w")
    await put(ledger, "v2", card="w")
    assert await ledger.outbox.release_all() == 1
    assert await column(ledger, "state") == ["superseded", "queued", "queued"]
    assert await send_all(ledger) == ["v1", "v2"]


async def test_the_parts_of_a_long_message_that_are_out_are_remembered(ledger: Ledger) -> None:
    message = await a_message_on_its_way(ledger)
    await ledger.outbox.mark_deferred(message.id, NOW, "TimedOut", parts_sent=2)
    assert await ledger.outbox.count_sent_parts(message.id) == 2
    (again,) = await lease(ledger)
    assert again.id == message.id
    assert await ledger.outbox.count_sent_parts(message.id) == 2


async def test_only_what_is_on_its_way_can_be_marked(ledger: Ledger) -> None:
    message = await a_message_on_its_way(ledger)
    await ledger.outbox.mark_sent(message, [1], NOW)
    for again in (
        ledger.outbox.mark_sent(message, [1], NOW),
        ledger.outbox.mark_dead(message.id, "x", NOW),
        ledger.outbox.mark_deferred(message.id, NOW, "x"),
    ):
        with pytest.raises(NotFound):
            await again
    assert await column(ledger, "state") == ["sent"]


async def test_a_chat_that_is_gone_loses_what_is_queued_for_it_and_nothing_else(ledger: Ledger) -> None:
    on_its_way = await a_message_on_its_way(ledger, ONE, "first")
    for kind, chat in (("a", ONE), ("b", TWO), ("c", ONE)):
        await put(ledger, kind, chat)
    await put(ledger, "d", ONE, due_at=NOW + timedelta(days=1))
    assert await ledger.outbox.drop_queued(ONE, "Forbidden", NOW) == 3
    assert await ledger.outbox.drop_queued(ONE, "Forbidden", NOW) == 0
    assert await column(ledger, "state") == ["sending", "dead", "queued", "dead", "dead"]
    await ledger.outbox.mark_dead(on_its_way.id, "Forbidden", NOW)
    assert await send_all(ledger) == ["b"]


async def test_purging_keeps_what_is_live_or_recent_or_must_never_be_sent_again(ledger: Ledger) -> None:
    for number in range(3):
        await put(ledger, "old", ChatId(number + 1), dedup_key="k" if number == 2 else None)
    for message in await lease(ledger):
        await ledger.outbox.mark_sent(message, [], NOW - timedelta(days=40))
    await put(ledger, "recent", TWO)
    (recent,) = await lease(ledger)
    await ledger.outbox.mark_sent(recent, [], NOW)
    await put(ledger, "live", now=NOW - timedelta(days=80))
    assert await ledger.outbox.purge(NOW - timedelta(days=30)) == 2
    assert await column(ledger, "kind") == ["old", "recent", "live"]


# --- when to wake up -------------------------------------------------------------------------------------------------


async def test_the_next_due_instant_is_the_earliest_after_now(ledger: Ledger) -> None:
    assert await ledger.outbox.find_next_due(NOW) is None
    await put(ledger, "now")
    assert await ledger.outbox.find_next_due(NOW) is None
    await put(ledger, "hour", TWO, due_at=NOW + timedelta(hours=1))
    await put(ledger, "minute", TWO, due_at=NOW + timedelta(minutes=1))
    assert await ledger.outbox.find_next_due(NOW) == NOW + timedelta(minutes=1)
    (message,) = await lease(ledger)
    assert await ledger.outbox.find_next_due(NOW + timedelta(minutes=1)) == NOW + timedelta(hours=1)
    await ledger.outbox.mark_deferred(message.id, NOW + SECOND, "TimedOut")
    assert await ledger.outbox.find_next_due(NOW) == NOW + SECOND


# --- a group that became a supergroup --------------------------------------------------------------------------------

GROUP, SUPER = ChatId(-1000), ChatId(-100_1000)


async def test_what_is_to_be_sent_follows_a_group_to_its_supergroup(ledger: Ledger) -> None:
    await a_chat(ledger, GROUP, publishes=True, is_team=True)
    first = await a_message_on_its_way(ledger, GROUP, "first")
    await put(ledger, "second", GROUP, reply_to=17)
    await put(ledger, "card", GROUP, card="digest")
    await put(ledger, "elsewhere", ONE)
    await ledger.chats.move(GROUP, SUPER, NOW)
    assert await column(ledger, "chat_id") == [SUPER, SUPER, SUPER, ONE]
    await ledger.outbox.mark_deferred(first.id, NOW, "ChatMigrated")
    leased = await lease(ledger)
    assert [(message.kind, message.chat_id, message.reply_to) for message in leased] == [
        ("first", SUPER, None),
        ("elsewhere", ONE, None),
    ]


async def test_a_moved_card_gives_way_to_the_one_in_the_new_chat(ledger: Ledger) -> None:
    await a_chat(ledger, GROUP)
    await put(ledger, "old", GROUP, card="digest")
    await put(ledger, "new", SUPER, card="digest")
    await ledger.chats.move(GROUP, SUPER, NOW)
    assert await send_all(ledger) == ["new"]
    assert await column(ledger, "state") == ["superseded", "sent"]


async def test_cards_on_their_way_in_both_chats_survive_a_move_and_a_crash(ledger: Ledger) -> None:
    await a_chat(ledger, GROUP)
    for chat, kind in ((GROUP, "old"), (SUPER, "new")):
        await a_message_on_its_way(ledger, chat, kind, card="digest")
    await ledger.chats.move(GROUP, SUPER, NOW)
    await ledger.outbox.release_all()
    assert await send_all(ledger) == ["new"]


async def test_subscriptions_and_marks_follow_a_group_to_its_supergroup(ledger: Ledger) -> None:
    await a_chat(ledger, GROUP, publishes=True, is_team=True, title="Team")
    daily = await a_subscription(ledger, GROUP)
    topic = await a_subscription(ledger, GROUP, thread_id=7)
    known = await a_subscription(ledger, SUPER)
    await ledger.chats.move(GROUP, SUPER, NOW)
    await ledger.chats.move(GROUP, SUPER, NOW)
    chat = await ledger.chats.get(SUPER)
    assert (chat.title, chat.publishes, chat.is_team, chat.present) == ("Team", True, True, True)
    old = await ledger.chats.get(GROUP)
    assert (old.publishes, old.present) == (False, False)
    assert [each.id for each in await ledger.subscriptions.list_of_chat(SUPER, None)] == [known.id]
    assert [each.id for each in await ledger.subscriptions.list_of_chat(SUPER, 7)] == [topic.id]
    assert not (await ledger.subscriptions.get(daily.id)).active


async def test_a_move_keeps_what_the_supergroup_was_told_before(ledger: Ledger) -> None:
    await a_chat(ledger, GROUP)
    await a_chat(ledger, SUPER, publishes=True)
    await ledger.chats.mark(SUPER, language="bn")
    await ledger.chats.mark(GROUP, language="en", is_team=True)
    await ledger.chats.move(GROUP, SUPER, NOW)
    chat = await ledger.chats.get(SUPER)
    assert (chat.publishes, chat.is_team, chat.language) == (True, True, "bn")
