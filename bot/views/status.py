"""Where a claim stands, with what the asker's role may see. Ratings stay unseen until there is a decision."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views.labels import closing_reason, rating_label, state_sentence
from bot.views.matches import match_lines, merge_buttons
from bot.views.message import Message, escape
from bot.views.objections import voices_line
from bot.views.parts import asked_line, claim_quote, document_line, lines, number_of, paragraphs
from bot.views.triage import judging_buttons
from bot.views.verdicts import rating_line, verdict_body
from bot.views.words import Words
from jobs.policy import Policy
from storage.figures import StatusFacts
from storage.kinds import ClaimState, Role
from storage.matches import MatchLine
from storage.model import ClaimId
from storage.objections import Voices

_MERGED_MOST = 20


def status_shown(
    facts: StatusFacts,
    role: Role,
    words: Words,
    policy: Policy,
    *,
    asked: bool,
    alike: Sequence[MatchLine] = (),
    merged: Sequence[ClaimId] = (),
    tags: Sequence[str] = (),
    voices: Voices | None = None,
) -> Message:
    """Return where a claim stands.

    Args:
        role: what the reader may see; in a group, what everybody may.
        asked: the reader has asked about this claim.
        alike: known claims that it is like. Until it has a verdict of its own they are what is known.
        merged: claims that were merged into it; editors see them.
        tags: what the claim is found by with `#tag`.
        voices: whether the verdict answered those who were told; for editors.
    """
    claim, verdict = facts.claim, facts.verdict
    published = claim.state is ClaimState.PUBLISHED and verdict is not None
    told = [
        lines(
            f"<b>{number_of(claim.id)}</b> {state_sentence(words, claim.state)}",
            None if claim.closing_reason is None else closing_reason(words, claim.closing_reason),
        ),
        lines(
            claim_quote(words, claim),
            document_line(words, facts.document),
            escape(" ".join(f"#{tag}" for tag in tags)) if tags else None,
        ),
    ]
    if published and verdict is not None:
        told += [rating_line(verdict, words), verdict_body(verdict, facts.sources, words)]
        told += [lines(*(_minority(rating, number, words) for rating, number in facts.otherwise))]
    elif shown := match_lines(alike, words):
        told.append(shown)
    told.append(
        lines(
            asked_line(words, facts.requests),
            *_progress(facts, role, words, policy),
            None if voices is None else voices_line(voices, words),
            _merged(merged, words) if merged and role.covers(Role.EDITOR) else None,
            words.text("You have asked, too: as soon as there is a verdict, you get it here.")
            if asked and _is_open(facts)
            else None,
        )
    )
    buttons = (*merge_buttons(claim, alike, words), *judging_buttons(claim, words)) if role.covers(Role.EDITOR) else ()
    return Message(paragraphs(*told), buttons, claim_id=claim.id)


def _minority(rating: str, number: int, words: Words) -> str:
    return words.count(
        "{n} reviewer thought otherwise: {rating}",
        "{n} reviewers thought otherwise: {rating}",
        number,
        rating=escape(rating_label(words, rating)),
    )


def _merged(merged: Sequence[ClaimId], words: Words) -> str:
    numbers = ", ".join(map(number_of, merged[:_MERGED_MOST])) + (" …" if len(merged) > _MERGED_MOST else "")
    return words.text(
        "Merged into it: {numbers}; taken apart with /unmerge {first}", numbers=numbers, first=str(merged[0])
    )


def _is_open(facts: StatusFacts) -> bool:
    return facts.claim.state not in (
        ClaimState.PUBLISHED,
        ClaimState.RETRACTED,
        ClaimState.CLOSED,
        ClaimState.DUPLICATE,
    )


def _progress(facts: StatusFacts, role: Role, words: Words, policy: Policy) -> list[str]:
    shown = []
    if role.covers(Role.REVIEWER) and _is_open(facts):
        shown.append(
            words.text(
                "Reviews handed in: {submitted} (at least {needed} are needed); being written: {taken}",
                submitted=facts.submitted,
                needed=policy.quorum,
                taken=facts.taken,
            )
        )
    verdict = facts.verdict
    if role.covers(Role.EDITOR) and verdict is not None and verdict.published_at is None:
        shown.append(words.text("Decided: {rating}", rating=escape(rating_label(words, verdict.rating))))
    return shown
