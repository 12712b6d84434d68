"""The people's phones on the page: what somebody who looks at it can see, type and press."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from bot.callbacks import VERSION, Verb
from jobs.seeding import read_seed
from tests.support.browser import PATIENCE_MS

EDITOR, REVIEWER, SECOND, STRANGER, ASKER = 7001, 7002, 7003, 7004, 7005
"""Telegram ids of seeds/people.json: the first four belong to the team."""

TEAM, CHANNEL = (seed["telegram_id"] for seed in read_seed("people.json")["chats"])

expect.set_options(timeout=PATIENCE_MS)


class Phones:
    """The chats of a page. Only its own elements are used: nothing here knows of another way in."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def is_narrow(self) -> bool:
        """Whether one thing is shown at a time."""
        size = self.page.viewport_size
        return size is not None and size["width"] <= 700

    def row(self, chat: int) -> Locator:
        """A chat's row in the list."""
        return self.page.locator(f'[data-testid="chat"][data-chat="{chat}"]')

    def pane(self, chat: int) -> Locator:
        """An open chat."""
        return self.page.locator(f'[data-testid="pane"][data-chat="{chat}"]')

    async def open(self, chat: int) -> Locator:
        """Open a chat unless it is open, by its row in the list."""
        pane = self.pane(chat)
        if await pane.is_visible():
            return pane
        if self.is_narrow and await self.page.get_by_test_id("back").is_visible():
            await self.page.get_by_test_id("back").click()
        await self.row(chat).click()
        await expect(pane).to_be_visible()
        return pane

    async def write(self, chat: int, text: str) -> None:
        """Write a message, and wait until it is in the chat."""
        pane = await self.open(chat)
        own = pane.locator(".mine")
        before = await own.count()
        await pane.get_by_test_id("composer").fill(text)
        await pane.get_by_test_id("send").click()
        await expect(own.nth(before)).to_be_visible()

    async def newest(self, chat: int) -> int:
        """The number of the newest message; the chat must have one."""
        number = await self.pane(chat).get_by_test_id("message").last.get_attribute("data-message")
        assert number is not None
        return int(number)

    def keys(self, chat: int, verb: Verb, *ending: object) -> Locator:
        """The buttons under messages that stand for a verb, with arguments that end like this."""
        return self.pane(chat).locator(_key(verb, *ending))

    def cards(self, chat: int, verb: Verb, *ending: object) -> Locator:
        """The messages with such a button."""
        return self.pane(chat).get_by_test_id("message").filter(has=self.page.locator(_key(verb, *ending)))

    async def see_key(self, chat: int, verb: Verb, *ending: object) -> Locator:
        """Wait for such a button; the newest, if there are several."""
        await self.open(chat)
        key = self.keys(chat, verb, *ending).last
        await expect(key).to_be_visible()
        return key

    async def press(self, chat: int, verb: Verb, *ending: object) -> None:
        """Wait for such a button and press it."""
        key = await self.see_key(chat, verb, *ending)
        await key.click()

    async def see(self, chat: int, text: str | re.Pattern[str], *, after: int = 0) -> Locator:
        """Wait for a message of the bot with this in it, below the message with the number `after`, which stays."""
        pane = await self.open(chat)
        first = f'[data-message="{after}"] ~ .theirs' if after else ".theirs"
        found = pane.locator(f'{first}[data-testid="message"]').filter(has_text=text).last
        await expect(found).to_be_visible()
        return found

    async def texts(self, chat: int) -> list[str]:
        """The texts of the bot's messages in an open chat, oldest first."""
        return await self.pane(chat).locator(".theirs .text").all_inner_texts()

    async def speak_as(self, chat: int, person: int) -> None:
        """Choose who speaks in a room."""
        pane = await self.open(chat)
        await pane.get_by_test_id("speaking-as").select_option(str(person))

    async def pick(self, anchor: Locator, label: str | re.Pattern[str]) -> None:
        """Open a menu and choose an item of it."""
        await anchor.click()
        await self.page.get_by_role("menuitem", name=label).click()

    async def trouble(self, name: str) -> None:
        """Press a button of the drawer, which is open."""
        button = self.page.get_by_test_id("inspector").get_by_test_id(name)
        await button.click()


def _key(verb: Verb, *ending: object) -> str:
    last = "".join(f":{each}" for each in ending)
    wanted = f'button.key[data-data^="{VERSION}:{verb.value}:"]'
    return f'{wanted}[data-data$="{last}"]' if last else wanted


def review_of(person: int) -> dict[str, Any]:
    """What a reviewer of the demo says, by seeds/demo.json."""
    found: dict[str, Any] = next(each for each in read_seed("demo.json")["reviews"] if each["person"] == person)
    return found


async def take(phones: Phones, person: int) -> None:
    """Take the claim on offer."""
    await phones.press(person, Verb.TAKE)


async def rate(phones: Phones, person: int) -> None:
    """Give the rating."""
    await phones.press(person, Verb.RATE, review_of(person)["rating"])


async def give_source(phones: Phones, person: int) -> None:
    """Send a source, once the card asks for it, say what it is, and go on."""
    given = review_of(person)["sources"][0]
    await phones.see_key(person, Verb.STEP, "rating")
    await phones.write(person, f"{given['title']}\n{given['url']}")
    await phones.press(person, Verb.SOURCE_KIND, given["kind"])
    await phones.press(person, Verb.SOURCE_STANCE, given["stance"])
    await phones.press(person, Verb.STEP, "explanation")


async def explain(phones: Phones, person: int) -> None:
    """Explain, and wait for the preview."""
    await phones.write(person, review_of(person)["explanation"])
    await phones.see_key(person, Verb.SUBMIT)


async def submit(phones: Phones, person: int) -> None:
    """Hand in."""
    await phones.press(person, Verb.SUBMIT)
    await expect(phones.keys(person, Verb.SUBMIT)).to_have_count(0)
