"""What an editor sees of a merge before and after, and what others see of it."""

from __future__ import annotations

import pytest

from bot.views.cards import card
from bot.views.decisions import decision_due
from bot.views.merging import Step, merge_shown
from bot.views.status import status_shown
from bot.views.verdicts import verdict_published
from bot.views.words import words_for
from storage.kinds import AssignmentState, Awaiting, ClaimState, Role
from storage.model import ClaimId
from tests.bot.views.facts import (
    POLICY,
    a_card,
    a_claim,
    a_decision,
    a_document,
    a_merge,
    a_status,
    a_verdict,
    an_opinion,
    every_match,
    presses,
    seen,
)

EN = words_for("en")
PUBLISHED = a_status(ClaimState.PUBLISHED, claim=a_claim(1, state=ClaimState.PUBLISHED), verdict=a_verdict())


def test_before_a_merge_an_editor_sees_both_texts_why_and_what_will_happen() -> None:
    shown = seen(merge_shown(a_merge(Step.ASKED, "A thing is so."), EN))
    assert shown.count("A thing is so.") >= 2
    assert "14 of 16 words" in shown
    assert "2 people who asked about #12 get the answer of #1 once there is one." in shown
    assert "1 reviewer at work on it is told" in shown
    assert "1 review of it is kept" in shown


def test_with_a_published_claim_the_verdict_and_that_it_goes_out_at_once_are_said() -> None:
    shown = seen(merge_shown(a_merge(Step.ASKED, known=PUBLISHED), EN))
    assert "#1 🔴 False" in shown
    assert "get the verdict of #1 at once" in shown


def test_the_button_carries_what_was_seen_and_is_gone_once_it_cannot_be() -> None:
    assert presses(merge_shown(a_merge(Step.ASKED), EN)) == ["merge:12:3:1:3"]
    closed = a_status(ClaimState.CLOSED)
    assert presses(merge_shown(a_merge(Step.ASKED, claim=closed), EN)) == []
    assert "no longer possible" in seen(merge_shown(a_merge(Step.ASKED, claim=closed), EN))


def test_afterwards_the_way_back_is_named_and_offered_while_there_is_one() -> None:
    done = merge_shown(a_merge(Step.MERGED), EN)
    assert "/unmerge 12" in seen(done)
    assert presses(done) == ["unmerge:12:3"]
    assert presses(merge_shown(a_merge(Step.MERGED, claim=a_status(ClaimState.QUEUED)), EN)) == []
    assert "two claims again" in seen(merge_shown(a_merge(Step.UNMERGED), EN))


def test_a_likeness_found_from_the_other_side_is_told_from_this_one() -> None:
    match = every_match("x")[0].match
    parts = {**match.parts, "new_numbers": ["12"], "known_numbers": ["15"]}
    there, back = (type(match)(ClaimId(one), ClaimId(two), match.level, 0.9, match.method, parts, match.found_at)
                   for one, two in ((12, 1), (1, 12)))  # fmt: skip
    assert "12 / 15" in seen(merge_shown(a_merge(Step.ASKED, match=there), EN))
    assert "15 / 12" in seen(merge_shown(a_merge(Step.ASKED, match=back), EN))
    assert "found no likeness" in seen(merge_shown(a_merge(Step.ASKED, match=None), EN))


@pytest.mark.parametrize("state", [ClaimState.AGREED, ClaimState.DISPUTED])
def test_on_the_editors_card_each_suggestion_has_a_button(state: ClaimState) -> None:
    facts = a_decision(state, an_opinion(1, "false"), an_opinion(2, "false"))
    shown = decision_due(facts, EN, POLICY, alike=every_match("A thing is so."))
    assert "14 of 16 words" in seen(shown)
    assert [each for each in presses(shown) if each.startswith("merge:")] == [
        "merge:12:3:1:3",
        "merge:12:3:2:3",
        "merge:12:3:3:3",
    ]
    decided = decision_due(a_decision(ClaimState.PUBLISHED, verdict=a_verdict()), EN, POLICY, alike=every_match("so"))
    assert presses(decided) == []


def test_reviewers_see_what_a_claim_is_like_and_have_no_button_for_it() -> None:
    alike = every_match("A thing is so.")
    for facts in (a_card(state=AssignmentState.OFFERED, taken=False), a_card(Awaiting.RATING)):
        shown = card(facts, EN, POLICY, alike=alike)
        assert "#1 🔴 False · A thing is so." in seen(shown)
        assert "14 of 16 words" in seen(shown)
        assert not [each for each in presses(shown) if each.startswith("merge:")]
    assert "A thing" not in seen(card(a_card(Awaiting.PREVIEW), EN, POLICY, alike=alike))


def test_a_reviewer_whose_claim_was_merged_is_told_into_which_and_that_the_draft_is_kept() -> None:
    gone = a_claim(state=ClaimState.DUPLICATE, duplicate_of=ClaimId(17))
    shown = seen(card(a_card(state=AssignmentState.WITHDRAWN, claim=gone), EN, POLICY))
    assert "the same as #17" in shown
    assert "draft is kept" in shown


def test_in_the_status_only_editors_get_the_buttons_and_see_what_was_merged() -> None:
    facts, alike = a_status(ClaimState.QUEUED), every_match("so")
    for role in (Role.PUBLIC, Role.REVIEWER, Role.EDITOR, Role.ADMIN):
        shown = status_shown(facts, role, EN, POLICY, asked=False, alike=alike, merged=[ClaimId(40), ClaimId(41)])
        is_editor = role.covers(Role.EDITOR)
        assert bool(presses(shown)) is is_editor
        assert ("#40, #41" in seen(shown)) is is_editor


def test_who_asked_in_other_words_is_told_that_both_say_the_same() -> None:
    asked = a_claim(13, text="The crossing was shut for a month.")
    answer = seen(verdict_published(a_verdict(), [], a_claim(), a_document(), EN, asked=asked))
    assert "#13 says the same as #12" in answer
    assert "The crossing was shut for a month." in answer
    own = seen(verdict_published(a_verdict(), [], a_claim(), a_document(), EN, asked=a_claim()))
    assert "says the same" not in own
