import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.search.urls import LONGEST, canonical_url, links_in, replace_links

ADDRESSES = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["example.org", "www.Example.org", "m.example.org:80", "u:p@example.org", "[::1]:8080", "খবর.com"]),
    st.text("/aA%2eখ.~_-", max_size=12).map(lambda path: "/" + path),
    st.lists(st.sampled_from(["utm_source=x", "a=1", "b=%20", "fbclid=1", "=", "ref"]), max_size=4).map(
        lambda query: "?" + "&".join(query) if query else ""
    ),
    st.sampled_from(["", "#", "#top", "#:~:text=fire"]),
)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://www.Example.ORG:443/a/b/?utm_source=x&b=2&a=1#frag", "example.org/a/b?a=1&b=2"),
        ("http://user:secret@example.org", "example.org"),
        ("https://mobile.example.org/a//b/amp/", "example.org/a/b"),
        ("https://example.org/index.html", "example.org"),
        ("https://example.org:8080/a", "example.org:8080/a"),
        ("https://youtu.be/abc?si=shared", "youtube.com/watch?v=abc"),
        ("https://m.youtube.com/watch?v=abc&feature=share", "youtube.com/watch?v=abc"),
        ("https://t.me/s/channel/12?single", "t.me/channel/12"),
        ("https://x.com/somebody/status/1?s=20&t=abc", "twitter.com/somebody/status/1"),
        ("https://example.org/খবর", "example.org/%E0%A6%96%E0%A6%AC%E0%A6%B0"),
        ("http://xn--54b7fta0cc.com/a", "বাংলা.com/a"),
        ("https://[::1]/a", "[::1]/a"),
        ("https:\\\\example.org\\a", "example.org/a"),
        ("https://exa\u200bmple.org/\u202ea", "example.org/a"),
        ("https://www.com/a", "www.com/a"),
    ],
)
def test_a_page_has_one_address(address: str, page: str) -> None:
    assert canonical_url(address) == page


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org",
        "https://",
        "http://:80",
        "https://example.org:99999/",
        "javascript://x",
        "\0",
    ],
)
def test_what_is_no_web_address_has_no_page(address: str) -> None:
    assert canonical_url(address) is None


@given(ADDRESSES)
@example("https://example.org/%252e%252e/a")
def test_the_page_of_a_page_is_the_page(address: str) -> None:
    page = canonical_url(address)
    if page is not None:
        assert canonical_url(f"https://{page}") == page
        assert "utm_" not in page
        assert "#" not in page


@given(st.text(st.characters(codec=None, exclude_categories=())))
@example("http://[")
@example("http://a\ud800/")
@example("http://xn--" + "a" * 300)
@example("http://" + "." * 300)
def test_any_text_may_be_asked_for(text: str) -> None:
    for address in (text, f"https://{text}", f"https://example.org/{text}"):
        page = canonical_url(address)
        assert page is None or (page and page == page.strip())
    links_in(text)
    replace_links(text)


def test_what_is_too_long_is_no_address() -> None:
    assert canonical_url("https://example.org/" + "a" * LONGEST) is None
    assert len(replace_links("https://example.org/" + "a" * 1_000_000)) > 0


def test_links_end_before_the_punctuation_of_the_sentence() -> None:
    text = "See https://example.org/Kursk_(city), (www.example.org/b) and <http://example.org/c>।"
    assert links_in(text) == ["https://example.org/Kursk_(city)", "www.example.org/b", "http://example.org/c"]
    assert replace_links("a https://www.example.org/b?utm_x=1. c", " ") == "a  . c"
    assert replace_links("a https://www.example.org/b?utm_x=1. c") == "a  example.org/b . c"
