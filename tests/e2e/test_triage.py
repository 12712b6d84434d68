"""The sentences of a document: sorted on one card by two editors, in their languages; real process, real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.callbacks import Verb, encode
from tests.support.newsroom import PATIENCE, a_newsroom, offers

TEXTS = {
    "en": (
        "The ministry bought 340 buses in March 2024. What a lovely morning it is! Half of all wells in the district "
        "hold arsenic. The bridge over the Padma is 6.15 kilometres long.",
        "Which of these should be checked?",
        "does not check",
        "It is an opinion",
        "opinion",
        "taken up",
        "The transport ministry paid for 340 vehicles in March 2024.",
        "vehicles",
    ),
    "bn": (
        "মন্ত্রণালয় ২০২৪ সালের মার্চে ৩৪০টি বাস কিনেছে। আজ সকালটা কী সুন্দর! জেলার অর্ধেক নলকূপে আর্সেনিক আছে। "
        "পদ্মা সেতু ৬.১৫ কিলোমিটার লম্বা।",
        "কোনগুলো যাচাই করা দরকার",
        "যাচাই করছে না",
        "মতামত",
        "মতামত",
        "আবার হাতে নিয়েছে",
        "পরিবহন মন্ত্রণালয় ২০২৪ সালের মার্চে ৩৪০টি গাড়ির দাম দিয়েছে।",
        "পরিবহন",
    ),
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_editors_sort_a_document_and_who_asked_is_told_why(tmp_path: Path, language: str) -> None:
    text, question, not_checked, reason, typed, taken_up, clearer, searched = TEXTS[language]
    async with a_newsroom(tmp_path) as room:
        admin, desk = room.admin, room.desk
        await admin.send(f"/language {language}")
        editor = await room.hire("Editor", role="editor", language=language, duty=False)
        await admin.send("/settings queue_from_documents off")
        await room.until(lambda: desk.value("SELECT count(*) FROM settings WHERE name = 'queue_from_documents'") == 1)
        asker = await room.person("Asker", language=language)
        await room.ask(asker, text)
        await room.until(lambda: desk.value("SELECT count(*) FROM claims WHERE state = 'triage'") == 4)

        for person in (admin, editor):
            await room.tap(person, Verb.TRIAGE, "1")
            await room.see(person, question)
        await room.tap(admin, Verb.TRIAGE_ALL, "0")
        await room.until(lambda: desk.value("SELECT sum(chosen) FROM triage_choices") == 0)
        choice = encode(Verb.TRIAGE_CHOOSE, 1, desk.value("SELECT revision FROM claims WHERE id = 1"), 1)
        card = await room.see(editor, lambda seen: any(each.data == choice for row in seen.buttons for each in row))
        await editor.press_raw(card, choice, timeout=PATIENCE)
        await room.see(admin, offers(Verb.TRIAGE_SEND))
        await room.tap(admin, Verb.TRIAGE_SEND)
        await room.until(lambda: desk.value("SELECT state FROM claims WHERE id = 1") == "queued")
        assert await editor.press_raw(card, encode(Verb.TRIAGE_SEND, 1, 0), timeout=PATIENCE) is not None
        assert desk.value("SELECT count(*) FROM claims WHERE state = 'triage'") == 3

        await room.tap(editor, Verb.TRIAGE_TURN, "1")
        await room.tap(editor, Verb.TRIAGE_CLOSE, "opinion")
        await room.see(asker, not_checked)
        await room.see(asker, reason)
        assert desk.value("SELECT count(*) FROM claims WHERE state = 'closed'") == 3
        assert desk.value("SELECT count(*) FROM outbox WHERE kind = 'claims_closed'") == 1

        await admin.send("/status 1")
        await room.tap(admin, Verb.SEVERITY, "1", "critical")
        await room.see(
            admin, lambda seen: any(each.data == "1:sev:1:critical:low" for row in seen.buttons for each in row)
        )
        assert desk.value("SELECT severity FROM claims WHERE id = 1") == "critical"

        await admin.send(f"/reword 1 {clearer}")
        both = await room.see(admin, clearer)
        assert str(desk.value("SELECT quote FROM claims WHERE id = 1")) in both.text
        await asker.send(f"/search {searched}")
        await room.see(asker, lambda seen: "#1" in seen.text and searched in seen.text)

        await editor.send("/reopen 2")
        await room.see(asker, taken_up)
        assert desk.value("SELECT state FROM claims WHERE id = 2") == "queued"
        await editor.send(f"/close 2 {typed}")
        await room.see(editor, offers(Verb.TAKE_UP, "2"))
        assert desk.value("SELECT count(*) FROM outbox WHERE kind = 'claims_closed'") == 2
        code, out, _ = await desk.command("check")
        assert code == 0, out


RULES = {
    "en": (
        "text contains flood and requests >= 2 then severity critical and tag water and notify",
        "The flood in Sylhet took 40 houses.",
        "at least 2 people asked",
        "very much harm",
        "Something is missing",
    ),
    "bn": (
        "লেখা আছে বন্যা এবং প্রশ্ন >= ২ তাহলে ক্ষতি চরম এবং ট্যাগ পানি এবং জানাও",
        "বন্যায় সিলেটে ৪০টি বাড়ি ভেসে গেছে।",
        "অন্তত ২ জন জানতে চান",
        "খুব বেশি ক্ষতি",
        "কিছু বাদ পড়েছে",
    ),
}


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_an_editors_rule_is_tested_switched_on_and_acts_once(tmp_path: Path, language: str) -> None:
    typed, text, condition, harm, unfinished = RULES[language]
    async with a_newsroom(tmp_path) as room:
        admin, desk = room.admin, room.desk
        await admin.send(f"/language {language}")
        for name in ("One", "Two"):
            await room.ask(await room.person(name, language=language), text)
        await room.until(lambda: desk.value("SELECT count(*) FROM requests WHERE claim_id = 1") == 2)

        await admin.send("/rule add " + typed.split()[0])
        await room.see(admin, unfinished)
        await admin.send(f"/rule add {typed}")
        await room.see(admin, condition)
        await admin.send("/rules test 1")
        await room.see(admin, lambda seen: "#1" in seen.text and harm in seen.text)
        assert desk.value("SELECT severity FROM claims WHERE id = 1") == "normal"

        await room.tap(admin, Verb.RULE, "1", "on")
        await room.see(admin, lambda seen: "#1" in seen.text and condition in seen.text)
        assert desk.value("SELECT severity FROM claims WHERE id = 1") == "critical"
        assert desk.value("SELECT count(*) FROM claim_tags WHERE claim_id = 1") == 1
        assert desk.value("SELECT count(*) FROM outbox WHERE kind = 'rule_acted'") == 1
        await room.tap(admin, Verb.RULE, "1", "on", "removed")
        await room.until(lambda: desk.value("SELECT state FROM desk_rules WHERE id = 1") == "removed")
        code, out, _ = await desk.command("check")
        assert code == 0, out
