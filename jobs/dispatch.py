"""Handing claims out: who is offered what, and what a claim's reviews amount to once one is in or given back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from jobs.assigning import PASSED, RAN_OUT, Candidate, Priority, choose, priority
from jobs.bars import Bar, bars
from jobs.consensus import Agreed, Disputed, Judgement, Open, Opinion, judge
from jobs.hours import at_work
from jobs.lifecycle import REVIEWABLE_STATES, Action
from jobs.notify import put, show_decision, show_work, tell_editors, tell_editors_once
from jobs.policy import Policy
from jobs.publish import approve_by_policy
from jobs.rules import policy_now
from jobs.transitions import advance
from jobs.wishes import wake_at
from storage.backlog import Weights
from storage.errors import Refused
from storage.figures import ClaimLine
from storage.kinds import AssignmentState, ClaimState, Role
from storage.ledger import Ledger
from storage.model import Assignment, Claim, ClaimId, Person, PersonId
from storage.practice import is_practice
from storage.profiles import Profile

_PAGE = 50
"""Claims of the queue that are read at a time."""

_MAY_BE_ASKED_AGAIN = (AssignmentState.EXPIRED, AssignmentState.WITHDRAWN, AssignmentState.PASSED)
"""Who let an offer run out, or was out of reach, may be offered the claim again; who passed it on, after a while."""


def priority_of(line: ClaimLine, now: datetime, policy: Policy) -> Priority:
    """Return the priority of a claim in the queue."""
    claim = line.claim
    return priority(
        requests=line.requests,
        severity=claim.severity,
        age=max(now - claim.owed_since, now - now),
        worth=claim.worth,
        policy=policy,
    )


async def by_priority(
    ledger: Ledger, states: Collection[ClaimState], now: datetime, policy: Policy, *, offset: int = 0, page: int = _PAGE
) -> AsyncIterator[ClaimLine]:
    """Yield the claims in some states in the order in which they are to be worked on; ties by number.

    They are read a page at a time: mostly the first few are all that anybody wants of a queue of thousands. What moves
    out of the states meanwhile would make it skip others.
    """
    weights = Weights(
        demand=policy.weight_demand,
        low=policy.weight_low,
        normal=policy.weight_normal,
        high=policy.weight_high,
        critical=policy.weight_critical,
        age_per_day=policy.weight_age_per_day,
        age_days=policy.age_counts_for / timedelta(days=1),
        worth=policy.weight_worth,
    )
    while ids := await ledger.backlog.list_first(states, weights, now, offset=offset, limit=page):
        for line in await ledger.finding.list_lines(ids):
            yield line
        # Ever more at a time: whoever goes on is looking for what is rare.
        offset, page = offset + page, page * 2


async def judgement_of(ledger: Ledger, claim_id: ClaimId, policy: Policy) -> Judgement | None:
    """Return what the submitted reviews of a claim amount to; None if one has a rating that the scale lost."""
    reviews = await ledger.reviews.list_submitted(claim_id)
    try:
        return judge([Opinion(review.person_id, review.rating or "") for review in reviews], policy)
    except Refused:
        # Nothing follows from such a claim until an editor acts, and nothing else may stop for it.
        return None


async def hand_out(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Offer every claim that lacks reviewers to as many as it lacks; returns how many offers went out.

    Never to those whom `bars` names, and to who passed it on only after `policy.ask_again_after`. To them, and to who
    let an offer or lease of it run out, only if nobody else is free. Editors are told of a claim that all have passed
    on.
    """
    candidates = await candidates_for(ledger, now)
    knowing = any(candidate.topics for candidate in candidates.values())
    editors = [person.id for person in await ledger.people.list_with_role(Role.EDITOR)]
    made = 0
    # Looked at first, because it is cheap and mostly so: with nobody free the queue need not be read.
    if not any(candidate.is_free(policy) for candidate in candidates.values()):
        return made
    async for line in by_priority(ledger, REVIEWABLE_STATES, now, policy):
        if not any(candidate.is_free(policy) for candidate in candidates.values()):
            break
        history = await ledger.assignments.list_for_claim(line.claim.id)
        need = await _need_of(ledger, line.claim, history, editors, now, policy)
        chosen = choose(
            candidates.values(),
            wanted=need.reviewers,
            language=line.claim.language,
            excluded=need.barred,
            reluctance=need.reluctance,
            tags=frozenset(await ledger.tags.list_of(line.claim.id)) if knowing else frozenset(),
            policy=policy,
        )
        if need.untouched and need.passed and candidates.keys() <= need.barred | need.passed:
            key = f"passed_by_all:{line.claim.id}:{history[-1].id}"
            await tell_editors_once(ledger, key, "claim_passed_by_all", line.claim.id, now)
        for person_id in chosen:
            await offer(ledger, line.claim, person_id, now, policy)
            taken = candidates[person_id]
            candidates[person_id] = replace(taken, open_offers=taken.open_offers + 1, last_offered_at=now)
            made += 1
    return made


async def candidates_for(ledger: Ledger, now: datetime) -> dict[PersonId, Candidate]:
    """Return everybody on duty, as they said that they work and with what they have now."""
    said, found = await ledger.profiles.of_those_on_duty(), {}
    for load in await ledger.people.list_on_duty():
        person, profile = load.person, said.get(load.person.id, Profile())
        found[person.id] = Candidate(
            person_id=person.id,
            languages=profile.languages,
            live=load.live,
            open_offers=load.open_offers,
            last_offered_at=load.last_offered_at,
            topics=profile.topics,
            capacity=profile.capacity,
            awake=at_work(profile, person.zone or "UTC", now) and wake_at(person, now) <= now,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Need:
    """How many reviewers a claim still lacks, who cannot be one (now), and who once passed it on.

    `reluctance`: of those, and of who did not answer or let their time run out. `untouched`: nobody has it, and nobody
    has reviewed it.
    """

    reviewers: int = 0
    barred: frozenset[PersonId] = frozenset()
    passed: frozenset[PersonId] = frozenset()
    reluctance: Mapping[PersonId, int] = field(default_factory=dict)
    untouched: bool = False


async def _need_of(
    ledger: Ledger,
    claim: Claim,
    history: list[Assignment],
    editors: list[PersonId],
    now: datetime,
    policy: Policy,
) -> _Need:
    judgement = await judgement_of(ledger, claim.id, policy)
    if not isinstance(judgement, Open):
        return _Need()
    live = sum(assignment.ended_at is None for assignment in history)
    barred_from = await bars(ledger, claim, history, policy, editors=editors)
    untouched = not live and Bar.REVIEWED not in barred_from.values()
    passed = {each.person_id: each.ended_at for each in history if each.state is AssignmentState.PASSED}
    ran_out = dict.fromkeys((each.person_id for each in history if each.state is AssignmentState.EXPIRED), RAN_OUT)
    barred = {
        *barred_from,
        *(each.person_id for each in history if each.state not in _MAY_BE_ASKED_AGAIN),
        *(person for person, at in passed.items() if at is not None and now - at < policy.ask_again_after),
    }
    reluctance = ran_out | dict.fromkeys(passed, PASSED)
    return _Need(judgement.needed - live, frozenset(barred), frozenset(passed), reluctance, untouched)


async def places(ledger: Ledger, claim: Claim, policy: Policy) -> int:
    """Return how many more people can take a claim; an offer that nobody answered keeps no place."""
    if claim.state not in REVIEWABLE_STATES:
        return 0
    judgement = await judgement_of(ledger, claim.id, policy)
    if not isinstance(judgement, Open):
        return 0
    history = await ledger.assignments.list_for_claim(claim.id)
    return max(0, judgement.needed - sum(each.state is AssignmentState.TAKEN for each in history))


async def offer(
    ledger: Ledger, claim: Claim, person_id: PersonId, now: datetime, policy: Policy, *, chosen: bool = False
) -> None:
    """Offer a claim to a person, who is told when they are awake; it lasts from then on.

    Args:
        chosen: somebody wants them and nobody else, so they are told however they wish to be offered claims.
    """
    person = await ledger.people.get(person_id)
    until = wake_at(person, now) + policy.offer_lasts
    assignment = await ledger.assignments.add_offer(claim.id, person_id, now, until)
    await ledger.audit.append(
        "assignment.offered", "claim", claim.id, now, data={"assignment": assignment.id, "to": person_id}
    )
    payload, card = {"assignment": assignment.id}, f"work:{assignment.id}"
    await put(ledger, person, "claim_offered", payload, now, card=card, whatever=chosen)


async def settle(ledger: Ledger, claim_id: ClaimId, now: datetime, policy: Policy) -> None:
    """Move a claim to where its reviews and leases put it: agreed, disputed, back in the queue, or where it is."""
    claim = await ledger.claims.get(claim_id)
    if claim.state is not ClaimState.IN_REVIEW:
        return
    judgement = await judgement_of(ledger, claim_id, policy)
    if judgement is None:
        return
    if isinstance(judgement, Open):
        history = await ledger.assignments.list_for_claim(claim_id)
        leased = any(assignment.state is AssignmentState.TAKEN for assignment in history)
        if not leased and not await ledger.reviews.list_submitted(claim_id):
            await advance(ledger, claim, Action.BACK_TO_QUEUE, now)
        return
    if await _is_revised(ledger, claim_id):
        return
    await withdraw_work(ledger, claim_id, now)
    if isinstance(judgement, Agreed):
        minority = [opinion.person_id for opinion in judgement.minority]
        claim = await advance(ledger, claim, Action.AGREE, now, rating=judgement.rating, minority=minority)
        if not policy.approval:
            # Nobody is asked; whoever handed in the last review can take it back before the verdict is public.
            if not policy.undo_within:
                await approve_by_policy(ledger, claim, judgement, now)
            return
    elif isinstance(judgement, Disputed):
        await advance(ledger, claim, Action.DISPUTE, now, disagreement=str(judgement.severity))
    await show_decision(ledger, claim_id, now)


async def _is_revised(ledger: Ledger, claim_id: ClaimId) -> bool:
    """True if somebody changes a review that they had handed in: they are waited for while their lease lasts."""
    for assignment in await ledger.assignments.list_for_claim(claim_id):
        if assignment.state is AssignmentState.TAKEN:
            draft = await ledger.reviews.find_live(claim_id, assignment.person_id)
            if draft is not None and draft.submitted_at is not None:
                return True
    return False


async def withdraw_work(ledger: Ledger, claim_id: ClaimId, now: datetime) -> list[Assignment]:
    """Take back every offer and lease of a claim that is decided or merged: nobody should work for nothing.

    Drafts are kept. Returns what was taken back, as it was.
    """
    live = [each for each in await ledger.assignments.list_for_claim(claim_id) if each.ended_at is None]
    for assignment in live:
        await withdraw(ledger, assignment, now)
    return live


async def withdraw(ledger: Ledger, assignment: Assignment, now: datetime) -> None:
    """Take back one offer or lease that is not needed any more."""
    claim_id = assignment.claim_id
    await ledger.assignments.mark_ended(assignment.id, AssignmentState.WITHDRAWN, now)
    await ledger.people.clear_focus(assignment.person_id, claim_id)
    await ledger.audit.append("assignment.withdrawn", "claim", claim_id, now, data={"assignment": assignment.id})
    await show_work(ledger, await ledger.people.get(assignment.person_id), assignment.id, now)


async def recuse(ledger: Ledger, person: Person, claim_id: ClaimId, now: datetime) -> None:
    """End a person's live offer or lease on a claim that has become their own; does nothing if there is none."""
    assignment = await ledger.assignments.find_live(claim_id, person.id)
    if assignment is None:
        return
    await ledger.assignments.mark_ended(assignment.id, AssignmentState.RECUSED, now)
    await ledger.people.clear_focus(person.id, claim_id)
    await ledger.audit.append(
        "assignment.recused", "claim", claim_id, now, actor=person.id, data={"assignment": assignment.id}
    )
    await show_work(ledger, person, assignment.id, now)
    await settle(ledger, claim_id, now, await policy_now(ledger))


async def expire(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """End the offers and leases whose time ran out (drafts are kept) and offer the claims anew."""
    expired = await ledger.assignments.list_expired(now)
    for assignment in expired:
        if (await ledger.assignments.get(assignment.id)).ended_at is not None:
            # Settling a claim for the one before has taken this one back.
            continue
        await ledger.assignments.mark_ended(assignment.id, AssignmentState.EXPIRED, now)
        await ledger.people.clear_focus(assignment.person_id, assignment.claim_id)
        if not is_practice(assignment.claim_id):
            await ledger.audit.append(
                "assignment.expired", "claim", assignment.claim_id, now, data={"assignment": assignment.id}
            )
            await _tell_if_run_out_again(ledger, assignment, now)
        await show_work(ledger, await ledger.people.get(assignment.person_id), assignment.id, now)
        await settle(ledger, assignment.claim_id, now, policy)
    if not all(is_practice(assignment.claim_id) for assignment in expired):
        await hand_out(ledger, now, policy)
    return len(expired)


async def _tell_if_run_out_again(ledger: Ledger, lease: Assignment, now: datetime) -> None:
    """Tell editors of a claim whose lease ran out for the second time or more, each time once."""
    if lease.taken_at is None:
        return
    times = await ledger.leases.count_run_out(lease.claim_id)
    if times > 1:
        await tell_editors(ledger, "notice", now, code="leases_run_out", claim=lease.claim_id, n=times)
