"""A reviewer asks for the figures of the desk; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.newsroom import a_newsroom

TOLD = {
    "en": (
        "Came in: 1 · published: 0",
        "1 open, for 2 days",
        "Kaplan and Meier",
        "no stretch of time",
        "Only this person",
    ),
    "bn": ("এসেছে: ১ · প্রকাশিত: ০", "১টি খোলা, ২ দিন ধরে", "কাপলান ও মায়ার", "কোনো সময়কাল নয়", "কেবল এই ব্যক্তি"),
}
CLAIM = "The bridge over the river was closed for 30 days in March."


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_figures_count_what_is_open_and_tell_how_they_are_made(tmp_path: Path, language: str) -> None:
    counts, still_open, why, no_stretch, private = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open()
        reviewer = await room.hire("Reviewer", language=language, duty=False)
        asker = await room.person("Asker", language=language)
        await room.ask(asker, CLAIM)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1)
        room.desk.move_clock(2 * 86_400 + 60)

        await reviewer.send("/stats 7d")
        figures = await room.see(reviewer, counts)
        assert still_open in figures.text
        await reviewer.send("/stats why")
        await room.see(reviewer, why)
        await reviewer.send("/stats tomorrow")
        await room.see(reviewer, no_stretch)
        await reviewer.send("/stats me 7d")
        await room.see(reviewer, private)

        # Figures of a colleague are for editors; those of the desk are for its people.
        shown = len(await reviewer.messages())
        await room.admin.send("/stats @Nobody_Here")
        await room.see(room.admin, "Nobody_Here")
        await asker.send("/stats")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM outbox WHERE kind = 'stats_shown'") == 1)
        assert len(await reviewer.messages()) == shown
