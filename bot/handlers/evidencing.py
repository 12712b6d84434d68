"""The buttons about a reviewer's sources."""

from __future__ import annotations

from telegram import Update

from bot.callbacks import Press, Verb
from bot.context import DeskContext
from bot.handlers.pressing import OnPress, member
from jobs import evidence
from jobs.looking import Look, LookAt
from storage.kinds import SourceKind, Stance
from storage.model import AssignmentId, SourceId


async def _kind(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await _describe(context, pressed, kind=member(SourceKind, pressed.word(2)))
    return "saved"


async def _stance(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await _describe(context, pressed, stance=member(Stance, pressed.word(2)))
    return "saved"


async def _describe(
    context: DeskContext, pressed: Press, *, kind: SourceKind | None = None, stance: Stance | None = None
) -> None:
    work, (assignment, source) = context.work, _ids(pressed)
    await evidence.describe_source(
        work.ledger, context.person, assignment, source, work.now, work.policy, kind=kind, stance=stance
    )


async def _remove(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await evidence.remove_source(work.ledger, context.person, *_ids(pressed), work.now, work.policy)
    return "saved"


async def _look(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, (assignment, source) = context.work, _ids(pressed)
    look = Look(source, member(LookAt, pressed.word(2)))
    await evidence.look_at(work.ledger, context.person, assignment, look, work.now, work.policy)
    return None


async def _copy(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work, of = context.work, SourceId(pressed.number(2))
    await evidence.mark_copy(work.ledger, context.person, *_ids(pressed), of, work.now, work.policy)
    return "saved"


async def _apart(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await evidence.mark_apart(work.ledger, context.person, *_ids(pressed), work.now, work.policy)
    return "saved"


async def _shown(update: Update, context: DeskContext, pressed: Press) -> str | None:
    work = context.work
    await evidence.unprotect_source(work.ledger, context.person, *_ids(pressed), work.now, work.policy)
    return "saved"


async def _file(update: Update, context: DeskContext, pressed: Press) -> str | None:
    await evidence.show_file(context.ledger, context.person, SourceId(pressed.number(0)), context.work.now)
    return None


def _ids(pressed: Press) -> tuple[AssignmentId, SourceId]:
    return AssignmentId(pressed.number(0)), SourceId(pressed.number(1))


PRESSES: dict[Verb, OnPress] = {
    Verb.SOURCE_KIND: _kind,
    Verb.SOURCE_STANCE: _stance,
    Verb.SOURCE_REMOVE: _remove,
    Verb.SOURCE: _look,
    Verb.SOURCE_COPY: _copy,
    Verb.SOURCE_APART: _apart,
    Verb.SOURCE_SHOWN: _shown,
    Verb.FILE: _file,
}
