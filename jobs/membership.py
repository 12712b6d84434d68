"""People and what they may do: meeting them, one-time invites, language, duty, and losing touch with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Container
from datetime import datetime

from jobs.access import require
from jobs.dispatch import hand_out, settle
from jobs.notify import show_work, tell, tell_editors
from jobs.policy import Policy
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import AssignmentState, Role
from storage.ledger import Ledger
from storage.model import InviteId, Person, PersonId
from storage.rows import instant

_SECRET_BYTES = 24
"""192 bits; 32 characters in a deep link, of the 64 that Telegram allows."""


async def meet(
    ledger: Ledger,
    telegram_id: int,
    name: str,
    username: str | None,
    now: datetime,
    admins: Container[int],
    *,
    language: str | None = None,
    private: bool = True,
) -> Person:
    """Return the person behind a Telegram id; those named in `admins` (FACTDESK_ADMINS) are admins.

    Args:
        language: the one to speak to somebody new until they choose; None if it is not known.
        private: they wrote to the desk itself, and so can be written to. What they say in a group proves nothing.

    Each change is whole or not there at all, whatever comes after it.
    """
    person = await ledger.people.meet(telegram_id, name, username, now, language=language)
    if private and not person.reachable:
        async with ledger.savepoint():
            await _regain_contact(ledger, person, now)
        person = await ledger.people.get(person.id)
    if telegram_id in admins and person.role is not Role.ADMIN:
        async with ledger.savepoint():
            await give_role(ledger, person, Role.ADMIN, now, actor=None, how="settings")
        return await ledger.people.get(person.id)
    return person


async def give_role(
    ledger: Ledger, person: Person, role: Role, now: datetime, *, actor: PersonId | None, how: str
) -> None:
    """Give a person a role, and the commands that go with it."""
    await ledger.people.mark_role(person.id, role)
    await ledger.audit.append(
        "person.role", "person", person.id, now, actor=actor, data={"from": person.role, "to": role, "how": how}
    )
    await tell(ledger, person, "commands_changed", now)


def invite_secret(key: bytes, invite_id: InviteId, created_at: datetime) -> str:
    """Return the secret of an invite, in characters that a deep link may hold.

    It is made anew from the key each time it is shown, so that neither the invite's row nor the outbox ever holds it:
    HMAC-SHA256 over id and time of creation, cut to 192 bits.
    """
    digest = hmac.digest(key, f"invite:{invite_id}:{instant(created_at)}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:_SECRET_BYTES]).decode()


def _token_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def invite(ledger: Ledger, by: Person | None, role: Role, key: bytes, now: datetime, policy: Policy) -> InviteId:
    """Make a one-time link for a role.

    Args:
        by: who invites, None for the operator; nobody gives more than they have, and only editors invite.

    Raises:
        NotAllowed: `role_needed`.
    """
    if role is Role.PUBLIC:
        raise Refused("invite_usage")
    if by is not None:
        require(by, Role.EDITOR)
        require(by, role)
    invite_id = await ledger.invites.next_id()
    expires_at = now + policy.invite_lasts
    await ledger.invites.add(
        invite_id,
        _token_hash(invite_secret(key, invite_id, now)),
        role,
        created_by=None if by is None else by.id,
        now=now,
        expires_at=expires_at,
    )
    await ledger.audit.append(
        "invite.made", "invite", invite_id, now, actor=None if by is None else by.id, data={"role": role}
    )
    if by is not None:
        await tell(ledger, by, "invite_made", now, invite=invite_id)
    return invite_id


async def join(ledger: Ledger, person: Person, secret: str, now: datetime) -> Person:
    """Use an invite up and return the person with their new role.

    Raises:
        Refused: `invite_unknown`, `invite_used`, `invite_expired`, or `invite_weaker` (the link stays good).
        NotAllowed: `suspended_now`.
    """
    if person.suspended_role is not None:
        raise NotAllowed("suspended_now")
    found = await ledger.invites.find(_token_hash(secret))
    if found is None:
        raise Refused("invite_unknown")
    if found.used_by is not None:
        raise Stale("invite_used")
    if found.expires_at <= now:
        raise Stale("invite_expired")
    if person.role.covers(found.role):
        raise Refused("invite_weaker", role=str(person.role))
    await ledger.invites.mark_used(found.id, person.id, now)
    await give_role(ledger, person, found.role, now, actor=found.created_by, how="invite")
    await tell(ledger, person, "notice", now, code="joined", role=found.role)
    return await ledger.people.get(person.id)


async def set_language(ledger: Ledger, person: Person, language: str, known: Container[str], now: datetime) -> None:
    """Keep the language a person wants to be spoken to in; Refused `language_unknown` if there is no catalogue."""
    if language not in known:
        raise Refused("language_unknown")
    await ledger.people.mark_language(person.id, language)
    await tell(ledger, person, "notice", now, code="language_set", language=language)
    await tell(ledger, person, "commands_changed", now)


async def set_duty(ledger: Ledger, person: Person, *, on_duty: bool, now: datetime, policy: Policy) -> None:
    """Put a reviewer on or off duty. Off duty brings no new offers; leases stay until done, and open offers go back."""
    require(person, Role.REVIEWER)
    await ledger.people.mark_duty(person.id, on_duty=on_duty)
    await ledger.audit.append("person.duty", "person", person.id, now, actor=person.id, data={"on": on_duty})
    await tell(ledger, person, "notice", now, code="duty_on" if on_duty else "duty_off")
    if not on_duty:
        await give_back(ledger, person, now, policy, actor=person.id, leases=False)
    await hand_out(ledger, now, policy)


async def lose_contact(ledger: Ledger, person_id: PersonId, now: datetime, policy: Policy) -> None:
    """Note that Telegram refuses messages to a person: off duty, their work goes back, editors are told once."""
    if not await ledger.people.mark_unreachable(person_id):
        return
    person = await ledger.people.get(person_id)
    await ledger.audit.append("person.unreachable", "person", person_id, now)
    returned = await give_back(ledger, person, now, policy, actor=person_id)
    if person.role.covers(Role.REVIEWER):
        await tell_editors(ledger, "person_unreachable", now, person=person_id, returned=returned)
    await hand_out(ledger, now, policy)


async def _regain_contact(ledger: Ledger, person: Person, now: datetime) -> None:
    """Note that a person who had blocked the desk is back, and send the answers that could not be delivered."""
    await ledger.people.mark_reachable(person.id)
    await ledger.audit.append("person.reachable", "person", person.id, now, actor=person.id)
    await ledger.posts.revive_answers(person.id, now)


async def give_back(
    ledger: Ledger, person: Person, now: datetime, policy: Policy, *, actor: PersonId, leases: bool = True
) -> int:
    """Take back a person's open offers, and with `leases` all they have: drafts are kept. Returns how many claims."""
    returned = 0
    practising = (await ledger.practice.progress(person.id)).open if leases else None
    if practising is not None:
        # Or the first thing they write when they are back would be taken for a part of it.
        await ledger.assignments.mark_ended(practising.id, AssignmentState.WITHDRAWN, now)
        await ledger.people.clear_focus(person.id, practising.claim_id)
    for assignment in await ledger.assignments.list_live_of(person.id):
        if assignment.state is AssignmentState.TAKEN and not leases:
            continue
        await ledger.assignments.mark_ended(assignment.id, AssignmentState.WITHDRAWN, now)
        await ledger.people.clear_focus(person.id, assignment.claim_id)
        await ledger.audit.append(
            "assignment.withdrawn",
            "claim",
            assignment.claim_id,
            now,
            actor=actor,
            data={"assignment": assignment.id},
        )
        await show_work(ledger, person, assignment.id, now)
        await settle(ledger, assignment.claim_id, now, policy)
        returned += 1
    return returned
