"""The history of a claim: every version of its verdict, and every move, with the time; who, for the team only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.views.labels import rating_label, state_name
from bot.views.message import Message, escape
from bot.views.parts import lines, number_of, one_line, paragraphs, quote
from bot.views.people import author_name
from bot.views.words import Words, mark
from storage.kinds import Role
from storage.model import AuditEntry, Claim, Person, PersonId, Verdict

_CLAIM_MOST = 500
_REASON_MOST = 300
_MOVES_MOST = 60

_CORRECTIONS = {
    "correction.proposed": mark("a change was proposed"),
    "correction.released": mark("a change was released"),
    "correction.dropped": mark("a change was dropped"),
}
"""What happens to a correction, for the team; a draft is its author's own affair."""


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """A claim with its versions and its entries in the audit log. `people` is empty for who is not of the team."""

    claim: Claim
    versions: Sequence[Verdict]
    entries: Sequence[AuditEntry]
    people: Mapping[PersonId, Person]
    team: bool


def history_shown(facts: HistoryFacts, words: Words) -> Message:
    """Return the history of a claim, oldest first."""
    moves = [told for entry in facts.entries if (told := _move(entry, facts, words)) is not None]
    left_out = len(moves) - _MOVES_MOST
    shown = [_version(each, words) for each in facts.versions if facts.team or each.published_at is not None]
    return Message(
        paragraphs(
            words.text("<b>History of {claim}</b>", claim=number_of(facts.claim.id)),
            quote(facts.claim.text, _CLAIM_MOST),
            lines(words.text("<b>Versions of the verdict</b>"), *shown) if shown else None,
            lines(
                words.text("<b>What happened</b>"),
                words.text("{moment} · received", moment=words.moment(facts.claim.created_at)),
                words.count("… {n} step left out …", "… {n} steps left out …", left_out) if left_out > 0 else None,
                *moves[max(0, left_out) :],
            ),
        ),
        claim_id=facts.claim.id,
    )


def _version(verdict: Verdict, words: Words) -> str:
    rating = escape(rating_label(words, verdict.rating))
    told = (
        words.text("{n}. {rating}, decided, not published", n=verdict.version, rating=rating)
        if verdict.published_at is None
        else words.text(
            "{n}. {rating}, published {moment}",
            n=verdict.version,
            rating=rating,
            moment=words.moment(verdict.published_at),
        )
    )
    reason = None if verdict.reason is None else escape(one_line(verdict.reason, _REASON_MOST))
    return lines(told, reason and words.text("Reason: {reason}", reason=reason))


def _move(entry: AuditEntry, facts: HistoryFacts, words: Words) -> str | None:
    if entry.action.startswith("claim.") and "to" in entry.data:
        what = state_name(words, str(entry.data["to"]))
    elif facts.team and entry.action in _CORRECTIONS:
        what = words.text(_CORRECTIONS[entry.action])
    else:
        return None
    moment = words.moment(entry.at)
    actor = None if entry.actor is None else facts.people.get(entry.actor)
    # A reader sends a sentence to the queue by asking about it: who asked is nobody's business.
    if actor is None or (entry.action == "claim.queue" and actor.role is Role.PUBLIC):
        return words.text("{moment} · {what}", moment=moment, what=what)
    return words.text("{moment} · {what} · {name}", moment=moment, what=what, name=author_name(actor, words))
