"""The fixed words of the vocabulary: what a role, a state or a kind can be (docs/vocabulary.md)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; each role includes those before it."""

    PUBLIC = "public"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for public up to 3 for admin."""
        return _RANKS[self]

    def covers(self, needed: Role) -> bool:
        """True if this role may do what `needed` may do."""
        return self.rank >= needed.rank


_RANKS = {Role.PUBLIC: 0, Role.REVIEWER: 1, Role.EDITOR: 2, Role.ADMIN: 3}


class ClaimState(StrEnum):
    """Where a claim stands in the workflow. The moves between them: `jobs/lifecycle.py`."""

    NEW = "new"
    TRIAGE = "triage"
    QUEUED = "queued"
    IN_REVIEW = "in_review"
    AGREED = "agreed"
    DISPUTED = "disputed"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    CLOSED = "closed"
    DUPLICATE = "duplicate"


class HeldAction(StrEnum):
    """What an editor did to a claim and can still take back."""

    APPROVE = "approve"
    CLOSE = "close"


class ClosingReason(StrEnum):
    """Why something is not, or no longer, a claim to check."""

    OPINION = "opinion"
    SPAM = "spam"
    OUT_OF_SCOPE = "out_of_scope"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    NO_LONGER_RELEVANT = "no_longer_relevant"


class Severity(StrEnum):
    """How much harm a claim can do, in an editor's judgement."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class AssignmentState(StrEnum):
    """offered → taken → done / passed / expired / recused / withdrawn. `taken` is the lease."""

    OFFERED = "offered"
    TAKEN = "taken"
    DONE = "done"
    PASSED = "passed"
    EXPIRED = "expired"
    RECUSED = "recused"
    WITHDRAWN = "withdrawn"


class ReviewState(StrEnum):
    """draft → submitted; `withdrawn` reviews no longer count."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class RuleState(StrEnum):
    """Whether a rule of editors is in force; a removed one is kept for the audit log."""

    OFF = "off"
    ON = "on"
    REMOVED = "removed"


class SourceKind(StrEnum):
    """What sort of evidence a source is."""

    PRIMARY = "primary"
    DATA = "data"
    EXPERT = "expert"
    NEWS = "news"
    FACTCHECK = "factcheck"
    ARCHIVE = "archive"


class FileKind(StrEnum):
    """How a file was sent."""

    PHOTO = "photo"
    DOCUMENT = "document"


class Stance(StrEnum):
    """What a source says about the claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


class Method(StrEnum):
    """How a verdict came about."""

    CONSENSUS = "consensus"
    ADJUDICATED = "adjudicated"


class CorrectionKind(StrEnum):
    """What an editor does to a published verdict: put another in its place, or take it back."""

    CORRECTION = "correction"
    RETRACTION = "retraction"


class CorrectionState(StrEnum):
    """draft → proposed → released; `dropped` when its author or another editor decides against it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RELEASED = "released"
    DROPPED = "dropped"


class ObjectionState(StrEnum):
    """New evidence waits for an editor, who reopens the claim for it or declines."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class DocumentKind(StrEnum):
    """How a document came in."""

    ARTICLE = "article"
    MESSAGE = "message"
    FEED = "feed"
    FILE = "file"
    SEED = "seed"


class RequestState(StrEnum):
    """waiting → answered; `withdrawn` when the person took it back."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class SubmissionState(StrEnum):
    """A message on its way to becoming a request: gathering → confirmed / discarded."""

    GATHERING = "gathering"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class Subject(StrEnum):
    """What a message to a member of the team is about, as far as they choose how to be told."""

    OFFERS = "offers"
    REMINDERS = "reminders"
    DECISIONS = "decisions"
    CORRECTIONS = "corrections"
    TEAM = "team"


class Manner(StrEnum):
    """How somebody wants to be told about a subject."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class RoomKind(StrEnum):
    """What a group or topic is for: claims to be taken, or disputes to be decided."""

    REVIEW = "review"
    DISPUTES = "disputes"


class Awaiting(StrEnum):
    """The step a person is at with the claim in their focus; decides what their next free text is taken as.

    rating → source → explanation → preview are a reviewer's steps; `rating` and `preview` go on by button only;
    `quote` and `archive` are about one source. The others wait for a text of an editor, `new_evidence` for anybody's.
    """

    RATING = "rating"
    SOURCE = "source"
    QUOTE = "quote"
    ARCHIVE = "archive"
    EXPLANATION = "explanation"
    PREVIEW = "preview"
    ADJUDICATION = "adjudication"
    SUMMARY = "summary"
    SEND_BACK = "send_back"
    CORRECTION = "correction"
    RETRACTION = "retraction"
    REWORD = "reword"
    NEW_EVIDENCE = "new_evidence"


class ChatKind(StrEnum):
    """Telegram's kinds of chats."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Cadence(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CRON = "cron"


class OutboxState(StrEnum):
    """queued → sending → sent / dead; `superseded` when a newer edit of the same card took its place."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    SUPERSEDED = "superseded"


class Audience(StrEnum):
    """Whom a digest is for; each sees what the one before sees, and more."""

    PUBLIC = "public"
    REVIEWERS = "reviewers"
    EDITORS = "editors"
