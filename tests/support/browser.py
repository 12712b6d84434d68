"""Chromium on the page of a demo, and proof that nothing went wrong beneath what a test looks at."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright

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


class Watch:
    """What a browser complains of. `allow` declares what a test means to go wrong."""

    def __init__(self) -> None:
        self._complaints: list[str] = []
        self._allowed: list[str] = []

    def follow(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._logged)
        page.on("pageerror", lambda error: self._complaints.append(f"uncaught: {error}"))
        page.on("requestfailed", self._failed)

    def allow(self, pattern: str) -> None:
        """Let complaints pass in which the pattern is found."""
        self._allowed.append(pattern)

    def check(self) -> None:
        """Fail if there was a complaint that nobody allowed, or if one that was allowed never came."""
        rest = [said for said in self._complaints if not any(re.search(each, said) for each in self._allowed)]
        assert not rest, rest
        missing = [each for each in self._allowed if not any(re.search(each, said) for said in self._complaints)]
        assert not missing, f"declared, but it did not happen: {missing}"

    def _failed(self, request: Request) -> None:
        # A page that is left while its icon is still on the way gives it up.
        if not (request.url.endswith("/icon.svg") and request.failure == "net::ERR_ABORTED"):
            self._complaints.append(f"failed: {request.url} {request.failure}")

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(f"{message.type}: {message.text} {message.location.get('url', '')}")


@asynccontextmanager
async def a_context(
    browser: Browser,
    *,
    size: Size = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
    language: str = "en",
    bypass_csp: bool = False,
) -> AsyncIterator[BrowserContext]:
    """A browser that has never been here: it remembers nothing."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale="bn-BD" if language == "bn" else "en-GB",
        timezone_id="Asia/Dhaka",
        reduced_motion="reduce",
        bypass_csp=bypass_csp,
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        await context.close()


@asynccontextmanager
async def a_page(
    browser: Browser,
    demo: Demo,
    *,
    size: Size = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
    language: str = "en",
    tour: bool = False,
    allow: Iterable[str] = (),
) -> AsyncIterator[Page]:
    """Open the demo's page as somebody with a fresh browser; at the end, nothing may have been logged as an error.

    Args:
        language: the page's own; "en" or "bn".
        tour: leave the guided tour open that a first visit begins with.
        allow: patterns of complaints that the test means to cause; each must come.
    """
    async with a_context(browser, size=size, scheme=scheme, language=language) as context:
        page = await context.new_page()
        watch = Watch()
        watch.follow(page)
        for pattern in allow:
            watch.allow(pattern)
        await page.goto(f"{demo.address}/#{demo.key}")
        if not tour:
            await dismiss_tour(page)
        yield page
        watch.check()


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
    """Return what axe-core finds serious or critical, a line each. The page's context must bypass its policy."""
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(path=AXE)
    found: dict[str, Any] = await page.evaluate(
        "axe.run(document, {resultTypes: ['violations'],"
        " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    assert found["passes"], "axe-core has looked at nothing"
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


# A box whose content is wider or higher than itself is cut, unless it is meant to scroll or ends in an ellipsis.
_CUT = """() => {
  const cut = [];
  const say = (what, node) => cut.push(`${what}: ${node.className} ${node.textContent.slice(0, 60)}`);
  const shown = (node) => node.checkVisibility() && node.getClientRects().length;
  const boxes = "button, a.key, h1, h2, h3, label, .pill, .bubble, .banner, .chat-words, .chat-preview";
  for (const node of document.querySelectorAll(boxes)) {
    if (!shown(node)) continue;
    const { display, textOverflow, overflowY } = getComputedStyle(node);
    const ends = display === "inline" || textOverflow === "ellipsis";
    if (!ends && node.scrollWidth > node.clientWidth + 1) say("wide", node);
    if (overflowY === "hidden" && node.scrollHeight > node.clientHeight + 1) say("high", node);
    const at = node.getBoundingClientRect();
    if (at.left < -1 || at.right > innerWidth + 1) say("outside", node);
  }
  for (const node of document.querySelectorAll("html, .log, .chat-list, .menu, .faults, .tour, .commands")) {
    if (shown(node) && node.scrollWidth > node.clientWidth) cut.push(`scrolls sideways: ${node.className || "page"}`);
  }
  return cut;
}"""


async def cut_off(page: Page) -> list[str]:
    """Return what is cut off, stands out of the window, or makes something scroll sideways."""
    found: list[str] = await page.evaluate(_CUT)
    return found
