"""The team in chat: who belongs to it, what each is told and when; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom, find_data, offers

WORDS = {
    "en": ("is suspended for now", "suspended from the team", "is again: reviewer", "no longer in the team", "Former"),
    "bn": ("আপাতত স্থগিত", "আপনার ভূমিকা আপাতত স্থগিত", "আবার: যাচাইকারী", "আর দলে নে", "প্রাক্তন সহকর্মী"),
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_reviewer_is_suspended_comes_back_and_is_removed_with_a_pseudonym(
    tmp_path: Path, language: str
) -> None:
    suspended, you, again, gone, former = WORDS[language]
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        reader = await room.person("Rahim", language=language)
        member = await room.hire("Mitali", language=language)
        number = room.desk.value("SELECT id FROM people WHERE name = 'Mitali'")
        await room.ask(reader, "The bridge over the Padma is 6 km long.")
        await room.review(member, "mostly_true", why="The engineers say so.")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM reviews WHERE state = 'submitted'") == 1)
        await room.ask(reader, "Half of all wells in the district hold arsenic.")
        await room.tap(member, Verb.TAKE)
        card = await room.see(member, offers(Verb.RATE, "true"))
        button = find_data(card, Verb.RATE, "true")
        assert button is not None
        await room.tap(member, Verb.RATE, "false")

        await admin.send("/members")
        await room.see(admin, "Mitali")
        await member.send(f"/promote {number}")
        await room.see(member, lambda message: "editor" in message.text or "সম্পাদক" in message.text)
        await admin.send(f"/suspend {number}")
        await room.see(admin, suspended)
        await room.see(member, you)
        assert room.desk.value("SELECT state FROM claims WHERE id = 2") == "queued"
        assert you in str(await member.press_raw(card, button))

        await admin.send(f"/restore {number}")
        await room.see(member, again)
        await member.send("/duty on")
        await room.tap(member, Verb.TAKE)
        assert room.desk.value("SELECT rating FROM reviews WHERE state = 'draft'") == "false"

        await admin.send(f"/remove {number}")
        await room.tap(admin, Verb.REMOVE, "0")
        await room.see(admin, gone)
        await room.see(member, offers(Verb.PSEUDONYM))
        assert room.role_of(member) == "public"
        assert room.desk.value("SELECT count(*) FROM assignments WHERE state IN ('offered', 'taken')") == 0
        await room.tap(member, Verb.PSEUDONYM)
        await room.see(member, former)
        second = await room.hire("Two", language=language)
        await room.review(second, "mostly_true", why="So do the maps.")
        card = await room.see(admin, offers(Verb.APPROVE))
        assert former in card.text
        assert "Mitali" not in card.text

        await admin.send("/remove @nobody")
        await room.see(admin, "@nobody")
        await admin.send("/demote 1")
        await room.see(admin, lambda message: "settings" in message.text or "সেটিংস" in message.text)
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


TOLD = {
    "en": ("at once", "Quiet hours: 00:00 to 23:59", "New One", "Your summary of", "waits for an editor"),
    "bn": ("সঙ্গে সঙ্গে", "নীরব সময়: ০০:০০ থেকে ২৩:৫৯", "New One", "দিনের সারকথা", "সম্পাদকের সিদ্ধান্তের"),
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_news_wait_for_the_daily_summary_and_answers_come_at_once_in_quiet_hours(
    tmp_path: Path, language: str
) -> None:
    at_once, hours, name, summary, decision = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        ticks = tmp_path / "ticks"
        await room.desk.start_controlled(ticks=ticks)
        await room.open(language)
        admin = room.admin
        editor = await room.hire("Edda", "editor", language=language, duty=False)
        await editor.send("/notify")
        await room.see(editor, at_once)
        await room.tap(editor, Verb.WISH, "team", "daily")
        await room.tap(editor, Verb.WISH, "decisions", "daily")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM wishes WHERE manner = 'daily'") == 2)

        newcomer = await room.person(name, language=language)
        number = room.desk.value("SELECT id FROM people WHERE name = ?", name)
        await admin.send(f"/promote {number}")
        await room.see(admin, name)
        await room.see(newcomer, "/help")
        reader = await room.person("Rahim", language=language)
        await room.ask(reader, "The bridge over the Padma is 6 km long.")
        for reviewer in ("One", "Two"):
            await room.review(await room.hire(reviewer, language=language), "mostly_true", why="The engineers say so.")
        await room.until(lambda: room.desk.value("SELECT state FROM claims") == "agreed")
        assert not [message for message in await editor.messages() if name in message.text or decision in message.text]

        await editor.send("/quiet 0-23:59")
        await room.see(editor, hours)
        await editor.send("/quiet off")
        room.desk.move_clock(24 * 3600)
        ticks.write_text("1")
        told = await room.see(editor, summary)
        assert name in told.text
        assert "#1" in told.text
        await room.tap(editor, Verb.DECIDE, "1")
        await room.tap(editor, Verb.APPROVE, "1")
        await room.see(reader, "The engineers say so.")
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
