"""What is told about leases: half of the time is over; claims that are overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.callbacks import Verb
from bot.views.message import Message
from bot.views.parts import button, in_rows, lines, number_of
from bot.views.words import Words
from storage.kinds import AssignmentState
from storage.model import Assignment

_PER_ROW = 5


def half_over(lease: Assignment, renewals: int, renewals_left: int, now: datetime, words: Words) -> Message:
    """Remind somebody of a lease; with a button for more time while there may be more."""
    claim = number_of(lease.claim_id)
    if lease.state is not AssignmentState.TAKEN or lease.expires_at <= now:
        return Message(words.text("{claim} is not with you any more.", claim=claim))
    work = button(words.text("Go on with {claim}", claim=claim), Verb.WORK, lease.id)
    more = (button(words.text("I need more time"), Verb.RENEW, lease.id, renewals),) if renewals_left else ()
    return Message(
        lines(
            words.text(
                "Half of your time for {claim} is over: {left} are left.",
                claim=claim,
                left=words.duration(lease.expires_at - now),
            ),
            words.text(
                "If you cannot do it, /pass {claim} gives it to somebody else; your draft is kept.", claim=claim
            ),
        ),
        ((work, *more),),
    )


def overdue(claims: Sequence[int], total: int, words: Words) -> Message:
    """Tell editors which claims are past the target."""
    rest = total - len(claims)
    return Message(
        lines(
            words.count("<b>{n} claim is overdue</b>", "<b>{n} claims are overdue</b>", total),
            " · ".join(map(number_of, claims)),
            words.count("… and {n} more", "… and {n} more", rest) if rest else None,
        ),
        in_rows([button(number_of(claim), Verb.STATUS, claim) for claim in claims], _PER_ROW),
    )
