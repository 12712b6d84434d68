"""Closing: the reasons as buttons, what was done, and what those are told who asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.labels import closing_reason, state_sentence
from bot.views.message import Message, escape
from bot.views.parts import button, in_rows, lines, number_of, one_line, paragraphs, quote
from bot.views.words import LANGUAGES, Words, mark, words_for
from storage.figures import StatusFacts
from storage.kinds import ClaimState, ClosingReason
from storage.model import Claim

REASONS: dict[ClosingReason, str] = {
    ClosingReason.OPINION: mark("opinion"),
    ClosingReason.SPAM: mark("spam"),
    ClosingReason.OUT_OF_SCOPE: mark("not for this desk"),
    ClosingReason.UNSUPPORTED_LANGUAGE: mark("nobody reads it"),
    ClosingReason.NO_LONGER_RELEVANT: mark("no longer important"),
}
"""Why a claim is not checked, in a word or two: for buttons, and to be typed after /close 42."""

_QUOTE_MOST = 600
_LISTED_MOST = 10
_LINE_MOST = 200

CLOSABLE = (ClaimState.NEW, ClaimState.TRIAGE, ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.DISPUTED)
"""States in which a claim can be closed (jobs/lifecycle.py)."""


def reason_called(typed: str) -> ClosingReason | None:
    """Return the reason that somebody typed by its name, in any language of the desk, or by its key; else None."""
    wanted = " ".join(typed.replace("_", " ").split()).casefold()
    for reason, name in REASONS.items():
        names = {reason.replace("_", " "), *(words_for(language).text(name) for language in LANGUAGES)}
        if wanted in {each.casefold() for each in names}:
            return reason
    return None


def closing_shown(facts: StatusFacts, words: Words, *, held: bool = False) -> Message:
    """Return an editor's card of closing a claim: the reasons, what was done, or that it is open again.

    `held`: it was closed a moment ago, and nobody has been told.
    """
    claim = facts.claim
    number = number_of(claim.id)
    asked = (
        words.count("{n} person who asked is told.", "{n} people who asked are told.", facts.requests)
        if facts.requests
        else words.text("Nobody has asked about it yet")
    )
    said = quote(claim.text, _QUOTE_MOST)
    if claim.state is ClaimState.CLOSED and claim.closing_reason is not None:
        head = words.text("<b>{claim} is closed.</b>", claim=number)
        again = button(words.text("Take it up again"), Verb.TAKE_UP, claim.id, claim.revision)
        unheard = words.text("Nobody is told in the first moments: if you take it up again, nobody hears of it.")
        told = paragraphs(
            lines(head, closing_reason(words, claim.closing_reason)), said, lines(asked, unheard if held else None)
        )
        return Message(told, ((again,),), claim_id=claim.id)
    if claim.state not in CLOSABLE:
        return Message(paragraphs(f"<b>{number}</b> {state_sentence(words, claim.state)}", said), claim_id=claim.id)
    head = words.text("<b>Close {claim}?</b> Please choose the reason.", claim=number)
    reasons = (
        button(words.text(name), Verb.CLOSE, claim.id, claim.revision, reason) for reason, name in REASONS.items()
    )
    told = paragraphs(lines(head, state_sentence(words, claim.state)), said, asked)
    return Message(told, in_rows(reasons, 2), claim_id=claim.id)


def claims_closed(claims: Sequence[Claim], reason: ClosingReason, words: Words) -> Message:
    """Tell somebody that the desk does not check what they asked about, and why."""
    why = closing_reason(words, reason)
    if len(claims) == 1:
        head = words.text("The desk does not check what you asked about.")
        said = lines(f"<b>{number_of(claims[0].id)}</b>", quote(claims[0].text, _QUOTE_MOST))
    else:
        head = words.count(
            "The desk does not check {n} sentence that you asked about.",
            "The desk does not check {n} sentences that you asked about.",
            len(claims),
        )
        said = lines(*(_line(claim) for claim in claims[:_LISTED_MOST]))
        if len(claims) > _LISTED_MOST:
            said = lines(said, words.count("… and {n} more", "… and {n} more", len(claims) - _LISTED_MOST))
    after = words.text("If it is a matter of fact after all, please send the desk the words that can be checked.")
    return Message(paragraphs(lines(head, why), said, after), claim_id=claims[0].id if len(claims) == 1 else None)


def _line(claim: Claim) -> str:
    return f"<b>{number_of(claim.id)}</b> {escape(one_line(claim.text, _LINE_MOST))}"
