"""A reviewer's card: one message per assignment that shows the offer, then the work step by step, then how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from bot.callbacks import Verb
from bot.views.labels import rating_label
from bot.views.matches import match_lines
from bot.views.message import Button, Message, escape
from bot.views.parts import asked_line, button, claim_quote, document_line, lines, number_of, paragraphs, quote, shorten
from bot.views.steps import work
from bot.views.words import Words
from jobs.policy import Policy
from storage.figures import CardFacts
from storage.kinds import AssignmentState
from storage.matches import MatchLine

_NEIGHBOUR_MOST = 300
_ENDED_QUOTE_MOST = 300


class Undo(Enum):
    """How a review that was handed in can be taken back: not at all, at once, or by a change of mind."""

    NONE = 0
    AT_ONCE = 1
    LATER = 2


def card(
    facts: CardFacts, words: Words, policy: Policy, *, alike: Sequence[MatchLine] = (), undo: Undo = Undo.NONE
) -> Message:
    """Return the card of an assignment. Nothing on it tells what others think of the claim.

    Args:
        alike: claims that it is like; what was published of them, everybody may know.
        undo: how a review that was handed in can still be taken back.
    """
    match facts.assignment.state:
        case AssignmentState.OFFERED:
            return _offered(facts, words, alike)
        case AssignmentState.TAKEN:
            return work(facts, words, policy, alike)
        case _:
            return _ended(facts, words, undo=undo)


def _offered(facts: CardFacts, words: Words, alike: Sequence[MatchLine]) -> Message:
    offer = facts.assignment
    head = words.text("<b>{claim}</b> Would you check this claim?", claim=number_of(facts.claim.id))
    return Message(
        paragraphs(
            head,
            lines(_neighbour(facts.before), claim_quote(words, facts.claim), _neighbour(facts.after)),
            lines(
                document_line(words, facts.document),
                None if facts.claim.practice else asked_line(words, facts.requests),
            ),
            match_lines(alike, words),
            words.text("The offer stands until {moment}.", moment=words.moment(offer.expires_at)),
        ),
        ((button(words.text("Take it"), Verb.TAKE, offer.id), button(words.text("Pass"), Verb.PASS, offer.id)),),
        claim_id=facts.claim.id,
    )


def _neighbour(sentence: str | None) -> str | None:
    return None if sentence is None else f"<i>{escape(shorten(sentence, _NEIGHBOUR_MOST))}</i>"


def _ended(facts: CardFacts, words: Words, *, undo: Undo) -> Message:
    head = f"<b>{number_of(facts.claim.id)}</b>"
    return Message(
        paragraphs(lines(head, quote(facts.claim.text, _ENDED_QUOTE_MOST)), _closing(facts, words)),
        _back(facts, words, undo),
        claim_id=facts.claim.id,
    )


def _back(facts: CardFacts, words: Words, undo: Undo) -> tuple[tuple[Button, ...], ...]:
    if undo is Undo.NONE or facts.assignment.state is not AssignmentState.DONE:
        return ()
    label = words.text("Take it back") if undo is Undo.AT_ONCE else words.text("I have changed my mind")
    return ((button(label, Verb.UNDO, facts.assignment.id),),)


def _closing(facts: CardFacts, words: Words) -> str:
    was_taken = facts.assignment.taken_at is not None
    match facts.assignment.state:
        case AssignmentState.DONE:
            rating = None if facts.review is None else facts.review.rating
            return lines(
                words.text("Your review is handed in. Thank you!"),
                rating and words.text("Your rating: {rating}", rating=escape(rating_label(words, rating))),
            )
        case AssignmentState.PASSED if was_taken:
            return words.text("You handed this claim back. Your draft is kept; somebody else will be asked.")
        case AssignmentState.PASSED:
            return words.text("You passed this claim on. Somebody else will be asked.")
        case AssignmentState.EXPIRED if was_taken:
            return words.text("The time ran out. Your draft is kept; somebody else will be asked.")
        case AssignmentState.EXPIRED:
            return words.text("The offer ran out. Somebody else will be asked.")
        case AssignmentState.RECUSED:
            return words.text("You have stepped back from this claim. Somebody else will be asked.")
        case _ if facts.claim.duplicate_of is not None:
            return lines(
                words.text(
                    "It says the same as {claim}, so an editor merged the two. Nothing more is needed from you here.",
                    claim=number_of(facts.claim.duplicate_of),
                ),
                words.text("Your draft is kept; should they be taken apart, you can go on.") if facts.review else None,
            )
        case _:
            kept = words.text("Your draft is kept.") if facts.review is not None else None
            return lines(words.text("This claim was taken off your list; nothing more is needed from you here."), kept)
