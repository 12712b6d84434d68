"""The editors' card: a claim with every review, what they amount to, and the buttons to decide."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.evidence import FILE_SIGNS, file_button, source_lines
from bot.views.labels import rating_label, rating_name, state_sentence
from bot.views.matches import match_lines, merge_buttons
from bot.views.message import Button, Message, escape
from bot.views.objections import voices_line
from bot.views.parts import (
    asked_line,
    button,
    claim_quote,
    document_line,
    in_rows,
    lines,
    number_of,
    paragraphs,
    shorten,
)
from bot.views.people import author_label, author_name
from bot.views.words import Words
from jobs.consensus import Agreed, Disagreement, Disputed, Judgement
from jobs.origins import given_twice
from jobs.policy import Policy
from jobs.publish import judgement_on
from storage.errors import Refused
from storage.figures import DecisionFacts, OpinionFacts
from storage.kinds import ClaimState
from storage.matches import MatchLine
from storage.model import Claim, PersonId
from storage.objections import Voices
from storage.wordings import Wording

_EXPLANATION_MOST = 900
_EXPLANATION_BESIDE = 600
_QUOTE_MOST = 800
_TITLE_MOST = 80
_SAYS_MOST = 120
_QUOTED_IN_FULL = 5
_FILES_MOST = 8


def decision_due(
    facts: DecisionFacts,
    words: Words,
    policy: Policy,
    *,
    alike: Sequence[MatchLine] = (),
    written: Wording | None = None,
    voices: Voices | None = None,
    held: bool = False,
) -> Message:
    """Return the card with which an editor decides; once it is decided, with the outcome and no buttons.

    Args:
        alike: claims that it is like, into which it may be merged instead.
        written: the summary that an editor wrote; it counts for its rating only.
        voices: whether the verdict answered those who were told.
        held: it is approved, and that can still be taken back.
    """
    claim = facts.claim
    shown = alike if claim.state in (ClaimState.AGREED, ClaimState.DISPUTED) else ()
    quoted = sum(source.quote is not None for opinion in facts.opinions for source in opinion.sources)
    longest = _EXPLANATION_BESIDE if shown or quoted else _EXPLANATION_MOST
    # The card has to stay one message, or it could not be edited.
    says_most = _SAYS_MOST // max(1, quoted - _QUOTED_IN_FULL)
    judgement = _judgement(facts, policy)
    return Message(
        paragraphs(
            lines(_head(claim, words), claim_quote(words, claim, _QUOTE_MOST), document_line(words, facts.document)),
            asked_line(words, facts.requests),
            *(_opinion(opinion, longest, says_most, words) for opinion in facts.opinions),
            lines(*_same_files(facts, words)) or None,
            match_lines(shown, words),
            _written(facts, judgement, written, words),
            _result(facts, judgement, words),
            words.text("It is published in a moment; until then it can be taken back, and nobody hears of it.")
            if held
            else None,
            None if voices is None else voices_line(voices, words),
        ),
        (_undo(claim, words) if held else _buttons(claim, judgement, words, policy))
        + _files(facts, words)
        + merge_buttons(claim, shown, words),
        claim_id=claim.id,
    )


def _judgement(facts: DecisionFacts, policy: Policy) -> Judgement | None:
    """None if a review's rating is no longer on the scale, so that nothing can be said."""
    try:
        return judgement_on(facts, policy)
    except Refused:
        return None


def _head(claim: Claim, words: Words) -> str:
    number = number_of(claim.id)
    if claim.state in (ClaimState.AGREED, ClaimState.DISPUTED):
        return words.text("<b>{claim}</b> waits for an editor's decision", claim=number)
    return f"<b>{number}</b>"


def _opinion(opinion: OpinionFacts, longest: int, says_most: int, words: Words) -> str:
    review = opinion.review
    rating = escape(rating_label(words, review.rating or ""))
    return lines(
        f"<b>{author_name(opinion.person, words)}:</b> {rating}",
        escape(shorten(review.explanation or "", longest)),
        *source_lines(words, opinion.sources, _TITLE_MOST, quote_most=says_most),
    )


def _same_files(facts: DecisionFacts, words: Words) -> list[str]:
    """Say which reviewers gave one and the same file: together they have one origin."""
    whose = {
        source.id: (author_name(opinion.person, words), words.number(number))
        for opinion in facts.opinions
        for number, source in enumerate(opinion.sources, 1)
    }
    told = []
    for first, again in given_twice([opinion.sources for opinion in facts.opinions]):
        (one, of_one), (other, of_other) = whose[first.id], whose[again.id]
        told.append(
            words.text(
                "Source {a} of {one} and source {b} of {other} are the same file, so probably of one origin.",
                a=of_one,
                one=one,
                b=of_other,
                other=other,
            )
        )
    return told


def _result(facts: DecisionFacts, judgement: Judgement | None, words: Words) -> str:
    claim = facts.claim
    if claim.state is ClaimState.AGREED and isinstance(judgement, Agreed):
        rating = escape(rating_label(words, judgement.rating))
        return lines(
            words.text("<b>The reviewers agree:</b> {rating}", rating=rating),
            *(_minority(facts, opinion.person_id, opinion.rating, words) for opinion in judgement.minority),
            words.text("Once approved, it is published and everybody who asked gets the answer."),
        )
    if claim.state is ClaimState.DISPUTED:
        return lines(
            words.text("<b>The reviewers disagree.</b>"),
            _distance(judgement, words),
            words.text("Please choose the rating; then you are asked for the reason in writing."),
        )
    if facts.verdict is not None and claim.state in (ClaimState.APPROVED, ClaimState.PUBLISHED):
        rating = escape(rating_label(words, facts.verdict.rating))
        return lines(
            words.text("<b>Decided:</b> {rating}", rating=rating),
            state_sentence(words, claim.state),
        )
    if judgement is None:
        return words.text("One of these ratings is no longer on the desk's scale. Please have the claim reviewed anew.")
    return state_sentence(words, claim.state)


def _written(facts: DecisionFacts, judgement: Judgement | None, written: Wording | None, words: Words) -> str | None:
    if facts.claim.state is not ClaimState.AGREED or not isinstance(judgement, Agreed):
        return None
    if written is None or written.rating != judgement.rating:
        return None
    return lines(
        words.text("<b>Summary, written by an editor:</b>"), escape(shorten(written.summary, _EXPLANATION_BESIDE))
    )


def _minority(facts: DecisionFacts, person_id: PersonId, rating: str, words: Words) -> str:
    name = next(author_name(each.person, words) for each in facts.opinions if each.person.id == person_id)
    return words.text("{name} thinks otherwise: {rating}", name=name, rating=escape(rating_label(words, rating)))


def _distance(judgement: Judgement | None, words: Words) -> str | None:
    if not isinstance(judgement, Disputed):
        return None
    if judgement.severity is Disagreement.MINOR:
        return words.text("Their ratings lie next to each other.")
    return words.text("Their ratings lie far apart.")


def _buttons(claim: Claim, judgement: Judgement | None, words: Words, policy: Policy) -> tuple[tuple[Button, ...], ...]:
    if claim.state is ClaimState.AGREED and isinstance(judgement, Agreed):
        label = words.text("Approve: {rating}", rating=rating_name(words, judgement.rating))
        seen = (claim.id, claim.revision)
        return (
            (button(label, Verb.APPROVE, *seen),),
            (
                button(words.text("Write another summary"), Verb.REWRITE, *seen),
                button(words.text("Send back"), Verb.SEND_BACK, *seen),
            ),
        )
    if claim.state is ClaimState.DISPUTED:
        choices = (
            button(rating_label(words, rating.key), Verb.ADJUDICATE, claim.id, claim.revision, rating.key)
            for rating in policy.scale
        )
        return in_rows(choices, 2)
    return ()


def _undo(claim: Claim, words: Words) -> tuple[tuple[Button, ...], ...]:
    return ((button(words.text("Take it back"), Verb.UNDO_APPROVAL, claim.id, claim.revision),),)


def _files(facts: DecisionFacts, words: Words) -> tuple[tuple[Button, ...], ...]:
    """Buttons that send the files among the sources, named by reviewer and number; of protected ones there are none."""
    if facts.claim.state not in (ClaimState.AGREED, ClaimState.DISPUTED):
        return ()
    found = [
        file_button(
            source, f"{FILE_SIGNS[source.file_kind]} {author_label(opinion.person, words)}, {words.number(number)}"
        )
        for opinion in facts.opinions
        for number, source in enumerate(opinion.sources, 1)
        if source.file_kind is not None and not source.protected
    ]
    return in_rows(found[:_FILES_MOST], 2)


def reason_asked(claim: Claim, rating: str, words: Words) -> Message:
    """Ask an editor for the reason of their decision."""
    return Message(
        paragraphs(
            words.text(
                "You decide <b>{claim}</b>: {rating}",
                claim=number_of(claim.id),
                rating=escape(rating_label(words, rating)),
            ),
            words.text(
                "Please send the reason as one message. It is kept with the decision and published with the verdict. "
                "/cancel leaves everything as it is."
            ),
        ),
        claim_id=claim.id,
    )
