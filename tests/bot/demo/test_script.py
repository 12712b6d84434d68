"""The scripted demo, with real processes: the whole job once, and what it says when something is broken."""

import asyncio
import io
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.demo import play
from bot.demo.script import perform
from bot.demo.stage import Stage
from bot.sandbox import Fault
from jobs.seeding import read_seed

pytestmark = pytest.mark.timeout(180)


def python_that(folder: Path, body: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


async def test_the_whole_job_is_played_and_every_step_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A real desk that is set up around the demo must not be touched by it.
    (tmp_path / ".env").write_text("FACTDESK_API_URL=http://127.0.0.1:9\nFACTDESK_LANGUAGE=xx\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACTDESK_TOKEN", "123456:somebody-elses-real-token")
    out = io.StringIO()
    assert await play(out) == 0, out.getvalue()
    transcript = out.getvalue()
    lines = transcript.splitlines()
    demo = read_seed("demo.json")
    assert "the demo never talks to Telegram" in transcript
    assert "somebody-elses" not in transcript
    assert "  ✓ 14 sentences became 14 claims, word for word" in lines
    assert any("both are offered #12" in line for line in lines)
    assert any("killed (kill -9)" in line for line in lines)
    assert "  ✓ two reviews with the same rating: agreed" in lines
    assert "  ✓ who asked is answered in Bengali" in lines
    assert "  ✓ the channel has the verdict" in lines
    assert "  ✓ /status shows the verdict with its sources" in lines
    assert "  ✓ `factdesk check` finds nothing wrong" in lines
    assert "  ✓ the digest was posted once" in lines
    assert demo["request"]["text"] in transcript
    for review in demo["reviews"]:
        assert review["explanation"] in transcript
        assert review["sources"][0]["url"] in transcript
    assert "✗" not in transcript
    assert list(tmp_path.iterdir()) == [tmp_path / ".env"]


async def test_a_bot_that_cannot_be_started_is_reported(tmp_path: Path) -> None:
    out = io.StringIO()
    assert await perform(out, python=str(tmp_path / "nothing")) == 1
    assert "✗ This step did not happen: The desk opens" in out.getvalue()
    assert "The bot's process cannot be started" in out.getvalue()


async def test_a_bot_that_ends_by_itself_is_reported_with_its_log(tmp_path: Path) -> None:
    out = io.StringIO()
    assert await perform(out, python=python_that(tmp_path, "echo FACTDESK_DATABASE is a folder >&2; exit 2")) == 1
    assert "The bot's process ended by itself, with exit code 2." in out.getvalue()
    assert "    │ FACTDESK_DATABASE is a folder" in out.getvalue().splitlines()


async def test_a_step_that_does_not_happen_is_reported_with_what_was_expected_and_what_is_there() -> None:
    def no_message_gets_through(stage: Stage) -> None:
        stage.server.faults.add("sendMessage", Fault.drop_before(), times=None)

    out = io.StringIO()
    assert await perform(out, patience=4, rig=no_message_gets_through) == 1
    reported = out.getvalue()[out.getvalue().index("✗") :]
    assert reported.startswith("✗ This step did not happen: The desk opens")
    assert "Nusrat Rahman should have shown within 4 s: a welcome" in reported
    assert "Nusrat: /start" in reported
    assert "desk_open" in reported
    assert "Done:" not in reported


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_play_ends_its_bot_and_says_so(number: signal.Signals, tmp_path: Path) -> None:
    code = "import asyncio, sys; from bot.demo import play; sys.exit(asyncio.run(play()))"
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    while b"sees:" not in await process.stdout.readline():
        assert process.returncode is None
    process.send_signal(number)
    printed, errors = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 1, errors
    assert "Stopped before the end." in printed.decode()
    assert errors == b""
    assert list(tmp_path.iterdir()) == []
