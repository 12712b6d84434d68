"""Names of ratings, states, roles and kinds, in the words of the reader."""

from __future__ import annotations

from functools import lru_cache

from bot.views.words import LANGUAGES, Words, mark
from storage.kinds import Awaiting, ClaimState, ClosingReason, Role, Severity, SourceKind, Stance

_RATINGS: dict[str, str] = {
    "true": mark("True"),
    "mostly_true": mark("Mostly true"),
    "mixed": mark("Partly true"),
    "mostly_false": mark("Mostly false"),
    "false": mark("False"),
    "misleading": mark("Misleading"),
    "unverifiable": mark("Cannot be verified"),
    "satire": mark("Satire"),
}

RATING_KEYS = tuple(_RATINGS)
"""The ratings that have a name of their own."""

_SIGNS = {
    "true": "✅",
    "mostly_true": "🟢",
    "mixed": "🟡",
    "mostly_false": "🟠",
    "false": "🔴",
    "misleading": "⚠️",
    "unverifiable": "❔",
    "satire": "🎭",
}
_OTHER_SIGN = "🏷"

_STATES: dict[str, str] = {
    ClaimState.NEW: mark("new"),
    ClaimState.TRIAGE: mark("to be sorted"),
    ClaimState.QUEUED: mark("waiting for reviewers"),
    ClaimState.IN_REVIEW: mark("under review"),
    ClaimState.AGREED: mark("reviewers agree"),
    ClaimState.DISPUTED: mark("reviewers disagree"),
    ClaimState.APPROVED: mark("approved"),
    ClaimState.PUBLISHED: mark("published"),
    ClaimState.RETRACTED: mark("verdict withdrawn"),
    ClaimState.CLOSED: mark("closed"),
    ClaimState.DUPLICATE: mark("same as another claim"),
}

_STATE_SENTENCES = {
    ClaimState.NEW: mark("The desk has just received it."),
    ClaimState.TRIAGE: mark("An editor first looks whether the desk can check it."),
    ClaimState.QUEUED: mark("It is waiting for reviewers."),
    ClaimState.IN_REVIEW: mark("Reviewers are checking it now."),
    ClaimState.AGREED: mark("The reviewers agree. An editor makes the final check."),
    ClaimState.DISPUTED: mark("The reviewers disagree. An editor will decide and give the reason."),
    ClaimState.APPROVED: mark("It is decided and about to be published."),
    ClaimState.PUBLISHED: mark("The verdict is published."),
    ClaimState.RETRACTED: mark("The verdict was withdrawn. Please do not rely on it any more."),
    ClaimState.CLOSED: mark("The desk does not check this claim."),
    ClaimState.DUPLICATE: mark("The desk has the same claim under another number."),
}

_CLOSING_REASONS = {
    ClosingReason.OPINION: mark("It is an opinion; only facts can be checked."),
    ClosingReason.SPAM: mark("It is advertising or spam."),
    ClosingReason.OUT_OF_SCOPE: mark("It is outside of what this desk checks."),
    ClosingReason.UNSUPPORTED_LANGUAGE: mark("Nobody at the desk reads its language."),
    ClosingReason.NO_LONGER_RELEVANT: mark("It is no longer of importance."),
}

_ROLES: dict[str, str] = {
    Role.PUBLIC: mark("reader"),
    Role.REVIEWER: mark("reviewer"),
    Role.EDITOR: mark("editor"),
    Role.ADMIN: mark("admin"),
}

_KINDS = {
    SourceKind.PRIMARY: mark("primary source"),
    SourceKind.DATA: mark("data"),
    SourceKind.EXPERT: mark("expert"),
    SourceKind.NEWS: mark("news"),
    SourceKind.FACTCHECK: mark("fact-check"),
    SourceKind.ARCHIVE: mark("archive"),
}

_STANCES = {
    Stance.SUPPORTS: mark("supports the claim"),
    Stance.REFUTES: mark("refutes the claim"),
    Stance.CONTEXT: mark("gives context"),
}

_SEVERITIES = {
    Severity.LOW: mark("little harm"),
    Severity.NORMAL: mark("normal harm"),
    Severity.HIGH: mark("much harm"),
    Severity.CRITICAL: mark("very much harm"),
}

_STEPS = {
    Awaiting.RATING: mark("rating"),
    Awaiting.SOURCE: mark("sources"),
    Awaiting.EXPLANATION: mark("explanation"),
    Awaiting.PREVIEW: mark("preview"),
}


def rating_name(words: Words, key: str) -> str:
    """Return the name of a rating; one that the desk made up itself is its key, with spaces for underscores."""
    return words.choose(_RATINGS, key)


@lru_cache(maxsize=1024)
def rating_label(words: Words, key: str) -> str:
    """Return the sign and the name of a rating."""
    return f"{_SIGNS.get(key, _OTHER_SIGN)} {rating_name(words, key)}"


def state_name(words: Words, state: str) -> str:
    """Return a claim's state in a few words, for lists."""
    return words.choose(_STATES, state)


def state_sentence(words: Words, state: ClaimState) -> str:
    """Return what a claim's state means for who asked."""
    return words.text(_STATE_SENTENCES[state])


def closing_reason(words: Words, reason: ClosingReason) -> str:
    """Return why the desk does not check a claim, as a sentence."""
    return words.text(_CLOSING_REASONS[reason])


def severity_name(words: Words, severity: Severity) -> str:
    """Return how much harm a claim can do."""
    return words.text(_SEVERITIES[severity])


def role_name(words: Words, role: str) -> str:
    """Return the name of a role."""
    return words.choose(_ROLES, role)


def kind_name(words: Words, kind: SourceKind) -> str:
    """Return what sort of evidence a source is."""
    return words.text(_KINDS[kind])


def stance_name(words: Words, stance: Stance) -> str:
    """Return what a source does to the claim."""
    return words.text(_STANCES[stance])


def step_name(words: Words, step: Awaiting) -> str:
    """Return what a step of a review is about."""
    return words.text(_STEPS[step])


def language_name(language: str) -> str:
    """Return a language's own name."""
    return LANGUAGES.get(language, language)
