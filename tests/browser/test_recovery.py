"""What a visitor may do to the desk with the drawer's buttons: block the bot, kill it, start it again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.callbacks import Verb
from tests.support.browser import a_page, shoot
from tests.support.demo_process import a_demo
from tests.support.phones import ASKER, EDITOR, REVIEWER, SECOND, Phones, review_of

pytestmark = pytest.mark.timeout(120)


async def test_a_reviewer_who_blocks_the_bot_is_told_of_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo, a_page(browser, demo) as page:
        await demo.sort()
        phones = Phones(page)
        await phones.press(SECOND, Verb.TAKE)
        await phones.see_key(SECOND, Verb.RATE)
        await page.get_by_test_id("open-inspector").click()
        await phones.pick(page.get_by_test_id("fault-block"), "Maya Fernandes: Block the bot")
        pane = await phones.open(SECOND)
        await expect(pane).to_contain_text("Maya has blocked the bot.")
        await expect(pane.get_by_test_id("composer")).to_be_hidden()
        # Nobody is at the other end any more: what they had is for others, and the editor hears of it.
        told = await phones.see(EDITOR, re.compile("Maya Fernandes.*cannot be reached"))
        await expect(told).to_contain_text("1")
        await shoot(page, "1440-light-en-blocked")
        await phones.open(SECOND)
        await pane.get_by_role("button", name="Unblock the bot").click()
        await expect(pane.get_by_test_id("composer")).to_be_visible()
        before = await phones.newest(SECOND)
        await phones.write(SECOND, "/whoami")
        await phones.see(SECOND, "Maya", after=before)


async def test_a_bot_killed_in_the_middle_of_a_draft_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo, a_page(browser, demo) as page:
        await demo.sort()
        phones, banner = Phones(page), page.get_by_test_id("banner")
        said = review_of(SECOND)
        await phones.press(SECOND, Verb.TAKE)
        await phones.press(SECOND, Verb.RATE, said["rating"])
        await phones.see_key(SECOND, Verb.STEP, "rating")
        await page.get_by_test_id("open-inspector").click()
        await expect(page.get_by_test_id("bot-status")).to_contain_text("Running as process")
        await phones.trouble("kill")
        await expect(banner).to_contain_text("The bot is down.")
        await expect(page.get_by_test_id("bot-status")).to_contain_text("Down")
        # Work goes on as if nothing were wrong: a source is sent, a button pressed, a stranger asks.
        given = said["sources"][0]
        await phones.write(SECOND, f"{given['title']}\n{given['url']}")
        key = await phones.see_key(SECOND, Verb.HAND_BACK)
        back = await phones.see_key(SECOND, Verb.STEP, "rating")
        await back.click()
        await expect(back).to_have_attribute("aria-busy", "true")
        await expect(key).to_be_visible()
        await phones.write(ASKER, "/help")
        asked = await phones.newest(ASKER)
        await shoot(page, "1440-light-en-bot-down")
        await phones.trouble("start")
        await expect(banner).to_be_hidden()
        await expect(page.get_by_test_id("bot-status")).to_contain_text("Running as process")
        await phones.see(ASKER, "/submit", after=asked)
        # Everything came in, in its order: the source is on the card, and the card is back at the rating.
        await expect(phones.cards(SECOND, Verb.RATE, said["rating"])).to_contain_text(given["title"])
        await phones.press(SECOND, Verb.RATE, said["rating"])
        await phones.press(SECOND, Verb.SOURCE_KIND, given["kind"])
        await phones.press(SECOND, Verb.SOURCE_STANCE, given["stance"])
        await phones.press(SECOND, Verb.STEP, "explanation")
        await phones.see(SECOND, "Step 3 of 4")
        await page.get_by_test_id("restart").click()
        await expect(page.get_by_test_id("toast").filter(has_text="The bot is back.")).to_be_visible()
        await phones.press(REVIEWER, Verb.TAKE)
        await phones.see_key(REVIEWER, Verb.RATE)
