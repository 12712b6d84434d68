"""Updates in: one batch, one write transaction, acknowledged only once it is committed.

`Gateway.handle` takes a batch from anywhere. Within it each update has a savepoint of its own: what the rules refuse is
told to the person, what breaks is kept as a dead letter, and neither touches its neighbours. A kill before the commit
leaves nothing, and the batch comes again; a kill after it leaves the ids, and the batch is skipped.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from telegram import CallbackQuery, Chat, ChatMember, InaccessibleMessage, Update, User
from telegram.error import TelegramError
from telegram.ext import BaseHandler

from bot.config import Settings
from bot.context import DeskApplication, DeskContext, Toast, Work
from bot.logs import redact
from bot.request import AiohttpRequest
from bot.views.notices import notice_text
from bot.views.words import LANGUAGES, words_for
from jobs.clock import Clock
from jobs.membership import meet
from jobs.policy import Policy
from jobs.rules import policy_now
from storage.database import Database
from storage.errors import Refused, StorageError
from storage.ledger import Ledger
from storage.model import ChatId, Person

_log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What the desk wants from Telegram; anything else that comes is passed over."""

Answer = tuple[str, str | None, bool]
"""A callback query's id, the text to show, and whether it is an alert."""


class Gateway:
    """Runs the handlers of an `Application` over batches of raw updates."""

    def __init__(
        self,
        database: Database,
        application: DeskApplication,
        request: AiohttpRequest,
        settings: Settings,
        clock: Clock,
        committed: Callable[[], None],
    ) -> None:
        """`committed` is called after each commit: there may be messages to send."""
        self._database = database
        self._application = application
        self._request = request
        self._settings = settings
        self._clock = clock
        self._committed = committed
        self._answering: set[asyncio.Task[None]] = set()

    async def handle(self, batch: list[dict[str, Any]]) -> None:
        """Handle a batch. When this returns, every update of it is done with for good, or known from before.

        Raises:
            StorageError: the database cannot be used; nothing of the batch happened, hand it in again.
        """
        now = self._clock()
        answers: list[Answer] = []
        async with self._database.write() as ledger:
            policy = await policy_now(ledger)
            ids = [raw["update_id"] for raw in batch if _has_id(raw)]
            done = await ledger.updates.list_known(ids)
            fresh = []
            for raw in batch:
                if _has_id(raw):
                    if raw["update_id"] in done:
                        continue
                    done.add(raw["update_id"])
                    fresh.append(raw["update_id"])
                answer = await self._one(ledger, raw, now, policy)
                if answer is not None:
                    answers.append(answer)
            await ledger.updates.add(fresh, now)
        self._committed()
        for answer in answers:
            task = asyncio.create_task(self._answer(*answer))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _one(self, ledger: Ledger, raw: Any, now: datetime, policy: Policy) -> Answer | None:
        """Handle one update inside the batch's transaction; returns how to answer its button, if it was one."""
        try:
            return await self._attempt(ledger, raw, now, policy)
        except StorageError:
            # Not the update's fault: nothing of the batch may count as handled.
            raise
        except Exception as error:
            # Half an emoji, cut off by some client, is no text that a database can hold.
            if isinstance(error, UnicodeEncodeError) and (whole := _without_surrogates(raw)) != raw:
                return await self._one(ledger, whole, now, policy)
            # Even saying what went wrong went wrong. One update must never hold up the others.
            await _bury(ledger, raw, error, now)
            return None

    async def _attempt(self, ledger: Ledger, raw: Any, now: datetime, policy: Policy) -> Answer | None:
        update: Update | None = None
        person: Person | None = None
        toast: Toast | None = None
        try:
            update = _parse(raw, self._application)
            if update is not None:
                await _follow(ledger, update)
            wanted = None if update is None else self._find_handler(update)
            if update is None or wanted is None:
                # Small talk in a group, say: the desk does not even note who was talking.
                return None
            person = await self._meet(ledger, update, now)
            ledger.speaker = None if person is None else person.id
            async with ledger.savepoint():
                toast = await self._handle(update, *wanted, Work(ledger, now, policy, self._settings, person))
        except Refused as refused:
            toast = Toast(refused.code, refused.data, alert=True)
            await self._tell(ledger, update, person, refused.code, refused.data, now)
        except StorageError:
            raise
        except Exception as error:
            if isinstance(error, UnicodeEncodeError) and _without_surrogates(raw) != raw:
                raise
            reference = await _bury(ledger, raw, error, now)
            toast = Toast("update_failed", {"reference": reference}, alert=True)
            if update is None:
                await _tell_sender(ledger, raw, toast, now)
            await self._tell(ledger, update, person, toast.code, toast.data, now)
        finally:
            ledger.speaker = None
        query = None if update is None else update.callback_query
        return None if query is None else self._answer_to(query, toast, person)

    async def _meet(self, ledger: Ledger, update: Update, now: datetime) -> Person | None:
        user, message, change = update.effective_user, update.message, update.my_chat_member
        # With a `sender_chat` the user is a stand-in: a group's anonymous admin, a channel's post.
        if user is None or user.is_bot or (message is not None and message.sender_chat is not None):
            return None
        left = change is not None and change.new_chat_member.status in (ChatMember.LEFT, ChatMember.BANNED)
        # Many phones are set to English whatever their owner reads, so English says nothing: they are asked.
        language = user.language_code if user.language_code in LANGUAGES and user.language_code != "en" else None
        return await meet(
            ledger,
            user.id,
            user.full_name,
            user.username,
            now,
            self._settings.admins,
            language=language,
            private=not left and (update.effective_chat is None or update.effective_chat.type == "private"),
        )

    def _find_handler(self, update: Update) -> tuple[BaseHandler[Any, Any, Any], object] | None:
        """Return the first handler that wants the update, with what it found in it; as `Application` would."""
        if update.message is not None and update.message.is_automatic_forward:
            # A channel's post in the group that discusses it: nobody speaks to the desk.
            return None
        for handlers in self._application.handlers.values():
            for handler in handlers:
                check = handler.check_update(update)
                if check is not None and check is not False:
                    return handler, check
        return None

    async def _handle(
        self, update: Update, handler: BaseHandler[Any, Any, Any], check: object, work: Work
    ) -> Toast | None:
        context = DeskContext.from_update(update, self._application)
        context.work = work
        await handler.handle_update(update, self._application, check, context)
        return work.toast

    async def _tell(
        self,
        ledger: Ledger,
        update: Update | None,
        person: Person | None,
        code: str,
        data: dict[str, Any],
        now: datetime,
    ) -> None:
        """Say in the chat why a message was not acted on. A button's presser sees it as an alert instead."""
        if update is None or update.message is None:
            return
        private = person is not None and update.message.chat.id == person.telegram_id
        await ledger.outbox.enqueue(
            ChatId(update.message.chat.id),
            "notice",
            {**data, "code": code},
            now,
            person_id=person.id if person is not None and private else None,
            thread_id=update.message.message_thread_id if update.message.is_topic_message else None,
            reply_to=update.message.message_id,
        )

    def _answer_to(self, query: CallbackQuery, toast: Toast | None, person: Person | None) -> Answer:
        if toast is None:
            return query.id, None, False
        language = (person.language if person is not None else None) or self._settings.language
        return query.id, notice_text(toast.code, toast.data, words_for(language)), toast.alert

    async def _answer(self, query_id: str, text: str | None, alert: bool) -> None:
        """Stop the button's spinner. Best effort: what was pressed is done, whether or not Telegram hears this."""
        try:
            await self._request.call(
                "answerCallbackQuery",
                {"callback_query_id": query_id, "text": text, "show_alert": alert or None},
                result=False,
            )
        except TelegramError as error:
            _log.debug("button_not_answered", error=type(error).__name__)

    async def settle(self, seconds: float) -> None:
        """Wait for answers still on their way, at most this long."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)


def _has_id(raw: Any) -> bool:
    """True if an update has an id that a row can hold; one without can only be buried."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63


def _parse(raw: Any, application: DeskApplication) -> Update | None:
    """Return the update, None for a kind that the desk did not ask for."""
    if not any(kind in raw for kind in ALLOWED_UPDATES):
        return None
    query = raw.get("callback_query")
    return Update.de_json(raw, application.bot) if query is None else _press(raw["update_id"], query)


def _press(update_id: int, query: dict[str, Any]) -> Update:
    """Return a press, with the place of its card but not what the card says: that is in our rows.

    `Update.de_json` would build objects of the card's text, entities and keyboard, at half the cost of the whole step.
    """
    message = query.get("message")
    place = None
    if message is not None:
        topic = {"thread": message["message_thread_id"]} if message.get("is_topic_message") else None
        chat = message["chat"]
        where = Chat(chat["id"], chat["type"], chat.get("title"), chat.get("username"))
        place = InaccessibleMessage(where, message["message_id"], api_kwargs=topic)
    sender = query["from"]
    presser = User(
        sender["id"],
        sender["first_name"],
        sender["is_bot"],
        sender.get("last_name"),
        sender.get("username"),
        sender.get("language_code"),
    )
    return Update(
        update_id,
        callback_query=CallbackQuery(
            query["id"], presser, query["chat_instance"], message=place, data=query.get("data")
        ),
    )


async def _follow(ledger: Ledger, update: Update) -> None:
    """Keep up with what the chat, and the channel whose post was forwarded to it, are called."""
    for chat in (update.effective_chat, None if update.message is None else update.message.sender_chat):
        if chat is not None and chat.title is not None:
            await ledger.chats.follow(ChatId(chat.id), chat.title, chat.username)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return value


async def _tell_sender(ledger: Ledger, raw: Any, toast: Toast, now: datetime) -> None:
    """Tell who wrote a message that cannot even be read, as far as its chat can be made out."""
    message = raw.get("message") if isinstance(raw, dict) else None
    chat = message.get("chat") if isinstance(message, dict) else None
    if isinstance(chat, dict) and chat.get("type") == "private" and isinstance(chat.get("id"), int):
        await ledger.outbox.enqueue(ChatId(chat["id"]), "notice", {**toast.data, "code": toast.code}, now)


async def _bury(ledger: Ledger, raw: Any, error: Exception, now: datetime) -> str:
    """Keep an update that could not be handled, and return the reference that the person is told."""
    update_id = raw["update_id"] if _has_id(raw) else None
    # Made from the update, so that the same one never gets two.
    seed = str(update_id) if update_id is not None else repr(raw)
    reference = base64.b32encode(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()).decode()[:8]
    trace = redact("".join(traceback.format_exception(error)))
    async with ledger.savepoint():
        await ledger.updates.add_dead_letter(reference, update_id, _without_surrogates(raw), trace, now)
    _log.error("update_failed", reference=reference, update_id=update_id, error=type(error).__name__, trace=trace)
    return reference
