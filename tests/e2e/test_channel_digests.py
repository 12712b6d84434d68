"""An editor sets a channel's digest in private, and one in a forum topic; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import PATIENCE, a_newsroom

TOLD = {
    "en": ("Which channel's digests", "Digests of the channel “Verdicts”", "can no longer post", "nothing new"),
    "bn": ("কোন চ্যানেলের সারসংক্ষেপ", "“Verdicts” চ্যানেলের সারসংক্ষেপ", "আর “Verdicts” চ্যানেলে লিখতে পারে না", "নতুন কিছু নেই"),
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_channels_digest_is_set_elsewhere_and_pauses_when_it_cannot_be_posted(
    tmp_path: Path, language: str
) -> None:
    which, those, lost, quiet = TOLD[language]
    async with a_newsroom(tmp_path, start=False) as room:
        await room.desk.start_controlled()
        await room.open(language)
        admin = room.admin
        channel = await room.people.channel("Verdicts", [admin], username="verdicts_bd")
        forum = await room.people.group("Forum", [admin], kind="supergroup", forum=True)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM chats WHERE username = 'verdicts_bd'") == 1)

        # By buttons in private, from the list of channels to the hour; another one is typed in the team's topic.
        await admin.send("/digest channel")
        await room.see(admin, which)
        chat = str(room.desk.value("SELECT id FROM chats WHERE kind = 'channel'"))
        await room.tap(admin, Verb.DIGESTS, chat)
        await room.tap(admin, Verb.DIGEST_NEW, "daily", "-", "-", chat)
        await room.tap(admin, Verb.DIGEST_NEW, "daily", "-", "540", chat)
        await room.see(admin, those)
        of_channel = "SELECT audience, paused FROM subscriptions WHERE chat_id = ? AND active = 1 ORDER BY id"
        assert room.desk.rows(of_channel, chat) == [("public", 0)]
        await admin.send("/digest channel @Verdicts_BD weekly sun 18:00", chat=forum, thread=77)
        await room.until(lambda: len(room.desk.rows(of_channel, chat)) == 2)
        await admin.send("/digest daily 09:00", chat=forum, thread=77)
        topic = "SELECT chat_id FROM subscriptions WHERE thread_id = 77"
        await room.until(lambda: len(room.desk.rows(topic)) == 1)

        # The digests come in the channel and in the topic; nothing else was said in the channel.
        room.desk.move_clock(86_400)
        await channel.wait(quiet, since=0, timeout=PATIENCE)
        said = "SELECT DISTINCT kind FROM outbox WHERE chat_id = ?"
        assert room.desk.rows(said, chat) == [("digest_posted",)]
        posted = "SELECT thread_id FROM outbox WHERE kind = 'digest_posted' AND state = 'sent' AND chat_id = ?"
        await room.until(lambda: room.desk.rows(posted, room.desk.value(topic)) == [(77,)])

        # The desk is taken out of the channel: its digests pause, and the editor is told.
        await channel.set_bot_status("left")
        await room.see(admin, lost)
        assert room.desk.rows(of_channel, chat) == [("public", 1), ("public", 1)]
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
