"""Who the bot is, and what it may learn about chats and members."""

from bot.sandbox.access import find_chat, open_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Chat, JsonObject
from bot.sandbox.params import Params
from bot.sandbox.state import Sandbox

_ACCENT_COLOURS = 7
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
)


def get_me(box: Sandbox, _params: Params) -> JsonObject:
    """getMe."""
    return {
        **box.bot.api(),
        "can_join_groups": True,
        "can_read_all_group_messages": not box.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(box: Sandbox, params: Params) -> JsonObject:
    """getChat."""
    chat = find_chat(box, params)
    if chat.type != "private":
        chat = open_chat(box, params)
    full = chat.api()
    full.update(
        accent_color_id=abs(chat.id) % _ACCENT_COLOURS,
        max_reaction_count=11,
        accepted_gift_types=dict.fromkeys(_GIFTS, False),
    )
    if chat.username:
        full["active_usernames"] = [chat.username]
    return full


def get_chat_member(box: Sandbox, params: Params) -> JsonObject:
    """getChatMember."""
    chat = open_chat(box, params)
    return member_of(box, chat, params.integer("user_id"))


def get_chat_member_count(box: Sandbox, params: Params) -> int:
    """getChatMemberCount, the bot included."""
    chat = open_chat(box, params)
    return 2 if chat.type == "private" else len(chat.members) + 1


def get_chat_administrators(box: Sandbox, params: Params) -> list[JsonObject]:
    """getChatAdministrators: people only, as Telegram leaves out other bots but not the asking one's owner."""
    chat = open_chat(box, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    leading = ("creator", "administrator")
    return [member_of(box, chat, user_id) for user_id, status in chat.members.items() if status in leading]


def member_of(box: Sandbox, chat: Chat, user_id: int) -> JsonObject:
    """The Bot API's `ChatMember`."""
    user = box.users.get(user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID" if user_id <= 0 else "member not found")
    if user_id == box.bot.id:
        status: str = chat.bot_status
    elif chat.type == "private":
        status = "member"
    else:
        status = chat.members.get(user_id, "left")
    return membership(user.api(), status)


def membership(user: JsonObject, status: str) -> JsonObject:
    """A `ChatMember` with the fields that go with the status."""
    member: JsonObject = {"user": user, "status": status}
    if status == "administrator":
        member.update(dict.fromkeys(_ADMINISTRATOR_RIGHTS, True), can_be_edited=False, is_anonymous=False)
    elif status == "creator":
        member["is_anonymous"] = False
    elif status == "kicked":
        member["until_date"] = 0
    return member
