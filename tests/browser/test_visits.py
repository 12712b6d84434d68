"""Who may see the page, and what it remembers of them."""

from __future__ import annotations

import re

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from bot.callbacks import Verb
from tests.support.browser import PHONE, Watch, a_context, a_page, shoot
from tests.support.demo_process import Demo, a_demo
from tests.support.phones import ASKER, EDITOR, REVIEWER, TEAM, Phones, review_of

pytestmark = pytest.mark.timeout(120)

SHOWN = '[data-testid="pane"]'


async def test_a_reload_in_the_middle_of_a_draft_changes_nothing(browser: Browser, tmp_path_factory) -> None:
    async with a_demo(tmp_path_factory.mktemp("reload")) as demo, a_page(browser, demo) as page:
        await demo.sort()
        phones = Phones(page)
        await phones.pane(ASKER).get_by_test_id("close-pane").click()
        await phones.open(TEAM)
        await phones.speak_as(TEAM, REVIEWER)
        await page.get_by_test_id("theme").click()
        await phones.press(REVIEWER, Verb.TAKE)
        await phones.press(REVIEWER, Verb.RATE, review_of(REVIEWER)["rating"])
        card = phones.cards(REVIEWER, Verb.STEP, "rating")
        await expect(card).to_be_visible()
        await phones.pane(REVIEWER).get_by_test_id("composer").fill("আধা লেখা\nhalf a sentence")
        before = [await pane.get_attribute("data-chat") for pane in await page.locator(SHOWN).all()]
        shown = await card.inner_text()
        await page.get_by_test_id("language").click()
        await expect(page.locator("html")).to_have_attribute("lang", "bn")
        for _ in range(2):
            await expect(phones.pane(REVIEWER).get_by_test_id("composer")).to_have_value("আধা লেখা\nhalf a sentence")
            await expect(card.locator(".text")).to_be_visible()
            after = [await pane.get_attribute("data-chat") for pane in await page.locator(SHOWN).all()]
            assert after == before
            assert await phones.pane(TEAM).get_by_test_id("speaking-as").input_value() == str(REVIEWER)
            await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
            await expect(page.locator("html")).to_have_attribute("lang", "bn")
            await page.reload()
        assert (await card.locator(".text").inner_text()) in shown
        # And the draft goes on.
        given = review_of(REVIEWER)["sources"][0]
        await phones.write(REVIEWER, given["url"])
        await phones.see_key(REVIEWER, Verb.SOURCE_KIND, given["kind"])
        await shoot(page, "1440-dark-bn-sources")
        await phones.open(EDITOR)


@pytest.mark.parametrize("key", ["", "#wrong"])
async def test_without_its_key_the_page_says_what_is_missing(browser: Browser, demo: Demo, key: str) -> None:
    async with a_context(browser, size=PHONE) as context:
        page, watch = await context.new_page(), Watch()
        watch.follow(page)
        await page.goto(f"{demo.address}/{key}")
        refused = page.get_by_test_id("refused")
        await expect(refused).to_contain_text("Open the address that the terminal printed")
        assert await page.locator(SHOWN).count() == 0
        await shoot(page, "360-light-en-wrong-key")
        # Whoever then puts the right one behind the address gets in without another step.
        await page.evaluate(f"location.hash = '#{demo.key}'")
        await expect(page.get_by_test_id("chat").first).to_be_visible()
        await expect(refused).to_have_count(0)
        watch.check()


async def test_another_site_cannot_open_the_line_even_with_the_key(browser: Browser, demo: Demo) -> None:
    async def nothing(_request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><link rel='icon' href='data:,'>", content_type="text/html")

    elsewhere = web.Application()
    elsewhere.router.add_get("/", nothing)
    opening = """([address, key]) => new Promise((done) => {
      const line = new WebSocket(address);
      line.onopen = () => line.send(JSON.stringify({key}));
      line.onmessage = () => done("told");
      line.onclose = (event) => done(event.code);
    })"""
    asking = "(address) => fetch(address, {headers: {'X-Sandbox-Control': 'x'}}).then(() => 'told', () => 'refused')"
    async with TestServer(elsewhere) as server, a_context(browser) as context:
        page, watch = await context.new_page(), Watch()
        await page.goto(str(server.make_url("/")))
        watch.follow(page)
        watch.allow(r"WebSocket connection to .* failed")
        watch.allow(re.escape(f"{demo.address}/content/x"))
        address = demo.address.replace("http:", "ws:")
        assert await page.evaluate(opening, [f"{address}/live", demo.key]) == 1006
        assert await page.evaluate(asking, f"{demo.address}/content/x") == "refused"
        watch.check()
        # The page's own origin, the same key: it is let in.
        await page.goto(f"{demo.address}/web/icon.svg")
        assert await page.evaluate(opening, [f"{address}/live", demo.key]) == "told"
