"""A published verdict is corrected, then taken back: everybody who got it is told; real process, real HTTP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.sandbox import Person
from bot.views.words import words_for
from tests.e2e.test_evidence import PHOTO
from tests.support.newsroom import Newsroom, a_newsroom, find_data

CLAIMS = {
    "en": "The bridge over the Padma is 6.15 kilometres long.",
    "bn": "পদ্মা সেতু ৬.১৫ কিলোমিটার লম্বা।",
}


async def count(person: Person, piece: str) -> int:
    """Return how many messages of the desk with these words a person has."""
    return sum(piece in message.text for message in await person.messages() if message.by_bot)


async def changed(room: Newsroom, author: Person, other: Person, reason: str) -> None:
    """Send the reason, put the draft before the other editor, and let them release it."""
    proposed = "SELECT count(*) FROM corrections WHERE state = 'proposed'"
    drafts = "SELECT count(*) FROM corrections WHERE state = 'draft'"
    await room.until(lambda: room.awaiting(author) in {"correction", "retraction"})
    await author.send(reason)
    await room.until(lambda: room.desk.value(drafts) == 1)
    number = room.desk.value("SELECT max(id) FROM corrections")
    await room.tap(author, Verb.PROPOSE, str(number))
    await room.until(lambda: room.desk.value(proposed) == 1)
    await room.tap(other, Verb.RELEASE, str(number))
    await room.until(lambda: room.desk.value(proposed) == 0)


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_correction_and_a_retraction_reach_everybody_who_got_the_verdict_once(
    tmp_path: Path, language: str
) -> None:
    words = words_for(language)
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        other = await room.hire("Elsa", "editor", language=language, duty=False)
        asker = await room.person("Rahim", language=language)
        channel = await room.people.channel("Verdicts", [admin])
        await room.tap(admin, Verb.CHANNEL, "1")
        await room.ask(asker, CLAIMS[language])
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims") == 1)
        for name in ("One", "Two"):
            await room.review(await room.hire(name), "false", why="Nobody measured it.")
        await room.tap(admin, Verb.APPROVE, "1")
        await room.see(asker, "Nobody measured it.")
        await channel.wait("Nobody measured it.", since=0)

        await admin.send("/correct 1")
        await room.tap(admin, Verb.CORRECT, "1", "true")
        await changed(room, admin, other, "The engineers published the length.")
        await room.see(asker, "The engineers published the length.")
        assert await count(asker, "The engineers published the length.") == 1
        note, corrected = words.text("The earlier post now says this, too."), words.text("<b>Corrected</b> on {date}.")
        await channel.wait(note, since=0)
        await channel.wait(re.sub("<.*?>", "", corrected).partition("{")[0].strip(), since=0)
        assert room.desk.rows("SELECT version, rating FROM verdicts ORDER BY version") == [(1, "false"), (2, "true")]

        await other.send("/retract #1")
        await changed(room, other, admin, "The paper was withdrawn.")
        told = await room.see(asker, "The paper was withdrawn.")
        assert words.text("Please do not rely on it any more, and tell those to whom you passed it on.") in told.text
        assert await count(asker, "The paper was withdrawn.") == 1

        await asker.send("/corrections")
        shown = await room.see(asker, lambda message: find_data(message, Verb.HISTORY, "1") is not None)
        assert "The engineers published the length." in shown.text
        assert "The paper was withdrawn." in shown.text
        await room.tap(asker, Verb.HISTORY, "1")
        history = await room.see(asker, words.text("verdict withdrawn"))
        assert "Elsa" not in history.text
        await admin.send("/history 1")
        await room.see(admin, "Elsa")
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_editor_sends_a_claim_back_and_then_writes_the_summary_anew(tmp_path: Path, language: str) -> None:
    words = words_for(language)
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        await admin.send(f"/language {language}")
        asker = await room.person("Rahim", language=language)
        await room.ask(asker, CLAIMS[language])
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims") == 1)
        crew = [await room.hire(name, language=language) for name in ("One", "Two")]
        for number, person in enumerate(crew):
            await room.review(person, "false", why="Nobody measured it.")
            if not number:
                await room.tap(person, Verb.UNDO, "1")
                await room.until(lambda: room.desk.value("SELECT state FROM reviews") == "draft")
                revision = room.desk.value("SELECT revision FROM reviews")
                await room.tap(person, Verb.SUBMIT, "1", str(revision))
                await room.until(lambda: room.desk.value("SELECT state FROM reviews") == "submitted")
        await room.tap(admin, Verb.SEND_BACK, "1")
        await room.until(lambda: room.awaiting(admin) == "send_back")
        await admin.send("Did you ask the engineers?")
        for number, person in enumerate(crew, 3):
            told = await room.see(person, "Did you ask the engineers?")
            assert (
                words.text("An editor sends <b>{claim}</b> back to you:", claim="#1")
                .replace("<b>", "")
                .replace("</b>", "")
                in told.text
            )
            await room.tap(person, Verb.TAKE, str(number))
            await room.tap(person, Verb.STEP, str(number), "explanation")
            await room.until(lambda person=person: room.awaiting(person) == "explanation")
            await person.send("The engineers say so.")
            said = "SELECT v.revision FROM reviews v JOIN people p ON p.id = v.person_id WHERE p.telegram_id = ?"
            written = f"{said} AND v.explanation = 'The engineers say so.'"
            await room.until(lambda person=person, written=written: bool(room.desk.rows(written, person.id)))
            await room.tap(person, Verb.SUBMIT, str(number), str(room.desk.value(said, person.id)))
        await room.until(lambda: room.desk.value("SELECT state FROM claims") == "agreed")
        card = f"{room.desk.value('SELECT revision FROM claims')}"
        await room.tap(admin, Verb.REWRITE, "1", card)
        await room.until(lambda: room.awaiting(admin) == "summary")
        await admin.send("The engineers never measured it.")
        await room.until(lambda: room.desk.value("SELECT count(*) FROM wordings") == 1)
        await room.tap(admin, Verb.APPROVE, "1", f"{room.desk.value('SELECT revision FROM claims')}")
        await room.see(asker, "The engineers never measured it.")
        for helped in ("0", "1", "1"):
            await room.tap(asker, Verb.HELPED, helped)
        assert room.desk.rows("SELECT helped FROM feedback") == [(1,)]
        await room.tap(asker, Verb.EVIDENCE, "1")
        await room.until(lambda: room.awaiting(asker) == "new_evidence")
        await asker.send_photo(PHOTO)
        once_more = (
            "Please send the file once more, with a line under it that says what it shows. What you wrote is kept."
        )
        await room.see(asker, words.text(once_more))
        await asker.send_photo(PHOTO, "They have measured it now: https://example.org/length")
        await room.see(admin, "They have measured it now")
        await room.tap(admin, Verb.OBJECTION_FILE, "1")
        await room.see(admin, lambda seen: seen.by_bot and seen.file is not None)
        await room.tap(admin, Verb.REOPEN, "1")
        await room.until(lambda: room.awaiting(admin) == "new_evidence")
        await admin.send("There is a new measurement.")
        await room.until(lambda: room.desk.value("SELECT state FROM claims") == "queued")
        accepted = words.text(
            "Because of what you and others sent, {claim} is checked again. You get the new answer here."
        )
        await room.see(asker, accepted.replace("{claim}", "#1"))
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
