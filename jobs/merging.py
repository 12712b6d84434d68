"""The rules of merging: which claim may become a duplicate of which, where requests stand, and what can go on after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from jobs.lifecycle import OPEN_STATES
from jobs.policy import Policy
from storage.errors import Refused, Stale
from storage.kinds import AssignmentState, ClaimState, Role
from storage.model import Assignment, Claim, ClaimId, Person, Request, RequestId


def check_merge(claim: Claim, named: Claim, end: Claim, own_end: Claim) -> None:
    """Let pass a merge of `claim` into what `named` leads to.

    Args:
        end: the claim that stands for `named`: itself, or what it was merged into.
        own_end: the same of `claim`.

    Raises:
        Stale: `merged_already`.
        Refused: `merge_into_itself`, `merged_elsewhere`, `merge_in_a_circle`, `merge_of_decided`, `merge_of_ended`,
            `merge_into_ended`.
    """
    if claim.id == named.id:
        raise Refused("merge_into_itself", claim=claim.id)
    if claim.state is ClaimState.DUPLICATE:
        if own_end.id == end.id:
            raise Stale("merged_already", claim=claim.id, known=end.id)
        raise Refused("merged_elsewhere", claim=claim.id, known=own_end.id)
    if end.id == claim.id:
        raise Refused("merge_in_a_circle", claim=claim.id, known=named.id)
    if claim.state not in OPEN_STATES:
        if claim.state in (ClaimState.APPROVED, ClaimState.PUBLISHED):
            # Its answer is out: were it merged, people would be told two things as one.
            raise Refused("merge_of_decided", claim=claim.id, known=end.id)
        raise Refused("merge_of_ended", claim=claim.id, state=str(claim.state))
    if end.state in (ClaimState.CLOSED, ClaimState.RETRACTED):
        # Nobody who asked would ever get an answer.
        raise Refused("merge_into_ended", claim=claim.id, known=end.id, state=str(end.state))


def can_merge(claim: Claim, end: Claim) -> bool:
    """Return whether a claim may be merged into one that stands for itself; for the buttons."""
    try:
        check_merge(claim, end, end, claim)
    except Refused:
        return False
    return True


def places(requests: Iterable[Request], end: ClaimId) -> dict[RequestId, ClaimId]:
    """Return where each of the requests that lead to one claim stands.

    Of each person's requests one stands at that claim, so that they get one answer: the one about the very claim if
    there is one, else the oldest. The others wait at the claim that was asked about. The result depends on nothing but
    who asked what; so it is the same in whatever order claims were merged, and what it was before once one is undone.
    """
    chosen: dict[int, Request] = {}
    found: dict[RequestId, ClaimId] = {}
    for request in sorted(requests, key=lambda each: (each.asked_id != end, each.id)):
        first = chosen.setdefault(request.person_id, request)
        found[request.id] = end if first is request else request.asked_id
    return found


def can_go_on(
    ended: Assignment,
    was: AssignmentState,
    person: Person,
    live: Iterable[Assignment],
    barred: Iterable[int],
    now: datetime,
    policy: Policy,
) -> bool:
    """Return whether an offer or lease that a merge ended can be taken up again.

    Args:
        was: its state before the merge.
        live: what the person has now.
        barred: who asked about the claim or brought it in.
    """
    if person.id in barred or ended.expires_at <= now or not person.reachable or not person.role.covers(Role.REVIEWER):
        return False
    live = list(live)
    if any(each.claim_id == ended.claim_id for each in live):
        return False
    same = sum(each.state is was for each in live)
    if was is AssignmentState.TAKEN:
        return same < policy.capacity
    return person.on_duty and same < policy.open_offers
