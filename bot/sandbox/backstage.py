"""Behind the scene: the bot's process and the clock, as far as whoever started them lets a visitor touch them."""

from datetime import datetime
from typing import Protocol

from bot.sandbox.model import JsonObject


class Backstage(Protocol):
    """Set as `Sandbox.backstage` by what runs the bot; a sandbox that is used alone has none.

    Every change is told in the event log as an event of kind `stage` whose data are those of `status`.
    """

    def status(self) -> JsonObject:
        """`{"running": bool, "pid": int | None, "now": ISO instant, "ahead": seconds of lead, "zone": str}`."""

    async def kill(self) -> None:
        """End the bot's process at once, as a power cut would; it stays down."""

    async def start(self) -> None:
        """Start the bot's process if it is down, and return when it has said hello to the Bot API."""

    async def restart(self) -> None:
        """Stop the bot in order and start it again."""

    async def move_clock(self, at: datetime) -> None:
        """Let it be `at` (aware); never back. What is due by then happens at once."""
