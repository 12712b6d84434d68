"""A clearer text for a claim. What came in stays as its quote, and the two are shown together."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from jobs.access import require
from jobs.intake.worth import score
from jobs.lifecycle import OPEN_STATES, Action, allowed
from jobs.meaning import forget_meaning
from jobs.notify import show_decision, show_work, tell
from jobs.policy import Policy
from jobs.recognise import recognise
from jobs.triage import show_all
from storage.errors import NotFound, Refused
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person
from storage.search import claim_key, normal_form


async def reword(ledger: Ledger, editor: Person, claim_id: ClaimId, text: str, now: datetime, policy: Policy) -> Claim:
    """Give a claim a clearer text, while no decision rests on the one it has; returns the claim as it is then.

    Its key stays that of the words that came in, so that these are recognised; it is searched by the new ones, and
    compared with other claims by them. Whoever has it in hand, or has written about it, is told.

    Raises:
        Refused: `reword_of_decided`, `text_empty`, `text_too_long`, `reword_same`, `reword_known` (another claim says
            exactly this: merge the two instead). NotFound: `claim_not_found`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await ledger.claims.find(claim_id)
    if claim is None or claim.practice:
        raise NotFound("claim_not_found", claim=claim_id)
    # What may still be closed is what nothing rests on: no agreement, no verdict, and no other claim's requests.
    if Action.CLOSE not in allowed(claim.state):
        raise Refused("reword_of_decided", claim=claim_id, state=str(claim.state))
    text = await _checked(ledger, claim, text, policy)
    verdict = await ledger.verdicts.find_published(claim.id)
    changed = await ledger.claims.mark_text(claim, text, normal_form(text), "" if verdict is None else verdict.summary)
    await ledger.claims.mark_worth(claim.id, score(text, claim.language).value)
    await forget_meaning(ledger, claim.id)
    # What the new words are like is suggested as for a new claim, but nothing is merged: the editor has the claim open.
    later = await ledger.matches.forget_found(claim.id)
    for each in (changed, *(await ledger.claims.find_many(later)).values()):
        if each.state in OPEN_STATES:
            await recognise(ledger, each, now, policy)
    data = {"before": claim.text, "after": text}
    await ledger.audit.append("claim.reworded", "claim", claim.id, now, actor=editor.id, data=data)
    await _tell(ledger, changed, now)
    return changed


async def _checked(ledger: Ledger, claim: Claim, text: str, policy: Policy) -> str:
    text = unicodedata.normalize("NFC", text).strip()
    if not normal_form(text):
        raise Refused("text_empty")
    if len(text) > policy.text_max:
        raise Refused("text_too_long", longest=policy.text_max)
    if text == claim.text:
        raise Refused("reword_same", claim=claim.id)
    other = await ledger.claims.find_by_key(claim_key(text))
    if other is not None and other.id != claim.id:
        raise Refused("reword_known", claim=claim.id, known=other.id)
    return text


async def _tell(ledger: Ledger, claim: Claim, now: datetime) -> None:
    """Bring every card of the claim up to date; those at work get theirs anew, because an edit makes no sound."""
    at_work = {each.person_id: each for each in await ledger.assignments.list_for_claim(claim.id) if not each.ended_at}
    for person_id in await ledger.reviews.list_authors(claim.id):
        person = await ledger.people.get(person_id)
        await tell(ledger, person, "notice", now, code="claim_reworded", claim=claim.id)
    for person_id, assignment in at_work.items():
        person = await ledger.people.get(person_id)
        await show_work(ledger, person, assignment.id, now, fresh=assignment.taken_at is not None)
    await show_decision(ledger, claim.id, now, only_shown=True)
    await show_all(ledger, claim.document_id, now)
