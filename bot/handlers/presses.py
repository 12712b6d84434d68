"""Buttons: each verb is one job. What a button carries is only a wish; the job checks it all again."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb, decode
from bot.context import DeskContext, Toast
from bot.handlers import (
    approving,
    correcting,
    digest_wishing,
    digesting,
    evidencing,
    leasing,
    membership,
    merging,
    practising,
    profiling,
    reopening,
    ruling,
    settling,
    teaming,
    triaging,
)
from bot.handlers.asking import show_status
from bot.handlers.pressing import OnPress, edit, member, place_of, thread_of
from bot.views.submissions import TEXT_LANGUAGES
from bot.views.words import LANGUAGES
from jobs import publish, review
from jobs.access import require
from jobs.channels import set_channel
from jobs.intake import submit
from jobs.intake.unclear import answer_language
from jobs.membership import set_duty, set_language
from storage.errors import Stale
from storage.kinds import Awaiting, Role
from storage.model import AssignmentId, ChatId, ClaimId, DocumentId, SubmissionId
from storage.practice import is_practice


async def press(update: Update, context: DeskContext) -> None:
    """Any button."""
    query = update.callback_query
    if query is None or query.data is None:
        raise Stale("button_unknown")
    pressed = decode(query.data)
    code = await _HANDLERS[pressed.verb](update, context, pressed)
    context.work.toast = None if code is None else Toast(code)


def _assignment(pressed: Press) -> AssignmentId:
    return AssignmentId(pressed.number(0))


async def _take(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await review.take(work.ledger, context.person, _assignment(pressed), work.now, work.policy)
    return "taken"


async def _pass_on(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    was = await review.pass_on(work.ledger, context.person, _assignment(pressed), work.now, work.policy)
    if pressed.verb is Verb.HAND_BACK:
        return "handed_back"
    return "practice_passed" if is_practice(was.claim_id) else "passed"


async def _step(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, step = context.work, member(Awaiting, pressed.word(1))
    await review.go_to(work.ledger, context.person, _assignment(pressed), step, work.now, work.policy)
    return None


async def _rate(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await review.rate(work.ledger, context.person, _assignment(pressed), pressed.word(1), work.now, work.policy)
    return "rated"


async def _submit(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await review.submit(work.ledger, context.person, _assignment(pressed), pressed.number(1), work.now, work.policy)
    return "submitted"


async def _work(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await review.show_again(context.ledger, context.person, _assignment(pressed), context.work.now)
    return None


async def _approve(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim = context.work, ClaimId(pressed.number(0))
    await publish.approve(work.ledger, context.person, claim, pressed.number(1), work.now, work.policy)
    return "approved_for_now" if work.policy.undo_within else "approved"


async def _adjudicate(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, claim = context.work, ClaimId(pressed.number(0))
    await publish.ask_reason(
        work.ledger, context.person, claim, pressed.number(1), pressed.word(2), work.now, work.policy
    )
    return None


async def _send(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await submit.confirm(work.ledger, context.person, SubmissionId(pressed.number(0)), work.now, work.policy)
    return None


async def _discard(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await submit.discard(work.ledger, context.person, SubmissionId(pressed.number(0)), work.now)
    return None


async def _status(update: Update, context: DeskContext, pressed: Press) -> str | None:
    chat, _ = place_of(update)
    await show_status(context, chat, thread_of(update), ClaimId(pressed.number(0)))
    return None


async def _queue(update: Update, context: DeskContext, pressed: Press) -> str | None:
    require(context.person, Role.REVIEWER)
    await edit(update, context, "queue_shown", offset=pressed.number(0))
    return None


async def _mine(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await edit(update, context, "mine_shown", offset=pressed.number(0))
    return None


async def _search(update: Update, context: DeskContext, pressed: Press) -> str | None:
    """Turn the pages of a search. Its words are too long for a button; they are in the row that made the message."""
    shown = await context.ledger.outbox.find_payload(*place_of(update))
    if shown is None or shown[0] != "search_shown":
        raise Stale("search_too_old")
    await edit(update, context, "search_shown", query=shown[1]["query"], offset=pressed.number(0))
    return None


async def _language(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await set_language(context.ledger, context.person, pressed.word(0), LANGUAGES, context.work.now)
    return None


async def _text_language(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, document = context.work, DocumentId(pressed.number(0))
    await answer_language(work.ledger, context.person, document, pressed.word(1), TEXT_LANGUAGES, work.now, work.policy)
    return "saved"


async def _duty(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await set_duty(work.ledger, context.person, on_duty=pressed.number(0) == 1, now=work.now, policy=work.policy)
    return None


async def _channel(update: Update, context: DeskContext, pressed: Press) -> str | None:
    chat, publishes = ChatId(pressed.number(0)), pressed.number(1) == 1
    await set_channel(context.ledger, context.person, chat, publishes=publishes, now=context.work.now)
    return "saved"


_HANDLERS: dict[Verb, OnPress] = {
    Verb.TAKE: _take,
    Verb.PASS: _pass_on,
    Verb.HAND_BACK: _pass_on,
    Verb.STEP: _step,
    Verb.RATE: _rate,
    Verb.SUBMIT: _submit,
    Verb.WORK: _work,
    Verb.APPROVE: _approve,
    Verb.ADJUDICATE: _adjudicate,
    Verb.SEND: _send,
    Verb.DISCARD: _discard,
    Verb.STATUS: _status,
    Verb.QUEUE: _queue,
    Verb.MINE: _mine,
    Verb.SEARCH: _search,
    Verb.LANGUAGE: _language,
    Verb.TEXT_LANGUAGE: _text_language,
    Verb.DUTY: _duty,
    Verb.CHANNEL: _channel,
} | {
    **approving.PRESSES,
    **correcting.PRESSES,
    **digesting.PRESSES,
    **digest_wishing.PRESSES,
    **leasing.PRESSES,
    **evidencing.PRESSES,
    **merging.PRESSES,
    **practising.PRESSES,
    **profiling.PRESSES,
    **reopening.PRESSES,
    **settling.PRESSES,
    **membership.PRESSES,
    **teaming.PRESSES,
    **triaging.PRESSES,
    **ruling.PRESSES,
}
