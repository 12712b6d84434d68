"""Correcting and retracting, as editors see it: what is asked of them, and the card with before and after."""

from __future__ import annotations

from dataclasses import dataclass

from bot.callbacks import Verb
from bot.views.labels import rating_label
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, lines, number_of, paragraphs, quote, shorten
from bot.views.people import author_name
from bot.views.words import Words
from jobs.correcting import differs
from jobs.policy import Policy
from storage.corrections import Correction
from storage.kinds import CorrectionKind, CorrectionState
from storage.model import Claim, Person, PersonId, Verdict

_CLAIM_MOST = 500
_SUMMARY_MOST = 900
_REASON_MOST = 600


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A correction, the version that it is about, and whom it would reach.

    `told`: people who were told some version; `posts`: channels where one stands. `alone`: the reader is the only
    editor who can be reached. `direct`: a draft is released without another editor.
    """

    correction: Correction
    claim: Claim
    verdict: Verdict
    author: Person
    decider: Person | None
    told: int
    posts: int
    alone: bool
    direct: bool


def correction_begun(claim: Claim, verdict: Verdict, words: Words, policy: Policy) -> Message:
    """Show what is published about a claim, with the ratings that it could have."""
    choices = (
        button(rating_label(words, each.key), Verb.CORRECT, claim.id, verdict.version, each.key)
        for each in policy.scale
    )
    return Message(
        paragraphs(
            words.text("<b>Correct {claim}?</b>", claim=number_of(claim.id)),
            quote(claim.text, _CLAIM_MOST),
            lines(
                words.text("<b>Published now</b> (version {version}):", version=verdict.version),
                escape(rating_label(words, verdict.rating)),
                escape(shorten(verdict.summary, _SUMMARY_MOST)),
            ),
            words.text(
                "Which rating should it have? If only the text is to change, choose the same one. You are then asked "
                "for the reason, and nothing is published before you see it all."
            ),
        ),
        in_rows(choices, 2),
        claim_id=claim.id,
    )


def reason_asked(claim: Claim, rating: str | None, words: Words) -> Message:
    """Ask an editor why a verdict is corrected, or taken back if there is no `rating`."""
    number = number_of(claim.id)
    if rating is None:
        head = words.text("You take back the verdict on <b>{claim}</b>.", claim=number)
    else:
        head = words.text(
            "You correct <b>{claim}</b>: {rating}", claim=number, rating=escape(rating_label(words, rating))
        )
    asked = words.text(
        "Please send the reason as one message. Everybody who got the answer will read it. /cancel leaves everything "
        "as it is."
    )
    return Message(paragraphs(head, asked), claim_id=claim.id)


def summary_asked(correction: Correction, words: Words) -> Message:
    """Ask an editor for another summary."""
    return Message(
        paragraphs(
            words.text("The summary of <b>{claim}</b> so far:", claim=number_of(correction.claim_id)),
            quote(correction.summary),
            words.text("Please send the new one as one message. /cancel leaves it as it is."),
        ),
        claim_id=correction.claim_id,
    )


def correction_shown(facts: CorrectionFacts, reader: PersonId, words: Words) -> Message:
    """Return the card of a correction: before, after, reason, whom it reaches; with buttons while it is open."""
    it = facts.correction
    return Message(
        paragraphs(
            _head(facts, words), quote(facts.claim.text, _CLAIM_MOST), _change(facts, words), _end(facts, words)
        ),
        _buttons(facts, reader, words),
        claim_id=it.claim_id,
    )


def _head(facts: CorrectionFacts, words: Words) -> str:
    it, values = facts.correction, {"claim": number_of(facts.claim.id), "name": author_name(facts.author, words)}
    if it.kind is CorrectionKind.RETRACTION:
        return words.text("<b>To be taken back: {claim}</b> – proposed by {name}", **values)
    return words.text("<b>To be corrected: {claim}</b> – proposed by {name}", **values)


def _change(facts: CorrectionFacts, words: Words) -> str:
    it, verdict = facts.correction, facts.verdict
    before = lines(
        words.text("<b>Before</b> (version {version}):", version=verdict.version),
        escape(rating_label(words, verdict.rating)),
        escape(shorten(verdict.summary, _SUMMARY_MOST)),
    )
    reason = words.text("Reason: {reason}", reason=escape(shorten(it.reason, _REASON_MOST)))
    if it.kind is CorrectionKind.RETRACTION:
        return paragraphs(before, words.text("<b>After:</b> there is no verdict any more."), reason)
    after = lines(
        words.text("<b>After</b>:"),
        escape(rating_label(words, it.rating)),
        escape(shorten(it.summary, _SUMMARY_MOST)) if it.summary != verdict.summary else words.text("The same text."),
    )
    return paragraphs(before, after, reason)


def _end(facts: CorrectionFacts, words: Words) -> str:
    it = facts.correction
    if it.state is CorrectionState.RELEASED:
        return words.text("It is published. Released by {name}.", name=_decider(facts, words))
    if it.state is CorrectionState.DROPPED:
        return words.text("It was dropped by {name}; what was published stays as it is.", name=_decider(facts, words))
    reached = [
        words.count("{n} person who got the answer is told.", "{n} people who got the answer are told.", facts.told),
        words.count(
            "It stands in {n} channel; that post is changed, and a note is posted.",
            "It stands in {n} channels; those posts are changed, and a note is posted.",
            facts.posts,
        )
        if facts.posts
        else None,
    ]
    if it.state is CorrectionState.DRAFT and it.kind is CorrectionKind.CORRECTION and not differs(it, facts.verdict):
        return lines(words.text("So far nothing would change: please write another summary."), *reached)
    return lines(*reached)


def _decider(facts: CorrectionFacts, words: Words) -> str:
    return author_name(facts.decider or facts.author, words)


def _buttons(facts: CorrectionFacts, reader: PersonId, words: Words) -> tuple[tuple[Button, ...], ...]:
    it, mine = facts.correction, facts.correction.proposed_by == reader
    data = (it.id, it.revision)
    if it.state is CorrectionState.DRAFT and mine:
        publish = words.text("Publish") if facts.direct else words.text("Put before another editor")
        ready = it.kind is CorrectionKind.RETRACTION or differs(it, facts.verdict)
        first = ((button(publish, Verb.PROPOSE, *data),),) if ready else ()
        change = (
            ((button(words.text("Write another summary"), Verb.SUMMARY, *data),),)
            if it.kind is CorrectionKind.CORRECTION
            else ()
        )
        return (*first, *change, (button(words.text("Drop it"), Verb.DROP, *data),))
    if it.state is CorrectionState.PROPOSED:
        drop = (button(words.text("Drop it"), Verb.DROP, *data),)
        if mine and not facts.alone:
            return (drop,)
        return ((button(words.text("Release it"), Verb.RELEASE, *data),), drop)
    return ()
