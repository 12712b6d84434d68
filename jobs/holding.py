"""What an editor did a moment ago: it can be taken back for `undo_within`, and then it stands."""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.consensus import Agreed
from jobs.dispatch import judgement_of
from jobs.notify import show_decision
from jobs.policy import Policy
from jobs.publish import approve_by_policy, publish_version
from jobs.steps import restore_focuses
from jobs.transitions import restore
from storage.errors import Stale
from storage.holds import Hold
from storage.kinds import ClaimState, HeldAction, Role
from storage.ledger import Ledger
from storage.model import ClaimId, Person


async def take_back_approval(ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int, now: datetime) -> None:
    """Take an approval back before its verdict is published: the claim is agreed as before, and nobody hears of it.

    Any editor may, as any of them could have approved.

    Args:
        revision: the claim's revision on the card that the editor saw.

    Raises:
        Stale: `undo_over`: it is published, or taken back already. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await ledger.claims.get(claim_id)
    hold = await _held(ledger, claim_id, HeldAction.APPROVE, now)
    verdict = await ledger.verdicts.find_latest(claim_id)
    if hold is None or verdict is None or claim.state is not ClaimState.APPROVED or claim.revision != revision:
        raise Stale("undo_over")
    await ledger.holds.drop(claim_id)
    await ledger.verdicts.drop(verdict.id)
    data = {"verdict": verdict.id, "version": verdict.version, "rating": verdict.rating}
    await ledger.audit.append("verdict.taken_back", "claim", claim_id, now, actor=editor.id, data=data)
    await restore(ledger, claim, hold.was, hold.since, now, actor=editor.id)
    await restore_focuses(ledger, hold.aside["focuses"])
    await show_decision(ledger, claim_id, now, only_shown=True)


async def let_stand(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Publish what was approved and not taken back in time, and forget how to undo the rest; returns how many.

    Where the policy asks for no editor, what reviewers agree on is approved by it, as long after they came to agree.
    """
    over = await ledger.holds.list_over(now)
    for hold in over:
        await ledger.holds.drop(hold.claim_id)
        if hold.action is HeldAction.APPROVE:
            claim = await ledger.claims.get(hold.claim_id)
            verdict = await ledger.verdicts.find_latest(hold.claim_id)
            assert verdict is not None  # noqa: S101 - an approved claim has one (invariant decided_without_verdict)
            await publish_version(ledger, claim, verdict, now)
            await show_decision(ledger, claim.id, now, only_shown=True)
    return len(over) + (0 if policy.approval else await _approve_agreed(ledger, now, policy))


async def _approve_agreed(ledger: Ledger, now: datetime, policy: Policy) -> int:
    approved = 0
    for claim in await ledger.claims.list_in((ClaimState.AGREED,)):
        judgement = await judgement_of(ledger, claim.id, policy)
        # Where they agree no longer, because the rules changed, `watch` opens the claim again.
        if now - claim.state_at >= policy.undo_within and isinstance(judgement, Agreed):
            await approve_by_policy(ledger, claim, judgement, now)
            approved += 1
    return approved


async def _held(ledger: Ledger, claim_id: ClaimId, action: HeldAction, now: datetime) -> Hold | None:
    hold = await ledger.holds.find(claim_id)
    return hold if hold is not None and hold.action is action and now < hold.until else None
