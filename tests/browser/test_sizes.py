"""Small and large screens: nothing is cut, nothing scrolls sideways, and one thing at a time where there is no room."""

from __future__ import annotations

import itertools

import pytest
from playwright.async_api import Browser, Page, expect

from bot.callbacks import Verb
from tests.support.browser import DESKTOP, PHONE, Size, a_page, cut_off, shoot
from tests.support.demo_process import Demo
from tests.support.phones import ASKER, EDITOR, REVIEWER, TEAM, Phones

pytestmark = pytest.mark.timeout(120)

LONG = "https://example.org/" + "a-very-long-address/" * 12
SCRIPTS = (
    "قال المسؤول إن الخبر (factdesk.example) غير صحيح، وعدد المصابين ١٥٠٠.",
    "अफ़वाह: कल से सभी बैंक बंद रहेंगे, ऐसा एक संदेश में कहा गया है।",
    "গুজব: আগামীকাল থেকে সব ব্যাংক বন্ধ থাকবে বলে একটি বার্তায় বলা হয়েছে।",
)


async def nothing_is_cut(page: Page, what: str) -> None:
    assert await cut_off(page) == [], what


async def each_state(page: Page, name: str) -> None:
    """Go through the main states of the page and look whether anything is cut."""
    phones = Phones(page)
    await expect(page.get_by_test_id("chat").first).to_be_visible()
    await nothing_is_cut(page, "the first visit with its tour")
    await shoot(page, f"{name}-first-visit")
    if phones.is_narrow:
        await phones.open(ASKER)
        await nothing_is_cut(page, "a chat with the tour's strip below it")
        await shoot(page, f"{name}-tour-in-chat")
        await page.get_by_test_id("back").click()
    await page.get_by_test_id("tour-close").click()
    await nothing_is_cut(page, "the start")
    for anchor in ("clock", "help"):
        await page.get_by_test_id(anchor).click()
        await expect(page.get_by_test_id("menu")).to_be_visible()
        await nothing_is_cut(page, f"the menu of {anchor}")
        await page.keyboard.press("Escape")
    await phones.see_key(REVIEWER, Verb.TAKE)
    await nothing_is_cut(page, "a card")
    await phones.pane(REVIEWER).get_by_test_id("commands").click()
    await expect(phones.pane(REVIEWER).get_by_role("option").first).to_be_visible()
    await nothing_is_cut(page, "the commands")
    await shoot(page, f"{name}-commands")
    await page.keyboard.press("Escape")
    await phones.pane(REVIEWER).locator(".message .tools").last.click()
    await nothing_is_cut(page, "what one can do with a message")
    await shoot(page, f"{name}-message-menu")
    await page.keyboard.press("Escape")
    await phones.open(TEAM)
    await nothing_is_cut(page, "the group")
    if phones.is_narrow:
        await page.get_by_test_id("back").click()
    await page.get_by_test_id("open-inspector").click()
    await expect(page.get_by_test_id("call").first).to_be_visible()
    await nothing_is_cut(page, "the inspector")
    await shoot(page, f"{name}-inspector")


@pytest.mark.parametrize(
    ("size", "language", "scheme"),
    [(PHONE, "en", "light"), (PHONE, "bn", "dark"), (DESKTOP, "bn", "light"), (DESKTOP, "en", "dark")],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else value,
)
async def test_nothing_is_cut_in_any_main_state(
    browser: Browser, demo: Demo, size: Size, language: str, scheme: str
) -> None:
    async with a_page(browser, demo, size=size, language=language, scheme=scheme, tour=True) as page:
        await each_state(page, f"{size[0]}-{scheme}-{language}")


@pytest.mark.parametrize("width", [320, 700, 701, 1000, 1101])
async def test_nothing_is_cut_at_the_widths_between(browser: Browser, demo: Demo, width: int) -> None:
    async with a_page(browser, demo, size=(width, 800)) as page:
        await nothing_is_cut(page, "the start")
        await Phones(page).open(EDITOR)
        await nothing_is_cut(page, "a chat")


async def test_long_words_and_all_scripts_stay_within_their_messages(browser: Browser, demo: Demo) -> None:
    async with a_page(browser, demo, size=PHONE) as page:
        phones = Phones(page)
        # In the group, where the bot does not answer what is not for it.
        for text in (*SCRIPTS, LONG):
            await phones.write(TEAM, text)
        await nothing_is_cut(page, "long words")
        await shoot(page, "360-light-en-scripts")
        sides = "(node) => getComputedStyle(node).direction"
        lines = [phones.pane(TEAM).locator(".mine .line").filter(has_text=text[:12]).last for text in SCRIPTS]
        assert [await line.evaluate(sides) for line in lines] == ["rtl", "ltr", "ltr"]


async def test_a_small_screen_goes_from_the_list_to_a_chat_and_back(browser: Browser, demo: Demo) -> None:
    async with a_page(browser, demo, size=PHONE) as page:
        phones = Phones(page)
        await expect(phones.row(ASKER)).to_be_visible()
        await expect(phones.pane(ASKER)).to_be_hidden()
        unread = phones.row(ASKER).get_by_test_id("unread")
        await expect(unread).to_be_visible()
        await phones.row(ASKER).click()
        await expect(phones.pane(ASKER)).to_be_visible()
        await expect(phones.row(ASKER)).to_be_hidden()
        await page.reload()
        await expect(phones.pane(ASKER)).to_be_visible()
        await page.get_by_test_id("back").click()
        await expect(phones.row(ASKER)).to_be_visible()
        await expect(phones.row(ASKER)).to_be_focused()
        await expect(phones.pane(ASKER)).to_be_hidden()
        await expect(unread).to_have_count(0)


async def test_a_large_screen_shows_three_chats_side_by_side(browser: Browser, demo: Demo) -> None:
    async with a_page(browser, demo) as page:
        panes = page.get_by_test_id("pane")
        await expect(panes).to_have_count(3)
        boxes = [await pane.bounding_box() for pane in await panes.all()]
        edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box is not None]
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(edges))
        assert edges[-1][1] <= DESKTOP[0]
        await panes.last.get_by_test_id("close-pane").click()
        await expect(panes).to_have_count(2)
