"""How many sources stand for themselves: the rules, for any marking and unmarking of copies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.origins import copies_of, independent_origins, joined, likely_copies, origin_of, parted, site_of
from storage.model import Source, SourceId
from tests.bot.views.facts import a_source

QUOTE = "The bridge was closed for two days in March because of the flood"


def groups(sources: list[Source]) -> set[frozenset[int]]:
    return {
        frozenset(each.id for each in sources if origin_of(each) == origin) for origin in set(map(origin_of, sources))
    }


def with_origins(sources: list[Source], changes: dict[SourceId, int | None]) -> list[Source]:
    return [replace(each, origin=changes.get(each.id, each.origin)) for each in sources]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), max_size=20))
def test_marked_and_unmarked_in_any_order_sources_are_grouped_as_sets_would_be(
    moves: list[tuple[bool, int, int]],
) -> None:
    sources = [a_source(number) for number in range(1, 7)]
    expected: list[set[int]] = [{each.id} for each in sources]
    for join, one, other in moves:
        first = next(group for group in expected if sources[one].id in group)
        if join:
            second = next(group for group in expected if sources[other].id in group)
            sources = with_origins(sources, joined(sources, sources[one], sources[other]))
            if first is not second:
                expected = [group for group in expected if group not in (first, second)] + [first | second]
        else:
            sources = with_origins(sources, parted(sources, sources[one]))
            first.discard(sources[one].id)
            expected = [group for group in expected if group] + [{sources[one].id}]
        assert groups(sources) == set(map(frozenset, expected))
        assert independent_origins(sources) == len(expected)
        assert len(copies_of(sources)) == len(sources) - len(expected)
        # Taking one away, and giving its number to a new one, makes that one nobody's copy.
        rest = with_origins(sources, parted(sources, sources[one]))
        assert frozenset({sources[one].id}) in groups(rest)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("https://www.news.example/a", "http://m.news.example/b?x=1", True),
        ("https://a.co.uk/1", "https://b.co.uk/1", False),
        ("https://mof.gov.bd/1", "https://erd.gov.bd/1", False),
        ("https://x.mof.gov.bd/1", "https://mof.gov.bd/2", True),
        ("https://www.youtube.com/watch?v=1", "https://www.youtube.com/watch?v=2", False),
        ("https://192.0.2.1/a", "https://192.0.2.2/a", False),
    ],
)
def test_two_pages_of_one_site_are_likely_copies(one: str, other: str, alike: bool) -> None:
    pair = [a_source(1, url=one, title=None), a_source(2, url=other, title=None)]
    assert likely_copies(pair) == ([(pair[1], pair[0])] if alike else [])


@pytest.mark.parametrize(
    ("quote", "alike"),
    [(QUOTE.upper() + "!", True), (QUOTE.replace("two", "three"), True), ("It rained in March.", False), (None, False)],
)
def test_nearly_the_same_words_are_likely_copies(quote: str | None, alike: bool) -> None:
    pair = [
        a_source(1, url="https://a.example", title=None, quote=QUOTE),
        a_source(2, url="https://b.example", title=None, quote=quote),
    ]
    assert bool(likely_copies(pair)) == alike
    assert likely_copies([pair[0], replace(pair[1], origin=1)]) == []


def test_a_few_words_alike_prove_nothing() -> None:
    pair = [a_source(number, url=f"https://{number}.example", title="Press release") for number in (1, 2)]
    assert likely_copies(pair) == []


def test_what_is_no_address_has_no_site() -> None:
    assert site_of("a call to the port office") is None
    assert site_of("https://example.org:8080/a") == "example.org"
