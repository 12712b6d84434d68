"""A text that a person sends in: the question whether to check it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.callbacks import Verb
from bot.views.labels import rating_label, state_sentence
from bot.views.matches import match_lines
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, lines, number_of, one_line, paragraphs, quote
from bot.views.words import Words, own_name
from jobs.intake.language import UNKNOWN
from storage.figures import StatusFacts
from storage.kinds import ClaimState, SubmissionState
from storage.matches import MatchLine
from storage.model import ClaimId, Document, Submission

TEXT_LANGUAGES = ("bn", "en", "hi", "ur", "ar", "ta", "te", "mr", "ne", "as", "id", "es", "fr", "pt", "tr")
"""What may be answered when the language of a text could not be told."""

SHOWN_MOST = 10
"""Claims of one text that are listed one by one."""

_QUOTE_MOST = 600
_LINE_MOST = 80


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of a text: its first `SHOWN_MOST` claims, how many there are, which of them it brought.

    `already`: the person had asked about every one of them before. `left_out`: sentences beyond what the desk takes in.
    `alike`: known claims that a single claim is like.
    """

    claims: Sequence[StatusFacts]
    total: int
    new: frozenset[ClaimId]
    already: bool
    left_out: int = 0
    alike: Sequence[MatchLine] = ()


def submission_gathered(submission: Submission, words: Words) -> Message:
    """Ask whether a text is to be checked; afterwards, say what the answer was."""
    quoted = quote(submission.text, _QUOTE_MOST)
    if submission.state is SubmissionState.CONFIRMED:
        return Message(paragraphs(quoted, words.text("Sent to the desk.")))
    if submission.state is SubmissionState.DISCARDED:
        return Message(paragraphs(quoted, words.text("Dropped. Nothing of it goes to the desk.")))
    return Message(
        paragraphs(words.text("Should the desk check this?"), quoted),
        (
            (
                button(words.text("Yes, check it"), Verb.SEND, submission.id),
                button(words.text("No, drop it"), Verb.DISCARD, submission.id),
            ),
        ),
    )


def submission_confirmed(confirmed: Confirmed, words: Words) -> Message:
    """Thank, and say under which number the person will hear of it."""
    if confirmed.total == 1:
        facts = confirmed.claims[0]
        told = paragraphs(_one(facts, confirmed, words), match_lines(confirmed.alike, words))
        shown = (_status_button(each) for each in (facts.claim.id, *(line.known.id for line in confirmed.alike)))
        return Message(told, in_rows(shown, 5), claim_id=facts.claim.id)
    rest = confirmed.total - len(confirmed.claims)
    told = paragraphs(
        _already(words) if confirmed.already else words.text("Thank you. There are several claims in this text:"),
        lines(
            *(f"<b>{number_of(each.claim.id)}</b> {_line(each, words)}" for each in confirmed.claims),
            words.count("… and {n} more", "… and {n} more", rest) if rest else None,
        ),
        words.count(
            "The text is very long: its last {n} sentence was left out. Please send the rest by itself.",
            "The text is very long: its last {n} sentences were left out. Please send the rest by itself.",
            confirmed.left_out,
        )
        if confirmed.left_out
        else None,
        None if confirmed.already else _promise(words),
    )
    return Message(told, in_rows((_status_button(each.claim.id) for each in confirmed.claims), 5))


def language_unclear(document: Document, text: str, words: Words) -> Message:
    """Ask in which language a text is; afterwards, say what the answer was."""
    quoted = quote(text, _QUOTE_MOST)
    if document.language != UNKNOWN:
        told = words.text("Noted: the text is in {language}.", language=escape(words.language_name(document.language)))
        return Message(paragraphs(quoted, told))
    asked = words.text("In which language is this? I could not tell, and it decides who gets to check it.")
    choices = (button(own_name(code), Verb.TEXT_LANGUAGE, document.id, code) for code in TEXT_LANGUAGES)
    return Message(paragraphs(asked, quoted), in_rows(choices, 3))


def _one(facts: StatusFacts, confirmed: Confirmed, words: Words) -> str:
    number = number_of(facts.claim.id)
    if confirmed.already:
        return lines(_already(words), _standing(facts, words))
    if facts.claim.id in confirmed.new:
        return lines(words.text("Thank you. This is claim <b>{claim}</b>.", claim=number), _promise(words))
    known = words.text("Thank you. The desk knows this claim: it is <b>{claim}</b>.", claim=number)
    if facts.claim.state is ClaimState.PUBLISHED:
        return lines(known, words.text("It has been checked; the answer is here in the chat."))
    others = facts.requests - 1
    asked = (
        words.count("{n} other person has asked about it.", "{n} other people have asked about it.", others)
        if others > 0
        else None
    )
    return lines(known, asked, state_sentence(words, facts.claim.state), _promise(words))


def _line(facts: StatusFacts, words: Words) -> str:
    verdict = facts.verdict
    told = escape(one_line(facts.claim.text, _LINE_MOST))
    if facts.claim.state is ClaimState.PUBLISHED and verdict is not None:
        return f"{rating_label(words, verdict.rating)} · {told}"
    return told


def _already(words: Words) -> str:
    return words.text("You have asked this before, so nothing was changed.")


def _standing(facts: StatusFacts, words: Words) -> str:
    number = number_of(facts.claim.id)
    return words.text(
        "Claim <b>{claim}</b>: {sentence}", claim=number, sentence=state_sentence(words, facts.claim.state)
    )


def _promise(words: Words) -> str:
    return words.text("As soon as there is a verdict, you get it here.")


def _status_button(claim_id: ClaimId) -> Button:
    return button(number_of(claim_id), Verb.STATUS, claim_id)
