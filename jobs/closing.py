"""Closing claims that the desk does not check, and taking them up again: everybody who asked is told, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jobs.access import require
from jobs.aside import resume
from jobs.dispatch import hand_out, withdraw_work
from jobs.lifecycle import Action
from jobs.notify import private_chat, put, show_decision
from jobs.policy import Policy
from jobs.publish import forget_choices
from jobs.transitions import advance
from storage.errors import NotFound, Refused, Stale
from storage.kinds import ClaimState, ClosingReason, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person, PersonId


async def close_claims(
    ledger: Ledger,
    claims: Sequence[Claim],
    reason: ClosingReason,
    now: datetime,
    *,
    actor: PersonId | None,
    **data: Any,
) -> None:
    """Close claims, as read in this transaction; the work on them ends, drafts and reviews are kept.

    Each person who asked about any of them gets one message, however many it were.

    Args:
        actor: who did it; None for a rule of the desk.
        data: kept with the audit entries.

    Raises:
        Refused: `transition_not_allowed`; nothing may be kept of the transaction then.
    """
    told: dict[PersonId, list[Claim]] = {}
    for claim in claims:
        closed = await advance(
            ledger, claim, Action.CLOSE, now, actor=actor, closing_reason=reason, reason=reason, **data
        )
        await withdraw_work(ledger, claim.id, now)
        await forget_choices(ledger, claim.id)
        await show_decision(ledger, claim.id, now, only_shown=True)
        for asker in dict.fromkeys(each.person_id for each in await ledger.requests.list_leading_to(claim.id)):
            told.setdefault(asker, []).append(closed)
    for person_id, theirs in told.items():
        person = await ledger.people.get(person_id)
        # A claim's revision never comes again: closed anew after a reopening is told anew, and nothing twice.
        key = f"closed:{theirs[0].id}:{theirs[0].revision}:{person.id}"
        payload = {"claims": [claim.id for claim in theirs], "reason": reason}
        await put(ledger, person, "claims_closed", payload, now, dedup_key=key)


async def ask_closing(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Show an editor the reasons for which a claim can be closed, as buttons."""
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    _check_closable(claim)
    await _show(ledger, editor, claim.id, now, fresh=True)


async def close(
    ledger: Ledger,
    editor: Person,
    claim_id: ClaimId,
    reason: ClosingReason,
    now: datetime,
    *,
    revision: int | None = None,
) -> None:
    """Close a claim for an editor, who is shown what was done and how to undo it.

    Args:
        revision: the claim's revision on the card that the editor saw; None for a command.

    Raises:
        Refused: `closed_already`, `closing_of_decided`. Stale: `claim_changed`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    _check_closable(claim)
    if revision is not None and claim.revision != revision:
        raise Stale("claim_changed", claim=claim_id)
    await close_claims(ledger, [claim], reason, now, actor=editor.id)
    await _show(ledger, editor, claim.id, now, fresh=revision is None)


async def reopen(
    ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime, policy: Policy, *, revision: int | None = None
) -> None:
    """Take a closed claim up again: it goes to the queue, or to where its reviews put it, and who asked is told.

    Raises:
        Refused: `not_closed`. Stale: `claim_changed`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    if claim.state is not ClaimState.CLOSED:
        raise Refused("not_closed", claim=claim_id)
    if revision is not None and claim.revision != revision:
        raise Stale("claim_changed", claim=claim_id)
    claim = await advance(ledger, claim, Action.REOPEN, now, actor=editor.id)
    for person_id in dict.fromkeys(each.person_id for each in await ledger.requests.list_leading_to(claim.id)):
        person = await ledger.people.get(person_id)
        payload = {"code": "claim_reopened", "claim": claim.id}
        key = f"reopened:{claim.id}:{claim.revision}:{person.id}"
        await put(ledger, person, "notice", payload, now, dedup_key=key)
    await resume(ledger, claim.id, now, policy)
    await hand_out(ledger, now, policy)
    await _show(ledger, editor, claim.id, now, fresh=revision is None)


async def _find(ledger: Ledger, claim_id: ClaimId) -> Claim:
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    return claim


def _check_closable(claim: Claim) -> None:
    match claim.state:
        case ClaimState.CLOSED:
            raise Refused("closed_already", claim=claim.id)
        case ClaimState.DUPLICATE:
            raise Refused("merged_already", claim=claim.id, known=claim.duplicate_of)
        case ClaimState.AGREED | ClaimState.APPROVED | ClaimState.PUBLISHED | ClaimState.RETRACTED:
            raise Refused("closing_of_decided", claim=claim.id, state=str(claim.state))


async def _show(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime, *, fresh: bool) -> None:
    """Bring the editor's card of closing a claim up to date: the reasons, what was done, or what undid it.

    `fresh` sends it anew, at the end of the chat: it was asked for by a command.
    """
    chat, card = private_chat(editor), f"closing:{claim_id}"
    if fresh:
        await ledger.outbox.forget_card(chat, card)
    await ledger.outbox.enqueue(chat, "closing_shown", {"claim": claim_id}, now, person_id=editor.id, card=card)
