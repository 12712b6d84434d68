"""Behind the scene: what a visitor presses happens in order, and whatever is pressed at once leaves one bot or none."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo import backstage as module
from bot.demo.backstage import DeskBackstage
from bot.demo.process import DeskLost
from bot.demo.stage import Stage, set_stage
from bot.sandbox import ActionError
from jobs.clock import utc_now
from tests.support.demo_process import is_alive

GREETS = """
import os, time, urllib.request
urllib.request.urlopen(f"{os.environ['FACTDESK_API_URL']}/bot{os.environ['FACTDESK_TOKEN']}/getMe")
time.sleep(60)
"""
SAYS_NOTHING = "import time; time.sleep(60)"
FAILS = "raise SystemExit(3)"


@dataclass
class Scene:
    """A stage with a bot that is a few lines long."""

    stage: Stage
    backstage: DeskBackstage
    bot: Path
    said: list[str] = field(default_factory=list)

    def plays(self, body: str) -> None:
        self.bot.write_text(f"#!{sys.executable} -SE\n{body}")
        self.bot.chmod(0o755)

    def told(self) -> list[dict[str, Any]]:
        """The data of all events of the stage."""
        events = self.stage.server.sandbox.journal.since()
        return [event.data for event in events if str(event.kind) == "stage"]

    def running(self) -> list[bool]:
        """How the bot came and went."""
        found = [data["running"] for data in self.told()]
        return [state for number, state in enumerate(found) if number == 0 or found[number - 1] != state]

    async def pid(self) -> int:
        pid = self.backstage.status()["pid"]
        assert isinstance(pid, int)
        return pid


@asynccontextmanager
async def scene(folder: Path, body: str = GREETS) -> AsyncIterator[Scene]:
    bot = folder / "bot"
    async with set_stage(utc_now(), python=str(bot)) as stage:
        said: list[str] = []
        made = Scene(stage, DeskBackstage(stage.desk, stage.clock, stage.server, said.append), bot, said)
        made.plays(body)
        yield made
        await made.backstage.close()


async def nothing() -> None:
    pass


async def test_start_kill_and_start_again(tmp_path: Path) -> None:
    async with scene(tmp_path) as desk:
        await desk.backstage.start()
        first = await desk.pid()
        await desk.backstage.kill()
        assert not is_alive(first)
        assert desk.backstage.status()["pid"] is None
        await desk.backstage.start()
        second = await desk.pid()
        assert second != first
        await desk.backstage.start()
        assert await desk.pid() == second
        assert desk.running() == [True, False, True]
    assert not is_alive(second)


async def test_restart_ends_the_old_one_in_order(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    dying = f"import signal, sys\nsignal.signal(15, lambda *_: (open({str(marks)!r}, 'a').write('x'), sys.exit(0)))"
    async with scene(tmp_path, dying + GREETS) as desk:
        await desk.backstage.start()
        first = await desk.pid()
        await desk.backstage.restart()
        assert not is_alive(first)
        assert marks.read_text() == "x"
        assert desk.running() == [True, False, True]


async def test_presses_at_once_happen_one_after_the_other(tmp_path: Path) -> None:
    async with scene(tmp_path) as desk:
        box = desk.backstage
        done = await asyncio.gather(
            box.start(), box.start(), box.restart(), box.kill(), box.kill(), box.start(), return_exceptions=True
        )
        assert all(each is None or isinstance(each, ActionError) for each in done)
        assert done[-1] is None
        assert is_alive(await desk.pid())
        await asyncio.gather(box.kill(), box.kill())
        assert desk.backstage.status()["running"] is False
    # Every process that was ever there is gone.
    assert all(not is_alive(data["pid"]) for data in desk.told() if data["pid"])


async def test_a_kill_does_not_wait_for_a_start_that_goes_nowhere(tmp_path: Path) -> None:
    async with scene(tmp_path, SAYS_NOTHING) as desk:
        starting = asyncio.create_task(desk.backstage.start())
        async with asyncio.timeout(module.READY_WITHIN / 2):
            while desk.stage.desk.pid is None:
                await asyncio.sleep(0.01)
            await desk.backstage.kill()
            with pytest.raises(ActionError, match="given up"):
                await starting
        assert desk.backstage.status()["pid"] is None


async def test_what_was_pressed_happens_even_if_the_page_is_closed_meanwhile(tmp_path: Path) -> None:
    async with scene(tmp_path) as desk:
        for action, running in (
            (desk.backstage.start, True),
            (desk.backstage.kill, False),
            (desk.backstage.restart, True),
        ):
            async with desk.backstage._turn():
                pressing = asyncio.create_task(action())
                await asyncio.sleep(0)
                pressing.cancel()
                assert isinstance((await asyncio.gather(pressing, return_exceptions=True))[0], asyncio.CancelledError)
            await asyncio.wait_for(asyncio.gather(*desk.backstage._pressed), 10)
            assert desk.backstage.status()["running"] is running


@pytest.mark.parametrize("action", ["start", "restart"])
async def test_a_start_that_fails_says_why(action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene(tmp_path, FAILS) as desk:
        with pytest.raises(ActionError, match="ended before it said hello"):
            await getattr(desk.backstage, action)()
        monkeypatch.setattr(module, "READY_WITHIN", 0.1)
        desk.plays(SAYS_NOTHING)
        with pytest.raises(ActionError, match="did not say hello within"):
            await getattr(desk.backstage, action)()
        desk.bot.unlink()
        await desk.backstage.kill()
        with pytest.raises(ActionError, match="cannot be started"):
            await getattr(desk.backstage, action)()


async def test_what_a_visitor_killed_is_not_started_again_and_what_died_by_itself_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    async with scene(tmp_path) as desk:
        opened = asyncio.Event()

        async def open_once() -> None:
            assert not opened.is_set()
            opened.set()

        keeping = asyncio.create_task(desk.backstage.keep_running(open_once))
        await asyncio.wait_for(opened.wait(), 10)
        first = await desk.pid()
        desk.stage.desk._process.kill()  # type: ignore[union-attr]
        async with asyncio.timeout(10):
            while desk.backstage.status()["pid"] in {None, first}:
                await asyncio.sleep(0.01)
        assert "exit code -9. It is started again." in "\n".join(desk.said)
        await desk.backstage.kill()
        # It had died by itself at the very moment.
        desk.stage.desk._lost.put_nowait("The bot's process ended by itself.")
        for _ in range(20):
            await asyncio.sleep(0)
        assert desk.stage.desk._lost.empty()
        assert desk.backstage.status()["pid"] is None
        await desk.backstage.start()
        assert not keeping.done()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_a_bot_that_fails_again_and_again_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    async with scene(tmp_path, FAILS) as desk:
        with pytest.raises(DeskLost, match="exit code 3"):
            await desk.backstage.keep_running(nothing)
        assert sum("It is started again." in line for line in desk.said) == 2


async def test_a_slow_network_ends_a_demo_only_at_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE", 0.0)
    async with scene(tmp_path, SAYS_NOTHING) as desk:
        monkeypatch.setattr(module, "READY_WITHIN", 0.1)
        with pytest.raises(DeskLost, match="did not say hello"):
            await desk.backstage.keep_running(nothing)
        await desk.backstage.kill()
    async with scene(tmp_path) as desk:
        monkeypatch.setattr(module, "READY_WITHIN", 10.0)
        opened = asyncio.Event()

        async def open_once() -> None:
            opened.set()

        keeping = asyncio.create_task(desk.backstage.keep_running(open_once))
        await asyncio.wait_for(opened.wait(), 10)
        monkeypatch.setattr(module, "READY_WITHIN", 0.1)
        desk.plays(SAYS_NOTHING)
        desk.stage.desk._process.kill()  # type: ignore[union-attr]
        async with asyncio.timeout(10):
            while "did not say hello" not in "\n".join(desk.said):
                await asyncio.sleep(0.01)
        assert not keeping.done()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def test_nothing_starts_once_the_demo_is_ending(tmp_path: Path) -> None:
    async with scene(tmp_path, SAYS_NOTHING) as desk:
        starting = asyncio.create_task(desk.backstage.start())
        await asyncio.sleep(0)
        async with asyncio.timeout(module.READY_WITHIN / 2):
            await desk.backstage.close()
            with pytest.raises(ActionError):
                await starting
        for action in (desk.backstage.start, desk.backstage.restart, desk.backstage.kill):
            with pytest.raises(ActionError, match="is ending"):
                await action()


async def test_the_clock_goes_forward_and_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path) as desk:
        now = desk.stage.clock()
        await desk.backstage.move_clock(now + timedelta(days=2))
        (told,) = desk.told()
        assert told["now"] >= (now + timedelta(days=2)).isoformat()
        assert told["ahead"] == pytest.approx(timedelta(days=2).total_seconds(), abs=5)
        with pytest.raises(ActionError, match=r"never goes back: it is \d{4}-\d\d-\d\d \d\d:\d\d in Asia/Dhaka"):
            await desk.backstage.move_clock(now)
        with pytest.raises(ActionError, match="366 days at once"):
            await desk.backstage.move_clock(now + timedelta(days=400))
        with pytest.raises(ActionError, match="needs a zone"):
            await desk.backstage.move_clock((now + timedelta(days=3)).replace(tzinfo=None))
        assert len(desk.told()) == 1
