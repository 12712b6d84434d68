"""What a person types after /search, read as a query or refused with what was wrong; never anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.policy import Policy
from jobs.search_query import FILTERS, LONGEST, ME, Names, parse, squeezed
from storage.errors import Refused
from storage.kinds import ClaimState
from storage.search import normal_form
from storage.search.query import SearchQuery, Term

NAMES = Names(
    ratings={squeezed("Mostly true"): "mostly_true", squeezed("মিথ্যা"): "false"},
    states={squeezed("reviewers disagree"): "disputed", squeezed("প্রকাশিত"): "published"},
    language={squeezed("বাংলা"): "bn", squeezed("Bengali"): "bn"}.get,
)


def read(text: str, zone: str = "UTC") -> SearchQuery:
    return parse(text, Policy(), zone, NAMES)


def word(*words: str, begins: bool = True) -> Term:
    return Term(words, begins=begins)


def phrase(*words: str) -> Term:
    return Term(words)


def test_everything_at_once() -> None:
    text = 'Flood "Heavy RAIN" -old -"last year" #Dhaka_24 lang:bn rating:false state:disputed by:@rahim'
    assert read(f"{text} after:2025-05-01 before:2026-01") == SearchQuery(
        terms=(word("flood"), phrase("heavy", "rain")),
        without=(phrase("old"), phrase("last", "year")),
        tags=("dhaka_24",),
        language="bn",
        rating="false",
        state=ClaimState.DISPUTED,
        by="@rahim",
        after=datetime(2025, 5, 1, tzinfo=UTC),
        before=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("১৫,০০০ সেনা", [word("15000"), word("সেনা")]),
        ("15,000", [word("15000")]),
        ("3.5% covid-19", [word("3", "5"), word("covid", "19")]),
        ("“ভারী বৃষ্টি”", [phrase("ভারী", "বৃষ্টি")]),
        ("„heavy rain“ «forte pluie» 「大雨」", [phrase("heavy", "rain"), phrase("forte", "pluie"), phrase("大雨")]),
        ('a"b c"d', [word("a"), phrase("b", "c"), word("d")]),
        ("flood flood FLOOD", [word("flood")]),
        ("brid*", [word("brid")]),
        ("10:30 https://example.org/a?b:c", [word("10", "30"), word("example", "org", "a", "b", "c")]),
        ("Breaking: flood", [word("breaking"), word("flood")]),
        ("খবর:বন্যা", [word("খবর", "বন্যা")]),
        ("flood - old", [word("flood"), word("old")]),
        ("a--b", [word("a", "b")]),
        ("#42 C#", [word("42"), word("c")]),
        ("AND OR NOT NEAR", [word("and"), word("or"), word("not"), word("near")]),
        ("don't", [word("dont")]),
        ("half \ud83d emoji", [word("half"), word("emoji")]),
    ],
)
def test_words_and_phrases(text: str, terms: list[Term]) -> None:
    assert read(text) == SearchQuery(tuple(terms))


@pytest.mark.parametrize("minus", ["-", "−", "–"])
def test_a_minus_leaves_out_the_very_word_or_what_begins_so(minus: str) -> None:
    assert read(f"a {minus}old").without == (phrase("old"),)
    assert read(f"a {minus}old*").without == (word("old"),)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("lang:BN", "language", "bn"),
        ("language:bn-BD", "language", "bn"),
        ("lang:Bengali", "language", "bn"),
        ("ভাষা:বাংলা", "language", "bn"),
        ("rating:mostly_true", "rating", "mostly_true"),
        ('rating:"Mostly true"', "rating", "mostly_true"),
        ("rating:mostly-true", "rating", "mostly_true"),
        ("RATING:False", "rating", "false"),
        ("রেটিং:মিথ্যা", "rating", "false"),
        ("state:in_review", "state", ClaimState.IN_REVIEW),
        ("state:“reviewers disagree”", "state", ClaimState.DISPUTED),
        ("অবস্থা:প্রকাশিত", "state", ClaimState.PUBLISHED),
        ("by:me", "by", "me"),
        ('by:"Rahim Uddin"', "by", "Rahim Uddin"),
        ("after:২০২৫-০৫-০১", "after", datetime(2025, 5, 1, tzinfo=UTC)),
        ("since:2025/5/1", "after", datetime(2025, 5, 1, tzinfo=UTC)),
        ("before:2025.05", "before", datetime(2025, 5, 1, tzinfo=UTC)),
        ("until:٢٠٢٥", "before", datetime(2025, 1, 1, tzinfo=UTC)),
        ("tag:#Flood", "tags", ("flood",)),
        ("#বন্যা #flood #বন্যা", "tags", ("বন্যা", "flood")),
        ("＃Flood", "tags", ("flood",)),
    ],
)
def test_filters(text: str, field: str, value: Any) -> None:
    assert read(text) == SearchQuery(**{field: value})


def test_days_are_those_of_the_zone() -> None:
    query = read("after:2025-05-01 before:2025-05-02", "Asia/Dhaka")
    assert (query.after, query.before) == (
        datetime(2025, 4, 30, 18, tzinfo=UTC),
        datetime(2025, 5, 1, 18, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("text", "code", "data"),
    [
        ("", "search_usage", {}),
        ("… ?!", "search_usage", {}),
        ('""', "search_usage", {}),
        ("x" * (LONGEST + 1), "search_too_long", {"longest": LONGEST}),
        (" ".join(f"w{n}" for n in range(21)), "search_too_many", {"most": 20}),
        (" ".join(f"#t{n}" for n in range(21)), "search_too_many", {"most": 20}),
        ('flood "heavy rain', "search_unclosed", {"piece": '"heavy rain'}),
        ('5"', "search_unclosed", {"piece": '"'}),
        ('state:"under review', "search_unclosed", {"piece": 'state:"under review'}),
        ("colour:red", "search_filter_unknown", {"filter": "colour"}),
        ("flood lang:", "search_value_missing", {"filter": "lang"}),
        ("state: disputed", "search_value_missing", {"filter": "state"}),
        ("tag:42", "search_value_missing", {"filter": "tag"}),
        ("lang:bn ভাষা:en", "search_twice", {"filter": "ভাষা"}),
        ("flood -lang:bn", "search_not_filter", {"piece": "-lang:bn"}),
        ("flood -#old", "search_not_filter", {"piece": "-#old"}),
        ("-flood", "search_only_not", {}),
        ("lang:klingonish", "search_language_unknown", {"value": "klingonish"}),
        ("rating:blue", "search_rating_unknown", {"value": "blue"}),
        ("state:asleep", "search_state_unknown", {"value": "asleep"}),
        ("state:duplicate", "search_state_unknown", {"value": "duplicate"}),
        ("after:yesterday", "search_date_unknown", {"value": "yesterday"}),
        ("after:2025-02-30", "search_date_unknown", {"value": "2025-02-30"}),
        ("after:01.05.2025", "search_date_unknown", {"value": "01.05.2025"}),
        ("before:0001-01-01", "search_date_unknown", {"value": "0001-01-01"}),
        ("before:9999", "search_date_unknown", {"value": "9999"}),
        ("after:2025-05-01 before:2025-05-01", "search_dates_crossed", {}),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str, data: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        read(text, "Asia/Dhaka")
    assert (refused.value.code, refused.value.data) == (code, data)


def test_the_names_of_the_filters_are_what_they_are_compared_with() -> None:
    assert all(normal_form(name) == name for name in (*FILTERS, *ME))


SIGNS = "\"|“|”|-|−|*|(|)|^|+|:|{|}|#|'|;|NEAR(| AND | NOT |words:|২০২৫|ক্|়|ﷺ|𝟘|½"
FILTERED = "lang:|rating:false|state:|by:@|after:|before:2025-13-45|tag:"
UNSEEN = " |\0|\n|\ud800|\udfff|\u202e|\u200d|\u200c|\ufeff|\u0301\u0301|\U000e0001"
HOSTILE = st.lists(st.sampled_from(f"{SIGNS}|{FILTERED}|{UNSEEN}".split("|")), max_size=30).map("".join)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=600) | HOSTILE)
@example("-")
@example("-\ud800")
@example('""""')
@example("after:" + "9" * 400)
def test_any_text_is_a_query_or_refused_and_a_query_is_plain_words(text: str) -> None:
    refused = None
    try:
        query = read(text, "America/New_York")
    except Refused as error:
        refused = error
    if refused is not None:
        assert refused.code.startswith("search_")
        assert set(map(type, refused.data.values())) <= {str, int}
        return
    for term in (*query.terms, *query.without):
        assert term.words
        for each in term.words:
            each.encode()
            assert not set(each) & set('"*^+-:(){}\0 ')
            assert each == normal_form(each)
    assert query.terms or query.tags or query != SearchQuery(without=query.without)


@pytest.mark.parametrize("unit", ['"', "-", "a:", "#", "\u0301", "“ ", "- ", "lang:", "😀"])
def test_a_megabyte_is_refused(unit: str) -> None:
    with pytest.raises(Refused, match="search_too_long"):
        read(unit * (1_000_000 // len(unit)))
