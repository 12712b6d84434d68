"""What a merge puts aside, and what of it can be taken up again: offers and leases, and who was at which step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobs.access import bringers
from jobs.consensus import Open
from jobs.dispatch import judgement_of, recuse, settle, withdraw_work
from jobs.lifecycle import REVIEWABLE_STATES, Action
from jobs.merging import can_go_on
from jobs.notify import show_work
from jobs.policy import Policy
from jobs.publish import forget_choices
from jobs.steps import kept_focuses
from jobs.transitions import advance
from storage.kinds import AssignmentState, ClaimState
from storage.ledger import Ledger
from storage.model import Assignment, AssignmentId, Claim, ClaimId, Focus, PersonId


@dataclass(frozen=True, slots=True)
class Aside:
    """The offers and leases that a merge ended, as they were, and who was at which step of the work or a decision."""

    assignments: list[Assignment] = field(default_factory=list)
    focuses: list[Focus] = field(default_factory=list)

    @classmethod
    async def of(cls, ledger: Ledger, claim_id: ClaimId) -> Aside:
        """Return what is put aside for a claim so far: who is busy with it."""
        return cls(focuses=await ledger.people.list_focused(claim_id))

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept with the merge."""
        return {
            "assignments": [[each.id, each.state] for each in self.assignments],
            "focuses": kept_focuses(self.focuses),
        }

    async def end_work(self, ledger: Ledger, claim_id: ClaimId, now: datetime) -> None:
        """End everybody's work on a merged claim, and tell them."""
        for was in await withdraw_work(ledger, claim_id, now):
            await self._put(ledger, was, now)
        await forget_choices(ledger, claim_id)

    async def step_back(self, ledger: Ledger, person_id: PersonId, end: Claim, now: datetime) -> None:
        """End what a person has of a claim that has become their own, or from which they had stepped back."""
        was = await ledger.assignments.find_live(end.id, person_id)
        if was is None:
            return
        focus = await ledger.people.find_focus(person_id)
        if focus is not None and focus.claim_id == end.id:
            self.focuses.append(focus)
        await recuse(ledger, await ledger.people.get(person_id), end.id, now)
        await self._put(ledger, was, now)

    async def _put(self, ledger: Ledger, was: Assignment, now: datetime) -> None:
        self.assignments.append(was)
        if was.state is AssignmentState.TAKEN:
            # Whoever is at work gets a new card: a change of the old one makes no sound.
            await show_work(ledger, await ledger.people.get(was.person_id), was.id, now, fresh=True)


async def take_up(ledger: Ledger, kept: Iterable[Sequence[Any]], now: datetime, policy: Policy) -> None:
    """Take up again the offers and leases that the merge ended, as far as they are still possible."""
    for assignment_id, state in kept:
        was = AssignmentState(state)
        ended = await ledger.assignments.get(AssignmentId(assignment_id))
        person = await ledger.people.get(ended.person_id)
        if not await _is_needed(ledger, ended, policy):
            continue
        barred = await bringers(ledger, ended.claim_id)
        live = await ledger.assignments.list_live_of(person.id)
        if not can_go_on(ended, was, person, live, barred, now, policy):
            continue
        await ledger.assignments.mark_live_again(ended, was)
        await ledger.audit.append(
            "assignment.restored", "claim", ended.claim_id, now, data={"assignment": ended.id, "state": was}
        )
        await show_work(ledger, person, ended.id, now, fresh=was is AssignmentState.TAKEN)


async def _is_needed(ledger: Ledger, ended: Assignment, policy: Policy) -> bool:
    """Return whether the claim of an offer or lease lacks a reviewer that nobody else was asked to be meanwhile."""
    claim = await ledger.claims.get(ended.claim_id)
    judgement = await judgement_of(ledger, claim.id, policy)
    if claim.state not in REVIEWABLE_STATES or not isinstance(judgement, Open):
        return False
    history = await ledger.assignments.list_for_claim(claim.id)
    live = sum(each.ended_at is None for each in history)
    return judgement.needed > live and ended.ended_at is not None


async def resume(ledger: Ledger, claim_id: ClaimId, now: datetime, policy: Policy) -> None:
    """Move a claim from the queue to where its leases and reviews put it."""
    claim = await ledger.claims.get(claim_id)
    if claim.state is ClaimState.QUEUED:
        history = await ledger.assignments.list_for_claim(claim_id)
        leased = any(each.state is AssignmentState.TAKEN for each in history)
        if leased or await ledger.reviews.list_submitted(claim_id):
            await advance(ledger, claim, Action.START, now)
    await settle(ledger, claim_id, now, policy)
