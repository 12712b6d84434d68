"""`factdesk demo` as it is started in life: its lines, its end, its backstage, its clock, and what it keeps."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.callbacks import Verb
from bot.demo.seat import buttons_of, offers
from bot.sandbox import ActionError, Fault, Person, SeenMessage
from storage.database import Database
from tests.support.builders import NOW
from tests.support.demo_process import Demo, a_demo, gone, next_line, spawn

pytestmark = pytest.mark.timeout(120)

EDITOR, REVIEWER, OTHER_REVIEWER, REQUESTER = 7001, 7002, 7003, 7005
PATIENCE = 30.0


async def see(person: Person, wanted: Any, **where: Any) -> SeenMessage:
    return await person.wait(wanted, timeout=PATIENCE, **{"since": 0, **where})


async def tap(person: Person, verb: Verb, *ending: str) -> SeenMessage:
    card = await see(person, offers(verb, *ending))
    await person.press_raw(card, buttons_of(card, verb, *ending)[0].data or "", timeout=PATIENCE)
    return card


async def refusal(folder: Path, *arguments: str, **env: str) -> tuple[int | None, str, str]:
    process = await spawn("--no-browser", *arguments, folder=folder, **env)
    out, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, out.decode(), errors.decode()


# Starting and ending


async def test_each_step_has_its_line_and_ctrl_c_ends_it_all(tmp_path: Path) -> None:
    async with a_demo(tmp_path, FACTDESK_TOKEN="123456:somebody-elses-real-token") as demo:
        starts = (
            "FACTDESK_TOKEN is set and stays unused",
            "Sandbox: listening on http://127.0.0.1:",
            "Database: made in a temporary folder",
            "Loaded: 5 people, 6 past fact-checks.",
            "The bot is process ",
            "Taken in: the Bengali article",
            "The desk is open: http://127.0.0.1:",
        )
        assert len(demo.printed) == len(starts)
        for line, start in zip(demo.printed, starts, strict=True):
            assert line.startswith(start)
        bot = (await demo.act("bot_status"))["pid"]
        environment = Path(f"/proc/{bot}/environ")
        assert not environment.exists() or b"somebody-elses" not in environment.read_bytes()
        assert len(list(tmp_path.iterdir())) == 1
        assert await demo.end(signal.SIGINT) == 0
        assert demo.printed[-1] == "Stopping …"
    await gone(bot)
    assert list(tmp_path.iterdir()) == []


async def test_it_ends_as_quickly_while_the_bot_is_down(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        await demo.act("kill_bot")
        assert await demo.end(signal.SIGTERM) == 0
    assert list(tmp_path.iterdir()) == []


async def test_it_ends_as_quickly_while_the_bot_is_being_restarted(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        before = (await demo.act("bot_status"))["pid"]
        restart = asyncio.create_task(demo.act("restart_bot"))
        await gone(before)
        assert await demo.end(signal.SIGINT) == 0
        await asyncio.gather(restart, return_exceptions=True)
    assert list(tmp_path.iterdir()) == []


async def test_it_ends_as_quickly_while_a_message_hangs_on_its_way(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        bot = (await demo.act("bot_status"))["pid"]
        await demo.people.add_fault("sendMessage", Fault.delay_after(30), times=None)
        since = await demo.people.last_event()
        await (await demo.person(REQUESTER)).send("/help")
        await demo.people.wait_call("sendMessage", after=since, timeout=PATIENCE)
        assert await demo.end(signal.SIGINT) == 0
    await gone(bot)
    assert list(tmp_path.iterdir()) == []


async def test_it_ends_as_quickly_with_a_page_open_that_does_not_listen(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo, aiohttp.ClientSession() as session:
        page = await session.ws_connect(f"{demo.address}/live")
        await page.send_json({"key": demo.key})
        assert (await page.receive_json())["type"] == "state"
        # A tab in the background may be put to sleep: it does not even say goodbye.
        assert await demo.end(signal.SIGINT) == 0


async def test_a_taken_port_is_one_line_with_another_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, errors = await refusal(tmp_path, "--port", str(port), "--database", "desk.db")
    assert (code, out) == (1, "")
    assert errors == (
        f"factdesk: port {port} is taken or not permitted; choose another one: factdesk demo --port {port + 1}\n"
    )
    assert not (tmp_path / "desk.db").exists()
    assert not (tmp_path / "desk.db.demo").exists()


async def test_the_browser_is_shown_the_page_where_there_is_a_screen(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    os.mkfifo(shown)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {shown}\n')
    browser.chmod(0o755)
    process = await spawn("--port", "0", folder=tmp_path, BROWSER=f"{browser} %s", DISPLAY=":9")
    try:
        async with asyncio.timeout(PATIENCE):
            url = await asyncio.to_thread(shown.read_text)
        printed: list[str] = []
        assert url.strip() in await next_line(process, "The desk is open", printed)
    finally:
        process.send_signal(signal.SIGINT)
        await process.communicate()


# Backstage


async def test_a_bot_that_a_visitor_kills_stays_down_until_it_is_started_and_nothing_is_lost(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        since = await demo.people.last_event()
        first = (await demo.act("bot_status"))["pid"]
        await demo.act("kill_bot")
        await gone(first)
        status = await demo.act("bot_status")
        assert (status["running"], status["pid"], status["zone"]) == (False, None, "Asia/Dhaka")
        person = await demo.person(REQUESTER)
        said = await person.send("/help")
        await demo.act("start_bot")
        assert (await demo.act("bot_status"))["pid"] not in {None, first}
        await see(person, lambda message: message.id > said.id)
        calls = await demo.people.wait_call("getMe", after=since)
        assert len(calls) == 1


async def test_a_bot_that_dies_by_itself_is_started_again(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        since = await demo.people.last_event()
        first = (await demo.act("bot_status"))["pid"]
        os.kill(first, signal.SIGKILL)
        await demo.line("exit code -9. It is started again.")
        await demo.people.wait_call("getMe", after=since, timeout=PATIENCE)
        assert (await demo.act("bot_status"))["pid"] not in {None, first}


# The clock


async def now_of(demo: Demo) -> datetime:
    return datetime.fromisoformat((await demo.act("bot_status"))["now"])


async def test_a_jump_makes_leases_expire_and_digests_arrive_and_messages_carry_the_new_time(tmp_path: Path) -> None:
    async with a_demo(tmp_path) as demo:
        await demo.sort()
        editor, reviewer, team = await demo.person(EDITOR), await demo.person(REVIEWER), await demo.team()
        await tap(reviewer, Verb.TAKE)
        card = await see(reviewer, offers(Verb.RATE))
        await editor.send("/digest@factdesk_bot daily 09:00 Asia/Dhaka", chat=team)
        await see(editor, "09:00", chat=team)
        before = max(message.version for message in await team.messages())
        began = await now_of(demo)

        async with asyncio.timeout(10):
            await demo.act("move_clock", at=(began + timedelta(hours=25)).isoformat())
            digest = await see(editor, lambda message: message.version > before, chat=team)
            ended = await reviewer.wait_until(
                lambda shown: any(message.id == card.id and not offers(Verb.RATE)(message) for message in shown),
                timeout=PATIENCE,
            )
        assert digest.date >= (began + timedelta(hours=25)).replace(microsecond=0)
        assert ended
        with pytest.raises(ActionError, match="never goes back"):
            await demo.act("move_clock", at=began.isoformat())
        assert await now_of(demo) >= began + timedelta(hours=25)
        # A bot that starts with the clock ahead must not wait until real time has caught up.
        await demo.act("restart_bot")
        before = max(message.version for message in await team.messages())
        async with asyncio.timeout(10):
            await demo.act("move_clock", at=(began + timedelta(hours=50)).isoformat())
            await see(editor, lambda message: message.version > before, chat=team)


# What is kept


async def test_a_second_run_shows_the_same_chats_and_old_buttons_work(tmp_path: Path) -> None:
    async with a_demo(tmp_path, "--database", "desk.db") as demo:
        assert any(f"Database: made, {tmp_path}/desk.db" in line for line in demo.printed)
        await demo.sort()
        reviewer = await demo.person(REVIEWER)
        await see(reviewer, offers(Verb.TAKE))
        await demo.act("move_clock", at=(await now_of(demo) + timedelta(hours=2)).isoformat())
        asker = await demo.person(REQUESTER)
        await asker.send("/help")
        await see(asker, lambda message: "/submit" in message.text)
        shown = {number: await (await demo.person(number)).messages() for number in (REVIEWER, REQUESTER)}
        late = await now_of(demo)
        assert await demo.end() == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        *("desk.db", "desk.db.lock", "desk.db.demo", "desk.db.demo.lock", "desk.db.demo-clock")
    }
    async with a_demo(tmp_path, "--database", "desk.db") as demo:
        assert any(f"Database: opened, {tmp_path}/desk.db" in line for line in demo.printed)
        assert any("Taken in before" in line for line in demo.printed)
        assert await now_of(demo) >= late
        for number, messages in shown.items():
            assert await (await demo.person(number)).messages() == messages
        reviewer = await demo.person(REVIEWER)
        card = await tap(reviewer, Verb.TAKE)
        assert card.id in {message.id for message in shown[REVIEWER]}
        await see(reviewer, offers(Verb.RATE))
        code, _, errors = await refusal(tmp_path, "--port", "0", "--database", "desk.db")
        assert code == 1
        assert "another demo uses" in errors


async def test_a_demo_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    async with a_demo(tmp_path, "--database", "desk.db") as demo:
        asker = await demo.person(REQUESTER)
        said = await asker.send("/help")
        await see(asker, lambda message: message.id > said.id)
        saved = (tmp_path / "desk.db.demo").stat().st_mtime_ns
        async with asyncio.timeout(5):
            while (tmp_path / "desk.db.demo").stat().st_mtime_ns == saved:
                await asyncio.sleep(0.05)
        demo.process.kill()
        await demo.process.wait()
    async with a_demo(tmp_path, "--database", "desk.db") as demo:
        asker = await demo.person(REQUESTER)
        assert said.id in {message.id for message in await asker.messages()}
        # The new words get a number that the desk has not seen: it answers.
        again = await asker.send("/help")
        await see(asker, lambda message: message.id > again.id)


async def test_a_real_desks_database_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "real.db"
    await (await Database.open(path, NOW)).close()
    before = path.read_bytes()
    code, out, errors = await refusal(tmp_path, "--database", str(path))
    assert (code, out) == (1, "")
    assert errors.startswith(f"factdesk: {path} is not a demo's database and stays as it is;")
    assert errors.count("\n") == 1
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"real.db": before}


async def test_kept_chats_that_are_broken_are_refused_and_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "desk.db.demo").write_text('{"kind": "factdesk sandbox", "version": 99}')
    code, out, errors = await refusal(tmp_path, "--database", "desk.db")
    assert (code, out) == (1, "")
    assert "desk.db.demo cannot be used: it was written by another Factdesk" in errors
    assert errors.count("\n") == 1
    assert "99" in (tmp_path / "desk.db.demo").read_text()
    assert not (tmp_path / "desk.db").exists()


@pytest.mark.parametrize("more", [("--database", "desk.db"), ("--practice",)], ids=lambda more: more[0])
async def test_the_script_is_a_play_of_its_own(more: tuple[str, ...], tmp_path: Path) -> None:
    code, out, errors = await refusal(tmp_path, "--script", *more)
    assert (code, out) == (2, "")
    assert f"{more[0]} " in errors
    assert "do not go with it" in errors


async def test_reviewers_can_practise_on_the_page_and_no_real_claim_comes_between(tmp_path: Path) -> None:
    async with a_demo(tmp_path, "--practice") as demo:
        assert any(line.startswith("Practice: the reviewers have past claims") for line in demo.printed)
        assert not any("Taken in" in line for line in demo.printed)
        for number in (REVIEWER, OTHER_REVIEWER):
            await see(await demo.person(number), "🎓")
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{demo.address}/live") as line:
            await line.send_json({"key": demo.key})
            state = await line.receive_json()
        assert state["frame"]["opening"] == [REVIEWER, OTHER_REVIEWER]


async def test_a_learner_who_blocked_the_bot_does_not_keep_practice_from_the_others(tmp_path: Path) -> None:
    kept = ("--practice", "--database", str(tmp_path / "kept.db"))
    async with a_demo(tmp_path, *kept) as demo:
        await demo.act("block", user=REVIEWER)
        await demo.end()
    async with a_demo(tmp_path, *kept) as demo:
        assert any("has blocked the bot" in line for line in demo.printed)
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{demo.address}/live") as line:
            await line.send_json({"key": demo.key})
            state = await line.receive_json()
        assert state["frame"]["opening"] == [OTHER_REVIEWER]
