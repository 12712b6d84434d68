from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.intake.sentences import split

ARTICLES = Path(__file__).parents[3] / "seeds" / "articles"


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


def test_offsets_point_into_the_original() -> None:
    text = "  কিম বলেছেন।  পুতিন ধন্যবাদ দিয়েছেন।\n"
    assert [(each.start, each.end, each.text) for each in split(text)] == [
        (2, 13, "কিম বলেছেন।"),
        (15, 38, "পুতিন ধন্যবাদ দিয়েছেন।"),
    ]


@pytest.mark.parametrize(
    ("name", "count"),
    [("munitions.bn", 14), ("munitions.en", 14), ("munitions-second.bn", 10), ("munitions.hi", 5), ("munitions.ar", 5)],
)
def test_the_seed_articles_come_apart_into_their_sentences(name: str, count: int) -> None:
    text = (ARTICLES / f"{name}.txt").read_text(encoding="utf-8")
    found = split(text)
    assert len(found) == count
    assert all(each.text[-1] in "।.؟?" for each in found)


@pytest.mark.parametrize(
    "sentences",
    [
        # One entry per question the rules have to answer; joined by a space, they must come apart again.
        ["Dr. Ahmed met Mr. Khan.", "They talked."],
        ["J. K. Rowling wrote it.", "Gen. Park read it."],
        ["The U.S. Senate voted at 5 p.m. on Friday.", "It failed."],
        ["He works for the U.S.", "The pay is good."],
        ["He lives in the U.S.", "But she does not."],
        ["Acme Inc. lost 3.5 million.", "No. 5 won."],
        ["He said no.", "Kim said yes."],
        ["It happened on Sept. 5 in St. Louis.", "Nobody came."],
        ["The count was 20.", "Then it rose."],
        ['He said: "We will win."', "Nobody believed him."],
        ['"Is it true?" he asked.', "It was."],
        ["(He did not say why.)", "She did."],
        ["Really?!", "Yes!", "Good…", "Fine."],
        ["He waited... and waited.", "Then he left."],
        ["See https://example.com/a.b?c=d!e for more.", "Or ask."],
        ["It was cited.[12]", "It was denied.[13]"],
        ["কিম বলেন, “আরও গোলা চাই।”", "কেউ কিছু বলেনি।"],
        ["ড. মুহম্মদ শহীদুল্লাহ এসেছিলেন।", "মো. করিম আসেননি।"],
        ["এ. কে. ফজলুল হক বক্তা ছিলেন।", "দূরত্ব ৩.৫ কি.মি. ছিল।"],
        ["সত্যি কি?", "হ্যাঁ!", "১৫,০০০ সেনা গেছে।"],
        ["সে এসেছিল|", "কেউ দেখেনি|"],
        ["डॉ. सिंह आए।", "एस. जयशंकर नहीं आए॥", "क्यों?"],
        ["वह घर गया.", "फिर वह सो गया."],
        ["قال إنه وصل.", "هل هذا صحيح؟", "لم يأت أبدًا.", "ثم رحل."],
        ["یہ سچ ہے۔", "کیا یہ سچ ہے؟", "ہاں۔"],
        ["Он приехал в 2019 г. в Москву.", "Зачем?"],
        ["In der 89. Minute fiel das Tor.", "Dann war Schluss."],
    ],
    ids=lambda sentences: sentences[0],
)
def test_sentences_joined_by_a_space_come_apart_again(sentences: list[str]) -> None:
    assert texts(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他说他来了。“真的吗？”没人知道。", ["他说他来了。", "“真的吗？”", "没人知道。"]),
        ("彼は「行く。」と述べた。誰も来なかった。", ["彼は「行く。」と述べた。", "誰も来なかった。"]),
        ("সে গেল।তারপর ফিরল।", ["সে গেল।", "তারপর ফিরল।"]),
        ("کیا؟نہیں۔", ["کیا؟", "نہیں۔"]),
        ("قال إنه وصل.ثم رحل.", ["قال إنه وصل.", "ثم رحل."]),
        ("সে বলল, “যাব। ” তারপর গেল।", ["সে বলল, “যাব। ”", "তারপর গেল।"]),
        ("No stop at all", ["No stop at all"]),
        ("", []),
        (" \n\t\n", []),
        ("…", []),
        ("*** ——— ***\n\nনতুন খবর।", ["নতুন খবর।"]),
    ],
)
def test_stops_without_spaces_stray_marks_and_texts_without_any(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


def test_headings_and_blank_lines_end_a_sentence_without_a_stop() -> None:
    assert texts("Kim calls for shells\n\nHe spoke on Wednesday. Nobody replied\n\nMore below") == [
        "Kim calls for shells",
        "He spoke on Wednesday.",
        "Nobody replied",
        "More below",
    ]
    assert texts("গোলা বাড়াতে বললেন কিম\nবুধবার তিনি এ কথা বলেন।") == ["গোলা বাড়াতে বললেন কিম", "বুধবার তিনি এ কথা বলেন।"]


def test_list_marks_are_no_part_of_the_sentence() -> None:
    assert texts("Claims:\n1. Kim said it\n2) Putin denied it\n• Nobody knows\n- Really") == [
        "Claims:",
        "Kim said it",
        "Putin denied it",
        "Nobody knows",
        "Really",
    ]
    assert texts("১. প্রথম দাবি\n২। দ্বিতীয় দাবি") == ["প্রথম দাবি", "দ্বিতীয় দাবি"]


def test_lines_wrapped_by_a_mail_program_are_joined() -> None:
    wrapped = (
        "The state agency said on Wednesday that the leader had praised\n"
        "the plant for its modernisation. Nobody outside the country was\n"
        "Able to confirm it. Analysts doubt that the yearly capacity has\n"
        "doubled."
    )
    assert texts(wrapped) == [
        "The state agency said on Wednesday that the leader had praised\nthe plant for its modernisation.",
        "Nobody outside the country was\nAble to confirm it.",
        "Analysts doubt that the yearly capacity has\ndoubled.",
    ]


SNIPPETS = st.sampled_from(
    [
        "Kim",
        "কিম",
        "ড",
        "U.S",
        " ",
        "\n",
        "\n\n",
        ".",
        "।",
        "?",
        "…",
        '"',
        "”",
        "(",
        ")",
        "1",
        "৫",
        "• ",
        "|",
        "。",
        "ং",
        "\r\n",
    ]
)


@given(st.text() | st.lists(SNIPPETS).map("".join))
@example("1. 2. 3. a")
@example("".join(f"{indent}{'a' * 50}\n" for indent in ("", " " * 20, "", " " * 60)) + " " * 300 + "Z")
@example("\x1c.\x85 a.\u2028b")
def test_sentences_are_slices_in_order_and_no_letter_is_lost(text: str) -> None:
    position = 0
    for sentence in split(text):
        assert sentence.start >= position
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip() != ""
        assert not any(map(str.isalpha, text[position : sentence.start]))
        position = sentence.end
    assert not any(map(str.isalpha, text[position:]))


@given(st.text() | st.lists(SNIPPETS).map("".join))
def test_what_was_split_before_a_blank_line_is_split_the_same_alone(text: str) -> None:
    assert texts(f"{text}\n\nকিম।") == [*texts(text), "কিম।"]


@pytest.mark.parametrize(
    "unit",
    [".", ". ", "a. ", "A.B.", "।", '."', "  .", "\n", "a\n", "1. ", "( ", "\u00a0»", ".\u00a0", "' ", "। ”", "|"],
)
def test_hostile_text_keeps_every_letter(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    found = "".join(sentence.text for sentence in split(text))
    assert sum(map(str.isalpha, found)) == sum(map(str.isalpha, text))
