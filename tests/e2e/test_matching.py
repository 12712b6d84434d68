"""The same rumour again, in other words and with another number, through the real process and real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom, offers

CLAIMS = {
    "en": (
        "North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded.",
        "NORTH KOREA sent about 15000 troops to the Russia; of whom 5000 were killed or wounded!!",
        "North Korea sent about 12,000 troops to Russia, of whom 5,000 were killed or wounded.",
        "numbers differ: 12,000 / 15,000",
    ),
    "bn": (
        "উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে, তাদের মধ্যে ৫,০০০ জন হতাহত হয়েছেন।",
        "উত্তর কোরিয়া রাশিয়ায় প্রায় 15000 সেনাদের পাঠিয়েছে তাদের মধ্যে 5000 জন হতাহত হয়েছেন",
        "উত্তর কোরিয়া রাশিয়ায় প্রায় ১২,০০০ সেনা পাঠিয়েছে, তাদের মধ্যে ৫,০০০ জন হতাহত হয়েছেন।",
        "সংখ্যা আলাদা: ১২,০০০ / ১৫,০০০",
    ),
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_rumour_in_other_words_is_answered_and_one_with_another_number_is_not(
    tmp_path: Path, language: str
) -> None:
    known, again, other, differ = CLAIMS[language]
    async with a_newsroom(tmp_path) as room:
        first = await room.person("Rahim", language=language)
        await room.ask(first, known)
        for name in ("One", "Two"):
            await room.review(await room.hire(name), "mostly_true", why="Two agencies say so.")
        await room.tap(room.admin, Verb.APPROVE, "1")
        await room.see(first, "Two agencies say so.")

        second = await room.person("Karim", language=language)
        await room.ask(second, again)
        await room.see(second, "Two agencies say so.")
        assert room.desk.rows("SELECT state, duplicate_of FROM claims WHERE id = 2") == [("duplicate", 1)]

        third = await room.person("Salma", language=language)
        await room.ask(third, other)
        told = await room.see(third, differ)
        assert "#1" in told.text
        assert "#3" in told.text
        assert room.desk.value("SELECT count(*) FROM requests WHERE claim_id = 3") == 1
        assert room.desk.value("SELECT state FROM claims WHERE id = 3") in {"queued", "in_review"}
        assert not any("Two agencies say so." in message.text for message in await third.messages())
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


async def test_whose_language_cannot_be_told_is_asked_for_it(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        asker = await room.person("Rahim")
        await room.ask(asker, "Kim Jong Un 1 2 3")
        await room.see(asker, offers(Verb.TEXT_LANGUAGE, "hi"))
        assert room.desk.rows("SELECT language FROM claims") == [("und",)]
        await room.tap(asker, Verb.TEXT_LANGUAGE, "hi")
        await room.until(lambda: room.desk.rows("SELECT language FROM claims") == [("hi",)])
        await room.see(asker, "Hindi")


async def test_a_link_asks_about_the_page_behind_it_however_it_was_shared(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The bridge is 6 km long. It was opened by the president in March.")
    async with a_newsroom(tmp_path) as room:
        page = "https://www.example.org/bridge?utm_source=mail"
        code, _, err = await room.desk.command("ingest", str(tmp_path / "a.txt"), "--url", page)
        assert code == 0, err
        asker = await room.person("Rahim")
        await room.ask(asker, "http://m.example.org/bridge/?fbclid=abc#top")
        await room.see(asker, "#2")
        assert room.desk.rows("SELECT claim_id FROM requests ORDER BY claim_id") == [(1,), (2,)]
        assert room.desk.value("SELECT count(*) FROM documents") == 1


SAID_IN = {
    "en": "According to South Korean intelligence, North Korea has sent about 15,000 troops to Russia this year.",
    "bn": "দক্ষিণ কোরিয়ার গোয়েন্দা সংস্থার মতে, উত্তর কোরিয়া এ বছর রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে।",
}


async def test_with_the_extra_an_english_claim_is_known_again_in_bengali_after_a_restart(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, FACTDESK_SEMANTIC="auto") as room:
        await room.ask(await room.person("Rahim"), SAID_IN["en"])
        await room.desk.kill()
        await room.desk.start()
        second = await room.person("Salma", language="bn")
        await room.ask(second, SAID_IN["bn"])
        await room.desk.kill()
        # What came in is encoded when the desk starts, and every twenty seconds.
        await room.desk.start()
        await room.until(lambda: room.desk.rows("SELECT method FROM matches") == [("meaning",)])
        await second.send("/status 2")
        told = await room.see(second, "মনে হয় অন্য ভাষায় একই কথা বলে: ইংরেজি")
        assert "#১" in told.text or "#1" in told.text
        assert room.desk.value("SELECT state FROM claims WHERE id = 2") in {"queued", "in_review"}
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
