"""Sentences in more languages: abbreviations, ordinals and units, quotations, and stops of other scripts."""

import pytest

from jobs.intake.sentences import split


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["El presidente de EE. UU. habló ayer.", "Nadie le creyó."],
        ["Las FF. AA. salieron a la calle.", "Volvieron de noche."],
        ["Trabaja en los EE. UU.", "La paga es buena."],
        ["Empezó en el siglo XX.", "Nunca terminó."],
        ["Son 41 hab. / km² en total.", "Nadie sabe más."],
        ["La I. A. no piensa.", "El Sr. Gómez tampoco."],
        ["Es war am 3. März in seinem 63. Lebensjahr.", "Danach schwieg er."],
        ["Das Rennen gewann J. De Boer.", "Es war knapp."],
        ["La route fait 20 km.", "Mais elle est fermée à 13 h.", "Personne ne passe à 80 km/h.", "Tout va bien."],
        ["« Nous gagnerons. »", "Selon lui, c’est sûr."],
        ["Это было в 2018 г.", "В городе было тихо."],
        ["Нет! — сказал он.", "И вышел."],
        ["Bw. Otieno alisema hivyo.", "Bi. Amina alikataa."],
        ["Theo TS. Nguyễn, điều đó sai.", "Nhưng không ai nghe."],
        ["Menurut Tn. Budi, itu benar.", "Namun saksi membantah."],
        ["Bunu yapan sen.", "Ben değilim."],
        ["The rally is at 7 p.m. ET on Friday.", "Come early."],
        ["The lake rose to 2.4.", "Rain fell on."],
        ["மு. கருணாநிதி பேசினார்.", "மக்கள் கேட்டனர்."],
        ["ਡਾ. ਸਿੰਘ ਆਏ ਸਨ |", "ਕੋਈ ਨਹੀਂ ਬੋਲਿਆ |"],
        ["लोग आए। |", "सब चुप थे।"],
        ["Πού πήγε;", "Κανείς δεν ξέρει."],
        ["Նա եկավ։", "Ոչ ոք չխոսեց։"],
        ["እሱ መጣ።", "ማንም አልተናገረም።"],
        ["គាត់បានមក។", "គ្មាននរណានិយាយទេ។"],
        ["သူလာသည်။", "ဘယ်သူမှ၊ ဘာမှ မပြောပါ။"],
    ],
    ids=lambda sentences: sentences[0],
)
def test_sentences_joined_by_a_space_come_apart_again(sentences: list[str]) -> None:
    assert texts(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        # A straight mark between spaces opens or closes, as the marks around it show.
        ('সে চলে গেল। " আমি যাব না," মা বললেন।', ["সে চলে গেল।", '" আমি যাব না," মা বললেন।']),
        ('সে বলল, " আমি যাব। " তারপর গেল।', ['সে বলল, " আমি যাব। "', "তারপর গেল।"]),
        ("সে বলল, ''আমি যাব। '' তারপর গেল।", ["সে বলল, ''আমি যাব। ''", "তারপর গেল।"]),
        ('সে চলে গেল।"আমি যাব না," মা বললেন।', ["সে চলে গেল।", '"আমি যাব না," মা বললেন।']),
        ('He left. " We stay," she said.', ["He left.", '" We stay," she said.']),
        ('She said, "We stay." Nobody left.', ['She said, "We stay."', "Nobody left."]),
        ('She said, "We stay."', ['She said, "We stay."']),
    ],
)
def test_straight_quotation_marks_go_to_the_side_they_belong_to(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "“আমি যাব।” বলে সে চলে গেল।",
        "“म जान्छु।” भनेर उनी गए।",
        "“நான் வருவேன்.” என்று அவர் கூறினார்.",
        "「行く。」 と彼は言った。",
        "“သွားမယ်။” ဟု သူကပြောသည်။",
    ],
)
def test_a_word_that_closes_a_quotation_begins_no_sentence(text: str) -> None:
    assert texts(text) == [text]


def test_a_semicolon_ends_a_sentence_in_greek_alone() -> None:
    assert texts("He came; nobody spoke.") == ["He came; nobody spoke."]


def test_a_rule_between_columns_is_no_danda() -> None:
    assert texts("Home | News | Contact") == ["Home | News | Contact"]


def test_a_stop_standing_apart_belongs_to_the_sentence_before_it() -> None:
    assert texts("他来了。 。 没人说话。") == ["他来了。 。", "没人说话。"]
