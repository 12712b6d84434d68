"""Digests of channels: set elsewhere, for the public only, silent but for the digest, paused when it cannot post."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.channels import lose_channel, named_channel
from jobs.policy import Policy
from jobs.subscriptions import preview, set_audience, set_paused, subscribe, unsubscribe
from storage.errors import NotAllowed, Refused
from storage.kinds import Audience, Cadence, ChatKind
from storage.ledger import Ledger
from storage.model import Chat, ChatId
from storage.values import Schedule
from tests.support.builders import NOW, a_chat, a_person, an_editor
from tests.support.digests import post_due

CHANNEL = ChatId(-1007)
DAILY = Schedule(Cadence.DAILY, "UTC", 0)
POLICY = Policy()


async def a_channel(ledger: Ledger, chat_id: int = CHANNEL, title: str = "The Desk", name: str | None = None) -> Chat:
    return await ledger.chats.meet(ChatId(chat_id), ChatKind.CHANNEL, title, NOW, username=name)


async def said_in(ledger: Ledger, chat_id: int) -> list[str]:
    rows = await ledger.session.fetch_all("SELECT kind FROM outbox WHERE chat_id = :id ORDER BY id", {"id": chat_id})
    return [row[0] for row in rows]


async def test_a_channel_gets_its_digest_and_nothing_else(ledger: Ledger) -> None:
    editor, channel = await an_editor(ledger), await a_channel(ledger)
    daily = await subscribe(ledger, editor, channel.id, None, DAILY, NOW)
    assert daily.audience is Audience.PUBLIC
    assert not (await ledger.chats.get(channel.id)).is_team
    here = (ChatId(editor.telegram_id), None)
    await preview(ledger, editor, channel.id, None, NOW, POLICY, "UTC", shown=here)
    await post_due(ledger, daily.next_at, POLICY)
    await unsubscribe(ledger, editor, channel.id, None, NOW)
    assert await said_in(ledger, channel.id) == ["digest_posted"]
    assert await said_in(ledger, editor.telegram_id) == ["digest_previewed"]


async def test_a_channels_digest_is_for_the_public_and_stays_so(ledger: Ledger) -> None:
    editor, channel = await an_editor(ledger), await a_channel(ledger)
    daily = await subscribe(ledger, editor, channel.id, None, DAILY, NOW)
    for audience in (Audience.REVIEWERS, Audience.EDITORS):
        with pytest.raises(Refused, match="digest_channel_public"):
            await set_audience(ledger, editor, daily.id, audience, NOW)
    assert (await set_audience(ledger, editor, daily.id, Audience.PUBLIC, NOW)).audience is Audience.PUBLIC


async def test_a_channel_is_meant_by_name_number_or_title(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    channel = await a_channel(ledger, name="FactDesk_BD")
    await a_channel(ledger, -1008, "Twice")
    await a_channel(ledger, -1009, "twice")
    await a_chat(ledger, title="The team")
    for name in ("@factdesk_bd", "FACTDESK_bd", "-1007", "the desk"):
        assert (await named_channel(ledger, editor, name)).id == channel.id
    for name in ("@other", "Twice", "The team", "@", ""):
        with pytest.raises(Refused, match="digest_channel_unknown"):
            await named_channel(ledger, editor, name)
    with pytest.raises(NotAllowed):
        await named_channel(ledger, await a_person(ledger), "the desk")


async def test_a_channel_that_cannot_be_posted_in_pauses_its_digests_and_editors_are_told_once(ledger: Ledger) -> None:
    editor, channel = await an_editor(ledger), await a_channel(ledger)
    daily = await subscribe(ledger, editor, channel.id, None, DAILY, NOW)
    await ledger.chats.mark(channel.id, present=False)
    for _ in range(2):
        await lose_channel(ledger, channel, NOW)
    assert (await ledger.subscriptions.get(daily.id)).paused
    assert await said_in(ledger, editor.telegram_id) == ["notice"]
    assert await post_due(ledger, daily.next_at, POLICY) == 0
    with pytest.raises(Refused, match="digest_channel_closed"):
        await set_paused(ledger, editor, daily.id, NOW, paused=False)
    with pytest.raises(Refused, match="digest_channel_unknown"):
        await named_channel(ledger, editor, channel.title)

    await a_channel(ledger)
    await set_paused(ledger, editor, daily.id, daily.next_at, paused=False)
    assert await post_due(ledger, daily.next_at + timedelta(days=1), POLICY) == 1


async def test_a_digest_that_the_channel_did_not_let_in_comes_when_it_goes_on(ledger: Ledger) -> None:
    editor, channel = await an_editor(ledger), await a_channel(ledger)
    daily = await subscribe(ledger, editor, channel.id, None, DAILY, NOW)
    at, lost = daily.next_at, []
    for day in range(3):
        assert await post_due(ledger, at + timedelta(days=day), POLICY) == 1
        (message,) = await ledger.outbox.lease_due(at + timedelta(days=day), 10)
        if day == 0:
            await ledger.outbox.mark_sent(message, [1], at)
        else:
            await ledger.outbox.mark_dead(message.id, "Forbidden", at)
            lost.append(message.payload)
    await lose_channel(ledger, channel, at)
    back = at + timedelta(days=2, hours=5)
    await set_paused(ledger, editor, daily.id, back, paused=False)
    again = []
    while leased := await ledger.outbox.lease_due(back, 10):
        for each in leased:
            await ledger.outbox.mark_sent(each, [10 + each.id], back)
        again += [each.payload for each in leased if each.chat_id == channel.id]
    assert again == lost, "in their order, and not what had arrived"
    await set_paused(ledger, editor, daily.id, back, paused=True)
    await set_paused(ledger, editor, daily.id, back, paused=False)
    assert await ledger.outbox.lease_due(back, 10) == []
