"""The demo that stays open: it starts, survives its bot's death, and ends in order."""

import asyncio
import io
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.demo import serve
from bot.demo.serving import keep_open
from bot.sandbox import HttpTransport
from bot.sandbox.client import People
from bot.terminal.outcome import CommandError
from tests.support.demo_process import is_alive

pytestmark = pytest.mark.timeout(120)


@asynccontextmanager
async def open_demo(out: io.StringIO) -> AsyncIterator[asyncio.Task[int]]:
    task = asyncio.create_task(serve(0, out))
    try:
        await said(out, "The desk is open")
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def said(out: io.StringIO, text: str, times: int = 1) -> None:
    async with asyncio.timeout(30):
        while out.getvalue().count(text) < times:
            await asyncio.sleep(0.05)


def pids(out: io.StringIO) -> list[int]:
    return [int(number) for number in re.findall(r"The bot is process (\d+)", out.getvalue())]


async def shown_in(out: io.StringIO, texts: dict[int, str]) -> None:
    """Wait until each chat shows its text, seen by the page's address and key."""
    address = re.search(r"(http://\S+?)/#(\S+)", out.getvalue())
    assert address is not None
    async with HttpTransport(address[1], address[2]) as transport:
        for number, text in texts.items():
            person = await People(transport).user("Somebody", id=number)
            await person.wait_until(
                lambda shown, text=text: any(text in message.text for message in shown),  # type: ignore[misc]
                timeout=20,
            )


async def test_its_chats_are_shown_and_it_ends_within_three_seconds_of_sigterm() -> None:
    out = io.StringIO()
    async with open_demo(out) as task:
        assert "5 people, 6 past fact-checks" in out.getvalue()
        # The editor has the article to sort as soon as the desk is open.
        await shown_in(out, {7001: "গোলার উৎপাদন", 7002: "/start", 7003: "/start"})
        (bot,) = pids(out)
        began = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await task == 0
        assert time.monotonic() - began < 3
    assert not is_alive(bot)


async def test_a_bot_that_dies_is_started_again() -> None:
    out = io.StringIO()
    async with open_demo(out):
        await said(out, "The bot is process")
        os.kill(pids(out)[0], signal.SIGKILL)
        await said(out, "exit code -9. It is started again.")
        await said(out, "The bot is process", times=2)
        assert is_alive(pids(out)[1])
    assert not is_alive(pids(out)[1])


async def test_a_taken_port_is_told_with_another_one() -> None:
    out = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"port {port} is taken or not permitted; choose another one") as caught:
            await serve(port, out)
    assert caught.value.code == 1
    assert out.getvalue() == ""


async def test_a_bot_that_never_starts_ends_the_demo_with_its_log(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho no such setting >&2\nexit 2\n")
    python.chmod(0o755)
    out = io.StringIO()
    assert await keep_open(0, out, python=str(python)) == 1
    assert "exit code 2" in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "  no such setting"


async def test_a_real_token_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FACTDESK_TOKEN", "123456:somebody-elses-real-token")
    out = io.StringIO()
    assert await keep_open(0, out, python=str(tmp_path / "nothing")) == 1
    assert out.getvalue().startswith("FACTDESK_TOKEN is set and stays unused: the demo never talks to Telegram.\n")
    assert "somebody-elses" not in out.getvalue()


async def test_a_demo_that_is_killed_takes_its_bot_with_it(tmp_path: Path) -> None:
    code = "import asyncio, sys; from bot.demo import serve; sys.exit(asyncio.run(serve(0)))"
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    demo = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=env, stdout=asyncio.subprocess.PIPE)
    assert demo.stdout is not None
    while not (found := re.search(rb"The bot is process (\d+)", await demo.stdout.readline())):
        assert demo.returncode is None
    demo.kill()
    await demo.communicate()
    async with asyncio.timeout(10):
        while is_alive(int(found[1])):
            await asyncio.sleep(0.05)
