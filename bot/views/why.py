"""Why a claim stands where it stands in the queue: its priority with the parts, and what of its text speaks for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.labels import severity_name, state_sentence
from bot.views.message import Message
from bot.views.parts import asked_line, lines, number_of, paragraphs, quote
from bot.views.words import Words, mark
from jobs.assigning import Priority
from jobs.intake.worth import Worth
from jobs.lifecycle import OPEN_STATES
from storage.figures import ClaimLine

_QUOTE_MOST = 300

_FEATURES: dict[str, str] = {
    "number": mark("a number"),
    "amount": mark("an amount of money or a share"),
    "year": mark("a year"),
    "names": mark("names"),
    "quotation": mark("a quotation"),
    "question": mark("a question"),
    "exclamation": mark("an exclamation"),
    "short": mark("very short"),
    "long": mark("very long"),
    "attribution": mark("who said it"),
    "change": mark("something happened"),
    "comparison": mark("a comparison"),
    "promise": mark("a promise or wish"),
    "self": mark("about oneself"),
    "hedge": mark("“perhaps”"),
    "opinion": mark("an opinion"),
    "denial": mark("nothing was said or found"),
}


def why_shown(line: ClaimLine, priority: Priority, worth: Worth, age: str, words: Words) -> Message:
    """Show what a claim's place in the queue is made of.

    Args:
        worth: what its text says; the value that counts is the claim's own.
        age: how long it has been there, in words.
    """
    claim = line.claim
    head = f"<b>{number_of(claim.id)}</b> {state_sentence(words, claim.state)}"
    value = 0.5 if claim.worth is None else claim.worth
    text = lines(
        words.text("Looks worth checking: {share}", share=words.percent(value)),
        words.text("for it: {what}", what=_listed(worth.reasons, words)) if worth.reasons else None,
        words.text("against it: {what}", what=_listed(worth.doubts, words)) if worth.doubts else None,
    )
    if claim.state not in OPEN_STATES:
        return Message(paragraphs(lines(head, quote(claim.text, _QUOTE_MOST)), text), claim_id=claim.id)
    parts = (
        (priority.demand, asked_line(words, line.requests)),
        (priority.severity, severity_name(words, claim.severity)),
        (priority.age, words.text("waiting for {time}", time=age)),
        (priority.worth, words.text("what the text is like")),
    )
    return Message(
        paragraphs(
            lines(head, quote(claim.text, _QUOTE_MOST)),
            lines(
                words.text("<b>Priority: {points}</b>", points=words.number(round(priority.total, 1))),
                *(f"{words.number(round(points, 1))} · {told}" for points, told in parts),
            ),
            text,
        ),
        claim_id=claim.id,
    )


def _listed(features: Sequence[str], words: Words) -> str:
    return ", ".join(words.choose(_FEATURES, each) for each in features)
