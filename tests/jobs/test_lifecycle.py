from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.lifecycle import (
    DECIDED_STATES,
    EDITOR_STATES,
    FINAL_STATES,
    OPEN_STATES,
    REVIEWABLE_STATES,
    REVISABLE_STATES,
    Action,
    allowed,
    move,
)
from storage.errors import Refused
from storage.kinds import ClaimState as S

# Drawn once more, by state instead of by action, so that a slip in either table shows.
DRAWN = {
    S.NEW: {"triage": S.TRIAGE, "queue": S.QUEUED, "close": S.CLOSED, "merge": S.DUPLICATE},
    S.TRIAGE: {"queue": S.QUEUED, "close": S.CLOSED, "merge": S.DUPLICATE},
    S.QUEUED: {"triage": S.TRIAGE, "start": S.IN_REVIEW, "close": S.CLOSED, "merge": S.DUPLICATE},
    S.IN_REVIEW: {
        "back_to_queue": S.QUEUED,
        "agree": S.AGREED,
        "dispute": S.DISPUTED,
        "close": S.CLOSED,
        "merge": S.DUPLICATE,
    },
    S.AGREED: {"reopen": S.IN_REVIEW, "approve": S.APPROVED, "merge": S.DUPLICATE},
    S.DISPUTED: {"reopen": S.IN_REVIEW, "adjudicate": S.APPROVED, "close": S.CLOSED, "merge": S.DUPLICATE},
    S.APPROVED: {"publish": S.PUBLISHED},
    S.PUBLISHED: {"correct": S.APPROVED, "retract": S.RETRACTED, "reopen": S.QUEUED},
    S.RETRACTED: {"reopen": S.QUEUED},
    S.CLOSED: {"reopen": S.QUEUED},
    S.DUPLICATE: {"unmerge": S.QUEUED},
}


@pytest.mark.parametrize(("state", "action"), list(product(S, Action)))
def test_a_move_is_made_or_refused_as_drawn(state: S, action: Action) -> None:
    if action in DRAWN[state]:
        assert move(state, action) is DRAWN[state][action]
    else:
        with pytest.raises(Refused) as refused:
            move(state, action)
        assert refused.value.code == "transition_not_allowed"
        assert refused.value.data == {"state": state.value, "action": action.value}


@pytest.mark.parametrize("state", S)
def test_allowed_lists_exactly_the_moves_drawn(state: S) -> None:
    assert allowed(state) == {Action(action) for action in DRAWN[state]}


def test_every_state_can_be_reached_and_none_is_a_dead_end() -> None:
    reached, grown = {S.NEW}, True
    while grown:
        following = reached | {move(state, action) for state in reached for action in allowed(state)}
        grown, reached = following != reached, following
    assert reached == set(S)
    assert all(allowed(state) for state in S)


def test_every_state_is_open_or_decided_or_put_aside() -> None:
    assert OPEN_STATES | DECIDED_STATES | {S.CLOSED, S.DUPLICATE} == set(S)
    assert not OPEN_STATES & DECIDED_STATES
    assert not OPEN_STATES & FINAL_STATES
    assert REVIEWABLE_STATES | REVISABLE_STATES | EDITOR_STATES < OPEN_STATES
    assert not EDITOR_STATES & REVIEWABLE_STATES


@given(st.lists(st.sampled_from(Action), max_size=40))
def test_nothing_is_published_unless_it_was_agreed_or_disputed_and_approved_first(actions: list[Action]) -> None:
    state, approved = S.NEW, False
    for action in actions:
        if action in allowed(state):
            before, state = state, move(state, action)
            if state is S.APPROVED:
                assert before in {S.AGREED, S.DISPUTED, S.PUBLISHED}
                approved = True
            if state is S.PUBLISHED:
                assert approved
            if state is S.QUEUED:
                approved = False
