"""An editor changes how the desk works, in chat; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom

TOLD = {
    "en": (
        "So many independent reviews decide a claim",
        "can be from 1 to 20",
        "changed the setting approval: on → off",
        "This is for people with the role “editor”",
    ),
    "bn": ("এতগুলো স্বাধীন মূল্যায়ন", "১ থেকে ২০", "approval বদলেছেন: on → off", "“সম্পাদক” ভূমিকা"),
}
CLAIM = "The bridge over the river was closed for 30 days in March."


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_with_a_quorum_of_one_and_no_approval_one_review_is_published(tmp_path: Path, language: str) -> None:
    sentence, outside, changed, refused = TOLD[language]
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        other = await room.hire("Editor", "editor", language=language, duty=False)
        await admin.send("/settings")
        await room.see(admin, sentence)
        await admin.send("/settings quorum ৯৯")
        await room.see(admin, outside)
        await admin.send("/settings quorum 1")
        await room.see(admin, lambda message: "<b>1</b>" in message.html and "quorum" in message.html)
        await admin.send("/settings approval")
        await room.tap(admin, Verb.SETTING, "approval", "off")
        await room.see(other, changed)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM settings WHERE changed_by IS NOT NULL") == 2)

        asker = await room.person("Asker", language=language)
        await room.ask(asker, CLAIM)
        await room.review(await room.hire("One"), "false", why="The log shows that it stayed open.")
        await room.see(asker, "The log shows that it stayed open.")

        await asker.send("/settings quorum 2")
        await room.see(asker, refused)
        assert room.desk.value("SELECT value FROM settings WHERE name = 'quorum'") == "1"
