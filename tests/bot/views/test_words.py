"""Numbers, dates and durations in both languages."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.views.labels import rating_label, rating_name
from bot.views.words import LOCALES, words_for

AT = datetime(2025, 7, 6, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "n", "shown"),
    [
        ("en", 0, "0"),
        ("en", -7, "-7"),
        ("en", 1234567, "1,234,567"),
        ("bn", 42, "৪২"),
        ("bn", 1234567, "১২,৩৪,৫৬৭"),
        ("bn", 0.5, "০.৫"),
    ],
)
def test_numbers_are_grouped_and_written_as_the_language_does(language: str, n: float, shown: str) -> None:
    assert words_for(language).number(n) == shown


def test_percent() -> None:
    assert words_for("en").percent(0.87) == "87%"
    assert words_for("bn").percent(0.87) == "৮৭%"


def test_dates_and_times_are_those_of_the_zone() -> None:
    dhaka, new_york = words_for("bn", "Asia/Dhaka"), words_for("en", "America/New_York")
    assert dhaka.date(AT) == "৭ জুলাই ২০২৫"
    assert new_york.date(AT) == "6 July 2025"
    assert dhaka.time(AT) == "০৩:০৫"
    assert dhaka.day_time(AT) == "৭ জুলাই ২০২৫, ০৩:০৫"
    assert words_for("en").date(date(2025, 1, 2)) == "2 January 2025"


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en", "UTC", "6 July 2025, 21:05 (UTC)"),
        ("en", "Asia/Kolkata", "7 July 2025, 02:35 (UTC+5:30)"),
        ("en", "America/New_York", "6 July 2025, 17:05 (UTC−4)"),
        ("en", "America/St_Johns", "6 July 2025, 18:35 (UTC−2:30)"),
        ("bn", "Asia/Dhaka", "৭ জুলাই ২০২৫, ০৩:০৫ (ইউটিসি+৬)"),
    ],
)
def test_a_moment_says_which_zone_it_is_in(language: str, zone: str, shown: str) -> None:
    assert words_for(language, zone).moment(AT) == shown


@pytest.mark.parametrize(
    ("span", "english", "bengali"),
    [
        (timedelta(seconds=-5), "1 minute", "১ মিনিট"),
        (timedelta(minutes=59, seconds=59), "59 minutes", "৫৯ মিনিট"),
        (timedelta(hours=1), "1 hour", "১ ঘণ্টা"),
        (timedelta(hours=47, minutes=59), "47 hours", "৪৭ ঘণ্টা"),
        (timedelta(days=2), "2 days", "২ দিন"),
    ],
)
def test_a_duration_is_told_in_its_largest_whole_unit(span: timedelta, english: str, bengali: str) -> None:
    assert words_for("en").duration(span) == english
    assert words_for("bn").duration(span) == bengali


def test_weekdays_begin_with_monday() -> None:
    assert words_for("en").weekday(0) == "Monday"
    assert words_for("bn").weekday(6) == "রবিবার"


def test_a_language_without_a_catalogue_is_english() -> None:
    assert words_for("fr") is words_for(None) is words_for("en")


def test_a_rating_of_the_desks_own_scale_is_shown_by_its_key() -> None:
    assert rating_name(words_for("bn"), "out_of_date") == "out of date"
    assert rating_label(words_for("en"), "out_of_date").endswith(" out of date")


def test_values_are_never_read_as_templates() -> None:
    words = words_for("en")
    assert words.text("Source: {source}", source="{0.__class__} {n}") == "Source: {0.__class__} {n}"


def test_babel_is_not_loaded_before_there_is_something_to_say() -> None:
    code = "import sys, bot.render, bot.views.commands; sys.exit(any(name.startswith('babel') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=LOCALES.parents[1], check=False).returncode == 0


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(seconds=30), "30 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(days=1), "24 hours"),
        (timedelta(days=3), "3 days"),
        (timedelta(hours=50), "50 hours"),
        (timedelta(0), "0 seconds"),
    ],
)
def test_a_length_is_told_exactly(span: timedelta, told: str) -> None:
    assert words_for("en").length(span) == told
