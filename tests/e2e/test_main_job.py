"""The whole job through the real process and real HTTP: a document in, reviewers, a verdict, answers, a digest."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from bot.callbacks import Verb
from tests.support.newsroom import Newsroom, a_newsroom, offers

ARTICLE = files("seeds") / "articles" / "munitions.bn.txt"
RUMOUR = json.loads((files("seeds") / "demo.json").read_text(encoding="utf-8"))["request"]["text"]


async def ingest(room: Newsroom, path: str) -> dict[str, object]:
    code, out, err = await room.desk.command("ingest", path, "--json")
    assert code == 0, err
    shown: dict[str, object] = json.loads(out)
    return shown


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_claim_goes_from_the_article_to_the_answer_and_the_digest(tmp_path: Path, language: str) -> None:
    async with a_newsroom(tmp_path) as room:
        team = await room.people.group("Team", [room.admin])
        channel = await room.people.channel("Public", [room.admin])
        await channel.set_bot_status("left")
        await room.admin.wait(lambda message: True, since=0)
        article = await ingest(room, str(ARTICLE))
        assert len(article["claims"]) == 14  # type: ignore[arg-type]
        asker = await room.person("Rahim", language=language)
        await room.ask(asker, RUMOUR)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM requests") == 1)
        claim = room.desk.value("SELECT claim_id FROM requests")
        assert claim in [each["id"] for each in article["claims"]]  # type: ignore[attr-defined]
        await room.see(asker, f"#{claim}")

        first = await room.hire("Farida", language="bn")
        second = await room.hire("Dev", language="en")
        for reviewer in (first, second):
            card = await room.see(reviewer, offers(Verb.TAKE))
            assert RUMOUR[:40] in card.text
        await room.review(first, "mostly_true", why="দুই সংস্থার হিসাব প্রায় এক।")
        await room.review(second, "mostly_true", why="Two agencies give nearly the same figure.")

        await room.tap(room.admin, Verb.APPROVE, str(claim))
        answer = await room.see(asker, lambda message: "example.org/report" in message.html)
        assert RUMOUR[:40] in answer.text
        assert "দুই সংস্থার হিসাব" in answer.text, "the summary is in the claim's language"

        await asker.send(f"#{claim}")
        await room.see(asker, lambda message: f"#{claim}" in message.text and "example.org" in message.html)
        await room.admin.send("/digest@factdesk_bot now", chat=team)
        digest = await team.wait(f"#{claim}", timeout=20)
        assert "example.org" in digest.html
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


async def test_stale_and_foreign_buttons_and_double_taps_change_nothing(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        asker = await room.person("Rahim")
        await room.ask(asker, "The bridge over the river was closed for 30 days in March.")
        owner, other = await room.hire("Owner"), await room.hire("Other", duty=False)
        card = await room.see(owner, offers(Verb.TAKE))
        take = card.button(card.labels[0]).data or ""

        foreign = await other.press_raw(card, take)
        assert foreign is not None
        assert foreign.alert
        assert room.desk.value("SELECT state FROM assignments") == "offered"

        await room.tap(owner, Verb.TAKE)
        again = await owner.press_raw(card, take)
        assert again is not None
        assert again.alert
        assert room.desk.value("SELECT count(*) FROM assignments") == 1

        rating = await room.see(owner, offers(Verb.RATE, "true"))
        rate = next(button.data for row in rating.buttons for button in row if "rate" in (button.data or ""))
        before = room.desk.value("SELECT count(*) FROM review_revisions")
        for _ in range(3):
            await owner.press_raw(rating, rate or "")
        assert room.desk.value("SELECT count(*) FROM review_revisions") == before + 1

        await owner.send("https://example.org/a")
        await room.tap(owner, Verb.SOURCE_KIND, "news")
        await room.tap(owner, Verb.SOURCE_STANCE, "refutes")
        await room.explain(owner, "The log says otherwise.")
        preview = await room.see(owner, offers(Verb.SUBMIT))
        submit = next(button.data for row in preview.buttons for button in row if "submit" in (button.data or ""))
        await owner.press_raw(preview, submit or "")
        late = await owner.press_raw(preview, submit or "")
        assert late is not None
        assert late.alert
        stale = await owner.press_raw(rating, rate or "")
        assert stale is not None
        assert stale.alert
        unknown = await owner.press_raw(rating, "0:gone:1")
        assert unknown is not None
        assert room.desk.rows("SELECT state, count(*) FROM reviews GROUP BY state") == [("submitted", 1)]


async def test_free_text_at_a_step_that_wants_a_button_is_answered_and_lost_by_nobody(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        await room.ask(await room.person("Rahim"), "The bridge over the river was closed for 30 days in March.")
        reviewer = await room.hire("Owner")
        await room.tap(reviewer, Verb.TAKE)
        await room.until(lambda: room.awaiting(reviewer) == "rating")
        sent = await reviewer.send("this is false I think")
        reply = await room.see(reviewer, lambda message: message.by_bot and message.reply_to == sent.id)
        assert "#1" in reply.text
        assert room.desk.value("SELECT count(*) FROM submissions WHERE state = 'gathering'") == 0
        await reviewer.send("/cancel")
        await room.until(lambda: room.awaiting(reviewer) is None)
        assert room.desk.value("SELECT state FROM assignments") == "taken"
        await room.tap(reviewer, Verb.STEP)
        await room.until(lambda: room.awaiting(reviewer) == "rating")
        await room.tap(reviewer, Verb.HAND_BACK)
        await room.until(lambda: room.desk.value("SELECT state FROM claims") == "queued")


async def test_an_unreachable_reviewer_loses_the_lease_and_editors_hear_of_it(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        await room.ask(await room.person("Rahim"), "The bridge over the river was closed for 30 days in March.")
        gone = await room.hire("Gone")
        await room.tap(gone, Verb.TAKE)
        await room.until(lambda: room.desk.value("SELECT state FROM assignments") == "taken")
        await gone.block()
        await room.see(room.admin, "Gone")
        assert room.desk.rows("SELECT state FROM assignments") == [("withdrawn",)]
        assert room.desk.value("SELECT state FROM claims") == "queued"
        spare = await room.hire("Spare")
        await room.see(spare, offers(Verb.TAKE))


async def test_two_messages_in_a_row_are_one_submission_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        asker = await room.person("Rahim", language="bn")
        await asker.send("প্রথম অংশ: সেতুটি মার্চে ৩০ দিন বন্ধ ছিল।")
        await asker.send("দ্বিতীয় অংশ: মেয়র তা বলেছেন।")
        await room.tap(asker, Verb.SEND)
        await room.until(lambda: room.desk.value("SELECT count(*) FROM requests") == 1)
        assert room.desk.value("SELECT count(*) FROM submissions") == 1
        assert "দ্বিতীয়" in room.desk.value("SELECT text FROM claims")
        await asker.send("/submit প্রথম অংশ: সেতুটি মার্চে ৩০ দিন বন্ধ ছিল। দ্বিতীয় অংশ: মেয়র তা বলেছেন।")
        await room.until(
            lambda: room.desk.value("SELECT count(*) FROM outbox WHERE kind = 'submission_confirmed'") == 2
        )
        assert room.desk.value("SELECT count(*) FROM claims") == 1
        assert room.desk.value("SELECT count(*) FROM requests") == 1
