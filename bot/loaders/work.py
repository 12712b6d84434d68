"""What reviewers and editors work with: cards, decisions, merges."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import cards, decisions, merging, practice, why
from jobs.dispatch import priority_of
from jobs.duplicates import suggestions
from jobs.intake.worth import score
from jobs.undo import can_revise, can_take_back
from storage.kinds import ClaimState
from storage.model import AssignmentId, ClaimId


async def _card(it: Delivery) -> Render:
    facts = await it.ledger.figures.card(AssignmentId(it.number("assignment")))
    if not facts.claim.practice:
        alike = await suggestions(it.ledger, facts.claim)
        undo = cards.Undo.LATER if can_revise(facts.claim, facts.review) else cards.Undo.NONE
        if can_take_back(facts.claim, facts.review, it.now, it.deps.policy):
            undo = cards.Undo.AT_ONCE
        return partial(cards.card, facts, it.words, it.deps.policy, alike=alike, undo=undo)
    case = await it.ledger.practice.get(facts.claim.id)
    progress = await it.ledger.practice.progress(facts.assignment.person_id)
    return partial(practice.card, facts, case, progress, it.words, it.deps.policy)


async def _practice(it: Delivery) -> Render:
    progress = await it.ledger.practice.progress(it.reader.id)
    return partial(practice.practice_shown, progress, it.reader, it.words)


async def _decision(it: Delivery) -> Render:
    facts = await it.ledger.figures.decision(ClaimId(it.number("claim")))
    alike = await suggestions(it.ledger, facts.claim)
    written = await it.ledger.wordings.find_any(facts.claim.id)
    voices = None if facts.verdict is None else await it.ledger.objections.voices(facts.verdict.id)
    held = facts.claim.state is ClaimState.APPROVED and await it.ledger.holds.find(facts.claim.id) is not None
    card = partial(decisions.decision_due, facts, it.words, it.deps.policy, alike=alike)
    return partial(card, written=written, voices=voices, held=held)


async def _reason(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return partial(decisions.reason_asked, claim, str(it.row.payload["rating"]), it.words)


async def _why(it: Delivery) -> Render:
    (line,) = await it.ledger.finding.list_lines([ClaimId(it.number("claim"))])
    claim = line.claim
    priority = priority_of(line, it.now, it.deps.policy)
    age = it.words.duration(max(it.now - claim.owed_since, timedelta(0)))
    return partial(why.why_shown, line, priority, score(claim.text, claim.language), age, it.words)


async def _merge(it: Delivery) -> Render:
    claim_id, known_id = ClaimId(it.number("claim")), ClaimId(it.number("known"))
    facts = merging.MergeFacts(
        step=merging.Step(it.row.payload["step"]),
        claim=await it.ledger.figures.status(claim_id),
        known=await it.ledger.figures.status(known_id),
        match=await it.ledger.matches.find_between(claim_id, known_id),
        people=it.number("people"),
    )
    return partial(merging.merge_shown, facts, it.words)


WORK: dict[str, Loader] = {
    "claim_offered": _card,
    "work_changed": _card,
    "practice_shown": _practice,
    "decision_due": _decision,
    "reason_asked": _reason,
    "merge_shown": _merge,
    "why_shown": _why,
}
