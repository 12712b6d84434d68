"""Reviewers of whom nothing is heard: asked, then taken off duty, then invited back, each once until they act again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from jobs.membership import give_back
from jobs.notify import tell
from jobs.policy import Policy
from storage.kinds import Role
from storage.ledger import Ledger
from storage.profiles import Quiet


class Step(StrEnum):
    """What is due for somebody."""

    ASK = "ask"
    LEAVE = "leave"
    INVITE = "invite"
    OVER = "over"


def due(quiet: Quiet, now: datetime, policy: Policy) -> Step | None:
    """Return what is due for somebody who may be gone; None for nothing.

    Whoever let `policy.idle_offers` run out without doing anything else is asked, has `policy.idle_answer` to answer,
    and is invited back `policy.invite_back_after` being taken off duty. Anything they do ends that.
    """
    person, spell = quiet.person, quiet.spell
    if spell is None:
        enough = 0 < policy.idle_offers <= quiet.run_out
        return Step.ASK if enough and person.on_duty and person.reachable else None
    if person.seen_at > spell.asked_at or not person.role.covers(Role.REVIEWER):
        return Step.OVER
    if spell.left_at is None:
        if not person.on_duty:
            # An editor, or Telegram, was faster.
            return Step.OVER
        return Step.LEAVE if now - spell.asked_at >= policy.idle_answer else None
    if person.on_duty:
        return Step.OVER
    waited = now - spell.left_at >= policy.invite_back_after
    return Step.INVITE if spell.invited_at is None and waited and person.reachable else None


async def look_for_idle(ledger: Ledger, now: datetime, policy: Policy) -> int:
    """Do what is due for everybody of whom nothing is heard; returns for how many."""
    done = 0
    for quiet in await ledger.profiles.list_quiet(max(1, policy.idle_offers)):
        step, person = due(quiet, now, policy), quiet.person
        if step is None:
            continue
        match step:
            case Step.ASK:
                await ledger.profiles.mark_asked(person.id, now)
                await tell(ledger, person, "still_there_asked", now, run_out=quiet.run_out)
            case Step.LEAVE:
                await ledger.people.mark_duty(person.id, on_duty=False)
                await ledger.profiles.mark_left(person.id, now)
                await ledger.audit.append("person.duty", "person", person.id, now, data={"on": False, "idle": True})
                await give_back(ledger, person, now, policy, actor=person.id, leases=False)
                await tell(ledger, person, "taken_off_duty", now)
            case Step.INVITE:
                await ledger.profiles.mark_invited(person.id, now)
                await tell(ledger, person, "invited_back", now)
            case Step.OVER:
                await ledger.profiles.end_spell(person.id)
        done += 1
    return done
