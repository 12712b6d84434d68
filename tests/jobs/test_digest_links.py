"""Which post a digest's line of a verdict leads to."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from jobs.digest_content import Period, content_of
from jobs.policy import Policy
from jobs.posting import amend_posts, post
from storage.kinds import Audience, ChatKind, ClaimState
from storage.ledger import Ledger
from storage.model import AuditId, ChatId, Claim, ClaimId, DigestId
from storage.values import Marks
from tests.support.builders import NOW, a_claim, a_subscription, a_verdict
from tests.support.digests import post_due

OPEN, SECOND, CLOSED, GROUP = ChatId(-1001), ChatId(-1002), ChatId(-1003), ChatId(-53)
ELSEWHERE = ChatId(-1009)
_NUMBERS = count(500)


async def a_channel(
    ledger: Ledger, chat: ChatId, name: str | None = None, *, kind: ChatKind = ChatKind.CHANNEL
) -> None:
    await ledger.chats.meet(chat, kind, f"Chat {chat}", NOW, username=name)
    await ledger.chats.mark(chat, publishes=True)


async def send_all(ledger: Ledger, *, parts: int = 1) -> dict[int, int]:
    """Let all that waits go out, each message in so many parts; returns where each chat's last one begins."""
    begun: dict[int, int] = {}
    while leased := await ledger.outbox.lease_due(NOW, 1):
        ids = [next(_NUMBERS) for _ in range(parts)]
        await ledger.outbox.mark_sent(leased[0], ids, NOW)
        begun[leased[0].chat_id] = ids[0]
    return begun


async def publish(ledger: Ledger, claim: Claim | None = None) -> Claim:
    claim = claim or await a_claim(ledger, state=ClaimState.PUBLISHED)
    verdict = await a_verdict(ledger, claim)
    await ledger.audit.append("claim.publish", "claim", claim.id, NOW, data={"version": verdict.version})
    await post(ledger, claim, verdict, NOW)
    return claim


async def link(
    ledger: Ledger,
    audience: Audience = Audience.EDITORS,
    *,
    chat: ChatId = ELSEWHERE,
    section: str = "published",
) -> dict[str, Any] | None:
    period = Period(NOW, NOW, Marks(AuditId(0), ClaimId(0)), await ledger.news.marks(), "UTC")
    content = await content_of(ledger, period, Policy(), audience, chat_id=chat)
    [line] = content["sections"][section]["lines"]
    found: dict[str, Any] | None = line["post"]
    return found


@pytest.mark.parametrize("audience", list(Audience))
async def test_a_verdict_leads_to_where_its_post_in_a_public_channel_begins(ledger: Ledger, audience: Audience) -> None:
    await a_channel(ledger, CLOSED)
    await a_channel(ledger, OPEN, "the_desk")
    await publish(ledger)
    assert await link(ledger, audience) is None, "it is not out yet"
    begun = await send_all(ledger, parts=3)
    assert await link(ledger, audience) == {"chat_id": OPEN, "username": "the_desk", "message_id": begun[OPEN]}


async def test_a_chat_is_led_to_its_own_post(ledger: Ledger) -> None:
    for chat, name in ((OPEN, "the_desk"), (SECOND, "the_other"), (CLOSED, None)):
        await a_channel(ledger, chat, name)
    await publish(ledger)
    begun = await send_all(ledger)
    for chat in (OPEN, SECOND, CLOSED):
        found = await link(ledger, Audience.PUBLIC, chat=chat)
        assert found is not None
        assert (found["chat_id"], found["message_id"]) == (chat, begun[chat])


async def test_only_the_team_is_led_to_a_chat_without_a_public_name(ledger: Ledger) -> None:
    await a_channel(ledger, CLOSED, kind=ChatKind.SUPERGROUP)
    await publish(ledger)
    begun = await send_all(ledger)
    there = {"chat_id": CLOSED, "username": None, "message_id": begun[CLOSED]}
    assert await link(ledger, Audience.REVIEWERS) == await link(ledger) == there
    assert await link(ledger, Audience.PUBLIC) is None
    assert await link(ledger, Audience.PUBLIC, chat=CLOSED) == there


async def test_nobody_is_led_to_a_plain_group_or_to_where_the_desk_no_longer_is(ledger: Ledger) -> None:
    await a_channel(ledger, GROUP, kind=ChatKind.GROUP)
    await a_channel(ledger, OPEN, "the_desk")
    await publish(ledger)
    await send_all(ledger)
    await ledger.chats.mark(OPEN, present=False)
    assert await link(ledger) is None
    assert await link(ledger, chat=GROUP) is None


async def test_a_correction_leads_to_its_note_and_the_first_version_still_to_its_post(ledger: Ledger) -> None:
    await a_channel(ledger, OPEN, "the_desk")
    claim = await publish(ledger)
    first = (await send_all(ledger))[OPEN]
    claim = await publish(ledger, claim)
    note = next(_NUMBERS)
    [row] = await ledger.outbox.lease_due(NOW, 1)
    assert row.kind == "correction_posted"
    await ledger.outbox.mark_sent(row, [note], NOW)
    # The post of the first version is edited: what it shows now is another message of the outbox.
    [edit] = await ledger.outbox.lease_due(NOW, 1)
    await ledger.outbox.mark_sent(edit, [first], NOW)
    assert await amend_posts(ledger, claim, NOW) == 1
    for section, message in (("published", first), ("corrected", note)):
        found = await link(ledger, section=section)
        assert found is not None
        assert found["message_id"] == message


async def test_what_a_digest_leads_to_is_frozen_with_it(ledger: Ledger) -> None:
    await a_channel(ledger, OPEN, "the_desk")
    daily = await a_subscription(ledger, ELSEWHERE, next_at=NOW + timedelta(days=1))
    await publish(ledger)
    begun = await send_all(ledger)
    assert await post_due(ledger, daily.next_at, Policy()) == 1
    await ledger.chats.follow(OPEN, "Renamed", "renamed")
    await ledger.chats.mark(OPEN, present=False)
    [line] = (await ledger.subscriptions.get_digest(DigestId(1))).content["sections"]["published"]["lines"]
    assert line["post"] == {"chat_id": OPEN, "username": "the_desk", "message_id": begun[OPEN]}
