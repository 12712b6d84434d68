"""Two claims that say the same: merged by a button, answered once, taken apart again; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.sandbox import Person
from tests.support.newsroom import Newsroom, a_newsroom, offers

CLAIMS = {
    "en": (
        "North Korea sent about 15,000 troops to Russia, of whom 5,000 were killed or wounded.",
        "North Korea sent about 12,000 troops to Russia, of whom 5,000 were killed or wounded.",
        "numbers differ: 12,000 / 15,000",
        "says the same as #1",
        "A correction",
        "already counts as the same as #1",
    ),
    "bn": (
        "উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে, তাদের মধ্যে ৫,০০০ জন হতাহত হয়েছেন।",
        "উত্তর কোরিয়া রাশিয়ায় প্রায় ১২,০০০ সেনা পাঠিয়েছে, তাদের মধ্যে ৫,০০০ জন হতাহত হয়েছেন।",
        "সংখ্যা আলাদা: ১২,০০০ / ১৫,০০০",
        "#1 একই কথা বলে",
        "সংশোধন",
        "#1-এর মতো একই দাবি হিসেবে ধরা আছে",
    ),
}


async def answered(person: Person, why: str) -> int:
    """Return how many messages of the desk a person has with a verdict's explanation in it."""
    return sum(why in message.text for message in await person.messages() if message.by_bot)


async def two_reviews(room: Newsroom, names: tuple[str, str], rating: str, why: str) -> list[Person]:
    crew = [await room.hire(name) for name in names]
    for person in crew:
        await room.review(person, rating, why=why)
    return crew


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_editor_merges_two_claims_by_a_button_and_everybody_gets_one_answer(
    tmp_path: Path, language: str
) -> None:
    known, other, differ, same, correction, already = CLAIMS[language]
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        first, second = [await room.person(name, language=language) for name in ("Rahim", "Karim")]
        await room.ask(first, known)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims") == 1)
        await room.ask(second, other)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims") == 2)

        await admin.send("/status 2")
        await room.see(admin, differ)
        await room.tap(admin, Verb.MERGE, "2", "1")
        await room.see(admin, offers(Verb.UNMERGE, "2"))
        assert room.desk.rows("SELECT state, duplicate_of FROM claims WHERE id = 2") == [("duplicate", 1)]
        again = await room.tap(admin, Verb.MERGE, "2", "1")
        assert already in str(again)

        crew = await two_reviews(room, ("One", "Two"), "mostly_true", "Two agencies say so.")
        await room.tap(admin, Verb.APPROVE, "1")
        for person in (first, second):
            await room.see(person, "Two agencies say so.")
        assert same in (await room.see(second, "Two agencies say so.")).text
        assert same not in (await room.see(first, "Two agencies say so.")).text
        assert [await answered(person, "Two agencies say so.") for person in (first, second)] == [1, 1]

        for person in crew:
            await person.send("/duty off")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM people WHERE on_duty = 1") == 0)
        await room.tap(admin, Verb.UNMERGE, "2")
        await room.see(second, correction)
        assert room.desk.rows("SELECT state, duplicate_of FROM claims WHERE id = 2") == [("queued", None)]
        await two_reviews(room, ("Three", "Four"), "false", "Nobody counted so many.")
        await room.tap(admin, Verb.APPROVE, "2")
        await room.see(second, "Nobody counted so many.")
        assert [await answered(person, "Nobody counted so many.") for person in (first, second)] == [0, 1]
        assert [await answered(person, "Two agencies say so.") for person in (first, second)] == [1, 1]
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


async def test_a_command_shows_what_a_merge_would_do_and_waits_for_a_yes(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        for number, text in enumerate(
            ("The bridge over the Padma is 6 km long.", "Half of all wells hold arsenic."), 1
        ):
            await room.ask(await room.person(f"Asker {number}"), text)
            await room.until(lambda number=number: room.desk.value("SELECT count(*) FROM claims") == number)
        reviewer = await room.hire("One")
        await room.tap(reviewer, Verb.TAKE)

        await admin.send("/merge 1")
        await room.see(admin, "/merge 42 17")
        await reviewer.send("/merge 1 2")
        await room.see(reviewer, "editor")
        await admin.send("/merge 1 2")
        asked = await room.see(admin, offers(Verb.MERGE, "1", "2"))
        assert "1 person who asked about #1" in asked.text
        assert "1 reviewer at work" in asked.text
        assert room.desk.value("SELECT state FROM claims WHERE id = 1") == "in_review"

        await room.tap(admin, Verb.MERGE, "1", "2")
        await room.see(admin, offers(Verb.UNMERGE, "1"))
        await room.see(reviewer, "says the same as #2")
        await admin.send("/merge 2 1")
        await room.see(admin, "already counts as the same")
        await admin.send("/unmerge 1")
        await room.until(lambda: room.desk.value("SELECT state FROM claims WHERE id = 1") == "in_review")
        await room.see(reviewer, offers(Verb.RATE))
        assert room.desk.rows("SELECT asked_id, claim_id FROM requests ORDER BY id") == [(1, 1), (2, 2)]
