from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.intake.language import UNKNOWN, detect
from jobs.intake.sentences import split

ARTICLES = Path(__file__).parents[3] / "seeds" / "articles"


@pytest.mark.parametrize("path", sorted(ARTICLES.glob("*.txt")), ids=lambda path: path.name)
def test_every_sentence_of_the_seed_articles_is_in_the_language_of_its_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    language = path.name.split(".")[-2]
    assert {detect(text), *(detect(sentence.text) for sentence in split(text))} == {language}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("উত্তর কোরিয়া সেনা পাঠিয়েছে।", "bn"),
        ("तोप के गोले", "hi"),
        ("أرسلت كوريا الشمالية جنودا إلى روسيا", "ar"),
        ("شمالی کوریا نے فوجی بھیجے ہیں۔", "ur"),
        ("کره شمالی سرباز به روسیه فرستاد", "fa"),
        ("The troops were sent to Russia.", "en"),
        ("Die Truppen wurden nach Russland geschickt.", "de"),
        ("Las tropas fueron enviadas a Rusia la semana pasada.", "es"),
        ("As tropas foram enviadas para a Rússia na semana passada.", "pt"),
        ("Les troupes ont été envoyées en Russie la semaine dernière.", "fr"),
        ("Pasukan dikirim ke Rusia minggu lalu.", "id"),
        ("Wanajeshi walitumwa Urusi wiki iliyopita.", "sw"),
        ("Binh lính đã được gửi đến Nga.", "vi"),
        ("सैनिकों को पिछले सप्ताह रूस भेजा गया था।", "hi"),
        ("सैनिकांना गेल्या आठवड्यात रशियाला पाठवण्यात आले होते.", "mr"),
        ("सैनिकहरूलाई गत हप्ता रुस पठाइएको थियो।", "ne"),
        ("সৈন্যসকলক ৰাছিয়ালৈ পঠোৱা হৈছিল।", "as"),
        ("Войските бяха изпратени в Русия миналата седмица.", "bg"),
        ("سرتیري تېره اونۍ روسیې ته واستول شول", "ps"),
        ("朝鲜向俄罗斯派兵", "zh"),
        ("北朝鮮はロシアに兵士を送った", "ja"),
        ("북한이 러시아에 군대를 보냈다", "ko"),
        ("ทหารไปรัสเซีย", "th"),
        ("படைகள் சென்றன", "ta"),
        ("సైనికులు వెళ్లారు", "te"),
        ("સૈનિકો ગયા", "gu"),
        ("ਸਿਪਾਹੀ ਗਏ", "pa"),
        ("സൈനികർ പോയി", "ml"),
        ("ಸೈನಿಕರು ಹೋದರು", "kn"),
        ("හමුදාව ගියා", "si"),
        ("חיילים נשלחו", "he"),
        ("Στρατιώτες στη Ρωσία", "el"),
        ("Солдаты отправлены в Россию", "ru"),
        ("Солдатів відправлено до Росії", "uk"),
        ("", "und"),
        ("15,000 — 5,000?! 🙂", "und"),
        ("১৫,০০০", "und"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_bengali_text_with_english_words_in_it_is_bengali_and_the_other_way_round() -> None:
    assert detect("WhatsApp গ্রুপে breaking news হিসেবে ছড়ানো হচ্ছে") == "bn"
    assert detect("The word গোলা means shell, and it was mistranslated in the article") == "en"


def test_links_names_hashtags_and_digits_say_nothing() -> None:
    assert detect("https://www.example.org/the-troops-were-sent @TheNewsDesk #BreakingNews সেনা") == "bn"
    assert detect("https://example.org/the-troops-were-sent 2025") == "und"


def test_what_could_be_several_languages_is_none() -> None:
    assert detect("Kim Jong Un") == "und"
    assert detect("OK") == "und"


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert detect("সেনা পাঠানো হয়েছে। " * 50_000) == "bn"
    assert detect("\u0301\ud800\0\u202e" * 250_000) == "und"
    assert detect("https://" * 100_000 + "সেনা") == "und"


def test_one_foreign_letter_makes_no_urdu_of_an_arabic_text() -> None:
    assert (
        detect("أعلنت وكالة الأنباء الرسمية يوم الأربعاء أن الزعيم زار مصنعا في مدينة گوانگجو الواقعة في الشمال")
        == "ar"
    )


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_gets_a_code(text: str) -> None:
    language = detect(text)
    assert language == UNKNOWN or (2 <= len(language) <= 3 and language.islower())
    assert detect(text) == language
