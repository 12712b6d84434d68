"""A chat's standing wishes for a digest: set, changed, paused, ended, and looked at before it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from jobs.access import require
from jobs.cadence import next_fire
from jobs.digests import content_of
from jobs.policy import Policy
from storage.errors import Refused, Stale
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import ChatId, Person, Subscription, SubscriptionId
from storage.values import Schedule

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
    if any(known.schedule == schedule for known in active):
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
        created_by=editor.id,
        now=now,
    )
    await _note(ledger, editor, subscription, "subscription.added", now)
    if await ledger.chats.find(chat_id) is not None:
        await ledger.chats.mark(chat_id, is_team=True)
    await _tell(ledger, subscription, now)
    return subscription


async def reschedule(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, schedule: Schedule, now: datetime
) -> Subscription:
    """Set another time for a digest; its running period goes on. Stale if it has ended."""
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    if known.schedule != schedule:
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
    schedule = (await _active(ledger, subscription_id)).schedule
    if schedule.cron is not None or not 0 <= local_minute < 24 * 60:
        raise Stale("button_unknown")
    return await reschedule(ledger, editor, subscription_id, replace(schedule, local_minute=local_minute), now)


async def set_paused(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, now: datetime, *, paused: bool
) -> Subscription:
    """Pause a digest or let it go on: the next one then holds everything since the last. Twice is the same as once."""
    require(editor, Role.EDITOR)
    known = await _active(ledger, subscription_id)
    if known.paused is not paused:
        next_at = next_fire(known.schedule, max(now, known.covered_until))
        await ledger.subscriptions.mark_paused(known.id, next_at, paused=paused)
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
    await ledger.outbox.enqueue(chat_id, "notice", {"code": "digest_off"}, now, thread_id=thread_id)


async def pause_chat(
    ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime, *, paused: bool
) -> None:
    """Pause a chat's digests or let them go on; Refused `digest_none` if it has none."""
    for subscription in await of_chat(ledger, editor, chat_id, thread_id):
        await set_paused(ledger, editor, subscription.id, now, paused=paused)
    code = "digest_paused" if paused else "digest_resumed"
    await ledger.outbox.enqueue(chat_id, "notice", {"code": code}, now, thread_id=thread_id)


async def of_chat(ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None) -> list[Subscription]:
    """Return a chat's digests; Refused `digest_none` if it has none."""
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    if not active:
        raise Refused("digest_none")
    return active


async def preview(
    ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime, policy: Policy, zone: str
) -> None:
    """Post what the running period holds so far; the scheduled digest will hold it again, with the rest.

    A chat without a digest sees the last day.
    """
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    upto = await ledger.news.marks()
    if active:
        start, after, zone = active[0].covered_until, active[0].seen, active[0].zone
    else:
        start = now - timedelta(days=1)
        after = await ledger.news.marks_before(start)
    content = await content_of(ledger, min(start, now), now, (after, upto), zone, policy)
    await ledger.outbox.enqueue(
        chat_id, "digest_previewed", {"content": {**content, "preview": True}}, now, thread_id=thread_id
    )


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
    await ledger.outbox.enqueue(
        subscription.chat_id, "digest_set", {"subscription": subscription.id}, now, thread_id=subscription.thread_id
    )
