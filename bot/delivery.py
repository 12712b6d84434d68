"""Sending one message: as an edit of its card or anew, in parts if it is long, at the permitted rate.

What Telegram answers becomes a `Result`; what that means for the rows is the courier's business.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.bodies import Part
from bot.longtext import split_html
from bot.ratelimit import Pacer, SendLimits
from bot.request import AiohttpRequest, retry_seconds
from bot.views.message import Call, Message, Upload
from storage.model import ClaimId, OutboxMessage

_log = structlog.get_logger(__name__)

_LONGEST_PAUSE = 60.0
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased row with all that is needed to send it."""

    row: OutboxMessage
    render: Callable[[], Message | Call | Upload]
    edit: int | None
    parts_sent: int


@dataclass(frozen=True, slots=True)
class Called:
    """What a group or channel is called, as Telegram says when it takes a message there."""

    title: str
    username: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a parcel: `outcome` is sent, deferred, dead, lost (the chat refuses us) or moved."""

    row: OutboxMessage
    outcome: str
    message_ids: tuple[int, ...] = ()
    claim_id: ClaimId | None = None
    error: str = ""
    retry_in: float = 0.0
    parts_sent: int = 0
    moved_to: int = 0
    called: Called | None = None


@dataclass(slots=True)
class _Progress:
    ids: list[int] = field(default_factory=list)
    parts_sent: int = 0
    called: Called | None = None

    def add(self, sent: dict[str, Any]) -> None:
        """Note a message that Telegram took."""
        self.ids.append(sent["message_id"])
        chat = sent["chat"]
        if "title" in chat:
            self.called = Called(chat["title"], chat.get("username"))


class Delivery:
    """Sends parcels."""

    def __init__(self, request: AiohttpRequest, limits: SendLimits) -> None:
        self._request = request
        self._pacer = Pacer(limits)
        # One at a time: what draws is not made for several threads, and two pictures at once are no sooner done.
        self._maker = ThreadPoolExecutor(1, "factdesk-file")

    async def deliver(self, parcel: Parcel) -> Result:
        """Send or edit what a parcel shows and say what became of it. Raises nothing but a cancellation."""
        progress = _Progress(parts_sent=parcel.parts_sent)
        try:
            message = parcel.render()
            if isinstance(message, Call):
                if message.shows:
                    await self._pace(parcel.row.chat_id)
                await self._request.call(message.method, message.params)
                return Result(parcel.row, "sent")
            if isinstance(message, Upload):
                await self._upload(parcel.row, message, progress)
                return Result(parcel.row, "sent", message_ids=tuple(progress.ids), called=progress.called)
            await self._send(parcel, message, progress)
            ids = tuple(progress.ids)
            return Result(parcel.row, "sent", message_ids=ids, claim_id=message.claim_id, called=progress.called)
        except TelegramError as error:
            return self._failed(parcel, error, progress)
        except Exception as error:
            _log.exception("message_not_sent", kind=parcel.row.kind, message=parcel.row.id)
            return Result(parcel.row, "dead", error=type(error).__name__)

    async def _send(self, parcel: Parcel, message: Message, progress: _Progress) -> None:
        row = parcel.row
        parts = split_html(message.html) or ["…"]
        fresh = bool(row.payload.get("fresh"))
        if parcel.edit is not None and len(parts) == 1 and not fresh and await self._edited(parcel, message, parts[0]):
            progress.ids.append(parcel.edit)
            return
        for number in range(progress.parts_sent, len(parts)):
            await self._pace(row.chat_id)
            last = number == len(parts) - 1
            sent = await self._request.call(
                "sendMessage",
                {
                    "chat_id": row.chat_id,
                    "message_thread_id": row.thread_id,
                    "reply_parameters": None
                    if row.reply_to is None or number
                    else {"message_id": row.reply_to, "allow_sending_without_reply": True},
                    **_body(message, parts[number], keyboard=last),
                },
            )
            progress.add(sent)
            progress.parts_sent = number + 1
        if parcel.edit is not None:
            await self._remove(row.chat_id, parcel.edit)

    async def _upload(self, row: OutboxMessage, upload: Upload, progress: _Progress) -> None:
        # In a thread: to draw a picture takes longer than anybody's answer should wait.
        content = await asyncio.get_running_loop().run_in_executor(self._maker, upload.make)
        if content is None:
            return
        await self._pace(row.chat_id)
        sent = await self._request.call(
            "sendPhoto" if upload.kind == "photo" else "sendDocument",
            {
                "chat_id": row.chat_id,
                "message_thread_id": row.thread_id,
                "caption": upload.caption or None,
                "parse_mode": "HTML",
            },
            files={upload.kind: Part(upload.name, content, upload.media_type)},
        )
        progress.add(sent)

    async def _edited(self, parcel: Parcel, message: Message, part: str) -> bool:
        """Edit the card; False if it cannot be edited, so that it has to be sent anew.

        Telegram refuses an edit that changes nothing as it refuses one of a message that is gone. The difference is
        only in its words, which are not ours to rely on. So the refused edit is repeated with an invisible character
        at the end: that one succeeds wherever the message exists.
        """
        for text in (part, part + _WORD_JOINER):
            await self._pace(parcel.row.chat_id)
            try:
                await self._request.call(
                    "editMessageText",
                    {
                        "chat_id": parcel.row.chat_id,
                        "message_id": parcel.edit,
                        **_body(message, text, keyboard=True),
                    },
                    result=False,
                )
            except BadRequest:
                continue
            return True
        return False

    async def _remove(self, chat_id: int, message_id: int) -> None:
        """Take away the card that a new one replaces; if that fails, its buttons still get polite answers."""
        try:
            await self._request.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        except TelegramError as error:
            _log.debug("card_not_removed", error=type(error).__name__)

    async def _pace(self, chat_id: int) -> None:
        # Asked again after each sleep, because another message may have taken the slot.
        while (ready := self._pacer.ready_at(chat_id, now := time.monotonic())) > now:  # noqa: ASYNC110
            await asyncio.sleep(ready - now)
        self._pacer.take(chat_id, now)

    def _failed(self, parcel: Parcel, error: TelegramError, progress: _Progress) -> Result:
        row = parcel.row
        name = type(error).__name__
        if isinstance(error, RetryAfter):
            seconds = retry_seconds(error)
            self._pacer.flooded(row.chat_id, time.monotonic(), seconds)
            return self._later(row, name, seconds, progress)
        if isinstance(error, ChatMigrated):
            return Result(row, "moved", error=name, moved_to=error.new_chat_id)
        if isinstance(error, Forbidden):
            return Result(row, "lost", error=name)
        if isinstance(error, BadRequest):
            _log.error("message_refused", kind=row.kind, message=row.id, error=error.message)
            return Result(row, "dead", error=error.message)
        # Everything else may pass: a network that is down, a server that is restarting, an answer cut short.
        pause = min(_LONGEST_PAUSE, 0.25 * 2.0 ** min(row.attempts, 10)) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
        if row.attempts in (1, 5) or row.attempts % 20 == 0:
            _log.warning("message_deferred", kind=row.kind, error=name, attempts=row.attempts, retry_in=round(pause, 1))
        return self._later(row, name, pause, progress)

    @staticmethod
    def _later(row: OutboxMessage, name: str, seconds: float, progress: _Progress) -> Result:
        return Result(
            row,
            "deferred",
            message_ids=tuple(progress.ids),
            error=name,
            retry_in=seconds,
            parts_sent=progress.parts_sent,
        )


def _body(message: Message, html: str, *, keyboard: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "text": html,
        "parse_mode": "HTML",
        "link_preview_options": None if message.preview else {"is_disabled": True},
    }
    if keyboard and message.buttons:
        body["reply_markup"] = {
            "inline_keyboard": [
                [
                    {"text": button.text, "url": button.url}
                    if button.url is not None
                    else {"text": button.text, "callback_data": button.data}
                    for button in row
                ]
                for row in message.buttons
            ]
        }
    return body
