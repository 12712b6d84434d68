"""After the answer: readers say whether it answered them, and bring new evidence; an editor reopens the claim."""

from __future__ import annotations

from datetime import datetime

from jobs.access import require
from jobs.correcting import drop_open
from jobs.dispatch import hand_out
from jobs.drafting import checked
from jobs.lifecycle import Action
from jobs.notify import show_objection, tell
from jobs.policy import Policy
from jobs.room_cards import begin_anew
from jobs.transitions import advance
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, ObjectionState, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Focus, Person, VerdictId
from storage.objections import Objection
from storage.values import SentFile

_PUBLIC = (ClaimState.PUBLISHED, ClaimState.RETRACTED)
_REOPEN = "reopen:"


async def give_feedback(ledger: Ledger, person: Person, verdict_id: VerdictId, now: datetime, *, helped: bool) -> None:
    """Note whether a verdict answered who was told it; who says something else later has still one voice.

    Raises:
        NotAllowed: `answer_not_yours`.
    """
    verdict = await ledger.verdicts.get(verdict_id)
    if person.id not in await ledger.posts.list_told(verdict.claim_id):
        raise NotAllowed("answer_not_yours")
    await ledger.objections.set_feedback(person.id, verdict.id, now, helped=helped)


async def ask_evidence(ledger: Ledger, person: Person, claim_id: ClaimId, now: datetime) -> None:
    """Ask somebody who was told a verdict for the new evidence that they have.

    Raises:
        NotAllowed: `answer_not_yours`. Refused: `evidence_waits`. Stale: `evidence_not_now`, if the claim is worked on.
    """
    claim = await _told(ledger, person, claim_id)
    await ledger.people.mark_focus(person.id, claim.id, Awaiting.NEW_EVIDENCE, now)
    await tell(ledger, person, "evidence_asked", now, claim=claim.id)


def reopens(focus: Focus) -> bool:
    """True of an editor's step, who is asked why a claim is to be reopened; False of a reader's with new evidence."""
    return focus.awaiting is Awaiting.NEW_EVIDENCE and (focus.detail or "").startswith(_REOPEN)


async def take_text(ledger: Ledger, person: Person, focus: Focus, text: str, now: datetime, policy: Policy) -> None:
    """Take what a reader brings as evidence, or an editor writes as the reason to reopen the claim."""
    text = checked(text, policy)
    if reopens(focus):
        await _reopen(ledger, person, int((focus.detail or "").removeprefix(_REOPEN)), text, now, policy)
    else:
        await _take(ledger, person, focus, text, None, now)


async def take_file(
    ledger: Ledger, person: Person, focus: Focus, file: SentFile, title: str, now: datetime, policy: Policy
) -> None:
    """Take a photo or document that a reader brings as evidence; `title` is what they wrote with it, or its name."""
    await _take(ledger, person, focus, checked(title, policy), file, now)


async def show_file(ledger: Ledger, editor: Person, objection_id: int, now: datetime) -> None:
    """Send an editor the file of new evidence.

    Raises:
        NotAllowed: `role_needed`. NotFound: `objection_not_found`, also if it has no file.
    """
    require(editor, Role.EDITOR)
    objection = await ledger.objections.get(objection_id)
    if objection.file_id is None:
        raise NotFound("objection_not_found")
    await tell(ledger, editor, "file_shown", now, objection=objection.id)


async def _take(ledger: Ledger, person: Person, focus: Focus, text: str, file: SentFile | None, now: datetime) -> None:
    claim = await _told(ledger, person, focus.claim_id)
    objection = await ledger.objections.add(claim.id, person.id, text, now, file=file)
    await ledger.people.clear_focus(person.id, claim.id)
    await _note(ledger, objection, "added", person, now)
    await tell(ledger, person, "notice", now, code="evidence_received", claim=claim.id)
    await _show(ledger, objection, now)


async def ask_reason(ledger: Ledger, editor: Person, objection_id: int, now: datetime) -> None:
    """Ask an editor why the claim is looked at again; Stale `objection_decided`, `evidence_not_now`."""
    objection, claim = await _waiting(ledger, editor, objection_id)
    if claim.state not in _PUBLIC:
        raise Stale("evidence_not_now", claim=claim.id)
    await ledger.people.mark_focus(editor.id, claim.id, Awaiting.NEW_EVIDENCE, now, detail=f"{_REOPEN}{objection.id}")
    await tell(ledger, editor, "reopening_asked", now, claim=claim.id)


async def decline(ledger: Ledger, editor: Person, objection_id: int, now: datetime) -> None:
    """Leave a verdict as it is, and tell who brought the evidence; Stale `objection_decided`."""
    objection, _ = await _waiting(ledger, editor, objection_id)
    await _decide(ledger, objection, ObjectionState.DECLINED, editor, now)


async def _reopen(
    ledger: Ledger, editor: Person, objection_id: int, reason: str, now: datetime, policy: Policy
) -> None:
    """Let a claim begin anew: its reviews no longer count, and everybody who brought evidence for it is told.

    What is published stays so until there is a new version, for which `reason` is given. Earlier reviewers may be asked
    again.
    """
    objection, claim = await _waiting(ledger, editor, objection_id)
    if claim.state not in _PUBLIC:
        raise Stale("evidence_not_now", claim=claim.id)
    await drop_open(ledger, claim.id, editor, now)
    for focus in await ledger.people.list_focused(claim.id):
        await ledger.people.clear_focus(focus.person_id, claim.id)
    for review in await ledger.reviews.list_submitted(claim.id):
        await ledger.reviews.mark_withdrawn(review, now)
    for assignment in await ledger.assignments.list_for_claim(claim.id):
        if assignment.state is AssignmentState.DONE:
            await ledger.assignments.mark_returned(assignment.id)
    await begin_anew(ledger, claim.id)
    await advance(ledger, claim, Action.REOPEN, now, actor=editor.id, objection=objection.id, reason=reason)
    for each in await ledger.objections.list_waiting(claim.id):
        await _decide(ledger, each, ObjectionState.ACCEPTED, editor, now, reason=reason)
    await hand_out(ledger, now, policy)


async def _decide(
    ledger: Ledger,
    objection: Objection,
    state: ObjectionState,
    editor: Person,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    await ledger.objections.mark_decided(objection, state, editor.id, now, reason=reason)
    await _note(ledger, objection, str(state), editor, now)
    for focus in await ledger.people.list_focused(objection.claim_id):
        if focus.detail == f"{_REOPEN}{objection.id}":
            await ledger.people.clear_focus(focus.person_id, objection.claim_id)
    author = await ledger.people.get(objection.person_id)
    await tell(ledger, author, "notice", now, code=f"evidence_{state}", claim=objection.claim_id)
    await _show(ledger, objection, now)


async def _show(ledger: Ledger, objection: Objection, now: datetime) -> None:
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        await show_objection(ledger, editor, objection.id, now)


async def _told(ledger: Ledger, person: Person, claim_id: ClaimId) -> Claim:
    claim = await ledger.claims.get(claim_id)
    if person.id not in await ledger.posts.list_told(claim.id):
        raise NotAllowed("answer_not_yours")
    if any(each.person_id == person.id for each in await ledger.objections.list_waiting(claim.id)):
        raise Refused("evidence_waits", claim=claim.id)
    if claim.state not in _PUBLIC:
        raise Stale("evidence_not_now", claim=claim.id)
    return claim


async def _waiting(ledger: Ledger, editor: Person, objection_id: int) -> tuple[Objection, Claim]:
    require(editor, Role.EDITOR)
    objection = await ledger.objections.get(objection_id)
    if objection.state is not ObjectionState.WAITING:
        raise Stale("objection_decided")
    return objection, await ledger.claims.get(objection.claim_id)


async def _note(ledger: Ledger, objection: Objection, what: str, by: Person, now: datetime) -> None:
    data = {"objection": objection.id}
    await ledger.audit.append(f"evidence.{what}", "claim", objection.claim_id, now, actor=by.id, data=data)
