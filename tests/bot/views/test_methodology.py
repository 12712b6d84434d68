"""The desk's rules as its readers see them: complete, and with the numbers in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.views.labels import rating_name
from bot.views.methodology import markdown, method_shown
from bot.views.words import LANGUAGES, SOURCE_LANGUAGE, words_for
from jobs.policy import Policy

PAGE = Path(__file__).parents[3] / "docs" / "methodology.md"


def test_the_page_is_what_the_code_says() -> None:
    made = "`python -m bot.views.methodology > docs/methodology.md` makes it"
    assert PAGE.read_text(encoding="utf-8") == markdown(Policy(), words_for(SOURCE_LANGUAGE)), made


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rating_of_the_scale_is_named_with_what_it_asks_for(language: str) -> None:
    words = words_for(language)
    shown = method_shown(Policy(), words).html
    for rating in Policy().scale:
        assert rating_name(words, rating.key) in shown


@pytest.mark.parametrize(
    ("changes", "told", "silent"),
    [
        ({"quorum": 3, "max_reviews": 5}, ["3 independent reviews", "5 reviews"], ["2 independent"]),
        ({"quorum": 1, "max_reviews": 1}, ["1 independent review is needed"], ["one more reviewer"]),
        ({"approval": False}, ["without an editor"], ["An editor approves"]),
        (
            {"undo_within": timedelta(0), "queue_from_documents": True},
            ["Anybody may send a claim"],
            ["taken back for 30 seconds", "who chooses those to be checked"],
        ),
        ({"undo_within": timedelta(minutes=2)}, ["taken back for 2 minutes", "who chooses those to be checked"], []),
        ({"reviewer_may_adjudicate": True}, ["the verdict then says so"], []),
        ({"match_min_words": 12}, ["fewer than 12 words"], []),
    ],
)
def test_the_numbers_are_those_in_force(changes: dict[str, Any], told: list[str], silent: list[str]) -> None:
    shown = method_shown(replace(Policy(), **changes), words_for("en")).html
    for text in told:
        assert text in shown
    for text in silent:
        assert text not in shown
