"""Sorting the sentences of a document: one choice for all editors, and nothing is done that nobody saw."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.intake.submit import Incoming, ingest, request_text
from jobs.policy import Policy
from jobs.summaries import waiting_for
from jobs.triage import (
    PER_PAGE,
    choose,
    choose_all,
    close_rest,
    is_picked,
    open_card,
    print_of,
    send,
    show_list,
    sorting_of,
    turn,
)
from jobs.watch import watch
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import ClaimState, ClosingReason, DocumentKind, Manner, Subject
from storage.ledger import Ledger
from storage.model import DocumentId, Person
from storage.triage import Sentence, TriageView
from tests.bot.views.facts import a_claim as made_claim
from tests.support.builders import NOW, a_person, an_editor

POLICY = Policy()
SENTENCES = (
    "The ministry bought 340 buses in March 2024.",
    "What a lovely morning!",
    "Half of all wells in the district hold arsenic.",
)


async def a_heap(ledger: Ledger, sentences: tuple[str, ...] = SENTENCES) -> DocumentId:
    intake = await ingest(ledger, Incoming(DocumentKind.ARTICLE, " ".join(sentences)), None, NOW, POLICY)
    return intake.document.id


async def states(ledger: Ledger) -> list[str]:
    return [row[0] for row in await ledger.session.fetch_all("SELECT state FROM claims ORDER BY id")]


async def put(ledger: Ledger, kind: str) -> list[tuple[int, dict[str, Any]]]:
    """Return (chat, payload) of every message of a kind."""
    rows = await ledger.session.fetch_all(
        "SELECT chat_id, payload FROM outbox WHERE kind = :kind ORDER BY id", {"kind": kind}
    )
    return [(row[0], json.loads(row[1])) for row in rows]


async def seen_by(ledger: Ledger, editor: Person, document: DocumentId) -> int:
    return (await sorting_of(ledger, document, editor.id, NOW, POLICY)).print


async def test_what_looks_worth_checking_is_chosen_and_goes_to_the_queue_in_one_tap(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    document = await a_heap(ledger)
    assert await states(ledger) == ["triage"] * 3
    card = await sorting_of(ledger, document, editor.id, NOW, POLICY)
    assert [each.claim.id in card.picked for each in card.sentences] == [
        (each.claim.worth or 0) >= POLICY.triage_worth for each in card.sentences
    ]
    assert 0 < len(card.picked) < 3
    assert await send(ledger, editor, document, card.print, NOW, POLICY) == len(card.picked)
    rest = await sorting_of(ledger, document, editor.id, NOW, POLICY)
    assert (rest.total, rest.queued, rest.picked) == (3 - len(card.picked), len(card.picked), frozenset())
    assert "triage" in await states(ledger)


async def test_editors_share_one_choice_and_an_old_card_sends_nothing(ledger: Ledger) -> None:
    one, two = await an_editor(ledger), await an_editor(ledger)
    document = await a_heap(ledger)
    for editor in (one, two):
        await open_card(ledger, editor, document, NOW, POLICY)
    card = await sorting_of(ledger, document, one.id, NOW, POLICY)
    other = next(each.claim for each in card.sentences if each.claim.id not in card.picked)
    await choose(ledger, two, other.id, other.revision, NOW, chosen=True)
    await choose(ledger, two, other.id, other.revision, NOW, chosen=True)
    assert other.id in (await sorting_of(ledger, document, one.id, NOW, POLICY)).picked
    with pytest.raises(Stale, match="triage_changed"):
        await send(ledger, one, document, card.print, NOW, POLICY)
    assert await states(ledger) == ["triage"] * 3
    await send(ledger, two, document, await seen_by(ledger, two, document), NOW, POLICY)
    with pytest.raises(Stale, match="triage_sorted"):
        await choose(ledger, one, other.id, other.revision, NOW, chosen=False)
    assert (await ledger.claims.get(other.id)).state is ClaimState.QUEUED


async def test_a_double_tap_sends_once(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    document = await a_heap(ledger)
    await choose_all(ledger, editor, document, NOW, chosen=True)
    seen = await seen_by(ledger, editor, document)
    assert await send(ledger, editor, document, seen, NOW, POLICY) == 3
    with pytest.raises(Stale, match="triage_done"):
        await send(ledger, editor, document, seen, NOW, POLICY)
    moves = await ledger.session.fetch_all("SELECT id FROM audit WHERE action = 'claim.queue'")
    assert len(moves) == 3


async def test_the_rest_is_closed_and_each_who_asked_is_told_once(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    askers = [await a_person(ledger), await a_person(ledger)]
    text = " ".join((*SENTENCES, "The bridge over the Padma is 6.15 kilometres long."))
    for asker in askers:
        await request_text(ledger, asker, text, None, NOW, POLICY)
    document = (await ledger.triage.list_heaps())[0].document.id
    card = await sorting_of(ledger, document, editor.id, NOW, POLICY)
    keep = card.sentences[0].claim
    await choose_all(ledger, editor, document, NOW, chosen=False)
    await choose(ledger, editor, keep.id, keep.revision, NOW, chosen=True)
    seen = await seen_by(ledger, editor, document)
    assert await close_rest(ledger, editor, document, seen, ClosingReason.OPINION, NOW, POLICY) == 3
    told = await put(ledger, "claims_closed")
    assert [chat for chat, _ in told] == [asker.telegram_id for asker in askers]
    assert all(payload["reason"] == "opinion" and len(payload["claims"]) == 3 for _, payload in told)
    assert sorted(await states(ledger)) == ["closed", "closed", "closed", "triage"]
    with pytest.raises(Stale):
        await close_rest(ledger, editor, document, seen, ClosingReason.OPINION, NOW, POLICY)
    now_seen = await seen_by(ledger, editor, document)
    with pytest.raises(Refused, match="triage_no_rest"):
        await close_rest(ledger, editor, document, now_seen, ClosingReason.OPINION, NOW, POLICY)
    assert len(await put(ledger, "claims_closed")) == 2


async def test_a_long_document_has_pages_and_each_editor_is_at_a_page_of_their_own(ledger: Ledger) -> None:
    one, two = await an_editor(ledger), await an_editor(ledger)
    many = tuple(f"The village number {number} has {number + 7} wells." for number in range(20))
    document = await a_heap(ledger, many)
    await turn(ledger, one, document, TriageView(first=16), NOW)
    first = (await sorting_of(ledger, document, two.id, NOW, POLICY)).sentences
    last = await sorting_of(ledger, document, one.id, NOW, POLICY)
    assert [each.claim.position for each in first] == list(range(PER_PAGE))
    assert [each.claim.position for each in last.sentences] == list(range(16, 20))
    sentence = first[0].claim
    await choose(ledger, two, sentence.id, sentence.revision, NOW, chosen=True)
    assert (await sorting_of(ledger, document, one.id, NOW, POLICY)).first == 16
    await turn(ledger, one, document, TriageView(first=900), NOW)
    assert (await sorting_of(ledger, document, one.id, NOW, POLICY)).first == 16


async def test_editors_get_one_list_that_is_edited_as_documents_come_and_go(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    document = await a_heap(ledger)
    await a_heap(ledger, ("Dhaka has 400 parks.",))
    assert len(await put(ledger, "triage_listed")) == 1
    assert [heap.waiting for heap in await ledger.triage.list_heaps()] == [3, 1]
    await choose_all(ledger, editor, document, NOW, chosen=True)
    await send(ledger, editor, document, await seen_by(ledger, editor, document), NOW, POLICY)
    assert [heap.waiting for heap in await ledger.triage.list_heaps()] == [1]
    assert await ledger.session.fetch_all("SELECT claim_id FROM triage_choices") == []
    with pytest.raises(Stale, match="triage_done"):
        await open_card(ledger, editor, document, NOW, POLICY)


async def test_what_an_editor_saw_chosen_stays_so_when_the_desk_thinks_again(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    document = await a_heap(ledger)
    await open_card(ledger, editor, document, NOW, POLICY)
    shown = await sorting_of(ledger, document, editor.id, NOW, POLICY)
    for sentence in shown.sentences:
        await ledger.claims.mark_worth(sentence.claim.id, 1.0 - (sentence.claim.worth or 0.0))
    later = await sorting_of(ledger, document, editor.id, NOW, POLICY)
    assert (later.picked, later.print) == (shown.picked, shown.print)
    assert await send(ledger, editor, document, shown.print, NOW, POLICY) == len(shown.picked)


async def test_a_sentence_that_somebody_asks_about_by_itself_waits_no_longer(ledger: Ledger) -> None:
    editor, asker, other = await an_editor(ledger), await a_person(ledger), await a_person(ledger)
    document = await a_heap(ledger)
    await open_card(ledger, editor, document, NOW, POLICY)
    for person in (asker, other, asker):
        await request_text(ledger, person, SENTENCES[2], None, NOW, POLICY)
    assert await states(ledger) == ["triage", "triage", "queued"]
    assert [heap.waiting for heap in await ledger.triage.list_heaps()] == [2]
    assert (await sorting_of(ledger, document, editor.id, NOW, POLICY)).queued == 1
    # Who sends in the whole text asks about all of it, as the document does.
    await request_text(ledger, other, " ".join(SENTENCES) + " And a fourth one has 12 words.", None, NOW, POLICY)
    assert await states(ledger) == ["triage", "triage", "queued", "triage"]


async def test_who_becomes_an_editor_gets_the_list_in_the_manner_they_wish(ledger: Ledger) -> None:
    await an_editor(ledger)
    await a_heap(ledger)
    late, daily = await an_editor(ledger), await an_editor(ledger)
    await ledger.wishes.mark(daily.id, Subject.DECISIONS, Manner.DAILY)
    assert await watch(ledger, NOW, POLICY) == 1
    assert await watch(ledger, NOW, POLICY) == 0
    assert [chat for chat, _ in await put(ledger, "triage_listed")][-1] == late.telegram_id
    assert len(await put(ledger, "triage_listed")) == 2
    wishes = await ledger.wishes.list_of(daily.id)
    assert (await waiting_for(ledger, daily, wishes, NOW, POLICY)).heaps == 1
    assert (await waiting_for(ledger, late, await ledger.wishes.list_of(late.id), NOW, POLICY)).heaps == 0


async def test_only_editors_sort(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger)
    document = await a_heap(ledger)
    card = await sorting_of(ledger, document, editor.id, NOW, POLICY)
    claim = card.sentences[0].claim
    acts = (
        lambda: show_list(ledger, reviewer, NOW),
        lambda: open_card(ledger, reviewer, document, NOW, POLICY),
        lambda: turn(ledger, reviewer, document, TriageView(), NOW),
        lambda: choose(ledger, reviewer, claim.id, claim.revision, NOW, chosen=True),
        lambda: choose_all(ledger, reviewer, document, NOW, chosen=True),
        lambda: send(ledger, reviewer, document, card.print, NOW, POLICY),
        lambda: close_rest(ledger, reviewer, document, card.print, ClosingReason.SPAM, NOW, POLICY),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match="role_needed"):
            await act()
    assert await states(ledger) == ["triage"] * 3


@given(
    worth=st.one_of(st.none(), st.floats(0, 1)),
    chosen=st.one_of(st.none(), st.booleans()),
    threshold=st.floats(0, 1),
)
def test_an_editors_word_goes_before_the_threshold(worth: float | None, chosen: bool | None, threshold: float) -> None:
    policy = replace(POLICY, triage_worth=threshold)
    sentence = Sentence(made_claim(1, worth=worth), 0, chosen)
    assert is_picked(sentence, policy) == (chosen if chosen is not None else (worth or 0) >= threshold)
    turned = replace(sentence, chosen=not is_picked(sentence, policy))
    assert print_of([sentence], policy) != print_of([turned], policy)
    assert print_of([sentence], policy) != print_of([], policy)
