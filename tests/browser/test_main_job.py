"""The main job, from an article to its digest, by nothing but clicks and keys on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.callbacks import Verb
from tests.support.browser import PHONE, a_page, shoot
from tests.support.demo_process import a_demo
from tests.support.phones import (
    ASKER,
    EDITOR,
    REVIEWER,
    SECOND,
    TEAM,
    Phones,
    explain,
    give_source,
    rate,
    review_of,
    submit,
    take,
)

pytestmark = pytest.mark.timeout(120)


async def test_a_bengali_article_becomes_a_verdict_an_answer_and_a_digest(browser: Browser, tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo, a_page(browser, demo, size=PHONE, language="bn", scheme="dark") as page:
        phones = Phones(page)
        await shoot(page, "360-dark-bn-list")
        await phones.write(TEAM, "/digest daily 09:00 Asia/Dhaka")
        await phones.see(TEAM, re.compile("09:00|০৯:০০"))
        await phones.press(EDITOR, Verb.TRIAGE)
        await phones.see_key(EDITOR, Verb.TRIAGE_SEND)
        await shoot(page, "360-dark-bn-sorting")
        await phones.press(EDITOR, Verb.TRIAGE_ALL, 1)
        await expect(phones.keys(EDITOR, Verb.TRIAGE_ALL, 1)).to_have_count(0)
        await phones.press(EDITOR, Verb.TRIAGE_SEND)
        # What the reviewers are offered is a sentence of the article; somebody asks whether that is true.
        await phones.see_key(REVIEWER, Verb.TAKE)
        await shoot(page, "360-dark-bn-offer")
        offer = phones.cards(REVIEWER, Verb.TAKE)
        sentence = await offer.locator("blockquote").inner_text()
        number = re.search(r"#\d+", await offer.inner_text())
        assert number is not None
        await phones.write(ASKER, sentence)
        await phones.press(ASKER, Verb.SEND)
        asked = await phones.newest(ASKER)
        await phones.see(ASKER, number[0])
        # Side by side, as in life.
        for step in (take, rate, give_source, explain, submit):
            for person in (REVIEWER, SECOND):
                await step(phones, person)
        await phones.see_key(EDITOR, Verb.APPROVE)
        await shoot(page, "360-dark-bn-decision")
        await phones.press(EDITOR, Verb.APPROVE)
        told = review_of(REVIEWER)["explanation"]
        await phones.see(ASKER, told, after=asked)
        await shoot(page, "360-dark-bn-answer")
        await phones.open(TEAM)
        before = await phones.newest(TEAM)
        await page.get_by_test_id("back").click()
        await phones.pick(page.get_by_test_id("clock"), "আগামীকাল ০৯:০০")
        digest = await phones.see(TEAM, number[0], after=before)
        await expect(digest).to_contain_text(re.compile(r"Waiting for reviewers: 13(?!\d)"))
        await shoot(page, "360-dark-bn-digest")
