"""What practice looks like: said plainly at the top, without a public number, and beside the desk's own verdict."""

from __future__ import annotations

import pytest

from bot.views import lists, practice
from bot.views.parts import number_of
from bot.views.words import words_for
from storage.kinds import AssignmentState, Awaiting, ReviewState
from tests.bot.views.facts import (
    POLICY,
    a_card,
    a_case,
    a_claim,
    a_mine_line,
    a_page,
    a_person,
    a_progress,
    a_review,
    a_source,
    an_assignment,
    labels,
    presses,
    seen,
)

EN = words_for("en")
PERSON = a_person(on_duty=False)


def shown(state: AssignmentState, *, rating: str = "false", taken: bool = True, desks: str = "false") -> str:
    review = a_review(rating=rating, explanation="Because.", state=ReviewState.SUBMITTED)
    facts = a_card(state=state, taken=taken, claim=a_claim(-3), review=review, sources=[a_source()])
    return seen(practice.card(facts, a_case(rating=desks), a_progress(newest=facts.assignment), EN, POLICY))


@pytest.mark.parametrize("state", AssignmentState)
@pytest.mark.parametrize("step", [None, *list(Awaiting)[:4]])
def test_every_card_says_at_the_top_that_it_is_practice_and_names_no_public_claim(
    state: AssignmentState, step: Awaiting | None
) -> None:
    facts = a_card(step, state=state, claim=a_claim(-3))
    message = practice.card(facts, a_case(), a_progress(newest=facts.assignment), EN, POLICY)
    assert seen(message).startswith("🎓 Practice. A claim from the past")
    assert message.claim_id is None
    assert "🎓3" in seen(message)
    assert "#" not in seen(message)
    assert "asked" not in seen(message)


@pytest.mark.parametrize(
    ("rating", "desks", "sentence"),
    [
        ("false", "false", "Your rating is the same as the desk's: 🔴 False"),
        ("mostly_false", "false", "next to each other"),
        ("true", "false", "far from each other"),
        ("satire", "false", "nobody can say how far"),
    ],
)
def test_the_agreement_is_said_in_words(rating: str, desks: str, sentence: str) -> None:
    told = shown(AssignmentState.DONE, rating=rating, desks=desks)
    assert sentence in told
    for part in ("Because.", "It stayed open.", "Your sources", "The desk's sources"):
        assert part in told


def test_how_a_card_ended_is_said_without_talk_of_others() -> None:
    for state in (AssignmentState.EXPIRED, AssignmentState.WITHDRAWN):
        assert "/practice brings you back" in shown(state)
        assert "It comes again." in shown(state, taken=False)
    assert "handed it back" in shown(AssignmentState.PASSED)
    assert "passed it over" in shown(AssignmentState.PASSED, taken=False)
    for state in (AssignmentState.PASSED, AssignmentState.EXPIRED, AssignmentState.WITHDRAWN):
        assert "omebody else" not in shown(state)


def test_only_the_newest_card_leads_on() -> None:
    facts = a_card(state=AssignmentState.DONE, claim=a_claim(-3))
    newest = practice.card(facts, a_case(), a_progress(newest=facts.assignment), EN, POLICY)
    assert presses(newest) == ["prac:1:7", "pstop:1"]
    open_one = an_assignment(AssignmentState.TAKEN)
    for progress in (a_progress(newest=open_one), a_progress(10, newest=facts.assignment), a_progress()):
        assert not practice.card(facts, a_case(), progress, EN, POLICY).buttons


def test_the_first_card_leads_to_where_one_is() -> None:
    start = practice.practice_shown(a_progress(0), PERSON, EN)
    assert labels(start) == ["Start", "Stop"]
    assert "There are 10 practice claims." in seen(start)
    assert "You have done none" in seen(start)
    going = practice.practice_shown(a_progress(newest=an_assignment(AssignmentState.DONE)), PERSON, EN)
    assert labels(going) == ["Next claim", "Stop"]
    assert "Done: 2; with the same rating as the desk: 1" in seen(going)
    open_one = practice.practice_shown(a_progress(newest=an_assignment()), PERSON, EN)
    assert presses(open_one) == ["work:7", "pstop:1"]


@pytest.mark.parametrize(("agreeing", "told"), [(10, "every time"), (4, "4 times"), (1, "1 time "), (0, "other ones")])
def test_the_end_is_kind_whatever_the_ratings(agreeing: int, told: str) -> None:
    progress = a_progress(10, newest=an_assignment(AssignmentState.DONE), agreeing=agreeing)
    end = practice.practice_shown(progress, PERSON, EN)
    assert told in seen(end)
    assert "Thank you" in seen(end)
    assert "/duty on" in seen(end)
    assert "/duty on" not in seen(practice.practice_shown(progress, a_person(), EN))
    assert presses(end) == ["pagain:1:7"]


def test_ones_own_list_marks_practice() -> None:
    line = a_mine_line(-3, assignment=AssignmentState.TAKEN, assignment_id=an_assignment().id)
    message = lists.mine_shown(a_page([line]), EN)
    assert "🎓3 · practice" in seen(message)
    assert labels(message) == ["✎ 🎓3"]
    assert (number_of(3), number_of(-3)) == ("#3", "🎓3")
