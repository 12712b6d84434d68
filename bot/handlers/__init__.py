"""Thin: read the update, check who may, call one job. No rule, no SQL, no wording."""

from __future__ import annotations

from telegram import Message
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from bot.context import DeskApplication
from bot.handlers import (
    asking,
    chats,
    correcting,
    digest_wishing,
    digesting,
    figuring,
    intake,
    leasing,
    membership,
    merging,
    people,
    practising,
    presses,
    profiling,
    ruling,
    settling,
    teaming,
    triaging,
)

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE


class _ToUs(filters.MessageFilter):
    """Replies to a message of the desk; what else is said in a group is none of its business."""

    def filter(self, message: Message) -> bool:
        replied = message.reply_to_message
        return replied is not None and replied.from_user is not None and replied.from_user.id == message.get_bot().id


_REPLY = _NEW & filters.ChatType.GROUPS & filters.TEXT & ~filters.COMMAND & _ToUs()

COMMANDS = {
    "start": people.start,
    "help": people.show_help,
    "method": people.method,
    "language": people.language,
    "duty": people.duty,
    "whoami": people.whoami,
    "invite": people.invite,
    "submit": intake.submit,
    "cancel": intake.cancel,
    "practice": practising.practise,
    "status": asking.status,
    "queue": asking.queue,
    "why": asking.why,
    "mine": asking.mine,
    "search": asking.search,
    "tag": asking.tag,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
    "correct": correcting.correct,
    "retract": correcting.retract,
    "history": correcting.history,
    "corrections": correcting.corrections,
    "members": membership.members,
    "promote": membership.promote,
    "demote": membership.demote,
    "suspend": membership.suspend,
    "restore": membership.restore,
    "remove": membership.remove,
    "team": teaming.team,
    "notify": teaming.notify,
    "quiet": teaming.quiet,
    "profile": profiling.profile,
    "recuse": leasing.recuse,
    "pass": leasing.pass_on,
    "assign": leasing.assign,
    "unassign": leasing.unassign,
    "triage": triaging.triage,
    "close": triaging.close,
    "reopen": triaging.reopen,
    "reword": triaging.reword,
    "rule": ruling.rule,
    "rules": ruling.rules,
    "digest": digesting.digest,
    "stats": figuring.stats,
    "channel": chats.channels,
    "settings": settling.settings,
}
"""Every command, by its name."""


def register(application: DeskApplication) -> None:
    """Tell the application which handler takes what. The first that fits takes an update."""
    application.add_handler(CallbackQueryHandler(presses.press))
    for name, handler in COMMANDS.items():
        application.add_handler(CommandHandler(name, handler, filters=_NEW))
    application.add_handler(ChatMemberHandler(chats.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, chats.migrated))
    application.add_handler(MessageHandler(_REPLY, digest_wishing.reply))
    application.add_handler(MessageHandler(_PRIVATE & filters.COMMAND, people.unknown_command))
    application.add_handler(MessageHandler(_PRIVATE & filters.CaptionRegex(r"^\s*/\w"), people.command_in_caption))
    application.add_handler(MessageHandler(_PRIVATE & filters.Regex(asking.CLAIM_NUMBER), asking.number))
    application.add_handler(MessageHandler(_PRIVATE & (filters.TEXT | filters.CAPTION), intake.text))
    application.add_handler(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, intake.not_text))
