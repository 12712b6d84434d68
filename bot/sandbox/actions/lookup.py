"""Finding the people, chats and messages an action names."""

from bot.sandbox.errors import ActionError
from bot.sandbox.model import Chat, Message, User
from bot.sandbox.state import Sandbox


def get_user(box: Sandbox, user_id: int) -> User:
    """The person with that id."""
    user = box.users.get(user_id)
    if user is None or user.is_bot:
        raise ActionError(f"nobody has the id {user_id}")
    return user


def get_chat(box: Sandbox, chat_id: int) -> Chat:
    """The chat with that id."""
    chat = box.chats.get(chat_id)
    if chat is None:
        raise ActionError(f"there is no chat {chat_id}")
    return chat


def get_message(chat: Chat, message_id: int) -> Message:
    """The message with that id."""
    message = chat.messages.get(message_id)
    if message is None:
        raise ActionError(f"there is no message {message_id} in {chat.name}")
    return message
