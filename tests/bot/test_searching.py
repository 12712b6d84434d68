"""/search and /tag in chat: from what is typed to what is shown, in English and in Bengali."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.render import load
from bot.sandbox.html import parse_html
from bot.views.message import Message
from jobs.policy import Policy
from storage.kinds import ClaimState, Role
from tests.support.builders import a_claim, a_document, a_person, a_verdict
from tests.support.desk import START, InnerDesk, an_inner_desk

READER, REVIEWER, EDITOR, ANONYMOUS = 5, 6, 7, 1087968824
GROUP = {"id": -40, "type": "supergroup", "title": "Team"}


class Asked:
    """A desk with some claims, and what it answers."""

    def __init__(self, inner: InnerDesk) -> None:
        self.inner = inner

    async def say(self, who: int, text: str, **more: Any) -> Message:
        """Hand a message in and return what the desk shows for it."""
        update = self.inner.message(who, text)
        update["message"] |= more
        await self.inner.hand_in(update)
        async with self.inner.desk.database.write() as ledger:
            (row,) = await ledger.outbox.lease_due(self.inner.clock(), 1)
            shown = (await load(ledger, row, self.inner.desk.courier._deps(Policy()), self.inner.clock()))()
            await ledger.outbox.mark_sent(row, [self.inner.next_update], self.inner.clock())
        assert isinstance(shown, Message)
        return shown

    async def text(self, who: int, text: str, **more: Any) -> str:
        return parse_html((await self.say(who, text, **more)).html).text


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Asked]:
    async with an_inner_desk(tmp_path) as inner:
        async with inner.desk.database.write() as ledger:
            reader = await a_person(
                ledger, "Rahim Uddin", role=Role.PUBLIC, telegram_id=READER, username="rahim", now=START
            )
            await a_person(ledger, "Rina", telegram_id=REVIEWER, language="bn", now=START)
            await a_person(ledger, "Edith", role=Role.EDITOR, telegram_id=EDITOR, language="en", now=START)
            mine = await a_document(ledger, submitted_by=reader, now=START)
            await a_claim(ledger, "Heavy rain will flood <Dhaka> & all roads.", document=mine, now=START)
            bengali = await a_claim(
                ledger, "ভারী বৃষ্টিতে ১৫,০০০ মানুষ পানিবন্দি।", language="bn", state=ClaimState.PUBLISHED, now=START
            )
            await a_verdict(ledger, bengali, rating="false", now=START)
            await a_claim(ledger, "Rain is heavy only in old floods.", state=ClaimState.DISPUTED, now=START)
        yield Asked(inner)


async def test_words_phrases_and_filters_in_english(asked: Asked) -> None:
    shown = await asked.say(READER, "/search flood rain")
    assert "2 claims found for “flood rain”" in shown.html
    assert "Heavy <b>rain</b> will <b>flood</b> &lt;Dhaka&gt; &amp; all roads." in shown.html
    assert "<b>Rain</b> is heavy only in old <b>floods</b>." in shown.html
    assert shown.html.index("#1") < shown.html.index("#3"), "the very word before one that begins so"
    for typed, number in (
        ('"heavy rain"', 1),
        ("“heavy rain”", 1),
        ("rain -old", 1),
        ("rain state:disputed", 3),
        ('state:"reviewers disagree"', 3),
        ("lang:bn", 2),
        ("lang:Bengali rating:false", 2),
        ("15,000", 2),
        ("by:me", 1),
        ("old after:2025-05-07 before:2025-05-08", 3),
    ):
        text = await asked.text(READER, f"/search {typed}")
        assert text.startswith("1 claim found"), typed
        assert f"#{number} · " in text, typed
    assert "Nothing was found for “rain before:2025-05-07”" in await asked.text(
        READER, "/search rain before:2025-05-07"
    )


async def test_a_search_in_bengali(asked: Asked) -> None:
    shown = await asked.say(REVIEWER, "/search ১৫০০০ বৃষ্টি রেটিং:মিথ্যা ভাষা:বাংলা since:২০২৫-০৫-০১")
    assert "১টি দাবি পাওয়া গেছে" in shown.html
    assert "ভারী <b>বৃষ্টিতে ১৫,০০০</b> মানুষ" in shown.html
    text = await asked.text(REVIEWER, "/search অবস্থা:ঘুমন্ত")
    assert "“ঘুমন্ত” কোনো দাবির অবস্থা নয়" in text
    text = await asked.text(REVIEWER, "/search")
    assert text.startswith("যেভাবে খুঁজবেন")
    assert "/search বন্যা -পুরোনো" in text


async def test_help_shows_how(asked: Asked) -> None:
    text = await asked.text(READER, "/search")
    assert text.startswith("How to search")
    assert 'state:"under review"' in text
    assert "by:@name" not in text
    assert "by:@name" in await asked.text(EDITOR, "/search")
    assert "/search lang:bn rating:false after:2025-05-01" in await asked.text(READER, "/help")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("…", "what to look for"),
        ('"heavy rain', 'A quotation mark is not closed: "heavy rain It should be'),
        ("colour:red", "“colour:” is no filter"),
        ("lang: bn", "behind “lang:” is missing"),
        ("rating:blue", "“blue” is not on the desk's scale"),
        ("after:2025-13-01", "“2025-13-01” is no date"),
        ("-rain", "only what to leave out"),
        ("by:@rahim", "for the team to know"),
        ("NEAR(a b) AND ( OR * ^", "Nothing was found"),
        ("a" * 600, "at most 500 characters"),
    ],
)
async def test_what_cannot_be_read_gets_help(asked: Asked, typed: str, told: str) -> None:
    assert told in await asked.text(READER, f"/search {typed}")
    assert await asked.inner.value("SELECT count(*) FROM dead_letters") == 0


async def test_the_team_may_ask_who_brought_a_claim_in(asked: Asked) -> None:
    for typed in ("by:@RAHIM", "by:rahim", 'by:"Rahim Uddin"'):
        assert "#1 · " in await asked.text(EDITOR, f"/search {typed}")
    assert "knows nobody called “@nobody”" in await asked.text(EDITOR, "/search by:@nobody")
    assert "private chat" in await asked.text(EDITOR, "/search by:@rahim", chat=GROUP)


async def test_in_a_group_anybody_is_answered_found_or_not(asked: Asked) -> None:
    sender = {"id": ANONYMOUS, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    nobody = {"chat": GROUP, "from": sender}
    assert "2 claims found" in await asked.text(ANONYMOUS, "/search rain", **nobody)
    assert "Nothing was found" in await asked.text(ANONYMOUS, "/search eclipse", **nobody)
    assert "How to search" in await asked.text(ANONYMOUS, "/search", **nobody)
    assert "private chat" in await asked.text(ANONYMOUS, "/search by:me", **nobody)


async def test_a_claims_number_shows_where_it_stands(asked: Asked) -> None:
    assert "reviewers disagree" in (await asked.text(READER, "/search #3")).lower()


async def test_reviewers_see_what_a_claims_place_in_the_queue_is_made_of(asked: Asked) -> None:
    told = await asked.text(EDITOR, "/why 3")
    assert "Priority: " in told
    assert "normal harm" in told
    assert "Looks worth checking: " in told
    assert "অগ্রাধিকার: " in await asked.text(REVIEWER, "/why ৩")
    assert "Please write the claim's number" in await asked.text(EDITOR, "/why")
    assert "There is no claim #99" in await asked.text(EDITOR, "/why 99")
    assert "“reviewer”" in await asked.text(READER, "/why 3")


async def test_editors_tag_claims_and_everybody_finds_them(asked: Asked) -> None:
    assert await asked.text(EDITOR, "/tag 3 flood #ঢাকা old") == "Tags of #3: #flood #old #ঢাকা"
    assert await asked.text(EDITOR, "/tag #3 -old") == "Tags of #3: #flood #ঢাকা"
    assert "#3 · " in await asked.text(READER, "/search #Flood")
    assert "#flood #ঢাকা" in await asked.text(READER, "/status 3")
    assert "#3 · " in await asked.text(REVIEWER, "/search rain #ঢাকা")
    assert await asked.text(EDITOR, "/tag 3 -flood -ঢাকা") == "#3 has no tags."
    data = await asked.inner.rows("SELECT data FROM audit WHERE action = 'claim.tagged' ORDER BY id")
    assert [json.loads(row[0])["removed"] for row in data] == [[], ["old"], ["flood", "ঢাকা"]]
    for typed, told in (
        ("", "claim's number and its tags"),
        ("flood", "claim's number and its tags"),
        ("99 flood", "There is no claim #99"),
        ("3 a.b", "“a.b” cannot be a tag"),
    ):
        assert told in await asked.text(EDITOR, f"/tag {typed}")
    assert "“editor”" in await asked.text(READER, "/tag 3 flood")
