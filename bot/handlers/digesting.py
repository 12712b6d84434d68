"""/digest, and its buttons: which digests the chat gets in which this is said."""

from __future__ import annotations

import re

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.digest_place import pressed_chat, pressed_one
from bot.handlers.digest_wishing import typed
from bot.handlers.pressing import OnPress, edit, member, place_of, thread_of
from bot.handlers.reading import chat_of, group_of, is_private, words_after
from jobs.access import require
from jobs.cadence import parse_cron, parse_month_day
from jobs.calendar import parse_local_time, parse_weekday, parse_zone
from jobs.channels import adopt, named_channel, open_channel
from jobs.digest_content import Section
from jobs.subscriptions import (
    end,
    move_to,
    pause_chat,
    preview,
    set_audience,
    set_paused,
    subscribe,
    switch_section,
    unsubscribe,
)
from storage.errors import Refused, Stale
from storage.kinds import Audience, Cadence, ChatKind, Role
from storage.model import ChatId, DigestId
from storage.values import Schedule

_CRON_FIELDS = 5
_CHANNEL = 3
"""Where the button of a step of the dialogue names the channel, if it is about one."""

_SETS = frozenset({*Cadence, "add", "off", "pause", "resume"})
"""Words that change the digests of a channel; how they are then is shown."""

_QUOTED = re.compile(r'["“«]([^"”»]+)["”»]')
_NOT_YET = "-"
"""What a button of the dialogue carries in place of an answer that is still to come."""


async def digest(update: Update, context: DeskContext) -> None:
    """Set, pause, end or show the digests of the chat in which this is said; for editors."""
    require(context.person, Role.EDITOR)
    chat, thread = chat_of(update)
    if not is_private(update):
        await adopt(context.ledger, await group_of(update, context), context.person)
    said = words_after(update, context)
    word, _, rest = said.partition(" ")
    if word.lower() == "channel":
        await _of_channel(update, context, rest.strip())
    else:
        await _said(update, context, chat, thread, said)


async def _of_channel(update: Update, context: DeskContext, said: str) -> None:
    """/digest channel · /digest channel @name daily 09:00: of a channel, answered where this is said"""
    here, topic = chat_of(update)
    if not said:
        await context.reply(here, "digest_channels", thread_id=topic)
        return
    quoted = _QUOTED.match(said)
    if quoted:
        name, rest = quoted[1], said[quoted.end() :]
    else:
        name, rest = [*said.split(None, 1), ""][:2]
    channel = await named_channel(context.ledger, context.person, name)
    await _said(update, context, channel.id, None, rest.strip())
    if rest.split() and rest.split()[0].lower() in _SETS:
        await context.reply(here, "digests_shown", thread_id=topic, **await _active(context, channel.id, None))


async def _said(update: Update, context: DeskContext, chat: ChatId, thread: int | None, said: str) -> None:
    work, shown = context.work, chat_of(update)
    here = (work.ledger, context.person, chat, thread)
    word, *rest = said.split() or ["list"]
    match word.lower(), rest:
        case number, [_, *_] if number.isdecimal():
            await typed(update, context, chat, thread, said)
        case "list", []:
            active = await _active(context, chat, thread)
            await context.reply(shown[0], "digests_shown", thread_id=shown[1], **active)
        case "off", []:
            await unsubscribe(*here, work.now)
        case "pause" | "resume" as wish, []:
            await pause_chat(*here, work.now, paused=wish == "pause")
        case "now" | "preview", []:
            await preview(*here, work.now, work.policy, _zone(context), shown=shown)
        case "add", [cadence, *more]:
            await subscribe(*here, _schedule(cadence, more, _zone(context)), work.now, beside=True)
        case cadence, more:
            await subscribe(*here, _schedule(cadence, more, _zone(context)), work.now)


def _zone(context: DeskContext) -> str:
    return context.person.zone or context.work.settings.timezone


def _schedule(word: str, rest: list[str], zone: str) -> Schedule:
    def place(given: list[str]) -> str:
        # Written with a space by many: America/New York.
        return parse_zone(" ".join(given)) if given else zone

    match word.lower(), rest:
        case ("daily" | "weekdays") as cadence, [at, *zones]:
            return Schedule(Cadence(cadence), place(zones), parse_local_time(at))
        case "weekly", [day, at, *zones]:
            return Schedule(Cadence.WEEKLY, place(zones), parse_local_time(at), parse_weekday(day))
        case "monthly", [day, at, *zones]:
            return Schedule(Cadence.MONTHLY, place(zones), parse_local_time(at), parse_month_day(day))
        case "cron", [_, _, _, _, _, *zones]:
            line = parse_cron(" ".join(rest[:_CRON_FIELDS]))
            return Schedule(Cadence.CRON, place(zones), cron=line)
        case _:
            raise Refused("digest_usage")


async def _active(context: DeskContext, chat: int, thread: int | None) -> dict[str, object]:
    active = await context.ledger.subscriptions.list_of_chat(chat, thread)  # type: ignore[arg-type]
    shown: dict[str, object] = {"subscriptions": [subscription.id for subscription in active], "zone": _zone(context)}
    if await open_channel(context.ledger, context.person, ChatId(chat)) is not None:
        shown["channel"] = chat
    return shown


async def press_list(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """All digests of the chat, or of the channel that the button names."""
    require(context.person, Role.EDITOR)
    await _show_all(update, context, *await pressed_chat(update, context, pressed, 0))
    return None


async def _show_all(update: Update, context: DeskContext, chat: ChatId, thread: int | None) -> None:
    await edit(update, context, "digests_shown", **await _active(context, chat, thread))


async def press_one(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """One digest, with what can be done to it."""
    await pressed_one(update, context, pressed)
    await edit(update, context, "digest_shown", subscription=pressed.number(0))
    return None


async def press_do(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Pause, resume, end, or ask for another time."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    match pressed.word(1):
        case "pause" | "resume" as wish:
            await set_paused(work.ledger, context.person, subscription, work.now, paused=wish == "pause")
            await edit(update, context, "digest_shown", subscription=subscription)
            return "saved"
        case "end":
            ended = await end(work.ledger, context.person, subscription, work.now)
            await _show_all(update, context, ended.chat_id, ended.thread_id)
            return "saved"
        case "time":
            await edit(update, context, "digest_asked", subscription=subscription)
            return None
        case "told":
            await edit(update, context, "digest_parts", subscription=subscription)
            return None
        case _:
            raise Stale("button_unknown")


async def press_at(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Another time of day for a digest."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    await move_to(work.ledger, context.person, subscription, pressed.number(1), work.now)
    await edit(update, context, "digest_shown", subscription=subscription)
    return "saved"


async def press_for(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """For whom a digest is."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    await set_audience(work.ledger, context.person, subscription, member(Audience, pressed.word(1)), work.now)
    await edit(update, context, "digest_parts", subscription=subscription)
    return "saved"


async def press_part(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Tell a section, or leave it out."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    section, on = member(Section, pressed.word(1)), pressed.word(2) == "1"
    await switch_section(work.ledger, context.person, subscription, section, work.now, on=on)
    await edit(update, context, "digest_parts", subscription=subscription)
    return "saved"


async def press_open(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """The claims behind a number, as a message of their own: the digest stays as it is."""
    digest_id, section = await _posted_here(update, context, pressed)
    await context.reply(
        place_of(update)[0], "digest_claims", thread_id=thread_of(update), digest=digest_id, section=section, offset=0
    )
    return None


async def press_turn(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Another page of them."""
    digest_id, section = await _posted_here(update, context, pressed)
    await edit(update, context, "digest_claims", digest=digest_id, section=section, offset=pressed.number(2))
    return None


async def _posted_here(update: Update, context: DeskContext, pressed: Press) -> tuple[DigestId, Section]:
    """Return the digest and the section that a button names; Stale unless the digest belongs to this chat.

    Who can press it sees what the digest itself showed.
    """
    digest = await context.ledger.subscriptions.get_digest(DigestId(pressed.number(0)))
    subscription = await context.ledger.subscriptions.get(digest.subscription_id)
    section = member(Section, pressed.word(1))
    chat = await context.ledger.chats.find(subscription.chat_id)
    if chat is not None and chat.kind is ChatKind.CHANNEL:
        # A list in answer to one reader would be a post for all.
        raise Stale("button_unknown")
    if subscription.chat_id != place_of(update)[0] or section not in digest.content["sections"]:
        raise Stale("button_unknown")
    return digest.id, section


async def press_new(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """A step of the dialogue that sets a digest: how often, on which day, at which time."""
    require(context.person, Role.EDITOR)
    cadence, work = member(Cadence, pressed.word(0)), context.work
    chat, thread = await pressed_chat(update, context, pressed, _CHANNEL)
    needs_day = cadence in {Cadence.WEEKLY, Cadence.MONTHLY}
    day = pressed.number(1) if pressed.word(1) != _NOT_YET else None
    if pressed.word(2) == _NOT_YET or needs_day is (day is None):
        asked = {"cadence": cadence, "day": day, "zone": _zone(context), "channel": chat}
        await edit(update, context, "digest_asked", **asked)
        return None
    schedule = Schedule(cadence, _zone(context), pressed.number(2), day)
    try:
        await subscribe(work.ledger, context.person, chat, thread, schedule, work.now, beside=True)
    except ValueError:
        raise Stale("button_unknown") from None
    await _show_all(update, context, chat, thread)
    return "saved"


PRESSES: dict[Verb, OnPress] = {
    Verb.DIGESTS: press_list,
    Verb.DIGEST: press_one,
    Verb.DIGEST_DO: press_do,
    Verb.DIGEST_AT: press_at,
    Verb.DIGEST_NEW: press_new,
    Verb.DIGEST_FOR: press_for,
    Verb.DIGEST_PART: press_part,
    Verb.DIGEST_OPEN: press_open,
    Verb.DIGEST_TURN: press_turn,
}
