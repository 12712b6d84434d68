"""Files on their way out: made when they are sent, each once, and never in the way of a text."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Fault
from storage.model import ChatId
from tests.support.charts import a_chart
from tests.support.desk import InnerDesk, an_inner_desk

NOTHING_WAITS = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"


async def put_digest(inner: InnerDesk, chart: dict[str, Any]) -> None:
    """Put what stands for a digest, its chart, and what comes after them."""
    async with inner.desk.database.write() as ledger:
        for kind, payload in (
            ("notice", {"code": "cancelled"}),
            ("chart_shown", {"chart": chart}),
            ("notice", {"code": "digest_off"}),
        ):
            await ledger.outbox.enqueue(ChatId(11), kind, payload, inner.clock(), dedup_key=f"{kind}:{payload}"[:60])
    inner.desk.courier.ring()


async def a_reader(inner: InnerDesk) -> None:
    person = await inner.people.user("U11", id=11)
    await person.start()
    await inner.hand_in(inner.message(11, "/start"))
    async with inner.delivering():
        await inner.until(NOTHING_WAITS, 0)


async def shown(inner: InnerDesk) -> list[str]:
    """Return the kinds of the last messages of the chat."""
    person = await inner.people.user("U11", id=11)
    return [message.kind for message in await person.messages() if message.by_bot]


@pytest.mark.parametrize("fault", [Fault.status(502), Fault.drop_before(), Fault.retry_after(1)])
async def test_a_picture_that_fails_is_sent_later_and_the_text_before_it_not_again(
    tmp_path: Path, fault: Fault
) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_reader(inner)
        before = len(await shown(inner))
        inner.server.faults.add("sendPhoto", fault, times=1, chat_id=11)
        await put_digest(inner, a_chart())
        async with inner.delivering():
            for _ in range(600):
                if await inner.value(NOTHING_WAITS) == 0:
                    break
                await asyncio.sleep(0.02)
                inner.clock.move(seconds=1)
                inner.desk.courier.ring()
        assert (await shown(inner))[before:] == ["text", "photo", "text"]


async def test_a_desk_that_stops_between_text_and_picture_sends_each_once(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_reader(inner)
        before = len(await shown(inner))
        # The picture is on its way when the courier is stopped, and was not taken.
        inner.server.faults.add("sendPhoto", Fault.delay(30), times=1, chat_id=11)
        await put_digest(inner, a_chart())
        async with inner.delivering():
            await inner.until("SELECT state = 'sent' FROM outbox WHERE kind = 'notice' ORDER BY id DESC LIMIT 1, 1", 1)
            await inner.until("SELECT state = 'sending' FROM outbox WHERE kind = 'chart_shown'", 1)
        assert (await shown(inner))[before:] == ["text"]
        inner.server.faults.clear()
        async with inner.delivering():
            await inner.until(NOTHING_WAITS, 0)
        assert (await shown(inner))[before:] == ["text", "photo", "text"]


async def test_a_picture_that_cannot_be_made_is_given_up_and_the_texts_go_out(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_reader(inner)
        before = len(await shown(inner))
        await put_digest(inner, a_chart(backlog=["no number"] * 31))
        async with inner.delivering():
            await inner.until(NOTHING_WAITS, 0)
        assert (await shown(inner))[before:] == ["text", "text"]
        assert await inner.value("SELECT state FROM outbox WHERE kind = 'chart_shown'") == "dead"


async def test_a_picture_for_which_there_is_no_font_is_left_out_without_a_fault(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_reader(inner)
        before = len(await shown(inner))
        await put_digest(inner, a_chart(ratings=[["ᦺᦑᦟᦹᧉ", 3]]))
        async with inner.delivering():
            await inner.until(NOTHING_WAITS, 0)
        assert (await shown(inner))[before:] == ["text", "text"]
        assert await inner.value("SELECT state FROM outbox WHERE kind = 'chart_shown'") == "sent"


async def test_a_picture_says_in_words_what_it_shows_and_can_be_fetched(tmp_path: Path) -> None:
    async with an_inner_desk(tmp_path) as inner:
        await a_reader(inner)
        await put_digest(inner, a_chart())
        async with inner.delivering():
            await inner.until(NOTHING_WAITS, 0)
        person = await inner.people.user("U11", id=11)
        picture = next(message for message in await person.messages() if message.kind == "photo")
        assert "1,240 → 970" in picture.text
        assert (await person.download(picture)).startswith(b"\x89PNG")
