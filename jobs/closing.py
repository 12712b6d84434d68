"""Closing claims that the desk does not check, and taking them up again: everybody who asked is told, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from jobs.access import require
from jobs.aside import Aside, resume, take_up
from jobs.dispatch import hand_out, settle, withdraw_work
from jobs.lifecycle import Action
from jobs.notify import private_chat, put, show_decision
from jobs.policy import Policy
from jobs.publish import forget_choices
from jobs.steps import restore_focuses
from jobs.transitions import advance, restore
from storage.errors import NotFound, Refused, Stale
from storage.holds import Hold
from storage.kinds import ClaimState, ClosingReason, HeldAction, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person, PersonId


async def close_claims(
    ledger: Ledger,
    claims: Sequence[Claim],
    reason: ClosingReason,
    now: datetime,
    *,
    actor: PersonId | None,
    undo_within: timedelta = timedelta(0),
    **data: Any,
) -> None:
    """Close claims, as read in this transaction; the work on them ends, drafts and reviews are kept.

    Each person who asked about any of them gets one message, however many it were.

    Args:
        actor: who did it; None for a rule of the desk.
        undo_within: so long the actor can undo it, and nobody who asked is told.
        data: kept with the audit entries.

    Raises:
        Refused: `transition_not_allowed`; nothing may be kept of the transaction then.
    """
    told: dict[PersonId, list[Claim]] = {}
    asides: dict[ClaimId, Aside] = {}
    for claim in claims:
        asides[claim.id] = aside = await Aside.of(ledger, claim.id)
        closed = await advance(
            ledger, claim, Action.CLOSE, now, actor=actor, closing_reason=reason, reason=reason, **data
        )
        aside.assignments.extend(await withdraw_work(ledger, claim.id, now))
        await forget_choices(ledger, claim.id)
        await show_decision(ledger, claim.id, now, only_shown=True)
        for asker in dict.fromkeys(each.person_id for each in await ledger.requests.list_leading_to(claim.id)):
            told.setdefault(asker, []).append(closed)
    keys: dict[ClaimId, list[str]] = {claim.id: [] for claim in claims}
    for person_id, theirs in told.items():
        person = await ledger.people.get(person_id)
        # A claim's revision never comes again: closed anew after a reopening is told anew, and nothing twice.
        key = f"closed:{theirs[0].id}:{theirs[0].revision}:{person.id}"
        payload = {"claims": [claim.id for claim in theirs], "reason": reason}
        await put(ledger, person, "claims_closed", payload, now, dedup_key=key, not_before=now + undo_within)
        for claim in theirs:
            keys[claim.id].append(key)
    if actor is not None and undo_within:
        for claim in claims:
            kept = {**asides[claim.id].kept(), "messages": keys[claim.id]}
            until = now + undo_within
            await ledger.holds.add(Hold(claim.id, HeldAction.CLOSE, actor, claim.state, claim.state_at, kept, until))


async def ask_closing(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Show an editor the reasons for which a claim can be closed, as buttons."""
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    await _check_closable(ledger, claim)
    await _show(ledger, editor, claim.id, now, fresh=True)


async def close(
    ledger: Ledger,
    editor: Person,
    claim_id: ClaimId,
    reason: ClosingReason,
    now: datetime,
    policy: Policy,
    *,
    revision: int | None = None,
) -> None:
    """Close a claim for an editor, who is shown what was done and how to undo it.

    Args:
        revision: the claim's revision on the card that the editor saw; None for a command.

    Raises:
        Refused: `closed_already`, `closing_of_decided`, `closing_of_public`. Stale: `claim_changed`.
        NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    await _check_closable(ledger, claim)
    if revision is not None and claim.revision != revision:
        raise Stale("claim_changed", claim=claim_id)
    await close_claims(ledger, [claim], reason, now, actor=editor.id, undo_within=policy.undo_within)
    await _show(ledger, editor, claim.id, now, fresh=revision is None)


async def reopen(
    ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime, policy: Policy, *, revision: int | None = None
) -> None:
    """Take a closed claim up again: it goes to the queue, or to where its reviews put it, and who asked is told.

    Shortly after it was closed, if nobody has been told, it is put back where it was, and nobody hears of either.

    Raises:
        Refused: `not_closed`. Stale: `claim_changed`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    if claim.state is not ClaimState.CLOSED:
        raise Refused("not_closed", claim=claim_id)
    if revision is not None and claim.revision != revision:
        raise Stale("claim_changed", claim=claim_id)
    if await undo(ledger, editor, claim, now, policy):
        await _show(ledger, editor, claim.id, now, fresh=revision is None)
        return
    claim = await advance(ledger, claim, Action.REOPEN, now, actor=editor.id)
    for person_id in dict.fromkeys(each.person_id for each in await ledger.requests.list_leading_to(claim.id)):
        person = await ledger.people.get(person_id)
        payload = {"code": "claim_reopened", "claim": claim.id}
        key = f"reopened:{claim.id}:{claim.revision}:{person.id}"
        await put(ledger, person, "notice", payload, now, dedup_key=key)
    await resume(ledger, claim.id, now, policy)
    await hand_out(ledger, now, policy)
    await _show(ledger, editor, claim.id, now, fresh=revision is None)


async def undo(ledger: Ledger, editor: Person, claim: Claim, now: datetime, policy: Policy) -> bool:
    """Put a closed claim back where it was, unheard; False if it is too late for that, or it is not closed."""
    hold = await ledger.holds.find(claim.id)
    await ledger.holds.drop(claim.id)
    if hold is None or hold.action is not HeldAction.CLOSE or now >= hold.until:
        return False
    messages = {key: await ledger.holds.find_unsent(key, now) for key in hold.aside["messages"]}
    if None in messages.values():
        return False
    for key, payload in messages.items():
        # One message may tell somebody of several claims that were closed together.
        left = [] if payload is None else [each for each in payload["claims"] if each != claim.id]
        if left:
            await ledger.holds.mark_unsent(key, {**(payload or {}), "claims": left}, now)
        else:
            await ledger.holds.drop_unsent(key, now)
    await restore(ledger, claim, hold.was, hold.since, now, actor=editor.id)
    await take_up(ledger, hold.aside["assignments"], now, policy)
    await restore_focuses(ledger, hold.aside["focuses"])
    await settle(ledger, claim.id, now, policy)
    await show_decision(ledger, claim.id, now, only_shown=True)
    return True


async def _find(ledger: Ledger, claim_id: ClaimId) -> Claim:
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    return claim


async def _check_closable(ledger: Ledger, claim: Claim) -> None:
    match claim.state:
        case ClaimState.CLOSED:
            raise Refused("closed_already", claim=claim.id)
        case ClaimState.DUPLICATE:
            raise Refused("merged_already", claim=claim.id, known=claim.duplicate_of)
        case ClaimState.AGREED | ClaimState.APPROVED | ClaimState.PUBLISHED | ClaimState.RETRACTED:
            raise Refused("closing_of_decided", claim=claim.id, state=str(claim.state))
    if await ledger.verdicts.find_published(claim.id) is not None:
        # It was reopened: who was told the verdict would be told that the desk never checked the claim.
        raise Refused("closing_of_public", claim=claim.id)


async def _show(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime, *, fresh: bool) -> None:
    """Bring the editor's card of closing a claim up to date: the reasons, what was done, or what undid it.

    `fresh` sends it anew, at the end of the chat: it was asked for by a command.
    """
    chat, card = private_chat(editor), f"closing:{claim_id}"
    if fresh:
        await ledger.outbox.forget_card(chat, card)
    await ledger.outbox.enqueue(chat, "closing_shown", {"claim": claim_id}, now, person_id=editor.id, card=card)
