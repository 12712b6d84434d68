"""Practice: what it is and how far one is, the real cards under a line that says so, and the desk's verdict."""

from __future__ import annotations

from dataclasses import replace

from bot.callbacks import Verb
from bot.views import cards
from bot.views.evidence import source_lines
from bot.views.labels import rating_label
from bot.views.message import Button, Message, escape
from bot.views.parts import PRACTICE, button, lines, number_of, paragraphs, quote, shorten
from bot.views.words import Words, mark
from jobs.policy import Policy
from jobs.practice import Agreement, compare
from storage.figures import CardFacts
from storage.kinds import AssignmentState, ReviewState
from storage.model import Person, Review, Source
from storage.practice import Case, Progress
from storage.verdicts import VerdictSource

_QUOTE_MOST = 300
_TEXT_MOST = 700
_TITLE_MOST = 80
_SHOWN_SOURCES = 5

_AGREEMENT = {
    Agreement.NEXT: mark("They lie next to each other on the scale."),
    Agreement.FAR: mark("They lie far from each other on the scale."),
    Agreement.APART: mark(
        "One of the two has no place between true and false, so nobody can say how far they lie apart."
    ),
}


def practice_shown(progress: Progress, person: Person, words: Words) -> Message:
    """Say what practice is and how far the person is; once all is done, how it went."""
    head = words.text("{sign} <b>Practice</b>", sign=PRACTICE)
    if progress.cases and progress.done == progress.cases:
        told = paragraphs(head, *_summary(progress, person, words))
        again = button(words.text("Start over"), Verb.PRACTICE_AGAIN, progress.person_id, progress.mark)
        return Message(told, ((again,),))
    told = paragraphs(
        head,
        words.text(
            "You work on claims from the past, with the cards of real work: take, rate, give sources, explain, hand "
            "in. Then you see what the desk found."
        ),
        words.text(
            "Nothing of it counts: nobody else sees it, no claim waits for it, and real claims are offered to you as "
            "ever. Take your time; drafts are kept."
        ),
        _standing(progress, words),
    )
    return Message(told, _buttons(progress, words))


def _standing(progress: Progress, words: Words) -> str:
    return lines(
        words.count("There is {n} practice claim.", "There are {n} practice claims.", progress.cases),
        words.text(
            "Done: {done}; with the same rating as the desk: {agreeing}",
            done=progress.done,
            agreeing=progress.agreeing,
        )
        if progress.done
        else words.text("You have done none of them yet."),
    )


def _buttons(progress: Progress, words: Words) -> tuple[tuple[Button, ...], ...]:
    stop = button(words.text("Stop"), Verb.PRACTICE_STOP, progress.person_id)
    if progress.open is not None:
        return ((button(words.text("Show the open one"), Verb.WORK, progress.open.id), stop),)
    return ((_next(progress, words.text("Start") if progress.newest is None else words.text("Next claim")), stop),)


def _next(progress: Progress, label: str) -> Button:
    return button(label, Verb.PRACTICE, progress.person_id, progress.mark)


def _summary(progress: Progress, person: Person, words: Words) -> tuple[str | None, ...]:
    done = words.count(
        "You have done the {n} practice claim there is. Thank you for taking the time!",
        "You have done all {n} practice claims. Thank you for taking the time!",
        progress.cases,
    )
    if progress.agreeing == progress.cases:
        went = words.text("Your rating was the desk's every time.")
    elif progress.agreeing:
        went = words.count(
            "{n} time your rating was the same as the desk's. Where it was not, its sources show how it got there.",
            "{n} times your rating was the same as the desk's. Where it was not, its sources show how it got there.",
            progress.agreeing,
        )
    else:
        went = words.text(
            "Your ratings were other ones than the desk's. Its sources show how it got there; a second round often "
            "looks different."
        )
    duty = None if person.on_duty else words.text("If you would like real claims now, go on duty: /duty on")
    return done, went, duty


def card(facts: CardFacts, case: Case, progress: Progress, words: Words, policy: Policy) -> Message:
    """Return the card of a practice claim: that of real work, or how it ended."""
    if facts.assignment.ended_at is None:
        shown = cards.card(facts, words, policy)
        # Without the claim: a reply to the card asks about nothing that is public.
        return replace(shown, html=paragraphs(_banner(words), shown.html), claim_id=None)
    return Message(
        paragraphs(
            _banner(words),
            lines(f"<b>{number_of(facts.claim.id)}</b>", quote(facts.claim.text, _QUOTE_MOST)),
            *_ending(facts, case, words, policy),
        ),
        _onward(facts, progress, words),
    )


def _banner(words: Words) -> str:
    return words.text(
        "{sign} <b>Practice.</b> A claim from the past: nothing here counts, and nothing is published.", sign=PRACTICE
    )


def _ending(facts: CardFacts, case: Case, words: Words, policy: Policy) -> tuple[str | None, ...]:
    was_taken = facts.assignment.taken_at is not None
    match facts.assignment.state:
        case AssignmentState.DONE if facts.review is not None and facts.review.state is ReviewState.SUBMITTED:
            return _comparison(facts.review, facts.sources, case, words, policy)
        case AssignmentState.DONE:
            return (words.text("You did this one in an earlier round."),)
        case AssignmentState.PASSED if was_taken:
            return (words.text("You have handed it back. Your draft is kept, and it comes again at the end."),)
        case AssignmentState.PASSED:
            return (words.text("You have passed it over. It comes again at the end."),)
        case _ if was_taken:
            return (words.text("You have left it for now. Your draft is kept; /practice brings you back."),)
        case _:
            return (words.text("You have left it for now. It comes again."),)


def _onward(facts: CardFacts, progress: Progress, words: Words) -> tuple[tuple[Button, ...], ...]:
    """Return the way on, on the newest card only: on others it would be a stale one."""
    over = progress.done == progress.cases
    if over or progress.open is not None or progress.mark != facts.assignment.id:
        return ()
    stop = button(words.text("Stop"), Verb.PRACTICE_STOP, progress.person_id)
    return ((_next(progress, words.text("Next claim")), stop),)


def _comparison(
    review: Review, sources: list[Source], case: Case, words: Words, policy: Policy
) -> tuple[str | None, ...]:
    rating = review.rating or ""
    how = compare(rating, case.rating, policy)
    if how is Agreement.SAME:
        ratings = words.text(
            "<b>Your rating is the same as the desk's:</b> {rating}", rating=escape(rating_label(words, rating))
        )
    else:
        ratings = lines(
            words.text("<b>Your rating:</b> {rating}", rating=escape(rating_label(words, rating))),
            words.text("<b>The desk's rating:</b> {rating}", rating=escape(rating_label(words, case.rating))),
            words.text(_AGREEMENT[how]),
        )
    return (
        ratings,
        lines(words.text("<b>Your explanation</b>"), escape(shorten(review.explanation or "", _TEXT_MOST))),
        _listed(words.text("<b>Your sources</b>"), sources, words),
        lines(words.text("<b>What the desk found</b>"), escape(shorten(case.summary, _TEXT_MOST))),
        _listed(words.text("<b>The desk's sources</b>"), case.sources, words),
    )


def _listed(head: str, sources: list[Source] | list[VerdictSource], words: Words) -> str:
    rest = len(sources) - _SHOWN_SOURCES
    return lines(
        head,
        *source_lines(words, sources[:_SHOWN_SOURCES], _TITLE_MOST),
        words.count("… and {n} more", "… and {n} more", rest) if rest > 0 else None,
        None if sources else words.text("none"),
    )
