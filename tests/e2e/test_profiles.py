"""Reviewers say how they work, offers go by it, and who is gone is asked, let go and invited back; over real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom, offers

TOLD = {
    "en": ("Languages: Bangla", "The work of", "Are you still there?", "You are off duty now", "You are missed!"),
    "bn": ("ভাষা: বাংলা", "-এর কাজ", "আপনি কি এখনো আছেন?", "আপনি এখন ডিউটিতে নেই", "আপনাকে আমাদের দরকার!"),
}
ENGLISH = "The bridge over the river was closed for 30 days in March."
BENGALI = "মার্চ মাসে নদীর ওপরের সেতুটি ৩০ দিন বন্ধ ছিল বলে জানা গেছে।"
HOLDER = "SELECT p.telegram_id FROM assignments a JOIN people p ON p.id = a.person_id WHERE a.state = 'offered'"


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_offers_go_by_what_reviewers_say(tmp_path: Path, language: str) -> None:
    languages, work_of, *_ = TOLD[language]
    async with a_newsroom(tmp_path) as room:
        await room.open(language)
        await room.admin.send("/settings quorum 1")
        asker, other = await room.person("Asker"), await room.person("Other")
        first = await room.hire("First", language=language)
        second = await room.hire("Second", language=language)
        await second.send("/profile")
        await room.tap(second, Verb.PROFILE, "bn", "1")
        await room.see(second, languages)
        await first.send("/profile languages english")
        await first.send("/profile hours mon-sun 0-23:59 Asia/Dhaka")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM profiles") == 2)
        # Whoever waited longest would be the first; the language comes before that.
        await room.ask(asker, BENGALI)
        await room.see(second, offers(Verb.TAKE))
        assert room.desk.rows(HOLDER) == [(second.id,)]
        await room.ask(other, ENGLISH)
        await room.see(first, offers(Verb.TAKE))

        number = room.desk.value("SELECT id FROM people WHERE telegram_id = ?", second.id)
        await room.admin.send(f"/language {language}")
        await room.admin.send(f"/profile №{number}")
        await room.see(room.admin, work_of)
        await first.send("/profile hours whenever")
        await room.see(first, "/profile hours off")
        await first.send("/profile hours off")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM profiles WHERE work_days IS NULL") == 2)


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_who_is_gone_is_asked_and_let_go_and_invited_back(tmp_path: Path, language: str) -> None:
    *_, asked, gone, missed = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        ticks = room.desk.clock.with_name("ticks")
        await room.desk.start_controlled(ticks=ticks)
        await room.open(language)
        reviewer = await room.hire("Gone", language=language)
        await room.ask(await room.person("Asker"), ENGLISH)
        await room.see(reviewer, offers(Verb.TAKE))
        done = ticks.with_suffix(".done")
        for turn, hours in enumerate([*range(1, 75), 74 + 14 * 24]):
            room.desk.move_clock(hours * 3600)
            ticks.write_text(str(turn))
            await room.until(lambda wanted=str(turn): done.exists() and done.read_text() == wanted)  # type: ignore[misc]
            if hours == 20:
                # A restart in the middle forgets nothing and repeats nothing.
                await room.desk.kill()
                await room.desk.start_controlled(ticks=ticks)
        for told in (asked, gone, missed):
            await room.see(reviewer, told)
        seen = " ".join(message.html for message in await reviewer.messages())
        assert [seen.count(told) for told in (asked, gone, missed)] == [1, 1, 1]
        await room.tap(reviewer, Verb.DUTY, "1")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM people WHERE on_duty = 1") == 1)
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
