"""Button presses and inline queries on their way: asked by a person, waiting for the bot's answer."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.model import JsonObject


@dataclass(slots=True)
class Waiting:
    """A question whose answer somebody may wait for."""

    asked_at: datetime
    answer: JsonObject | None = None
    _waiters: list[asyncio.Future[None]] = field(default_factory=list)

    def give(self, answer: JsonObject) -> None:
        """Answer. The first answer is the one the person sees."""
        if self.answer is None:
            self.answer = answer
        self.give_up()

    def give_up(self) -> None:
        """Let everybody stop waiting."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, seconds: float) -> JsonObject | None:
        """The answer, or None if there is none in time."""
        if self.answer is None and seconds > 0:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                async with asyncio.timeout(seconds):
                    await waiter
            except TimeoutError:
                return None
        return self.answer


@dataclass(slots=True)
class Callback(Waiting):
    """A pressed button."""


@dataclass(slots=True)
class InlineQuery(Waiting):
    """What somebody typed after the bot's name in any chat."""
