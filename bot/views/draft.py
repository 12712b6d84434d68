"""What a draft holds and what it lacks."""

from __future__ import annotations

from bot.views.evidence import source_lines
from bot.views.labels import rating_label
from bot.views.message import escape
from bot.views.parts import lines, shorten
from bot.views.words import Words
from jobs.drafting import are_enough, is_complete, next_step
from jobs.policy import Policy
from jobs.policy_values import Rating
from storage.errors import Refused
from storage.figures import CardFacts
from storage.kinds import Awaiting

_EXPLANATION_MOST = 400
_TITLE_MOST = 80
_IN_FULL = 1_000_000


def has_rating(facts: CardFacts, policy: Policy) -> bool:
    """True if the draft has a rating, and the scale still has it."""
    return _rating(facts, policy) is not None


def _rating(facts: CardFacts, policy: Policy) -> Rating | None:
    if facts.review is not None and facts.review.rating is not None:
        for rating in policy.scale:
            if rating.key == facts.review.rating:
                return rating
    return None


def next_of(facts: CardFacts, policy: Policy) -> Awaiting:
    """Return the first step that the draft lacks. A rating that is no longer on the scale has to be chosen anew."""
    try:
        return next_step(facts.review, facts.sources, policy)
    except Refused:
        return Awaiting.RATING


def needed_sources(facts: CardFacts, policy: Policy) -> int:
    """Return how many sources the draft's rating needs."""
    rating = _rating(facts, policy)
    return 0 if rating is None else rating.sources


def needed_origins(facts: CardFacts, policy: Policy) -> int:
    """Return of how many origins the sources have to be for the draft's rating."""
    rating = _rating(facts, policy)
    return 0 if rating is None else rating.origins


def missing(facts: CardFacts, policy: Policy) -> list[Awaiting]:
    """Return every step that the draft lacks, in order."""
    lacking = [] if has_rating(facts, policy) else [Awaiting.RATING]
    rating = _rating(facts, policy)
    if not all(map(is_complete, facts.sources)) or (rating is not None and not are_enough(facts.sources, rating)):
        lacking.append(Awaiting.SOURCE)
    if facts.review is None or facts.review.explanation is None:
        lacking.append(Awaiting.EXPLANATION)
    return lacking


def written(facts: CardFacts, words: Words, policy: Policy, *, in_full: bool) -> str | None:
    """Return what the draft holds so far, exactly or shortened; None if it is empty."""
    review = facts.review
    if review is None or (review.rating is None and not facts.sources and review.explanation is None):
        return None
    needed = needed_sources(facts, policy)
    sources = None
    if facts.sources:
        head = (
            words.text("<b>Sources</b> ({have} of {needed} needed)", have=len(facts.sources), needed=needed)
            if len(facts.sources) < needed
            else words.text("<b>Sources</b>")
        )
        sources = lines(head, *source_lines(words, facts.sources, _IN_FULL if in_full else _TITLE_MOST, own=True))
    explanation = None
    if review.explanation is not None:
        shown = escape(shorten(review.explanation, _IN_FULL if in_full else _EXPLANATION_MOST))
        explanation = lines(words.text("<b>Explanation</b>"), shown)
    rating = (
        None
        if review.rating is None
        else words.text("<b>Rating:</b> {rating}", rating=escape(rating_label(words, review.rating)))
    )
    return lines(rating, sources, explanation)
