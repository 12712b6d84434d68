"""The figures as a page, and as a table."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.figures_file import COLUMNS, cell, stats_filed
from bot.views.statistics import markdown
from bot.views.words import LANGUAGES, SOURCE_LANGUAGE, words_for
from jobs.policy import Policy
from tests.bot.views.facts import NOW, a_figures

PAGE = Path(__file__).parents[3] / "docs" / "figures.md"


def test_the_page_is_what_the_code_says() -> None:
    made = "`python -m bot.views.statistics > docs/figures.md` makes it"
    assert PAGE.read_text(encoding="utf-8") == markdown(Policy(), words_for(SOURCE_LANGUAGE)), made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_a_row_for_each_figure_with_the_same_numbers_in_every_language(language: str) -> None:
    upload = stats_filed(a_figures(), words_for(language))
    content = upload.make()
    assert content is not None
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    told = {row["key"]: row for row in rows}
    assert len(told) == len(rows)
    assert (told["within_target"]["value"], told["came_in"]["value"]) == ("0.75", "1200")
    alpha = told["alpha_ordinal"]
    assert (alpha["value"], alpha["low"], alpha["high"], alpha["n"]) == ("0.8", "-0.1", "0.85", "600")
    assert (told["decision_median"]["value"], told["decision_median"]["open"]) == ("5400", "15")
    assert told["publication_p90"]["value"] == ""
    assert {datetime.fromisoformat(row["end"]) for row in rows} == {NOW}
    assert all(row["label"] for row in rows)


@given(st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none())
def test_no_cell_is_taken_for_a_formula(value: str | float | None) -> None:
    shown = cell(value)
    if isinstance(value, str):
        assert shown.removeprefix("'") == value.removeprefix("'")
    if shown.startswith(("=", "+", "-", "@", "\t", "\r")):
        assert isinstance(value, int | float)
        assert float(shown) == pytest.approx(value, abs=1e-4)
