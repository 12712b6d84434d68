"""The processes of the bench: the fake API, the bots, and the spinners that keep cores awake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakeapi import cpu_seconds

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_PATIENCE = 180.0


class BenchError(Exception):
    """The bench could not be run, or what was measured did not do its work."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One stretch of one bot's work."""

    count: int
    wall: float
    cpu: float
    fake_cpu: float
    others: float  # cores kept busy by anything else on the machine
    counts: dict[str, int]
    times: list[float]
    began: float
    cpu_at_start: float

    @property
    def per_second(self) -> float:
        """Updates (or messages) per second of wall clock."""
        return self.count / self.wall

    @property
    def cpu_us(self) -> float:
        """CPU time of the bot's process per update, user and system, in microseconds."""
        return self.cpu / self.count * 1e6


class FakeApi:
    """The fake API's process, and the way to talk to it."""

    def __init__(self, core: int | None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "fakeapi.py")], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        _pin(self._process.pid, core)
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    def scene(self, token: str, **params: Any) -> None:
        """Begin anew for one bot: other updates, nothing counted."""
        self._control(token, "scene", params)

    def run(self, token: str, count: int, pid: int) -> Measured:
        """Release so many updates and wait until the bot has dealt with them."""
        answer = self._control(token, "run", {"count": count, "pid": pid})
        return Measured(
            count=count,
            wall=answer["wall"],
            cpu=answer["cpu"],
            fake_cpu=answer["own_cpu"],
            others=answer["others"],
            counts=answer["counts"],
            times=answer["times"],
            began=answer["began"],
            cpu_at_start=answer["cpu_at_start"],
        )

    def totals(self, token: str) -> dict[str, Any]:
        """What was called since the scene began, and when the first poll came."""
        return self._control(token, "totals", {})

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _control(self, token: str, name: str, params: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/control/{token}/{name}", json.dumps(params).encode())  # noqa: S310
        with urllib.request.urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
            return answer


class Bot:
    """A bot's process."""

    def __init__(self, arguments: list[str], log: Path, core: int | None, environment: dict[str, str]) -> None:
        self._log = log
        self.started_at = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**os.environ, "PYTHONWARNINGS": "ignore", **environment},
            )
        self.pid = self._process.pid
        _pin(self.pid, core)

    def cpu(self) -> float:
        """CPU seconds used so far."""
        return cpu_seconds(self.pid)

    def peak_mb(self) -> float:
        """The most memory the process ever held (VmHWM), in MB of 10^6 bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise BenchError("no VmHWM in /proc")

    def end(self) -> int:
        """Stop it as a supervisor would, and return its exit code; of one that has ended, only the code."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def complaint(self) -> str:
        """The end of its output."""
        return self._log.read_text(errors="replace")[-3000:]


class Spinners:
    """A process of the lowest priority on every core, so that none is ever idle; still until asked to spin.

    An idle core needs up to a tick (4 ms at 250 Hz) to notice that the disk is done, which makes a lone fsync look
    fifty times slower than it is. A busy machine has no idle core, and a real disk is slower than the tick.
    """

    def __init__(self) -> None:
        code = "import os; os.nice(19)\nwhile True: pass"
        self._processes = []
        for core in sorted(os.sched_getaffinity(0)):
            process = subprocess.Popen([sys.executable, "-c", code])
            os.sched_setaffinity(process.pid, {core})
            process.send_signal(signal.SIGSTOP)
            self._processes.append(process)

    @contextmanager
    def spinning(self, *, on: bool) -> Iterator[None]:
        """Keep the cores awake for the length of the block, if `on`."""
        if not on:
            yield
            return
        self._signal(signal.SIGCONT)
        try:
            yield
        finally:
            self._signal(signal.SIGSTOP)

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes:
            process.send_signal(number)


def _pin(pid: int, core: int | None) -> None:
    if core is not None:
        os.sched_setaffinity(pid, {core})
