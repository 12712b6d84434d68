"""Figures as files: a table, and pictures; real process, real HTTP."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.sandbox.files import image_size
from tests.support.newsroom import a_newsroom

CLAIM = "The bridge over the river was closed for 30 days in March."
TOLD = {"en": ("as a table", "Came in"), "bn": ("সারণি হিসেবে", "এসেছে")}
CHART = {"en": "Open now, by age: up to three days 1", "bn": "এখন খোলা, বয়স অনুযায়ী: তিন দিন পর্যন্ত ১"}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_figures_come_as_a_table(tmp_path: Path, language: str) -> None:
    caption, came_in = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open()
        reviewer = await room.hire("Reviewer", language=language, duty=False)
        asker = await room.person("Asker", language=language)
        await room.ask(asker, CLAIM)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1)

        await reviewer.send("/stats 7d CSV")
        sent = await room.see(reviewer, caption)
        assert sent.file is not None
        assert sent.file.name is not None
        assert sent.file.name.endswith(".csv")
        rows = list(csv.DictReader((await reviewer.download(sent)).decode("utf-8-sig").splitlines()))
        first = rows[0]
        assert (first["key"], first["label"], first["value"]) == ("came_in", came_in, "1")


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_figures_and_digests_for_the_team_come_with_a_picture(tmp_path: Path, language: str) -> None:
    by_age = CHART[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open(language)
        reviewer = await room.hire("Reviewer", language=language, duty=False)
        team = await room.people.group("Team", [room.admin, reviewer])
        await room.admin.send("/digest@factdesk_bot daily 09:00 UTC", chat=team)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM subscriptions WHERE active = 1") == 1)
        asker = await room.person("Asker", language=language)
        await room.ask(asker, CLAIM)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1)
        room.desk.move_clock(2 * 86_400)

        # Under the digest, and under the figures.
        shown = await room.see(room.admin, by_age, chat=team)
        assert shown.kind == "photo"
        await reviewer.send("/stats 7d")
        shown = await room.see(reviewer, by_age)
        assert shown.kind == "photo"
        size = image_size(await reviewer.download(shown))
        assert size is not None
        assert size[0] == 1080

        # A digest without it, from the next one on.
        subscription = str(room.desk.value("SELECT id FROM subscriptions WHERE active = 1"))
        await room.admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(room.admin, Verb.DIGEST, subscription, chat=team)
        await room.tap(room.admin, Verb.DIGEST_DO, subscription, "told", chat=team)
        await room.tap(room.admin, Verb.DIGEST_PART, subscription, "chart", "0", chat=team)
        await room.until(lambda: room.desk.value("SELECT left_out FROM subscriptions WHERE active = 1") == '["chart"]')
        made = room.desk.value("SELECT count(*) FROM digests")
        pictures = room.desk.value("SELECT count(*) FROM outbox WHERE kind = 'chart_shown'")
        await room.ask(asker, CLAIM.replace("30 days", "40 days"))
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 2)
        room.desk.move_clock(3 * 86_400)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM digests") > made)
        assert room.desk.value("SELECT count(*) FROM outbox WHERE kind = 'chart_shown'") == pictures
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
