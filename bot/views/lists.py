"""Lists of claims with pages: the queue, one's own claims; the shape of every such list."""

from __future__ import annotations

from bot.callbacks import Verb
from bot.views.labels import rating_label, state_name
from bot.views.message import Button, Message, escape
from bot.views.parts import button, in_rows, number_of, one_line, paragraphs
from bot.views.words import Words
from jobs.lookup import L, Page
from storage.figures import ClaimLine, MineLine
from storage.kinds import AssignmentState, ReviewState
from storage.model import ClaimId

_LINE_MOST = 110
_PER_ROW = 5


def queue_shown(page: Page[ClaimLine], words: Words) -> Message:
    """Show what waits for reviewers or editors, the most urgent first."""
    if not page.total:
        return Message(words.text("Nothing is waiting. Well done!"))
    head = words.count(
        "<b>The queue</b>: {n} claim, the most urgent first",
        "<b>The queue</b>: {n} claims, the most urgent first",
        page.total,
    )
    return listed(head, [claim_line(line, words) for line in page.lines], page, to_status(page), Verb.QUEUE, words)


def mine_shown(page: Page[MineLine], words: Words) -> Message:
    """Show what a person works on or asked about."""
    if not page.total:
        return Message(
            words.text(
                "There is nothing of yours here yet. Send a message that you have doubts about to have it checked."
            )
        )
    buttons = [
        button(number_of(line.claim.id), Verb.STATUS, line.claim.id)
        if line.assignment_id is None
        else button(f"✎ {number_of(line.claim.id)}", Verb.WORK, line.assignment_id)
        for line in page.lines
    ]
    head = words.text("<b>Your claims</b>")
    return listed(head, [_mine_line(line, words) for line in page.lines], page, buttons, Verb.MINE, words)


def listed(
    head: str, told: list[str], page: Page[L], buttons: list[Button], turn: Verb, words: Words, *about: int | str
) -> Message:
    """Return a list: a head, what is told of each claim, and buttons for them and for turning pages.

    Args:
        about: what `turn` carries before the offset.
    """
    several = page.total > page.size
    first, last = page.offset + 1, page.offset + len(told)
    if page.more:
        place = words.text("{first} to {last} of more than {total}", first=first, last=last, total=page.total)
    else:
        place = words.text("{first} to {last} of {total}", first=first, last=last, total=page.total)
    turns = _turns(page, len(told), turn, *about)
    return Message(
        paragraphs(head, *told, place if several else None),
        (*in_rows(buttons, _PER_ROW), *((turns,) if turns else ())),
    )


def _turns(page: Page[L], shown: int, turn: Verb, *about: int | str) -> tuple[Button, ...]:
    back = (button("◀", turn, *about, max(0, page.offset - page.size)),) if page.offset else ()
    onward = (button("▶", turn, *about, page.offset + page.size),) if page.offset + shown < page.total else ()
    return back + onward


def to_status(page: Page[ClaimLine]) -> list[Button]:
    """Return a button for each claim that shows where it stands."""
    return [button(number_of(line.claim.id), Verb.STATUS, line.claim.id) for line in page.lines]


def _line(claim_id: ClaimId, notes: list[str], html: str) -> str:
    return f"<b>{number_of(claim_id)}</b> · {' · '.join(notes)}\n{html}"


def _short(text: str) -> str:
    return escape(one_line(text, _LINE_MOST))


def _standing(state: str, rating: str | None, words: Words) -> str:
    """Return the rating once it is public, and the state until then."""
    return state_name(words, state) if rating is None else escape(rating_label(words, rating))


def claim_line(line: ClaimLine, words: Words, html: str | None = None) -> str:
    """Return a claim as a line of a list; `html` is what to show of its text, if not simply its beginning."""
    notes = [_standing(line.claim.state, line.rating, words)]
    if line.requests:
        notes.append(words.count("{n} asked", "{n} asked", line.requests))
    return _line(line.claim.id, notes, _short(line.claim.text) if html is None else html)


def _mine_line(line: MineLine, words: Words) -> str:
    notes = [words.text("practice")] if line.claim.practice else []
    if line.expires_at is not None:
        until = words.day_time(line.expires_at)
        if line.assignment is AssignmentState.OFFERED:
            notes.append(words.text("offered to you until {moment}", moment=until))
        else:
            notes.append(words.text("yours until {moment}", moment=until))
    elif line.review is ReviewState.SUBMITTED:
        notes.append(words.text("reviewed by you"))
    elif line.review is ReviewState.DRAFT:
        notes.append(words.text("your draft is kept"))
    if line.asked:
        notes.append(words.text("you asked"))
    if not line.claim.practice:
        notes.append(_standing(line.claim.state, line.rating, words))
    return _line(line.claim.id, notes, _short(line.claim.text))
