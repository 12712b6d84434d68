"""The rules that editors make: the commands and the buttons."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, member
from bot.handlers.reading import only_private, words_after
from jobs import desk_ruling
from jobs.access import require
from jobs.lookup import parse_claim_number
from storage.desk_rules import RuleId
from storage.errors import Refused
from storage.kinds import Role, RuleState

_ADD = frozenset({"add", "যোগ"})
_TEST = frozenset({"test", "পরীক্ষা"})


async def rule(update: Update, context: DeskContext) -> None:
    """/rule add text contains flood then severity high"""
    only_private(update)
    require(context.person, Role.EDITOR)
    verb, *typed = words_after(update, context).split(None, 1) or [""]
    if verb.casefold() not in _ADD or not typed:
        raise Refused("rule_usage")
    await desk_ruling.add_rule(context.ledger, context.person, typed[0], context.work.now)


async def rules(update: Update, context: DeskContext) -> None:
    """/rules · /rules test 42"""
    only_private(update)
    require(context.person, Role.EDITOR)
    verb, *typed = words_after(update, context).split(None, 1) or [""]
    if not verb:
        await desk_ruling.show_rules(context.ledger, context.person, context.work.now)
        return
    try:
        claim = parse_claim_number(typed[0] if typed and verb.casefold() in _TEST else "")
    except Refused as refused:
        raise Refused("rules_usage") from refused
    await desk_ruling.try_rules(context.ledger, context.person, claim, context.work.now)


async def press_rule(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """On, off, or removed."""
    seen, wanted = (member(RuleState, pressed.word(index)) for index in (1, 2))
    number = RuleId(pressed.number(0))
    work = context.work
    await desk_ruling.switch_rule(work.ledger, context.person, number, seen, wanted, work.now, work.policy)
    return "saved"


PRESSES: dict[Verb, OnPress] = {
    Verb.RULE: press_rule,
}
