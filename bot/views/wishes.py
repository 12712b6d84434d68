"""How somebody wishes to be told what: the choices, quiet hours, and the daily summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.callbacks import Verb
from bot.views.lists import claim_line
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, lines, number_of, paragraphs
from bot.views.words import Words, mark
from jobs.lifecycle import REVIEWABLE_STATES
from jobs.policy import Policy
from jobs.summaries import Waiting
from jobs.wishes import LEAST, SUBJECTS
from storage.corrections import Correction
from storage.figures import ClaimLine
from storage.kinds import Manner, Subject
from storage.model import Person
from storage.objections import Objection

CLAIMS_MOST = 10
"""Claims that a summary lists; the queue has the rest."""

_PER_ROW = 3

_SUBJECTS = {
    Subject.OFFERS: mark("Claims to review"),
    Subject.REMINDERS: mark("Reminders"),
    Subject.DECISIONS: mark("Decisions to be made"),
    Subject.CORRECTIONS: mark("Corrections"),
    Subject.TEAM: mark("News of the team"),
}

_MANNERS = {
    Manner.AT_ONCE: mark("at once"),
    Manner.DAILY: mark("daily"),
    Manner.NEVER: mark("never"),
}

_NEXT = {Manner.AT_ONCE: Manner.DAILY, Manner.DAILY: Manner.NEVER, Manner.NEVER: Manner.AT_ONCE}


def wishes_shown(person: Person, wishes: Mapping[Subject, Manner], words: Words, policy: Policy) -> Message:
    """Show how a person is told about each subject; a button changes it to the next of the three manners."""
    mine = [each for each in SUBJECTS if person.role.covers(LEAST[each])]
    told = paragraphs(
        words.text("<b>How do you wish to be told?</b> Each button changes one."),
        lines(*(f"• {_wish(each, wishes[each], words)}" for each in mine)),
        words.text(
            "“Daily” comes in one message at {time}. What answers you comes at once, whatever you choose.",
            time=words.clock(policy.summary_hour * 60),
        ),
        words.text("Claims to review are offered to you only with “at once”; the daily message names those that wait.")
        if wishes[Subject.OFFERS] is not Manner.AT_ONCE
        else None,
        _quiet(person, words),
    )
    rows = tuple((button(_wish(each, wishes[each], words), Verb.WISH, each, _NEXT[wishes[each]]),) for each in mine)
    return Message(told, rows)


def _wish(subject: Subject, manner: Manner, words: Words) -> str:
    return words.text(
        "{subject}: {manner}", subject=words.text(_SUBJECTS[subject]), manner=words.text(_MANNERS[manner])
    )


def _quiet(person: Person, words: Words) -> str:
    if person.quiet_from is None or person.quiet_until is None:
        return words.text("No quiet hours. /quiet 22-07 keeps messages of these hours until the morning.")
    return words.text(
        "Quiet hours: {start} to {end} ({zone}). /quiet off ends them.",
        start=words.clock(person.quiet_from),
        end=words.clock(person.quiet_until),
        zone=escape(person.zone or words.zone),
    )


def quiet_set(person: Person, words: Words) -> Message:
    """Say what quiet hours mean."""
    return Message(
        paragraphs(
            _quiet(person, words),
            words.text("What comes meanwhile is sent when they end. What answers you comes at once."),
        )
    )


def summary_posted(news: Sequence[str], waiting: Waiting, now: datetime, words: Words) -> Message:
    """Return a daily summary.

    Args:
        news: what was put aside, each as its message would have said it, safe in HTML.
        waiting: what waits for the reader.
    """
    shown = waiting.claims[:CLAIMS_MOST]
    more = len(waiting.claims) - len(shown)
    corrections, objections = waiting.corrections[:CLAIMS_MOST], waiting.objections[:CLAIMS_MOST]
    told = paragraphs(
        words.text("<b>Your summary of {date}</b>", date=words.date(now)),
        *news,
        words.text("<b>Waiting for you:</b>") if shown else None,
        *(claim_line(line, words) for line in shown),
        words.count("and {n} more: /queue", "and {n} more: /queue", more) if more and not waiting.more else None,
        words.text("There are more: /queue") if waiting.more else None,
        words.count("{n} document to be sorted: /triage", "{n} documents to be sorted: /triage", waiting.heaps)
        if waiting.heaps
        else None,
        words.text("<b>To be released by you:</b> {corrections}", corrections=_numbers(corrections))
        if corrections
        else None,
        words.text("<b>New evidence to look at:</b> {claims}", claims=_numbers(objections)) if objections else None,
        words.text("Everything is done: nothing waits for you any more.") if not news and not waiting else None,
    )
    buttons = [_to(line, words) for line in shown]
    for correction in corrections:
        label = words.text("Correction of {claim}", claim=number_of(correction.claim_id))
        buttons.append(button(label, Verb.AMEND, correction.id))
    for objection in objections:
        label = words.text("Evidence on {claim}", claim=number_of(objection.claim_id))
        buttons.append(button(label, Verb.OBJECTION, objection.id))
    return Message(told, in_rows(buttons, _PER_ROW))


def _numbers(about: Sequence[Correction] | Sequence[Objection]) -> str:
    return ", ".join(number_of(each.claim_id) for each in about)


def _to(line: ClaimLine, words: Words) -> Button:
    if line.claim.state in REVIEWABLE_STATES:
        return button(words.text("Take {claim}", claim=number_of(line.claim.id)), Verb.TAKE_CLAIM, line.claim.id)
    return button(number_of(line.claim.id), Verb.DECIDE, line.claim.id)
