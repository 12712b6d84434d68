"""The demo that stays open: it starts, answers its page, survives its bot's death, and ends in order."""

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

import aiohttp
import pytest

from bot.demo import serve
from bot.demo.serving import keep_open

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


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What nobody waits for any more stays in the table as a zombie where no init collects it.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def shown_on_page(out: io.StringIO, *texts: str) -> None:
    address = re.search(r"http://\S+/", out.getvalue())
    assert address is not None
    async with aiohttp.ClientSession() as session, asyncio.timeout(20):
        while True:
            async with session.get(address[0]) as response:
                page = await response.text()
            if all(text in page for text in texts):
                return
            await asyncio.sleep(0.2)


async def test_it_answers_its_page_and_ends_within_five_seconds_of_sigterm() -> None:
    out = io.StringIO()
    async with open_demo(out) as task:
        assert "5 people, 6 past fact-checks" in out.getvalue()
        # Both reviewers on duty are offered a claim of the article as soon as the desk is open.
        await shown_on_page(out, "Nusrat Rahman", "তানভীর হোসেন", "Maya Fernandes", "উত্তর কোরিয়া")
        (bot,) = pids(out)
        began = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await task == 0
        assert time.monotonic() - began < 5
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


async def test_a_taken_port_is_told_in_one_line() -> None:
    out = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert await serve(port, out) == 1
    assert out.getvalue() == (
        f"Port {port} is taken or not permitted; choose another one: factdesk demo --port {port + 1}\n"
    )


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
