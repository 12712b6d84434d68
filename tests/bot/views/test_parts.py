"""The parts of which views are made: cutting, links, where a claim stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.html import parse_html
from bot.views.evidence import source_line
from bot.views.parts import document_line, link, one_line, post_address, shorten
from bot.views.words import words_for
from storage.kinds import DocumentKind
from tests.bot.views.facts import LINK, a_document, a_source

EN = words_for("en", "Asia/Dhaka")


@given(st.text(max_size=200), st.integers(2, 100))
def test_a_shortened_text_is_short_and_begins_like_the_whole(text: str, most: int) -> None:
    shown = shorten(text, most)
    assert len(shown) <= most + 1
    assert text.strip().startswith(shown.removesuffix("…").rstrip())


def test_a_text_is_cut_between_words_and_never_inside_a_bengali_letter() -> None:
    assert shorten("one two three four", 15) == "one two three…"
    assert shorten("ক্ষত্রিয়ক্ষত্রিয়ক্ষত্রিয়", 12) == "ক্ষত্রিয়…"
    assert one_line("a\n\n  b", 10) == "a b"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "tg://resolve?domain=x", "A channel's name", 'ftp://example.org/"', "//example.org"],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert parse_html(link(address, None)).entities == []
    assert parse_html(link(address, "label")).text == "label"


def test_a_link_keeps_its_address_and_cannot_leave_its_attribute() -> None:
    shown = parse_html(link('https://example.org/?a=1&b="><b>', "x < y"))
    assert shown.text == "x < y"
    assert [(entity["type"], entity["url"]) for entity in shown.entities] == [
        ("text_link", 'https://example.org/?a=1&b="><b>')
    ]


def test_a_source_is_told_with_its_site_its_kind_and_its_stance() -> None:
    assert parse_html(source_line(EN, 1, a_source())).text == (
        "1. A report, example.org (primary source, refutes the claim)"
    )
    assert parse_html(source_line(EN, 2, a_source(title=None, kind=None, stance=None))).text == (
        "2. example.org/a?b=1&c=2"
    )
    described = a_source(url=None, title="A call to the port office", stance=None)
    assert parse_html(source_line(EN, 3, described)).text == "3. A call to the port office (primary source)"
    disguised = a_source(url="https://who.int@evil.example:80/x", title="WHO", kind=None, stance=None)
    assert parse_html(source_line(EN, 4, disguised)).text == "4. WHO, evil.example:80"


def test_where_a_claim_stands_is_told_as_far_as_it_is_known() -> None:
    shown = parse_html(document_line(EN, a_document()))
    assert shown.text == "From: Morning paper, The Daily, 9 March 2025"
    assert shown.entities[0]["url"] == "https://example.org/article"
    bare = {"title": None, "publisher": None, "published_at": None}
    assert parse_html(document_line(EN, a_document(**bare, url=LINK))).text == "From: example.org/a?b=1&c=2"
    assert document_line(EN, a_document(**bare, url="Village news")) == "From: Village news"
    assert document_line(EN, a_document(**bare, url=None)) == "Received on 9 March 2025"
    message = a_document(**bare, url=None, kind=DocumentKind.MESSAGE)
    assert document_line(EN, message) == "From a message to the desk, 9 March 2025"


def test_what_a_protected_source_is_only_its_reviewer_sees() -> None:
    secret = a_source(title="Rahima, clerk", url="https://port.example/rahima", protected=True, description="A clerk")
    secret = replace(secret, archived_url="https://archive.example/rahima")
    told = source_line(EN, 1, secret)
    assert parse_html(told).text == "1. A clerk (primary source, refutes the claim, protected source)"
    assert "rahima" not in told.lower()
    assert "Rahima, clerk" in source_line(EN, 1, secret, own=True)


def test_a_post_has_an_address_by_its_chats_name_or_number_unless_it_is_in_a_plain_group() -> None:
    post = {"chat_id": -1001234567890, "username": "factdesk_news", "message_id": 77}
    assert post_address(post) == "https://t.me/factdesk_news/77"
    assert post_address({**post, "username": None}) == "https://t.me/c/1234567890/77"
    assert post_address({**post, "username": None, "chat_id": -53}) is None
    assert post_address(None) is None


@given(st.text(min_size=1))
def test_what_a_chat_is_called_cannot_break_out_of_a_link(name: str) -> None:
    shown = parse_html(link(post_address({"chat_id": -1001, "username": name, "message_id": 7}), "there"))
    assert shown.text == "there"
    assert [entity["url"].startswith("https://t.me/") for entity in shown.entities] == [True]
