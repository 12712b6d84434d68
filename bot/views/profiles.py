"""What a reviewer said about their work, with buttons to change it; and what somebody is told who does nothing."""

from __future__ import annotations

from bot.callbacks import Verb
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, lines, paragraphs
from bot.views.people import person_name
from bot.views.submissions import TEXT_LANGUAGES
from bot.views.words import Words
from jobs.policy import Policy
from storage.model import Person
from storage.profiles import Profile

LANGUAGE, CAPACITY, HOURS = "lang", "cap", "hours"
"""What a button of the card changes."""

_PER_ROW = 3
_CAPACITY_MOST = 5
_LANGUAGES_SHOWN = 9


def profile_shown(person: Person, profile: Profile, own: bool, words: Words, policy: Policy) -> Message:
    """Return the card; `own`: it is the reader's, who can change it."""
    head = words.text("<b>Your work</b>") if own else words.text("<b>The work of {name}</b>", name=person_name(person))
    said = paragraphs(
        head,
        lines(
            words.text("• Languages: {languages}", languages=_languages(profile, words)),
            words.text("• Topics: {topics}", topics=_topics(profile, words)),
            words.text("• Claims at once: {n}", n=words.number(_capacity(profile, policy))),
            words.text("• Hours: {hours}", hours=_hours(person, profile, words)),
            words.text("• On duty: {answer}", answer=words.text("yes") if person.on_duty else words.text("no")),
        ),
    )
    if not own:
        return Message(said)
    how = paragraphs(
        said,
        words.text(
            "You are offered first what is in your languages and about your topics, and nothing outside your hours."
        ),
        lines(
            words.text("To change the rest, write:"),
            "<code>/profile topics health flood</code>",
            "<code>/profile hours sun-thu 9-17</code>",
        ),
    )
    return Message(how, (*_language_buttons(profile, words), *_other_buttons(person, profile, words, policy)))


def _languages(profile: Profile, words: Words) -> str:
    if not profile.languages:
        return words.text("any")
    return escape(", ".join(sorted(map(words.language_name, profile.languages))))


def _topics(profile: Profile, words: Words) -> str:
    return escape(" ".join(f"#{tag}" for tag in sorted(profile.topics))) or words.text("any")


def _capacity(profile: Profile, policy: Policy) -> int:
    return policy.capacity if profile.capacity is None else min(profile.capacity, policy.capacity)


def _hours(person: Person, profile: Profile, words: Words) -> str:
    if not profile.days:
        return words.text("always")
    days = words.text("every day")
    if len(profile.days) < 7:
        # From Sunday on, as calendars in Bengal have it.
        days = ", ".join(words.weekday(day) for day in sorted(profile.days, key=lambda day: (day + 1) % 7))
    start, end = map(words.clock, (profile.start, profile.end))
    zone = escape(person.zone or words.zone)
    if profile.start == profile.end:
        return words.text("{days} ({zone})", days=days, zone=zone)
    return words.text("{days}, {start} to {end} ({zone})", days=days, start=start, end=end, zone=zone)


def _language_buttons(profile: Profile, words: Words) -> tuple[tuple[Button, ...], ...]:
    codes = [*sorted(profile.languages), *(code for code in TEXT_LANGUAGES if code not in profile.languages)]
    return in_rows(
        [
            button(
                f"{'☑' if code in profile.languages else '☐'} {words.language_name(code)}",
                Verb.PROFILE,
                LANGUAGE,
                code,
                int(code not in profile.languages),
            )
            for code in codes[: max(_LANGUAGES_SHOWN, len(profile.languages))]
        ],
        _PER_ROW,
    )


def _other_buttons(person: Person, profile: Profile, words: Words, policy: Policy) -> tuple[tuple[Button, ...], ...]:
    mine = _capacity(profile, policy)
    most = [
        button(
            f"{'●' if number == mine else '○'} " + words.count("{n} claim at once", "{n} claims at once", number),
            Verb.PROFILE,
            CAPACITY,
            number,
        )
        for number in range(1, min(policy.capacity, _CAPACITY_MOST) + 1)
    ]
    always = [button(words.text("Offers at any hour"), Verb.PROFILE, HOURS, 0)] if profile.days else []
    duty = button(
        words.text("Go off duty") if person.on_duty else words.text("Go on duty"), Verb.DUTY, int(not person.on_duty)
    )
    return (*(in_rows(most, 2) if len(most) > 1 else ()), (*always, duty))


def still_there_asked(run_out: int, words: Words) -> Message:
    """Ask somebody whether they are still there."""
    return Message(
        paragraphs(
            words.text("<b>Are you still there?</b>"),
            words.count(
                "{n} claim was offered to you, and nobody answered. It went to others; nothing is lost.",
                "{n} claims were offered to you, and nobody answered. They went to others; nothing is lost.",
                run_out,
            ),
            words.text("If I hear nothing, you go off duty and get no more offers."),
        ),
        (
            (
                button(words.text("I am here"), Verb.STAY),
                button(words.text("Go off duty"), Verb.DUTY, 0),
            ),
        ),
    )


def taken_off_duty(words: Words) -> Message:
    """Say that somebody was taken off duty who did nothing."""
    return Message(
        words.text(
            "You are off duty now and get no more offers. What you took stays with you. The button brings you back."
        ),
        ((button(words.text("Go on duty"), Verb.DUTY, 1),),),
    )


def invited_back(words: Words) -> Message:
    """Invite somebody back who was taken off duty a while ago. It comes once."""
    return Message(
        paragraphs(
            words.text("<b>You are missed!</b> Claims are waiting to be checked."),
            words.text("One tap, and you get claims again. If you do not want to, do nothing: I shall not ask again."),
        ),
        ((button(words.text("Go on duty"), Verb.DUTY, 1),),),
    )
