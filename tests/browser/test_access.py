"""For everybody: what axe-core checks in the main states, and the way with the keyboard alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.callbacks import Verb
from tests.support.browser import DESKTOP, PHONE, Size, a_context, a_page, dismiss_tour, violations
from tests.support.demo_process import Demo, a_demo
from tests.support.phones import EDITOR, REVIEWER, SECOND, STRANGER, TEAM, Phones

pytestmark = pytest.mark.timeout(120)


@asynccontextmanager
async def an_open_page(
    browser: Browser, demo: Demo, *, size: Size = DESKTOP, scheme: str = "light", language: str = "en"
) -> AsyncIterator[Page]:
    """A page that lets axe-core in; only for that."""
    async with a_context(browser, size=size, scheme=scheme, language=language, bypass_csp=True) as context:
        page = await context.new_page()
        await page.goto(f"{demo.address}/#{demo.key}")
        yield page


async def each_state(page: Page) -> None:
    phones = Phones(page)

    async def is_well(what: str) -> None:
        assert await violations(page) == [], what

    await expect(page.get_by_test_id("tour")).to_be_visible()
    await is_well("the first visit")
    await dismiss_tour(page)
    for anchor in ("clock", "help"):
        await page.get_by_test_id(anchor).click()
        await expect(page.get_by_test_id("menu")).to_be_visible()
        await is_well(f"the menu of {anchor}")
        await page.keyboard.press("Escape")
    await phones.see_key(REVIEWER, Verb.TAKE)
    await is_well("a card")
    await phones.pane(REVIEWER).locator(".message .tools").last.click()
    await is_well("the menu of a message")
    await page.keyboard.press("Escape")
    await phones.pane(REVIEWER).get_by_test_id("commands").click()
    await expect(phones.pane(REVIEWER).get_by_role("option").first).to_be_visible()
    await is_well("the commands")
    await page.keyboard.press("Escape")
    await phones.open(TEAM)
    await is_well("the group")
    if phones.is_narrow:
        await page.get_by_test_id("back").click()
        await is_well("the list")
    await page.get_by_test_id("open-inspector").click()
    await expect(page.get_by_test_id("call").first).to_be_visible()
    await page.get_by_test_id("call").first.locator("summary").click()
    await is_well("the inspector")


@pytest.mark.parametrize(
    ("size", "scheme", "language"),
    [(DESKTOP, "light", "en"), (DESKTOP, "dark", "bn"), (PHONE, "dark", "en"), (PHONE, "light", "bn")],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else value,
)
async def test_axe_finds_nothing_serious_in_the_main_states(
    browser: Browser, demo: Demo, size: Size, scheme: str, language: str
) -> None:
    async with an_open_page(browser, demo, size=size, scheme=scheme, language=language) as page:
        await each_state(page)


async def test_axe_finds_nothing_serious_where_something_stands_in_the_way(browser: Browser, tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        for scheme in ("light", "dark"):
            async with an_open_page(browser, demo, scheme=scheme) as page:
                await dismiss_tour(page)
                await page.get_by_test_id("open-inspector").click()
                await page.get_by_test_id("fault-429").click()
                if scheme == "light":
                    await page.get_by_test_id("kill").click()
                await expect(page.get_by_test_id("banner")).to_be_visible()
                await page.get_by_test_id("clock").click()
                await page.get_by_role("menuitem", name="Another time").click()
                assert await violations(page) == [], "a dialog"
                await page.keyboard.press("Escape")
                assert await violations(page) == [], "a bot that is down"
                await page.goto(f"{demo.address}/?#wrong")
                await expect(page.get_by_test_id("refused")).to_be_visible()
                assert await violations(page) == [], "a wrong key"


# The keyboard alone


async def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until what is selected has the focus."""
    for _ in range(120):
        await page.keyboard.press(key)
        if await page.evaluate("(wanted) => Boolean(document.activeElement?.matches(wanted))", selector):
            return
    raise AssertionError(f"{key} never reaches {selector}")


async def test_a_rating_can_be_chosen_with_the_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo, a_page(browser, demo) as page:
        await demo.sort()
        phones = Phones(page)
        await phones.see_key(REVIEWER, Verb.TAKE)
        # The order of reading: tools, list, then chat by chat its messages, their buttons, and the field.
        for selector in (
            '[data-testid="theme"]',
            '[data-testid="clock"]',
            f'[data-testid="chat"][data-chat="{SECOND}"]',
        ):
            await tab_to(page, selector)
        await page.keyboard.press("Enter")
        await expect(phones.pane(SECOND).get_by_test_id("composer")).to_be_focused()
        pane = f'[data-testid="pane"][data-chat="{SECOND}"]'
        await tab_to(page, f'{pane} button.key[data-data^="1:take:"]', "Shift+Tab")
        visible = "() => getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(visible) == "solid"
        await page.keyboard.press("Enter")
        rating = await phones.see_key(SECOND, Verb.RATE, "false")
        await tab_to(page, f'{pane} button.key[data-data$=":false"]', "Shift+Tab")
        await page.keyboard.press("Space")
        await expect(rating).to_have_count(0)
        await phones.see_key(SECOND, Verb.STEP, "rating")
        await tab_to(page, f'{pane} [data-testid="composer"]')
        await page.keyboard.type("https://example.org/source")
        await page.keyboard.press("Enter")
        await phones.see_key(SECOND, Verb.SOURCE_KIND, "news")
        # A press puts a new card in the place of the old one: the keyboard goes on from there, not from the top.
        await tab_to(page, f'{pane} button.key[data-data$=":news"]', "Shift+Tab")
        await page.keyboard.press("Enter")
        await phones.see_key(SECOND, Verb.SOURCE_STANCE, "supports")
        assert await page.evaluate("(pane) => Boolean(document.activeElement?.closest(pane))", pane)


async def test_escape_closes_what_floats_and_gives_the_focus_back(browser: Browser, demo: Demo) -> None:
    async with a_page(browser, demo) as page:
        phones, menu = Phones(page), page.get_by_test_id("menu")
        pane = await phones.open(EDITOR)
        tools = pane.locator(".message .tools").last
        for anchor in (page.get_by_test_id("clock"), page.get_by_test_id("help"), tools):
            await anchor.focus()
            await page.keyboard.press("Enter")
            await expect(menu.get_by_role("menuitem").first).to_be_focused()
            await page.keyboard.press("ArrowUp")
            await expect(menu.get_by_role("menuitem").last).to_be_focused()
            await page.keyboard.press("Escape")
            await expect(menu).to_have_count(0)
            await expect(anchor).to_be_focused()
        field = pane.get_by_test_id("composer")
        await field.press("/")
        await expect(pane.get_by_role("option").first).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(pane.get_by_role("listbox")).to_be_hidden()
        await field.fill("")
        drawer = page.get_by_test_id("open-inspector")
        await drawer.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("filter")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("inspector")).to_be_hidden()
        await expect(drawer).to_be_focused()


async def test_a_command_is_chosen_with_arrows_and_sent_with_enter(browser: Browser, demo: Demo) -> None:
    async with a_page(browser, demo) as page:
        phones = Phones(page)
        pane = await phones.open(STRANGER)
        await pane.get_by_test_id("composer").press("/")
        await expect(pane.get_by_role("option").first).to_be_visible()
        await page.keyboard.type("who")
        await expect(pane.get_by_role("option")).to_have_count(1)
        before = await phones.newest(STRANGER)
        await page.keyboard.press("Enter")
        await expect(pane.locator(f'[data-message="{before}"] ~ .mine .text')).to_have_text("/whoami")
