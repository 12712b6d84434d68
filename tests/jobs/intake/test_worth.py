from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.intake.sentences import split
from jobs.intake.worth import of_surface, score
from jobs.intake.worth_features import ANY, KNOWN_BY_WORDS, NAMES, features

ARTICLES = Path(__file__).parents[3] / "seeds" / "articles"


@pytest.mark.parametrize("language", ["bn", "en"])
def test_counts_with_a_source_come_before_conjecture_and_silence(language: str) -> None:
    text = (ARTICLES / f"munitions.{language}.txt").read_text(encoding="utf-8")
    worth = {number: score(each.text, language).value for number, each in enumerate(split(text), start=1)}
    assert min(worth[6], worth[12]) > max(worth[number] for number in (5, 10, 11, 14))
    assert {6, 12} <= set(sorted(worth, key=lambda number: -worth[number])[:4])


@pytest.mark.parametrize(
    ("text", "language", "reasons", "doubts"),
    [
        ("About 15,000 soldiers were sent there.", "en", {"number", "change"}, set()),
        ("প্রায় ১৫,০০০ সেনা সেখানে ছিল।", "bn", {"number"}, set()),
        ("Inflation rose to 8%.", "en", {"number", "amount", "change"}, set()),
        ("Prices rose to $40 in Berlin.", "en", {"number", "amount", "change", "names"}, set()),
        ("The minister said: “We know nothing.”", "en", {"attribution"}, {"quotation"}),
        ("They may get more weapons later.", "en", set(), {"hedge"}),
        ("তারা হয়তো আরও অস্ত্র পাবে।", "bn", set(), {"hedge"}),
        ("তারা আরও অস্ত্র পেতে পারে।", "bn", set(), {"hedge"}),
        ("शायद वे और हथियार लेंगे।", "hi", set(), {"hedge"}),
        ("ربما يحصلون على أسلحة أخرى.", "ar", set(), {"hedge"}),
        ("شاید انہیں مزید ہتھیار ملیں۔", "ur", set(), {"hedge"}),
        ("Tal vez vengan mañana con ellos.", "es", set(), {"hedge"}),
        ("Where did all the weapons go?", "en", set(), {"question"}),
        ("هل هذا صحيح يا صديقي؟", "ar", set(), {"question"}),
        ("We should all be kinder.", "en", set(), {"opinion"}),
        ("朝鲜向俄罗斯派遣了士兵。", "zh", set(), set()),
        ("word " * 61, "und", set(), {"long"}),
    ],
)
def test_what_speaks_for_and_against_is_named(text: str, language: str, reasons: set[str], doubts: set[str]) -> None:
    worth = score(text, language)
    assert (set(worth.reasons), set(worth.doubts)) == (reasons, doubts)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("See for yourself: https://example.org/2024/15000", "en"),
        ("See for yourself: www.example.org/15000", "en"),
        ("@desk2024 has more on this.", "en"),
        ("COVID-19 came back from abroad.", "en"),
        ("The leaders of the G20 met again.", "en"),
        ("কোভিড-১৯ আবার ফিরে এসেছে।", "bn"),
    ],
)
def test_digits_of_links_accounts_and_names_are_no_number(text: str, language: str) -> None:
    assert "number" not in score(text, language).reasons


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It took between 10-15 years.", "en"),
        ("They walked 15km in the rain.", "en"),
        ("朝鲜派遣了15000名士兵。", "zh"),
        ("وصل و5000 جندي.", "ar"),
        ("১৫ই আগস্ট সভা হয়।", "bn"),
        ("Temperatures fell to -20 there.", "en"),
    ],
)
def test_digits_that_count_are_a_number_wherever_they_stand(text: str, language: str) -> None:
    assert "number" in score(text, language).reasons


def test_a_link_at_the_end_changes_nothing() -> None:
    text = "The minister said that 40 people died."
    assert score(f"{text} https://t.example/a8Xk2", "en") == score(text, "en")


@pytest.mark.parametrize(
    ("more", "less", "language"),
    [
        ("Unemployment fell by 300,000 last year.", "Good morning to all of you.", "en"),
        ("The army confirmed that 40 people were killed.", "I think we should love each other.", "en"),
        ("Unemployment fell by 300,000 last year.", "Did unemployment fall by 300,000 last year?", "en"),
        ("গত বছর ৪০ জন নিহত হয়েছেন বলে পুলিশ জানিয়েছে।", "আমি মনে করি আমাদের সবার ভালো হওয়া উচিত।", "bn"),
        ("Die Regierung zahlte 40 Millionen Euro.", "Guten Morgen, liebe Freunde!", "de"),
        ("Watu 40,000 walikufa mwaka jana.", "Habari za asubuhi, rafiki yangu?", "sw"),
    ],
)
def test_what_can_be_checked_comes_first(more: str, less: str, language: str) -> None:
    assert score(more, language).value > score(less, language).value


def test_the_month_is_no_hedge_inside_other_words() -> None:
    assert "hedge" not in score("The mayor of Dismay met the mightiest of all.", "en").doubts


def test_both_ways_of_writing_a_bengali_letter_are_known() -> None:
    assert score("সেখানে সে হয\u09bcতো যাবে।", "bn") == score("সেখানে সে হ\u09dfতো যাবে।", "bn")


@given(st.text(), st.sampled_from(["en", "bn", "hi", "ar", "ur", "zh", "de", "und", "xx"]))
def test_any_text_is_scored_within_bounds_and_by_its_reasons(text: str, language: str) -> None:
    worth = score(text, language)
    assert 0 <= worth.value <= 1
    told = worth.reasons + worth.doubts
    assert len(set(told)) == len(told)
    assert set(told) <= {*ANY, *NAMES, *KNOWN_BY_WORDS}
    assert score(text, language) == worth


@pytest.mark.parametrize("language", ["en", "bn", "und"])
@pytest.mark.parametrize("unit", ["\ud800", "a\u0301", "1", "1,", "A ", "\u0301", "“", "\x00", "\u202e?"])
def test_hostile_text_is_scored(unit: str, language: str) -> None:
    assert 0 <= score(unit * 200_000, language).value <= 1


@given(st.text(min_size=1, max_size=80).map(lambda text: text.replace("?", "") + " here"))
def test_a_question_is_worth_no_more_than_the_statement_in_any_language(text: str) -> None:
    assert score(text + "?", "sw").value <= score(text, "sw").value


SURFACES = st.sampled_from([ANY, ANY + NAMES, ANY + KNOWN_BY_WORDS, ANY + NAMES + KNOWN_BY_WORDS]).flatmap(
    lambda names: st.fixed_dictionaries({name: st.floats(0, 5) for name in names})
)


@given(SURFACES, st.sampled_from(["question", "hedge", "opinion", "promise", "self"]), st.floats(0, 3))
def test_a_doubt_never_raises_the_value(seen: dict[str, float], doubt: str, more: float) -> None:
    if doubt in seen:
        assert of_surface({**seen, doubt: seen[doubt] + more}) <= of_surface(seen)


@given(SURFACES, st.sampled_from(["number", "numbers", "amount", "large", "attribution", "change"]), st.floats(0, 3))
def test_what_can_be_looked_up_never_lowers_it(seen: dict[str, float], reason: str, more: float) -> None:
    if reason in seen:
        assert of_surface({**seen, reason: seen[reason] + more}) >= of_surface(seen)


@given(st.text(), st.sampled_from(["en", "bn", "zh", "und"]))
def test_what_is_seen_is_never_less_than_nothing(text: str, language: str) -> None:
    assert all(value >= 0 for value in features(text, language).values())
