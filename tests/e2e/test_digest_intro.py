"""An editor writes a digest's first words when a button asks for them: in the team's group, and in private."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.views.words import words_for
from tests.support.newsroom import PATIENCE, a_newsroom, offers

INTRO = "SELECT intro FROM subscriptions WHERE id = 1"
ASKED = "SELECT count(*) FROM intros_asked"
WORDS = {"en": "Good morning! <b>a & b</b>, {date}", "bn": "সুপ্রভাত! <b>ক ও খ</b>, {date}"}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_editor_is_asked_for_the_intro_and_can_leave_it_or_take_it_away(tmp_path: Path, language: str) -> None:
    words = words_for(language)
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        other = await room.person("Other")
        team = await room.people.group("Team", [admin, other])
        here = {"chat": team}
        await admin.send("/digest@factdesk_bot daily 09:00 UTC", chat=team)
        await admin.send("/digest daily 09:00 UTC")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM subscriptions") == 2)

        # In the group: asked, left as it is, asked again; of all that is said there only their reply counts.
        await admin.send("/digest@factdesk_bot", chat=team)
        await room.tap(admin, Verb.DIGEST, "1", **here)
        await room.tap(admin, Verb.DIGEST_WISH, "1", "intro", **here)
        await room.until(lambda: room.desk.value(ASKED) == 1)
        await room.tap(admin, Verb.DIGEST_WISH, "1", "leave", **here)
        await room.until(lambda: room.desk.value(ASKED) == 0)
        await room.tap(admin, Verb.DIGEST_WISH, "1", "intro", **here)
        card = await room.see(admin, offers(Verb.DIGEST_WISH, "1", "leave"), **here)
        await other.reply(card, "No, let me.")
        await admin.send("What shall we write?", chat=team)
        await admin.reply(card, WORDS[language])
        await room.until(lambda: room.desk.value(INTRO) == WORDS[language])
        await room.see(admin, words.text("It begins like this:") + "\n" + WORDS[language], **here)
        await room.tap(admin, Verb.DIGEST_WISH, "1", "bare", **here)
        await room.until(lambda: room.desk.value(INTRO) is None)

        # In private: /cancel leaves it, and else the next text is it.
        await admin.send("/digest")
        await room.tap(admin, Verb.DIGEST, "2")
        await room.tap(admin, Verb.DIGEST_WISH, "2", "intro")
        await room.until(lambda: room.desk.value(ASKED) == 1)
        await admin.send("/cancel")
        await room.until(lambda: room.desk.value(ASKED) == 0)
        await admin.send("/digest")
        await room.tap(admin, Verb.DIGEST, "2")
        await room.tap(admin, Verb.DIGEST_WISH, "2", "intro")
        await room.until(lambda: room.desk.value(ASKED) == 1)
        await room.desk.kill()
        await room.desk.start()
        await admin.send(WORDS[language])
        of_private = "SELECT intro FROM subscriptions WHERE id = 2"
        await room.until(lambda: room.desk.value(of_private) == WORDS[language])
        assert room.desk.rows(INTRO) == [(None,)]
        shown = await admin.wait(offers(Verb.DIGEST_WISH, "2", "bare"), timeout=PATIENCE, since=0)
        assert WORDS[language] in shown.text
        assert room.desk.value("SELECT count(*) FROM submissions") == 0
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
