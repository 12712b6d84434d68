"""What a free text in a private chat means: the step a reviewer or editor is at decides, else it is a submission."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobs.intake.submit import gather
from jobs.policy import Policy
from jobs.publish import adjudicate
from jobs.review import add_source, explain
from storage.errors import Refused, Stale
from storage.ledger import Ledger
from storage.model import Awaiting, Person

REASON_WITHIN = timedelta(hours=1)
"""How long after choosing a rating an editor's next text is taken as the reason for it."""


async def hear(
    ledger: Ledger, person: Person, text: str, source: str | None, now: datetime, policy: Policy, *, forwarded: bool
) -> None:
    """Take in a text.

    Args:
        source: where a forwarded text came from, or an address in it; None if unknown.
        forwarded: a forward is evidence for a reviewer who is asked for sources, never an explanation or a reason.
    """
    focus = await ledger.people.find_focus(person.id)
    if focus is None:
        await gather(ledger, person, text, source, now, policy)
        return
    if focus.awaiting is Awaiting.ADJUDICATION:
        if now - focus.since > REASON_WITHIN:
            # What somebody writes long afterwards is hardly the reason, and would be published as one.
            await ledger.people.clear_focus(person.id, focus.claim_id)
            await gather(ledger, person, text, source, now, policy)
            return
        if forwarded:
            raise Refused("reason_waiting", claim=focus.claim_id)
        await adjudicate(ledger, person, focus.claim_id, focus.rating or "", text, now, policy)
        return
    assignment = await ledger.assignments.find_live(focus.claim_id, person.id)
    if assignment is None:
        raise Stale("lease_expired", claim=focus.claim_id)
    if focus.awaiting is Awaiting.SOURCE:
        await add_source(ledger, person, assignment.id, text, now, policy)
    elif focus.awaiting is Awaiting.EXPLANATION and not forwarded:
        await explain(ledger, person, assignment.id, text, now, policy)
    else:
        raise Refused("draft_waiting", claim=focus.claim_id)
