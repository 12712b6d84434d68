"""Figures as files: a table, and pictures; real process, real HTTP."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.newsroom import a_newsroom

CLAIM = "The bridge over the river was closed for 30 days in March."
TOLD = {"en": ("as a table", "Came in"), "bn": ("সারণি হিসেবে", "এসেছে")}


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
