"""`python -m bot.demo.desk …`: the `factdesk` command by the clock of a demo. The command itself is the real one.

`jobs.clock.utc_now` is the only line of the desk that reads the wall clock. Here the demo's clock takes its place
before anything else is imported.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import jobs.clock
from bot.demo.clock import MovableClock

CLOCK = "FACTDESK_DEMO_CLOCK"
"""The environment variable that names the clock's file."""


def main() -> None:
    """Run the command of `sys.argv`."""
    jobs.clock.utc_now = MovableClock(Path(os.environ[CLOCK]))
    if sys.argv[1:2] == ["run"]:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    from bot.cli import main as factdesk  # noqa: PLC0415 - after the clock is set

    factdesk()


def _end_with_parent() -> None:
    """Stop when the demo is gone, however it went: its end of our stdin closes then."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
