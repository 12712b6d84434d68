"""The reviewer's card through the life of an assignment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.views.cards import card
from bot.views.words import words_for
from jobs.policy import Policy, Rating
from storage.kinds import AssignmentState, Awaiting, ClaimState, SourceKind, Stance
from tests.bot.views.facts import POLICY, a_card, a_claim, a_review, a_source, every_match, labels, presses, seen

EN = words_for("en", "Asia/Dhaka")
EMPTY = a_review(rating=None)
WHOLE = a_review(explanation="The log says otherwise.")


def test_an_offer_shows_the_claim_in_its_place_who_asked_and_until_when() -> None:
    offer = card(a_card(state=AssignmentState.OFFERED, before="Before it.", after="After it."), EN, POLICY)
    text = seen(offer)
    assert text.index("Before it.") < text.index("The bridge was closed") < text.index("After it.")
    for told in ("#12", "Morning paper, The Daily, 9 March 2025", "2 people asked", "10 March 2025, 15:30 (UTC+6)"):
        assert told in text
    assert presses(offer) == ["take:7", "pass:7"]
    assert offer.claim_id == 12


def test_what_the_claim_is_like_is_told_with_the_offer_and_at_the_first_step_only() -> None:
    alike = every_match("The bridge is 6 km long.")
    offer = seen(card(a_card(state=AssignmentState.OFFERED), EN, POLICY, alike=alike))
    assert offer.index("2 people asked") < offer.index("The bridge is 6 km long.") < offer.index("The offer stands")
    assert "The bridge is 6 km long." in seen(card(a_card(Awaiting.RATING), EN, POLICY, alike=alike))
    assert "The bridge is 6 km long." not in seen(card(a_card(Awaiting.EXPLANATION), EN, POLICY, alike=alike))


def test_every_rating_of_the_scale_is_offered_two_in_a_row_and_the_chosen_one_is_marked() -> None:
    shown = card(a_card(Awaiting.RATING, review=EMPTY), EN, POLICY)
    assert presses(shown) == [*(f"rate:7:{rating.key}" for rating in POLICY.scale), "back:7"]
    assert [len(row) for row in shown.buttons] == [2, 2, 2, 2, 1]
    assert "Still missing" not in seen(shown)
    again = card(a_card(Awaiting.RATING), EN, POLICY)
    assert "● 🔴 False" in labels(again)
    assert "step:7:preview" in presses(again), "the way back"
    assert "Still missing: sources, explanation" in seen(again)


def test_a_scale_of_the_desks_own_is_shown_by_its_keys() -> None:
    policy = replace(POLICY, scale=(Rating("so", 1, 1), Rating("not_so", 0, 0)))
    shown = card(a_card(Awaiting.RATING, review=EMPTY), EN, policy)
    assert labels(shown)[:2] == ["🏷 so", "🏷 not so"]


def test_sources_are_asked_for_until_there_are_enough() -> None:
    policy = replace(POLICY, scale=(Rating("false", 0, 2), Rating("true", 1, 2)))
    none = card(a_card(Awaiting.SOURCE), EN, policy)
    assert "2 more are needed" in seen(none)
    assert presses(none) == ["step:7:rating", "back:7"]
    one = card(a_card(Awaiting.SOURCE, sources=[a_source()]), EN, policy)
    assert "1 more is needed" in seen(one)
    assert "Sources (1 of 2 needed)" in seen(one)
    assert "src:7:1:menu" in presses(one)
    two = card(a_card(Awaiting.SOURCE, sources=[a_source(), a_source(2)]), EN, policy)
    assert presses(two)[0] == "step:7:explanation"
    assert "needed" not in seen(two)


def test_copies_of_one_report_count_once_and_likely_ones_are_joined_by_one_tap() -> None:
    policy = replace(POLICY, scale=(Rating("false", 0, 2, 2), Rating("true", 1, 2, 2)))
    pair = [a_source(1, url="https://news.example/1"), a_source(2, url="https://www.news.example/2", title="Other")]
    likely = card(a_card(Awaiting.SOURCE, sources=pair), EN, policy)
    assert "Source 2 looks like a copy of source 1" in seen(likely)
    assert "scopy:7:2:1" in presses(likely)
    joined = card(a_card(Awaiting.SOURCE, sources=[pair[0], replace(pair[1], origin=1)]), EN, policy)
    assert "1 more source of another origin is needed" in seen(joined)
    assert "copy of source 1)" in seen(joined)
    assert not any(press.startswith(("scopy", "step:7:explanation")) for press in presses(joined))
    preview = card(a_card(Awaiting.PREVIEW, review=WHOLE, sources=[pair[0], replace(pair[1], origin=1)]), EN, policy)
    assert "Still missing: sources" in seen(preview)


def test_a_source_has_a_menu_of_its_own_and_what_is_asked_of_it_stands_on_the_card() -> None:
    kept = a_source(1, quote="“Closed for two days.”", archived_url="https://archive.example/1")
    facts = a_card(Awaiting.SOURCE, sources=[kept, a_source(2, url="https://b.example")], detail="1 menu")
    menu = card(facts, EN, POLICY)
    for told in ("looked at on 9 March 2025", "“Closed for two days.”", "archive.example/1"):
        assert told in seen(menu)
    assert presses(menu)[:6] == [
        "src:7:1:quote",
        "src:7:1:archive",
        "src:7:1:protect",
        "scopy:7:1:2",
        "sdel:7:1",
        "step:7:source",
    ]
    copied = card(replace(facts, sources=[kept, a_source(2, origin=1)]), EN, POLICY)
    assert "sapart:7:1" in presses(copied)
    for step, at, told in (
        (Awaiting.QUOTE, "quote", "exactly as they stand"),
        (Awaiting.ARCHIVE, "archive", "web archive"),
        (Awaiting.SOURCE, "protect", "does not give it away"),
    ):
        asked = card(replace(facts, awaiting=step, detail=f"1 {at}"), EN, POLICY)
        assert told in seen(asked)
        assert presses(asked)[0] == "src:7:1:menu"
    gone = card(replace(facts, detail="9 menu"), EN, POLICY)
    assert "src:7:1:menu" in presses(gone)


def test_a_rating_that_needs_no_source_says_so() -> None:
    shown = card(a_card(Awaiting.SOURCE, review=a_review(rating="satire")), EN, POLICY)
    assert "needs no source" in seen(shown)
    assert presses(shown)[0] == "step:7:explanation"


def test_each_source_is_asked_its_kind_and_its_stance_in_turn() -> None:
    bare = a_source(1, kind=None, stance=None)
    kind = card(a_card(Awaiting.SOURCE, sources=[bare, a_source(2, kind=None, stance=None)]), EN, POLICY)
    assert "Source 1: what kind" in seen(kind)
    assert presses(kind)[:6] == [f"skind:7:1:{each}" for each in SourceKind]
    stance = card(a_card(Awaiting.SOURCE, sources=[replace(bare, kind=SourceKind.DATA)]), EN, POLICY)
    assert presses(stance)[:3] == [f"stance:7:1:{each}" for each in Stance]
    second = card(a_card(Awaiting.SOURCE, sources=[a_source(), a_source(2, stance=None)]), EN, POLICY)
    assert "Source 2: what does it say" in seen(second)
    for shown in (kind, stance, second):
        assert any(press.startswith("sdel:7:") for press in presses(shown)), "a slip can be undone"
        assert not any("explanation" in press for press in presses(shown)), "not before it is described"


def test_an_explanation_is_asked_for_as_a_message_and_one_that_is_there_can_be_kept() -> None:
    first = card(a_card(Awaiting.EXPLANATION, sources=[a_source()]), EN, POLICY)
    assert "Send your explanation" in seen(first)
    assert presses(first) == ["step:7:rating", "step:7:source", "back:7"]
    again = card(a_card(Awaiting.EXPLANATION, sources=[a_source()], review=WHOLE), EN, POLICY)
    assert "step:7:preview" in presses(again)
    assert "The log says otherwise." in seen(again)


def test_the_preview_shows_every_word_and_submits_the_revision_that_was_seen() -> None:
    review = a_review(explanation="Long. " * 300 + "End.")
    described = a_source(url=None, title="Called the office. " * 30 + "Yes.")
    shown = card(a_card(Awaiting.PREVIEW, sources=[described], review=review), EN, POLICY)
    assert review.explanation is not None
    assert review.explanation in seen(shown)
    assert described.title is not None
    assert described.title in seen(shown)
    assert presses(shown) == [
        "submit:7:5", "step:7:rating", "step:7:source", "step:7:explanation", "back:7",
    ]  # fmt: skip


def test_a_preview_of_what_is_no_longer_enough_cannot_be_submitted() -> None:
    stricter = replace(POLICY, scale=tuple(replace(rating, sources=3) for rating in POLICY.scale))
    shown = card(a_card(Awaiting.PREVIEW, sources=[a_source()], review=WHOLE), EN, stricter)
    assert presses(shown) == ["step:7:source", "back:7"]
    assert "Still missing: sources" in seen(shown)


def test_a_rating_that_left_the_scale_has_to_be_chosen_anew() -> None:
    policy = replace(POLICY, scale=(Rating("so", 1, 1), Rating("not_so", 0, 1)))
    for step in (None, *Awaiting):
        shown = card(a_card(step, sources=[a_source()], review=WHOLE), EN, policy)
        assert any(press.startswith(("rate:", "step:7:rating")) for press in presses(shown))
        assert not any(press.startswith("submit:") for press in presses(shown))


@pytest.mark.parametrize("step", [None, Awaiting.ADJUDICATION])
def test_a_claim_out_of_focus_shows_what_is_kept_and_leads_back(step: Awaiting | None) -> None:
    shown = card(a_card(step, sources=[a_source()]), EN, POLICY)
    assert "Your draft is kept" in seen(shown)
    assert "Still missing: explanation" in seen(shown)
    assert presses(shown) == ["step:7:explanation", "back:7"]


def test_a_claim_just_taken_without_a_review_asks_for_the_rating() -> None:
    assert "rate:7:false" in presses(card(a_card(Awaiting.RATING, review=None), EN, POLICY))
    assert presses(card(a_card(review=None), EN, POLICY)) == ["step:7:rating", "back:7"]


@pytest.mark.parametrize(
    ("state", "taken", "told"),
    [
        (AssignmentState.DONE, True, "Your rating: 🔴 False"),
        (AssignmentState.PASSED, False, "passed this claim on"),
        (AssignmentState.PASSED, True, "handed this claim back. Your draft is kept"),
        (AssignmentState.EXPIRED, False, "offer ran out"),
        (AssignmentState.EXPIRED, True, "time ran out. Your draft is kept"),
        (AssignmentState.WITHDRAWN, True, "nothing more is needed"),
        (AssignmentState.RECUSED, False, "stepped back"),
    ],
)
def test_what_ended_says_how_and_has_no_buttons(state: AssignmentState, taken: bool, told: str) -> None:
    shown = card(a_card(state=state, taken=taken, claim=a_claim(state=ClaimState.AGREED)), EN, Policy())
    assert told in seen(shown)
    assert not shown.buttons
    assert "agree" not in seen(shown), "nothing of what others think"
