"""Corrections and retractions as the public sees them: notes, posts that are amended, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.callbacks import Verb
from bot.views.evidence import source_lines
from bot.views.labels import rating_label
from bot.views.lists import listed
from bot.views.message import Message, escape
from bot.views.parts import (
    button,
    document_line,
    lines,
    number_of,
    one_line,
    paragraphs,
    quote,
    shorten,
)
from bot.views.verdicts import changed_rating
from bot.views.words import Words
from jobs.lookup import Page
from storage.corrections import Correction
from storage.kinds import CorrectionKind
from storage.model import Claim, Document, Verdict
from storage.verdicts import VerdictSource

_CLAIM_MOST = 500
_TEXT_MOST = 900
_REASON_MOST = 600
_SOURCES_MOST = 8
_TITLE_MOST = 60
_LINE_MOST = 200


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction as a line of the list, with the version that it replaced or took back."""

    correction: Correction
    claim: Claim
    verdict: Verdict


def correction_note(before: Verdict, verdict: Verdict, claim: Claim, words: Words) -> Message:
    """Return the note that is posted where an earlier version stands."""
    return Message(
        paragraphs(
            words.text("<b>Correction of {claim}</b>", claim=number_of(claim.id)),
            quote(claim.text, _CLAIM_MOST),
            changed_rating(before.rating, verdict.rating, words),
            _reason(verdict.reason, words),
            escape(verdict.summary) if verdict.summary != before.summary else None,
            words.text("The earlier post now says this, too."),
        ),
        claim_id=claim.id,
    )


def amended(
    verdict: Verdict,
    sources: Sequence[VerdictSource],
    claim: Claim,
    document: Document,
    words: Words,
    *,
    retraction: Correction | None,
) -> Message:
    """Return a post of an earlier version as it reads today. It replaces one message, so it must fit into one."""
    number = f"<b>{number_of(claim.id)}</b>"
    if retraction is not None:
        return Message(
            paragraphs(
                lines(_taken_back(retraction, words), _reason(retraction.reason, words)),
                f"<s>{escape(rating_label(words, verdict.rating))}</s>",
                quote(claim.text, _CLAIM_MOST),
                lines(document_line(words, document), number),
            ),
            claim_id=claim.id,
        )
    return Message(
        paragraphs(
            f"<b>{escape(rating_label(words, verdict.rating))}</b>",
            quote(claim.text, _CLAIM_MOST),
            escape(shorten(verdict.summary, _TEXT_MOST)),
            lines(
                words.text("<b>Sources</b>"),
                *source_lines(words, sources[:_SOURCES_MOST], _TITLE_MOST),
                "…" if len(sources) > _SOURCES_MOST else None,
            )
            if sources
            else None,
            lines(
                words.text("<b>Corrected</b> on {date}.", date=words.date(verdict.decided_at)),
                _reason(verdict.reason, words),
            ),
            lines(document_line(words, document), number),
        ),
        claim_id=claim.id,
    )


def retracted(correction: Correction, verdict: Verdict, claim: Claim, words: Words) -> Message:
    """Return what everybody reads who was told a verdict that is taken back."""
    return Message(
        paragraphs(
            _taken_back(correction, words),
            quote(claim.text, _CLAIM_MOST),
            lines(f"<s>{escape(rating_label(words, verdict.rating))}</s>", _reason(correction.reason, words)),
            words.text("Please do not rely on it any more, and tell those to whom you passed it on."),
            f"<b>{number_of(claim.id)}</b>",
        ),
        claim_id=claim.id,
    )


def _taken_back(correction: Correction, words: Words) -> str:
    day = words.date(correction.decided_at or correction.created_at)
    return words.text("<b>The desk has taken this verdict back</b>, {date}.", date=day)


def _reason(reason: str | None, words: Words) -> str | None:
    return None if reason is None else words.text("Reason: {reason}", reason=escape(shorten(reason, _REASON_MOST)))


def corrections_shown(page: Page[CorrectionLine], words: Words) -> Message:
    """Show what the desk corrected and took back, newest first."""
    if not page.total:
        return Message(words.text("The desk has not corrected anything so far."))
    head = words.count("<b>Corrections</b>: {n}, newest first", "<b>Corrections</b>: {n}, newest first", page.total)
    claims = {line.claim.id: line.claim for line in page.lines}
    buttons = [button(number_of(claim_id), Verb.HISTORY, claim_id) for claim_id in claims]
    return listed(head, [_line(line, words) for line in page.lines], page, buttons, Verb.CORRECTIONS, words)


def _line(line: CorrectionLine, words: Words) -> str:
    it = line.correction
    what = (
        words.text("taken back: {rating}", rating=f"<s>{escape(rating_label(words, it.rating))}</s>")
        if it.kind is CorrectionKind.RETRACTION
        else changed_rating(line.verdict.rating, it.rating, words)
    )
    return lines(
        f"<b>{number_of(it.claim_id)}</b> · {words.date(it.decided_at or it.created_at)} · {what}",
        escape(one_line(line.claim.text, _LINE_MOST)),
        words.text("Reason: {reason}", reason=escape(one_line(it.reason, _LINE_MOST))),
    )
