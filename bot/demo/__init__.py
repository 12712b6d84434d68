"""`factdesk demo`: the desk in one minute, against a Bot API of its own; no token, no account, no network.

`play` runs the main job in the terminal and says whether every step of it really happened. `serve` keeps the sandbox
and the desk running. Both start the real bot as a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO


async def play(out: TextIO | None = None) -> int:
    """Play the main job from a text to its digest and print what everybody saw; 0 only if every step happened."""
    from bot.demo.script import perform  # noqa: PLC0415 - only who plays pays for the sandbox

    return await perform(out or sys.stdout)


async def serve(
    port: int = 8765,
    out: TextIO | None = None,
    *,
    database: Path | None = None,
    browser: bool = False,
    practice: bool = False,
) -> int:
    """Keep sandbox and desk running until SIGINT or SIGTERM; 1 if the bot does not start.

    Args:
        database: a file to go on with and to leave behind, with the chats; None plays in a temporary folder.
        browser: show the page once the desk is open.
        practice: for reviewers who learn: past claims to practise on, and no article.

    Raises:
        CommandError: the port is taken, or the database is not this demo's to use.
    """
    from bot.demo.serving import keep_open  # noqa: PLC0415 - as above

    return await keep_open(port, out or sys.stdout, database=database, browser=browser, practice=practice)
