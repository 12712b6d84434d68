"""Digests and how they are set: the facts behind what a chat is told."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import digest_wishes, digests, subscriptions
from bot.views.words import LANGUAGES, words_for
from jobs.digest_claims import claims_behind
from jobs.digest_content import Section
from jobs.digest_wishes import choices
from storage.kinds import Cadence, ChatKind
from storage.model import Chat, ChatId, DigestId, Subscription, SubscriptionId


async def _digest(it: Delivery) -> Render:
    made = await it.ledger.subscriptions.get_digest(DigestId(it.number("digest")))
    # In a channel there is nobody to whom a list could be shown.
    silent = await _channel(it, it.row.chat_id) is not None
    return _of_content(it, made.content, None if silent else made.id)


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
    words = words_for(it.words.language, subscription.zone)
    return partial(subscriptions.digest_shown, subscription, words, await _channel(it, subscription.chat_id))


async def _channel(it: Delivery, chat_id: int) -> Chat | None:
    chat = await it.ledger.chats.find(ChatId(chat_id))
    return chat if chat is not None and chat.kind is ChatKind.CHANNEL else None


async def _channels(it: Delivery) -> Render:
    return partial(subscriptions.channels_offered, await it.ledger.chats.list_channels(), it.words)


async def _parts(it: Delivery) -> Render:
    subscription = await _one(it)
    return partial(subscriptions.parts_shown, subscription, it.words, await _channel(it, subscription.chat_id))


async def _limits(it: Delivery) -> Render:
    subscription = await _one(it)
    offered = await choices(it.ledger, subscription, tuple(LANGUAGES))
    return partial(digest_wishes.limits_shown, subscription, await _place(it, subscription), offered, it.words)


async def _intro(it: Delivery) -> Render:
    return partial(digest_wishes.intro_shown, await _one(it), it.words)


async def _intro_asked(it: Delivery) -> Render:
    subscription, private = await _one(it), it.row.person_id is not None
    return partial(digest_wishes.intro_asked, subscription, await _place(it, subscription), it.words, private=private)


async def _order(it: Delivery) -> Render:
    return partial(digest_wishes.order_shown, await _one(it), it.words)


async def _place(it: Delivery, subscription: Subscription) -> int:
    """Return by which number of the chat's list a digest goes."""
    active = await it.ledger.subscriptions.list_of_chat(subscription.chat_id, subscription.thread_id)
    return next((place for place, each in enumerate(active, 1) if each.id == subscription.id), 1)


async def _all(it: Delivery) -> Render:
    held = [await it.ledger.subscriptions.get(SubscriptionId(each)) for each in it.row.payload["subscriptions"]]
    zone = held[0].zone if held else it.row.payload["zone"]
    channel = await _channel(it, it.row.payload.get("channel", 0))
    return partial(subscriptions.digests_shown, held, words_for(it.words.language, zone), channel)


async def _asked(it: Delivery) -> Render:
    if "subscription" in it.row.payload:
        subscription = await _one(it)
        return partial(subscriptions.time_asked, subscription, words_for(it.words.language, subscription.zone))
    cadence, day = Cadence(it.row.payload["cadence"]), it.row.payload["day"]
    channel = await _channel(it, it.row.payload.get("channel", 0))
    words = words_for(it.words.language, it.row.payload["zone"])
    return partial(subscriptions.digest_asked, cadence, day, words, channel)


DIGESTS: dict[str, Loader] = {
    "digest_posted": _digest,
    "digest_previewed": _preview,
    "digest_claims": _claims,
    "digest_set": _set,
    "digest_shown": _shown,
    "digest_parts": _parts,
    "digest_limits": _limits,
    "digest_intro": _intro,
    "digest_intro_asked": _intro_asked,
    "digest_order": _order,
    "digests_shown": _all,
    "digest_channels": _channels,
    "digest_asked": _asked,
}
