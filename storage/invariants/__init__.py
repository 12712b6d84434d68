"""What is true of every desk at rest, between any two transactions: one sentence and one query each.

Each query returns the ids of what breaks its sentence (the ids of the noun in its `of`); none on a sound desk.
`factdesk check` runs them, the state machine in tests/jobs runs them after every step, and docs/architecture.md lists
them from here. The one parameter is `:quorum`, of the policy in force.
"""

from __future__ import annotations

from storage.invariants.answers import ANSWERS
from storage.invariants.base import Invariant
from storage.invariants.corrections import CORRECTIONS
from storage.invariants.figures import FIGURES
from storage.invariants.work import WORK

__all__ = ["INVARIANTS", "Invariant"]

INVARIANTS = WORK + ANSWERS + CORRECTIONS + FIGURES
