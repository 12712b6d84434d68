"""Digests: made when due, and what a period held.

Periods of one subscription lie end to end: each begins where the one before ended, in time (`covered_until`) and behind
the same marks (`seen`). A digest, the row that freezes its content, the message that posts it and the new end are
written in one transaction: a kill leaves all of it or none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from jobs.cadence import missed_fires, next_fire
from jobs.charts import put_chart
from jobs.digest_content import Period, content_of, is_empty
from jobs.policy import Policy
from storage.database import Database
from storage.digest_wishes import wishes_of
from storage.ledger import Ledger
from storage.model import Subscription, SubscriptionId
from storage.rows import instant
from storage.values import schedule_of, seen_by

_SET_BACK = timedelta(days=1)
"""Who is covered so far into the future was served while the clock was wrong."""


async def post_due(database: Database, now: datetime, policy: Policy) -> int:
    """Make and post every digest whose time has come, the chats one after the other; returns how many."""
    made = 0
    while True:
        # A transaction for each chat: nobody else's work waits until all are done.
        async with database.write() as ledger:
            posted = await post_next(ledger, now, policy)
        if posted is None:
            return made
        made += posted


async def post_next(ledger: Ledger, now: datetime, policy: Policy) -> int | None:
    """Make and post what is due for the chat that has waited longest; returns how many, None if nothing is due.

    After downtime the newest `policy.digest_catch_up` periods come one by one; older ones are folded into one digest.
    """
    for ahead in await ledger.subscriptions.list_ahead(now + _SET_BACK):
        await _begin_anew(ledger, ahead, now)
    due = await ledger.subscriptions.list_due(now, limit=1)
    if not due:
        return None
    made, subscription = 0, due[0]
    folded, own = missed_fires(schedule_of(subscription), subscription.next_at, now, policy.digest_catch_up)
    start, seen = subscription.covered_until, seen_by(subscription)
    for end in ([] if folded is None else [folded]) + own:
        upto = await ledger.news.marks_at(seen, end, now)
        period = Period(start, end, seen, upto, subscription.zone)
        made += await _post(ledger, subscription, period, now, policy, away=end == folded)
        start, seen = end, upto
    following = next_fire(schedule_of(subscription), start)
    await ledger.subscriptions.mark_covered(subscription.id, start, following, seen)
    return made


async def _begin_anew(ledger: Ledger, known: Subscription, now: datetime) -> None:
    """Go on from now with a subscription that would be silent until the clock is again where it was."""
    await ledger.subscriptions.end(known.id)
    fresh = await ledger.subscriptions.add(
        known.chat_id,
        known.thread_id,
        schedule_of(known),
        covered_until=now,
        next_at=next_fire(schedule_of(known), now),
        seen=seen_by(known),
        audience=known.audience,
        left_out=known.left_out,
        created_by=known.created_by,
        now=now,
    )
    await ledger.subscriptions.mark_wishes(fresh.id, wishes_of(known))
    data = {"replaces": known.id, "covered_until": instant(known.covered_until)}
    await ledger.audit.append("subscription.set_back", "subscription", fresh.id, now, data=data)


async def _post(
    ledger: Ledger, subscription: Subscription, period: Period, now: datetime, policy: Policy, *, away: bool
) -> int:
    content = await content_for(ledger, subscription, period, policy)
    content |= {"away": away, "before": await totals_before(ledger, subscription.id)}
    digest_id = await ledger.subscriptions.add_digest(
        subscription.id, period.start, period.end, content, period.upto, now
    )
    if digest_id is None:
        return 0
    await ledger.audit.append("digest.made", "digest", digest_id, now, data={"subscription": subscription.id})
    if is_empty(content) and not policy.digest_when_empty:
        return 0
    await ledger.outbox.enqueue(
        subscription.chat_id,
        "digest_posted",
        {"digest": digest_id},
        now,
        thread_id=subscription.thread_id,
        dedup_key=f"digest:{digest_id}",
    )
    if content["chart"]:
        await put_chart(
            ledger,
            subscription.chat_id,
            subscription.thread_id,
            period.start,
            period.end,
            period.zone,
            now,
            dedup_key=f"digest:{digest_id}:chart",
        )
    return 1


async def content_for(ledger: Ledger, subscription: Subscription, period: Period, policy: Policy) -> dict[str, Any]:
    """Return what a period holds for a subscription: for its audience, with its limits, parts, intro and order."""
    return await content_of(
        ledger,
        period,
        policy,
        subscription.audience,
        chat_id=subscription.chat_id,
        left_out=subscription.left_out,
        wishes=wishes_of(subscription),
    )


async def totals_before(ledger: Ledger, subscription_id: SubscriptionId) -> dict[str, int] | None:
    """Return the totals of a subscription's newest digest by section; None if it has none."""
    last = await ledger.subscriptions.find_last_digest(subscription_id)
    if last is None:
        return None
    return {section: told["total"] for section, told in last.content["sections"].items()}
