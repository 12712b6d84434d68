"""A team sets its digests by button and by command, pauses them, and gets what it missed; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom, offers

TOLD = {
    "en": ("On which day of the week?", "every Sunday at 18:00", "is no cron line", "Paused.", "This is for people"),
    "bn": ("সপ্তাহের কোন দিন?", "প্রতি রবিবার ১৮:০০", "cron লাইন নয়", "থামানো", "ভূমিকার মানুষদের জন্য"),
}
WEEKLY = "SELECT paused FROM subscriptions WHERE active = 1 AND cadence = 'weekly'"
CLAIM = "The bridge over the river was closed for 30 days in March."


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_team_sets_changes_pauses_and_ends_its_digests(tmp_path: Path, language: str) -> None:
    which_day, every_sunday, no_line, paused, refused = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open(language)
        admin = room.admin
        reviewer = await room.hire("Reviewer", language=language, duty=False)
        team = await room.people.group("Team", [admin, reviewer])
        here = {"chat": team}

        # The dialogue: no digest yet, how often, on which day, at which time.
        await admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(admin, Verb.DIGEST_NEW, "weekly", **here)
        await room.see(admin, which_day, **here)
        await room.tap(admin, Verb.DIGEST_NEW, "weekly", "6", "-", **here)
        await room.tap(admin, Verb.DIGEST_NEW, "weekly", "6", "1080", **here)
        await room.see(admin, every_sunday, **here)

        # Lines that make no sense change nothing; one that does adds a second digest.
        await admin.send("/digest@factdesk_bot cron 0 99 * * *", chat=team)
        await room.see(admin, no_line, **here)
        await admin.send("/digest@factdesk_bot weekdays ০৮:৩০ Asia/Dhaka", chat=team)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM subscriptions WHERE active = 1") == 2)

        # One of them is moved to another time, paused and let go on; twice is the same as once, and not for everybody.
        weekly = str(room.desk.value("SELECT id FROM subscriptions WHERE cadence = 'weekly'"))
        await admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(admin, Verb.DIGEST, weekly, **here)
        toast = await room.tap(reviewer, Verb.DIGEST_DO, weekly, "end", **here)
        assert toast is not None
        assert refused in toast
        await room.tap(admin, Verb.DIGEST_DO, weekly, "time", **here)
        await room.tap(admin, Verb.DIGEST_AT, weekly, "540", **here)
        await room.until(lambda: room.desk.value("SELECT local_minute FROM subscriptions WHERE id = ?", weekly) == 540)
        await room.tap(admin, Verb.DIGEST_DO, weekly, "pause", **here)
        await room.see(admin, paused, **here)
        assert room.desk.value(WEEKLY) == 1

        # A month goes by: the paused one is silent, the other one tells the missed days as one and the last two.
        asker = await room.person("Asker", language=language)
        await room.ask(asker, CLAIM)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1)
        room.desk.move_clock(30 * 86_400)
        await room.see(admin, CLAIM, **here)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM digests") == 3)
        told = room.desk.rows(
            "SELECT content ->> '$.away', content ->> '$.sections.new.total' FROM digests ORDER BY id"
        )
        assert told == [(1, 1), (0, 0), (0, 0)]

        # Its numbers open the claims behind them, in a message of their own.
        await room.tap(admin, Verb.DIGEST_OPEN, "1", "new", **here)
        claim = room.desk.value("SELECT id FROM claims WHERE practice = 0")
        await room.see(admin, offers(Verb.STATUS, str(claim)), **here)

        # What it tells, and to whom.
        daily = str(room.desk.value("SELECT id FROM subscriptions WHERE cadence = 'weekdays'"))
        await admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(admin, Verb.DIGEST, daily, **here)
        await room.tap(admin, Verb.DIGEST_DO, daily, "told", **here)
        await room.tap(admin, Verb.DIGEST_FOR, daily, "public", **here)
        await room.tap(admin, Verb.DIGEST_PART, daily, "corrected", "0", **here)
        told = "SELECT audience, left_out FROM subscriptions WHERE id = ?"
        await room.until(lambda: room.desk.rows(told, daily) == [("public", '["corrected"]')])

        # It goes on, and ends; its button is a dead one then.
        await admin.send("/digest@factdesk_bot resume", chat=team)
        await room.until(lambda: room.desk.value(WEEKLY) == 0)
        await room.tap(admin, Verb.DIGEST_DO, weekly, "resume", **here)
        await room.tap(admin, Verb.DIGEST_DO, weekly, "end", **here)
        await room.until(lambda: room.desk.rows(WEEKLY) == [])
        await admin.send("/digest@factdesk_bot off", chat=team)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM subscriptions WHERE active = 1") == 0)
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
