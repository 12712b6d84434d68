"""parse_mode=HTML: what it takes, and what it says about the rest."""

import pytest

from bot.sandbox.entities import to_html
from bot.sandbox.errors import ApiError
from bot.sandbox.html import parse_html


def marks(source: str) -> list[tuple[str, str]]:
    formatted = parse_html(source)
    units = formatted.text.encode("utf-16-le")
    return [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in formatted.entities
    ]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_every_tag_of_the_subset_becomes_its_entity(tag: str, kind: str) -> None:
    assert marks(f"x <{tag}>word</{tag}> y") == [(kind, "word")]


def test_offsets_count_utf16_units_so_that_an_emoji_is_two() -> None:
    assert parse_html("😀<b>ক</b>").entities == [{"offset": 2, "length": 1, "type": "bold"}]


def test_bengali_conjuncts_count_each_code_point() -> None:
    assert parse_html("<b>প্রতিবেদন</b>").entities[0]["length"] == 9


def test_nested_tags_give_nested_entities_with_the_outer_one_first() -> None:
    assert marks("<b>a<i>b</i></b>") == [("bold", "ab"), ("italic", "b")]


def test_a_link_keeps_its_address_and_unescapes_it() -> None:
    entity = parse_html('<a href="https://example.com/?a=1&amp;b=2">x</a>').entities[0]
    assert (entity["type"], entity["url"]) == ("text_link", "https://example.com/?a=1&b=2")


def test_a_link_may_use_single_quotes() -> None:
    assert parse_html("<a href='https://example.com/'>x</a>").entities[0]["url"] == "https://example.com/"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "nowhere", "https://"])
def test_a_link_that_is_none_leaves_plain_text(url: str) -> None:
    assert parse_html(f'<a href="{url}">x</a>').entities == []


def test_expandable_quote_and_spoiler_span() -> None:
    assert marks("<blockquote expandable>q</blockquote>") == [("expandable_blockquote", "q")]
    assert marks('<span class="tg-spoiler">s</span>') == [("spoiler", "s")]


def test_code_inside_pre_names_the_language() -> None:
    (entity,) = parse_html('<pre><code class="language-python">x = 1</code></pre>').entities
    assert (entity["type"], entity["language"]) == ("pre", "python")


def test_custom_emoji_carries_its_identifier() -> None:
    (entity,) = parse_html('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>').entities
    assert (entity["type"], entity["custom_emoji_id"]) == ("custom_emoji", "5368324170671202286")


def test_named_and_numeric_references_are_read_and_others_stay() -> None:
    assert parse_html("&lt;&gt;&amp;&quot; &#2453;&#x995; &nbsp; & &#0; &ltx").text == '<>&" কক &nbsp; & &#0; &ltx'


def test_an_empty_element_leaves_no_entity() -> None:
    assert parse_html("<b></b>x").entities == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<font>x</font>", 'Unsupported start tag "font" at byte offset 0'),
        ("ক<br/>", 'Unsupported start tag "br/" at byte offset 3'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_anything_else_cannot_be_parsed(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    "source",
    [
        "<b>a<i>b</i></b> &lt;c&gt;",
        '😀 <a href="https://example.com/">ক<u>খ</u></a> &amp;',
        '<pre><code class="language-py">x</code></pre>',
    ],
)
def test_rendering_is_the_inverse_of_parsing(source: str) -> None:
    formatted = parse_html(source)
    assert to_html(formatted.text, formatted.entities) == source


def test_crossing_entities_are_rendered_as_proper_nesting() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    assert to_html("abc", entities) == "<b>a<i>b</i></b><i>c</i>"


def test_rendering_never_lets_a_script_address_through() -> None:
    assert to_html("x", [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}]) == "x"
