"""People and the places where they talk: made, joined, left, blocked, upgraded."""

from typing import Literal

from bot.sandbox.actions.lookup import get_chat, get_user
from bot.sandbox.errors import ActionError
from bot.sandbox.methods.chats import membership
from bot.sandbox.model import BotStatus, Chat, JsonObject, User
from bot.sandbox.state import Sandbox
from bot.sandbox.view import seen_chat


def user(
    box: Sandbox,
    *,
    first_name: str,
    id: int | None = None,  # noqa: A002 - the Bot API's own word
    last_name: str | None = None,
    username: str | None = None,
    language_code: str | None = None,
) -> JsonObject:
    """Make somebody known, or give somebody known another name or language."""
    known = box.users.get(id) if id is not None else None
    if known is None:
        person = box.add_user(User(id or box.free_user_id(), first_name, last_name, username, language_code))
    else:
        person = get_user(box, known.id)
        person.first_name, person.last_name = first_name, last_name
        person.username, person.language_code = username, language_code
    return person.api()


def group(
    box: Sandbox,
    *,
    title: str,
    kind: Literal["group", "supergroup", "channel"] = "group",
    members: list[int],
    id: int | None = None,  # noqa: A002 - the Bot API's own word
    username: str | None = None,
    forum: bool = False,
    bot: BotStatus | None = None,
) -> JsonObject:
    """Make a group, supergroup or channel. The first member owns it and brings the bot in, unless it stays outside."""
    if id is not None and id in box.chats:
        raise ActionError(f"there is a chat {id} already")
    status = bot or ("administrator" if kind == "channel" else "member")
    chat = Chat(
        id or box.free_chat_id(kind),
        kind,
        title=title,
        username=username,
        members={get_user(box, member).id: "member" for member in members},
        bot_status="left",
        is_forum=forum,
    )
    if members:
        chat.members[members[0]] = "creator"
    box.add_chat(chat)
    if status in {"member", "administrator"}:
        _set_status(box, chat, status, _owner(box, chat))
        if kind == "group":
            _service(box, chat, _owner(box, chat), {"group_chat_created": True})
    else:
        chat.bot_status = status
    return seen_chat(chat)


def set_bot_status(box: Sandbox, *, chat: int, status: BotStatus, user: int | None = None) -> None:
    """Add, promote, demote or remove the bot; it is told by a my_chat_member update, even when it is thrown out."""
    place = get_chat(box, chat)
    _set_status(box, place, status, _owner(box, place) if user is None else get_user(box, user))


def join(box: Sandbox, *, chat: int, user: int) -> None:
    """Somebody joins."""
    place, person = get_chat(box, chat), get_user(box, user)
    place.members[person.id] = "member"
    if place.is_group:
        _service(box, place, person, {"new_chat_members": [person.api()]})


def leave(box: Sandbox, *, chat: int, user: int) -> None:
    """Somebody leaves."""
    place, person = get_chat(box, chat), get_user(box, user)
    if place.members.pop(person.id, None) is None:
        raise ActionError(f"{person.name} is not in {place.name}")
    if place.is_group:
        _service(box, place, person, {"left_chat_member": person.api()})


def migrate(box: Sandbox, *, chat: int) -> JsonObject:
    """Upgrade a group to a supergroup: another id, the same people; calls with the old id are refused from now on."""
    old = get_chat(box, chat)
    if old.type != "group" or old.migrated_to is not None:
        raise ActionError(f"{old.name} is not a group that can be upgraded")
    new = Chat(
        box.free_chat_id("supergroup"),
        "supergroup",
        title=old.title,
        members=dict(old.members),
        bot_status=old.bot_status,
    )
    box.add_chat(new)
    owner = _owner(box, old)
    _service(box, old, owner, {"migrate_to_chat_id": new.id})
    old.migrated_to = new.id
    _service(box, new, owner, {"migrate_from_chat_id": old.id})
    return seen_chat(new)


def block(box: Sandbox, *, user: int) -> None:
    """Somebody blocks the bot."""
    person = get_user(box, user)
    if not person.blocked:
        person.blocked = True
        _tell(box, box.chats[person.id], person, "member", "kicked")


def unblock(box: Sandbox, *, user: int) -> None:
    """Somebody lets the bot write again."""
    person = get_user(box, user)
    if person.blocked:
        person.blocked = False
        _tell(box, box.chats[person.id], person, "kicked", "member")


def deactivate(box: Sandbox, *, user: int) -> None:
    """Somebody deletes their account."""
    get_user(box, user).deactivated = True


def _set_status(box: Sandbox, chat: Chat, status: BotStatus, by: User) -> None:
    before, chat.bot_status = chat.bot_status, status
    if before != status:
        _tell(box, chat, by, before, status)


def _tell(box: Sandbox, chat: Chat, by: User, before: str, after: str) -> None:
    bot = box.bot.api()
    body = {
        "chat": chat.api(),
        "from": by.api(),
        "date": box.now(),
        "old_chat_member": membership(bot, before),
        "new_chat_member": membership(bot, after),
    }
    box.put_update("my_chat_member", body)


def _service(box: Sandbox, chat: Chat, by: User, content: JsonObject) -> None:
    message = box.add_message(chat, by, content)
    if chat.bot_status in {"member", "administrator"}:
        box.put_update("message", message.payload)


def _owner(box: Sandbox, chat: Chat) -> User:
    owner = next((number for number, status in chat.members.items() if status == "creator"), None)
    if owner is None:
        # Somebody has to be named as the author of what happens in a chat without people.
        return User(1_087_968_824, "Group", username="GroupAnonymousBot", is_bot=True)
    return box.users[owner]
