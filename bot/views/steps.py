"""A reviewer's work on a claim they took: rating, sources, explanation, preview; all on one card.

The card shows the step that the person is at (`awaiting`). Which step comes next is the job's to say (`next_step`), so
that card and job never disagree about what a review lacks.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.draft import has_rating, missing, next_of, written
from bot.views.labels import rating_label, step_name
from bot.views.matches import match_lines
from bot.views.message import Button, Message
from bot.views.parts import (
    asked_line,
    button,
    claim_quote,
    document_line,
    in_rows,
    lines,
    number_of,
    paragraphs,
)
from bot.views.sources import Rows, go, sources_step
from bot.views.words import Words
from jobs.policy import Policy
from storage.figures import CardFacts
from storage.kinds import Awaiting
from storage.matches import MatchLine
from storage.model import AssignmentId, Review

_ORDER = (Awaiting.RATING, Awaiting.SOURCE, Awaiting.EXPLANATION, Awaiting.PREVIEW)


def work(facts: CardFacts, words: Words, policy: Policy, alike: Sequence[MatchLine] = ()) -> Message:
    """Return the card of a claim that the person took; what it is `alike` is shown at the first step."""
    following = next_of(facts, policy)
    step = facts.awaiting
    if step is Awaiting.PREVIEW and following is not Awaiting.PREVIEW:
        step = None  # the policy has meanwhile asked for more than the draft holds
    match step:
        case Awaiting.RATING:
            prompt, rows = _rating(facts, words, policy)
        case Awaiting.SOURCE | Awaiting.QUOTE | Awaiting.ARCHIVE:
            step = Awaiting.SOURCE
            prompt, rows = sources_step(facts, words, policy, following)
        case Awaiting.EXPLANATION:
            prompt, rows = _explanation(facts, words, following)
        case Awaiting.PREVIEW if facts.review is not None:
            prompt, rows = _preview(facts, facts.review, words)
        case _:
            step = None
            prompt, rows = _paused(facts, words, following)
    lacking = [step_name(words, each) for each in missing(facts, policy) if each is not step]
    if step is Awaiting.RATING and not has_rating(facts, policy):
        lacking = []  # everything is; that is no news at the first step
    return Message(
        paragraphs(
            lines(_head(facts, words), claim_quote(words, facts.claim), document_line(words, facts.document)),
            asked_line(words, facts.requests) if step is Awaiting.RATING and not facts.claim.practice else None,
            match_lines(alike, words) if step is Awaiting.RATING else None,
            written(facts, words, policy, in_full=step is Awaiting.PREVIEW),
            lines(
                _place(step, words),
                prompt,
                words.text("Still missing: {steps}", steps=", ".join(lacking)) if lacking else None,
            ),
        ),
        (*rows, (_hand_back(facts.assignment.id, words),)),
        claim_id=facts.claim.id,
    )


def _head(facts: CardFacts, words: Words) -> str:
    return words.text(
        "<b>{claim}</b> Yours until {moment}",
        claim=number_of(facts.claim.id),
        moment=words.moment(facts.assignment.expires_at),
    )


def _place(step: Awaiting | None, words: Words) -> str | None:
    if step is None:
        return None
    return words.text(
        "<b>Step {n} of {total}: {step}</b>", n=_ORDER.index(step) + 1, total=len(_ORDER), step=step_name(words, step)
    )


def _rating(facts: CardFacts, words: Words, policy: Policy) -> tuple[str, Rows]:
    chosen = None if facts.review is None else facts.review.rating
    choices = (
        button(
            f"{'● ' if rating.key == chosen else ''}{rating_label(words, rating.key)}",
            Verb.RATE,
            facts.assignment.id,
            rating.key,
        )
        for rating in policy.scale
    )
    rows = in_rows(choices, 2)
    if has_rating(facts, policy):
        rows += ((go(facts, Awaiting.PREVIEW, words.text("Keep the rating and go on →")),),)
    return words.text("Which rating fits the claim?"), rows


def _explanation(facts: CardFacts, words: Words, following: Awaiting) -> tuple[str, Rows]:
    back = (
        go(facts, Awaiting.RATING, words.text("← Rating")),
        go(facts, Awaiting.SOURCE, words.text("← Sources")),
    )
    if facts.review is None or facts.review.explanation is None:
        asked = words.text(
            "Send your explanation as one message: what do the sources show, and why does that lead to this rating?"
        )
        return asked, (back,)
    asked = words.text("Send a new explanation as one message, or keep this one.")
    keep = go(facts, following, words.text("Keep it and go on →"))
    return asked, ((keep,), back)


def _preview(facts: CardFacts, review: Review, words: Words) -> tuple[str, Rows]:
    edits: Sequence[tuple[Awaiting, str]] = (
        (Awaiting.RATING, words.text("✎ Rating")),
        (Awaiting.SOURCE, words.text("✎ Sources")),
        (Awaiting.EXPLANATION, words.text("✎ Explanation")),
    )
    return words.text("This is what you hand in."), (
        (button(words.text("Hand in"), Verb.SUBMIT, facts.assignment.id, review.revision),),
        tuple(go(facts, step, label) for step, label in edits),
    )


def _paused(facts: CardFacts, words: Words, following: Awaiting) -> tuple[str, Rows]:
    return words.text("Your draft is kept. Go on whenever you like."), ((go(facts, following, words.text("Go on")),),)


def _hand_back(assignment: AssignmentId, words: Words) -> Button:
    return button(words.text("Hand back"), Verb.HAND_BACK, assignment)
