"""Snippets: the right part of a text, with what was asked for in bold, whatever people wrote."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.html import parse_html
from bot.views.snippets import snippet
from storage.search import normal_form
from storage.search.query import Term, words_of


def terms(*typed: str, begins: bool = True) -> list[Term]:
    return [Term(tuple(words_of(normal_form(each))), begins=begins) for each in typed]


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("The Bridge fell.", terms("bridge"), "The <b>Bridge</b> fell."),
        ("“Bridges” fell!", terms("bridge"), "“<b>Bridges</b>” fell!"),
        ("The old bridge fell", terms("old bridge", begins=False), "The <b>old bridge</b> fell"),
        ("bridge old, old bridge", terms("old bridge", begins=False), "bridge old, <b>old bridge</b>"),
        ("প্রায় ১৫,০০০ সেনা।", terms("15000", "সেনা"), "প্রায় <b>১৫,০০০ সেনা</b>।"),
        ("বা\u09dcিটি ভাঙা", terms("বাড়ি"), "<b>বা\u09dcিটি</b> ভাঙা"),
        ("a well-known <b> & c", terms("known"), "a <b>well-known</b> &lt;b&gt; &amp; c"),
        ("x<y and y", terms("y"), "<b>x&lt;y</b> and <b>y</b>"),
        ("大雨が降った", terms("大雨"), "<b>大雨</b>が降った"),
        ("nothing of it", terms("bridge"), "nothing of it"),
        ("two\nlines", terms("lines"), "two <b>lines</b>"),
        ("", terms("lines"), ""),
    ],
)
def test_what_was_asked_for_is_bold(text: str, asked: list[Term], shown: str) -> None:
    assert snippet(text, asked, 100) == shown


def test_a_long_text_is_shown_where_the_words_are() -> None:
    text = "word " * 100 + "the bridge fell " + "word " * 100
    shown = snippet(text, terms("bridge"), 60)
    assert shown.startswith("…word ")
    assert shown.endswith("word…")
    assert "the <b>bridge</b> fell" in shown
    assert len(shown) < 80
    assert "<b>" in snippet("আ" * 500 + " সেতু " + "আ" * 500, terms("সেতু"), 60)


@given(
    st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
    | st.text("ab <&>\"'-.ক়্া\u200d\u0301 ", max_size=200),
    st.integers(20, 60),
)
def test_any_text_is_shown_as_it_stands(text: str, most: int) -> None:
    shown = snippet(text, terms("a", "b a", "ক"), most)
    plain = html.unescape(re.sub(r"</?b>", "", shown))
    assert plain.removeprefix("…").removesuffix("…").strip() in " ".join(text.split()) + "…"
    assert len(plain) <= most + 2
    assert {each["type"] for each in parse_html(shown.replace("\0", "")).entities} <= {"bold"}
