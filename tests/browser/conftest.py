"""A browser and a demo for all tests in a browser. Whoever needs a desk of their own starts another demo."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browser import a_browser
from tests.support.demo_process import Demo, a_demo


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The browser belongs to the loop that it was started in.
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium; each page is opened in a context of its own."""
    async with a_browser() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A demo that tests look at together. What they leave behind in its chats must not matter to others."""
    async with a_demo(tmp_path_factory.mktemp("demo")) as opened:
        await opened.sort()
        yield opened
