"""The desk's answer: rating, claim, summary, sources, and what became of an earlier answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.evidence import source_lines
from bot.views.labels import rating_label
from bot.views.message import Message, escape
from bot.views.objections import after_answer
from bot.views.parts import claim_quote, document_line, lines, number_of, one_line, paragraphs
from bot.views.words import Words
from storage.kinds import Method
from storage.model import Claim, Document, Verdict
from storage.verdicts import VerdictSource

_SHOWN_SOURCES = 20
_ASKED_MOST = 200
_SAYS_MOST = 300


def verdict_published(
    verdict: Verdict,
    sources: Sequence[VerdictSource],
    claim: Claim,
    document: Document,
    words: Words,
    *,
    asked: Claim | None = None,
    before: str | None = None,
) -> Message:
    """Return a verdict as the answer to who `asked` about a claim, or as a post of a channel.

    Args:
        before: the rating that the reader was told before: this is its correction.
    """
    number = number_of(claim.id)
    if before is not None:
        told = words.text("<b>A correction.</b> What the desk told you about <b>{claim}</b> has changed:", claim=number)
        head: str | None = lines(told, changed_rating(before, verdict.rating, words))
    else:
        head = None if asked is None else _answer_to(asked, claim, words)
    asks, buttons = (None, ()) if asked is None else after_answer(verdict, words)
    body = paragraphs(
        head,
        rating_line(verdict, words),
        claim_quote(words, claim),
        verdict_body(verdict, sources, words),
        asks if asked is not None else lines(document_line(words, document), f"<b>{number}</b>"),
    )
    return Message(body, buttons, claim_id=claim.id)


def _answer_to(asked: Claim, claim: Claim, words: Words) -> str:
    number = number_of(claim.id)
    if asked.id == claim.id:
        return words.text("Here is the answer to your question <b>{claim}</b>:", claim=number)
    return lines(
        words.text(
            "Your question <b>{asked}</b> says the same as <b>{claim}</b>:", asked=number_of(asked.id), claim=number
        ),
        f"<i>{escape(one_line(asked.text, _ASKED_MOST))}</i>",
        words.text("Here is the answer to both:"),
    )


def changed_rating(before: str, after: str, words: Words) -> str:
    """Return how a rating changed, or that it stayed."""
    new = escape(rating_label(words, after))
    if before == after:
        return words.text("{rating} (unchanged)", rating=new)
    return words.text("{before} → {after}", before=f"<s>{escape(rating_label(words, before))}</s>", after=new)


def rating_line(verdict: Verdict, words: Words) -> str:
    """Return the rating, to be seen first."""
    return f"<b>{escape(rating_label(words, verdict.rating))}</b>"


def verdict_body(verdict: Verdict, sources: Sequence[VerdictSource], words: Words) -> str:
    """Return summary, sources, who decided, and the note of a correction."""
    rest = len(sources) - _SHOWN_SOURCES
    listed = (
        lines(
            words.text("<b>Sources</b>"),
            *source_lines(words, sources[:_SHOWN_SOURCES], quote_most=_SAYS_MOST),
            words.count("… and {n} more", "… and {n} more", rest) if rest > 0 else None,
        )
        if sources
        else None
    )
    return paragraphs(escape(verdict.summary), listed, _history(verdict, words))


def _history(verdict: Verdict, words: Words) -> str | None:
    # Where nobody gave the rating that the editor chose, the reason is the summary already.
    reason = None if verdict.reason == verdict.summary else verdict.reason
    shown = None if reason is None else escape(reason)
    day = words.date(verdict.decided_at)
    decided = None
    if verdict.by_reviewer:
        decided = words.text("Decided by an editor who had also reviewed the claim, {date}.", date=day)
    elif verdict.method is Method.ADJUDICATED:
        decided = words.text("Decided by an editor, {date}.", date=day)
    why = shown and words.text("Reason: {reason}", reason=shown)
    if verdict.version > 1:
        told = words.text(
            "<b>Correction:</b> this is version {version}, of {date}. It replaces what the desk said before.",
            version=verdict.version,
            date=day,
        )
        return lines(told, decided, why)
    if decided is not None:
        return lines(decided, why)
    return words.text("Checked by the desk's reviewers, {date}.", date=day)
