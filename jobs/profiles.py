"""What reviewers say about their work: languages, topics, how many claims at once, and when. Offers go by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from jobs.access import require
from jobs.dispatch import hand_out
from jobs.hours import parse_hours
from jobs.notify import private_chat, wake_up
from jobs.policy import Policy
from jobs.tags import tag_of
from storage.errors import Refused, Stale
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Person
from storage.profiles import Profile

CARD = "profile"
"""The card in a person's chat that shows what they said."""

LANGUAGES_MOST = 20
TOPICS_MOST = 30


async def show_profile(ledger: Ledger, person: Person, now: datetime) -> None:
    """Show a reviewer what they said, in a new message with buttons."""
    require(person, Role.REVIEWER)
    await ledger.outbox.forget_card(private_chat(person), CARD)
    await _show(ledger, person, now)


async def set_languages(
    ledger: Ledger, person: Person, typed: str, called: Callable[[str], str | None], now: datetime, policy: Policy
) -> None:
    """Keep which languages a person reviews in; an empty text for any.

    Args:
        typed: codes or names, with spaces or commas between.
        called: returns the code of a language's code or name, None if there is none.

    Raises:
        Refused: `profile_language_unknown` with `text`, `profile_too_many`.
    """
    codes = []
    for piece in typed.replace(",", " ").split():
        code = called(piece)
        if code is None:
            raise Refused("profile_language_unknown", text=piece)
        codes.append(code)
    if len(codes) > LANGUAGES_MOST:
        raise Refused("profile_too_many", most=LANGUAGES_MOST)
    before = await ledger.profiles.find(person.id)
    await _keep(ledger, person, replace(before, languages=frozenset(codes)), now, policy)


async def switch_language(
    ledger: Ledger, person: Person, code: str, now: datetime, policy: Policy, *, on: bool
) -> None:
    """Add a language to those a person reviews in, or leave it out."""
    before = await ledger.profiles.find(person.id)
    languages = before.languages | {code} if on else before.languages - {code}
    if len(languages) > LANGUAGES_MOST:
        raise Refused("profile_too_many", most=LANGUAGES_MOST)
    await _keep(ledger, person, replace(before, languages=languages), now, policy)


async def set_topics(ledger: Ledger, person: Person, typed: str, now: datetime, policy: Policy) -> None:
    """Keep the tags that a person knows about; an empty text for any.

    Raises:
        Refused: `tag_invalid` with the piece that is no tag, `profile_too_many`.
    """
    tags = []
    for piece in typed.replace(",", " ").split():
        tag = tag_of(piece.lstrip("#＃"))
        if tag is None:
            raise Refused("tag_invalid", tag=piece)
        tags.append(tag)
    if len(set(tags)) > TOPICS_MOST:
        raise Refused("profile_too_many", most=TOPICS_MOST)
    before = await ledger.profiles.find(person.id)
    await _keep(ledger, person, replace(before, topics=frozenset(tags)), now, policy)


async def set_capacity(ledger: Ledger, person: Person, capacity: int | None, now: datetime, policy: Policy) -> None:
    """Keep how many claims a person wants at once; None for as many as the policy allows.

    Raises:
        Refused: `profile_capacity`, with the most that the policy allows.
    """
    if capacity is not None and not 1 <= capacity <= policy.capacity:
        raise Refused("profile_capacity", most=policy.capacity)
    before = await ledger.profiles.find(person.id)
    await _keep(ledger, person, replace(before, capacity=capacity), now, policy)


async def set_hours(
    ledger: Ledger, person: Person, typed: str | None, zone: str, now: datetime, policy: Policy
) -> None:
    """Keep when a person works; None for always. The zone is that of the person from then on.

    Raises:
        Refused: as `parse_hours`.
    """
    before = await ledger.profiles.find(person.id)
    if typed is None:
        after = replace(before, days=frozenset(), start=0, end=0)
    else:
        days, start, end, zone = parse_hours(typed, zone)
        after = replace(before, days=days, start=start, end=end)
        require(person, Role.REVIEWER)
        await ledger.wishes.mark_zone(person.id, zone)
        await wake_up(ledger, person, now, policy)
    await _keep(ledger, person, after, now, policy)


async def stay(ledger: Ledger, person: Person, now: datetime) -> None:
    """Take the answer of somebody who was asked whether they are still there.

    Raises:
        Stale: `idle_answered`: they are not asked any more, or off duty meanwhile.
    """
    require(person, Role.REVIEWER)
    if not person.on_duty or not await ledger.profiles.end_spell(person.id):
        raise Stale("idle_answered")
    await ledger.audit.append("person.stays", "person", person.id, now, actor=person.id)


async def _keep(ledger: Ledger, person: Person, profile: Profile, now: datetime, policy: Policy) -> None:
    require(person, Role.REVIEWER)
    if profile != await ledger.profiles.find(person.id):
        await ledger.profiles.mark(person.id, profile)
        data = {
            "languages": sorted(profile.languages),
            "topics": sorted(profile.topics),
            "capacity": profile.capacity,
            "days": sorted(profile.days),
            "from": profile.start,
            "until": profile.end,
        }
        await ledger.audit.append("person.profile", "person", person.id, now, actor=person.id, data=data)
        await hand_out(ledger, now, policy)
    await _show(ledger, person, now)


async def _show(ledger: Ledger, person: Person, now: datetime) -> None:
    await ledger.outbox.enqueue(private_chat(person), "profile_shown", {}, now, person_id=person.id, card=CARD)
