"""Fetching updates by long polling. The offset moves only after the gateway has committed the batch."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.gateway import ALLOWED_UPDATES
from bot.request import AiohttpRequest, retry_seconds
from storage.errors import StorageError

_log = structlog.get_logger(__name__)

LONG_POLL = 30
"""Seconds that Telegram may hold a call open; it allows 50."""

_LONGEST_PAUSE = 30.0


class Poller:
    """The one reader of getUpdates that Telegram allows per token."""

    def __init__(self, request: AiohttpRequest, handle: Callable[[list[dict[str, Any]]], Awaitable[None]]) -> None:
        self._request = request
        self._handle = handle
        self._offset: int | None = None

    async def run(self) -> None:
        """Fetch and handle until cancelled. No error ends it: it pauses, longer each time, and goes on."""
        failures = 0
        while True:
            try:
                batch = await self._fetch()
                if batch:
                    await self._handle(batch)
                    self._confirm(batch)
                failures = 0
            except (TelegramError, StorageError) as error:
                failures += 1
                pause = _pause(error, failures)
                _log.warning("updates_not_fetched", error=str(error), retry_in=round(pause, 1))
                await asyncio.sleep(pause)
            except Exception:
                # A fault of ours in handling a batch. It was rolled back and not confirmed, so it comes again.
                failures += 1
                _log.exception("batch_failed")
                await asyncio.sleep(_pause(RuntimeError(), failures))

    async def _fetch(self) -> list[dict[str, Any]]:
        batch = await self._request.call(
            "getUpdates",
            {"offset": self._offset, "limit": 100, "timeout": LONG_POLL, "allowed_updates": list(ALLOWED_UPDATES)},
            timeout=LONG_POLL + 15.0,
        )
        return batch if isinstance(batch, list) else []

    def _confirm(self, batch: list[dict[str, Any]]) -> None:
        ids = [raw["update_id"] for raw in batch if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]
        if ids:
            self._offset = max(ids) + 1


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    if isinstance(error, Conflict | InvalidToken):
        return _LONGEST_PAUSE / 3
    return min(_LONGEST_PAUSE, 0.25 * 2.0 ** min(failures, 10)) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
