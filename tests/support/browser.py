"""Chromium on the page of a demo: phones of the newsroom side by side, and proof that nothing went wrong beneath."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from tests.support.demo_process import ROOT, Demo

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
PATIENCE_MS = 20_000

Size = tuple[int, int]
PHONE: Size = (360, 740)
DESKTOP: Size = (1440, 900)


def chromium() -> str:
    """Return the system's Chromium. Without it the test is skipped; where CI is set, it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is not None and AXE.exists():
        return found
    why = "there is no Chromium or no axe-core here; .ci/packages installs both"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """Run Chromium without a window."""
    path = chromium()
    async with async_playwright() as playwright:
        # Without its sandbox, which root may not use in a container; it sees nothing but the demo's own page.
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def a_page(
    browser: Browser,
    demo: Demo,
    *,
    size: Size = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
    language: str = "en",
    tour: bool = False,
    **storage: str,
) -> AsyncIterator[Page]:
    """Open the demo's page as somebody with a fresh browser; at the end, nothing may have been logged as an error.

    Args:
        language: the page's own; "en" or "bn".
        tour: leave the guided tour open that a first visit begins with.
        storage: what the browser remembers of earlier visits.
    """
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale="bn-BD" if language == "bn" else "en-GB",
        timezone_id="Asia/Dhaka",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []

    def logged(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    page.on("console", logged)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url} {request.failure}"))
    await page.goto(f"{demo.address}/#{demo.key}")
    if not tour:
        await dismiss_tour(page)
    try:
        yield page
        assert not complaints, complaints
    finally:
        await context.close()


async def dismiss_tour(page: Page) -> None:
    """Close the tour."""
    await page.get_by_test_id("tour-close").click()


async def shoot(page: Page, name: str) -> Path:
    """Write a picture of the page for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    await page.screenshot(path=path)
    return path


async def violations(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, a line each."""
    # Not as a script tag: the page's own policy forbids scripts from elsewhere.
    await page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
