"""What a digest is limited to, how it begins and in which order it tells: shown, with buttons that change it."""

from __future__ import annotations

from bot.callbacks import LONGEST, Verb, encode
from bot.views.digests import limit_told, section_name
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, lines, paragraphs
from bot.views.words import Words
from jobs.digest_wishes import LONGEST_INTRO, MOST, Offered, order_of
from storage.digest_wishes import wishes_of
from storage.model import Subscription

_PER_ROW = 3


def limits_shown(subscription: Subscription, number: int, offered: Offered, words: Words) -> Message:
    """Show of which claims a digest tells.

    Args:
        number: of the digest in the list, by which it is named in a command.
    """
    only = wishes_of(subscription).only
    told = limit_told(only.languages, only.topics, words) or words.text("It tells of all claims.")
    languages = [
        _switch(words.language_name(code), code in only.languages, Verb.DIGEST_LANGUAGE, subscription, code)
        for code in offered.languages
    ]
    topics = [
        _switch(f"#{tag}", tag in only.topics, Verb.DIGEST_TOPIC, subscription, tag)
        for tag in offered.topics
        if _fits(subscription, tag)
    ]
    rows = [*in_rows(languages, _PER_ROW), *in_rows(topics, _PER_ROW)]
    if only:
        rows.append((button(words.text("All claims"), Verb.DIGEST_WISH, subscription.id, "all"),))
    text = paragraphs(
        told,
        lines(
            words.text("Each tap adds a language or a topic, or takes it away. Topics are tags of claims."),
            words.text("Others can be typed, up to {most}:", most=MOST),
            _example(number, "languages bn en"),
            _example(number, words.text("topics health election")),
            _example(number, "topics off"),
        ),
    )
    return Message(text, (*rows, _back(subscription, words)))


def intro_shown(subscription: Subscription, words: Words) -> Message:
    """Show with which words a digest begins."""
    label = words.text("Write one") if subscription.intro is None else words.text("Write another")
    write = (button(label, Verb.DIGEST_WISH, subscription.id, "intro"),)
    return Message(_intro(subscription, words), (write, *_bare(subscription, words), _back(subscription, words)))


def intro_asked(subscription: Subscription, number: int, words: Words, *, private: bool) -> Message:
    """Ask for the words with which a digest begins.

    Args:
        number: of the digest in the list, by which it is named in a command.
        private: every text counts here; in a group only one that is a reply to this.
    """
    if private:
        ask = words.text("Now send the words as your next message, up to {most} characters.", most=LONGEST_INTRO)
    else:
        ask = words.text("Now reply to this message with the words, up to {most} characters.", most=LONGEST_INTRO)
    text = paragraphs(
        _intro(subscription, words),
        ask,
        lines(
            words.text(
                "In place of {date} stands the day on which it comes. All else is told as you write it, without "
                "formatting.",
                date="<code>{date}</code>",
            ),
            words.text("Or in one line:"),
            _example(number, words.text("intro Good morning! This is the news of {date}.", date="{date}")),
        ),
    )
    leave = (button(words.text("Leave it as it is"), Verb.DIGEST_WISH, subscription.id, "leave"),)
    return Message(text, (*_bare(subscription, words), leave))


def _intro(subscription: Subscription, words: Words) -> str:
    if subscription.intro is None:
        return words.text("It begins without words of yours.")
    return lines(words.text("It begins like this:"), escape(subscription.intro))


def _bare(subscription: Subscription, words: Words) -> tuple[tuple[Button, ...], ...]:
    if subscription.intro is None:
        return ()
    return ((button(words.text("Without an intro"), Verb.DIGEST_WISH, subscription.id, "bare"),),)


def order_shown(subscription: Subscription, words: Words) -> Message:
    """Show in which order a digest tells its sections."""
    order = order_of(subscription)
    told = [f"{words.number(place)}. {section_name(section, words)}" for place, section in enumerate(order, 1)]
    rows = [
        button(f"↑ {section_name(section, words)}", Verb.DIGEST_UP, subscription.id, section, place)
        for place, section in enumerate(order)
        if place
    ]
    ours = []
    if subscription.arranged:
        ours = [(button(words.text("The usual order"), Verb.DIGEST_WISH, subscription.id, "ours"),)]
    text = paragraphs(words.text("Each tap moves a section one place up."), lines(*told))
    return Message(text, (*in_rows(rows, 2), *ours, _back(subscription, words)))


def _example(number: int, rest: str) -> str:
    return f"<code>/digest {number} {escape(rest)}</code>"


def _switch(label: str, on: bool, verb: Verb, subscription: Subscription, value: str) -> Button:
    return button(f"{'☑' if on else '☐'} {label}", verb, subscription.id, value, int(not on))


def _fits(subscription: Subscription, tag: str) -> bool:
    """True if a tag is short enough for a button. Longer ones can be typed."""
    try:
        return len(encode(Verb.DIGEST_TOPIC, subscription.id, tag, 0).encode()) <= LONGEST
    except ValueError:
        return False


def _back(subscription: Subscription, words: Words) -> tuple[Button, ...]:
    return (button(words.text("‹ Back"), Verb.DIGEST, subscription.id),)
