"""Looking after claims on their way to a verdict: none may be stuck because the rules or the editors changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.consensus import Agreed, Disputed, Judgement, Open
from jobs.dispatch import judgement_of, settle
from jobs.lifecycle import DECIDABLE_STATES, Action
from jobs.notify import private_chat, show_correction, show_decision, show_decision_to, show_objection
from jobs.policy import Policy
from jobs.posting import amend_late
from jobs.publish import forget_choices
from jobs.transitions import advance
from jobs.triage import LIST_CARD, put_list
from storage.kinds import ClaimState, Manner, Role, Subject
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person

RETRY_AFTER = timedelta(hours=1)
"""A card that could not be delivered is not tried again before."""

_MEANS: dict[ClaimState, type[Judgement]] = {
    ClaimState.IN_REVIEW: Open,
    ClaimState.AGREED: Agreed,
    ClaimState.DISPUTED: Disputed,
}
"""What the reviews of a claim in that state amount to."""


async def watch(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Judge claims again by the policy of today, and send editors the decisions and documents they have no card of.

    An editor lacks a card who became one, or unblocked the desk, after it went out. Posts that went out while their
    verdict was corrected are amended. Returns how many claims moved, cards were put and posts edited.
    """
    done = 0
    for claim in await ledger.claims.list_in(tuple(_MEANS)):
        done += await _judge_again(ledger, claim, now, policy)
    # Where no editor is asked, an agreement is about to be published.
    decided_by_editors = DECIDABLE_STATES if policy.approval else DECIDABLE_STATES - {ClaimState.AGREED}
    for claim in await ledger.claims.list_in(tuple(sorted(decided_by_editors))):
        done += await _show_to_all(ledger, claim.id, now)
    done += await _list_to_all(ledger, now)
    for correction in await ledger.corrections.list_proposed():
        for editor in await _without(ledger, f"correction:{correction.id}", now):
            await show_correction(ledger, editor, correction.id, now)
            done += 1
    for objection in await ledger.objections.list_waiting():
        for editor in await _without(ledger, f"objection:{objection.id}", now):
            await show_objection(ledger, editor, objection.id, now)
            done += 1
    return done + await amend_late(ledger, now)


async def _judge_again(ledger: Ledger, claim: Claim, now: datetime, policy: Policy) -> bool:
    judgement = await judgement_of(ledger, claim.id, policy)
    before = claim.state
    if judgement is None or isinstance(judgement, _MEANS[before]):
        return False
    if before is not ClaimState.IN_REVIEW:
        await forget_choices(ledger, claim.id)
        await ledger.wordings.drop(claim.id)
        claim = await advance(ledger, claim, Action.REOPEN, now)
        await show_decision(ledger, claim.id, now, only_shown=True)
    await settle(ledger, claim.id, now, policy)
    return (await ledger.claims.get(claim.id)).state is not before


async def _show_to_all(ledger: Ledger, claim_id: ClaimId, now: datetime) -> int:
    shown = 0
    for editor in await _without(ledger, f"decision:{claim_id}", now):
        if await _wants_decisions(ledger, editor):
            await show_decision_to(ledger, editor, claim_id, now)
            shown += 1
    return shown


async def _list_to_all(ledger: Ledger, now: datetime) -> int:
    if not await ledger.triage.list_heaps():
        return 0
    lacking = [each for each in await _without(ledger, LIST_CARD, now) if await _wants_decisions(ledger, each)]
    for editor in lacking:
        await put_list(ledger, editor, now)
    return len(lacking)


async def _wants_decisions(ledger: Ledger, editor: Person) -> bool:
    return await ledger.wishes.find(editor.id, Subject.DECISIONS) is Manner.AT_ONCE


async def _without(ledger: Ledger, card: str, now: datetime) -> list[Person]:
    """Return the editors who lack a card that they were not sent just now."""
    tried_after = now - RETRY_AFTER
    return [
        editor
        for editor in await ledger.people.list_with_role(Role.EDITOR)
        if not await ledger.outbox.shows(private_chat(editor), card, tried_after=tried_after)
    ]
