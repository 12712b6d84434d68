"""Reviewers who disagree, blind, and an editor who decides with a reason: real process, real HTTP, both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import PATIENCE, a_newsroom, offers

CLAIM = {
    "en": "The bridge over the river was closed for 30 days in March.",
    "bn": "মার্চ মাসে নদীর ওপরের সেতুটি ৩০ দিন বন্ধ ছিল।",
}
SAID = {
    "en": ("The notice of March says so.", "Its toll was paid every day.", "It is a joke of a satire page."),
    "bn": ("মার্চের বিজ্ঞপ্তিতে তাই লেখা আছে।", "প্রতিদিন সেতুর টোল দেওয়া হয়েছে।", "এটি একটি রম্য পাতার কৌতুক।"),
}
REASON = {"en": "The road office's log shows that it stayed open.", "bn": "সড়ক দপ্তরের খাতা বলছে, সেতুটি খোলা ছিল।"}
TEXTS = {
    "en": (
        "The reviewers disagree",
        "You have reviewed this claim yourself",
        "1 reviewer thought otherwise: ",
        "Reason: ",
    ),
    "bn": ("যাচাইকারীদের মধ্যে মতভেদ আছে", "আপনি নিজে দাবিটি যাচাই করেছেন", "১ জন যাচাইকারীর মত ভিন্ন ছিল: ", "কারণ: "),
}
RATINGS = ("true", "false", "satire")


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_what_reviewers_found_is_put_side_by_side_and_decided_by_an_editor_who_is_not_one(
    tmp_path: Path, language: str
) -> None:
    head, own, otherwise, why = TEXTS[language]
    async with a_newsroom(tmp_path) as room:
        admin, desk = room.admin, room.desk
        await admin.send(f"/language {language}")
        asker = await room.person("Rahim", language=language)
        await room.ask(asker, CLAIM[language])
        crew = []
        for name, role, rating, said in zip(
            ("Nazma", "Dev", "Mita"), ("editor", "reviewer", "reviewer"), RATINGS, SAID[language], strict=True
        ):
            reviewer = await room.hire(name, role=role, language=language)
            await room.review(
                reviewer, rating, sources=() if rating == "satire" else ("https://example.org/x",), why=said
            )
            crew.append(reviewer)
            # Nobody has been shown what somebody else wrote.
            shown = " ".join(message.text for message in await reviewer.messages())
            assert [each for each in SAID[language] if each in shown] == [said]
        await room.until(lambda: desk.value("SELECT state FROM claims") == "disputed")
        assert desk.value("SELECT count(*) FROM verdicts") == 0

        card = await room.see(admin, lambda seen: head in seen.text and bool(offers(Verb.ADJUDICATE)(seen)))
        for part in (*SAID[language], "Nazma", "Dev", "Mita"):
            assert part in card.text
        party = await room.see(crew[0], offers(Verb.ADJUDICATE))
        button = next(each.data for row in party.buttons for each in row if "false" in (each.data or ""))
        refused = await crew[0].press_raw(party, button or "", timeout=PATIENCE)
        assert refused is not None
        assert own in refused

        await room.tap(admin, Verb.ADJUDICATE, "false")
        await room.until(lambda: room.awaiting(admin) == "adjudication")
        await desk.kill()
        await desk.start()
        await admin.send("w" * 4050)
        await room.see(admin, lambda seen: seen.by_bot and ("4,000" in seen.text or "৪,০০০" in seen.text))
        assert desk.value("SELECT count(*) FROM verdicts") == 0
        await admin.send(REASON[language])
        answer = await room.see(asker, REASON[language])
        assert SAID[language][1] in answer.text
        assert not [name for name in ("Nazma", "Dev", "Mita") if name in answer.text]
        found = desk.rows("SELECT rating, method, reason FROM verdicts")
        assert found == [("false", "adjudicated", REASON[language])]
        await asker.send("/status 1")
        status = await room.see(asker, otherwise)
        assert why + REASON[language] in status.text
        assert status.text.count(otherwise) == 2, "both other ratings are kept"
        code, out, _ = await desk.command("check")
        assert code == 0, out
