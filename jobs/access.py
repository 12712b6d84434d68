"""Who may do what: the one check of a role, asked inside the transaction by every job that needs it."""

from __future__ import annotations

from storage.errors import NotAllowed
from storage.kinds import Role
from storage.model import Person


def require(person: Person, role: Role) -> None:
    """Let pass who has at least `role`; NotAllowed `suspended_now` or `role_needed` for others."""
    if not person.role.covers(role):
        if person.suspended_role is not None:
            raise NotAllowed("suspended_now")
        raise NotAllowed("role_needed", role=str(role))
