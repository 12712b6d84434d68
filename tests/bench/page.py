"""The speed of the chat page, in Chromium, against the real bot's process.

    .venv/bin/python tests/bench/page.py [--loads N] [--presses N]

needs Chromium and takes about half a minute. Measured are

    load     from the beginning of the navigation until the first message has been painted, each time in a new tab, with
             nothing from a cache. Baseline: a page of a single file with the same number of bytes and one message in
             it, from a server of the same kind in the same process
    press    from the click on a button under a card until the edited card has been painted: page, sandbox, the bot's
             poll, its transaction with synchronous=FULL, the edit through the outbox, and back. Telegram's limits are
             off on both sides: with them a chat may have one edit a second, and that would be what is measured.
             Baseline: an action on the page's line that does nothing but answer

Subject and baseline take turns, so that whatever else the machine does hits them alike; `ratio` is the median of the
ratios within each turn. Painted means: a frame was drawn after the change, so that up to 17 ms of a time are the
screen's. Nothing is asserted. One JSON line per figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from aiohttp import web
from playwright.async_api import BrowserContext, Page

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.callbacks import VERSION, Verb  # noqa: E402 - found only now
from bot.demo.stage import Stage, set_stage  # noqa: E402
from bot.sandbox.page import assets  # noqa: E402
from jobs.clock import utc_now  # noqa: E402
from jobs.rules import policy_now  # noqa: E402
from jobs.seeding import load_seeds, read_seed  # noqa: E402
from tests.support.browser import DESKTOP, a_browser, a_context  # noqa: E402

REVIEWER = 7003
PATIENCE = 30.0

_SHOWN = """
window.shown = new Promise((done) => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector(".message")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  });
  watch.observe(document, {childList: true, subtree: true});
});
"""

_PRESS = """(wanted) => new Promise((done) => {
  const log = document.querySelector(".pane .log:has(button.key" + wanted + ")");
  const key = [...log.querySelectorAll("button.key" + wanted)].at(-1);
  const card = key.closest("[data-message]");
  const find = () => log.querySelector(`[data-message="${card.dataset.message}"]`);
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (find()?.dataset.version === card.dataset.version) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  watch.observe(log, {childList: true, subtree: true, attributes: true});
  key.click();
})"""

_ROUND_TRIP = """async () => {
  const { act } = await import("/web/wire.js");
  const began = performance.now();
  await act("bot_status");
  return performance.now() - began;
}"""


def tell(name: str, value: float, unit: str, **more: Any) -> None:
    """Print one figure."""
    print(json.dumps({"bench": "page", "name": name, "value": round(value, 3), "unit": unit, **more}), flush=True)


def compare(name: str, times: list[float], baseline: list[float], against: str) -> None:
    """Tell the times of something, and what they are as a multiple of their baseline."""
    tell(
        name,
        median(times),
        "ms",
        count=len(times),
        p90=round(quantiles(times, n=10)[-1], 1),
        min=round(min(times), 1),
        max=round(max(times), 1),
        against=against,
        baseline=round(median(baseline), 2),
        ratio=round(median(one / other for one, other in zip(times, baseline, strict=True)), 2),
    )


@asynccontextmanager
async def a_desk() -> AsyncIterator[Stage]:
    """The demo's desk without Telegram's limits, with its people, and a claim on offer to each reviewer."""
    async with set_stage(utc_now(), limits=False, semantic=False) as stage:
        box = stage.server.sandbox
        box.backstage = _Still(stage)
        async with stage.database.write() as ledger:
            await load_seeds(ledger, stage.clock(), await policy_now(ledger), people=True)
        for user in stage.users.values():
            await user.start()
        await stage.make_places()
        await stage.desk.start()
        await stage.server.people.wait_call("sendMessage", count=len(stage.users), timeout=PATIENCE)
        async with stage.database.write() as ledger:
            article = read_seed("demo.json")["document"]
            await load_seeds(ledger, stage.clock(), await policy_now(ledger), verdicts=False, articles=[article])
        yield stage


class _Still:
    """Behind the scene is somebody who only says how the bot is."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def status(self) -> dict[str, Any]:
        """See `Backstage`."""
        stage = self._stage
        return {"running": True, "pid": stage.desk.pid, "now": stage.clock().isoformat(), "ahead": 0, "zone": "UTC"}


@asynccontextmanager
async def a_bare_page(size: int) -> AsyncIterator[str]:
    """Serve a page of one file with so many bytes, and give its address."""
    head = '<!doctype html><title>bare</title><p class="message">A message</p><script type="text/plain">'
    body = (head + "x" * size)[: size - len("</script>")] + "</script>"

    async def bare(_request: web.Request) -> web.Response:
        return web.Response(text=body, content_type="text/html", headers={"Cache-Control": "no-store"})

    app = web.Application()
    app.router.add_get("/", bare)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def load(context: BrowserContext, address: str) -> float:
    """Load a page in a new tab; milliseconds until its first message was shown."""
    page = await context.new_page()
    try:
        await page.goto(address)
        return float(await page.evaluate("window.shown"))
    finally:
        await page.close()


async def measure_loads(context: BrowserContext, stage: Stage, count: int) -> None:
    """Load page and baseline by turns; the first of each is a warm-up."""
    files = assets()
    async with a_bare_page(sum(map(len, files.values()))) as bare:
        turns = [(await load(context, stage.server.page_url), await load(context, bare)) for _ in range(count + 1)][1:]
    tell("page_size", sum(map(len, files.values())) / 1024, "KiB", files=len(files))
    compare("load", [one for one, _ in turns], [other for _, other in turns], "a static page of one file, same size")


async def press(page: Page, verb: Verb, *ending: str) -> float:
    """Press a button of the reviewer's card; milliseconds until the edited card was shown."""
    wanted = f'[data-data^="{VERSION}:{verb.value}:"]' + (f'[data-data$=":{ending[0]}"]' if ending else "")
    pane = page.locator(f'[data-testid="pane"][data-chat="{REVIEWER}"]')
    await pane.locator(f"button.key{wanted}").last.wait_for()
    return float(await page.evaluate(_PRESS, wanted))


async def measure_presses(context: BrowserContext, stage: Stage, count: int) -> None:
    """Rate and go back to the ratings, again and again, each time with a bare round trip beside it."""
    page = await context.new_page()
    await page.goto(stage.server.page_url)
    await page.get_by_test_id("tour-close").click()
    await page.locator(f'[data-testid="chat"][data-chat="{REVIEWER}"]').click()
    # No other open chat may have the same buttons.
    others = page.locator(f'[data-testid="pane"]:not([data-chat="{REVIEWER}"])')
    while await others.count():
        await others.first.get_by_test_id("close-pane").click()
    await press(page, Verb.TAKE)
    times: list[float] = []
    trips: list[float] = []
    for number in range(count + 2):
        if number % 2:
            took = await press(page, Verb.STEP, "rating")
        else:
            took = await press(page, Verb.RATE, ("true", "false")[number // 2 % 2])
        trip = float(await page.evaluate(_ROUND_TRIP))
        if number >= 2:
            times.append(took)
            trips.append(trip)
    compare("press", times, trips, "a bare action on the page's line, answered at once")


async def run(options: argparse.Namespace) -> None:
    """Measure and tell everything."""
    began = time.monotonic()
    async with a_desk() as stage, a_browser() as browser, a_context(browser, size=DESKTOP) as context:
        await context.add_init_script(_SHOWN)
        machine = {"chromium": browser.version, "python": platform.python_version(), "cores": os.cpu_count()}
        tell("load_average", os.getloadavg()[0], "processes", **machine)
        await measure_loads(context, stage, options.loads)
        await measure_presses(context, stage, options.presses)
    tell("whole_run", time.monotonic() - began, "s")


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="The speed of the chat page.")
    parser.add_argument("--loads", type=int, default=20)
    parser.add_argument("--presses", type=int, default=40)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
