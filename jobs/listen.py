"""What a free text in a private chat means: the step a person is at decides, else it is a submission."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from jobs import correcting, reopening
from jobs.approval import send_back, take_summary
from jobs.digest_intro import take_intro
from jobs.evidence import add_file, take_text
from jobs.intake.submit import gather
from jobs.policy import Policy
from jobs.publish import adjudicate
from jobs.review import explain
from storage.errors import Refused, Stale
from storage.kinds import Awaiting
from storage.ledger import Ledger
from storage.model import AssignmentId, ChatId, Focus, Person
from storage.values import SentFile

ANSWER_WITHIN = timedelta(hours=1)
"""How long after a question that is not part of a review the next text is taken as the answer to it."""

Answer = Callable[[Ledger, Person, Focus, str, datetime, Policy], Awaitable[object]]
"""Takes in what somebody wrote who was asked for it."""

Step = Callable[[Ledger, Person, AssignmentId, str, datetime, Policy], Awaitable[object]]
"""Takes in the text of a step of a review."""


async def hear(
    ledger: Ledger, person: Person, text: str, source: str | None, now: datetime, policy: Policy, *, forwarded: bool
) -> None:
    """Take in a text.

    Args:
        source: where a forwarded text came from, or an address in it; None if unknown.
        forwarded: a forward is evidence for a reviewer who is asked for sources, never somebody's own words.
    """
    here = ChatId(person.telegram_id)
    if await take_intro(ledger, person, here, text, now, ANSWER_WITHIN, forwarded=forwarded):
        return
    focus = await ledger.people.find_focus(person.id)
    if focus is None:
        await gather(ledger, person, text, source, now, policy)
        return
    answer = _ANSWERS.get(focus.awaiting)
    if answer is None:
        await _go_on(ledger, person, focus, text, now, policy, forwarded=forwarded)
        return
    if now - focus.since > ANSWER_WITHIN:
        # What somebody writes long afterwards is hardly the answer, and might be published as one.
        await ledger.people.clear_focus(person.id, focus.claim_id)
        await gather(ledger, person, text, source, now, policy)
        return
    if forwarded and focus.awaiting not in _FORWARDS_TOO:
        raise Refused("reason_waiting", claim=focus.claim_id)
    await answer(ledger, person, focus, text, now, policy)


async def hear_reply(ledger: Ledger, person: Person, chat_id: ChatId, reply_to: int, text: str, now: datetime) -> None:
    """Take in a reply in a group to a message of ours: small talk, unless that asked this person for something."""
    await take_intro(ledger, person, chat_id, text, now, ANSWER_WITHIN, reply_to=reply_to)


async def takes_files(ledger: Ledger, person: Person) -> bool:
    """True if a photo or document that a person sends now is a source of their review, or new evidence."""
    focus = await ledger.people.find_focus(person.id)
    if focus is None or reopening.reopens(focus):
        return False
    return focus.awaiting in (Awaiting.SOURCE, Awaiting.NEW_EVIDENCE)


async def hear_file(ledger: Ledger, person: Person, file: SentFile, title: str, now: datetime, policy: Policy) -> None:
    """Take in a photo or document of somebody who `takes_files`; its caption, or else its name, is the title."""
    focus = await ledger.people.find_focus(person.id)
    if focus is not None and focus.awaiting is Awaiting.NEW_EVIDENCE:
        await reopening.take_file(ledger, person, focus, file, title, now, policy)
        return
    assignment = None if focus is None else await ledger.assignments.find_live(focus.claim_id, person.id)
    if assignment is None:
        raise Stale("offer_gone")
    await add_file(ledger, person, assignment.id, file, title, now, policy)


async def _go_on(
    ledger: Ledger, person: Person, focus: Focus, text: str, now: datetime, policy: Policy, *, forwarded: bool
) -> None:
    assignment = await ledger.assignments.find_live(focus.claim_id, person.id)
    if assignment is None:
        raise Stale("lease_expired", claim=focus.claim_id)
    step = _STEPS.get(focus.awaiting)
    if step is None or (forwarded and focus.awaiting not in _FORWARDS_TOO):
        raise Refused("draft_waiting", claim=focus.claim_id)
    await step(ledger, person, assignment.id, text, now, policy)


async def _reason(ledger: Ledger, person: Person, focus: Focus, text: str, now: datetime, policy: Policy) -> None:
    await adjudicate(ledger, person, focus.claim_id, focus.rating or "", text, now, policy)


_STEPS: dict[Awaiting, Step] = {
    Awaiting.SOURCE: take_text,
    Awaiting.QUOTE: take_text,
    Awaiting.ARCHIVE: take_text,
    Awaiting.EXPLANATION: explain,
}
"""The steps of a review that take a text; the others go on by button."""

_ANSWERS: dict[Awaiting, Answer] = {
    Awaiting.ADJUDICATION: _reason,
    Awaiting.SUMMARY: take_summary,
    Awaiting.SEND_BACK: send_back,
    Awaiting.CORRECTION: correcting.take_text,
    Awaiting.RETRACTION: correcting.take_text,
    Awaiting.NEW_EVIDENCE: reopening.take_text,
}

_FORWARDS_TOO = frozenset({Awaiting.SOURCE, Awaiting.QUOTE, Awaiting.ARCHIVE, Awaiting.NEW_EVIDENCE})
"""Where somebody else's words are welcome."""
