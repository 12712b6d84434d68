"""The card of a merge: what it would do, what it did, and how to undo it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.callbacks import Verb
from bot.views.labels import rating_label, state_sentence
from bot.views.matches import why
from bot.views.message import Button, Message, escape
from bot.views.parts import button, lines, number_of, paragraphs, quote
from bot.views.words import Words
from jobs.merging import can_merge
from storage.figures import StatusFacts
from storage.kinds import ClaimState
from storage.matches import Match

_QUOTE_MOST = 600


class Step(StrEnum):
    """What the card is about."""

    ASKED = "asked"
    MERGED = "merged"
    UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """A claim and the one that says the same.

    `match`: their likeness, if the desk found one. `people`: how many a step that was made concerned.
    """

    step: Step
    claim: StatusFacts
    known: StatusFacts
    match: Match | None
    people: int


def merge_shown(facts: MergeFacts, words: Words) -> Message:
    """Return the card of a merge for the editor who asked for it."""
    match facts.step:
        case Step.ASKED:
            told, buttons = _asked(facts, words)
        case Step.MERGED:
            told, buttons = _merged(facts, words)
        case _:
            told, buttons = _unmerged(facts, words), ()
    return Message(paragraphs(told, _texts(facts, words), _after(facts, words)), buttons, claim_id=facts.claim.claim.id)


def _numbers(facts: MergeFacts) -> dict[str, str]:
    return {"claim": number_of(facts.claim.claim.id), "known": number_of(facts.known.claim.id)}


def _texts(facts: MergeFacts, words: Words) -> str:
    claim, known = facts.claim.claim, facts.known.claim
    verdict = _verdict(facts, words)
    return lines(
        f"<b>{number_of(claim.id)}</b>",
        quote(claim.text, _QUOTE_MOST),
        f"<b>{number_of(known.id)}</b>" + (f" {verdict}" if verdict else ""),
        quote(known.text, _QUOTE_MOST),
    )


def _verdict(facts: MergeFacts, words: Words) -> str | None:
    verdict = facts.known.verdict
    if facts.known.claim.state is not ClaimState.PUBLISHED or verdict is None:
        return None
    return escape(rating_label(words, verdict.rating))


def _asked(facts: MergeFacts, words: Words) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    claim, known = facts.claim.claim, facts.known.claim
    if not can_merge(claim, known):
        return words.text("This merge is no longer possible. Nothing was changed."), ()
    label = words.text("Yes, they say the same")
    data = (claim.id, claim.revision, known.id, known.revision)
    return words.text("<b>Merge {claim} into {known}?</b>", **_numbers(facts)), ((button(label, Verb.MERGE, *data),),)


def _merged(facts: MergeFacts, words: Words) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    claim = facts.claim.claim
    told = words.text("<b>{claim} now counts as the same as {known}.</b>", **_numbers(facts))
    if claim.state is not ClaimState.DUPLICATE:
        return told, ()
    return told, ((button(words.text("Take apart again"), Verb.UNMERGE, claim.id, claim.revision),),)


def _unmerged(facts: MergeFacts, words: Words) -> str:
    return words.text("<b>{claim} and {known} are two claims again.</b>", **_numbers(facts))


def _after(facts: MergeFacts, words: Words) -> str:
    match facts.step:
        case Step.ASKED:
            return lines(_likeness(facts, words), *_plan(facts, words))
        case Step.MERGED:
            return lines(
                _answered(facts, facts.people, words),
                words.text("/unmerge {number} takes them apart again.", number=str(facts.claim.claim.id)),
                words.text("Nobody is told in the first moments: if you take them apart, nobody hears of it.")
                if facts.people and _verdict(facts, words) is not None
                else None,
            )
        case _:
            return lines(
                words.text(
                    "Claim <b>{claim}</b>: {sentence}",
                    claim=number_of(facts.claim.claim.id),
                    sentence=state_sentence(words, facts.claim.claim.state),
                ),
                words.count(
                    "{n} question went back to {claim} and waits for its own answer.",
                    "{n} questions went back to {claim} and wait for its own answer.",
                    facts.people,
                    claim=number_of(facts.claim.claim.id),
                )
                if facts.people
                else None,
            )


def _likeness(facts: MergeFacts, words: Words) -> str:
    if facts.match is None:
        return words.text("The desk itself found no likeness: please compare the two texts.")
    parts = dict(facts.match.parts)
    if facts.match.claim_id != facts.claim.claim.id:
        # It was found from the other side: what is new there is known here.
        if "language" in parts:
            parts["language"] = facts.known.claim.language
        if "new_numbers" in parts:
            parts["new_numbers"], parts["known_numbers"] = parts["known_numbers"], parts["new_numbers"]
    return f"<i>{why(replace(facts.match, parts=parts), words)}</i>"


def _plan(facts: MergeFacts, words: Words) -> list[str]:
    told = [_answered(facts, facts.claim.requests, words)]
    if facts.claim.taken:
        told.append(
            words.count(
                "{n} reviewer at work on it is told; the draft is kept.",
                "{n} reviewers at work on it are told; their drafts are kept.",
                facts.claim.taken,
            )
        )
    if facts.claim.submitted:
        told.append(
            words.count(
                "{n} review of it is kept, and counts only if the two are taken apart again.",
                "{n} reviews of it are kept, and count only if the two are taken apart again.",
                facts.claim.submitted,
            )
        )
    return told


def _answered(facts: MergeFacts, people: int, words: Words) -> str:
    numbers = _numbers(facts)
    if not people:
        return words.text("Nobody has asked about {claim} so far.", **numbers)
    if _verdict(facts, words) is not None:
        return words.count(
            "{n} person who asked about {claim} gets the verdict of {known} at once, unless they have it.",
            "{n} people who asked about {claim} get the verdict of {known} at once, unless they have it.",
            people,
            **numbers,
        )
    return words.count(
        "{n} person who asked about {claim} gets the answer of {known} once there is one.",
        "{n} people who asked about {claim} get the answer of {known} once there is one.",
        people,
        **numbers,
    )
