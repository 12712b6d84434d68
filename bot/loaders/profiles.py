"""Reviewers: what they said about their work, and whether they are still there."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import profiles
from storage.model import PersonId


async def _profile(it: Delivery) -> Render:
    whose = it.row.payload.get("person")
    person = it.reader if whose is None else await it.ledger.people.get(PersonId(whose))
    said = await it.ledger.profiles.find(person.id)
    return partial(profiles.profile_shown, person, said, whose is None, it.words, it.deps.policy)


async def _asked(it: Delivery) -> Render:
    return partial(profiles.still_there_asked, it.number("run_out"), it.words)


async def _left(it: Delivery) -> Render:
    return partial(profiles.taken_off_duty, it.words)


async def _invited(it: Delivery) -> Render:
    return partial(profiles.invited_back, it.words)


PROFILES: dict[str, Loader] = {
    "profile_shown": _profile,
    "still_there_asked": _asked,
    "taken_off_duty": _left,
    "invited_back": _invited,
}
