"""`factdesk demo`: sandbox and bot, kept running for somebody to look at and to play with."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from bot.demo.backstage import READY_WITHIN, DeskBackstage
from bot.demo.browser import open_page
from bot.demo.process import DeskLost
from bot.demo.stage import NEVER_TELEGRAM, PortTaken, Stage, on_interrupt, set_stage, token_is_set
from bot.sandbox import ActionError
from bot.terminal.outcome import CommandError, explain_os, explain_storage
from jobs.clock import utc_now
from jobs.rules import policy_now
from jobs.seeding import load_seeds, read_seed
from storage.errors import StorageError

UNDO_WITHIN = 5
"""Seconds for which what an editor does can be taken back in a demo."""


async def keep_open(
    port: int,
    out: TextIO,
    *,
    database: Path | None = None,
    browser: bool = False,
    practice: bool = False,
    python: str = sys.executable,
) -> int:
    """Serve until SIGINT or SIGTERM: 0. 1 if the bot does not start.

    Args:
        port: where the page is; 0 takes any that is free.
        out: is told in a line of each step, and of what happens to the bot.
        database: a file to go on with and to leave behind, with the chats; None plays in a temporary folder.
        browser: show the page once the desk is open.
        practice: for reviewers who learn: past claims to practise on instead of the article.
        python: the interpreter of the bot's process.

    Raises:
        CommandError: the port is taken, or the database is not this demo's to use.
    """

    def say(text: str) -> None:
        out.write(f"{text}\n")
        out.flush()

    if token_is_set():
        say(NEVER_TELEGRAM)
    stop = asyncio.Event()
    with on_interrupt(stop.set):
        try:
            async with set_stage(utc_now(), port=port, keep_in=database, say=say, python=python) as stage:
                return await _open(stage, stop, say, browser=browser, practice=practice)
        except PortTaken as error:
            raise CommandError(
                f"port {port} is taken or not permitted; choose another one: factdesk demo --port {_another(port)}"
            ) from error
        except StorageError as error:
            raise explain_storage(error, database or Path("the demo's folder")) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            raise explain_os(error, database or Path("the demo's folder")) from error


def _another(port: int) -> int:
    return port + 1 if port < 65535 else 0


async def _open(stage: Stage, stop: asyncio.Event, say: Callable[[str], None], *, browser: bool, practice: bool) -> int:
    backstage = DeskBackstage(stage.desk, stage.clock, stage.server, say)
    stage.server.sandbox.backstage = backstage
    newcomers = await _load(stage, say)

    async def opened() -> None:
        await _welcomed(stage, newcomers)
        await (_begin_practice if practice else _bring_article)(stage, say)
        say(f"The desk is open: {stage.server.page_url} is its page. Ctrl-C ends it.")
        if browser:
            open_page(stage.server.page_url)

    running = asyncio.ensure_future(backstage.keep_running(opened))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            running.result()
    except DeskLost as error:
        say(str(error))
        for logged in stage.desk.log_tail():
            say(f"  {logged}")
        return 1
    finally:
        if stop.is_set():
            say("Stopping …")
        for task in (running, stopping):
            task.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)
        await backstage.close()
    return 0


async def _load(stage: Stage, say: Callable[[str], None]) -> int:
    """Load people and past fact-checks, and let everybody press Start who never did; returns how many those are.

    The bot finds it all when it opens.
    """
    async with stage.database.write() as ledger:
        loaded = await load_seeds(ledger, stage.clock(), await policy_now(ledger), people=True)
        if "undo_within" not in await ledger.settings.get_all():
            # Long enough to try it, short enough for somebody who plays all the parts.
            await ledger.settings.set("undo_within", UNDO_WITHIN, by=None, now=stage.clock())
    say(f"Loaded: {loaded.people} people, {loaded.verdicts} past fact-checks.")
    newcomers = [user for number, user in stage.users.items() if not stage.has_started(number)]
    for user in newcomers:
        await user.start()
    await stage.make_places()
    return len(newcomers)


async def _welcomed(stage: Stage, newcomers: int) -> None:
    """Wait until everybody was welcomed who is here for the first time; DeskLost if they are not."""
    try:
        await stage.server.people.wait_call("sendMessage", count=newcomers, timeout=READY_WITHIN)
    except TimeoutError as error:
        raise DeskLost(f"The bot did not welcome anybody within {READY_WITHIN:g} s.") from error


async def _begin_practice(stage: Stage, say: Callable[[str], None]) -> None:
    """Let the reviewers ask for practice, and the page show them first."""
    there = []
    for number in stage.learners:
        try:
            await stage.users[number].send("/practice")
        except ActionError as error:
            # In a demo that was kept, somebody may have blocked the bot.
            say(f"Without {stage.names[number]}: {error}.")
        else:
            there.append(number)
    stage.server.sandbox.opening = tuple(there)
    say("Practice: the reviewers have past claims to work on; nothing of it counts. No article comes in.")


async def _bring_article(stage: Stage, say: Callable[[str], None]) -> None:
    """Take the article in: the editors are shown its sentences, to sort them."""
    name = read_seed("demo.json")["document"]
    async with stage.database.write() as ledger:
        loaded = await load_seeds(ledger, stage.clock(), await policy_now(ledger), verdicts=False, articles=[name])
    if loaded.articles:
        say(f"Taken in: the Bengali article {name}; reviewers are offered what an editor picks of it.")
    else:
        say(f"Taken in before: the Bengali article {name}.")
