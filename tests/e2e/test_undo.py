"""What editors and reviewers do can be taken back before others hear of it; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from bot.sandbox import Person
from bot.views.words import words_for
from storage.kinds import ClosingReason
from tests.support.newsroom import Newsroom, a_newsroom, offers

CLAIMS = {
    "en": "The bridge over the Padma is 6.15 kilometres long.",
    "bn": "পদ্মা সেতু ৬.১৫ কিলোমিটার লম্বা।",
}
STATE = "SELECT state FROM claims WHERE id = 1"


async def heard(person: Person, piece: str) -> int:
    """Return how many messages of the desk with these words a person has."""
    return sum(piece in message.text for message in await person.messages() if message.by_bot)


async def stands(room: Newsroom, state: str) -> None:
    await room.until(lambda: room.desk.value(STATE) == state)


async def press(room: Newsroom, verb: Verb, *rest: str) -> None:
    """Let the admin press a button of the newest card of the claim: one of before would do nothing."""
    revision = room.desk.value("SELECT revision FROM claims WHERE id = 1")
    await room.tap(room.admin, verb, "1", str(revision), *rest)


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_approval_and_a_closing_are_taken_back_unheard_and_a_change_of_mind_is_told(
    tmp_path: Path, language: str
) -> None:
    words = words_for(language)
    async with a_newsroom(tmp_path) as room:
        admin = room.admin
        room.desk.set("undo_within", 3600)
        await admin.send(f"/language {language}")
        asker = await room.person("Rahim", language=language)
        await room.ask(asker, CLAIMS[language])
        await room.until(lambda: room.desk.value("SELECT count(*) FROM claims") == 1)

        await admin.send("/close 1")
        await press(room, Verb.CLOSE, ClosingReason.OPINION)
        await stands(room, "closed")
        unheard = words.text("Nobody is told in the first moments: if you take it up again, nobody hears of it.")
        await room.see(admin, unheard)
        await press(room, Verb.TAKE_UP)
        await stands(room, "queued")

        one, two = [await room.hire(name, language=language) for name in ("One", "Two")]
        for person in (one, two):
            await room.review(person, "false", why="Nobody measured it.")
        await stands(room, "agreed")
        await press(room, Verb.APPROVE)
        await stands(room, "approved")
        await press(room, Verb.UNDO_APPROVAL)
        await stands(room, "agreed")
        assert room.desk.value("SELECT count(*) FROM verdicts") == 0

        lease = room.desk.value("SELECT min(id) FROM assignments WHERE state = 'done'")
        await room.tap(one, Verb.UNDO, str(lease))
        await stands(room, "in_review")
        broken = words.text(
            "A reviewer of {claim} has changed their mind, so the agreement no longer stands. It is in review again.",
            claim="#1",
        )
        await room.see(admin, broken)
        assert await heard(admin, broken) == 1
        card = await room.see(one, offers(Verb.SUBMIT))
        assert "Nobody measured it." in card.text
        await room.tap(one, Verb.SUBMIT, str(lease))
        await stands(room, "agreed")

        room.desk.set("undo_within", 1)
        await press(room, Verb.APPROVE)
        await room.see(asker, "Nobody measured it.")
        await stands(room, "published")
        assert await heard(asker, "Nobody measured it.") == 1
        closing = words.text("The desk does not check what you asked about.")
        assert await heard(asker, closing) == 0
        assert room.desk.value("SELECT count(*) FROM outbox WHERE kind = 'claims_closed'") == 0
        code, out, _ = await room.desk.command("check")
        assert code == 0, out
