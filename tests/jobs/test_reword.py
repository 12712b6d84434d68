"""A clearer text for a claim: what came in stays beside it, and whoever has written about it is told."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.indexing import index
from jobs.intake.submit import Incoming, ingest
from jobs.lifecycle import Action
from jobs.lookup import search_page
from jobs.policy import Policy
from jobs.reword import reword
from jobs.search_query import parse
from jobs.transitions import advance
from storage.database import Database
from storage.errors import NotAllowed, NotFound, Refused
from storage.kinds import ClaimState, DocumentKind
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim, ClaimId
from storage.search import claim_key
from tests.support.builders import NOW, a_claim, a_person, a_review, an_editor

POLICY = Policy()
CAME = "they say buses come, 340 of them!!"
CLEARER = "The ministry bought 340 buses in March 2024."


async def queued(ledger: Ledger, text: str = CAME) -> Claim:
    return await advance(ledger, await a_claim(ledger, text), Action.QUEUE, NOW)


async def found(ledger: Ledger, typed: str) -> list[int]:
    page = await search_page(ledger, parse(typed, POLICY, "UTC", {}), None, NOW, POLICY, 0)
    return [line.claim.id for line in page.lines]


async def test_it_is_searched_by_the_new_words_and_recognised_by_those_that_came(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim = await queued(ledger)
    counts = await ledger.session.fetch_all("SELECT stem, claims FROM stem_counts WHERE stem = ''")
    changed = await reword(ledger, editor, claim.id, f"  {CLEARER}\n", NOW, POLICY)
    assert (changed.text, changed.quote, changed.key) == (CLEARER, CAME, claim_key(CAME))
    assert changed.revision == claim.revision + 1
    assert await found(ledger, "ministry") == [claim.id]
    assert await found(ledger, "they") == []
    assert await ledger.session.fetch_all("SELECT stem, claims FROM stem_counts WHERE stem = ''") == counts
    again = await ingest(ledger, Incoming(DocumentKind.MESSAGE, CAME + " ", whole=True), None, NOW, POLICY)
    assert [(each.claim.id, each.new) for each in again.claims] == [(claim.id, False)]
    entry = await ledger.session.fetch_all("SELECT actor, data FROM audit WHERE action = 'claim.reworded'")
    assert [(row[0], json.loads(row[1])) for row in entry] == [(editor.id, {"before": CAME, "after": CLEARER})]
    back = await reword(ledger, editor, claim.id, CAME, NOW, POLICY)
    assert back.text == back.quote


async def test_what_it_is_like_is_found_anew_by_the_new_words(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    texts = (
        "The ministry bought 340 buses for the capital in March 2024.",
        "Half of all wells in the northern district hold arsenic, a report says.",
        "The northern district lost half of its wells to arsenic.",
    )
    buses, wells, apart = [
        (await ingest(ledger, Incoming(DocumentKind.MESSAGE, text, whole=True), None, NOW, POLICY)).claims[0].claim.id
        for text in texts
    ]
    unclear = "Half of all wells in the northern district hold arsenic now."
    told = await ingest(ledger, Incoming(DocumentKind.MESSAGE, unclear, whole=True), None, NOW, POLICY)
    claim = told.claims[0].claim.id
    await ledger.matches.add(claim, apart, MatchLevel.SIMILAR, 0.6, MatchMethod.WORDS, {}, NOW)
    assert wells in {line.known.id for line in await ledger.matches.list_lines(claim)}
    await ledger.matches.mark_apart(claim, apart)
    await reword(ledger, editor, claim, "The ministry bought 340 buses for the capital in March.", NOW, POLICY)
    assert [line.known.id for line in await ledger.matches.list_lines(claim)] == [buses]
    assert (await ledger.claims.get(claim)).duplicate_of is None
    late = "The ministry has bought 340 buses for the capital, in March."
    told = await ingest(ledger, Incoming(DocumentKind.MESSAGE, late, whole=True), None, NOW, POLICY)
    later = told.claims[0].claim.id
    assert claim in {line.known.id for line in await ledger.matches.list_lines(later)}
    await reword(ledger, editor, claim, "Half of its wells the northern district lost to arsenic.", NOW, POLICY)
    assert apart not in {line.known.id for line in await ledger.matches.list_lines(claim)}, "an editor has said no"
    assert claim not in {line.known.id for line in await ledger.matches.list_lines(later)}
    assert buses in {line.known.id for line in await ledger.matches.list_lines(later)}


async def test_the_walk_over_older_claims_keeps_key_and_words(database: Database, tmp_path: Path) -> None:
    async with database.write() as ledger:
        claim = await queued(ledger)
        await reword(ledger, await an_editor(ledger), claim.id, CLEARER, NOW, POLICY)
    assert await index(database, NOW + timedelta(minutes=1), POLICY) > 0
    async with database.write() as ledger:
        assert (await ledger.claims.get(claim.id)).key == claim_key(CAME)
        assert await found(ledger, "ministry") == [claim.id]


async def test_who_has_a_draft_or_a_review_is_told(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    drafting, done, idle = [await a_person(ledger, on_duty=True) for _ in range(3)]
    claim = await advance(ledger, await queued(ledger), Action.START, NOW)
    await a_review(ledger, claim, done)
    await a_review(ledger, claim, drafting, submitted=False)
    await reword(ledger, editor, claim.id, CLEARER, NOW, POLICY)
    rows = await ledger.session.fetch_all("SELECT chat_id, kind, payload FROM outbox ORDER BY id")
    told = {row[0] for row in rows if json.loads(row[2]).get("code") == "claim_reworded"}
    assert told == {drafting.telegram_id, done.telegram_id}
    assert [row[0] for row in rows if row[1] == "work_changed"] == [drafting.telegram_id]
    assert idle.telegram_id not in {row[0] for row in rows}


async def test_what_is_refused_changes_nothing(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim, other = await queued(ledger), await queued(ledger, CLEARER)
    agreed = await a_claim(ledger, state=ClaimState.AGREED)
    for number, text, code in (
        (claim.id, CAME, "reword_same"),
        (claim.id, " ?! ", "text_empty"),
        (claim.id, "a " * POLICY.text_max, "text_too_long"),
        (claim.id, CLEARER.upper(), "reword_known"),
        (agreed.id, "Something else is so.", "reword_of_decided"),
    ):
        with pytest.raises(Refused, match=code):
            await reword(ledger, editor, number, text, NOW, POLICY)
    with pytest.raises(NotFound):
        await reword(ledger, editor, ClaimId(99), CLEARER, NOW, POLICY)
    with pytest.raises(NotAllowed):
        await reword(ledger, await a_person(ledger), claim.id, "Something else is so.", NOW, POLICY)
    assert (await ledger.claims.get(claim.id), await ledger.claims.get(other.id)) == (claim, other)
