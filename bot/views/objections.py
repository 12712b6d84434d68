"""New evidence against a verdict: what is asked of its reader, and the editors' card."""

from __future__ import annotations

from dataclasses import dataclass

from bot.callbacks import Verb
from bot.views.labels import rating_label
from bot.views.message import Button, Message, escape
from bot.views.parts import button, lines, number_of, paragraphs, quote, shorten
from bot.views.people import author_name
from bot.views.words import Words
from storage.kinds import ClaimState, ObjectionState
from storage.model import Claim, Person, Verdict
from storage.objections import Objection, Voices

_CLAIM_MOST = 500
_TEXT_MOST = 1500
_SUMMARY_MOST = 600


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """New evidence, and what it is against."""

    objection: Objection
    claim: Claim
    verdict: Verdict
    author: Person
    decider: Person | None


def after_answer(verdict: Verdict, words: Words) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """Return the question under an answer, and the buttons to reply to it or to bring new evidence."""
    return words.text("Did this answer you?"), (
        (
            button(words.text("Yes"), Verb.HELPED, verdict.id, 1),
            button(words.text("No"), Verb.HELPED, verdict.id, 0),
        ),
        (button(words.text("I have new evidence"), Verb.EVIDENCE, verdict.claim_id),),
    )


def voices_line(voices: Voices, words: Words) -> str | None:
    """Return how many people an answer answered; None if nobody has said."""
    if not voices.yes + voices.no:
        return None
    return words.text("Did it answer its readers? Yes: {yes}, no: {no}", yes=voices.yes, no=voices.no)


def evidence_asked(claim: Claim, words: Words) -> Message:
    """Ask a reader for their evidence."""
    return Message(
        paragraphs(
            words.text("What is new about <b>{claim}</b>?", claim=number_of(claim.id)),
            words.text(
                "Please send it as one message, best with a link to the source; a photo or document with a line that "
                "says what it shows. An editor reads it, and you are told what comes of it. /cancel leaves it."
            ),
        ),
        claim_id=claim.id,
    )


def reopening_asked(claim: Claim, words: Words) -> Message:
    """Ask an editor why a claim is looked at again."""
    return Message(
        paragraphs(
            words.text("You open <b>{claim}</b> again.", claim=number_of(claim.id)),
            words.text(
                "Please send as one message why. It is published with the next version; until then the present one "
                "stands. /cancel leaves everything as it is."
            ),
        ),
        claim_id=claim.id,
    )


def evidence_due(facts: ObjectionFacts, words: Words) -> Message:
    """Return the editors' card of new evidence; once it is decided, with the outcome and no buttons."""
    it, claim = facts.objection, facts.claim
    buttons: tuple[tuple[Button, ...], ...] = ()
    if it.state is ObjectionState.WAITING:
        decline = button(words.text("Decline"), Verb.DECLINE, it.id)
        public = claim.state in (ClaimState.PUBLISHED, ClaimState.RETRACTED)
        again = (button(words.text("Open the claim again"), Verb.REOPEN, it.id),) if public else ()
        buttons = ((*again, decline),)
    if it.file_id is not None:
        buttons = ((button(words.text("Show the file"), Verb.OBJECTION_FILE, it.id),), *buttons)
    return Message(
        paragraphs(
            words.text("<b>New evidence on {claim}</b>", claim=number_of(claim.id)),
            quote(claim.text, _CLAIM_MOST),
            lines(
                escape(rating_label(words, facts.verdict.rating)),
                escape(shorten(facts.verdict.summary, _SUMMARY_MOST)),
            ),
            lines(
                words.text("{name} writes:", name=author_name(facts.author, words)),
                escape(shorten(it.text, _TEXT_MOST)),
            ),
            _outcome(facts, words),
        ),
        buttons,
        claim_id=claim.id,
    )


def _outcome(facts: ObjectionFacts, words: Words) -> str | None:
    name = author_name(facts.decider or facts.author, words)
    if facts.objection.state is ObjectionState.ACCEPTED:
        return words.text("The claim was opened again by {name}.", name=name)
    if facts.objection.state is ObjectionState.DECLINED:
        return words.text("Declined by {name}; the verdict stays as it is.", name=name)
    return None
