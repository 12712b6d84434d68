"""Which texts are the same claim, which are similar, and what is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.likeness import Likeness, Thresholds, best, compare
from storage.matches import MatchLevel

THRESHOLDS = Thresholds(same=0.85, similar=0.4, words=8)
SAME, SIMILAR = MatchLevel.SAME, MatchLevel.SIMILAR

TROOPS = "North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded."
BENGALI = "উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে, তাদের মধ্যে ৫,০০০ জন হতাহত হয়েছেন।"


def alike(new: str, known: str) -> Likeness:
    return compare(new, known, THRESHOLDS)


@pytest.mark.parametrize(
    ("new", "known"),
    [
        (TROOPS, "NORTH KOREA sent about 15000 troops to Russia; of whom 5000 were killed or wounded"),
        (TROOPS, "North Korea sent about 15,000 troops to the Russia of whom 5,000 were killed or wounded!!"),
        (
            "The factory doubled the yearly output of shells last year",
            "Factory doubled yearly outputs of shell last year",
        ),
        (BENGALI, "উত্তর কোরিয়া রাশিয়ায় প্রায় 15000 সেনাদের পাঠিয়েছে তাদের মধ্যে 5000 জন হতাহত হয়েছেন"),
    ],
)
def test_the_same_words_in_the_same_order_are_the_same_claim(new: str, known: str) -> None:
    assert alike(new, known).level is SAME
    assert alike(known, new).level is SAME


@pytest.mark.parametrize(
    ("new", "known"),
    [
        # Another number, another kind of people, another name, a "not", a hedge, before and after, who did it to whom.
        (TROOPS, TROOPS.replace("15,000", "12,000")),
        (TROOPS, TROOPS.replace("troops", "workers")),
        (TROOPS, TROOPS.replace("Russia", "Belarus")),
        (TROOPS, TROOPS.replace("sent", "never sent")),
        (TROOPS, TROOPS.replace("sent", "may have sent")),
        (
            "The army of Niger took the town before the election day",
            "The army of Nigeria took the town before the election day",
        ),
        (
            "Russia attacked the port of Ukraine at dawn on Monday morning",
            "Ukraine attacked the port of Russia at dawn on Monday morning",
        ),
        ("The minister left the country before the vote in May", "The minister left the country after the vote in May"),
        (BENGALI, BENGALI.replace("১৫,০০০", "১২,০০০")),
        (BENGALI, BENGALI.replace("সেনা", "শ্রমিক")),
        (BENGALI, BENGALI.replace("পাঠিয়েছে", "পাঠায়নি")),
    ],
)
def test_one_other_word_or_number_makes_it_similar_at_most(new: str, known: str) -> None:
    assert alike(new, known).level is SIMILAR
    assert alike(known, new).level is SIMILAR


def test_short_texts_and_strangers_are_not_matched() -> None:
    assert alike("North Korea sent troops to Russia", "North Korea sent troops to Russia.").level is None
    assert alike(TROOPS, "The price of onions rose to 200 taka a kilo in Dhaka this week").level is None


def test_the_evidence_is_told_as_it_is_written() -> None:
    found = alike(TROOPS, TROOPS.replace("15,000", "12,000"))
    assert (found.shared, found.total) == (14, 15)
    assert found.new_numbers == ("15,000",)
    assert found.known_numbers == ("12,000",)
    assert set(found.names) <= {"North", "Korea", "Russia"}
    assert len(found.names) == 3
    assert not found.negated
    assert alike(TROOPS, TROOPS.replace("sent", "never sent")).negated
    assert alike(BENGALI, BENGALI.replace("১৫,০০০", "১২,০০০")).new_numbers == ("১৫,০০০",)


def test_a_long_forward_is_like_the_claim_inside_it_and_no_more_than_similar() -> None:
    forward = f"Forwarded as received! {TROOPS} Please share this with everybody you know before it is deleted."
    found = best(forward, TROOPS, THRESHOLDS)
    assert found.level is SIMILAR
    assert found.score == 1
    assert best(TROOPS, TROOPS, THRESHOLDS).level is SAME


TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=80) | st.lists(
    st.sampled_from(
        ["north", "korea", "sent", "15,000", "12,000", "troops", "workers", "not", "সেনা", "না", "Russia", "中国", "."]
    ),
    max_size=16,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_a_likeness_does_not_ask_which_came_first(one: str, other: str) -> None:
    found, back = alike(one, other), alike(other, one)
    assert 0 <= found.score <= 1
    assert found.score == back.score
    assert found.level is back.level
    assert (found.new_numbers == ()) == (back.known_numbers == ())
    assert found.shared <= found.total


@given(TEXTS)
def test_a_text_is_most_like_itself(text: str) -> None:
    found = alike(text, text)
    assert found.score in {0, 1}
    assert found.level in {None, SAME}
    best(text, text, THRESHOLDS)
