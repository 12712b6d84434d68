"""The editors' card, the verdict, and where a claim stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.views.decisions import decision_due, reason_asked
from bot.views.status import status_shown
from bot.views.verdicts import verdict_published
from bot.views.words import words_for
from jobs.policy import Policy, Rating
from storage.kinds import ClaimState, ClosingReason, Method, Role
from tests.bot.views.facts import (
    POLICY,
    a_claim,
    a_decision,
    a_document,
    a_status,
    a_verdict,
    a_verdict_source,
    an_opinion,
    every_match,
    labels,
    presses,
    seen,
)

EN = words_for("en", "Asia/Dhaka")
AGREEING = (an_opinion(1, "false"), an_opinion(2, "false"))


def test_the_editor_sees_every_review_with_its_author_and_approves_the_revision_that_was_seen() -> None:
    facts = a_decision(ClaimState.AGREED, an_opinion(1, "false", explanation="One."), an_opinion(2, "false"))
    shown = decision_due(facts, EN, POLICY)
    for told in (
        "Person 1: 🔴 False\nOne.\n1. A report",
        "Person 2",
        "The reviewers agree: 🔴 False",
        "2 people asked",
    ):
        assert told in seen(shown)
    assert presses(shown) == ["approve:12:3", "asum:12:3", "sback:12:3"]
    assert labels(shown) == ["Approve: False", "Write another summary", "Send back"]


def test_who_thinks_otherwise_is_named() -> None:
    facts = a_decision(ClaimState.AGREED, *AGREEING, an_opinion(3, "true", name="Rahim"))
    assert "Rahim thinks otherwise: ✅ True" in seen(decision_due(facts, EN, POLICY))


@pytest.mark.parametrize(
    ("ratings", "told"),
    [(("true", "mostly_true"), "next to each other"), (("true", "satire"), "far apart")],
)
def test_a_dispute_says_how_far_apart_the_ratings_are_and_offers_the_scale(ratings: tuple[str, str], told: str) -> None:
    opinions = [an_opinion(number, rating) for number, rating in enumerate(ratings, 1)]
    shown = decision_due(a_decision(ClaimState.DISPUTED, *opinions), EN, replace(POLICY, max_reviews=2))
    assert told in seen(shown)
    assert "reason in writing" in seen(shown)
    assert presses(shown) == [f"judge:12:3:{rating.key}" for rating in POLICY.scale]


@pytest.mark.parametrize("state", [ClaimState.APPROVED, ClaimState.PUBLISHED])
def test_what_is_decided_shows_the_outcome_and_no_buttons(state: ClaimState) -> None:
    shown = decision_due(a_decision(state, *AGREEING, verdict=a_verdict(rating="mixed")), EN, POLICY)
    assert "Decided: 🟡 Partly true" in seen(shown)
    assert not shown.buttons


def test_what_the_claim_is_like_is_told_until_it_is_decided() -> None:
    alike = every_match("The bridge is 6 km long.")
    shown = seen(decision_due(a_decision(ClaimState.AGREED, *AGREEING), EN, POLICY, alike=alike))
    assert shown.count("The bridge is 6 km long.") >= 3
    verdict = a_verdict(rating="mixed")
    decided = seen(decision_due(a_decision(ClaimState.PUBLISHED, *AGREEING, verdict=verdict), EN, POLICY, alike=alike))
    assert "The bridge is 6 km long." not in decided


def test_what_went_back_to_the_reviewers_has_no_buttons() -> None:
    shown = decision_due(a_decision(ClaimState.IN_REVIEW, *AGREEING), EN, POLICY)
    assert "Reviewers are checking it now." in seen(shown)
    assert not shown.buttons


def test_rules_that_changed_meanwhile_take_the_button_away() -> None:
    facts = a_decision(ClaimState.AGREED, *AGREEING)
    assert not decision_due(facts, EN, replace(POLICY, quorum=3)).buttons
    gone = decision_due(facts, EN, replace(POLICY, scale=(Rating("so", 1, 1), Rating("not_so", 0, 1))))
    assert not gone.buttons
    assert "no longer on the desk's scale" in seen(gone)


def test_the_reason_is_asked_for_with_the_rating_that_was_chosen() -> None:
    text = seen(reason_asked(a_claim(), "false", EN))
    assert "#12: 🔴 False" in text
    assert "/cancel" in text


def published(**changes: object) -> str:
    sources = [a_verdict_source(), a_verdict_source(url=None, title="The port's log")]
    verdict = a_verdict(**changes)
    return seen(verdict_published(verdict, sources, a_claim(), a_document(), EN, asked=a_claim()))


def test_an_answer_has_rating_claim_summary_and_sources_in_this_order() -> None:
    text = published()
    parts = ["#12", "🔴 False", "The bridge was closed", "It stayed open.", "1. A report", "2. The port's log"]
    assert sorted(parts, key=text.index) == parts
    assert "Correction" not in text
    assert "Checked by the desk's reviewers, 9 March 2025." in text


def test_a_correction_says_so_and_why() -> None:
    text = published(version=2, reason="New evidence.")
    assert "Correction: this is version 2" in text
    assert "Reason: New evidence." in text
    assert "Decided by" not in text


def test_a_later_version_says_how_it_was_decided_too() -> None:
    text = published(version=2, reason="New evidence.", method=Method.ADJUDICATED)
    assert "Decided by an editor, 9 March 2025." in text
    text = published(version=2, reason="New evidence.", by_reviewer=True)
    assert "Decided by an editor who had also reviewed the claim, 9 March 2025." in text


def test_an_editors_decision_gives_the_reason_once() -> None:
    assert "Reason: The log." in published(method=Method.ADJUDICATED, reason="The log.")
    assert published(method=Method.ADJUDICATED, reason="The log.", summary="The log.").count("The log.") == 1


def test_a_post_of_a_channel_speaks_to_nobody_in_particular() -> None:
    post = verdict_published(a_verdict(), [], a_claim(), a_document(), EN)
    assert "your question" not in seen(post)
    assert seen(post).startswith("🔴 False")
    assert seen(post).endswith("#12")
    assert not post.buttons
    assert post.claim_id == 12


@pytest.mark.parametrize("role", Role)
def test_nobody_sees_a_rating_before_the_decision(role: Role) -> None:
    for state in (ClaimState.QUEUED, ClaimState.IN_REVIEW, ClaimState.AGREED, ClaimState.DISPUTED):
        text = seen(status_shown(a_status(state), role, EN, POLICY, asked=True))
        assert "False" not in text
        assert "you get it here" in text
        assert ("Reviews handed in: 1 (at least 2 are needed); being written: 1" in text) == role.covers(Role.REVIEWER)


def test_a_verdict_that_is_not_out_yet_is_for_editors_only() -> None:
    facts = a_status(ClaimState.APPROVED, verdict=a_verdict(published_at=None))
    assert "Decided: 🔴 False" in seen(status_shown(facts, Role.EDITOR, EN, POLICY, asked=False))
    assert "False" not in seen(status_shown(facts, Role.REVIEWER, EN, POLICY, asked=False))


def test_a_published_claim_shows_its_verdict_with_sources_to_everybody() -> None:
    facts = a_status(ClaimState.PUBLISHED, verdict=a_verdict(), sources=[a_verdict_source()])
    text = seen(status_shown(facts, Role.PUBLIC, EN, Policy(), asked=True))
    for told in ("#12 The verdict is published.", "🔴 False", "It stayed open.", "1. A report", "2 people asked"):
        assert told in text
    assert "you get it here" not in text


@pytest.mark.parametrize("reason", ClosingReason)
def test_a_closed_claim_says_why(reason: ClosingReason) -> None:
    facts = a_status(ClaimState.CLOSED, claim=a_claim(state=ClaimState.CLOSED, closing_reason=reason))
    text = seen(status_shown(facts, Role.REVIEWER, EN, POLICY, asked=True))
    assert text.startswith(
        "#12 The desk does not check this claim.\nIt is" if reason != "unsupported_language" else "#12"
    )
    assert "Reviews handed in" not in text


def test_a_withdrawn_verdict_is_not_shown_again() -> None:
    text = seen(status_shown(a_status(ClaimState.RETRACTED, verdict=a_verdict()), Role.ADMIN, EN, POLICY, asked=False))
    assert "withdrawn" in text
    assert "False" not in text
