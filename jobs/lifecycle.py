"""The life of a claim: one table of moves. What is not in the table is refused.

The table says which move a state permits, not whether its reason holds: that is asked of `consensus` and of the
person's role by the job that makes the move. Each move writes one audit entry under the name of its action.
"""

from __future__ import annotations

from enum import StrEnum

from storage.errors import Refused
from storage.kinds import ClaimState

_NEW = ClaimState.NEW
_TRIAGE = ClaimState.TRIAGE
_QUEUED = ClaimState.QUEUED
_IN_REVIEW = ClaimState.IN_REVIEW
_AGREED = ClaimState.AGREED
_DISPUTED = ClaimState.DISPUTED
_APPROVED = ClaimState.APPROVED
_PUBLISHED = ClaimState.PUBLISHED
_RETRACTED = ClaimState.RETRACTED
_CLOSED = ClaimState.CLOSED
_DUPLICATE = ClaimState.DUPLICATE


class Action(StrEnum):
    """What can happen to a claim as a whole."""

    TRIAGE = "triage"
    """An editor is to look whether this is a claim for the desk."""
    QUEUE = "queue"
    """Reviewers may be offered it."""
    START = "start"
    """The first lease, or the first review after a reopening."""
    BACK_TO_QUEUE = "back_to_queue"
    """No live lease and no submitted review is left."""
    AGREE = "agree"
    DISPUTE = "dispute"
    REOPEN = "reopen"
    """A review was revised or withdrawn, or an editor wants the claim looked at again."""
    APPROVE = "approve"
    ADJUDICATE = "adjudicate"
    PUBLISH = "publish"
    CORRECT = "correct"
    """A new version of the verdict was decided; it still has to be published."""
    RETRACT = "retract"
    CLOSE = "close"
    MERGE = "merge"
    UNMERGE = "unmerge"
    """It was no duplicate; from the queue it goes on to where it was."""


OPEN_STATES = frozenset({_NEW, _TRIAGE, _QUEUED, _IN_REVIEW, _AGREED, _DISPUTED})
"""The desk owes a decision: no verdict exists."""

REVIEWABLE_STATES = frozenset({_QUEUED, _IN_REVIEW})
"""Reviewers may be offered the claim, take it and submit."""

REVISABLE_STATES = frozenset({_IN_REVIEW, _AGREED, _DISPUTED})
"""A submitted review may still be revised: reviews exist and no verdict rests on them yet."""

EDITOR_STATES = frozenset({_TRIAGE, _AGREED, _DISPUTED})
"""Nothing moves until an editor acts."""

DECIDABLE_STATES = frozenset({_AGREED, _DISPUTED})
"""The reviews are in: an editor approves or adjudicates."""

DECIDED_STATES = frozenset({_APPROVED, _PUBLISHED, _RETRACTED})
"""At least one version of a verdict exists."""

FINAL_STATES = frozenset({_PUBLISHED, _RETRACTED, _CLOSED, _DUPLICATE})
"""Nothing more is owed, though an editor may take the claim up again."""

_MOVES: dict[Action, dict[ClaimState, ClaimState]] = {
    # Out of the queue: where a claim was that was merged and is taken apart again.
    Action.TRIAGE: {_NEW: _TRIAGE, _QUEUED: _TRIAGE},
    Action.QUEUE: {_NEW: _QUEUED, _TRIAGE: _QUEUED},
    Action.START: {_QUEUED: _IN_REVIEW},
    Action.BACK_TO_QUEUE: {_IN_REVIEW: _QUEUED},
    Action.AGREE: {_IN_REVIEW: _AGREED},
    Action.DISPUTE: {_IN_REVIEW: _DISPUTED},
    # Before a verdict the reviews still stand and one of them changed; afterwards the claim begins anew.
    Action.REOPEN: {
        _AGREED: _IN_REVIEW,
        _DISPUTED: _IN_REVIEW,
        _PUBLISHED: _QUEUED,
        _RETRACTED: _QUEUED,
        _CLOSED: _QUEUED,
    },
    Action.APPROVE: {_AGREED: _APPROVED},
    Action.ADJUDICATE: {_DISPUTED: _APPROVED},
    Action.PUBLISH: {_APPROVED: _PUBLISHED},
    Action.CORRECT: {_PUBLISHED: _APPROVED},
    Action.RETRACT: {_PUBLISHED: _RETRACTED},
    # An agreed claim is not closed: reviewers did the work, so it is approved, reopened or merged.
    Action.CLOSE: dict.fromkeys((_NEW, _TRIAGE, _QUEUED, _IN_REVIEW, _DISPUTED), _CLOSED),
    # Not from APPROVED either: after a correction its earlier version is public, and people were told.
    Action.MERGE: dict.fromkeys(OPEN_STATES, _DUPLICATE),
    Action.UNMERGE: {_DUPLICATE: _QUEUED},
}


def move(state: ClaimState, action: Action) -> ClaimState:
    """Return the state that `action` leads to from `state`.

    Raises:
        Refused: `transition_not_allowed` with `state` and `action`.
    """
    try:
        return _MOVES[action][state]
    except KeyError:
        raise Refused("transition_not_allowed", state=str(state), action=str(action)) from None


def allowed(state: ClaimState) -> frozenset[Action]:
    """Return every action that `state` permits."""
    return frozenset(action for action, moves in _MOVES.items() if state in moves)
