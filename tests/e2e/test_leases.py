"""A lease over its time, and claims that are given, passed and stepped back from; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom, offers

TOLD = {
    "en": ("Half of your time", "You have the whole time again", "will not be offered to you", "stepped back from"),
    "bn": ("অর্ধেক সময় শেষ", "আবার পুরো সময়", "আপনাকে দেওয়া হবে না", "সরে দাঁড়িয়েছেন"),
}
CLAIM = "The bridge over the river was closed for 30 days in March."
LEASE = "SELECT expires_at FROM assignments WHERE state = 'taken'"


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_reviewer_takes_more_time_and_then_steps_back(tmp_path: Path, language: str) -> None:
    half_over, whole_time, never_again, stepped_back = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open(language)
        reviewer = await room.hire("Reviewer", language=language)
        await room.ask(await room.person("Asker", language=language), CLAIM)
        await room.tap(reviewer, Verb.TAKE)
        await room.until(lambda: len(room.desk.rows(LEASE)) == 1)
        before = room.desk.value(LEASE)
        number = room.desk.value("SELECT claim_id FROM assignments")

        room.desk.move_clock(13 * 3600)
        await room.see(reviewer, half_over)
        toast = await room.tap(reviewer, Verb.RENEW)
        assert toast is not None
        assert whole_time in toast
        await room.until(lambda: room.desk.value(LEASE) > before)
        renewed = room.desk.value(LEASE)
        # A second tap gives nothing more.
        await room.tap(reviewer, Verb.RENEW)
        assert room.desk.value(LEASE) == renewed

        await reviewer.send(f"/recuse {number}")
        await reviewer.send(f"/recuse {number} I know the engineer.")
        await room.see(reviewer, never_again)
        assert room.desk.rows(LEASE) == []
        who = room.desk.value("SELECT id FROM people WHERE telegram_id = ?", reviewer.id)
        await room.admin.send(f"/assign {number} №{who}")
        await room.see(room.admin, stepped_back)

        # Somebody else is asked, has it taken back by an editor, and may have it again.
        other = await room.hire("Other", language=language)
        await room.tap(other, Verb.TAKE)
        await room.until(lambda: len(room.desk.rows(LEASE)) == 1)
        whose = room.desk.value("SELECT person_id FROM assignments WHERE state = 'taken'")
        await room.admin.send(f"/unassign {number} №{whose}")
        await room.until(lambda: room.desk.rows(LEASE) == [])
        await room.admin.send(f"/assign {number} №{whose}")
        await room.see(other, offers(Verb.TAKE))
        await room.tap(other, Verb.TAKE)
        await room.until(lambda: len(room.desk.rows(LEASE)) == 1)
        await other.send(f"/pass {number}")
        await room.until(lambda: room.desk.rows(LEASE) == [])
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
