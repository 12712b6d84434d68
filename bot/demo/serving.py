"""`factdesk demo`: sandbox and bot, kept running for somebody to look at and to play with."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TextIO

from bot.demo.process import DeskLost
from bot.demo.stage import NEVER_TELEGRAM, PortTaken, Stage, on_interrupt, set_stage, token_is_set
from jobs.clock import utc_now
from jobs.rules import policy_now
from jobs.seeding import load_seeds, read_seed

READY_WITHIN = 20.0
"""Seconds that the bot may take until it says hello to the Bot API."""

_PAUSE = 0.5
_MOST_FAILURES = 3


async def keep_open(port: int, out: TextIO, *, python: str = sys.executable) -> int:
    """Serve until SIGINT or SIGTERM: 0. 1 if the port is taken or the bot does not start.

    Args:
        python: the interpreter of the bot's process.
    """

    def line(text: str) -> None:
        out.write(f"{text}\n")
        out.flush()

    if token_is_set():
        line(NEVER_TELEGRAM)
    stop = asyncio.Event()
    with on_interrupt(stop.set):
        try:
            async with set_stage(utc_now(), port=port, python=python) as stage:
                return await _open(stage, stop, line)
        except PortTaken:
            line(f"Port {port} is taken or not permitted; choose another one: factdesk demo --port {port + 1}")
            return 1


async def _open(stage: Stage, stop: asyncio.Event, line: Callable[[str], None]) -> int:
    await _load(stage, line)
    supervising = asyncio.ensure_future(_supervise(stage, line))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({supervising, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            supervising.result()
    except DeskLost as error:
        line(str(error))
        for logged in stage.desk.log_tail():
            line(f"  {logged}")
        return 1
    finally:
        for task in (supervising, stopping):
            task.cancel()
        await asyncio.gather(supervising, stopping, return_exceptions=True)
    line("Stopping …")
    return 0


async def _load(stage: Stage, line: Callable[[str], None]) -> None:
    """Load people and past fact-checks, and let everybody press Start; the bot finds it all when it opens."""
    async with stage.database.write() as ledger:
        loaded = await load_seeds(ledger, stage.clock(), await policy_now(ledger), people=True)
    line(f"Loaded: {loaded.people} people, {loaded.verdicts} past fact-checks.")
    for user in stage.users.values():
        await user.start()
    await stage.group()
    await stage.channel()


async def _bring_article(stage: Stage, line: Callable[[str], None]) -> None:
    """Take the article in once everybody was welcomed: whoever is on duty is offered a claim of it."""
    try:
        await stage.server.people.wait_call("sendMessage", count=len(stage.users), timeout=READY_WITHIN)
    except TimeoutError as error:
        raise DeskLost(f"The bot did not welcome anybody within {READY_WITHIN:g} s.") from error
    async with stage.database.write() as ledger:
        name = read_seed("demo.json")["document"]
        await load_seeds(ledger, stage.clock(), await policy_now(ledger), verdicts=False, articles=[name])
    line(f"Taken in: the Bengali article {name}; the reviewers on duty are offered its claims.")


async def _supervise(stage: Stage, line: Callable[[str], None]) -> None:
    """Start the bot, and start it again whenever its process ends.

    Raises:
        DeskLost: it ended several times in a row before it said hello, or cannot be started at all.
    """
    failures = 0
    opened = False
    while True:
        how = await _start(stage)
        if how is None:
            failures = 0
            if not opened:
                await _bring_article(stage, line)
                line(f"The desk is open: {stage.server.base_url}/ shows its chats. Ctrl-C ends it.")
                opened = True
            line(f"The bot is process {stage.desk.pid}.")
            how = await stage.desk.lost()
        else:
            failures += 1
            if failures >= _MOST_FAILURES:
                raise DeskLost(how)
        line(f"{how} It is started again.")
        await asyncio.sleep(_PAUSE)


async def _start(stage: Stage) -> str | None:
    """Start the bot and wait until it says hello to the Bot API; returns how it ended instead, if it did."""
    people = stage.server.people
    before = await people.last_event()
    await stage.desk.start()
    asking = asyncio.ensure_future(people.wait_call("getMe", after=before, timeout=READY_WITHIN))
    ending = asyncio.ensure_future(stage.desk.lost())
    try:
        await asyncio.wait({asking, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():
            return ending.result()
        asking.result()
    except TimeoutError as error:
        raise DeskLost(f"The bot did not say hello within {READY_WITHIN:g} s.") from error
    finally:
        for task in (asking, ending):
            task.cancel()
        await asyncio.gather(asking, ending, return_exceptions=True)
    return None
