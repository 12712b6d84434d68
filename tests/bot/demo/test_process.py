import os
import signal
from pathlib import Path

import pytest

from bot.demo.process import DeskLost, DeskProcess, ToolFailed, environment, run_tool


def script(folder: Path, body: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_no_setting_of_a_real_desk_reaches_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_TOKEN", "123456:real")
    monkeypatch.setenv("factdesk_webhook_secret", "real")
    env = environment(tmp_path / "desk.db", tmp_path / "clock", token="123456:sandbox", api_url="http://127.0.0.1:1")
    assert {name: value for name, value in env.items() if name.upper().startswith("FACTDESK_")} == {
        "FACTDESK_TOKEN": "123456:sandbox",
        "FACTDESK_API_URL": "http://127.0.0.1:1",
        "FACTDESK_DATABASE": str(tmp_path / "desk.db"),
        "FACTDESK_DEMO_CLOCK": str(tmp_path / "clock"),
    }
    assert env["PATH"] == os.environ["PATH"]


async def test_a_process_that_is_stopped_or_killed_is_not_lost_and_one_that_ends_by_itself_is(tmp_path: Path) -> None:
    desk = DeskProcess(tmp_path, dict(os.environ), python=script(tmp_path, "exec sleep 30"))
    await desk.start()
    await desk.kill()
    await desk.start()
    assert await desk.stop()
    await desk.start()
    assert desk.pid is not None
    os.kill(desk.pid, signal.SIGKILL)
    assert await desk.lost() == "The bot's process ended by itself, with exit code -9."
    assert await desk.stop()


async def test_its_last_words_are_kept(tmp_path: Path) -> None:
    desk = DeskProcess(tmp_path, dict(os.environ), python=script(tmp_path, "echo one; echo two >&2; exit 3"))
    assert desk.log_tail() == []
    await desk.start()
    assert "exit code 3" in await desk.lost()
    assert desk.log_tail() == ["one", "two"]
    await desk.stop()


async def test_what_cannot_be_started_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeskLost, match="cannot be started"):
        await DeskProcess(tmp_path, dict(os.environ), python=str(tmp_path / "nothing")).start()


async def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    python = script(tmp_path, "echo what is wrong >&2; exit 2")
    with pytest.raises(ToolFailed, match="factdesk check ended with exit code 2: what is wrong"):
        await run_tool(tmp_path, dict(os.environ), "check", python=python)
