"""A digest's line of a verdict leads to the post of it in the channel; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.views.words import words_for
from tests.support.newsroom import PATIENCE, a_newsroom

CLAIM = {
    "en": "The bridge over the Padma is 6.15 kilometres long.",
    "bn": "পদ্মা সেতু ৬.১৫ কিলোমিটার লম্বা।",
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_the_team_and_the_public_get_from_the_digest_to_the_post(tmp_path: Path, language: str) -> None:
    words = words_for(language)
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open(language)
        admin = room.admin
        asker = await room.person("Rahim", language=language)
        channel = await room.people.channel("Verdicts", [admin], username="verdicts_bd")
        await room.tap(admin, Verb.CHANNEL, "1")
        await admin.send("/digest daily 09:00")
        await admin.send("/digest channel @verdicts_bd daily 09:00")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM subscriptions") == 2)
        await room.ask(asker, CLAIM[language])
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1)
        for name in ("One", "Two"):
            await room.review(await room.hire(name), "false", why="Nobody measured it.")
        await room.tap(admin, Verb.APPROVE, "1")
        post = await channel.wait("Nobody measured it.", since=0, timeout=PATIENCE)

        room.desk.move_clock(86_400)
        there = f'<a href="https://t.me/verdicts_bd/{post.id}">{words.text("Read the post")}</a>'
        await room.see(admin, lambda message: there in message.html)
        await channel.wait(lambda message: there in message.html, since=0, timeout=PATIENCE)
        frozen = "SELECT DISTINCT content ->> '$.sections.published.lines[0].post.message_id' FROM digests"
        assert room.desk.rows(frozen) == [(post.id,)]
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
