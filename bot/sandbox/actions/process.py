"""The bot's process and the clock, for whoever is let behind the scene."""

from datetime import datetime

from bot.sandbox.backstage import Backstage
from bot.sandbox.errors import ActionError
from bot.sandbox.model import JsonObject
from bot.sandbox.state import Sandbox


def bot_status(box: Sandbox) -> JsonObject | None:
    """Whether the bot runs and what time it is there; None if this sandbox does not run the bot."""
    return box.backstage.status() if box.backstage is not None else None


async def kill_bot(box: Sandbox) -> JsonObject:
    """End the bot at once; it stays down."""
    stage = _backstage(box)
    await stage.kill()
    return stage.status()


async def start_bot(box: Sandbox) -> JsonObject:
    """Start the bot if it is down."""
    stage = _backstage(box)
    await stage.start()
    return stage.status()


async def restart_bot(box: Sandbox) -> JsonObject:
    """Stop the bot in order and start it again."""
    stage = _backstage(box)
    await stage.restart()
    return stage.status()


async def move_clock(box: Sandbox, *, at: str) -> JsonObject:
    """Let it be `at` (ISO 8601 with an offset from UTC); the clock is never moved back."""
    stage = _backstage(box)
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        raise ActionError(f"{at!r} is no date and time like 2026-03-01T09:00:00+06:00") from None
    if instant.utcoffset() is None:
        raise ActionError("the time needs an offset from UTC")
    await stage.move_clock(instant)
    return stage.status()


def _backstage(box: Sandbox) -> Backstage:
    if box.backstage is None:
        raise ActionError("this sandbox does not run the bot")
    return box.backstage
