"""The vocabulary of the desk as types: one frozen record per noun (docs/vocabulary.md).

Every instant ends in `_at` and is timezone-aware UTC. Ids are integers of their own type. A field that may be
missing is `None`, never an empty string. Records mirror the columns of their table, name by name, in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from storage import kinds

PersonId = NewType("PersonId", int)
DocumentId = NewType("DocumentId", int)
ClaimId = NewType("ClaimId", int)
RequestId = NewType("RequestId", int)
SubmissionId = NewType("SubmissionId", int)
AssignmentId = NewType("AssignmentId", int)
ReviewId = NewType("ReviewId", int)
SourceId = NewType("SourceId", int)
VerdictId = NewType("VerdictId", int)
SubscriptionId = NewType("SubscriptionId", int)
DigestId = NewType("DigestId", int)
OutboxId = NewType("OutboxId", int)
AuditId = NewType("AuditId", int)
InviteId = NewType("InviteId", int)
ChatId = NewType("ChatId", int)


@dataclass(frozen=True, slots=True)
class Person:
    """Anyone known by a Telegram id. `alias` is the number of a pseudonym, quiet hours are minutes since midnight."""

    id: PersonId
    telegram_id: int
    name: str
    username: str | None
    language: str | None
    role: kinds.Role
    on_duty: bool
    zone: str | None
    reachable: bool
    joined_at: datetime
    seen_at: datetime
    suspended_role: kinds.Role | None = None
    alias: int | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    summary_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A group or channel the desk was added to. Private chats are people and have no row here."""

    id: ChatId
    kind: kinds.ChatKind
    title: str
    language: str | None
    is_team: bool
    publishes: bool
    present: bool
    added_by: PersonId | None
    added_at: datetime
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """A one-time link that gives a role. Only the hash of its secret is kept."""

    id: InviteId
    token_hash: str
    role: kinds.Role
    created_by: PersonId | None
    created_at: datetime
    expires_at: datetime
    used_by: PersonId | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """What came in; never edited. Its text can be long and stays in its row (`documents.text_of`)."""

    id: DocumentId
    kind: kinds.DocumentKind
    content_hash: str
    title: str | None
    publisher: str | None
    url: str | None
    language: str
    submitted_by: PersonId | None
    published_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement. `quote` is verbatim, `text` is what is reviewed, `key` its normal form's hash.

    `owed_since`: when it came in, or was last taken up again after it had ended. `practice`: a past claim to practise
    on, with a number below zero; the desk's work never meets it.
    """

    id: ClaimId
    document_id: DocumentId
    position: int
    quote: str
    text: str
    key: str
    language: str
    worth: float | None
    severity: kinds.Severity
    state: kinds.ClaimState
    revision: int
    closing_reason: kinds.ClosingReason | None
    duplicate_of: ClaimId | None
    created_at: datetime
    state_at: datetime
    practice: bool
    owed_since: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish to know about a claim; it stands at `claim_id`, to which the one asked about may be merged."""

    id: RequestId
    asked_id: ClaimId
    claim_id: ClaimId
    person_id: PersonId
    state: kinds.RequestState
    answered_version: int
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submission:
    """Messages of one person that become a request once confirmed."""

    id: SubmissionId
    person_id: PersonId
    chat_id: ChatId
    state: kinds.SubmissionState
    text: str
    source: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """The offer of one claim to one reviewer; once taken, a lease until `expires_at`."""

    id: AssignmentId
    claim_id: ClaimId
    person_id: PersonId
    state: kinds.AssignmentState
    offered_at: datetime
    taken_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's rating, explanation and sources for one claim."""

    id: ReviewId
    claim_id: ClaimId
    person_id: PersonId
    state: kinds.ReviewState
    rating: str | None
    explanation: str | None
    revision: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of evidence in a review.

    `origin`: sources of a review with the same one go back to one report; it is the id of the source they were marked
    the same as, None for one that stands for itself. `protected`: all but the reviewer read its `description`.
    `sha256` and `file_size` are those of a file's bytes, once they were fetched.
    """

    id: SourceId
    review_id: ReviewId
    url: str | None
    title: str | None
    kind: kinds.SourceKind | None
    stance: kinds.Stance | None
    quote: str | None
    accessed_at: datetime
    archived_url: str | None
    origin: int | None = None
    protected: bool = False
    description: str | None = None
    file_kind: kinds.FileKind | None = None
    file_id: str | None = None
    file_unique_id: str | None = None
    sha256: str | None = None
    file_size: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The desk's decision on a claim, one row per version; never edited.

    `by_reviewer`: whoever decided a dispute, or alone corrected, had also reviewed the claim; or so it was before.
    """

    id: VerdictId
    claim_id: ClaimId
    version: int
    rating: str
    summary: str
    summary_language: str
    method: kinds.Method
    reason: str | None
    decided_by: PersonId | None
    decided_at: datetime
    published_at: datetime | None
    by_reviewer: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """Which claim a person is busy with, at which step; `rating`: the one chosen; `detail`: what else, as a source."""

    person_id: PersonId
    claim_id: ClaimId
    awaiting: kinds.Awaiting
    rating: str | None
    detail: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's standing wish for a digest; its running period lasts from `covered_until` to `next_at`."""

    id: SubscriptionId
    chat_id: ChatId
    thread_id: int | None
    cadence: kinds.Cadence
    zone: str
    local_minute: int | None
    day: int | None
    cron: str | None
    active: bool
    paused: bool
    audience: kinds.Audience
    left_out: list[str]
    covered_until: datetime
    next_at: datetime
    seen_event: AuditId
    seen_claim: ClaimId
    created_by: PersonId | None
    created_at: datetime
    languages: list[str]
    topics: list[str]
    intro: str | None
    arranged: list[str]


@dataclass(frozen=True, slots=True)
class Digest:
    """One summary for one subscription and one period [period_start, period_end); frozen when made."""

    id: DigestId
    subscription_id: SubscriptionId
    period_start: datetime
    period_end: datetime
    content: dict[str, Any]
    last_event: AuditId
    made_at: datetime
    last_claim: ClaimId


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something one chat must be told; rendered at delivery in the recipient's language."""

    id: OutboxId
    chat_id: ChatId
    thread_id: int | None
    person_id: PersonId | None
    kind: str
    payload: dict[str, Any]
    card: str | None
    reply_to: int | None
    state: kinds.OutboxState
    attempts: int
    due_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the tamper-evident chain: who did what to which record."""

    id: AuditId
    at: datetime
    actor: PersonId | None
    action: str
    subject: str
    subject_id: int
    data: dict[str, Any]
    hash: str
