"""Trouble on the network by the drawer's buttons: messages arrive all the same, at most the one in flight twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.support.browser import a_page, shoot
from tests.support.demo_process import Demo
from tests.support.phones import ASKER, EDITOR, STRANGER, Phones

pytestmark = pytest.mark.timeout(120)


@asynccontextmanager
async def drawer(browser: Browser, demo: Demo) -> AsyncIterator[tuple[Page, Phones, Locator]]:
    """The page with its drawer open, and the line that says which faults wait."""
    async with a_page(browser, demo) as page:
        await page.get_by_test_id("open-inspector").click()
        yield page, Phones(page), page.get_by_test_id("faults-on")


async def ask(phones: Phones, person: int) -> Locator:
    """Ask the bot who one is; returns its answers, of which there should be one."""
    await phones.open(person)
    await phones.write(person, "/whoami")
    asked = phones.pane(person).locator(".mine").last
    number = await asked.get_attribute("data-message")
    answers = phones.pane(person).locator(f'[data-message="{number}"] ~ .theirs')
    await expect(answers.first).to_be_visible()
    return answers


async def test_a_slow_network_only_takes_its_time(browser: Browser, demo: Demo) -> None:
    async with drawer(browser, demo) as (page, phones, waiting):
        await phones.trouble("fault-slow")
        await expect(waiting).to_have_text("Waiting to happen: 1")
        answers = await ask(phones, ASKER)
        await expect(page.locator('[data-testid="call"][data-name="sendMessage"] .pill.bad').last).to_have_text("delay")
        await phones.trouble("fault-clear")
        await expect(waiting).to_have_text("")
        await expect(answers).to_have_count(1)


async def test_a_message_refused_for_a_while_is_sent_again_once(browser: Browser, demo: Demo) -> None:
    async with drawer(browser, demo) as (page, phones, waiting):
        await phones.trouble("fault-429")
        await expect(waiting).to_have_text("Waiting to happen: 1")
        answers = await ask(phones, STRANGER)
        await expect(waiting).to_have_text("")
        refused = page.locator('[data-testid="call"][data-name="sendMessage"]').filter(has_text="429")
        await expect(refused).to_have_count(1)
        await refused.locator("summary").click()
        await expect(refused).to_contain_text("retry_after")
        await shoot(page, "1440-light-en-inspector")
        await expect(answers).to_have_count(1)


async def test_a_message_whose_answer_was_lost_is_repeated_at_most_once(browser: Browser, demo: Demo) -> None:
    async with drawer(browser, demo) as (page, phones, waiting):
        await phones.trouble("fault-drop")
        answers = await ask(phones, EDITOR)
        await expect(waiting).to_have_text("")
        # What comes after it is neither lost nor doubled, and comes later.
        await page.get_by_test_id("filter").fill("sendMessage")
        number = await phones.newest(EDITOR)
        await phones.write(EDITOR, "/help")
        await phones.see(EDITOR, "/submit", after=number)
        helps = answers.filter(has_text="/submit")
        await expect(helps).to_have_count(1)
        assert await answers.count() - 1 in (1, 2)


async def test_a_server_that_fails_for_a_while_is_waited_for(browser: Browser, demo: Demo) -> None:
    async with drawer(browser, demo) as (page, phones, waiting):
        await phones.trouble("fault-5xx")
        answers = await ask(phones, ASKER)
        await expect(waiting).to_have_text("")
        failed = page.locator('[data-testid="call"][data-name="sendMessage"]').filter(has_text="502")
        await expect(failed).to_have_count(3)
        await expect(answers).to_have_count(1)
