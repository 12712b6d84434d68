"""Verdicts that are public and no longer right as they stand: posts are amended, and who was told is told again."""

from __future__ import annotations

from datetime import datetime

from jobs.notify import put
from storage.kinds import ClaimState
from storage.ledger import Ledger
from storage.model import Claim, Verdict


async def post(ledger: Ledger, claim: Claim, verdict: Verdict, now: datetime) -> None:
    """Post a verdict in every chat that gets them; as a note of a correction where an earlier version stands."""
    earlier = {each.chat_id: each for each in await ledger.posts.list_of(claim.id)}
    for chat in await ledger.chats.list_publishing():
        if not await ledger.verdicts.add_publication(verdict.id, chat.id, now):
            continue
        known, key = earlier.get(chat.id), f"publication:{verdict.id}:{chat.id}"
        payload = {"verdict": verdict.id, "to": "channel"}
        if known is None:
            await ledger.outbox.enqueue(chat.id, "verdict_published", payload, now, dedup_key=key)
        else:
            to = known.message_id
            await ledger.outbox.enqueue(chat.id, "correction_posted", payload, now, reply_to=to, dedup_key=key)
    await amend_posts(ledger, claim, now)


async def amend_posts(ledger: Ledger, claim: Claim, now: datetime) -> int:
    """Let the posts of earlier versions say what the desk says today; returns how many are edited.

    One that is still on its way has no message to edit yet: `watch` comes back to it.
    """
    latest = await ledger.verdicts.find_published(claim.id)
    edited = 0
    for each in await ledger.posts.list_of(claim.id):
        stands = latest is not None and each.verdict_id == latest.id and claim.state is not ClaimState.RETRACTED
        if each.message_id is None or stands:
            continue
        await ledger.posts.mark_message(each)
        card = f"message:{each.message_id}"
        await ledger.outbox.enqueue(each.chat_id, "verdict_amended", {"claim": claim.id}, now, card=card)
        edited += 1
    return edited


async def amend_late(ledger: Ledger, now: datetime) -> int:
    """Amend the posts that went out only after their verdict was replaced or taken back; returns how many."""
    claims = [await ledger.claims.get(claim_id) for claim_id in await ledger.posts.list_unamended()]
    return sum([await amend_posts(ledger, claim, now) for claim in claims])


async def tell_retracted(ledger: Ledger, claim: Claim, verdict: Verdict, correction: int, now: datetime) -> None:
    """Tell everybody who was told any version of a verdict, and the chats where it stands, that it is taken back."""
    for person_id in await ledger.posts.list_told(claim.id):
        person = await ledger.people.get(person_id)
        payload, key = {"correction": correction}, f"retraction:{verdict.id}:{person.id}"
        await put(ledger, person, "verdict_retracted", payload, now, dedup_key=key)
    posted = {each.chat_id: each for each in await ledger.posts.list_of(claim.id)}
    for chat in await ledger.chats.list_publishing():
        if (known := posted.get(chat.id)) is not None:
            await ledger.outbox.enqueue(
                chat.id,
                "verdict_retracted",
                {"correction": correction},
                now,
                reply_to=known.message_id,
                dedup_key=f"retraction-post:{verdict.id}:{chat.id}",
            )
    await amend_posts(ledger, claim, now)
