"""The evidence of a match in words."""

import pytest

from bot.views.matches import why
from bot.views.words import words_for
from storage.matches import Match, MatchLevel, MatchMethod
from storage.model import ClaimId
from tests.support.builders import NOW

SIMILAR = MatchLevel.SIMILAR
PARTS = {
    "shared": 14,
    "total": 16,
    "names": ["Kursk", "<Kim>"],
    "new_numbers": ["15,000"],
    "known_numbers": ["12,000"],
    "negated": False,
}


def match(level: MatchLevel, parts: dict[str, object], method: MatchMethod = MatchMethod.WORDS) -> Match:
    return Match(ClaimId(2), ClaimId(1), level, 0.5, method, parts, NOW)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "seems to say the same in another language: Bangla"),
        ("bn", "মনে হয় অন্য ভাষায় একই কথা বলে: বাংলা"),
    ],
)
def test_what_is_like_by_its_meaning_names_the_language(language: str, told: str) -> None:
    parts: dict[str, object] = {"cosine": 0.7, "lead": 0.4, "language": "bn"}
    assert why(match(SIMILAR, parts, MatchMethod.MEANING), words_for(language)) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "14 of 16 words, both say Kursk, &lt;Kim&gt;, numbers differ: 15,000 / 12,000"),
        ({"known_numbers": []}, "14 of 16 words, both say Kursk, &lt;Kim&gt;, only one says 15,000"),
        ({"new_numbers": []}, "14 of 16 words, both say Kursk, &lt;Kim&gt;, only one says 12,000"),
        (
            {"names": [], "new_numbers": [], "known_numbers": [], "negated": True},
            "14 of 16 words, only one says “not”",
        ),
    ],
)
def test_a_match_says_what_is_alike_and_what_is_not(changes: dict[str, object], told: str) -> None:
    assert why(match(SIMILAR, {**PARTS, **changes}), words_for("en")) == told


def test_it_is_said_in_bengali_with_the_numbers_as_people_wrote_them() -> None:
    told = why(match(MatchLevel.SAME, {**PARTS, "names": ["কুরস্ক"]}), words_for("bn"))
    assert told == "১৬টি শব্দের মধ্যে ১৪টি এক, দুটিতেই আছে কুরস্ক, সংখ্যা আলাদা: 15,000 / 12,000, অন্য কথায় একই"
