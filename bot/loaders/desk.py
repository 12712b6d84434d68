"""People, chats and settings: the facts behind what they are told."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import chats, commands, methodology, notices, people, settings
from storage.kinds import Role
from storage.model import ChatId, InviteId, PersonId


async def _notice(it: Delivery) -> Render:
    data = {name: value for name, value in it.row.payload.items() if name != "code"}
    return partial(notices.notice, notices.Notice(str(it.row.payload["code"]), data), it.words)


async def _welcome(it: Delivery) -> Render:
    return partial(people.welcome, it.reader, it.words)


async def _help(it: Delivery) -> Render:
    role = Role(it.row.payload.get("role", Role.PUBLIC))
    return partial(people.help_text, role, it.words, in_group=it.person is None)


async def _method(it: Delivery) -> Render:
    return partial(methodology.method_shown, it.deps.policy, it.words)


async def _settings(it: Delivery) -> Render:
    return partial(settings.settings_shown, it.deps.policy, it.number("offset"), it.words)


async def _setting(it: Delivery) -> Render:
    return partial(settings.setting_shown, str(it.row.payload["setting"]), it.deps.policy, it.words)


async def _whoami(it: Delivery) -> Render:
    return partial(people.whoami, it.reader, it.words)


async def _language_asked(it: Delivery) -> Render:
    return partial(people.language_asked, it.words)


async def _commands(it: Delivery) -> Render:
    return partial(commands.menu_of, it.row.chat_id, it.reader.role, it.words)


async def _invite(it: Delivery) -> Render:
    invite = await it.ledger.invites.get(InviteId(it.number("invite")))
    # The address holds the secret: it is made when the message goes out and kept nowhere.
    return lambda: people.invite_made(invite, it.deps.invite_link(invite.id, invite.created_at), it.words)


async def _unreachable(it: Delivery) -> Render:
    person = await it.ledger.people.get(PersonId(it.number("person")))
    return partial(people.unreachable, person, int(it.row.payload.get("returned", 0)), it.words)


async def _channel_asked(it: Delivery) -> Render:
    return partial(chats.channel_asked, await it.ledger.chats.get(ChatId(it.number("chat"))), it.words)


async def _channels(it: Delivery) -> Render:
    return partial(chats.channels_shown, await it.ledger.chats.list_channels(), it.words)


DESK: dict[str, Loader] = {
    "notice": _notice,
    "welcome": _welcome,
    "help": _help,
    "method_shown": _method,
    "settings_shown": _settings,
    "setting_shown": _setting,
    "whoami": _whoami,
    "language_asked": _language_asked,
    "commands_changed": _commands,
    "invite_made": _invite,
    "person_unreachable": _unreachable,
    "channel_asked": _channel_asked,
    "channels_shown": _channels,
}
