"""An editor limits a digest, gives it first words and another order, by button and typed; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import a_newsroom

TOLD = {
    "en": ("Only claims in Bangla", "knows no language", "Only claims on #flood", "Every morning of "),
    "bn": ("শুধু বাংলা ভাষার দাবি", "কোনো ভাষা ডেস্ক চেনে না", "শুধু #flood বিষয়ের দাবি", "রোজ সকালে "),
}
CLAIM = "The bridge over the river was closed for 30 days in March."
OTHER = "The city hospital bought 40 new beds in April for the children's ward."


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_editor_says_what_a_digest_tells_of_and_how_it_begins(tmp_path: Path, language: str) -> None:
    in_bengali, unknown, on_flood, intro = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open(language)
        admin = room.admin
        team = await room.people.group("Team", [admin])
        here = {"chat": team}
        wished = "SELECT languages, topics, intro IS NOT NULL, arranged <> '[]' FROM subscriptions"

        await admin.send("/digest@factdesk_bot daily 09:00 UTC", chat=team)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM subscriptions") == 1)

        # Two claims come in, one of them gets a tag.
        asker = await room.person("Asker", language=language)
        await room.ask(asker, CLAIM)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 1)
        await room.ask(await room.person("Other", language=language), OTHER)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims WHERE practice = 0") == 2)
        number = room.desk.value("SELECT id FROM claims WHERE text = ?", CLAIM)
        await admin.send(f"/tag {number} flood")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claim_tags WHERE tag = 'flood'") == 1)

        # Limits by button, and typed; what is no language changes nothing.
        await admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(admin, Verb.DIGEST, "1", **here)
        await room.tap(admin, Verb.DIGEST_WISH, "1", "limits", **here)
        await room.tap(admin, Verb.DIGEST_LANGUAGE, "1", "bn", "1", **here)
        await room.see(admin, in_bengali, **here)
        await admin.send("/digest@factdesk_bot 1 languages Klingonese", chat=team)
        await room.see(admin, unknown, **here)
        await admin.send("/digest@factdesk_bot ১ languages off", chat=team)
        await room.until(lambda: room.desk.rows(wished) == [("[]", "[]", 0, 0)])
        await admin.send("/digest@factdesk_bot 1 topics #Flood", chat=team)
        await room.see(admin, on_flood, **here)

        # First words, which are no markup, and another order.
        await admin.send(f"/digest@factdesk_bot 1 intro {intro}{{date}}:\n<b>a & b</b>", chat=team)
        await room.until(lambda: room.desk.rows(wished) == [("[]", '["flood"]', 1, 0)])
        await admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(admin, Verb.DIGEST, "1", **here)
        await room.tap(admin, Verb.DIGEST_WISH, "1", "order", **here)
        await room.tap(admin, Verb.DIGEST_UP, "1", "new", "3", **here)
        await room.until(lambda: room.desk.rows(wished) == [("[]", '["flood"]', 1, 1)])

        # The digest tells of the one claim, after those words.
        room.desk.move_clock(86_400)
        shown = await room.see(admin, "<b>a & b</b>", **here)
        assert on_flood in shown.text
        assert CLAIM in shown.text
        assert OTHER not in shown.text
        assert room.desk.value("SELECT content ->> '$.sections.new.total' FROM digests") == 1
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
