"""Every code that anybody can be told has words, in every language, short enough for the answer to a button."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.longtext import utf16_length
from bot.views.message import escape
from bot.views.notices import NOTICES, TOAST_MOST, Notice, notice, notice_text
from bot.views.words import LANGUAGES, words_for
from tests.bot.views.facts import seen

ROOT = Path(__file__).parents[3]
ERRORS = {"Refused", "NotFound", "NotAllowed", "Stale"}
NOT_FOR_PEOPLE = {"job_not_found", "message_not_found", "request_not_found"}
"""Slips of the code itself: a person who meets one is told of a failed update."""

DATA = {
    "claim": 123456,
    "known": 654321,
    "capacity": 3,
    "needed": 2,
    "have": 1,
    "most": 10,
    "longest": 40000,
    "role": "reviewer",
    "state": "in_review",
    "action": "approve",
    "rating": "mostly_false",
    "language": "bn",
    "name": "ফরিদা খাতুন",
    "by": "ফরিদা খাতুন",
    "title": "খবর ও যাচাই",
    "query": "ডেঙ্গু জ্বরে আক্রান্ত",
    "text": "সকাল নয়টা",
    "zone": "Dhaka/Asia",
    "setting": "max_reviews",
    "reason": "out_of_range",
    "reference": "AB3DEF7H",
    "filter": "language",
    "piece": "-lang:bn",
    "value": "২০২৫-১৩-০১",
    "tag": "#৪২",
    "low": 1,
    "high": 20,
    "before": "12h",
    "after": "2d",
}


def raised_codes() -> Iterator[str]:
    """Yield every code that jobs, storage and handlers name: in errors, in notices, as what a button's press shows."""
    for folder in ("bot", "jobs", "storage"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "id", None)
                    if name in ERRORS and node.args:
                        yield from constants(node.args[0])
                    for keyword in node.keywords:
                        if keyword.arg == "code":
                            yield from constants(keyword.value)
            if path.name == "presses.py":
                for node in ast.walk(tree):
                    if isinstance(node, ast.Return) and node.value is not None:
                        yield from constants(node.value)


def constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_every_code_that_the_desk_names_has_words() -> None:
    named = set(raised_codes())
    assert len(named) > 60
    assert named - NOT_FOR_PEOPLE - set(NOTICES) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", NOTICES)
def test_a_notice_is_whole_in_the_answer_to_a_button_and_the_same_in_a_message(code: str, language: str) -> None:
    words = words_for(language)
    text = notice_text(code, DATA, words)
    assert 0 < utf16_length(text) <= TOAST_MOST
    assert "…" not in text, "cut, or a value is missing"
    assert not set(text) & set("<>{}")
    message = notice(Notice(code, DATA), words)
    assert message.html == escape(text)
    assert message.claim_id == DATA["claim"]


def test_numbers_of_claims_are_the_same_in_every_language_and_counts_are_not() -> None:
    words = words_for("bn")
    assert "#123456" in notice_text("claim_not_found", DATA, words)
    assert "৩টি" in notice_text("at_capacity", DATA, words)
    assert "৪০,০০০" in notice_text("text_too_long", DATA, words)


def test_an_unknown_code_is_named_politely() -> None:
    assert "brand_new" in notice_text("brand_new", {}, words_for("en"))
    assert "brand_new" in notice_text("brand_new", {}, words_for("bn"))


@pytest.mark.parametrize("code", NOTICES)
def test_a_value_that_is_missing_does_not_silence_the_notice(code: str) -> None:
    assert notice_text(code, {}, words_for("bn"))
    assert notice_text(code, dict.fromkeys(DATA), words_for("en"))


def test_what_somebody_typed_is_cut_and_stays_text() -> None:
    typed = "<b>" + "😀" * 500
    text = notice_text("tag_invalid", {"tag": typed}, words_for("en"))
    assert utf16_length(text) <= TOAST_MOST
    assert "<b>😀" in seen(notice(Notice("tag_invalid", {"tag": typed}), words_for("en")))
