"""Cutting long texts: no text lost, no HTML broken, and the cuts are where people would make them."""

import html as stdlib_html
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.longtext import split_html, utf16_length, visible_length, visible_text

FAMILY = "👨‍👩‍👧‍👦"
CONJUNCT = "ক্ষ্ম"
PIECES = [
    "বাংলাদেশে ",
    "প্রতিবেদন।",
    "তথ্য",
    CONJUNCT,
    "কি",
    "é",
    "e\u0301\u0323",
    "হয়েছে?",
    " ",
    "\n",
    "\n\n",
    " \n \n ",
    "\u00a0",
    "😀",
    FAMILY,
    "👍🏽",
    "🇧🇩🇮🇳",
    "&amp;",
    "&lt;b&gt;",
    "&#2453;",
    "&#x1F600;",
    "&quot;",
    "word ",
    "3.14 ",
    "End. ",
    "العربية؟ ",
    "中文。",
    "a",
    ".",
    "\u200d",
    "\u09cd",
]
TAGS = ["b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"]


class Seen(HTMLParser):
    """Reads HTML independently of the code under test: visible text, every character with the tags around it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.styles: list[tuple[str, ...]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], "a tag stays open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, "a tag is closed that was never opened"
        assert self.open.pop().split(" ")[0] == tag, "tags overlap"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.styles.extend([tuple(self.open)] * len(data))


def telegram_html() -> st.SearchStrategy[str]:
    leaf = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)

    def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        tag = st.sampled_from(TAGS)
        return st.one_of(
            st.lists(inner, max_size=4).map("".join),
            st.tuples(tag, inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
            inner.map(lambda text: f'<a href="https://example.org/?a=1&amp;b=>">{text}</a>'),
        )

    return st.recursive(leaf, wrapped, max_leaves=12)


def clusters_apart(before: str, after: str) -> bool:
    """The part of the rule for cuts that can be told from the two neighbours alone."""
    if after.isspace():
        return True
    if unicodedata.category(after) in {"Mn", "Mc", "Me"} or after in "\u200d🏽" or before == "\u200d":
        return False
    return not (before == "\u09cd" and unicodedata.category(after) == "Lo")


def longest_cluster(text: str) -> int:
    """At least the length of the longest cluster: a row of flags is counted as one."""
    longest = length = 0
    for before, after in zip(" " + text, text, strict=False):
        starts = clusters_apart(before, after) and not (before in "🇧🇩🇮🇳" and after in "🇧🇩🇮🇳")
        length = utf16_length(after) if starts else length + utf16_length(after)
        longest = max(longest, length)
    return longest


@given(telegram_html(), st.integers(min_value=2, max_value=60))
@settings(max_examples=400)
def test_parts_fit_and_together_are_the_text_in_the_same_styles(html: str, limit: int) -> None:
    whole = Seen(html)
    parts = split_html(html, limit)
    place = 0
    for number, part in enumerate(parts):
        seen = Seen(part)
        assert seen.text.strip()
        assert utf16_length(seen.text) <= limit
        while not whole.text.startswith(seen.text, place):
            assert whole.text[place].isspace(), "only white space is dropped, and only at cuts"
            place += 1
        assert seen.styles == whole.styles[place : place + len(seen.text)]
        if number and longest_cluster(whole.text) <= limit and place:
            assert clusters_apart(whole.text[place - 1], whole.text[place])
        place += len(seen.text)
    assert not whole.text[place:].strip()


@given(telegram_html())
def test_visible_text_is_what_a_browser_would_show(html: str) -> None:
    assert visible_text(html) == Seen(html).text
    assert visible_length(html) == len(Seen(html).text.encode("utf-16-le")) // 2


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.integers(min_value=2, max_value=40))
def test_any_escaped_text_survives(text: str, limit: int) -> None:
    escaped = stdlib_html.escape(text, quote=False)
    parts = split_html(escaped, limit)
    assert "".join("".join(map(visible_text, parts)).split()) == "".join(text.split())
    assert all(visible_length(part) <= limit for part in parts)


@given(st.text(alphabet="<>&\"'/abi =#x;1 \n", max_size=200), st.integers(min_value=2, max_value=30))
def test_broken_html_neither_raises_nor_loses_text(html: str, limit: int) -> None:
    parts = split_html(html, limit)
    assert "".join("".join(map(visible_text, parts)).split()) == "".join(visible_text(html).split())


@pytest.mark.parametrize("empty", ["", " ", "\n\n", "<b></b>", "<i> </i>\u00a0", "&#32;"])
def test_a_text_that_shows_nothing_gives_no_part(empty: str) -> None:
    assert split_html(empty) == []


def test_a_text_that_fits_is_left_as_it_is() -> None:
    html = " <b>শিরোনাম</b>\n\n" + "&amp;" * 4000
    assert split_html(html) == [html]
    assert split_html("😀" * 2048) == ["😀" * 2048]
    assert split_html("😀" * 2049) == ["😀" * 2048, "😀"]


def test_cuts_fall_at_the_finest_border_that_fits() -> None:
    assert split_html("one two.\n\nthree\nfour. five six", 25) == ["one two.", "three\nfour. five six"]
    assert split_html("one two\nthree four. five six", 25) == ["one two", "three four. five six"]
    assert split_html("one two. three four five six", 25) == ["one two.", "three four five six"]
    assert split_html("one two three four five six", 25) == ["one two three four five", "six"]
    assert split_html("onetwothreefour" * 2, 25) == ["onetwothreefouronetwothre", "efour"]


def test_a_border_too_early_is_passed_over() -> None:
    assert split_html("Hi\n\n" + "word " * 12, 40) == [
        "Hi\n\nword word word word word word word",
        "word word word word word",
    ]


def test_bengali_is_cut_after_the_danda() -> None:
    text = "প্রথম বাক্য।দ্বিতীয় বাক্য। তৃতীয় বাক্য"
    assert split_html(text, 14) == ["প্রথম বাক্য।", "দ্বিতীয়", "বাক্য।", "তৃতীয় বাক্য"]


def test_a_number_and_an_address_are_not_ends_of_sentences() -> None:
    assert split_html("pi is 3.14159 see a.example.org", 28) == ["pi is 3.14159 see", "a.example.org"]


@pytest.mark.parametrize("cluster", [FAMILY, CONJUNCT, "🇧🇩", "👍🏽", "e\u0301\u0323", "র‍্যা", "1\ufe0f\u20e3"])
def test_a_cluster_is_never_divided(cluster: str) -> None:
    for limit in range(utf16_length(cluster), utf16_length(cluster) * 3):
        parts = split_html(cluster * 7, limit)
        assert "".join(parts) == cluster * 7
        assert all(part == cluster * (len(part) // len(cluster)) for part in parts)


def test_a_cluster_longer_than_a_part_is_divided_rather_than_lost() -> None:
    text = "e" + "\u0301" * 9
    assert split_html(text, 4) == [text[:4], text[4:8], text[8:]]


def test_tags_are_closed_and_reopened_with_their_attributes() -> None:
    html = '<b>bold <a href="https://example.org/?q=1&amp;r=2">first link second</a></b> end'
    assert split_html(html, 12) == [
        '<b>bold <a href="https://example.org/?q=1&amp;r=2">first</a></b>',
        '<b><a href="https://example.org/?q=1&amp;r=2">link second</a></b>',
        "end",
    ]


def test_an_entity_is_one_character_and_never_cut() -> None:
    assert split_html("&amp;" * 5, 2) == ["&amp;&amp;", "&amp;&amp;", "&amp;"]


def test_white_space_longer_than_a_part_is_dropped() -> None:
    assert split_html("one" + " " * 50 + "two", 10) == ["one", "two"]
    assert split_html("one" + "\u00a0" * 50 + "two", 10)[0].startswith("one")
    assert all(part.strip() for part in split_html("one" + "\u00a0" * 50 + "two", 10))


def test_the_source_is_bounded_however_many_tags_there_are() -> None:
    for html in (
        "<b>" * 20_000 + "x " * 5000 + "</b>" * 20_000,
        "<b></b>" * 50_000 + "x " * 5000,
        "<b>x</b>" * 20_000,
        f'<a href="{"u" * 50_000}">' + "x " * 5000 + "</a>",
    ):
        parts = split_html(html)
        assert "".join("".join(map(visible_text, parts)).split()) == "".join(visible_text(html).split())
        assert max(map(len, parts)) <= 6 * 4096 * 3
        for part in parts:
            Seen(part)


def test_a_limit_below_one_emoji_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        split_html("x", 1)


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "প্রতিবেদন।",
        "<b>x</b> ",
        "<a",
        "<a '",
        "&",
        "🇧🇩",
        "\u0301",
        "<b>",
        "</b>",
        " ",
        "\u00a0",
        "x\n\n",
        "<a\"'",
    ],
)
def test_hostile_text_loses_nothing(unit: str) -> None:
    text = "x" + unit * 2_000 + "x"
    shown = "".join("".join(map(visible_text, split_html(text))).split())
    assert shown == "".join(visible_text(text).split())
