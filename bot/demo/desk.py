"""`python -m bot.demo.desk …`: the `factdesk` command by the clock of a demo. The command itself is the real one.

`jobs.clock.utc_now` is the only line of the desk that reads the wall clock. Here the demo's clock takes its place
before anything else is imported. The timers of the desk know nothing of it: they run on real time, closer together.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jobs.clock
from bot.demo.clock import MovableClock

CLOCK = "FACTDESK_DEMO_CLOCK"
"""The environment variable that names the clock's file."""

LOOK_EVERY = timedelta(seconds=1)
"""How often a running desk looks what has become due. The clock may jump at any moment, and nobody should wait then."""


def main() -> None:
    """Run the command of `sys.argv`."""
    real, jobs.clock.utc_now = jobs.clock.utc_now, MovableClock(Path(os.environ[CLOCK]))
    if sys.argv[1:2] == ["run"]:
        _look_often(real)
        threading.Thread(target=_end_with_parent, daemon=True).start()
    from bot.cli import main as factdesk  # noqa: PLC0415 - after the clock is set

    factdesk()


def _look_often(real: Callable[[], datetime]) -> None:
    """Shorten the intervals of the schedule, and let its alarm clock begin now by the clock that it goes by."""
    from jobs import schedule  # noqa: PLC0415 - after the clock is set

    build = schedule.build_scheduler

    def build_by_real_time(run: Any, _now: datetime) -> Any:
        return build(run, real())

    often = tuple(replace(job, every=min(job.every, LOOK_EVERY)) for job in schedule.JOBS)
    vars(schedule).update(JOBS=often, build_scheduler=build_by_real_time)


def _end_with_parent() -> None:
    """Stop when the demo is gone, however it went: its end of our stdin closes then."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
