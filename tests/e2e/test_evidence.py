"""Sources that are copies of one another, and one that is protected; through the real process, in both languages."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.sandbox import Person
from tests.support.newsroom import Newsroom, a_newsroom

TEXTS = {
    "en": (
        "The bridge over the river was closed for 30 days.",
        "looks like a copy of source 1",
        "protected source",
        "a line under it",
    ),
    "bn": ("নদীর ওপরের পুরোনো সেতুটি ৩০ দিন বন্ধ ছিল।", "দেখতে সূত্র ১-এর কপির মতো", "গোপন সূত্র", "নিচে এক লাইনে লিখে দিন"),
}

PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest picture there is: one pixel."""


async def add(room: Newsroom, person: Person, address: str) -> None:
    await person.send(address)
    await room.tap(person, Verb.SOURCE_KIND, "news")
    await room.tap(person, Verb.SOURCE_STANCE, "refutes")
    await room.until(lambda: room.described(person))


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_reviewer_marks_copies_protects_a_source_and_the_reader_sees_no_more_than_they_may(
    tmp_path: Path, language: str
) -> None:
    text, alike, protected, needs_caption = TEXTS[language]
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        await admin.send("/settings quorum 1")
        await admin.send("/settings sources_false 2")
        await admin.send("/settings origins_false 2")
        await room.until(lambda: "origins" in str(room.desk.rows("SELECT value FROM settings WHERE name = 'scale'")))
        reader = await room.person("Rahim", language=language)
        await room.ask(reader, text)
        reviewer = await room.hire("One", language=language)
        await room.tap(reviewer, Verb.TAKE)
        await room.tap(reviewer, Verb.RATE, "false")
        await add(room, reviewer, "https://news.example/report")
        await add(room, reviewer, "https://news.example/again")
        await room.see(reviewer, alike)
        await room.tap(reviewer, Verb.SOURCE_COPY, "2", "1")
        await room.until(lambda: room.desk.value("SELECT count(origin) FROM sources") == 1)

        await add(room, reviewer, "Rahima, who keeps the log of the harbour")
        await room.tap(reviewer, Verb.SOURCE, "3", "menu")
        await room.tap(reviewer, Verb.SOURCE, "3", "protect")
        await reviewer.send("A clerk of the harbour")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM sources WHERE protected = 1") == 1)
        await reviewer.send_photo(PHOTO)
        await room.see(reviewer, needs_caption)
        await reviewer.send_photo(PHOTO, "The gate in March")
        await room.tap(reviewer, Verb.SOURCE_KIND, "4", "primary")
        await room.tap(reviewer, Verb.SOURCE_STANCE, "4", "refutes")
        await room.tap(reviewer, Verb.SOURCE, "3", "menu")
        await room.tap(reviewer, Verb.SOURCE, "3", "quote")
        await reviewer.send("The gate was never shut.")
        await room.see(reviewer, "The gate was never shut.")
        await room.tap(reviewer, Verb.STEP, "source")
        await room.explain(reviewer, "The log shows it.")
        await room.tap(reviewer, Verb.SUBMIT)

        await room.tap(admin, Verb.FILE, "4")
        await room.see(admin, lambda message: message.by_bot and message.file is not None)
        sha256 = hashlib.sha256(PHOTO).hexdigest()
        hashed = "SELECT sha256, file_size FROM sources WHERE file_kind IS NOT NULL"
        await room.until(lambda: room.desk.rows(hashed) == [(sha256, len(PHOTO))])
        await room.tap(admin, Verb.APPROVE)
        answer = (await room.see(reader, "The log shows it.")).text
        assert "A clerk of the harbour" in answer
        assert protected in answer
        assert "never shut" not in answer, "what a protected source says would tell who it is"
        for person in (admin, reader):
            assert not any("Rahima" in message.text for message in await person.messages())
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
