"""The tour of a first visit: it leads through the main job, can be dismissed, and never comes back by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.callbacks import Verb
from tests.support.browser import a_page, dismiss_tour, shoot
from tests.support.demo_process import Demo, a_demo
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


async def at_step(page: Page, words: str, person: int) -> None:
    await expect(page.get_by_test_id("tour-step")).to_have_text(words)
    await expect(page.locator(".pane.pointed")).to_have_attribute("data-chat", str(person))


async def test_the_tour_leads_from_a_rumour_to_the_digest(browser: Browser, tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo, a_page(browser, demo, tour=True) as page:
        phones, tour = Phones(page), page.get_by_test_id("tour")
        await at_step(page, "Step 1 of 6", EDITOR)
        await phones.press(EDITOR, Verb.TRIAGE)
        await phones.see_key(EDITOR, Verb.TRIAGE_SEND)
        await shoot(page, "1440-light-en-sorting")
        await phones.press(EDITOR, Verb.TRIAGE_SEND)
        await at_step(page, "Step 2 of 6", ASKER)
        await shoot(page, "1440-light-en-tour")
        await tour.get_by_role("button", name="Fill it in for me").click()
        await expect(phones.pane(ASKER).get_by_test_id("composer")).not_to_have_value("")
        await phones.pane(ASKER).get_by_test_id("send").click()
        await phones.press(ASKER, Verb.SEND)
        await at_step(page, "Step 3 of 6", REVIEWER)
        asked = await phones.newest(ASKER)
        await take(phones, REVIEWER)
        await at_step(page, "Step 4 of 6", REVIEWER)
        await phones.see_key(REVIEWER, Verb.RATE, "mostly_true")
        await shoot(page, "1440-light-en-rating")
        for step in (rate, give_source, explain):
            await step(phones, REVIEWER)
        await shoot(page, "1440-light-en-preview")
        await submit(phones, REVIEWER)
        await at_step(page, "Step 5 of 6", SECOND)
        for step in (take, rate, give_source, explain, submit):
            await step(phones, SECOND)
        await at_step(page, "Step 6 of 6", EDITOR)
        await phones.see_key(EDITOR, Verb.APPROVE)
        await tour.get_by_role("button", name="Order the team's digest first").click()
        await expect(page.get_by_test_id("toast").filter(has_text="every morning at 09:00")).to_be_visible()
        await shoot(page, "1440-light-en-decision")
        await phones.press(EDITOR, Verb.APPROVE)
        await expect(tour).to_contain_text("The answer is there")
        await phones.see(ASKER, review_of(REVIEWER)["explanation"], after=asked)
        await tour.get_by_role("button", name="Go to tomorrow 09:00").click()
        await phones.see(TEAM, "Verdicts: 1")
        await expect(tour).to_be_hidden()
        await shoot(page, "1440-light-en-verdict-and-digest")
        await page.reload()
        await expect(phones.pane(TEAM)).to_be_visible()
        await expect(tour).to_be_hidden()


async def test_a_dismissed_tour_stays_away_until_it_is_asked_for(browser: Browser, demo: Demo) -> None:
    async with a_page(browser, demo, tour=True) as page:
        tour = page.get_by_test_id("tour")
        await expect(tour).to_be_visible()
        await tour.get_by_role("button", name="Next").click()
        await expect(page.get_by_test_id("tour-step")).to_have_text("Step 3 of 6")
        # Before it is dismissed it goes on where it was.
        await page.reload()
        await expect(page.get_by_test_id("tour-step")).to_have_text("Step 3 of 6")
        await dismiss_tour(page)
        await expect(tour).to_be_hidden()
        await page.reload()
        await expect(page.get_by_test_id("pane").first).to_be_visible()
        await expect(tour).to_be_hidden()
        await Phones(page).pick(page.get_by_test_id("help"), "Show the tour again")
        await expect(page.get_by_test_id("tour-step")).to_have_text("Step 2 of 6")
