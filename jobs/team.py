"""Who belongs to the team: promoting, demoting, suspending and removing people.

An editor decides about those below, an admin about everybody, and nobody gives more than they have. The desk always has
an admin who can be reached.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from jobs.access import require
from jobs.dispatch import hand_out
from jobs.membership import give_back, give_role
from jobs.notify import private_chat, tell
from jobs.policy import Policy
from jobs.reopening import reopens
from jobs.wishes import is_for_editors
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import Awaiting, Role
from storage.ledger import Ledger
from storage.model import Person, PersonId

_LADDER = (Role.PUBLIC, Role.REVIEWER, Role.EDITOR, Role.ADMIN)

_STEPS_OF_EDITORS = frozenset(
    {
        Awaiting.ADJUDICATION,
        Awaiting.SUMMARY,
        Awaiting.SEND_BACK,
        Awaiting.CORRECTION,
        Awaiting.RETRACTION,
        Awaiting.REWORD,
    }
)


async def find_person(ledger: Ledger, typed: str) -> Person:
    """Return whom `@username` or a number of /members means.

    Raises:
        NotFound: `person_unknown`.
    """
    number = typed.lstrip("#№")
    if number.isdecimal() and len(number) < 16:
        try:
            return await ledger.people.get(PersonId(int(number)))
        except NotFound as error:
            raise NotFound("person_unknown", name=typed) from error
    found = await ledger.people.find_by_username(typed.removeprefix("@"))
    if found is None:
        raise NotFound("person_unknown", name=typed)
    return found


async def promote(ledger: Ledger, by: Person, member: Person, role: Role | None, now: datetime, policy: Policy) -> None:
    """Give a person a higher role: the one named, or the next one.

    Raises:
        Refused: `member_has_role`, `member_suspended`. NotAllowed: `role_needed`, `member_not_below`, `suspended_now`.
    """
    _may_decide(by, member)
    _not_suspended(member)
    wanted = role or _LADDER[min(member.role.rank + 1, Role.ADMIN.rank)]
    if member.role.covers(wanted):
        raise Refused("member_has_role", name=member.name, role=str(member.role))
    require(by, wanted)
    await give_role(ledger, member, wanted, now, actor=by.id, how="promoted")
    await tell(ledger, member, "notice", now, code="you_promoted", role=wanted)
    await _tell_team(ledger, by, member, now, code="member_is_now", role=wanted)
    await hand_out(ledger, now, policy)


async def demote(
    ledger: Ledger, by: Person, member: Person, role: Role | None, now: datetime, admins: Container[int]
) -> None:
    """Give a person a lower role, at least that of a reviewer: the one named, or the next one down.

    Args:
        admins: the Telegram ids of those who are admins by the desk's settings; they stay it.

    Raises:
        Refused: `member_has_role`, `member_lowest`, `member_suspended`, `last_admin`, `admin_by_settings`.
        NotAllowed: `role_needed`, `member_not_below`, `suspended_now`.
    """
    _may_decide(by, member)
    _not_suspended(member)
    wanted = role or _LADDER[max(member.role.rank - 1, Role.PUBLIC.rank)]
    if not wanted.covers(Role.REVIEWER):
        raise Refused("member_lowest", name=member.name)
    if wanted.covers(member.role):
        raise Refused("member_has_role", name=member.name, role=str(member.role))
    await _check_admins(ledger, member, admins)
    await give_role(ledger, member, wanted, now, actor=by.id, how="demoted")
    await _end_powers(ledger, member, wanted, now)
    await tell(ledger, member, "notice", now, code="you_demoted", role=wanted)
    await _tell_team(ledger, by, member, now, code="member_is_now", role=wanted)


async def suspend(
    ledger: Ledger, by: Person, member: Person, now: datetime, policy: Policy, admins: Container[int]
) -> None:
    """Take a person's role away until it is given back; what they have goes back to the desk, drafts are kept.

    Raises:
        Refused: `member_self`, `member_suspended`, `member_of_none`, `last_admin`, `admin_by_settings`.
        NotAllowed: `role_needed`, `member_not_below`, `suspended_now`.
    """
    _may_decide(by, member)
    _not_suspended(member)
    if by.id == member.id:
        raise Refused("member_self")
    _in_team(member)
    await _check_admins(ledger, member, admins)
    await ledger.team.mark_suspended(member.id)
    await ledger.audit.append("person.suspended", "person", member.id, now, actor=by.id, data={"role": member.role})
    await tell(ledger, member, "commands_changed", now)
    await _end_powers(ledger, member, Role.PUBLIC, now)
    await tell(ledger, member, "notice", now, code="you_suspended")
    await _tell_team(ledger, by, member, now, code="member_suspended_by")
    await give_back(ledger, member, now, policy, actor=by.id)
    await hand_out(ledger, now, policy)


async def restore(ledger: Ledger, by: Person, member: Person, now: datetime) -> None:
    """Give a suspended person their role back. They stay off duty.

    Raises:
        Refused: `member_not_suspended`. NotAllowed: `role_needed`, `member_not_below`, `suspended_now`.
    """
    _may_decide(by, member)
    if member.suspended_role is None:
        raise Refused("member_not_suspended", name=member.name)
    role = member.suspended_role
    await give_role(ledger, member, role, now, actor=by.id, how="restored")
    await tell(ledger, member, "notice", now, code="you_restored", role=role)
    await _tell_team(ledger, by, member, now, code="member_is_now", role=role)


async def ask_removal(ledger: Ledger, by: Person, member: Person, now: datetime, admins: Container[int]) -> None:
    """Show an editor what it means to remove a person, with the buttons to do it."""
    await _check_removal(ledger, by, member, admins)
    await ledger.outbox.forget_card(private_chat(by), f"removal:{member.id}")
    await _show_removal(ledger, by, member, now)


async def remove(
    ledger: Ledger,
    by: Person,
    member: Person,
    seen: Role,
    now: datetime,
    policy: Policy,
    admins: Container[int],
    *,
    alias: bool,
) -> None:
    """Take a person out of the team; what they have goes back to the desk, what they handed in stays.

    Args:
        seen: the role that they had, or are suspended from, on the card with the button.
        alias: their reviews are shown under a pseudonym from now on.

    Raises:
        Refused: `member_of_none`, `last_admin`, `admin_by_settings`. Stale: `member_changed`.
        NotAllowed: `role_needed`, `member_not_below`, `suspended_now`.
    """
    await _check_removal(ledger, by, member, admins)
    had = member.suspended_role or member.role
    if had is not seen:
        raise Stale("member_changed")
    await give_role(ledger, member, Role.PUBLIC, now, actor=by.id, how="removed")
    if alias:
        await _hide(ledger, member, by, now)
    await _end_powers(ledger, member, Role.PUBLIC, now)
    await give_back(ledger, member, now, policy, actor=by.id)
    await tell(ledger, member, "membership_ended", now)
    await _tell_team(ledger, by, member, now, code="member_removed")
    await _show_removal(ledger, by, member, now)
    await hand_out(ledger, now, policy)


async def hide_name(ledger: Ledger, person: Person, owner: PersonId, now: datetime) -> None:
    """Show somebody's reviews under a pseudonym from now on, as they ask who is no longer in the team.

    Raises:
        NotAllowed: `alias_not_yours`. Stale: `alias_known`. Refused: `alias_of_member`.
    """
    if person.id != owner:
        raise NotAllowed("alias_not_yours")
    if person.role is not Role.PUBLIC or person.suspended_role is not None:
        raise Refused("alias_of_member")
    if person.alias is not None:
        raise Stale("alias_known")
    await _hide(ledger, person, person, now)


async def _hide(ledger: Ledger, person: Person, by: Person, now: datetime) -> None:
    await ledger.team.mark_alias(person.id)
    await ledger.audit.append("person.pseudonym", "person", person.id, now, actor=by.id)


def _may_decide(by: Person, member: Person) -> None:
    """Let pass who may decide about a person: themselves, an editor about those below, an admin about everybody."""
    require(by, Role.EDITOR)
    had = member.suspended_role or member.role
    if by.id != member.id and by.role is not Role.ADMIN and had.covers(by.role):
        raise NotAllowed("member_not_below", name=member.name, role=str(had))


def _not_suspended(member: Person) -> None:
    if member.suspended_role is not None:
        raise Refused("member_suspended", name=member.name)


def _in_team(member: Person) -> None:
    if member.role is Role.PUBLIC and member.suspended_role is None:
        raise Refused("member_of_none", name=member.name)


async def _check_removal(ledger: Ledger, by: Person, member: Person, admins: Container[int]) -> None:
    _may_decide(by, member)
    _in_team(member)
    await _check_admins(ledger, member, admins)


async def _check_admins(ledger: Ledger, member: Person, admins: Container[int]) -> None:
    """Let pass what takes nothing from an admin, or leaves another one who can be reached."""
    if member.role is not Role.ADMIN:
        return
    if member.telegram_id in admins:
        raise Refused("admin_by_settings", name=member.name)
    if all(each.id == member.id for each in await ledger.people.list_with_role(Role.ADMIN)):
        raise Refused("last_admin", name=member.name)


async def _end_powers(ledger: Ledger, member: Person, role: Role, now: datetime) -> None:
    """End what went with a role that is lost: invites for more than they have now, steps and messages of editors."""
    await ledger.invites.end_of(member.id, [each for each in Role if not role.covers(each)], now)
    if role.covers(Role.EDITOR):
        return
    await ledger.subscriptions.end_of_chat(private_chat(member))
    waiting = await ledger.team.list_waiting(private_chat(member))
    await ledger.team.withdraw_messages([each.id for each in waiting if is_for_editors(each.kind, each.payload)], now)
    news = await ledger.wishes.list_all_news(member.id)
    await ledger.wishes.forget_news([each.id for each in news if is_for_editors(each.kind, each.payload)])
    focus = await ledger.people.find_focus(member.id)
    if focus is not None and (focus.awaiting in _STEPS_OF_EDITORS or reopens(focus)):
        await ledger.people.clear_focus(member.id, focus.claim_id)


async def _tell_team(ledger: Ledger, by: Person, member: Person, now: datetime, **data: str) -> None:
    """Tell the editors what became of a colleague; the colleague is told in words of their own."""
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        if editor.id != member.id:
            await tell(ledger, editor, "notice", now, name=member.name, by=by.name, **data)


async def _show_removal(ledger: Ledger, by: Person, member: Person, now: datetime) -> None:
    await ledger.outbox.enqueue(
        private_chat(by),
        "removal_asked",
        {"person": member.id},
        now,
        person_id=by.id,
        card=f"removal:{member.id}",
    )
