from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.intake.sentences import split
from jobs.intake.worth import score

ARTICLES = Path(__file__).parents[3] / "seeds" / "articles"


@pytest.mark.parametrize("language", ["bn", "en"])
def test_counts_with_a_source_come_before_conjecture_and_silence(language: str) -> None:
    text = (ARTICLES / f"munitions.{language}.txt").read_text(encoding="utf-8")
    worth = {number: score(each.text, language).value for number, each in enumerate(split(text), start=1)}
    assert min(worth[6], worth[12]) > max(worth[number] for number in worth if number not in {6, 12})
    assert max(worth[5], worth[10], worth[11], worth[14]) < min(worth[1], worth[2], worth[7], worth[9])


@pytest.mark.parametrize(
    ("text", "language", "reasons"),
    [
        ("About 15,000 soldiers were sent there.", "en", ("number", "change")),
        ("প্রায় ১৫,০০০ সেনা সেখানে ছিল।", "bn", ("number",)),
        ("The minister said: “We know nothing.”", "en", ("quotation", "attribution")),
        ("They may get more weapons later.", "en", ("hedge",)),
        ("তারা হয়তো আরও অস্ত্র পাবে।", "bn", ("hedge",)),
        ("তারা আরও অস্ত্র পেতে পারে।", "bn", ("hedge",)),
        ("शायद वे और हथियार लेंगे।", "hi", ("hedge",)),
        ("ربما يحصلون على أسلحة أخرى.", "ar", ("hedge",)),
        ("شاید انہیں مزید ہتھیار ملیں۔", "ur", ("hedge",)),
        ("Where did all the weapons go?", "en", ("question",)),
        ("هل هذا صحيح يا صديقي؟", "ar", ("question",)),
        ("We should all be kinder.", "en", ("opinion",)),
        ("The agency made no mention of it.", "en", ("denial",)),
        ("Good morning!", "en", ("short",)),
        ("朝鲜向俄罗斯派遣了一万五千名士兵。", "zh", ()),
        ("word " * 61, "und", ("long",)),
    ],
)
def test_features_are_named(text: str, language: str, reasons: tuple[str, ...]) -> None:
    assert score(text, language).reasons == reasons


def test_the_month_is_no_hedge_inside_other_words() -> None:
    assert "hedge" not in score("The mayor of Dismay met the mightiest of all.", "en").reasons


def test_both_ways_of_writing_a_bengali_letter_are_known() -> None:
    assert score("সেখানে সে হয\u09bcতো যাবে।", "bn") == score("সেখানে সে হ\u09dfতো যাবে।", "bn")


@given(st.text(), st.sampled_from(["en", "bn", "hi", "ar", "ur", "zh", "und", "xx"]))
def test_any_text_is_scored_within_bounds_and_by_its_reasons(text: str, language: str) -> None:
    worth = score(text, language)
    assert 0 <= worth.value <= 1
    assert len(set(worth.reasons)) == len(worth.reasons)
    assert score(text, language) == worth
