"""Digests and how they are set: the facts behind what a chat is told."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import digests, subscriptions
from bot.views.words import words_for
from jobs.digest_content import Section, claims_behind
from storage.kinds import Cadence
from storage.model import DigestId, Subscription, SubscriptionId


async def _digest(it: Delivery) -> Render:
    made = await it.ledger.subscriptions.get_digest(DigestId(it.number("digest")))
    return _of_content(it, made.content, made.id)


async def _preview(it: Delivery) -> Render:
    return _of_content(it, it.row.payload["content"], None)


def _of_content(it: Delivery, content: digests.Content, digest_id: DigestId | None) -> Render:
    return partial(digests.digest, content, words_for(it.words.language, content["zone"]), digest_id)


async def _claims(it: Delivery) -> Render:
    digest_id, section = DigestId(it.number("digest")), Section(it.row.payload["section"])
    page = await claims_behind(it.ledger, digest_id, section, it.number("offset"), it.deps.policy)
    return partial(digests.claims_behind, section, page, digest_id, it.words)


async def _one(it: Delivery) -> Subscription:
    return await it.ledger.subscriptions.get(SubscriptionId(it.number("subscription")))


async def _set(it: Delivery) -> Render:
    subscription = await _one(it)
    return partial(subscriptions.digest_set, subscription, words_for(it.words.language, subscription.zone))


async def _shown(it: Delivery) -> Render:
    subscription = await _one(it)
    return partial(subscriptions.digest_shown, subscription, words_for(it.words.language, subscription.zone))


async def _parts(it: Delivery) -> Render:
    return partial(subscriptions.parts_shown, await _one(it), it.words)


async def _all(it: Delivery) -> Render:
    held = [await it.ledger.subscriptions.get(SubscriptionId(each)) for each in it.row.payload["subscriptions"]]
    zone = held[0].zone if held else it.row.payload["zone"]
    return partial(subscriptions.digests_shown, held, words_for(it.words.language, zone))


async def _asked(it: Delivery) -> Render:
    if "subscription" in it.row.payload:
        subscription = await _one(it)
        return partial(subscriptions.time_asked, subscription, words_for(it.words.language, subscription.zone))
    cadence, day = Cadence(it.row.payload["cadence"]), it.row.payload["day"]
    return partial(subscriptions.digest_asked, cadence, day, words_for(it.words.language, it.row.payload["zone"]))


DIGESTS: dict[str, Loader] = {
    "digest_posted": _digest,
    "digest_previewed": _preview,
    "digest_claims": _claims,
    "digest_set": _set,
    "digest_shown": _shown,
    "digest_parts": _parts,
    "digests_shown": _all,
    "digest_asked": _asked,
}
