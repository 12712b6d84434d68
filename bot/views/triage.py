"""The card on which editors sort the sentences of a document, and the list of documents that wait."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Verb
from bot.views.closing import CLOSABLE, REASONS
from bot.views.labels import severity_name
from bot.views.message import Button, Message, escape
from bot.views.parts import button, document_line, in_rows, lines, number_of, one_line, paragraphs, shorten
from bot.views.words import Words
from jobs.lifecycle import OPEN_STATES
from jobs.triage import PER_PAGE, Sorting
from storage.kinds import Severity
from storage.model import Claim
from storage.triage import Heap, Sentence

PICKED, LEFT = "☑", "☐"

_SENTENCE_MOST = 300
_LISTED_MOST = 8
_PER_ROW = 4


def triage_listed(heaps: Sequence[Heap], words: Words) -> Message:
    """Show the documents whose sentences wait to be sorted; a button opens the card of each."""
    if not heaps:
        return Message(words.text("No sentences are waiting to be sorted. Well done!"))
    shown = heaps[:_LISTED_MOST]
    more = len(heaps) - len(shown)
    return Message(
        paragraphs(
            words.count(
                "<b>To be sorted</b>: {n} document, the most asked about first",
                "<b>To be sorted</b>: {n} documents, the most asked about first",
                len(heaps),
            ),
            *(_heap(number, heap, words) for number, heap in enumerate(shown, 1)),
            words.count("… and {n} more", "… and {n} more", more) if more else None,
        ),
        in_rows(
            (button(words.number(number), Verb.TRIAGE, heap.document.id) for number, heap in enumerate(shown, 1)),
            _PER_ROW,
        ),
    )


def _heap(number: int, heap: Heap, words: Words) -> str:
    return lines(
        f"<b>{words.number(number)}.</b> {document_line(words, heap.document)}",
        " · ".join(
            [
                words.count("{n} sentence", "{n} sentences", heap.waiting),
                *([words.count("{n} asked", "{n} asked", heap.requests)] if heap.requests else []),
            ]
        ),
    )


def triage_shown(sorting: Sorting, words: Words) -> Message:
    """Show the card of a document: a page of its sentences, each with a button that chooses it or no longer."""
    done = _done(sorting, words)
    if not sorting.total:
        head = words.text("<b>Sorted.</b> Nothing of this document is waiting any more.")
        return Message(paragraphs(head, document_line(words, sorting.document), done), _undo(sorting, words))
    last = sorting.first + len(sorting.sentences)
    place = words.text("{first} to {last} of {total}", first=sorting.first + 1, last=last, total=sorting.total)
    return Message(
        paragraphs(
            words.text("<b>Which of these should be checked?</b> What looks worth it is chosen already."),
            document_line(words, sorting.document),
            *(_sentence(each, sorting, words) for each in sorting.sentences),
            lines(place if sorting.total > PER_PAGE else None, done),
            words.text("<b>Why is the rest not checked?</b> Whoever asked about it is told.")
            if sorting.closing
            else None,
        ),
        _reasons(sorting, words) if sorting.closing else _buttons(sorting, words),
    )


def _sentence(sentence: Sentence, sorting: Sorting, words: Words) -> str:
    claim = sentence.claim
    notes = [f"{_sign(sentence, sorting)} <b>{number_of(claim.id)}</b>"]
    if claim.worth is not None:
        notes.append(words.text("worth checking: {share}", share=words.percent(claim.worth)))
    if sentence.requests:
        notes.append(words.count("{n} asked", "{n} asked", sentence.requests))
    return lines(" · ".join(notes), escape(shorten(one_line(claim.text, _SENTENCE_MOST), _SENTENCE_MOST)))


def _sign(sentence: Sentence, sorting: Sorting) -> str:
    return PICKED if sentence.claim.id in sorting.picked else LEFT


def _done(sorting: Sorting, words: Words) -> str | None:
    parts = [
        *(
            [words.count("{n} went on to be checked", "{n} went on to be checked", sorting.queued)]
            * bool(sorting.queued)
        ),
        *([words.count("{n} closed", "{n} closed", sorting.closed)] * bool(sorting.closed)),
    ]
    return words.text("Of this document: {what}", what=" · ".join(parts)) if parts else None


def _buttons(sorting: Sorting, words: Words) -> tuple[tuple[Button, ...], ...]:
    document, picked = sorting.document.id, len(sorting.picked)
    toggles = (
        button(
            f"{_sign(each, sorting)} {number_of(each.claim.id)}",
            Verb.TRIAGE_CHOOSE,
            each.claim.id,
            each.claim.revision,
            int(each.claim.id not in sorting.picked),
        )
        for each in sorting.sentences
    )
    around = []
    if sorting.first:
        around.append(button("◀", Verb.TRIAGE_TURN, document, max(0, sorting.first - PER_PAGE), 0))
    if picked < sorting.total:
        around.append(button(words.text("All"), Verb.TRIAGE_ALL, document, 1))
    if picked:
        around.append(button(words.text("None"), Verb.TRIAGE_ALL, document, 0))
    if sorting.first + len(sorting.sentences) < sorting.total:
        around.append(button("▶", Verb.TRIAGE_TURN, document, sorting.first + PER_PAGE, 0))
    acts = []
    if picked:
        label = words.count("Send {n} to the queue", "Send {n} to the queue", picked)
        acts.append((button(label, Verb.TRIAGE_SEND, document, sorting.print),))
    if rest := sorting.total - picked:
        label = words.count("Close the other one…", "Close the other {n}…", rest)
        acts.append((button(label, Verb.TRIAGE_TURN, document, sorting.first, 1),))
    return (*in_rows(toggles, _PER_ROW), tuple(around), *acts, *_undo(sorting, words))


def _undo(sorting: Sorting, words: Words) -> tuple[tuple[Button, ...], ...]:
    if not sorting.just_closed:
        return ()
    label = words.count("Take the closing back", "Take {n} closings back", sorting.just_closed)
    return ((button(label, Verb.TRIAGE_UNDO, sorting.document.id),),)


def judging_buttons(claim: Claim, words: Words) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons under an open claim by which editors say how much harm it can do, and close it."""
    if claim.state not in OPEN_STATES:
        return ()
    harms = [
        button(
            ("● " if severity is claim.severity else "") + severity_name(words, severity),
            Verb.SEVERITY,
            claim.id,
            claim.severity,
            severity,
        )
        for severity in Severity
    ]
    close = ((button(words.text("Close it…"), Verb.CLOSE_ASK, claim.id),),) if claim.state in CLOSABLE else ()
    return (*in_rows(harms, 2), *close)


def _reasons(sorting: Sorting, words: Words) -> tuple[tuple[Button, ...], ...]:
    document = sorting.document.id
    reasons = [
        button(words.text(name), Verb.TRIAGE_CLOSE, document, sorting.print, reason) for reason, name in REASONS.items()
    ]
    back = button(words.text("Back"), Verb.TRIAGE_TURN, document, sorting.first, 0)
    return (*in_rows(reasons, 2), (back,))
