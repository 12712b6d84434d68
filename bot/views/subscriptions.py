"""A chat's digests: which there are, what can be done to one, and the dialogue that sets one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.digests import limit_told, section_name
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, lines, one_line, paragraphs
from bot.views.words import Words
from jobs.cadence import working_days
from jobs.digest_content import SECTIONS
from storage.kinds import Audience, Cadence
from storage.model import Chat, Subscription
from storage.values import Schedule, schedule_of

_HOURS = range(6, 24)
"""Offered by button; every other time can be typed."""

_MONTH_DAYS = (1, 5, 10, 15, 20, 25, 31)
_LAST_DAY = 31
_SHORTEST_MONTH = 28
_PER_ROW = 4
_TITLE_MOST, _LABEL_MOST = 100, 30
_NOT_YET = "-"


def digest_set(subscription: Subscription, words: Words) -> Message:
    """Say which digest a chat gets from now on."""
    return Message(
        lines(
            words.text("Done. The digest comes: {schedule}.", schedule=_schedule(schedule_of(subscription), words)),
            _next(subscription, words),
            words.text("/digest changes or ends it, /digest now shows what there is so far."),
        )
    )


def digests_shown(subscriptions: Sequence[Subscription], words: Words, channel: Chat | None = None) -> Message:
    """Show a chat's digests, each with its button, and buttons that add one; those of a channel are set elsewhere."""
    add = [
        button(label, Verb.DIGEST_NEW, cadence, _NOT_YET, _NOT_YET, *_of(channel))
        for cadence, label in (
            (Cadence.DAILY, words.text("＋ Every day")),
            (Cadence.WEEKDAYS, words.text("＋ On working days")),
            (Cadence.WEEKLY, words.text("＋ Every week")),
            (Cadence.MONTHLY, words.text("＋ Every month")),
        )
    ]
    title = "" if channel is None else escape(one_line(channel.title, _TITLE_MOST))
    if not subscriptions and channel is not None:
        return Message(
            words.text("The channel “{title}” has no digest. The buttons set one.", title=title), in_rows(add, 2)
        )
    if not subscriptions:
        text = words.text("This chat has no digest. The buttons set one; so does a line like this:")
        return Message(paragraphs(text, _examples()), in_rows(add, 2))
    told, rows = [], []
    for place, subscription in enumerate(subscriptions, 1):
        head = f"{words.number(place)}. {_schedule(schedule_of(subscription), words)}"
        limit = limit_told(subscription.languages, subscription.topics, words)
        told.append(lines(head, _next(subscription, words), limit))
        label = words.text("Change {number}", number=place)
        rows.append(button(label, Verb.DIGEST, subscription.id))
    if channel is None:
        top = words.text("<b>Digests of this chat</b>")
        rest: str | None = words.text("/digest now shows what there is so far.")
    else:
        top, rest = words.text("<b>Digests of the channel “{title}”</b>", title=title), None
    return Message(
        paragraphs(top, *told, rest),
        (*in_rows(rows, _PER_ROW), *in_rows(add, 2)),
    )


def _of(channel: Chat | None) -> tuple[int, ...]:
    return () if channel is None else (channel.id,)


def channels_offered(channels: Sequence[Chat], words: Words) -> Message:
    """Ask which channel's digests are meant."""
    if not channels:
        return Message(
            words.text("The desk is in no channel in which it can post. Please add it to one as an administrator.")
        )
    rows = [button(one_line(each.title, _LABEL_MOST), Verb.DIGESTS, each.id) for each in channels]
    text = lines(
        words.text("Which channel's digests? By button, or typed:"),
        "/digest channel @name daily 09:00",
    )
    return Message(text, in_rows(rows, 1))


def digest_shown(subscription: Subscription, words: Words, channel: Chat | None = None) -> Message:
    """Show one digest with what can be done to it."""
    if not subscription.active:
        return Message(words.text("This digest has ended. /digest shows the others."))
    if subscription.paused:
        state = button(words.text("Go on"), Verb.DIGEST_DO, subscription.id, "resume")
    else:
        state = button(words.text("Pause"), Verb.DIGEST_DO, subscription.id, "pause")
    first = [state]
    told = button(words.text("What it tells"), Verb.DIGEST_DO, subscription.id, "told")
    if subscription.local_minute is not None:
        first.append(button(words.text("Another time"), Verb.DIGEST_DO, subscription.id, "time"))
    limit = limit_told(subscription.languages, subscription.topics, words)
    text = lines(_schedule(schedule_of(subscription), words), _next(subscription, words), limit)
    return Message(
        text,
        (
            tuple(first),
            (
                told,
                button(words.text("End it"), Verb.DIGEST_DO, subscription.id, "end"),
            ),
            (
                button(words.text("Languages and topics"), Verb.DIGEST_WISH, subscription.id, "limits"),
                button(words.text("Intro"), Verb.DIGEST_WISH, subscription.id, "intro"),
                button(words.text("Order"), Verb.DIGEST_WISH, subscription.id, "order"),
            ),
            (button(words.text("‹ All digests"), Verb.DIGESTS, *_of(channel)),),
        ),
    )


def parts_shown(subscription: Subscription, words: Words, channel: Chat | None = None) -> Message:
    """Show for whom a digest is and which sections it has, with a button to change each."""
    names = {
        Audience.PUBLIC: words.text("the public"),
        Audience.REVIEWERS: words.text("reviewers"),
        Audience.EDITORS: words.text("editors"),
    }
    audiences = [
        button(_ticked(name, subscription.audience is audience), Verb.DIGEST_FOR, subscription.id, audience)
        for audience, name in names.items()
        if channel is None or audience is Audience.PUBLIC
    ]
    parts = []
    for section in SECTIONS[subscription.audience]:
        on = section not in subscription.left_out
        label = _ticked(section_name(section, words), on)
        parts.append(button(label, Verb.DIGEST_PART, subscription.id, section, int(not on)))
    text = lines(
        words.text("This digest is for: <b>{audience}</b>", audience=names[subscription.audience]),
        words.text("Each tap adds a part or leaves it out. A part in which nothing happened is not shown."),
    )
    back = (button(words.text("‹ Back"), Verb.DIGEST, subscription.id),)
    return Message(text, (tuple(audiences), *in_rows(parts, 2), back))


def _ticked(label: str, on: bool) -> str:
    return f"{'☑' if on else '☐'} {label}"


def time_asked(subscription: Subscription, words: Words) -> Message:
    """Ask for another time of day for a digest."""
    hours = [button(words.clock(hour * 60), Verb.DIGEST_AT, subscription.id, hour * 60) for hour in _HOURS]
    back = button(words.text("‹ Back"), Verb.DIGEST, subscription.id)
    text = lines(_schedule(schedule_of(subscription), words), words.text("At what time shall it come?"))
    return Message(text, (*in_rows(hours, _PER_ROW), (back,)))


def digest_asked(cadence: Cadence, day: int | None, words: Words, channel: Chat | None = None) -> Message:
    """Ask for what a new digest still lacks: the day of a weekly or monthly one, else the time."""
    of = _of(channel)
    back = (button(words.text("‹ All digests"), Verb.DIGESTS, *of),)
    if day is None and cadence is Cadence.WEEKLY:
        # As the weeks of most of our readers begin.
        days = [(number, words.weekday(number)) for number in (6, 0, 1, 2, 3, 4, 5)]
        return Message(words.text("On which day of the week?"), (*_days(cadence, days, 2, of), back))
    if day is None and cadence is Cadence.MONTHLY:
        days = [
            (number, words.text("The last") if number == _LAST_DAY else words.number(number)) for number in _MONTH_DAYS
        ]
        return Message(words.text("On which day of the month?"), (*_days(cadence, days, _PER_ROW, of), back))
    hours = [
        button(words.clock(hour * 60), Verb.DIGEST_NEW, cadence, _NOT_YET if day is None else day, hour * 60, *of)
        for hour in _HOURS
    ]
    text = lines(
        words.text("At what time? It is meant on the clock of {zone}.", zone=escape(words.zone)),
        words.text("Any other time or zone can be typed:"),
        _examples(),
    )
    return Message(text, (*in_rows(hours, _PER_ROW), back))


def _examples() -> str:
    return lines(
        "/digest daily 09:00 Asia/Dhaka",
        "/digest weekdays 08:30",
        "/digest weekly sun 18:00",
        "/digest monthly 31 18:00",
        "/digest cron 0 9 1,15 * *",
    )


def _days(
    cadence: Cadence, days: Sequence[tuple[int, str]], per_row: int, of: tuple[int, ...]
) -> tuple[tuple[Button, ...], ...]:
    made = [button(label, Verb.DIGEST_NEW, cadence, number, _NOT_YET, *of) for number, label in days]
    return in_rows(made, per_row)


def _next(subscription: Subscription, words: Words) -> str:
    if subscription.paused:
        return words.text("Paused. When it goes on, it will tell everything since the last one.")
    return words.text("The next one comes on {moment}.", moment=words.moment(subscription.next_at))


def _schedule(schedule: Schedule, words: Words) -> str:
    zone = escape(schedule.zone)
    if schedule.cron is not None or schedule.local_minute is None:
        line = f"<code>{escape(schedule.cron or '')}</code>"
        return words.text("by the line {line} ({zone})", line=line, zone=zone)
    time = words.clock(schedule.local_minute)
    match schedule.cadence, schedule.day:
        case Cadence.WEEKLY, int() as day:
            return words.text("every {day} at {time} ({zone})", day=words.weekday(day), time=time, zone=zone)
        case Cadence.MONTHLY, int() as day if day == _LAST_DAY:
            return words.text("on the last day of each month at {time} ({zone})", time=time, zone=zone)
        case Cadence.MONTHLY, int() as day if day > _SHORTEST_MONTH:
            return words.text(
                "on day {day} of each month, or on its last day, at {time} ({zone})", day=day, time=time, zone=zone
            )
        case Cadence.MONTHLY, int() as day:
            return words.text("on day {day} of each month at {time} ({zone})", day=day, time=time, zone=zone)
        case Cadence.WEEKDAYS, _:
            days = ", ".join(words.weekday(day) for day in sorted(working_days(schedule.zone), key=_from_sunday))
            return words.text("on working days ({days}) at {time} ({zone})", days=days, time=time, zone=zone)
        case _:
            return words.text("every day at {time} ({zone})", time=time, zone=zone)


def _from_sunday(day: int) -> int:
    return (day + 1) % 7
