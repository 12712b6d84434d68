"""Duplicates: an editor merges a claim into one that says the same, or takes the two apart again.

Requests move to the claim that answers them (`jobs/merging.py` says where each stands), work on the merged claim ends,
and what was put aside is kept, so that taking apart restores it as far as time and people permit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.access import require
from jobs.aside import Aside, resume, take_up
from jobs.lifecycle import OPEN_STATES, Action
from jobs.merging import can_merge, check_merge, places
from jobs.notify import private_chat, show_decision, tell
from jobs.policy import Policy
from jobs.publish import answer_all
from jobs.requests import canonical
from jobs.steps import restore_focuses
from jobs.transitions import advance
from storage.errors import NotFound, Refused, Stale
from storage.kinds import ClaimState, Role
from storage.ledger import Ledger
from storage.matches import MatchLine
from storage.model import Claim, ClaimId, Person, PersonId, Request
from storage.rows import instant


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
        stands = verdict is not None and verdict.published_at is not None and end.state is ClaimState.PUBLISHED
        rating = verdict.rating if verdict is not None and stands else None
        found[end.id] = replace(line, known=end, rating=rating)
    return list(found.values())


async def ask_merge(ledger: Ledger, editor: Person, claim_id: ClaimId, known_id: ClaimId, now: datetime) -> None:
    """Show an editor what a merge would do, with a button to do it."""
    require(editor, Role.EDITOR)
    pair = await _pair(ledger, claim_id, known_id)
    await _show(ledger, editor, pair.claim.id, pair.end.id, "asked", now)


async def merge(
    ledger: Ledger,
    editor: Person,
    claim_id: ClaimId,
    revision: int,
    known_id: ClaimId,
    known_revision: int,
    now: datetime,
    policy: Policy,
    *,
    on: int | None = None,
) -> bool:
    """Merge a claim into what another one leads to; the work on it ends, and everybody who asked gets that answer.

    They get it once the merge can no longer be undone unheard.

    Args:
        revision: the claim's revision on the card that the editor saw; `known_revision`: that of the other.
        on: the Telegram message whose button was pressed.

    Returns:
        False if something changed since: nothing is done, and the editor is shown what a merge would do now.
    """
    require(editor, Role.EDITOR)
    pair = await _pair(ledger, claim_id, known_id)
    claim, end = pair.claim, pair.end
    if (claim.revision, end.id, end.revision) != (revision, known_id, known_revision):
        await _show(ledger, editor, claim.id, end.id, "asked", now, on=on)
        return False
    aside = await Aside.of(ledger, claim.id)
    since = {str(each.id): [each.state, instant(each.state_at)] for each in (claim, end)}
    await advance(ledger, claim, Action.MERGE, now, actor=editor.id, duplicate_of=end.id, known=end.id)
    await aside.end_work(ledger, claim.id, now)
    for request in await _move_requests(ledger, end, editor, now):
        await aside.step_back(ledger, request.person_id, end, now)
    for person_id in await ledger.leases.list_recused(end.id):
        await aside.step_back(ledger, person_id, end, now)
    await ledger.merges.add(claim.id, claim.state, {**aside.kept(), "since": since}, now)
    if end.state is ClaimState.PUBLISHED:
        # Until it is over, taking them apart again takes the answers back.
        await answer_all(ledger, end, now, due_at=now + policy.undo_within)
    people = await ledger.requests.list_leading_to(claim.id)
    count = len({request.person_id for request in people})
    await _show(ledger, editor, claim.id, end.id, "merged", now, on=on, people=count)
    await _show_decisions(ledger, (claim.id, end.id), now)
    return True


async def unmerge(
    ledger: Ledger,
    editor: Person,
    claim_id: ClaimId,
    now: datetime,
    policy: Policy,
    *,
    revision: int | None = None,
    on: int | None = None,
) -> None:
    """Let a merged claim stand for itself again: where it was, with its requests, reviews, drafts, offers and leases.

    Who was told the other claim's verdict through the merge learns that it was not about theirs, and waits for its own;
    if they have not been sent it yet, they never are, and learn of nothing.

    Args:
        revision: the claim's revision on the card that the editor saw; None for a command.
        on: the Telegram message whose button was pressed.

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
    for each in {known_id, end.id}:
        await ledger.matches.mark_apart(claim.id, each)
    claim = await advance(ledger, claim, Action.UNMERGE, now, actor=editor.id, known=known_id)
    answered = {each.id for each in await ledger.requests.list_leading_to(claim.id) if each.answered_version}
    moved = await _move_requests(ledger, claim, editor, now)
    await _move_requests(ledger, end, editor, now)
    for request in moved:
        if request.id in answered and not await _unanswered(ledger, end, request.person_id, now):
            person = await ledger.people.get(request.person_id)
            await tell(ledger, person, "notice", now, code="answer_was_anothers", claim=claim.id, known=end.id)
    if merged is not None:
        if merged.was is ClaimState.TRIAGE:
            claim = await advance(ledger, claim, Action.TRIAGE, now, actor=editor.id)
        await take_up(ledger, merged.aside["assignments"], now, policy)
    for each in (claim.id, end.id):
        await resume(ledger, each, now, policy)
    if merged is not None:
        await restore_focuses(ledger, merged.aside["focuses"])
        await _restore_since(ledger, merged.aside["since"], now)
    await _show(ledger, editor, claim.id, end.id, "unmerged", now, on=on, people=len(moved))
    await _show_decisions(ledger, (claim.id, end.id), now)


async def _restore_since(ledger: Ledger, kept: Mapping[str, list[str]], now: datetime) -> None:
    """Say again since when claims are in a state that they left by a merge, and came back to just now."""
    for number, (state, since) in kept.items():
        claim = await ledger.claims.get(ClaimId(int(number)))
        if (claim.state, claim.state_at) == (state, now):
            await ledger.claims.mark_since(claim.id, datetime.fromisoformat(since))


async def _unanswered(ledger: Ledger, end: Claim, person_id: PersonId, now: datetime) -> bool:
    """Take back the answer of a claim to somebody who never asked about it; False if it may have been sent."""
    verdict = await ledger.verdicts.find_published(end.id)
    if verdict is None or await ledger.requests.find_at(end.id, person_id) is not None:
        return False
    dropped = await ledger.holds.drop_answer(verdict.id, person_id, now)
    return dropped and person_id not in await ledger.posts.list_told(end.id)


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
    if claim.state in OPEN_STATES and await ledger.verdicts.find_published(claim.id) is not None:
        # It was reopened: people were told a verdict of its own, and will be told the next one.
        raise Refused("merge_of_decided", claim=claim_id, known=end.id)
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
    on: int | None = None,
    people: int = 0,
) -> None:
    """Show an editor the card of a merge: what it would do (`asked`), did (`merged`), or what undid it (`unmerged`).

    The card is edited if its own button was pressed; else it comes anew, at the end of the chat.
    """
    chat, card = private_chat(editor), f"merge:{claim_id}"
    if on is None or await ledger.outbox.find_card(chat, card) != on:
        await ledger.outbox.forget_card(chat, card)
    payload = {"claim": claim_id, "known": known_id, "step": step, "people": people}
    await ledger.outbox.enqueue(chat, "merge_shown", payload, now, person_id=editor.id, card=card)


async def _show_decisions(ledger: Ledger, claims: Iterable[ClaimId], now: datetime) -> None:
    for claim_id in claims:
        await show_decision(ledger, claim_id, now, only_shown=True)
