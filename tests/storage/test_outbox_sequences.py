"""The outbox under any sequence of what its users do, against the plainest model of it: a list of rows."""

import asyncio
import shutil
import sqlite3
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage.engines.sqlite import InlineSession
from storage.ledger import Ledger
from storage.model import ChatId, OutboxMessage
from tests.support.builders import NOW

T = TypeVar("T")

CHATS = st.sampled_from([ChatId(1), ChatId(2), ChatId(-3)])
CARDS = st.sampled_from([None, None, "work", "decision"])
DELAYS = st.sampled_from([0, 0, 0, 1, 30, 3600]).map(lambda seconds: timedelta(seconds=seconds))


@dataclass
class Row:
    """What the model knows of a message."""

    id: int
    chat: int
    number: int
    card: str | None
    due: datetime
    retry: datetime
    state: str = "queued"
    attempts: int = 0
    parts: int = 0

    @property
    def place(self) -> tuple[datetime, int]:
        return self.due, self.id


class OutboxSequences(RuleBasedStateMachine):
    """Real rows on the left, the model on the right, compared after every step."""

    template: ClassVar[Path]

    @initialize()
    def open_file(self) -> None:
        self.path = self.template.with_name("outbox.db")
        shutil.copy(self.template, self.path)
        self.raw = sqlite3.connect(self.path, isolation_level=None)
        self.raw.execute("PRAGMA foreign_keys = ON")
        self.raw.execute("BEGIN")
        self.outbox = Ledger(InlineSession(self.raw)).outbox
        self.runner = asyncio.Runner()
        self.now = NOW
        self.rows: list[Row] = []
        self.keys: set[str] = set()
        self.leased: dict[int, OutboxMessage] = {}
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "raw"):
            self.raw.close()
            self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def queued(self, chat: int) -> list[Row]:
        return sorted(
            (row for row in self.rows if row.chat == chat and row.state == "queued"), key=lambda row: row.place
        )

    def in_flight(self) -> list[Row]:
        return [row for row in self.rows if row.state == "sending"]

    @rule(chat=CHATS, card=CARDS, delay=DELAYS, key=st.sampled_from([None, None, "k1", "k2"]))
    def enqueue(self, chat: ChatId, card: str | None, delay: timedelta, key: str | None) -> None:
        key = None if card else key
        self.number += 1
        due = self.now + delay
        put = self.run(
            self.outbox.enqueue(chat, "told", {"n": self.number}, self.now, due_at=due, card=card, dedup_key=key)
        )
        assert put is (key is None or key not in self.keys)
        if not put:
            return
        if key is not None:
            self.keys.add(key)
        known = [row for row in self.queued(chat) if card is not None and row.card == card]
        if known:
            (row,) = known
            # A message that waits for its hour comes forward with the edit, and is not pushed back by one.
            deferred = row.retry if row.retry > row.due else NOW
            due = min(due, max(row.due, self.now))
            row.number, row.due, row.retry, row.parts = self.number, due, max(deferred, due), 0
        else:
            new_id = self.raw.execute("SELECT max(id) FROM outbox").fetchone()[0]
            self.rows.append(Row(new_id, chat, self.number, card, due, due))

    @rule(seconds=st.sampled_from([1, 29, 31, 4000]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(limit=st.sampled_from([1, 2, 100]))
    def lease(self, limit: int) -> None:
        busy = {row.chat for row in self.in_flight()}
        heads = [self.queued(chat)[0] for chat in {row.chat for row in self.rows} - busy if self.queued(chat)]
        expected = sorted((row for row in heads if row.retry <= self.now), key=lambda row: row.place)[:limit]
        found = self.run(self.outbox.lease_due(self.now, limit))
        assert [(message.id, message.payload["n"]) for message in found] == [(row.id, row.number) for row in expected]
        for row, message in zip(expected, found, strict=True):
            row.state, row.attempts = "sending", row.attempts + 1
            self.leased[row.id] = message

    @precondition(lambda self: self.in_flight())
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "dead"]))
    def end(self, data: st.DataObject, outcome: str) -> None:
        row = data.draw(st.sampled_from(self.in_flight()))
        if outcome == "sent":
            self.run(self.outbox.mark_sent(self.leased[row.id], [row.number], self.now))
            if row.card is not None:
                assert self.run(self.outbox.find_card(ChatId(row.chat), row.card)) is not None
        else:
            self.run(self.outbox.mark_dead(self.leased[row.id].id, "BadRequest", self.now))
        row.state = outcome

    @precondition(lambda self: self.in_flight())
    @rule(data=st.data(), delay=DELAYS, parts=st.integers(0, 3))
    def defer(self, data: st.DataObject, delay: timedelta, parts: int) -> None:
        row = data.draw(st.sampled_from(self.in_flight()))
        retry = self.now + delay
        self.run(self.outbox.mark_deferred(self.leased[row.id].id, retry, "TimedOut", parts_sent=parts))
        waiting = self.queued(row.chat)
        if row.card is not None and any(other.card == row.card for other in waiting):
            row.state = "superseded"
            for other in waiting:
                other.retry = max(other.retry, retry)
        else:
            row.state, row.retry, row.parts = "queued", max(row.due, retry), parts

    @rule()
    def crash(self) -> None:
        self.run(self.outbox.release_all())
        for row in self.in_flight():
            newer = [other for other in self.queued(row.chat) if other.card == row.card and row.card is not None]
            row.state = "superseded" if newer else "queued"

    @rule(chat=CHATS)
    def lose_chat(self, chat: ChatId) -> None:
        lost = self.queued(chat)
        assert self.run(self.outbox.drop_queued(chat, "Forbidden", self.now)) == len(lost)
        for row in lost:
            row.state = "dead"

    @invariant()
    def nothing_is_lost_or_made_up(self) -> None:
        if not hasattr(self, "raw"):
            return
        found = self.raw.execute(
            "SELECT id, chat_id, card, state, attempts, parts_sent, due_at, retry_at FROM outbox ORDER BY id"
        ).fetchall()
        assert found == [
            (
                row.id,
                row.chat,
                row.card,
                row.state,
                row.attempts,
                row.parts,
                row.due.isoformat(timespec="microseconds"),
                row.retry.isoformat(timespec="microseconds"),
            )
            for row in self.rows
        ]

    @invariant()
    def a_chat_has_one_message_on_its_way(self) -> None:
        if hasattr(self, "raw"):
            sql = "SELECT chat_id FROM outbox WHERE state = 'sending' GROUP BY chat_id HAVING count(*) > 1"
            assert self.raw.execute(sql).fetchall() == []

    @invariant()
    def the_desk_never_oversleeps(self) -> None:
        """If nothing can be leased now although something is queued, something wakes the courier."""
        if not hasattr(self, "raw"):
            return
        wake = self.run(self.outbox.find_next_due(self.now))
        for chat in {row.chat for row in self.rows} - {row.chat for row in self.in_flight()}:
            for head in self.queued(chat)[:1]:
                assert head.retry <= self.now or (wake is not None and wake <= head.retry)


def test_no_sequence_reorders_loses_or_doubles_a_message(migrated_file: Path, tmp_path: Path) -> None:
    class Machine(OutboxSequences):
        template = Path(shutil.copy(migrated_file, tmp_path / "template.db"))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=120,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_what_is_sent_in_a_chat_is_in_the_order_of_its_due_times(migrated_file: Path, tmp_path: Path) -> None:
    """The same promise without the model: over a thousand random rounds, each chat hears 0, 1, 2, …"""
    import random

    chance = random.Random(5)
    path = Path(shutil.copy(migrated_file, tmp_path / "order.db"))
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN")
    outbox = Ledger(InlineSession(raw)).outbox

    async def rounds() -> None:
        now, put, heard = NOW, [0] * 5, [0] * 5
        flying: list[OutboxMessage] = []
        for _ in range(1000):
            now += timedelta(milliseconds=chance.randrange(3))
            chat = chance.randrange(5)
            await outbox.enqueue(ChatId(chat + 1), "told", {"n": put[chat]}, now)
            put[chat] += 1
            flying += await outbox.lease_due(now, chance.randrange(1, 4))
            chance.shuffle(flying)
            while flying and chance.random() < 0.6:
                message = flying.pop()
                fate = chance.random()
                if fate < 0.3:
                    await outbox.mark_deferred(message.id, now + timedelta(milliseconds=chance.randrange(9)), "x")
                    continue
                assert message.payload["n"] == heard[message.chat_id - 1], "in order, none left out, none twice"
                heard[message.chat_id - 1] += 1
                await outbox.mark_sent(message, [1], now)
            if chance.random() < 0.05:
                flying.clear()
                await outbox.release_all()
        assert sum(heard) > 300

    asyncio.run(rounds())
    raw.close()
