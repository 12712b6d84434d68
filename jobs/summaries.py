"""How each member of the team wishes to be told, their quiet hours, and the daily summary.

A summary holds the news that were put aside for it and, for those who want these once a day, the claims that wait for
them: they are looked up when it is sent, so that it never asks for what is done already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.access import require
from jobs.bars import bars
from jobs.cadence import next_fire
from jobs.dispatch import by_priority, places
from jobs.lifecycle import DECIDABLE_STATES, REVIEWABLE_STATES
from jobs.lookup import find_claim
from jobs.notify import private_chat, put, show_correction, show_decision_to, show_objection, tell, wake_up
from jobs.policy import Policy
from jobs.wishes import LEAST, SUBJECTS, parse_span
from storage.corrections import Correction
from storage.errors import Refused, Stale
from storage.figures import ClaimLine
from storage.kinds import AssignmentState, Cadence, CorrectionState, Manner, ObjectionState, Role, Subject
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Person
from storage.objections import Objection
from storage.values import Schedule

TO_TAKE_MOST = 10
"""Claims to be reviewed that a summary names; the queue has the rest."""

CARD = "wishes"
"""The card in a person's chat that shows how they wish to be told."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person who wants to hear of it once a day.

    `claims`: first those to be decided, then the most urgent ones to be reviewed, of which there are `more`. `heaps`:
    documents to be sorted.
    """

    claims: list[ClaimLine]
    more: bool = False
    heaps: int = 0
    corrections: Sequence[Correction] = ()
    objections: Sequence[Objection] = ()

    def __bool__(self) -> bool:
        return bool(self.claims or self.heaps or self.corrections or self.objections)


async def show_wishes(ledger: Ledger, person: Person, now: datetime) -> None:
    """Show a member of the team how they are told what, in a new message with buttons."""
    require(person, Role.REVIEWER)
    await ledger.outbox.forget_card(private_chat(person), CARD)
    await _show(ledger, person, now)


async def choose(
    ledger: Ledger, person: Person, subject: Subject, manner: Manner, zone: str, now: datetime, policy: Policy
) -> None:
    """Keep how a person wishes to be told about a subject.

    Args:
        zone: whose clocks they go by, if they never said.

    Raises:
        NotAllowed: `role_needed`. Stale: `button_unknown`, of a subject that there is nothing to be told of.
    """
    require(person, LEAST[subject])
    if subject not in SUBJECTS:
        raise Stale("button_unknown")
    if await ledger.wishes.find(person.id, subject) is not manner:
        await ledger.wishes.mark(person.id, subject, manner)
        data = {"subject": subject, "manner": manner}
        await ledger.audit.append("person.wish", "person", person.id, now, actor=person.id, data=data)
    if manner is Manner.DAILY and person.summary_at is None:
        await ledger.wishes.mark_zone(person.id, person.zone or zone)
        await ledger.wishes.mark_summary(person.id, _next(person.zone or zone, now, policy))
    await _show(ledger, person, now)


async def set_quiet(ledger: Ledger, person: Person, span: str | None, zone: str, now: datetime, policy: Policy) -> None:
    """Keep the hours in which a person is told nothing that they did not ask for; None for no such hours.

    What waits for the end of the hours they had comes at the end of the new ones, or now.

    Args:
        span: like `22-07`, wall times of `zone`.

    Raises:
        Refused: `quiet_usage`, `local_time_invalid`; `quiet_none` if there is nothing to end.
    """
    if span is None:
        if person.quiet_from is None:
            raise Refused("quiet_none")
        await ledger.wishes.mark_quiet(person.id, None, None)
        await wake_up(ledger, person, now, policy)
        await ledger.audit.append("person.quiet", "person", person.id, now, actor=person.id, data={"on": False})
        await tell(ledger, person, "notice", now, code="quiet_off")
        return
    start, end = parse_span(span)
    await ledger.wishes.mark_quiet(person.id, start, end)
    await ledger.wishes.mark_zone(person.id, zone)
    await wake_up(ledger, person, now, policy)
    if person.summary_at is not None:
        await ledger.wishes.mark_summary(person.id, _next(zone, now, policy))
    data = {"on": True, "from": start, "until": end, "zone": zone}
    await ledger.audit.append("person.quiet", "person", person.id, now, actor=person.id, data=data)
    await tell(ledger, person, "quiet_set", now)


async def send_decision(ledger: Ledger, editor: Person, claim_id: ClaimId, now: datetime) -> None:
    """Send an editor the card of a claim that their summary named.

    Raises:
        NotAllowed: `role_needed`. Stale: `decision_made`, nothing is to be decided any more.
    """
    require(editor, Role.EDITOR)
    claim = await find_claim(ledger, claim_id)
    if claim.state not in DECIDABLE_STATES:
        raise Stale("decision_made", claim=claim.id)
    await show_decision_to(ledger, editor, claim.id, now)


async def send_correction(ledger: Ledger, editor: Person, correction_id: int, now: datetime) -> None:
    """Send an editor the card of a correction that their summary named.

    Raises:
        NotAllowed: `role_needed`. Stale: `correction_gone`, it is decided.
    """
    require(editor, Role.EDITOR)
    correction = await ledger.corrections.get(correction_id)
    if correction.state is not CorrectionState.PROPOSED:
        raise Stale("correction_gone")
    await show_correction(ledger, editor, correction.id, now, fresh=True)


async def send_objection(ledger: Ledger, editor: Person, objection_id: int, now: datetime) -> None:
    """Send an editor the card of new evidence that their summary named.

    Raises:
        NotAllowed: `role_needed`. Stale: `objection_decided`.
    """
    require(editor, Role.EDITOR)
    objection = await ledger.objections.get(objection_id)
    if objection.state is not ObjectionState.WAITING:
        raise Stale("objection_decided")
    await show_objection(ledger, editor, objection.id, now, fresh=True)


async def post_summaries(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Send the daily summaries that are due; returns how many. Nobody gets an empty one.

    A summary and what it says is told are one transaction. One that was missed comes late, once.
    """
    sent = 0
    for person in await ledger.wishes.list_due(now):
        wishes = await ledger.wishes.list_of(person.id)
        wanted = Manner.DAILY in wishes.values()
        due = _next(person.zone or "UTC", now, policy) if wanted else None
        await ledger.wishes.mark_summary(person.id, due)
        if not person.reachable:
            continue
        news = await ledger.wishes.list_untold(person.id)
        await ledger.wishes.mark_told(person.id, now)
        payload: dict[str, Any] = {
            "news": [each.id for each in news],
            "subjects": [each for each, manner in wishes.items() if manner is Manner.DAILY],
        }
        if not person.role.covers(Role.REVIEWER) or not (
            news or await waiting_for(ledger, person, wishes, now, policy)
        ):
            continue
        await put(ledger, person, "summary_posted", payload, now)
        sent += 1
    return sent


async def waiting_for(
    ledger: Ledger, person: Person, wishes: dict[Subject, Manner], now: datetime, policy: Policy
) -> Waiting:
    """Return what waits for a person who wants to hear of it once a day.

    For an editor the claims, others' corrections and new evidence to be decided, and the documents to be sorted; for a
    reviewer on duty the claims that lack somebody and that they may review.
    """
    claims, more = await _claims_for(ledger, person, wishes, now, policy)
    if not person.role.covers(Role.EDITOR):
        return Waiting(claims, more)
    heaps = len(await ledger.triage.list_heaps()) if wishes[Subject.DECISIONS] is Manner.DAILY else 0
    if wishes[Subject.CORRECTIONS] is not Manner.DAILY:
        return Waiting(claims, more, heaps)
    corrections = [each for each in await ledger.corrections.list_proposed() if each.proposed_by != person.id]
    return Waiting(claims, more, heaps, corrections, await ledger.objections.list_waiting())


async def _claims_for(
    ledger: Ledger, person: Person, wishes: dict[Subject, Manner], now: datetime, policy: Policy
) -> tuple[list[ClaimLine], bool]:
    found: list[ClaimLine] = []
    if person.role.covers(Role.EDITOR) and wishes[Subject.DECISIONS] is Manner.DAILY:
        found += [line for line in await ledger.figures.list_open() if line.claim.state in DECIDABLE_STATES]
    if person.on_duty and wishes[Subject.OFFERS] is Manner.DAILY:
        most = len(found) + TO_TAKE_MOST + 1
        # The most urgent first, and no more than a summary names: a queue may have thousands.
        async for line in by_priority(ledger, REVIEWABLE_STATES, now, policy):
            if await _can_take(ledger, person, line.claim, policy):
                found.append(line)
            if len(found) == most:
                return found[:-1], True
    return found, False


async def _can_take(ledger: Ledger, person: Person, claim: Claim, policy: Policy) -> bool:
    if await places(ledger, claim, policy) < 1:
        return False
    history = await ledger.assignments.list_for_claim(claim.id)
    has_it = any(each.person_id == person.id and each.state is AssignmentState.TAKEN for each in history)
    return not has_it and person.id not in await bars(ledger, claim, history, policy)


def _next(zone: str, now: datetime, policy: Policy) -> datetime:
    return next_fire(Schedule(Cadence.DAILY, zone, policy.summary_hour * 60), now)


async def _show(ledger: Ledger, person: Person, now: datetime) -> None:
    await ledger.outbox.enqueue(private_chat(person), "wishes_shown", {}, now, person_id=person.id, card=CARD)
