"""Whole digests as people get them, kept as files beside this test: read them after a change, as a reader would.

What they are meant to be now is written by

    RENEW_GOLDEN=1 pytest tests/bot/views/test_golden_digests.py
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bot.longtext import utf16_length
from bot.sandbox.html import parse_html
from bot.views.digests import MOST, digest
from bot.views.message import Message
from bot.views.words import words_for
from tests.bot.views.facts import a_content, a_full_content, seen

GOLDEN = Path(__file__).parent / "golden"
TEXT = {
    "en": "Half of all wells in the district hold more arsenic than the law allows, said the mayor on Sunday.",
    "bn": "মেয়র রবিবার বলেছেন, জেলার অর্ধেক নলকূপে আইনে অনুমোদিত মাত্রার চেয়ে বেশি আর্সেনিক আছে।",
}
INTRO = {"en": "Good morning! What the desk found on {date}.", "bn": "সুপ্রভাত! {date} তারিখে ডেস্ক যা পেয়েছে।"}


def empty(text: str, intro: str) -> dict[str, Any]:
    return a_content()


def small(text: str, intro: str) -> dict[str, Any]:
    new = {"total": 1, "lines": [{"id": 7, "text": text}]}
    return {**a_content(new=new), "before": {"new": 3, "published": 1}}


def full(text: str, intro: str) -> dict[str, Any]:
    before = {"new": 1210, "published": 0, "decided": 1, "overdue": 4}
    only = {"languages": ["bn", "en"], "topics": ["flood"]}
    return {**a_full_content(text), "before": before, "intro": intro, "only": only}


def public(text: str, intro: str) -> dict[str, Any]:
    whole = a_full_content(text)
    shown = ["published", "corrected"]
    sections = {name: whole["sections"][name] for name in shown}
    return {**whole, "audience": "public", "order": shown, "sections": sections, "intro": intro}


def huge(text: str, intro: str) -> dict[str, Any]:
    whole = a_full_content(text)
    for told in whole["sections"].values():
        if told.get("lines"):
            told["lines"] = [{**told["lines"][0], "id": 90_000 + number} for number in range(10)]
        if "lines" in told:
            told["total"] = 12_345
    return {**whole, "before": {"new": 99_999, "published": 1}, "intro": intro}


MADE = (empty, small, full, public, huge)


def whole(message: Message) -> str:
    """Return a message as text: its HTML, and its buttons below."""
    rows = (" | ".join(f"[{button.text}]" for button in row) for row in message.buttons)
    return "\n".join((message.html, "", *rows)).rstrip() + "\n"


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_a_digest_is_word_for_word_as_it_was_read(make: Any, language: str) -> None:
    content = make(TEXT[language], INTRO[language])
    shown = digest(content, words_for(language, content["zone"]), 12)
    path = GOLDEN / f"digest.{make.__name__}.{language}.html"
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(whole(shown), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == whole(shown)
    assert utf16_length(seen(shown)) <= MOST
    # Telegram takes it: every tag is closed, and no sentence of a claim is cut without a sign.
    assert parse_html(shown.html).text
    for line in seen(shown).splitlines():
        if TEXT[language][:10] in line and TEXT[language] not in line:
            assert "…" in line


def test_every_kept_digest_is_made_by_a_test() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"digest.{make.__name__}.{language}.html" for make in MADE for language in TEXT
    }
