"""The picture that comes with a digest, on the page: it is there, it is told in words, and a tap makes it large."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.support.browser import DESKTOP, PHONE, Size, a_page, shoot
from tests.support.demo_process import a_demo
from tests.support.phones import TEAM, Phones

pytestmark = pytest.mark.timeout(120)

WORDS = {
    "en": ("Waiting for reviewers", "Open now, by age", "Tomorrow 09:00", "Open the photo"),
    "bn": ("যাচাইকারীর অপেক্ষায়", "এখন খোলা, বয়স অনুযায়ী", "আগামীকাল ০৯:০০", "ছবিটি খুলুন"),
}


async def width_of(image: Locator) -> float:
    box = await image.bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("bn", PHONE)])
async def test_a_digests_picture_is_shown_and_told_in_words(
    browser: Browser, tmp_path: Path, language: str, size: Size
) -> None:
    waiting, by_age, tomorrow, open_photo = WORDS[language]
    scheme = "dark" if language == "bn" else "light"
    async with a_demo(tmp_path) as demo, a_page(browser, demo, size=size, language=language, scheme=scheme) as page:
        await demo.sort()
        phones = Phones(page)
        await phones.write(TEAM, f"/language {language}")
        await phones.write(TEAM, "/digest daily 09:00 Asia/Dhaka")
        await phones.see(TEAM, re.compile("09:00|০৯:০০"))
        before = await phones.newest(TEAM)
        if phones.is_narrow:
            await page.get_by_test_id("back").click()
        await phones.pick(page.get_by_test_id("clock"), tomorrow)
        await phones.see(TEAM, waiting, after=before)

        # There may be two digests by then, of what is left of today and of a whole day.
        number = await (await phones.see(TEAM, by_age, after=before)).get_attribute("data-message")
        told = phones.pane(TEAM).locator(f'[data-message="{number}"]')
        image = told.locator("img")
        await expect(image).to_be_visible()
        await expect(image).to_have_js_property("naturalWidth", 1080)
        caption = await told.locator(".text").inner_text()
        alt = await image.get_attribute("alt")
        assert alt is not None
        assert " ".join(alt.split()) == " ".join(caption.split()), "who does not see it hears all of it"
        assert await width_of(image) <= size[0]
        await image.scroll_into_view_if_needed()
        await shoot(page, f"{size[0]}-{scheme}-{language}-digest-picture")

        await told.get_by_role("button", name=open_photo).click()
        box = page.get_by_role("dialog", name=alt)
        await expect(box).to_be_visible()
        await expect(box.locator("img")).to_have_js_property("naturalWidth", 1080)
        assert await width_of(box.locator("img")) <= size[0]
        await page.keyboard.press("Escape")
        await expect(box).to_be_hidden()
