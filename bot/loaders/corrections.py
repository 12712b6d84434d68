"""The facts behind corrections and retractions, and a claim's history."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import approving, corrected, corrections, history, objections
from jobs.consensus import Agreed
from jobs.correcting import has_others
from jobs.lookup import Page, find_claim
from jobs.publish import judgement_on, summary_of
from storage.figures import DecisionFacts
from storage.kinds import CorrectionKind, Role
from storage.model import ClaimId, PersonId, VerdictId


async def _begun(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    verdict = await it.ledger.verdicts.get(VerdictId(it.number("verdict")))
    return partial(corrections.correction_begun, claim, verdict, it.words, it.deps.policy)


async def _reason(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return partial(corrections.reason_asked, claim, it.row.payload["rating"], it.words)


async def _summary(it: Delivery) -> Render:
    return partial(corrections.summary_asked, await it.ledger.corrections.get(it.number("correction")), it.words)


async def _card(it: Delivery) -> Render:
    correction = await it.ledger.corrections.get(it.number("correction"))
    author = await it.ledger.people.get(correction.proposed_by)
    alone = not await has_others(it.ledger, it.reader)
    facts = corrections.CorrectionFacts(
        correction=correction,
        claim=await it.ledger.claims.get(correction.claim_id),
        verdict=await it.ledger.verdicts.get(correction.verdict_id),
        author=author,
        decider=None if correction.decided_by is None else await it.ledger.people.get(correction.decided_by),
        told=len(await it.ledger.posts.list_told(correction.claim_id)),
        posts=len({each.chat_id for each in await it.ledger.posts.list_of(correction.claim_id)}),
        alone=alone,
        direct=alone or not it.deps.policy.approval,
    )
    return partial(corrections.correction_shown, facts, it.reader.id, it.words)


async def _note(it: Delivery) -> Render:
    verdict = await it.ledger.verdicts.get(VerdictId(it.number("verdict")))
    before = await it.ledger.verdicts.find_version(verdict.claim_id, verdict.version - 1) or verdict
    claim = await it.ledger.claims.get(verdict.claim_id)
    return partial(corrected.correction_note, before, verdict, claim, it.words)


async def _amended(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return await amended(it, claim.id)


async def amended(it: Delivery, claim_id: ClaimId) -> Render:
    """Return what makes the post of an earlier version of a claim's verdict, as it reads today."""
    claim = await it.ledger.claims.get(claim_id)
    verdict = await it.ledger.verdicts.find_published(claim.id)
    if verdict is None:
        raise ValueError(f"claim {claim.id} has nothing published")
    released = await it.ledger.corrections.find_released(verdict.id)
    retraction = released if released is not None and released.kind is CorrectionKind.RETRACTION else None
    return partial(
        corrected.amended,
        verdict,
        await it.ledger.verdicts.list_sources(verdict.id),
        claim,
        await it.ledger.documents.get(claim.document_id),
        it.words,
        retraction=retraction,
    )


async def _retracted(it: Delivery) -> Render:
    correction = await it.ledger.corrections.get(it.number("correction"))
    verdict = await it.ledger.verdicts.get(correction.verdict_id)
    claim = await it.ledger.claims.get(correction.claim_id)
    return partial(corrected.retracted, correction, verdict, claim, it.words)


async def _list(it: Delivery) -> Render:
    size = it.deps.policy.page_size
    offset = max(0, it.number("offset"))
    found, total = await it.ledger.corrections.list_released(offset, size)
    shown = [
        corrected.CorrectionLine(
            each, await it.ledger.claims.get(each.claim_id), await it.ledger.verdicts.get(each.verdict_id)
        )
        for each in found
    ]
    return partial(corrected.corrections_shown, Page(shown, total, offset, size), it.words)


async def _history(it: Delivery) -> Render:
    claim = await find_claim(it.ledger, ClaimId(it.number("claim")))
    team = Role(it.row.payload["role"]).covers(Role.REVIEWER)
    entries = await it.ledger.audit.list_of("claim", claim.id)
    actors: set[PersonId] = {each.actor for each in entries if each.actor is not None} if team else set()
    facts = history.HistoryFacts(
        claim=claim,
        versions=await it.ledger.verdicts.list_versions(claim.id),
        entries=entries,
        people={actor: await it.ledger.people.get(actor) for actor in sorted(actors)},
        team=team,
    )
    return partial(history.history_shown, facts, it.words)


async def _wording(it: Delivery) -> Render:
    facts = await it.ledger.figures.decision(ClaimId(it.number("claim")))
    return partial(approving.summary_asked, facts.claim, await summary_now(it, facts), it.words)


async def summary_now(it: Delivery, facts: DecisionFacts) -> str:
    """Return the summary that an approval would publish; empty where there is nothing to approve."""
    judgement = judgement_on(facts, it.deps.policy)
    if not isinstance(judgement, Agreed):
        return ""
    wording = await it.ledger.wordings.find(facts.claim.id, judgement.rating)
    if wording is not None:
        return wording.summary
    return summary_of(facts.opinions, judgement.rating, facts.claim.language) or ""


async def _comment(it: Delivery) -> Render:
    return partial(approving.comment_asked, await it.ledger.claims.get(ClaimId(it.number("claim"))), it.words)


async def _returned(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return partial(approving.review_returned, claim, str(it.row.payload["comment"]), it.words)


async def _evidence_asked(it: Delivery) -> Render:
    return partial(objections.evidence_asked, await it.ledger.claims.get(ClaimId(it.number("claim"))), it.words)


async def _reopening_asked(it: Delivery) -> Render:
    return partial(objections.reopening_asked, await it.ledger.claims.get(ClaimId(it.number("claim"))), it.words)


async def _evidence(it: Delivery) -> Render:
    objection = await it.ledger.objections.get(it.number("objection"))
    verdict = await it.ledger.verdicts.find_published(objection.claim_id)
    if verdict is None:
        raise ValueError(f"claim {objection.claim_id} has nothing published")
    facts = objections.ObjectionFacts(
        objection=objection,
        claim=await it.ledger.claims.get(objection.claim_id),
        verdict=verdict,
        author=await it.ledger.people.get(objection.person_id),
        decider=None if objection.decided_by is None else await it.ledger.people.get(objection.decided_by),
    )
    return partial(objections.evidence_due, facts, it.words)


CORRECTIONS: dict[str, Loader] = {
    "summary_asked": _wording,
    "comment_asked": _comment,
    "review_returned": _returned,
    "evidence_asked": _evidence_asked,
    "reopening_asked": _reopening_asked,
    "evidence_due": _evidence,
    "correction_begun": _begun,
    "correction_reason_asked": _reason,
    "correction_summary_asked": _summary,
    "correction_shown": _card,
    "correction_posted": _note,
    "verdict_amended": _amended,
    "verdict_retracted": _retracted,
    "corrections_shown": _list,
    "history_shown": _history,
}
