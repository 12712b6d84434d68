"""Practice through the real process and real HTTP: from /practice to the comparison, with a kill in the middle."""

from __future__ import annotations

from pathlib import Path

from bot.callbacks import Verb
from bot.sandbox.seen import SeenMessage
from jobs.practice import read_cases
from tests.support.newsroom import a_newsroom, find_data, offers

CASES = {case["claim"]: case for case in read_cases()}


def case_of(message: SeenMessage) -> dict[str, object]:
    """Return the case that a card is about."""
    return next(case for claim, case in CASES.items() if claim in message.text)


async def test_a_reviewer_practises_one_case_in_bengali_and_a_kill_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        reviewer = await room.hire("Farida", language="bn")
        await reviewer.send("/practice")
        await room.tap(reviewer, Verb.PRACTICE)
        card = await room.see(reviewer, offers(Verb.TAKE))
        assert card.text.startswith("🎓 অনুশীলন।")
        assert "#" not in card.text
        case = case_of(card)
        assert case["language"] == "bn"
        await room.tap(reviewer, Verb.TAKE)
        await room.tap(reviewer, Verb.RATE, "false")
        await room.until(lambda: room.awaiting(reviewer) == "source")
        await reviewer.send("https://example.org/report")
        await room.tap(reviewer, Verb.SOURCE_KIND, "news")

        await room.desk.kill()
        await room.desk.start()

        await room.tap(reviewer, Verb.SOURCE_STANCE, "refutes")
        await room.until(lambda: room.described(reviewer))
        await room.explain(reviewer, "প্রতিবেদনটি উল্টো কথা বলে।")
        preview = await room.see(reviewer, offers(Verb.SUBMIT))
        submit = find_data(preview, Verb.SUBMIT) or ""
        await reviewer.press_raw(preview, submit)
        again = await reviewer.press_raw(preview, submit)
        assert again is not None
        assert again.alert

        shown = await room.see(reviewer, lambda message: "ডেস্ক যা পেয়েছে" in message.text)
        assert str(case["summary"]) in shown.text
        assert "প্রতিবেদনটি উল্টো কথা বলে।" in shown.text
        assert "example.org/report" in shown.html
        assert str(case["sources"][0]["url"]) in shown.html.replace("&amp;", "&")  # type: ignore[index]
        assert shown.text.startswith("🎓 অনুশীলন।")
        assert offers(Verb.PRACTICE)(shown)
        assert offers(Verb.PRACTICE_STOP)(shown)

        assert room.desk.rows("SELECT count(*) FROM audit WHERE subject = 'claim'") == [(0,)]
        assert room.desk.rows("SELECT count(*) FROM claims WHERE id > 0") == [(0,)]
        for command in (("status", "1"), ("search", "সুন্দরবন"), ("queue",)):
            _, out, err = await room.desk.command(*command)
            assert not any(claim in out + err for claim in CASES)
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


async def test_practice_is_for_reviewers_in_private_and_buttons_of_before_are_answered(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        reader = await room.person("Rahim")
        sent = await reader.send("/practice")
        await room.see(reader, lambda message: message.by_bot and message.reply_to == sent.id)
        team = await room.people.group("Team", [room.admin])
        asked = await room.admin.send("/practice@factdesk_bot", chat=team)
        await team.wait(lambda message: message.by_bot and message.reply_to == asked.id, timeout=20)
        assert room.desk.value("SELECT count(*) FROM claims") == 0

        reviewer = await room.hire("Dev")
        await reviewer.send("/practice")
        overview = await room.see(reviewer, offers(Verb.PRACTICE))
        start = find_data(overview, Verb.PRACTICE) or ""
        first = await reviewer.press_raw(overview, start)
        assert first is None or not first.alert
        for presser in (reviewer, reader):
            late = await presser.press_raw(overview, start)
            assert late is not None
            assert late.alert
        assert room.desk.value("SELECT count(*) FROM assignments") == 1
        await room.tap(reviewer, Verb.TAKE)
        await room.until(lambda: room.awaiting(reviewer) == "rating")
        sent = await reviewer.send("I think that this is wrong")
        told = await room.see(reviewer, lambda message: message.by_bot and message.reply_to == sent.id)
        assert "🎓" in told.text
        card = await room.see(reviewer, offers(Verb.RATE))
        replied = await reviewer.send("/status", reply_to=card)
        await room.see(reviewer, lambda message: message.by_bot and message.reply_to == replied.id)
        await reviewer.send("/mine")
        await room.see(reviewer, lambda message: "practice" in message.text and offers(Verb.WORK)(message))
        await reviewer.send("/cancel")
        await room.until(lambda: room.awaiting(reviewer) is None)
        await room.tap(reviewer, Verb.STEP)
        await room.tap(reviewer, Verb.HAND_BACK)
        await room.until(lambda: room.desk.value("SELECT state FROM assignments") == "passed")
        await room.tap(reviewer, Verb.PRACTICE_STOP)
        assert room.desk.value("SELECT count(*) FROM assignments") == 1
