"""Messages out: rows of the outbox to Telegram, at the permitted rate, in the order of each chat.

One loop, one transaction per turn: note what became of the messages that were on their way, lease the next ones, read
the facts they are made of. Rendering and sending happen outside of it. A message that Telegram took while we were
killed is sent again after the restart, since its row was not marked; nothing else is, and none is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.delivery import Delivery, Parcel, Result
from bot.loaders.base import Deps
from bot.ratelimit import SendLimits
from bot.render import load
from bot.request import AiohttpRequest
from jobs.channels import lose_channel
from jobs.clock import Clock
from jobs.membership import lose_contact
from jobs.policy import Policy
from jobs.rooms import lose_rooms
from jobs.rules import policy_now
from storage.database import Database
from storage.errors import StorageError
from storage.kinds import ChatKind
from storage.ledger import Ledger
from storage.model import ChatId, OutboxMessage

_log = structlog.get_logger(__name__)

IN_FLIGHT = 256
"""Messages on their way at once, without limits."""

IN_FLIGHT_LIMITED = 40
"""The same under Telegram's limits: a little more than a second's worth, so that a reply waits for no long queue."""

LOOK_EVERY = 1.0
"""Seconds after which the outbox is looked at even if nobody rang: another process may have put something."""

LINGER = 0.008
"""Seconds to wait for more results before the next transaction while there is much to do."""


class Courier:
    """Sends what is due."""

    def __init__(
        self,
        database: Database,
        request: AiohttpRequest,
        limits: SendLimits,
        clock: Clock,
        deps: Callable[[Policy], Deps],
    ) -> None:
        self._database = database
        self._delivery = Delivery(request, limits)
        self._most = IN_FLIGHT_LIMITED if limits.overall_per_second else IN_FLIGHT
        self._clock = clock
        self._deps = deps
        self._bell = asyncio.Event()
        self._flying: set[asyncio.Task[Result]] = set()
        self._results: list[Result] = []
        self._stopping = False

    def ring(self) -> None:
        """Say that there may be something to send."""
        self._bell.set()

    async def run(self) -> None:
        """Send until `stop`. A database that cannot be used now is tried again; nothing is lost meanwhile."""
        self._stopping = False
        released = False
        while not self._stopping:
            try:
                if not released:
                    async with self._database.write() as ledger:
                        await ledger.outbox.release_all()
                    released = True
                leased, next_due = await self._turn()
            except StorageError as error:
                _log.error("outbox_not_read", error=str(error))
                await asyncio.sleep(LOOK_EVERY)
                continue
            if leased or self._results:
                await asyncio.sleep(LINGER)
            else:
                await self._wait(next_due)

    async def stop(self, seconds: float) -> None:
        """Lease nothing more, wait for what is on its way at most this long, note what became of it."""
        self._stopping = True
        self._bell.set()
        if self._flying:
            await asyncio.wait(self._flying, timeout=seconds)
        for task in self._flying:
            task.cancel()
        await self._noted()
        async with self._database.write() as ledger:
            await ledger.outbox.release_all()

    async def _noted(self) -> None:
        """Note what became of messages, in a transaction of its own."""
        known = len(self._results)
        async with self._database.write() as ledger:
            await self._record(ledger, self._results[:known])
        del self._results[:known]

    async def _wait(self, next_due: datetime | None) -> None:
        wait = LOOK_EVERY
        if next_due is not None:
            wait = min(wait, max(0.0, (next_due - self._clock()).total_seconds()))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), wait)
        self._bell.clear()

    async def _turn(self) -> tuple[int, datetime | None]:
        parcels: list[Parcel] = []
        known = len(self._results)
        async with self._database.write() as ledger:
            await self._record(ledger, self._results[:known])
            now = self._clock()
            room = self._most - len(self._flying)
            if room > 0 and not self._stopping:
                deps = self._deps(await policy_now(ledger))
                for row in await ledger.outbox.lease_due(now, room):
                    parcel = await self._prepare(ledger, row, deps, now)
                    if parcel is not None:
                        parcels.append(parcel)
            next_due = await ledger.outbox.find_next_due(now)
        # Only now: had the commit failed, the results would be noted with the next one.
        del self._results[:known]
        for parcel in parcels:
            task = asyncio.create_task(self._delivery.deliver(parcel))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return len(parcels), next_due

    def _landed(self, task: asyncio.Task[Result]) -> None:
        self._flying.discard(task)
        if not task.cancelled():
            self._results.append(task.result())
        self._bell.set()

    async def _prepare(self, ledger: Ledger, row: OutboxMessage, deps: Deps, now: datetime) -> Parcel | None:
        try:
            render = await load(ledger, row, deps, now)
        except StorageError:
            raise
        except Exception as error:
            _log.exception("message_not_rendered", kind=row.kind, message=row.id)
            await ledger.outbox.mark_dead(row.id, type(error).__name__, now)
            return None
        edit = None
        if row.card is not None:
            # A list is turned over in place: its card is the very message that carried the button.
            edit = (
                int(row.card.partition(":")[2])
                if row.card.startswith("message:")
                else await ledger.outbox.find_card(row.chat_id, row.card)
            )
        parts_sent = await ledger.outbox.count_sent_parts(row.id) if row.attempts > 1 else 0
        return Parcel(row, render, edit, parts_sent)

    async def _record(self, ledger: Ledger, results: list[Result]) -> None:
        if not results:
            return
        now = self._clock()
        try:
            async with ledger.savepoint():
                for result in results:
                    await self._record_one(ledger, result, now)
        except StorageError:
            raise
        except Exception:
            for result in results:
                await self._record_alone(ledger, result, now)

    async def _record_alone(self, ledger: Ledger, result: Result, now: datetime) -> None:
        """One result that cannot be noted must not stop all messages: its own is given up, and said so."""
        try:
            async with ledger.savepoint():
                await self._record_one(ledger, result, now)
        except StorageError:
            raise
        except Exception as error:
            _log.exception("result_not_noted", kind=result.row.kind, message=result.row.id)
            await ledger.outbox.mark_dead(result.row.id, type(error).__name__, now)

    async def _record_one(self, ledger: Ledger, result: Result, now: datetime) -> None:
        row = result.row
        match result.outcome:
            case "sent":
                await ledger.outbox.mark_sent(row, result.message_ids, now, claim_id=result.claim_id)
                if result.called is not None:
                    await ledger.chats.follow(row.chat_id, result.called.title, result.called.username)
            case "deferred":
                retry_at = now + timedelta(seconds=result.retry_in)
                for message_id in result.message_ids:
                    await ledger.outbox.remember_message(row.chat_id, message_id, row.id, now, card=None, claim_id=None)
                await ledger.outbox.mark_deferred(row.id, retry_at, result.error, parts_sent=result.parts_sent)
            case "moved":
                await ledger.chats.move(row.chat_id, ChatId(result.moved_to), now)
                await ledger.outbox.mark_deferred(row.id, now, result.error)
            case "lost":
                await ledger.outbox.mark_dead(row.id, result.error, now)
                await ledger.outbox.drop_queued(row.chat_id, result.error, now)
                await self._lose(ledger, row, now)
            case _:
                await ledger.outbox.mark_dead(row.id, result.error, now)

    async def _lose(self, ledger: Ledger, row: OutboxMessage, now: datetime) -> None:
        person = await ledger.people.find_by_telegram(row.chat_id)
        if person is not None:
            await lose_contact(ledger, person.id, now, await policy_now(ledger))
            return
        chat = await ledger.chats.find(row.chat_id)
        if chat is not None and chat.kind is ChatKind.CHANNEL:
            await ledger.chats.mark(row.chat_id, present=False, publishes=False)
            await lose_channel(ledger, chat, now)
            return
        await ledger.subscriptions.end_of_chat(row.chat_id)
        if chat is not None:
            await ledger.chats.mark(row.chat_id, present=False, publishes=False)
            await lose_rooms(ledger, row.chat_id, chat.title, now)
