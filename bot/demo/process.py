"""The desk as processes of their own: the bot that runs, and the commands beside it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import bot
from bot.demo.desk import CLOCK

STOP_WITHIN = 5.0
"""Seconds that a stopped bot has to finish what it does."""

_LOG = "factdesk.log"


class DeskLost(Exception):
    """The bot's process ended although nobody stopped it, or did not start."""


class ToolFailed(Exception):
    """A command ended with an error."""


def environment(database: Path, clock_file: Path, **settings: str) -> dict[str, str]:
    """Return the environment of the demo's processes: ours, but with no other setting of Factdesk than these.

    The token or the database of somebody's real desk must never reach the demo.
    """
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("FACTDESK_")}
    home = str(Path(bot.__file__).resolve().parent.parent)
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (home, kept.get("PYTHONPATH"))))
    kept |= {"PYTHONUTF8": "1", CLOCK: str(clock_file), "FACTDESK_DATABASE": str(database)}
    return kept | {f"FACTDESK_{name.upper()}": value for name, value in settings.items()}


class DeskProcess:
    """`factdesk run`, started, killed and started again as often as one likes. Its log goes to a file."""

    def __init__(self, folder: Path, env: dict[str, str], *, python: str = sys.executable) -> None:
        self._folder = folder
        self._env = env
        self._python = python
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._lost: asyncio.Queue[str] = asyncio.Queue()

    @property
    def log_path(self) -> Path:
        """Where the log is; it goes on over restarts."""
        return self._folder / _LOG

    @property
    def pid(self) -> int | None:
        """The number of the process that runs now."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    def log_tail(self, lines: int = 15) -> list[str]:
        """Return the last lines of the log."""
        try:
            return self.log_path.read_text("utf-8", "replace").splitlines()[-lines:]
        except FileNotFoundError:
            return []

    async def start(self) -> None:
        """Start it; DeskLost if there is nothing to start."""
        with self.log_path.open("ab") as log:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    self._python,
                    "-m",
                    "bot.demo.desk",
                    "run",
                    cwd=self._folder,
                    env=self._env,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    # Ctrl-C in the terminal is for the demo, which then stops the bot in order.
                    start_new_session=True,
                )
            except OSError as error:
                raise DeskLost(f"The bot's process cannot be started: {error}") from error
        self._watch = asyncio.create_task(self._note_end(self._process))

    async def _note_end(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if process is self._process:
            self._lost.put_nowait(f"The bot's process ended by itself, with exit code {code}.")

    async def lost(self) -> str:
        """Wait until a process ends that nobody stopped or killed here, and return how it ended."""
        return await self._lost.get()

    async def ended(self) -> None:
        """Wait until the process that runs now has ended, for whatever reason."""
        if self._process is not None:
            await self._process.wait()

    async def kill(self) -> None:
        """End it at once, as a power cut would (SIGKILL)."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await self._reap(process)

    async def stop(self, within: float = STOP_WITHIN) -> bool:
        """Ask it to end (SIGTERM) and wait; kill it if it takes longer than that. False if it had to be killed."""
        process, self._process = self._process, None
        if process is None:
            return True
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), within)
        except BaseException as error:
            with suppress(ProcessLookupError):
                process.kill()
            if not isinstance(error, TimeoutError):
                raise
            return False
        finally:
            await self._reap(process)
        return True

    async def _reap(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        if self._watch is not None:
            await self._watch
        if process.stdin is not None:
            process.stdin.close()
            with suppress(OSError):
                await process.stdin.wait_closed()


async def run_tool(folder: Path, env: dict[str, str], *arguments: str, python: str = sys.executable) -> str:
    """Run a `factdesk` command to its end and return what it printed; ToolFailed with its errors if it failed."""
    process = await asyncio.create_subprocess_exec(
        python,
        "-m",
        "bot.demo.desk",
        *arguments,
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, errors = await process.communicate()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        said = (errors or printed).decode("utf-8", "replace").strip()
        raise ToolFailed(f"factdesk {arguments[0]} ended with exit code {process.returncode}: {said[-2000:]}")
    return printed.decode("utf-8")
