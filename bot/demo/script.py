"""`factdesk demo --script`: the main job, from a text that comes in to the digest, played against the real bot.

The people talk to the embedded Bot API; the bot is a process of its own that knows nothing of the play. The first step
that does not happen ends the play, with what was expected and what there is instead.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.demo import checking, opening
from bot.demo.performance import LEAD, Play, digest_hour
from bot.demo.process import DeskLost, ToolFailed
from bot.demo.seat import Unmet
from bot.demo.stage import NEVER_TELEGRAM, ZONE, Stage, on_interrupt, set_stage, token_is_set
from bot.demo.transcript import Transcript
from bot.sandbox import ActionError
from jobs.clock import utc_now
from storage.errors import FactdeskError

PATIENCE = 15.0
"""Seconds that people wait for what they expect to see."""

_LAST_SEEN = 6
_PREFACE = """\
Factdesk demo: the whole job, once, from a text that comes in to the digest.
The bot is the real one, in a process of its own. Telegram, the people and the clock are made up on this machine, and
Telegram's limits of speed (a message per second and chat) are off, so that you need not wait for them.
(“⋮” on a card stands for what it showed before.)"""


async def perform(
    out: TextIO,
    *,
    patience: float = PATIENCE,
    python: str = sys.executable,
    rig: Callable[[Stage], None] | None = None,
) -> int:
    """Play, print, and return 0 only if every step happened.

    Args:
        patience: seconds that people wait for what they expect.
        python: the interpreter of the bot's process.
        rig: called with the stage before the play; tests break something with it.
    """
    transcript = Transcript(out, ZoneInfo(ZONE))
    transcript.line(_PREFACE)
    if token_is_set():
        transcript.line(NEVER_TELEGRAM)
    hour = digest_hour(utc_now())
    # The play is the same wherever it is shown, with the extra or without.
    async with set_stage(hour - LEAD, limits=False, semantic=False, python=python) as stage:
        if rig is not None:
            rig(stage)
        play = Play(stage, transcript, patience, hour)
        playing = asyncio.ensure_future(_until_lost(play, stage))
        try:
            with on_interrupt(playing.cancel):
                await playing
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            transcript.line("\n  Stopped before the end.")
            return 1
        except (Unmet, DeskLost, ToolFailed, ActionError, FactdeskError, LookupError, ValueError) as error:
            transcript.fail(str(error), await _overview(stage), stage.desk.log_tail())
            return 1
    transcript.line(f"\nDone: {transcript.checked} checks in {transcript.seconds:.1f} s.")
    return 0


async def _until_lost(play: Play, stage: Stage) -> None:
    """Play to the end, or until the bot's process ends by itself."""
    playing = asyncio.ensure_future(_acts(play))
    losing = asyncio.ensure_future(stage.desk.lost())
    try:
        await asyncio.wait({playing, losing}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            raise DeskLost(losing.result())
        playing.result()
    finally:
        for task in (playing, losing):
            task.cancel()
        await asyncio.gather(playing, losing, return_exceptions=True)


async def _acts(play: Play) -> None:
    await opening.open_desk(play)
    await opening.invite(play)
    team = await opening.set_digest(play)
    channel = await opening.add_channel(play)
    claim = await opening.take_article_in(play)
    await opening.sort(play, claim)
    await opening.ask(play, claim)
    cards = await checking.go_on_duty(play, claim)
    await checking.review(play, claim, cards)
    await checking.approve(play, claim, channel)
    await checking.look_up(play, claim)
    await checking.pass_the_hour(play, claim, team)
    await checking.look_over(play, team)


async def _overview(stage: Stage) -> list[str]:
    """What is shown at the end of each chat that anybody used."""
    lines = []
    for chat in await stage.server.people.act("chat_list"):
        shown = await stage.server.people.act("messages", chat=chat["id"], since=0)
        if shown["messages"]:
            lines.append(f"{chat['name']}:")
            for message in shown["messages"][-_LAST_SEEN:]:
                first, *rest = message["text"].splitlines() or [""]
                lines.append(f"  {message['sender']}: {first}{' …' if rest else ''}")
    return lines
