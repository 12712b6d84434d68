"""A clock that can be moved forward, shared by the processes of a demo through a small file.

The file holds how many seconds the demo's time is ahead of the real one (behind: negative). The desk takes its time
from whatever clock it is given, so nothing in it knows of this one.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from jobs.clock import utc_now


class MovableClock:
    """Call it for the demo's present. It runs at the pace of real time and is never moved back."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def starting_at(cls, path: Path, at: datetime) -> MovableClock:
        """Make a clock that shows `at` now."""
        clock = cls(path)
        clock._write(at - utc_now())
        return clock

    @property
    def ahead(self) -> timedelta:
        """By how much it is ahead of the real time.

        Raises:
            ValueError: the file holds something else. OSError: it cannot be read.
        """
        return timedelta(seconds=float(self._path.read_text("ascii")))

    def __call__(self) -> datetime:
        """Return the demo's present, aware, in UTC."""
        return utc_now() + self.ahead

    def move_to(self, at: datetime) -> None:
        """Let it be `at`, unless it is later than that already."""
        if at > self():
            self._write(at - utc_now())

    def _write(self, ahead: timedelta) -> None:
        # Replaced in one step: a reader finds the old offset or the new one, never half of it.
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.write_text(repr(ahead.total_seconds()), "ascii")
        os.replace(fresh, self._path)
