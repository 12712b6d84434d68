"""Text made to break or to slow down the splitter: a megabyte of one thing, and pieces of text thrown together."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.intake.sentences import split

MEGABYTE = 1_000_000


def check(text: str) -> None:
    """Sentences are exact slices in order; only white space, list marks and stretches without letters lie between."""
    position = 0
    for sentence in split(text):
        assert position <= sentence.start < sentence.end
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip()
        assert any(map(str.isalnum, sentence.text))
        assert not any(map(str.isalpha, text[position : sentence.start]))
        position = sentence.end
    assert not any(map(str.isalpha, text[position:]))


@pytest.mark.parametrize(
    "unit",
    [
        "\u0301",
        "\u09be",
        "\0",
        "\ud800",
        "\udfff.\ud800 ",
        "\u202e",
        "\u202ea. \u202c",
        ".",
        ". ",
        "...",
        "। ",
        "; ",
        "(",
        ")",
        "[1]",
        '"',
        '" ',
        '. " ',
        '."a',
        "'",
        "' ",
        ". '' ",
        ". ' a'a ",
        "“",
        "» ",
        "a. B. ",
        "| ",
        "\n. ",
        "1. ",
        " ",
        "a",
        "\u200d",
    ],
    ids=ascii,
)
def test_a_megabyte_of_one_thing_comes_through(unit: str) -> None:
    hostile = unit * (MEGABYTE // len(unit.encode(errors="surrogatepass")))
    check(hostile)
    check(f"Kim said. {hostile} Nobody replied.")


PIECES = st.sampled_from(
    [
        *("Kim", "কিম", "۔", "EE", "UU.", "km", "г", "5", "என்று", "と", "[1]", "- ", "2. "),
        *(" ", "\n", "\u3000", ".", "।", "|", ";", "?", "…", "'", "''", '"', "“", "”", "«", "»", "(", "]"),
        *("\0", "\u0301", "\u202e", "\u200d", "\ud800"),
    ]
)


@given(st.lists(PIECES).map("".join) | st.text(st.characters()))
@example('."')
@example('a." ')
@example('a. " . "b')
@example("a. \u3000.")
@example("ab.\ud800")
def test_sentences_are_exact_slices_in_order_of_any_text(text: str) -> None:
    check(text)


@given(st.lists(PIECES).map("".join))
def test_a_sentence_alone_holds_the_same_letters_as_in_the_text(text: str) -> None:
    for sentence in split(text):
        again = split(sentence.text)
        assert "".join(filter(str.isalpha, "".join(each.text for each in again))) == "".join(
            filter(str.isalpha, sentence.text)
        )
