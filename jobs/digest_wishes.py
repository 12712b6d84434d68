"""What an editor wishes of a digest: claims in which languages and on which topics, its first words, its order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.access import require
from jobs.digest_content import SECTIONS, Section, arranged
from jobs.search_query import squeezed
from jobs.tags import tag_of
from storage.digest_wishes import DigestWishes, wishes_of
from storage.errors import Refused, Stale
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Person, Subscription, SubscriptionId
from storage.search import normal_form

MOST = 10
"""Languages, and topics, of one digest; its head names them all."""

LONGEST_INTRO = 500
"""Characters. A digest with nothing but its numbers and this fits into one message in every language."""

OFFERED = 12
"""Topics offered by button: those that the newest claims have most often. Every other one can be typed."""

_NEWEST = 1_000
_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen by button: languages, and topics, those chosen first."""

    languages: list[str]
    topics: list[str]


async def choices(ledger: Ledger, subscription: Subscription, spoken: Sequence[str]) -> Offered:
    """Return what is offered for a digest; `spoken`: the languages of the desk."""
    recent = await ledger.tags.list_recent(_NEWEST, limit=OFFERED)
    return Offered(
        list(dict.fromkeys([*subscription.languages, *spoken])), list(dict.fromkeys([*subscription.topics, *recent]))
    )


def read_languages(given: Sequence[str], called: Callable[[str], str | None]) -> tuple[str, ...]:
    """Return the codes of languages that were typed as codes or names.

    Args:
        called: the code of a language by its `squeezed` name.

    Raises:
        Refused: `digest_language_unknown` with `value`, `digest_limit_too_many`.
    """
    found = []
    for value in given:
        code = normal_form(value.partition("-")[0].partition("_")[0])
        known = code if _CODE.fullmatch(code) else called(squeezed(value))
        if known is None:
            raise Refused("digest_language_unknown", value=value)
        found.append(known)
    return _few(found)


def read_topics(given: Sequence[str]) -> tuple[str, ...]:
    """Return the tags that were typed; Refused `digest_topic_invalid` with `tag`, `digest_limit_too_many`."""
    found = []
    for value in given:
        tag = tag_of(value.lstrip("#＃"))
        if tag is None:
            raise Refused("digest_topic_invalid", tag=value)
        found.append(tag)
    return _few(found)


def _few(found: Sequence[str]) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(found))
    if len(once) > MOST:
        raise Refused("digest_limit_too_many", most=MOST)
    return once


async def limit_to(
    ledger: Ledger,
    editor: Person,
    subscription_id: SubscriptionId,
    now: datetime,
    *,
    languages: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
) -> Subscription:
    """Limit a digest to claims in some languages, on some topics; empty: to none, None: as it is.

    Raises:
        NotAllowed: `role_needed`. Stale: `digest_ended`. Refused: `digest_limit_too_many`.
    """
    known, wishes = await _known(ledger, editor, subscription_id)
    only = replace(
        wishes.only,
        languages=wishes.only.languages if languages is None else _few(languages),
        topics=wishes.only.topics if topics is None else _few(topics),
    )
    return await _keep(ledger, editor, known, replace(wishes, only=only), now)


async def switch_language(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, code: str, now: datetime, *, on: bool
) -> Subscription:
    """Tell of claims in a language, or no longer; else like `limit_to`."""
    known, wishes = await _known(ledger, editor, subscription_id)
    if on and not _CODE.fullmatch(code):
        raise Stale("button_unknown")
    return await limit_to(ledger, editor, known.id, now, languages=_switched(wishes.only.languages, code, on=on))


async def switch_topic(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, tag: str, now: datetime, *, on: bool
) -> Subscription:
    """Tell of claims with a tag, or no longer; else like `limit_to`."""
    known, wishes = await _known(ledger, editor, subscription_id)
    if on and tag_of(tag) != tag:
        raise Stale("button_unknown")
    return await limit_to(ledger, editor, known.id, now, topics=_switched(wishes.only.topics, tag, on=on))


def _switched(chosen: Sequence[str], each: str, *, on: bool) -> list[str]:
    rest = [known for known in chosen if known != each]
    return [*rest, each] if on else rest


async def set_intro(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, text: str, now: datetime
) -> Subscription:
    """Set the words with which a digest begins; empty: none.

    Raises:
        NotAllowed: `role_needed`. Stale: `digest_ended`. Refused: `digest_intro_too_long`.
    """
    known, wishes = await _known(ledger, editor, subscription_id)
    text = text.strip()
    if len(text) > LONGEST_INTRO:
        raise Refused("digest_intro_too_long", most=LONGEST_INTRO, have=len(text))
    return await _keep(ledger, editor, known, replace(wishes, intro=text or None), now)


def order_of(subscription: Subscription) -> list[Section]:
    """Return the sections of a digest in its order. A chart is a message of its own and has no place in it."""
    order = arranged(SECTIONS[subscription.audience], subscription.arranged)
    return [each for each in order if each is not Section.CHART]


async def move_up(
    ledger: Ledger, editor: Person, subscription_id: SubscriptionId, section: Section, place: int, now: datetime
) -> Subscription:
    """Tell a section one place earlier.

    Args:
        place: where the card shows it, from 0.

    Raises:
        NotAllowed: `role_needed`. Stale: `digest_ended`; `digest_changed` if it is elsewhere by now.
    """
    known, wishes = await _known(ledger, editor, subscription_id)
    order = order_of(known)
    if place < 1 or order[place : place + 1] != [section]:
        raise Stale("digest_changed")
    order[place - 1 : place + 1] = [section, order[place - 1]]
    return await _keep(ledger, editor, known, replace(wishes, arranged=tuple(order)), now)


async def in_our_order(ledger: Ledger, editor: Person, subscription_id: SubscriptionId, now: datetime) -> Subscription:
    """Take back every change of the order."""
    known, wishes = await _known(ledger, editor, subscription_id)
    return await _keep(ledger, editor, known, replace(wishes, arranged=()), now)


async def _known(ledger: Ledger, editor: Person, subscription_id: SubscriptionId) -> tuple[Subscription, DigestWishes]:
    require(editor, Role.EDITOR)
    known = await ledger.subscriptions.get(subscription_id)
    if not known.active:
        raise Stale("digest_ended")
    return known, wishes_of(known)


async def _keep(
    ledger: Ledger, editor: Person, known: Subscription, wishes: DigestWishes, now: datetime
) -> Subscription:
    if wishes == wishes_of(known):
        return known
    await ledger.subscriptions.mark_wishes(known.id, wishes)
    data = {
        "languages": list(wishes.only.languages),
        "topics": list(wishes.only.topics),
        "intro": wishes.intro,
        "arranged": list(wishes.arranged),
    }
    await ledger.audit.append("subscription.wished", "subscription", known.id, now, actor=editor.id, data=data)
    return await ledger.subscriptions.get(known.id)
