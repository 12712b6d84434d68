"""Changing what is public: an editor drafts a correction or a retraction with its reason, and another one releases it.

A published version is never edited. A correction that is released becomes the next version of the verdict, and goes to
everybody who was told an earlier one; a retraction takes the verdict back and tells them that.
"""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.drafting import checked
from jobs.intake.language import detect
from jobs.lifecycle import Action
from jobs.notify import show_correction, tell
from jobs.policy import Policy
from jobs.posting import tell_retracted
from jobs.publish import publish_version
from jobs.requests import canonical
from jobs.transitions import advance
from storage.corrections import Correction
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import Awaiting, ClaimState, CorrectionKind, CorrectionState, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Focus, Person, Verdict

_OPEN = (CorrectionState.DRAFT, CorrectionState.PROPOSED)


async def begin(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Show an editor what is published about a claim, with the ratings that it could have instead.

    Raises:
        Refused: `nothing_published`.
    """
    claim, verdict = await _public(ledger, editor, claim_id)
    if not await _show_waiting(ledger, editor, claim, now):
        await tell(ledger, editor, "correction_begun", now, claim=claim.id, verdict=verdict.id)


async def begin_retraction(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Ask an editor why a verdict is to be taken back; Refused `nothing_published`."""
    claim, verdict = await _public(ledger, editor, claim_id)
    if not await _show_waiting(ledger, editor, claim, now):
        await ledger.people.mark_focus(editor.id, claim.id, Awaiting.RETRACTION, now, detail=str(verdict.version))
        await tell(ledger, editor, "correction_reason_asked", now, claim=claim.id, rating=None)


async def _show_waiting(ledger: Ledger, editor: Person, claim: Claim, now: datetime) -> bool:
    """Show what waits to be released for a claim already; False if nothing does."""
    waiting = [each for each in await ledger.corrections.list_open(claim.id) if each.state is CorrectionState.PROPOSED]
    for each in waiting:
        await show_correction(ledger, editor, each.id, now, fresh=True)
    return bool(waiting)


async def choose(
    ledger: Ledger, editor: Person, claim_id: ClaimId, version: int, rating: str, now: datetime, policy: Policy
) -> None:
    """Take the rating that a verdict should have, maybe the one it has, and ask for the reason.

    Args:
        version: the version of the verdict on the card that the editor saw.
    """
    policy.rating(rating)
    claim, verdict = await _public(ledger, editor, claim_id)
    if verdict.version != version:
        raise Stale("claim_changed", claim=claim.id)
    await ledger.people.mark_focus(editor.id, claim.id, Awaiting.CORRECTION, now, rating=rating, detail=str(version))
    await tell(ledger, editor, "correction_reason_asked", now, claim=claim.id, rating=rating)


async def take_reason(
    ledger: Ledger, editor: Person, focus: Focus, text: str, now: datetime, policy: Policy
) -> Correction:
    """Take the written reason: the draft is made, and shown with what was before and what would be."""
    text = checked(text, policy, "reason_missing")
    claim, verdict = await _public(ledger, editor, focus.claim_id)
    if str(verdict.version) != focus.detail:
        raise Stale("claim_changed", claim=claim.id)
    retracts = focus.awaiting is Awaiting.RETRACTION
    kind = CorrectionKind.RETRACTION if retracts else CorrectionKind.CORRECTION
    for each in await ledger.corrections.list_open(claim.id):
        if each.proposed_by == editor.id and each.state is CorrectionState.DRAFT:
            await _close(ledger, each, CorrectionState.DROPPED, editor, now)
    draft = await ledger.corrections.add(verdict, kind, focus.rating or verdict.rating, text, editor.id, now)
    await ledger.people.clear_focus(editor.id, claim.id)
    await _note(ledger, draft, "drafted", editor, now)
    await show_correction(ledger, editor, draft.id, now)
    return draft


async def ask_summary(ledger: Ledger, editor: Person, correction_id: int, revision: int, now: datetime) -> None:
    """Ask the author of a draft for another summary."""
    draft = await _draft(ledger, editor, correction_id, revision)
    await ledger.people.mark_focus(
        editor.id, draft.claim_id, Awaiting.CORRECTION, now, rating=draft.rating, detail=f"summary:{draft.id}"
    )
    await tell(ledger, editor, "correction_summary_asked", now, correction=draft.id)


async def take_summary(ledger: Ledger, editor: Person, focus: Focus, text: str, now: datetime, policy: Policy) -> None:
    """Take another summary for a draft."""
    text = checked(text, policy, "reason_missing")
    draft = await _draft(ledger, editor, int((focus.detail or "").partition(":")[2]), None)
    draft = await ledger.corrections.mark_summary(draft, text)
    await ledger.people.clear_focus(editor.id, draft.claim_id)
    await _note(ledger, draft, "summary", editor, now)
    await show_correction(ledger, editor, draft.id, now, fresh=True)


async def take_text(ledger: Ledger, editor: Person, focus: Focus, text: str, now: datetime, policy: Policy) -> None:
    """Take what an editor wrote who was asked for a reason or a summary."""
    if (focus.detail or "").startswith("summary:"):
        await take_summary(ledger, editor, focus, text, now, policy)
    else:
        await take_reason(ledger, editor, focus, text, now, policy)


async def propose(
    ledger: Ledger, editor: Person, correction_id: int, revision: int, now: datetime, policy: Policy
) -> bool:
    """Put a draft before the other editors; where the policy asks for no approval, or nobody else is there, release it.

    Returns:
        True if it is released.

    Raises:
        Refused: `correction_changes_nothing`, `correction_waits`.
    """
    draft = await _draft(ledger, editor, correction_id, revision)
    claim, verdict = await _public(ledger, editor, draft.claim_id)
    if verdict.id != draft.verdict_id:
        raise Stale("claim_changed", claim=claim.id)
    if draft.kind is CorrectionKind.CORRECTION and not differs(draft, verdict):
        raise Refused("correction_changes_nothing")
    if any(each.state is CorrectionState.PROPOSED for each in await ledger.corrections.list_open(claim.id)):
        raise Refused("correction_waits", claim=claim.id)
    if not policy.approval or not await has_others(ledger, editor):
        await _release(ledger, draft, claim, verdict, editor, now)
        return True
    proposed = await ledger.corrections.mark_proposed(draft)
    await _note(ledger, proposed, "proposed", editor, now)
    for each in await ledger.people.list_with_role(Role.EDITOR):
        await show_correction(ledger, each, proposed.id, now)
    return False


def differs(correction: Correction, verdict: Verdict) -> bool:
    """True if a correction changes anything that readers see."""
    return (correction.rating, correction.summary) != (verdict.rating, verdict.summary)


async def has_others(ledger: Ledger, editor: Person) -> bool:
    """True if there is another editor who can be reached: then a change of what is public takes two."""
    return any(other.id != editor.id for other in await ledger.people.list_with_role(Role.EDITOR))


async def release(ledger: Ledger, editor: Person, correction_id: int, revision: int, now: datetime) -> None:
    """Make a proposed correction public.

    Raises:
        NotAllowed: `correction_is_yours`, while there is another editor. Stale: `correction_gone`, `claim_changed`.
    """
    require(editor, Role.EDITOR)
    correction = await _open(ledger, correction_id, revision)
    if correction.state is not CorrectionState.PROPOSED:
        raise Stale("correction_gone")
    if correction.proposed_by == editor.id and await has_others(ledger, editor):
        raise NotAllowed("correction_is_yours")
    claim, verdict = await _public(ledger, editor, correction.claim_id)
    if verdict.id != correction.verdict_id:
        raise Stale("claim_changed", claim=claim.id)
    await _release(ledger, correction, claim, verdict, editor, now)


async def _release(
    ledger: Ledger, correction: Correction, claim: Claim, verdict: Verdict, editor: Person, now: datetime
) -> None:
    by_one = correction.proposed_by == editor.id
    alone = {"alone": True} if by_one else {}
    reviewers = {review.person_id for review in await ledger.reviews.list_submitted(claim.id)}
    await _close(ledger, correction, CorrectionState.RELEASED, editor, now, **alone)
    await drop_open(ledger, claim.id, editor, now)
    if correction.kind is CorrectionKind.RETRACTION:
        claim = await advance(ledger, claim, Action.RETRACT, now, actor=editor.id, reason=correction.reason)
        await tell_retracted(ledger, claim, verdict, correction.id, now)
        return
    claim = await advance(ledger, claim, Action.CORRECT, now, actor=editor.id, rating=correction.rating)
    version = await ledger.verdicts.add(
        claim_id=claim.id,
        rating=correction.rating,
        summary=correction.summary,
        summary_language=detect(correction.summary),
        method=verdict.method,
        reason=correction.reason,
        decided_by=editor.id,
        decided_at=now,
        sources=await ledger.verdicts.list_sources(verdict.id),
        by_reviewer=verdict.by_reviewer or (by_one and editor.id in reviewers),
    )
    await publish_version(ledger, claim, version, now)


async def drop(ledger: Ledger, editor: Person, correction_id: int, revision: int, now: datetime) -> None:
    """Decide against a draft of one's own, or against what was proposed."""
    require(editor, Role.EDITOR)
    correction = await _open(ledger, correction_id, revision)
    if correction.state is CorrectionState.DRAFT and correction.proposed_by != editor.id:
        raise Stale("correction_gone")
    await _close(ledger, correction, CorrectionState.DROPPED, editor, now)


async def drop_open(ledger: Ledger, claim_id: ClaimId, editor: Person, now: datetime) -> None:
    """Drop every draft and proposal about a verdict that has changed, and what editors were asked for it."""
    for each in await ledger.corrections.list_open(claim_id):
        await _close(ledger, each, CorrectionState.DROPPED, editor, now)
    for focus in await ledger.people.list_focused(claim_id):
        if focus.awaiting in (Awaiting.CORRECTION, Awaiting.RETRACTION):
            await ledger.people.clear_focus(focus.person_id, claim_id)


async def _close(
    ledger: Ledger, correction: Correction, state: CorrectionState, editor: Person, now: datetime, **data: bool
) -> None:
    was = correction.state
    closed = await ledger.corrections.mark_decided(correction, state, editor.id, now)
    await _note(ledger, closed, str(state), editor, now, **data)
    focus = await ledger.people.find_focus(correction.proposed_by)
    if focus is not None and focus.detail == f"summary:{correction.id}":
        await ledger.people.clear_focus(focus.person_id, focus.claim_id)
    author = await ledger.people.get(correction.proposed_by)
    shown_to = [author] if was is CorrectionState.DRAFT else await ledger.people.list_with_role(Role.EDITOR)
    for each in shown_to:
        await show_correction(ledger, each, closed.id, now)
    if author.id != editor.id:
        code = "correction_released" if state is CorrectionState.RELEASED else "correction_dropped"
        await tell(ledger, author, "notice", now, code=code, claim=closed.claim_id)


async def _public(ledger: Ledger, editor: Person, claim_id: ClaimId) -> tuple[Claim, Verdict]:
    require(editor, Role.EDITOR)
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    claim = await canonical(ledger, claim)
    verdict = await ledger.verdicts.find_published(claim.id)
    if claim.state is not ClaimState.PUBLISHED or verdict is None:
        raise Refused("nothing_published", claim=claim.id)
    return claim, verdict


async def _open(ledger: Ledger, correction_id: int, revision: int | None) -> Correction:
    correction = await ledger.corrections.get(correction_id)
    if correction.state not in _OPEN or revision not in (None, correction.revision):
        raise Stale("correction_gone")
    return correction


async def _draft(ledger: Ledger, editor: Person, correction_id: int, revision: int | None) -> Correction:
    require(editor, Role.EDITOR)
    draft = await _open(ledger, correction_id, revision)
    if draft.state is not CorrectionState.DRAFT or draft.proposed_by != editor.id:
        raise Stale("correction_gone")
    return draft


async def _note(ledger: Ledger, correction: Correction, what: str, editor: Person, now: datetime, **more: bool) -> None:
    about = {"correction": correction.id, "kind": correction.kind, "rating": correction.rating}
    data = {**about, "by": correction.proposed_by, **more}
    await ledger.audit.append(f"correction.{what}", "claim", correction.claim_id, now, actor=editor.id, data=data)
