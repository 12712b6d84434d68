"""The commands: what each does in a line, who may use it, and the menus that Telegram shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.views.message import Call
from bot.views.words import LANGUAGES, SOURCE_LANGUAGE, Words, mark, words_for
from storage.kinds import Role


@dataclass(frozen=True, slots=True)
class Command:
    """A command.

    `usage` stands behind its name in the help and is typed as it is; `blank` is a word for what one has to fill in.
    `in_groups`: the command is answered there, too.
    """

    name: str
    description: str
    least: Role = Role.PUBLIC
    usage: str = ""
    blank: str = ""
    in_groups: bool = False


COMMANDS = (
    Command("submit", mark("have a text checked"), blank=mark("TEXT"), in_groups=True),
    Command("status", mark("where a claim stands"), usage="42", in_groups=True),
    Command("search", mark("find claims; alone, it shows how"), blank=mark("WORDS"), in_groups=True),
    Command("mine", mark("your claims: what you work on and what you asked")),
    Command("history", mark("what happened to a claim, and every version"), usage="42", in_groups=True),
    Command("corrections", mark("what the desk corrected or took back"), in_groups=True),
    Command("queue", mark("what waits for reviewers or editors"), Role.REVIEWER),
    Command("why", mark("why a claim stands where it stands in the queue"), Role.REVIEWER, usage="42"),
    Command("duty", mark("get claims to review, or no more"), Role.REVIEWER, usage="on|off"),
    Command("profile", mark("your languages, topics and hours"), Role.REVIEWER),
    Command("pass", mark("hand a claim back; your draft is kept"), Role.REVIEWER, usage="42"),
    Command("recuse", mark("step back from a claim, and say why"), Role.REVIEWER, usage="42", blank=mark("REASON")),
    Command("practice", mark("practise on past claims; nothing of it counts"), Role.REVIEWER),
    Command("notify", mark("how you are told about what"), Role.REVIEWER),
    Command("cancel", mark("leave what you are doing; drafts stay"), Role.REVIEWER),
    Command("digest", mark("regular digests for this chat"), Role.EDITOR, "daily 09:00 Asia/Dhaka", in_groups=True),
    Command("stats", mark("how the desk is doing, in figures"), Role.REVIEWER, usage="30d", in_groups=True),
    Command("assign", mark("give a claim to somebody"), Role.EDITOR, usage="42 @name"),
    Command("unassign", mark("take a claim back from somebody"), Role.EDITOR, usage="42 @name"),
    Command("tag", mark("give a claim tags, or take them away"), Role.EDITOR, usage="42 flood -old"),
    Command("triage", mark("sort the sentences of new documents"), Role.EDITOR),
    Command("close", mark("do not check a claim; who asked gets the reason"), Role.EDITOR, usage="42"),
    Command("reopen", mark("take a closed claim up again"), Role.EDITOR, usage="42"),
    Command("reword", mark("give a claim a clearer text"), Role.EDITOR, usage="42", blank=mark("TEXT")),
    Command("rules", mark("the rules that act on new claims; test 42 tries them"), Role.EDITOR),
    Command("rule", mark("add a rule; alone, it shows how"), Role.EDITOR, usage="add"),
    Command("merge", mark("two claims say the same: one answer for both"), Role.EDITOR, usage="42 17"),
    Command("unmerge", mark("take merged claims apart again"), Role.EDITOR, usage="42"),
    Command("correct", mark("change a published verdict; everybody is told"), Role.EDITOR, usage="42"),
    Command("retract", mark("take a published verdict back"), Role.EDITOR, usage="42"),
    Command("members", mark("the team: roles and who is on duty"), Role.EDITOR),
    Command("promote", mark("give somebody a higher role"), Role.EDITOR, usage="@name editor"),
    Command("demote", mark("give somebody a lower role"), Role.EDITOR, usage="@name"),
    Command("suspend", mark("take somebody's role away for a while"), Role.EDITOR, usage="@name"),
    Command("restore", mark("give a suspended colleague the role back"), Role.EDITOR, usage="@name"),
    Command("remove", mark("take somebody out of the team"), Role.EDITOR, usage="@name"),
    Command(
        "team", mark("make this group or topic a room of the team"), Role.EDITOR, "here|disputes|off", in_groups=True
    ),
    Command("channel", mark("where verdicts are published"), Role.EDITOR),
    Command("settings", mark("the numbers by which the desk works"), Role.EDITOR, usage="quorum 3"),
    Command("invite", mark("a one-time link for a new colleague"), Role.EDITOR, usage="reviewer"),
    Command("method", mark("how the desk decides"), in_groups=True),
    Command("quiet", mark("hours without messages"), usage="22-07"),
    Command("language", mark("choose the language")),
    Command("whoami", mark("what the desk knows about you")),
    Command("help", mark("all commands"), in_groups=True),
    Command("start", mark("begin")),
)
"""In the order of the menus."""


def commands_for(role: Role, *, in_group: bool = False) -> list[Command]:
    """Return the commands of a role; in groups only those that are answered there."""
    return [each for each in COMMANDS if role.covers(each.least) and (each.in_groups or not in_group)]


def menus() -> Iterator[dict[str, Any]]:
    """Yield the parameters of setMyCommands for everybody without a menu of their own, in every language.

    Groups get the commands that are answered there, and private chats those of the public; people with a role have a
    menu of their own in their private chat (`menu_of`).
    """
    for language in LANGUAGES:
        words = words_for(language)
        which = {} if language == SOURCE_LANGUAGE else {"language_code": language}
        for scope, in_group in (("default", True), ("all_private_chats", False)):
            listed = commands_for(Role.PUBLIC, in_group=in_group)
            yield {"commands": _listed(listed, words), "scope": {"type": scope}, **which}


def menu_of(chat_id: int, role: Role, words: Words) -> Call:
    """Return the call that sets one person's menu in their private chat."""
    scope = {"type": "chat", "chat_id": chat_id}
    return Call("setMyCommands", {"commands": _listed(commands_for(role), words), "scope": scope})


def _listed(commands: list[Command], words: Words) -> list[dict[str, str]]:
    return [{"command": each.name, "description": words.text(each.description)} for each in commands]
