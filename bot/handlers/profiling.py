"""What reviewers say about their work, by command and buttons, and who was asked whether they are still there."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress
from bot.handlers.reading import chat_of, only_private, words_after
from bot.views.profiles import CAPACITY, HOURS, LANGUAGE
from bot.views.searching import language_code
from bot.views.submissions import TEXT_LANGUAGES
from jobs import profiles, team
from storage.errors import Refused, Stale
from storage.kinds import Role

_ANY = frozenset({"", "any", "off", "all", "always", "সব", "যেকোনো", "বন্ধ"})
_LANGUAGES = frozenset({"language", "languages", "ভাষা"})
_TOPICS = frozenset({"topic", "topics", "tags", "বিষয়"})
_HOURS = frozenset({"hours", "time", "সময়"})
_CAPACITY = frozenset({"capacity", "claims", "দাবি"})


async def profile(update: Update, context: DeskContext) -> None:
    """/profile, alone, with what to change, or for editors with somebody's name"""
    only_private(update)
    work, person = context.work, context.person
    word, _, rest = words_after(update, context).partition(" ")
    at, rest = word.lower(), rest.strip()
    plain = "" if rest.lower() in _ANY else rest
    if not word:
        await profiles.show_profile(work.ledger, person, work.now)
    elif at in _LANGUAGES:
        await profiles.set_languages(work.ledger, person, plain, language_code, work.now, work.policy)
    elif at in _TOPICS:
        await profiles.set_topics(work.ledger, person, plain, work.now, work.policy)
    elif at in _HOURS:
        zone = person.zone or work.settings.timezone
        await profiles.set_hours(work.ledger, person, plain or None, zone, work.now, work.policy)
    elif at in _CAPACITY:
        await profiles.set_capacity(work.ledger, person, _number(plain), work.now, work.policy)
    elif not person.role.covers(Role.EDITOR):
        raise Refused("profile_usage")
    else:
        member = await team.find_person(work.ledger, word)
        await context.reply(chat_of(update)[0], "profile_shown", person=member.id)


def _number(text: str) -> int | None:
    if text and not text.isdecimal():
        raise Refused("profile_usage")
    return int(text) if text else None


async def _change(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, person, what = context.work, context.person, pressed.word(0)
    if what == LANGUAGE:
        code, on = pressed.word(1), pressed.number(2) == 1
        if on and code not in TEXT_LANGUAGES:
            raise Stale("button_unknown")
        await profiles.switch_language(work.ledger, person, code, work.now, work.policy, on=on)
    elif what == CAPACITY:
        await profiles.set_capacity(work.ledger, person, pressed.number(1), work.now, work.policy)
    elif what == HOURS:
        await profiles.set_hours(work.ledger, person, None, "", work.now, work.policy)
    else:
        raise Stale("button_unknown")
    return "saved"


async def _stay(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await profiles.stay(context.ledger, context.person, context.work.now)
    return "glad_you_are_here"


PRESSES: dict[Verb, OnPress] = {
    Verb.PROFILE: _change,
    Verb.STAY: _stay,
}
