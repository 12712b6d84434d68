"""People, chats and digests: the facts behind what they are told."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import chats, commands, digests, methodology, notices, people, settings, subscriptions
from bot.views.words import words_for
from storage.kinds import Cadence, Role
from storage.model import ChatId, DigestId, InviteId, PersonId, SubscriptionId


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


async def _digest(it: Delivery) -> Render:
    made = await it.ledger.subscriptions.get_digest(DigestId(it.number("digest")))
    return _of_content(it, made.content)


async def _preview(it: Delivery) -> Render:
    return _of_content(it, it.row.payload["content"])


def _of_content(it: Delivery, content: digests.Content) -> Render:
    return partial(digests.digest, content, words_for(it.words.language, content["zone"]))


async def _digest_set(it: Delivery) -> Render:
    subscription = await it.ledger.subscriptions.get(SubscriptionId(it.number("subscription")))
    return partial(subscriptions.digest_set, subscription, words_for(it.words.language, subscription.zone))


async def _digests_shown(it: Delivery) -> Render:
    held = [await it.ledger.subscriptions.get(SubscriptionId(each)) for each in it.row.payload["subscriptions"]]
    zone = held[0].zone if held else it.row.payload["zone"]
    return partial(subscriptions.digests_shown, held, words_for(it.words.language, zone))


async def _digest_shown(it: Delivery) -> Render:
    subscription = await it.ledger.subscriptions.get(SubscriptionId(it.number("subscription")))
    return partial(subscriptions.digest_shown, subscription, words_for(it.words.language, subscription.zone))


async def _digest_asked(it: Delivery) -> Render:
    if "subscription" in it.row.payload:
        subscription = await it.ledger.subscriptions.get(SubscriptionId(it.number("subscription")))
        return partial(subscriptions.time_asked, subscription, words_for(it.words.language, subscription.zone))
    cadence, day = Cadence(it.row.payload["cadence"]), it.row.payload["day"]
    return partial(subscriptions.digest_asked, cadence, day, words_for(it.words.language, it.row.payload["zone"]))


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
    "digest_posted": _digest,
    "digest_previewed": _preview,
    "digest_set": _digest_set,
    "digests_shown": _digests_shown,
    "digest_shown": _digest_shown,
    "digest_asked": _digest_asked,
}
