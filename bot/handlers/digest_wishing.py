"""What a digest tells of, how it begins, and in which order: typed, and by button."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.digest_place import numbered, pressed_one
from bot.handlers.pressing import OnPress, edit, member, place_of, thread_of
from bot.handlers.reading import chat_of, message_of
from bot.views.searching import search_names
from jobs.digest_content import Section
from jobs.digest_intro import ask_intro
from jobs.digest_wishes import (
    in_our_order,
    limit_to,
    move_up,
    read_languages,
    read_topics,
    set_intro,
    switch_language,
    switch_topic,
)
from jobs.listen import hear_reply
from storage.errors import Refused, Stale
from storage.model import ChatId

_OFF = "off"


async def typed(update: Update, context: DeskContext, chat: ChatId, thread: int | None, said: str) -> None:
    """/digest 2 languages bn en · /digest 2 topics health · /digest 2 intro Good morning!"""
    work, person = context.work, context.person
    number, word, *rest = said.split(None, 2)
    subscription = await numbered(context, chat, thread, int(number))
    text = "" if not rest or rest[0].strip().lower() == _OFF else rest[0]
    kind = "digest_limits"
    match word.lower():
        case "languages" | "language":
            chosen = read_languages(text.split(), search_names().language)
            await limit_to(work.ledger, person, subscription, work.now, languages=chosen)
        case "topics" | "topic" | "tags":
            await limit_to(work.ledger, person, subscription, work.now, topics=read_topics(text.split()))
        case "intro":
            await set_intro(work.ledger, person, subscription, text, work.now)
            kind = "digest_intro"
        case _:
            raise Refused("digest_usage")
    answer_chat, answer_thread = chat_of(update)
    await context.reply(answer_chat, kind, thread_id=answer_thread, subscription=subscription)


async def reply(update: Update, context: DeskContext) -> None:
    """A reply in a group to a message of the desk: the intro, if that asked this person for it"""
    message, person = message_of(update), context.work.person
    replied = message.reply_to_message
    if person is None or replied is None or message.text is None:
        return
    here = ChatId(message.chat.id)
    await hear_reply(context.ledger, person, here, replied.message_id, message.text, context.work.now)


async def press_wish(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Show the limits, the intro or the order of a digest, or take one of them back."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    match pressed.word(1):
        case "limits" | "order" as what:
            await edit(update, context, f"digest_{what}", subscription=subscription)
            return None
        case "intro":
            card, topic = place_of(update), thread_of(update)
            await ask_intro(work.ledger, context.person, subscription, card, topic, work.now)
            await edit(update, context, "digest_intro_asked", subscription=subscription)
            return None
        case "leave":
            await work.ledger.intros.end(context.person.id)
            await edit(update, context, "digest_shown", subscription=subscription)
            return None
        case "all":
            await limit_to(work.ledger, context.person, subscription, work.now, languages=(), topics=())
            await edit(update, context, "digest_limits", subscription=subscription)
        case "bare":
            await set_intro(work.ledger, context.person, subscription, "", work.now)
            await work.ledger.intros.end(context.person.id)
            await edit(update, context, "digest_intro", subscription=subscription)
        case "ours":
            await in_our_order(work.ledger, context.person, subscription, work.now)
            await edit(update, context, "digest_order", subscription=subscription)
        case _:
            raise Stale("button_unknown")
    return "saved"


async def press_language(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Tell of claims in a language, or no longer."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    on = pressed.word(2) == "1"
    await switch_language(work.ledger, context.person, subscription, pressed.word(1), work.now, on=on)
    await edit(update, context, "digest_limits", subscription=subscription)
    return "saved"


async def press_topic(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Tell of claims with a tag, or no longer."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    on = pressed.word(2) == "1"
    await switch_topic(work.ledger, context.person, subscription, pressed.word(1), work.now, on=on)
    await edit(update, context, "digest_limits", subscription=subscription)
    return "saved"


async def press_up(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Tell a section one place earlier."""
    subscription, work = await pressed_one(update, context, pressed), context.work
    section, place = member(Section, pressed.word(1)), pressed.number(2)
    await move_up(work.ledger, context.person, subscription, section, place, work.now)
    await edit(update, context, "digest_order", subscription=subscription)
    return "saved"


PRESSES: dict[Verb, OnPress] = {
    Verb.DIGEST_WISH: press_wish,
    Verb.DIGEST_LANGUAGE: press_language,
    Verb.DIGEST_TOPIC: press_topic,
    Verb.DIGEST_UP: press_up,
}
