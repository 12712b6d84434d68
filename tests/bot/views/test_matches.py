"""The evidence of a match in words."""

import pytest

from bot.views.matches import why
from bot.views.words import words_for
from storage.matches import MatchLevel

SIMILAR = MatchLevel.SIMILAR
PARTS = {
    "shared": 14,
    "total": 16,
    "names": ["Kursk", "<Kim>"],
    "new_numbers": ["15,000"],
    "known_numbers": ["12,000"],
    "negated": False,
}


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
    assert why(SIMILAR, {**PARTS, **changes}, words_for("en")) == told


def test_it_is_said_in_bengali_with_the_numbers_as_people_wrote_them() -> None:
    told = why(MatchLevel.SAME, {**PARTS, "names": ["কুরস্ক"]}, words_for("bn"))
    assert told == "১৬টি শব্দের মধ্যে ১৪টি এক, দুটিতেই আছে কুরস্ক, সংখ্যা আলাদা: 15,000 / 12,000, অন্য কথায় একই"
