"""A chat's standing wishes for a digest: set, changed, paused, ended, and looked at before it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jobs.access import require
from jobs.cadence import next_fire
from jobs.channels import open_channel
from jobs.charts import put_chart
from jobs.digest_content import Period, Section, content_of, is_empty
from jobs.digests import content_for, totals_before
from jobs.policy import Policy
from storage.errors import Refused, Stale
from storage.kinds import Audience, ChatKind, Role
from storage.ledger import Ledger
from storage.model import ChatId, Person, Subscription, SubscriptionId
from storage.values import Schedule, schedule_of, seen_by

MOST = 10
"""Digests of one chat; nobody reads more."""


async def subscribe(
    ledger: Ledger,
    editor: Person,
    chat_id: ChatId,
    thread_id: int | None,
    schedule: Schedule,
    now: datetime,
    *,
    beside: bool = False,
) -> Subscription:
    """Give a chat a digest. One of the same cadence that it had gets the new time, and its running period goes on.

    Args:
        beside: leave what there is as it is, and add another one.

    Raises:
        Refused: `digest_known` for the very same again, `digest_too_many`, or `digest_which` if the chat has several of
            the cadence.
    """
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    alike = [] if beside else [known for known in active if known.cadence is schedule.cadence]
    if len(alike) > 1:
        raise Refused("digest_which")
    if alike:
        return await reschedule(ledger, editor, alike[0].id, schedule, now)
    if any(schedule_of(known) == schedule for known in active):
        raise Refused("digest_known")
    if len(active) >= MOST:
        raise Refused("digest_too_many", most=MOST)
    subscription = await ledger.subscriptions.add(
        chat_id,
        thread_id,
        schedule,
        covered_until=now,
        next_at=next_fire(schedule, now),
        seen=await ledger.news.marks(),
        audience=await _first_audience(ledger, editor, chat_id),
        created_by=editor.id,
        now=now,
    )
    await _note(ledger, editor, subscription, "subscription.added", now)
    chat = await ledger.chats.find(chat_id)
    if chat is not None and chat.kind is not ChatKind.CHANNEL:
        await ledger.chats.mark(chat_id, is_team=True)
    await _tell(ledger, subscription, now)
    return subscription


async def _first_audience(ledger: Ledger, editor: Person, chat_id: ChatId) -> Audience:
    """Return whom a new digest is for until somebody says otherwise: what everybody in that chat may see."""
    if chat_id == editor.telegram_id:
        return Audience.EDITORS
    chat = await ledger.chats.find(chat_id)
    return Audience.PUBLIC if chat is not None and chat.kind is ChatKind.CHANNEL else Audience.REVIEWERS


async def set_audience(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, audience: Audience, now: datetime
) -> Subscription:
    """Set for whom a digest is; Stale if it has ended, Refused `digest_channel_public` for more in a channel."""
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    if audience is not Audience.PUBLIC and await open_channel(ledger, editor, known.chat_id) is not None:
        raise Refused("digest_channel_public")
    return await _retell(ledger, editor, known, audience, known.left_out, now)


async def switch_section(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, section: Section, now: datetime, *, on: bool
) -> Subscription:
    """Tell a section in a digest, or leave it out; Stale if the digest has ended."""
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    left_out = [each for each in known.left_out if each is not section] + ([] if on else [section])
    return await _retell(ledger, editor, known, known.audience, left_out, now)


async def _retell(
    ledger: Ledger, editor: Person, known: Subscription, audience: Audience, left_out: Sequence[str], now: datetime
) -> Subscription:
    if (known.audience, set(known.left_out)) == (audience, set(left_out)):
        return known
    await ledger.subscriptions.mark_told(known.id, audience, left_out)
    data = {"audience": audience, "left_out": list(left_out)}
    await ledger.audit.append("subscription.retold", "subscription", known.id, now, actor=editor.id, data=data)
    return await ledger.subscriptions.get(known.id)


async def reschedule(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, schedule: Schedule, now: datetime
) -> Subscription:
    """Set another time for a digest; its running period goes on. Stale if it has ended."""
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    if schedule_of(known) != schedule:
        next_at = next_fire(schedule, max(now, known.covered_until))
        await ledger.subscriptions.mark_schedule(known.id, schedule, next_at)
        known = await ledger.subscriptions.get(known.id)
        await _note(ledger, editor, known, "subscription.changed", now)
    await _tell(ledger, known, now)
    return known


async def move_to(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, local_minute: int, now: datetime
) -> Subscription:
    """Set another time of day for a digest that is not by a cron line; else like `reschedule`."""
    schedule = schedule_of(await _active(ledger, subscription_id))
    if schedule.cron is not None or not 0 <= local_minute < 24 * 60:
        raise Stale("button_unknown")
    return await reschedule(ledger, editor, subscription_id, replace(schedule, local_minute=local_minute), now)


async def set_paused(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, now: datetime, *, paused: bool
) -> Subscription:
    """Pause a digest or let it go on: the next one then holds everything since the last. Twice is the same as once.

    What the chat did not let in when the desk could no longer post there is sent after all.
    """
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    channel = await open_channel(ledger, editor, known.chat_id)
    if not paused and channel is not None and not channel.present:
        raise Refused("digest_channel_closed", title=channel.title)
    if known.paused is not paused:
        next_at = next_fire(schedule_of(known), max(now, known.covered_until))
        await ledger.subscriptions.mark_paused(known.id, next_at, paused=paused)
        if not paused:
            await ledger.subscriptions.revive_lost(known.id, now)
        known = await ledger.subscriptions.get(known.id)
        await _note(ledger, editor, known, "subscription.paused" if paused else "subscription.resumed", now)
    return known


async def end(ledger: Ledger, editor: Person, subscription_id: SubscriptionId, now: datetime) -> Subscription:
    """End one digest; Stale if it has ended."""
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    await ledger.subscriptions.end(known.id)
    await _note(ledger, editor, known, "subscription.ended", now)
    return known


async def unsubscribe(ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime) -> None:
    """End a chat's digests; Refused `digest_none` if it has none."""
    for subscription in await of_chat(ledger, editor, chat_id, thread_id):
        await end(ledger, editor, subscription.id, now)
    if await _hears(ledger, chat_id):
        await ledger.outbox.enqueue(chat_id, "notice", {"code": "digest_off"}, now, thread_id=thread_id)


async def pause_chat(
    ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime, *, paused: bool
) -> None:
    """Pause a chat's digests or let them go on; Refused `digest_none` if it has none."""
    for subscription in await of_chat(ledger, editor, chat_id, thread_id):
        await set_paused(ledger, editor, subscription.id, now, paused=paused)
    code = "digest_paused" if paused else "digest_resumed"
    if await _hears(ledger, chat_id):
        await ledger.outbox.enqueue(chat_id, "notice", {"code": code}, now, thread_id=thread_id)


async def of_chat(ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None) -> list[Subscription]:
    """Return a chat's digests; Refused `digest_none` if it has none."""
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    if not active:
        raise Refused("digest_none")
    return active


async def preview(
    ledger: Ledger,
    editor: Person,
    chat_id: ChatId,
    thread_id: int | None,
    now: datetime,
    policy: Policy,
    zone: str,
    *,
    shown: tuple[ChatId, int | None] | None = None,
) -> None:
    """Post what the running period holds so far; the scheduled digest will hold it again, with the rest.

    A chat without a digest sees the last day.

    Args:
        shown: the chat and topic in which it is shown, if not in the chat itself.
    """
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    upto = await ledger.news.marks()
    if active:
        first = active[0]
        zone = first.zone
        period = Period(min(first.covered_until, now), now, seen_by(first), upto, zone)
        content = await content_for(ledger, first, period, policy)
        content |= {"before": await totals_before(ledger, first.id)}
    else:
        start = now - timedelta(days=1)
        period = Period(start, now, await ledger.news.marks_before(start), upto, zone)
        audience = await _first_audience(ledger, editor, chat_id)
        content = await content_of(ledger, period, policy, audience, chat_id=chat_id)
    content |= {"preview": True}
    to, topic = shown or (chat_id, thread_id)
    await ledger.outbox.enqueue(to, "digest_previewed", {"content": content}, now, thread_id=topic)
    if content["chart"] and not is_empty(content):
        await put_chart(ledger, to, topic, period.start, now, zone, now)


async def _active(ledger: Ledger, subscription_id: SubscriptionId) -> Subscription:
    known = await ledger.subscriptions.get(subscription_id)
    if not known.active:
        raise Stale("digest_ended")
    return known


async def _note(ledger: Ledger, editor: Person, subscription: Subscription, action: str, now: datetime) -> None:
    data = {
        "chat": subscription.chat_id,
        "cadence": subscription.cadence,
        "minute": subscription.local_minute,
        "day": subscription.day,
        "cron": subscription.cron,
        "zone": subscription.zone,
    }
    await ledger.audit.append(action, "subscription", subscription.id, now, actor=editor.id, data=data)


async def _tell(ledger: Ledger, subscription: Subscription, now: datetime) -> None:
    if await _hears(ledger, subscription.chat_id):
        await ledger.outbox.enqueue(
            subscription.chat_id, "digest_set", {"subscription": subscription.id}, now, thread_id=subscription.thread_id
        )


async def _hears(ledger: Ledger, chat_id: ChatId) -> bool:
    """True if answers are given in a chat; the readers of a channel asked for nothing."""
    chat = await ledger.chats.find(chat_id)
    return chat is None or chat.kind is not ChatKind.CHANNEL
