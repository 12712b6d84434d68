"""Triage: the commands and the buttons to sort sentences, to close claims and to take them up again."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, edit, member, place_of
from bot.handlers.reading import chat_of, only_private, words_after
from bot.views.closing import reason_called
from jobs import closing
from jobs import reword as rewording
from jobs import triage as sorting
from jobs.access import require
from jobs.lookup import parse_claim_number
from jobs.severity import set_severity
from storage.errors import Refused
from storage.kinds import ClosingReason, Role, Severity
from storage.model import ClaimId, DocumentId
from storage.triage import TriageView


async def triage(update: Update, context: DeskContext) -> None:
    """/triage: the documents whose sentences wait to be sorted"""
    only_private(update)
    await sorting.show_list(context.ledger, context.person, context.work.now)


async def close(update: Update, context: DeskContext) -> None:
    """/close 42 shows the reasons; /close 42 opinion closes at once"""
    only_private(update)
    require(context.person, Role.EDITOR)
    typed = words_after(update, context).split(None, 1)
    claim = _number(typed[0] if typed else "", "close_usage")
    if len(typed) == 1:
        await closing.ask_closing(context.ledger, context.person, claim, context.work.now)
        return
    reason = reason_called(typed[1])
    if reason is None:
        raise Refused("close_reason_unknown", text=typed[1], claim=claim)
    await closing.close(context.ledger, context.person, claim, reason, context.work.now, context.work.policy)


async def reopen(update: Update, context: DeskContext) -> None:
    """/reopen 42"""
    only_private(update)
    require(context.person, Role.EDITOR)
    work = context.work
    claim = _number(words_after(update, context), "reopen_usage")
    await closing.reopen(work.ledger, context.person, claim, work.now, work.policy)


async def reword(update: Update, context: DeskContext) -> None:
    """/reword 42 A clearer text"""
    only_private(update)
    require(context.person, Role.EDITOR)
    work, person = context.work, context.person
    number, *text = words_after(update, context).split(None, 1) or [""]
    claim = _number(number, "reword_usage")
    if not text:
        raise Refused("reword_usage")
    await rewording.reword(work.ledger, person, claim, text[0], work.now, work.policy)
    await context.reply(chat_of(update)[0], "status_shown", claim=claim, role=person.role, person=person.id)


def _number(typed: str, usage: str) -> ClaimId:
    try:
        return parse_claim_number(typed)
    except Refused as refused:
        raise Refused(usage) from refused


async def press_open(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """A document of the list."""
    work = context.work
    await sorting.open_card(context.ledger, context.person, _document(pressed), work.now, work.policy)
    return None


async def press_turn(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Another page of a document's card, or the reasons to close the rest."""
    view = TriageView(pressed.number(1), pressed.number(2) == 1)
    await sorting.turn(context.ledger, context.person, _document(pressed), view, context.work.now)
    return None


async def press_choose(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """The button of one sentence."""
    seen = (ClaimId(pressed.number(0)), pressed.number(1))
    chosen = pressed.number(2) == 1
    await sorting.choose(context.ledger, context.person, *seen, context.work.now, chosen=chosen)
    return None


async def press_all(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """All, or none."""
    chosen = pressed.number(1) == 1
    await sorting.choose_all(context.ledger, context.person, _document(pressed), context.work.now, chosen=chosen)
    return None


async def press_send(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """What is chosen goes to the queue."""
    work, seen = context.work, pressed.number(1)
    await sorting.send(work.ledger, context.person, _document(pressed), seen, work.now, work.policy)
    return "triage_sent"


async def press_close_rest(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """What is not chosen is closed."""
    work, seen, reason = context.work, pressed.number(1), member(ClosingReason, pressed.word(2))
    await sorting.close_rest(work.ledger, context.person, _document(pressed), seen, reason, work.now, work.policy)
    return "triage_closed"


async def press_undo_closing(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """What was closed a moment ago waits to be sorted again."""
    work = context.work
    await sorting.take_back_closing(work.ledger, context.person, _document(pressed), work.now, work.policy)
    return "closing_taken_back"


async def press_close(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """A reason under the question why."""
    claim, reason = ClaimId(pressed.number(0)), member(ClosingReason, pressed.word(2))
    work = context.work
    revision = pressed.number(1)
    await closing.close(work.ledger, context.person, claim, reason, work.now, work.policy, revision=revision)
    return "closed"


async def press_ask_close(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """The button on a claim's card that shows the reasons."""
    claim = ClaimId(pressed.number(0))
    await closing.ask_closing(context.ledger, context.person, claim, context.work.now)
    return None


async def press_severity(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """How much harm the claim can do; the card is brought up to date."""
    claim = ClaimId(pressed.number(0))
    seen, wanted = (member(Severity, pressed.word(index)) for index in (1, 2))
    await set_severity(context.ledger, context.person, claim, seen, wanted, context.work.now)
    person = context.person
    role = person.role if place_of(update)[0] == person.telegram_id else Role.PUBLIC
    await edit(update, context, "status_shown", claim=claim, role=role, person=person.id)
    return "saved"


async def press_reopen(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """The button that takes a closing back."""
    work, claim = context.work, ClaimId(pressed.number(0))
    await closing.reopen(work.ledger, context.person, claim, work.now, work.policy, revision=pressed.number(1))
    return "reopened"


def _document(pressed: Press) -> DocumentId:
    return DocumentId(pressed.number(0))


PRESSES: dict[Verb, OnPress] = {
    Verb.TRIAGE: press_open,
    Verb.TRIAGE_TURN: press_turn,
    Verb.TRIAGE_CHOOSE: press_choose,
    Verb.TRIAGE_ALL: press_all,
    Verb.TRIAGE_SEND: press_send,
    Verb.TRIAGE_CLOSE: press_close_rest,
    Verb.TRIAGE_UNDO: press_undo_closing,
    Verb.CLOSE: press_close,
    Verb.CLOSE_ASK: press_ask_close,
    Verb.SEVERITY: press_severity,
    Verb.TAKE_UP: press_reopen,
}
