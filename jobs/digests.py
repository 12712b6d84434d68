"""Digests: a chat's standing wish, the periods that follow from it, and what a period held.

Periods of one subscription lie end to end: each begins where the one before ended (`covered_until`). A digest, the row
that freezes its content, the message that posts it and the new `covered_until` are written in one transaction: a kill
leaves all of it or none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from jobs.access import require
from jobs.calendar import next_fire
from jobs.consensus import Disagreement, Disputed
from jobs.lifecycle import REVIEWABLE_STATES
from jobs.policy import Policy
from jobs.publish import judgement_on
from storage.errors import Refused
from storage.kinds import Cadence, ClaimState, Role
from storage.ledger import Ledger
from storage.model import ChatId, Person, Subscription
from storage.rows import instant

_LISTED = 5
"""Lines per section; the totals tell the rest."""


async def subscribe(
    ledger: Ledger,
    editor: Person,
    chat_id: ChatId,
    thread_id: int | None,
    cadence: Cadence,
    local_minute: int,
    weekday: int | None,
    zone: str,
    now: datetime,
) -> Subscription:
    """Give a chat a digest; one of the same cadence that it had is replaced, and its period goes on in the new one."""
    require(editor, Role.EDITOR)
    covered_until = now
    for known in await ledger.subscriptions.list_of_chat(chat_id, thread_id):
        if known.cadence is cadence:
            await ledger.subscriptions.end(known.id)
            covered_until = known.covered_until
    subscription = await ledger.subscriptions.add(
        chat_id=chat_id,
        thread_id=thread_id,
        cadence=cadence,
        local_minute=local_minute,
        weekday=weekday,
        zone=zone,
        covered_until=covered_until,
        next_at=next_fire(cadence, local_minute, weekday, zone, now),
        created_by=editor.id,
        now=now,
    )
    await ledger.audit.append(
        "subscription.added",
        "subscription",
        subscription.id,
        now,
        actor=editor.id,
        data={"chat": chat_id, "cadence": cadence, "minute": local_minute, "weekday": weekday, "zone": zone},
    )
    if await ledger.chats.find(chat_id) is not None:
        await ledger.chats.mark(chat_id, is_team=True)
    await ledger.outbox.enqueue(chat_id, "digest_set", {"subscription": subscription.id}, now, thread_id=thread_id)
    return subscription


async def unsubscribe(ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime) -> None:
    """End a chat's digests; Refused `digest_none` if it has none."""
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    if not active:
        raise Refused("digest_none")
    for subscription in active:
        await ledger.subscriptions.end(subscription.id)
        await ledger.audit.append("subscription.ended", "subscription", subscription.id, now, actor=editor.id)
    await ledger.outbox.enqueue(chat_id, "notice", {"code": "digest_off"}, now, thread_id=thread_id)


async def preview(
    ledger: Ledger, editor: Person, chat_id: ChatId, thread_id: int | None, now: datetime, policy: Policy, zone: str
) -> None:
    """Post what the running period holds so far; the scheduled digest will hold it again, with the rest."""
    require(editor, Role.EDITOR)
    active = await ledger.subscriptions.list_of_chat(chat_id, thread_id)
    start = active[0].covered_until if active else now - timedelta(days=1)
    content = await content_of(ledger, min(start, now), now, active[0].zone if active else zone, policy)
    await ledger.outbox.enqueue(
        chat_id, "digest_previewed", {"content": {**content, "preview": True}}, now, thread_id=thread_id
    )


async def post_due(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Make and post every digest whose time has come; returns how many.

    A period that ended more than `policy.digest_grace` ago gets no post of its own: it becomes part of the next one,
    so that nothing is passed over and no old news come in a row.
    """
    made = 0
    for subscription in await ledger.subscriptions.list_due(now):
        covered, due = subscription.covered_until, subscription.next_at
        while due <= now:
            following = next_fire(
                subscription.cadence, subscription.local_minute, subscription.weekday, subscription.zone, due
            )
            if now - due <= policy.digest_grace and covered < due:
                made += await _post(ledger, subscription, covered, due, now, policy)
                covered = due
            due = following
        await ledger.subscriptions.mark_covered(subscription.id, covered, due)
    return made


async def _post(
    ledger: Ledger, subscription: Subscription, start: datetime, end: datetime, now: datetime, policy: Policy
) -> int:
    content = await content_of(ledger, start, end, subscription.zone, policy)
    last_event = await ledger.audit.last_id()
    digest_id = await ledger.subscriptions.add_digest(subscription.id, start, end, content, last_event, now)
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


async def content_of(ledger: Ledger, start: datetime, end: datetime, zone: str, policy: Policy) -> dict[str, Any]:
    """Return what happened in [start, end) and what waits, as JSON types (the shape is that of `digests.content`)."""
    claims, total = await ledger.figures.list_new(start, end, limit=_LISTED)
    published = []
    for verdict in await ledger.verdicts.list_published(start, end):
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
        "decided": [
            {"id": claim_id, "rating": rating} for claim_id, rating in await ledger.figures.list_decided(start, end)
        ],
        "published": published,
        "waiting": {"total": len(waiting)}
        if oldest is None
        else {"total": len(waiting), "oldest_id": oldest.id, "oldest_since": instant(oldest.created_at)},
        "disputed": await _disputed(ledger, policy),
        "preview": False,
    }


async def _disputed(ledger: Ledger, policy: Policy) -> list[dict[str, Any]]:
    found = []
    for claim in await ledger.claims.list_in((ClaimState.DISPUTED,)):
        judgement = judgement_on(await ledger.figures.decision(claim.id), policy)
        major = isinstance(judgement, Disputed) and judgement.severity is Disagreement.MAJOR
        found.append({"id": claim.id, "text": claim.text, "major": major})
    return found
