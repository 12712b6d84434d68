"""Triage: editors sort the sentences of a document, on one card that all of them share.

What looks worth checking is chosen beforehand; an editor changes that by a tap, sends what is chosen to the queue, and
leaves the rest or closes it with a reason. The choice belongs to the document, not to the editor: all cards of it show
the same, and a button that acts on several sentences carries a print of what its card showed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from jobs.access import require
from jobs.closing import close_claims, undo
from jobs.dispatch import hand_out
from jobs.lifecycle import Action
from jobs.notify import private_chat, put
from jobs.policy import Policy
from jobs.transitions import advance
from storage.errors import Refused, Stale
from storage.kinds import ClaimState, ClosingReason, Role
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, Document, DocumentId, Person, PersonId
from storage.triage import Sentence, TriageView

PER_PAGE = 8
"""Sentences on a page of the card. With 300 characters each, all of it fits into one message."""

LIST_CARD = "triage"
"""The card of the documents that wait: one in each editor's chat, edited as documents come and go."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What the card of a document shows: `sentences` from `first` on, of `total` that wait.

    `picked` are the numbers of those that are chosen, on any page; `print` stands for all that waits and is chosen.
    `queued` and `closed`: what became of the sentences that wait no more; `just_closed`: how many of these can be taken
    back.
    """

    document: Document
    sentences: list[Sentence]
    first: int
    total: int
    picked: frozenset[ClaimId]
    closing: bool
    print: int
    queued: int
    closed: int
    just_closed: int


def is_picked(sentence: Sentence, policy: Policy) -> bool:
    """Return whether a sentence is chosen: as an editor wanted, else if it looks worth checking."""
    if sentence.chosen is not None:
        return sentence.chosen
    return (sentence.claim.worth or 0.0) >= policy.triage_worth


def print_of(sentences: Sequence[Sentence], policy: Policy) -> int:
    """Return a number that differs, as good as always, if something else waits or is chosen."""
    told = ((each.claim.id, each.claim.revision, is_picked(each, policy)) for each in sentences)
    return crc32(repr(list(told)).encode())


async def sorting_of(
    ledger: Ledger, document_id: DocumentId, person_id: PersonId, now: datetime, policy: Policy
) -> Sorting:
    """Return what an editor's card of a document shows."""
    document = await ledger.documents.get(document_id)
    view = await ledger.triage.find_view(person_id, document_id)
    waiting = await ledger.triage.list_sentences(document_id)
    # What was behind the last page may have been sorted meanwhile.
    first = min(view.first, max(0, len(waiting) - 1)) // PER_PAGE * PER_PAGE
    queued, closed = await ledger.triage.count_sorted(document_id)
    return Sorting(
        document=document,
        sentences=waiting[first : first + PER_PAGE],
        first=first,
        total=len(waiting),
        picked=frozenset(each.claim.id for each in waiting if is_picked(each, policy)),
        closing=view.closing and bool(waiting),
        print=print_of(waiting, policy),
        queued=queued,
        closed=closed,
        just_closed=len(await ledger.triage.list_just_closed(document_id, now)),
    )


async def announce(ledger: Ledger, claims: Sequence[Claim], now: datetime) -> None:
    """Let editors know that a document brought sentences to sort: by the list of documents, edited while it is there.

    The first one that waits makes a new message, and so a sound; those after it change that message.
    """
    if not any(claim.state is ClaimState.TRIAGE for claim in claims):
        return
    heaps = await ledger.triage.list_heaps()
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        if len(heaps) == 1:
            await ledger.outbox.forget_card(private_chat(editor), LIST_CARD)
        await put_list(ledger, editor, now)


async def show_list(ledger: Ledger, editor: Person, now: datetime) -> None:
    """Show an editor the documents that wait, at the end of the chat."""
    require(editor, Role.EDITOR)
    await ledger.outbox.forget_card(private_chat(editor), LIST_CARD)
    await put_list(ledger, editor, now)


async def open_card(ledger: Ledger, editor: Person, document_id: DocumentId, now: datetime, policy: Policy) -> None:
    """Show an editor the card of a document from its beginning, at the end of the chat.

    What is chosen from then on changes by an editor's hand only, though the desk may come to think otherwise of a
    sentence's worth: nobody is to send what they did not see chosen.

    Raises:
        Stale: `triage_done`: nothing of it waits any more.
    """
    require(editor, Role.EDITOR)
    for sentence in await _waiting(ledger, document_id):
        await ledger.triage.mark_chosen(sentence.claim, chosen=is_picked(sentence, policy))
    await ledger.triage.mark_view(editor.id, document_id, TriageView())
    await ledger.outbox.forget_card(private_chat(editor), _card(document_id))
    await _show(ledger, editor, document_id, now)


async def turn(ledger: Ledger, editor: Person, document_id: DocumentId, view: TriageView, now: datetime) -> None:
    """Show another page of an editor's own card, or the reasons to close the rest."""
    require(editor, Role.EDITOR)
    await _waiting(ledger, document_id)
    await ledger.triage.mark_view(editor.id, document_id, TriageView(max(0, view.first), view.closing))
    await _show(ledger, editor, document_id, now)


async def choose(
    ledger: Ledger, editor: Person, claim_id: ClaimId, revision: int, now: datetime, *, chosen: bool
) -> None:
    """Choose a sentence, or no longer; wanted twice, it is as wanted once.

    Raises:
        Stale: `triage_sorted`: somebody was faster. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    claim = await ledger.claims.get(claim_id)
    if claim.state is not ClaimState.TRIAGE or claim.revision != revision:
        raise Stale("triage_sorted", claim=claim_id)
    await ledger.triage.mark_chosen(claim, chosen=chosen)
    await show_all(ledger, claim.document_id, now)


async def choose_all(ledger: Ledger, editor: Person, document_id: DocumentId, now: datetime, *, chosen: bool) -> None:
    """Choose every sentence of a document that waits, or none."""
    require(editor, Role.EDITOR)
    for sentence in await _waiting(ledger, document_id):
        await ledger.triage.mark_chosen(sentence.claim, chosen=chosen)
    await show_all(ledger, document_id, now)


async def send(
    ledger: Ledger, editor: Person, document_id: DocumentId, seen: int, now: datetime, policy: Policy
) -> int:
    """Send what is chosen to the queue and offer it to reviewers; the rest waits on. Returns how many were sent.

    Args:
        seen: the print of what the editor's card showed.

    Raises:
        Stale: `triage_done`, `triage_changed`. Refused: `triage_none_chosen`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    picked, _ = await _split(ledger, document_id, seen, policy)
    if not picked:
        raise Refused("triage_none_chosen")
    for claim in picked:
        await advance(ledger, claim, Action.QUEUE, now, actor=editor.id)
    await hand_out(ledger, now, policy)
    await _sorted(ledger, document_id, now)
    return len(picked)


async def take_asked(ledger: Ledger, claim: Claim, asker: Person, now: datetime) -> None:
    """Send a claim to the queue that somebody asks about alone, if it waits to be sorted; else nothing happens.

    Had no document brought it before, their message would have gone there by itself.
    """
    if claim.state is ClaimState.TRIAGE:
        await advance(ledger, claim, Action.QUEUE, now, actor=asker.id)
        await _sorted(ledger, claim.document_id, now)


async def close_rest(
    ledger: Ledger,
    editor: Person,
    document_id: DocumentId,
    seen: int,
    reason: ClosingReason,
    now: datetime,
    policy: Policy,
) -> int:
    """Close what is not chosen; whoever asked about it is told the reason. Returns how many were closed.

    Raises:
        Stale: `triage_done`, `triage_changed`. Refused: `triage_no_rest`. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    _, rest = await _split(ledger, document_id, seen, policy)
    if not rest:
        raise Refused("triage_no_rest")
    await close_claims(ledger, rest, reason, now, actor=editor.id, undo_within=policy.undo_within)
    view = await ledger.triage.find_view(editor.id, document_id)
    await ledger.triage.mark_view(editor.id, document_id, TriageView(view.first))
    await _sorted(ledger, document_id, now)
    return len(rest)


async def take_back_closing(
    ledger: Ledger, editor: Person, document_id: DocumentId, now: datetime, policy: Policy
) -> int:
    """Let the sentences that were closed a moment ago wait again, and nobody hears of either; returns how many.

    Any editor may. Of several closings that can still be taken back, all are.

    Raises:
        Stale: `closing_told`: it is too late, or done already. NotAllowed: `role_needed`.
    """
    require(editor, Role.EDITOR)
    closed = await ledger.triage.list_just_closed(document_id, now)
    back = [await undo(ledger, editor, claim, now, policy) for claim in closed]
    if not any(back):
        raise Stale("closing_told")
    await _sorted(ledger, document_id, now)
    return sum(back)


async def _waiting(ledger: Ledger, document_id: DocumentId) -> list[Sentence]:
    waiting = await ledger.triage.list_sentences(document_id)
    if not waiting:
        raise Stale("triage_done")
    return waiting


async def _split(ledger: Ledger, document_id: DocumentId, seen: int, policy: Policy) -> tuple[list[Claim], list[Claim]]:
    """Return what is chosen of a document and what is not, if that is what the card showed."""
    waiting = await _waiting(ledger, document_id)
    if print_of(waiting, policy) != seen:
        raise Stale("triage_changed")
    picked = [each.claim for each in waiting if is_picked(each, policy)]
    return picked, [each.claim for each in waiting if not is_picked(each, policy)]


async def _sorted(ledger: Ledger, document_id: DocumentId, now: datetime) -> None:
    await show_all(ledger, document_id, now)
    if not await ledger.triage.list_sentences(document_id):
        await ledger.triage.forget(document_id)
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        if await ledger.outbox.shows(private_chat(editor), LIST_CARD):
            await put_list(ledger, editor, now)


def _card(document_id: DocumentId) -> str:
    return f"triage:{document_id}"


async def show_all(ledger: Ledger, document_id: DocumentId, now: datetime) -> None:
    """Bring the card of a document up to date for every editor who has it."""
    for editor in await ledger.people.list_with_role(Role.EDITOR):
        if await ledger.outbox.shows(private_chat(editor), _card(document_id)):
            await _show(ledger, editor, document_id, now)


async def _show(ledger: Ledger, editor: Person, document_id: DocumentId, now: datetime) -> None:
    payload = {"document": document_id}
    await ledger.outbox.enqueue(
        private_chat(editor), "triage_shown", payload, now, person_id=editor.id, card=_card(document_id)
    )


async def put_list(ledger: Ledger, editor: Person, now: datetime) -> None:
    """Put the list of documents into an editor's chat in the manner that they wish, or edit the one that is there."""
    await put(ledger, editor, "triage_listed", {}, now, card=LIST_CARD)
