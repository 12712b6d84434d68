"""Duplicates: an editor merges a claim into one that says the same, or takes the two apart again.

Requests move to the claim that answers them (`jobs/merging.py` says where each stands), work on the merged claim ends,
and what was put aside is kept, so that taking apart restores it as far as time and people permit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jobs.access import require
from jobs.consensus import Open
from jobs.dispatch import judgement_of, recuse, settle, withdraw_work
from jobs.lifecycle import REVIEWABLE_STATES, Action
from jobs.merging import can_go_on, can_merge, check_merge, places
from jobs.notify import private_chat, show_decision, show_work, tell
from jobs.policy import Policy
from jobs.publish import answer_all, forget_choices
from jobs.requests import canonical
from jobs.transitions import advance
from storage.errors import NotFound, Refused, Stale
from storage.ledger import Ledger
from storage.matches import MatchLine
from storage.model import (
    Assignment,
    AssignmentId,
    AssignmentState,
    Awaiting,
    Claim,
    ClaimId,
    ClaimState,
    Focus,
    Person,
    PersonId,
    Request,
    Role,
)
from storage.rows import instant

_Aside = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim, and the one that stands for what was named as the same."""

    claim: Claim
    end: Claim


async def suggestions(ledger: Ledger, claim: Claim) -> list[MatchLine]:
    """Return what a claim was found to be like, best first, each as the claim that stands for it today.

    Left out: what has become one with the claim itself. A duplicate is like nothing but what it repeats.
    """
    if claim.state is ClaimState.DUPLICATE:
        return []
    found: dict[ClaimId, MatchLine] = {}
    for line in await ledger.matches.list_lines(claim.id):
        end = await canonical(ledger, line.known)
        if end.id == claim.id or end.id in found:
            continue
        verdict = await ledger.verdicts.find_latest(end.id)
        rating = None if verdict is None or verdict.published_at is None else verdict.rating
        found[end.id] = replace(line, known=end, rating=rating)
    return list(found.values())


async def ask_merge(ledger: Ledger, editor: Person, claim_id: ClaimId, known_id: ClaimId, now: datetime) -> None:
    """Show an editor what a merge would do, with a button to do it."""
    require(editor, Role.EDITOR)
    pair = await _pair(ledger, claim_id, known_id)
    await _show(ledger, editor, pair.claim.id, pair.end.id, "asked", now, fresh=True)


async def merge(
    ledger: Ledger,
    editor: Person,
    claim_id: ClaimId,
    revision: int,
    known_id: ClaimId,
    known_revision: int,
    now: datetime,
) -> bool:
    """Merge a claim into what another one leads to; the work on it ends, and everybody who asked gets that answer.

    Args:
        revision: the claim's revision on the card that the editor saw; `known_revision`: that of the other.

    Returns:
        False if something changed since: nothing is done, and the editor is shown what a merge would do now.
    """
    require(editor, Role.EDITOR)
    pair = await _pair(ledger, claim_id, known_id)
    claim, end = pair.claim, pair.end
    if (claim.revision, end.id, end.revision) != (revision, known_id, known_revision):
        await _show(ledger, editor, claim.id, end.id, "asked", now)
        return False
    aside: _Aside = {
        "assignments": [],
        "focuses": [_kept(focus) for focus in await ledger.people.list_focused(claim.id)],
    }
    await advance(ledger, claim, Action.MERGE, now, actor=editor.id, duplicate_of=end.id, known=end.id)
    aside["assignments"] += [[was.id, was.state] for was in await withdraw_work(ledger, claim.id, now)]
    await forget_choices(ledger, claim.id)
    for request in await _move_requests(ledger, end, editor, now):
        await _step_back(ledger, request.person_id, end, aside, now)
    await ledger.merges.add(claim.id, claim.state, aside, now)
    if end.state is ClaimState.PUBLISHED:
        await answer_all(ledger, end, now)
    people = await ledger.requests.list_leading_to(claim.id)
    count = len({request.person_id for request in people})
    await _show(ledger, editor, claim.id, end.id, "merged", now, people=count)
    await _show_decisions(ledger, (claim.id, end.id), now)
    return True


async def _step_back(ledger: Ledger, person_id: PersonId, end: Claim, aside: _Aside, now: datetime) -> None:
    """End, and put aside, what a person has of a claim that they now have asked about."""
    live = await ledger.assignments.find_live(end.id, person_id)
    if live is None:
        return
    focus = await ledger.people.find_focus(person_id)
    if focus is not None and focus.claim_id == end.id:
        aside["focuses"].append(_kept(focus))
    aside["assignments"].append([live.id, live.state])
    await recuse(ledger, await ledger.people.get(person_id), end.id, now)


def _kept(focus: Focus) -> dict[str, Any]:
    return {
        "person": focus.person_id,
        "claim": focus.claim_id,
        "awaiting": focus.awaiting,
        "rating": focus.rating,
        "since": instant(focus.since),
    }


async def unmerge(
    ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime, policy: Policy, *, revision: int | None = None
) -> None:
    """Let a merged claim stand for itself again: where it was, with its requests, reviews, drafts, offers and leases.

    Who was told the other claim's verdict through the merge learns that it was not about theirs, and waits for its own.

    Args:
        revision: the claim's revision on the card that the editor saw; None for a command.

    Raises:
        Refused: `not_merged`. Stale: `claim_changed`.
    """
    require(editor, Role.EDITOR)
    claim = await _find(ledger, claim_id)
    if claim.state is not ClaimState.DUPLICATE or claim.duplicate_of is None:
        raise Refused("not_merged", claim=claim_id)
    if revision is not None and claim.revision != revision:
        raise Stale("claim_changed", claim=claim_id)
    end = await canonical(ledger, claim)
    known_id = claim.duplicate_of
    merged = await ledger.merges.pop(claim.id)
    claim = await advance(ledger, claim, Action.UNMERGE, now, actor=editor.id, known=known_id)
    answered = {each.id for each in await ledger.requests.list_leading_to(claim.id) if each.answered_version}
    moved = await _move_requests(ledger, claim, editor, now)
    await _move_requests(ledger, end, editor, now)
    for request in moved:
        if request.id in answered:
            person = await ledger.people.get(request.person_id)
            await tell(ledger, person, "notice", now, code="answer_was_anothers", claim=claim.id, known=end.id)
    if merged is not None:
        if merged.was is ClaimState.TRIAGE:
            claim = await advance(ledger, claim, Action.TRIAGE, now, actor=editor.id)
        await _take_up(ledger, merged.aside, now, policy)
    for each in (claim.id, end.id):
        await _resume(ledger, each, now, policy)
    if merged is not None:
        await _restore_focuses(ledger, merged.aside)
    await _show(ledger, editor, claim.id, end.id, "unmerged", now, people=len(moved))
    await _show_decisions(ledger, (claim.id, end.id), now)


async def _take_up(ledger: Ledger, aside: _Aside, now: datetime, policy: Policy) -> None:
    """Take up again the offers and leases that the merge ended, as far as they are still possible."""
    for assignment_id, state in aside["assignments"]:
        was = AssignmentState(state)
        ended = await ledger.assignments.get(AssignmentId(assignment_id))
        person = await ledger.people.get(ended.person_id)
        if not await _is_needed(ledger, ended, policy):
            continue
        barred = {
            *await ledger.requests.list_requesters(ended.claim_id),
            *await ledger.documents.list_submitters(ended.claim_id),
        }
        live = await ledger.assignments.list_live_of(person.id)
        if not can_go_on(ended, was, person, live, barred, now, policy):
            continue
        await ledger.assignments.mark_live_again(ended, was)
        await ledger.audit.append(
            "assignment.restored", "claim", ended.claim_id, now, data={"assignment": ended.id, "state": was}
        )
        await show_work(ledger, person, ended.id, now)


async def _is_needed(ledger: Ledger, ended: Assignment, policy: Policy) -> bool:
    """Return whether the claim of an offer or lease lacks a reviewer that nobody else was asked to be meanwhile."""
    claim = await ledger.claims.get(ended.claim_id)
    judgement = await judgement_of(ledger, claim.id, policy)
    if claim.state not in REVIEWABLE_STATES or not isinstance(judgement, Open):
        return False
    history = await ledger.assignments.list_for_claim(claim.id)
    live = sum(each.ended_at is None for each in history)
    return judgement.needed > live and ended.ended_at is not None


async def _resume(ledger: Ledger, claim_id: ClaimId, now: datetime, policy: Policy) -> None:
    """Move a claim from the queue to where its leases and reviews put it."""
    claim = await ledger.claims.get(claim_id)
    if claim.state is ClaimState.QUEUED:
        history = await ledger.assignments.list_for_claim(claim_id)
        leased = any(each.state is AssignmentState.TAKEN for each in history)
        if leased or await ledger.reviews.list_submitted(claim_id):
            await advance(ledger, claim, Action.START, now)
    await settle(ledger, claim_id, now, policy)


async def _restore_focuses(ledger: Ledger, aside: _Aside) -> None:
    """Let those who were at a step of the work go on there, if they are busy with nothing else."""
    for kept in aside["focuses"]:
        person, claim = PersonId(kept["person"]), await ledger.claims.get(ClaimId(kept["claim"]))
        awaiting = Awaiting(kept["awaiting"])
        if await ledger.people.find_focus(person) is not None:
            continue
        if awaiting is Awaiting.ADJUDICATION:
            editor = await ledger.people.get(person)
            possible = claim.state is ClaimState.DISPUTED and editor.role.covers(Role.EDITOR)
        else:
            lease = await ledger.assignments.find_live(claim.id, person)
            possible = lease is not None and lease.state is AssignmentState.TAKEN
        if possible:
            since = datetime.fromisoformat(kept["since"])
            await ledger.people.mark_focus(person, claim.id, awaiting, since, rating=kept["rating"])


async def _move_requests(ledger: Ledger, end: Claim, editor: Person, now: datetime) -> list[Request]:
    """Let every request that leads to a claim stand where it belongs; returns those that came to the claim."""
    leading = await ledger.requests.list_leading_to(end.id)
    wanted = places(leading, end.id)
    moving = [request for request in leading if request.claim_id != wanted[request.id]]
    # Those that leave the claim go first: nobody has two requests there.
    for request in sorted(moving, key=lambda each: wanted[each.id] == end.id):
        await ledger.requests.mark_place(request.id, wanted[request.id])
    if moving:
        data = {"requests": {str(each.id): wanted[each.id] for each in moving}}
        await ledger.audit.append("request.moved", "claim", end.id, now, actor=editor.id, data=data)
    return [request for request in moving if wanted[request.id] == end.id]


async def _find(ledger: Ledger, claim_id: ClaimId) -> Claim:
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    return claim


async def _pair(ledger: Ledger, claim_id: ClaimId, known_id: ClaimId) -> _Pair:
    claim, named = await _find(ledger, claim_id), await _find(ledger, known_id)
    end = await canonical(ledger, named)
    check_merge(claim, named, end, await canonical(ledger, claim))
    return _Pair(claim, end)


def mergeable(claim: Claim, alike: Iterable[MatchLine]) -> list[MatchLine]:
    """Return the suggestions that an editor may follow by one tap."""
    return [line for line in alike if can_merge(claim, line.known)]


async def _show(
    ledger: Ledger,
    editor: Person,
    claim_id: ClaimId,
    known_id: ClaimId,
    step: str,
    now: datetime,
    *,
    fresh: bool = False,
    people: int = 0,
) -> None:
    """Show an editor the card of a merge: what it would do (`asked`), did (`merged`), or what undid it (`unmerged`)."""
    chat, card = private_chat(editor), f"merge:{claim_id}"
    if fresh:
        await ledger.outbox.forget_card(chat, card)
    payload = {"claim": claim_id, "known": known_id, "step": step, "people": people}
    await ledger.outbox.enqueue(chat, "merge_shown", payload, now, person_id=editor.id, card=card)


async def _show_decisions(ledger: Ledger, claims: Iterable[ClaimId], now: datetime) -> None:
    for claim_id in claims:
        await show_decision(ledger, claim_id, now, only_shown=True)
