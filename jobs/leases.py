"""Leases over their time: reminders, renewals, editors told in the end; claims given, passed, stepped back from."""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.bars import Bar, bars
from jobs.consensus import Open
from jobs.dispatch import hand_out, judgement_of, offer, recuse, settle, withdraw
from jobs.drafting import checked
from jobs.lifecycle import OPEN_STATES, REVIEWABLE_STATES
from jobs.notify import put, show_work, tell_editors
from jobs.policy import Policy
from jobs.review import pass_on
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import AssignmentState, Role
from storage.ledger import Ledger
from storage.model import AssignmentId, Claim, Person, PersonId


async def remind(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Remind holders of leases that are half over, once a term, and tell editors of claims past the target, once each.

    Returns how many were reminded or told of.
    """
    half_over = await ledger.leases.list_half_over(now)
    for lease in half_over:
        await ledger.leases.mark_reminded(lease.id, now)
        person = await ledger.people.get(lease.person_id)
        if person.reachable:
            await put(ledger, person, "lease_half_over", {"assignment": lease.id}, now, card=f"half:{lease.id}")
    overdue = await ledger.leases.escalate(OPEN_STATES, now - policy.target, now)
    if overdue:
        await tell_editors(ledger, "claims_overdue", now, claims=overdue[:_NAMED], total=len(overdue))
    return len(half_over) + len(overdue)


_NAMED = 10
"""Claims that one message names; a feed may make hundreds overdue at once."""


async def renew(
    ledger: Ledger, person: Person, assignment_id: AssignmentId, seen: int, now: datetime, policy: Policy
) -> None:
    """Give the holder of a lease its whole time again, as often as the policy allows.

    Args:
        seen: how often it had been renewed when the button was made.

    Raises:
        Stale: it has run out, is none, or was renewed since.
        NotAllowed: it is somebody else's.
        Refused: `lease_renewed_enough`.
    """
    lease = await ledger.assignments.get(assignment_id)
    if lease.person_id != person.id:
        raise NotAllowed("offer_not_yours")
    if lease.state is not AssignmentState.TAKEN or lease.expires_at <= now:
        raise Stale("lease_expired", claim=lease.claim_id)
    term = await ledger.leases.find(lease.id)
    if term is None:
        raise Stale("button_unknown")
    if term.renewals != seen:
        # The same button again must not use up another renewal.
        raise Stale("lease_just_renewed", claim=lease.claim_id)
    if term.renewals >= policy.lease_renewals:
        raise Refused("lease_renewed_enough", most=policy.lease_renewals)
    await ledger.leases.renew(lease.id, now, now + policy.lease_lasts)
    await ledger.audit.append(
        "assignment.renewed", "claim", lease.claim_id, now, actor=person.id, data={"assignment": lease.id}
    )
    await show_work(ledger, person, lease.id, now)


async def step_back(ledger: Ledger, person: Person, claim: Claim, reason: str, now: datetime, policy: Policy) -> None:
    """Note that somebody will not review a claim, and why: it is never offered to them, and what they have goes back.

    Raises:
        Refused: `recuse_reason`, `recuse_reviewed`, `recuse_known`.
    """
    require(person, Role.REVIEWER)
    reason = checked(reason, policy, "recuse_reason", claim=claim.id)
    if any(review.person_id == person.id for review in await ledger.reviews.list_submitted(claim.id)):
        raise Refused("recuse_reviewed", claim=claim.id)
    if not await ledger.leases.add_recusal(claim.id, person.id, reason, now):
        raise Refused("recuse_known", claim=claim.id)
    await ledger.audit.append("claim.recused", "claim", claim.id, now, actor=person.id, data={"reason": reason})
    await recuse(ledger, person, claim.id, now)
    await hand_out(ledger, now, policy)


async def pass_claim(ledger: Ledger, person: Person, claim: Claim, now: datetime, policy: Policy) -> None:
    """Pass on what a person has of a claim; Refused `pass_nothing` if that is nothing."""
    require(person, Role.REVIEWER)
    live = await ledger.assignments.find_live(claim.id, person.id)
    if live is None:
        raise Refused("pass_nothing", claim=claim.id)
    await pass_on(ledger, person, live.id, now, policy)


async def assign(ledger: Ledger, editor: Person, claim: Claim, to: Person, now: datetime, policy: Policy) -> None:
    """Offer a claim to the person whom an editor chose, however much they have.

    If enough others have it, the newest offer that was not taken yet goes to them instead.

    Raises:
        Refused: `assign_…` with the reason why it cannot be theirs.
    """
    require(editor, Role.EDITOR)
    await give(ledger, claim, to, now, policy, actor=editor.id)


async def give(
    ledger: Ledger,
    claim: Claim,
    to: Person,
    now: datetime,
    policy: Policy,
    *,
    actor: PersonId | None,
    rule: int | None = None,
) -> None:
    """Do as `assign`, for an editor or a rule of theirs. What is refused has changed nothing."""
    if claim.state not in REVIEWABLE_STATES:
        raise Refused("assign_not_open", claim=claim.id)
    reason = await _why_not(ledger, claim, to, policy)
    if reason is not None:
        raise Refused(reason, claim=claim.id, name=to.name)
    await _make_room(ledger, claim, now, policy)
    data = {"person": to.id} if rule is None else {"person": to.id, "rule": rule}
    await ledger.audit.append("claim.assigned", "claim", claim.id, now, actor=actor, data=data)
    await offer(ledger, claim, to.id, now, policy, chosen=True)


async def _make_room(ledger: Ledger, claim: Claim, now: datetime, policy: Policy) -> None:
    judgement = await judgement_of(ledger, claim.id, policy)
    live = [each for each in await ledger.assignments.list_for_claim(claim.id) if each.ended_at is None]
    if not isinstance(judgement, Open):
        raise Refused("assign_not_open", claim=claim.id)
    if len(live) < judgement.needed:
        return
    untaken = [each for each in live if each.state is AssignmentState.OFFERED]
    if untaken:
        await withdraw(ledger, untaken[-1], now)
    elif len(live) + len(await ledger.reviews.list_submitted(claim.id)) >= policy.max_reviews:
        raise Refused("assign_full", claim=claim.id)


_REFUSED = {Bar.OWN: "assign_own", Bar.RECUSED: "assign_recused", Bar.REVIEWED: "assign_reviewed"}
"""The other bars are for the desk and for who helps themselves; an editor may know better."""


async def _why_not(ledger: Ledger, claim: Claim, to: Person, policy: Policy) -> str | None:
    if not to.role.covers(Role.REVIEWER):
        return "assign_no_reviewer"
    if not to.reachable:
        return "person_unreachable"
    if not to.on_duty:
        return "assign_off_duty"
    if await ledger.assignments.find_live(claim.id, to.id) is not None:
        return "assign_has_it"
    history = await ledger.assignments.list_for_claim(claim.id)
    return _REFUSED.get((await bars(ledger, claim, history, policy)).get(to.id, Bar.SAW))


async def unassign(ledger: Ledger, editor: Person, claim: Claim, of: Person, now: datetime, policy: Policy) -> None:
    """Take back what a person has of a claim; the draft is kept. It counts as passed on, so others are asked first.

    Raises:
        NotFound: `unassign_nothing`.
    """
    require(editor, Role.EDITOR)
    live = await ledger.assignments.find_live(claim.id, of.id)
    if live is None:
        raise NotFound("unassign_nothing", claim=claim.id, name=of.name)
    await ledger.assignments.mark_ended(live.id, AssignmentState.PASSED, now)
    await ledger.audit.append(
        "assignment.unassigned", "claim", claim.id, now, actor=editor.id, data={"assignment": live.id, "of": of.id}
    )
    await ledger.people.clear_focus(of.id, claim.id)
    await show_work(ledger, of, live.id, now)
    await put(ledger, of, "notice", {"code": "claim_unassigned", "claim": claim.id}, now)
    await settle(ledger, claim.id, now, policy)
    await hand_out(ledger, now, policy)
