"""Duplicates: the commands and the buttons to merge claims and to take them apart."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, place_of
from bot.handlers.reading import only_private, words_after
from jobs import duplicates
from jobs.access import require
from jobs.lookup import parse_claim_number
from storage.errors import Refused
from storage.kinds import Role
from storage.model import ClaimId


async def merge(update: Update, context: DeskContext) -> None:
    """/merge 42 17: show what it would be to answer both with one verdict, and ask"""
    only_private(update)
    require(context.person, Role.EDITOR)
    claim, known = _numbers(words_after(update, context), 2, "merge_usage")
    await duplicates.ask_merge(context.ledger, context.person, claim, known, context.work.now)


async def unmerge(update: Update, context: DeskContext) -> None:
    """/unmerge 42: let a merged claim stand for itself again"""
    only_private(update)
    require(context.person, Role.EDITOR)
    (claim,) = _numbers(words_after(update, context), 1, "unmerge_usage")
    work = context.work
    await duplicates.unmerge(work.ledger, context.person, claim, work.now, work.policy)


def _numbers(typed: str, wanted: int, usage: str) -> list[ClaimId]:
    try:
        found = [parse_claim_number(word) for word in typed.replace(",", " ").split()]
    except Refused as refused:
        raise Refused(usage) from refused
    if len(found) != wanted:
        raise Refused(usage)
    return found


async def press_merge(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """The button under a suggestion or under the question."""
    claim, known = ClaimId(pressed.number(0)), ClaimId(pressed.number(2))
    seen = (claim, pressed.number(1), known, pressed.number(3))
    work, on = context.work, place_of(update)[1]
    done = await duplicates.merge(work.ledger, context.person, *seen, work.now, work.policy, on=on)
    return "merged" if done else "merge_changed"


async def press_unmerge(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """The button that takes a merge back."""
    work, claim = context.work, ClaimId(pressed.number(0))
    revision, on = pressed.number(1), place_of(update)[1]
    await duplicates.unmerge(work.ledger, context.person, claim, work.now, work.policy, revision=revision, on=on)
    return "unmerged"


PRESSES: dict[Verb, OnPress] = {
    Verb.MERGE: press_merge,
    Verb.UNMERGE: press_unmerge,
}
