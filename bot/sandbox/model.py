"""The nouns of the sandbox: users, chats, messages and files, and how the Bot API shows each of them."""

from dataclasses import dataclass, field
from typing import Any, Literal

JsonObject = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
BotStatus = Literal["member", "administrator", "left", "kicked"]


@dataclass(slots=True)
class User:
    """Someone with a Telegram account, and how they stand to the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    @property
    def name(self) -> str:
        """First and last name, as shown above a message."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def api(self) -> JsonObject:
        """The Bot API's `User`."""
        body: JsonObject = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            value = getattr(self, key)
            if value is not None:
                body[key] = value
        return body


@dataclass(slots=True)
class Chat:
    """A private chat, group, supergroup or channel with all its messages, oldest first."""

    id: int
    type: ChatType
    title: str | None = None
    username: str | None = None
    user: User | None = None
    members: dict[int, str] = field(default_factory=dict)
    bot_status: BotStatus = "member"
    is_forum: bool = False
    migrated_to: int | None = None
    messages: "dict[int, Message]" = field(default_factory=dict)
    last_message_id: int = 0
    version: int = 0

    @property
    def is_group(self) -> bool:
        """Whether several people talk here."""
        return self.type in {"group", "supergroup"}

    @property
    def name(self) -> str:
        """What stands at the top of the chat."""
        return self.title or (self.user.name if self.user else str(self.id))

    def api(self) -> JsonObject:
        """The Bot API's `Chat`."""
        body: JsonObject = {"id": self.id, "type": self.type}
        if self.user is not None:
            body["first_name"] = self.user.first_name
            for key in ("last_name", "username"):
                value = getattr(self.user, key)
                if value is not None:
                    body[key] = value
            return body
        body["title"] = self.title
        if self.username is not None:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body


@dataclass(slots=True)
class Message:
    """One message. `payload` is the Bot API's `Message`; it is replaced, never changed, since updates share it."""

    id: int
    chat: Chat
    payload: JsonObject
    by_bot: bool
    version: int = 0
    keyboard: JsonObject | None = None
    reactions: dict[int, list[JsonObject]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The bytes behind a file_id."""

    file_id: str
    file_unique_id: str
    path: str
    name: str
    mime_type: str
    content: bytes


@dataclass(slots=True)
class FormattedText:
    """Plain text and its entities; offsets and lengths count UTF-16 units, as everywhere in the Bot API."""

    text: str
    entities: list[JsonObject] = field(default_factory=list)
