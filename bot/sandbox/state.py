"""Everything the sandbox knows: bot, users, chats, messages, files, and the queue, log and switches around them."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.sandbox.backstage import Backstage
from bot.sandbox.callbacks import Callback, InlineQuery
from bot.sandbox.faults import Faults
from bot.sandbox.files import FileShelf
from bot.sandbox.journal import Journal
from bot.sandbox.limits import FloodGate, Limits
from bot.sandbox.model import Chat, JsonObject, Message, User
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webhook import WebhookSender
from jobs.clock import utc_now

BOT_ID = 123456
FIRST_USER_ID = 100_001
FIRST_GROUP_ID = -4_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001
CHAT_MEMBER_KEYS = ("message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member")


class Sandbox:
    """A Telegram of one's own with one bot in it. Holds state; decides no rule of the Bot API."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
        token: str | None = None,
        username: str = "factdesk_bot",
        name: str = "Factdesk",
        privacy: bool = True,
        log_size: int = 5_000,
        query_lifetime: timedelta = timedelta(seconds=150),
    ) -> None:
        self.clock = clock
        self.token = token or f"{BOT_ID}:SANDBOX{secrets.token_hex(14)}"
        self.privacy = privacy
        self.query_lifetime = query_lifetime
        self.bot = User(int(self.token.partition(":")[0]), name, username=username, is_bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.chats_by_username: dict[str, Chat] = {}
        self.files = FileShelf()
        self.updates = UpdateQueue()
        self.journal = Journal(clock, log_size)
        self.flood = FloodGate(limits or Limits(), monotonic)
        self.faults = Faults()
        self.commands: dict[tuple[str, int, int, str], list[JsonObject]] = {}
        self.callbacks: OrderedDict[str, Callback] = OrderedDict()
        self.inline_queries: OrderedDict[str, InlineQuery] = OrderedDict()
        self.webhook = WebhookSender(self.updates, clock)
        self.backstage: Backstage | None = None
        # The chats that a first visit to the page finds open; empty: one of each role, and a tour.
        self.opening: tuple[int, ...] = ()
        self._last_message_id = 0
        self._last_query_id = 4_000_000_000_000_000
        self._version = 0

    def now(self) -> int:
        """The present as Telegram writes dates: whole seconds since 1970."""
        return int(self.clock().timestamp())

    # People and chats

    def add_user(self, user: User) -> User:
        """Make somebody known; their private chat with the bot exists from now on, though empty."""
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", user=user)
        return user

    def add_chat(self, chat: Chat) -> Chat:
        """Make a group, supergroup or channel known."""
        self.chats[chat.id] = chat
        if chat.username:
            self.chats_by_username[chat.username.lower()] = chat
        return chat

    def free_user_id(self) -> int:
        """An id nobody has."""
        return next(number for number in range(FIRST_USER_ID + len(self.users), BOT_ID**2) if number not in self.users)

    def free_chat_id(self, chat_type: str) -> int:
        """An id that no chat has, of the shape that goes with the type."""
        first = FIRST_GROUP_ID if chat_type == "group" else FIRST_SUPERGROUP_ID
        return next(number for number in range(first - len(self.chats), first * 2, -1) if number not in self.chats)

    # Messages

    def add_message(
        self,
        chat: Chat,
        sender: User | None,
        content: JsonObject,
        *,
        keyboard: JsonObject | None = None,
    ) -> Message:
        """Put a message into a chat. Without a sender it is a post of the channel itself."""
        payload: JsonObject = {"message_id": self._next_message_id(chat)}
        by_bot = sender is not None and sender.id == self.bot.id
        if chat.type == "channel":
            payload["sender_chat"] = chat.api()
        elif sender is not None:
            payload["from"] = sender.api()
        payload.update(chat=chat.api(), date=self.now(), **content)
        message = Message(payload["message_id"], chat, payload, by_bot, keyboard=keyboard)
        chat.messages[message.id] = message
        self.touch(message, "new")
        return message

    def replace_payload(self, message: Message, payload: JsonObject, change: str = "edited") -> Message:
        """Change what a message is. Updates that are already queued keep what it was."""
        message.payload = payload
        self.touch(message, change)
        return message

    def remove_message(self, message: Message) -> None:
        """Take a message out of its chat."""
        del message.chat.messages[message.id]
        self.touch(message, "deleted")

    def touch(self, message: Message, change: str) -> None:
        """Give the message and its chat a new version and tell the log."""
        self._version += 1
        message.version = message.chat.version = self._version
        self.journal.add("chat", {"chat_id": message.chat.id, "message_id": message.id, "change": change})

    def _next_message_id(self, chat: Chat) -> int:
        # Supergroups and channels count by themselves; private chats and small groups share the bot's counter.
        if chat.type in {"supergroup", "channel"}:
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_message_id += 1
        return self._last_message_id

    # Updates and queries

    def put_update(self, kind: str, body: JsonObject) -> None:
        """Queue an update of that kind if the bot wants the kind."""
        if self.updates.wants(kind):
            source = body["chat"] if kind in CHAT_MEMBER_KEYS else body.get("from", body.get("user", body.get("chat")))
            self.put_raw_update({kind: body}, source["id"] if source else 0, kind)

    def put_raw_update(self, body: JsonObject, lane: int, kind: str) -> int:
        """Queue any JSON object as an update, well-formed or not, and return its id."""
        update = self.updates.put(body, lane)
        self.journal.add("update", {"update_kind": kind, "update": update.payload})
        return update.id

    def next_query_id(self) -> str:
        """An id for a callback or inline query."""
        self._last_query_id += 1
        return str(self._last_query_id)

    def forget_old_queries(self) -> None:
        """Drop the queries that nobody can answer any more."""
        oldest = self.clock() - self.query_lifetime
        queries: OrderedDict[str, Callback] | OrderedDict[str, InlineQuery]
        for queries in (self.callbacks, self.inline_queries):
            while queries and next(iter(queries.values())).asked_at <= oldest:
                queries.popitem(last=False)

    async def close(self) -> None:
        """End everything that waits and the webhook's deliveries."""
        self.updates.end_poll()
        self.journal.close()
        for callback in self.callbacks.values():
            callback.give_up()
        for query in self.inline_queries.values():
            query.give_up()
        await self.webhook.close()
