"""Fields of records that belong together, under one name."""

from __future__ import annotations

from dataclasses import dataclass

from storage.kinds import Cadence, FileKind
from storage.model import AuditId, ClaimId, Subscription


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sent: by `id` Telegram sends it again, `unique_id` is the same for every copy of it."""

    kind: FileKind
    id: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class Marks:
    """How far a digest has seen: the last audit entry and the last claim. What is behind them is news.

    Unlike an instant they never go back, whatever is done to the clock.
    """

    event: AuditId
    claim: ClaimId


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest is due, on the wall clock of an IANA zone.

    `local_minute` counts from local midnight and is None with a `cron` line (five fields) only. `day` is the weekday of
    a weekly digest (0 is Monday) or the day of the month of a monthly one (31: the last day), else None.
    """

    cadence: Cadence
    zone: str
    local_minute: int | None = None
    day: int | None = None
    cron: str | None = None


def schedule_of(subscription: Subscription) -> Schedule:
    """Return when a subscription is due."""
    return Schedule(
        subscription.cadence, subscription.zone, subscription.local_minute, subscription.day, subscription.cron
    )


def seen_by(subscription: Subscription) -> Marks:
    """Return behind which marks the running period of a subscription begins."""
    return Marks(subscription.seen_event, subscription.seen_claim)
