"""How people wish to be told: what a message is about, and when somebody's quiet hours are over. Pure rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jobs.cadence import next_fire
from jobs.calendar import is_between, parse_local_time
from storage.errors import Refused
from storage.kinds import Cadence, Role, Subject
from storage.model import Person
from storage.values import Schedule

_KINDS = {
    "claim_offered": Subject.OFFERS,
    "lease_half_over": Subject.REMINDERS,
    "claims_overdue": Subject.REMINDERS,
    "decision_due": Subject.DECISIONS,
    "triage_listed": Subject.DECISIONS,
    "correction_shown": Subject.CORRECTIONS,
    "evidence_due": Subject.CORRECTIONS,
    "rule_acted": Subject.TEAM,
    "person_unreachable": Subject.TEAM,
}
"""What kinds of messages are about. Of the others nobody can choose: they are answers, or somebody's own business."""

_NOTICES = {
    "claim_passed_by_all": Subject.REMINDERS,
    "leases_run_out": Subject.REMINDERS,
    "agreement_broken": Subject.DECISIONS,
    "setting_changed": Subject.TEAM,
    "member_is_now": Subject.TEAM,
    "member_suspended_by": Subject.TEAM,
    "member_removed": Subject.TEAM,
    "room_lost": Subject.TEAM,
}
"""The same for notices, by their codes."""

_FOR_EDITORS = frozenset(
    {
        "channel_asked", "channels_shown", "claims_overdue", "closing_shown", "comment_asked", "correction_begun",
        "correction_reason_asked", "correction_shown", "correction_summary_asked", "decision_due", "evidence_due",
        "invite_made", "members_shown", "merge_shown", "person_unreachable", "reason_asked", "removal_asked",
        "reopening_asked", "rooms_shown", "rule_acted", "rules_shown", "rules_tested", "setting_shown",
        "settings_shown", "summary_asked", "triage_listed", "triage_shown",
    }
)  # fmt: skip
_NOTICES_FOR_EDITORS = frozenset(
    {
        "agreement_broken", "assign_full", "assign_has_it", "assign_not_open", "assign_off_duty", "assign_own",
        "assign_recused", "assign_reviewed", "claim_passed_by_all", "correction_dropped", "correction_released",
        "digest_channel_lost", "leases_run_out", "member_is_now", "member_removed", "member_suspended_by",
        "person_unreachable", "room_lost", "setting_changed",
    }
)  # fmt: skip

LEAST = {
    Subject.OFFERS: Role.REVIEWER,
    Subject.REMINDERS: Role.REVIEWER,
    Subject.DECISIONS: Role.EDITOR,
    Subject.CORRECTIONS: Role.EDITOR,
    Subject.TEAM: Role.EDITOR,
}
"""Who is told about a subject at all."""

_SPAN = re.compile(r"([0-9:]+)\s*[-\N{EN DASH}\N{EM DASH}]\s*([0-9:]+)")


def subject_of(kind: str, payload: Mapping[str, Any]) -> Subject | None:
    """Return what a message is about, None if its reader cannot choose how to be told."""
    return _NOTICES.get(str(payload.get("code"))) if kind == "notice" else _KINDS.get(kind)


def is_for_editors(kind: str, payload: Mapping[str, Any]) -> bool:
    """True of a message that nobody is to get who is no editor (any more)."""
    return str(payload.get("code")) in _NOTICES_FOR_EDITORS if kind == "notice" else kind in _FOR_EDITORS


def wake_at(person: Person, now: datetime) -> datetime:
    """Return when a message may go to a person who did not ask for it: now, or when their quiet hours end."""
    if person.quiet_from is None or person.quiet_until is None or person.zone is None:
        return now
    if not is_between(person.quiet_from, person.quiet_until, person.zone, now):
        return now
    return next_fire(Schedule(Cadence.DAILY, person.zone, person.quiet_until), now)


def parse_span(text: str) -> tuple[int, int]:
    """Return the minutes since midnight of `22-07` or `22:30-7:00` (digits of any script).

    Raises:
        Refused: `quiet_usage`, `local_time_invalid`.
    """
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text.strip())
    found = _SPAN.fullmatch(plain)
    if found is None:
        raise Refused("quiet_usage")
    start, end = (parse_local_time(part if ":" in part else f"{part}:00") for part in found.groups())
    if start == end:
        raise Refused("quiet_usage")
    return start, end


SUBJECTS = tuple(each for each in Subject if each in {*_KINDS.values(), *_NOTICES.values()})
"""The subjects of which there is something to be told."""
