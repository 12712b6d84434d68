"""Digests: made when due, and what a period held.

Periods of one subscription lie end to end: each begins where the one before ended, in time (`covered_until`) and behind
the same marks (`seen`). A digest, the row that freezes its content, the message that posts it and the new end are
written in one transaction: a kill leaves all of it or none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from jobs.cadence import missed_fires, next_fire
from jobs.consensus import Disagreement, Disputed
from jobs.lifecycle import REVIEWABLE_STATES
from jobs.policy import Policy
from jobs.publish import judgement_on
from storage.kinds import ClaimState
from storage.ledger import Ledger
from storage.model import Subscription
from storage.rows import instant
from storage.values import Marks

_LISTED = 5
"""Lines per section; the totals tell the rest."""

_SET_BACK = timedelta(days=1)
"""Who is covered so far into the future was served while the clock was wrong."""


async def post_due(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Make and post every digest whose time has come; returns how many.

    After downtime the newest `policy.digest_catch_up` periods come one by one; older ones are folded into one digest.
    """
    for subscription in await ledger.subscriptions.list_ahead(now + _SET_BACK):
        await _begin_anew(ledger, subscription, now)
    made = 0
    for subscription in await ledger.subscriptions.list_due(now):
        folded, own = missed_fires(subscription.schedule, subscription.next_at, now, policy.digest_catch_up)
        start, seen = subscription.covered_until, subscription.seen
        for end in ([] if folded is None else [folded]) + own:
            upto = await ledger.news.marks_at(seen, end, now)
            made += await _post(ledger, subscription, (start, end), (seen, upto), now, policy, away=end == folded)
            start, seen = end, upto
        await ledger.subscriptions.mark_covered(subscription.id, start, next_fire(subscription.schedule, start), seen)
    return made


async def _begin_anew(ledger: Ledger, known: Subscription, now: datetime) -> None:
    """Go on from now with a subscription that would be silent until the clock is again where it was."""
    await ledger.subscriptions.end(known.id)
    fresh = await ledger.subscriptions.add(
        known.chat_id,
        known.thread_id,
        known.schedule,
        covered_until=now,
        next_at=next_fire(known.schedule, now),
        seen=known.seen,
        created_by=known.created_by,
        now=now,
    )
    data = {"replaces": known.id, "covered_until": instant(known.covered_until)}
    await ledger.audit.append("subscription.set_back", "subscription", fresh.id, now, data=data)


async def _post(
    ledger: Ledger,
    subscription: Subscription,
    period: tuple[datetime, datetime],
    span: tuple[Marks, Marks],
    now: datetime,
    policy: Policy,
    *,
    away: bool,
) -> int:
    content = await content_of(ledger, *period, span, subscription.zone, policy)
    content["away"] = away
    digest_id = await ledger.subscriptions.add_digest(subscription.id, *period, content, span[1], now)
    if digest_id is None:
        return 0
    await ledger.audit.append("digest.made", "digest", digest_id, now, data={"subscription": subscription.id})
    if _is_empty(content) and not policy.digest_when_empty:
        return 0
    await ledger.outbox.enqueue(
        subscription.chat_id,
        "digest_posted",
        {"digest": digest_id},
        now,
        thread_id=subscription.thread_id,
        dedup_key=f"digest:{digest_id}",
    )
    return 1


def _is_empty(content: dict[str, Any]) -> bool:
    return not any((content["new"]["total"], content["decided"], content["published"], content["disputed"]))


async def content_of(
    ledger: Ledger, start: datetime, end: datetime, span: tuple[Marks, Marks], zone: str, policy: Policy
) -> dict[str, Any]:
    """Return what happened between two marks and what waits, as JSON types (the shape is that of `digests.content`).

    Args:
        start: with `end` the period as it is told to people, in `zone`.
    """
    claims, total = await ledger.news.list_claims(*span, limit=_LISTED)
    published = []
    for verdict in await ledger.news.list_published(*span):
        claim = await ledger.claims.get(verdict.claim_id)
        sources = await ledger.verdicts.list_sources(verdict.id)
        best = sources[0] if sources else None
        published.append(
            {
                "id": claim.id,
                "text": claim.text,
                "rating": verdict.rating,
                "version": verdict.version,
                "source": None if best is None else best.url or best.title,
            }
        )
    waiting = [line.claim for line in await ledger.figures.list_open() if line.claim.state in REVIEWABLE_STATES]
    oldest = min(waiting, key=lambda claim: (claim.created_at, claim.id), default=None)
    return {
        "period_start": instant(start),
        "period_end": instant(end),
        "zone": zone,
        "new": {"total": total, "claims": [{"id": claim.id, "text": claim.text} for claim in claims]},
        "decided": [{"id": claim_id, "rating": rating} for claim_id, rating in await ledger.news.list_decided(*span)],
        "published": published,
        "waiting": {"total": len(waiting)}
        if oldest is None
        else {"total": len(waiting), "oldest_id": oldest.id, "oldest_since": instant(oldest.created_at)},
        "disputed": await _disputed(ledger, policy),
        "preview": False,
        "away": False,
    }


async def _disputed(ledger: Ledger, policy: Policy) -> list[dict[str, Any]]:
    found = []
    for claim in await ledger.claims.list_in((ClaimState.DISPUTED,)):
        judgement = judgement_on(await ledger.figures.decision(claim.id), policy)
        major = isinstance(judgement, Disputed) and judgement.severity is Disagreement.MAJOR
        found.append({"id": claim.id, "text": claim.text, "major": major})
    return found
