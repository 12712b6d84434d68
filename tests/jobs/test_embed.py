"""With the `semantic` extra a claim is found in another language; without it the desk works, and goes on later."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from jobs import embed as room
from jobs.checking import check, list_walks
from jobs.dispatch import offer
from jobs.embed import Embedding, embedded
from jobs.indexing import index
from jobs.intake.sentences import split
from jobs.intake.submit import Incoming, take_in
from jobs.intake.worth import score
from jobs.policy import Policy
from jobs.reword import reword
from jobs.runner import run_job
from jobs.schedule import JOBS
from jobs.seeding import read_article
from storage.database import Database
from storage.indexing import Walk
from storage.kinds import ClaimState, DocumentKind
from storage.matches import MatchLevel, MatchLine, MatchMethod
from storage.model import ClaimId
from storage.vectors import Vectors
from tests.support.builders import NOW, a_claim, a_document, a_person, a_verdict, an_editor

POLICY = Policy()
(JOB,) = [job for job in JOBS if job.name == "embed"]
ENGLISH = "According to South Korean intelligence, North Korea has sent about 15,000 troops to Russia."
BENGALI = "দক্ষিণ কোরিয়ার গোয়েন্দা সংস্থার মতে, উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে।"
OTHERS = (
    "The price of rice rose again in the markets of Dhaka this week.",
    "A new bridge over the Padma was opened by the prime minister.",
    "Doctors advise drinking boiled water during the floods.",
)


@pytest.fixture
async def embedding() -> AsyncIterator[Embedding]:
    opened = Embedding()
    yield opened
    opened.close()


async def known_desk(database: Database) -> ClaimId:
    async with database.write() as ledger:
        known = await a_claim(ledger, ENGLISH)
        for text in OTHERS:
            await a_claim(ledger, text)
    return known.id


async def a_report(database: Database, language: str = "bn") -> ClaimId:
    async with database.write() as ledger:
        return (await a_claim(ledger, BENGALI, language=language, state=ClaimState.QUEUED)).id


async def vectors(database: Database) -> int:
    async with database.read() as ledger:
        return await Vectors(ledger.session).count()


async def lines_of(database: Database, claim: ClaimId) -> list[MatchLine]:
    async with database.read() as ledger:
        return await ledger.matches.list_lines(claim)


# --- how much it is worth checking ------------------------------------------------------------------------------------


async def worths(database: Database) -> list[float | None]:
    async with database.read() as ledger:
        return [claim.worth for claim in await ledger.claims.list_in((ClaimState.NEW, ClaimState.PUBLISHED))]


async def test_the_meaning_has_its_say_once_however_often_a_claim_is_encoded(
    database: Database, embedding: Embedding
) -> None:
    texts = ("Serikali ilitumia fedha nyingi kujenga shule mwaka jana.", "Asante sana, rafiki yangu, na usiku mwema.")
    async with database.write() as ledger:
        for text in texts:
            await a_claim(ledger, text, language="sw", worth=0.5)
    await embedding.embed(database, NOW, POLICY)
    fact, thanks = first = await worths(database)
    assert fact is not None
    assert thanks is not None
    assert fact > score(texts[0], "sw").value
    assert thanks < score(texts[1], "sw").value
    async with database.write() as ledger:
        await ledger.indexing.mark(Walk.VECTORS, "another model", 0)
    assert await embedding.embed(database, NOW, POLICY) == 2
    assert await worths(database) == first


async def test_what_is_decided_keeps_its_value(database: Database, embedding: Embedding) -> None:
    async with database.write() as ledger:
        await a_claim(ledger, ENGLISH, state=ClaimState.PUBLISHED, worth=0.25)
    assert await embedding.embed(database, NOW, POLICY) == 1
    assert await worths(database) == [0.25]


# --- what is similar -------------------------------------------------------------------------------------------------


async def test_a_bengali_report_of_an_english_claim_is_similar_and_never_the_same(
    database: Database, embedding: Embedding
) -> None:
    known = await known_desk(database)
    report = await a_report(database)
    assert await embedding.embed(database, NOW, POLICY) == 5
    (line,) = await lines_of(database, report)
    assert (line.known.id, line.match.level, line.match.method) == (known, MatchLevel.SIMILAR, MatchMethod.MEANING)
    assert line.match.parts["language"] == "en"
    assert line.match.parts["lead"] > 0.2
    assert await lines_of(database, known) == []
    async with database.read() as ledger:
        assert (await ledger.claims.get(report)).state is ClaimState.QUEUED


async def test_what_came_in_before_the_known_one_or_is_decided_is_left(
    database: Database, embedding: Embedding
) -> None:
    async with database.write() as ledger:
        await a_claim(ledger, ENGLISH)
        decided = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.PUBLISHED)
        await a_verdict(ledger, decided, by=await an_editor(ledger))
    await embedding.embed(database, NOW, POLICY)
    assert await lines_of(database, decided.id) == []


async def test_a_claim_that_was_merged_stands_for_the_one_it_became(database: Database, embedding: Embedding) -> None:
    async with database.write() as ledger:
        first = await a_claim(ledger, "Seoul says that fifteen thousand soldiers of the North are in Russia")
        await a_claim(ledger, ENGLISH, state=ClaimState.DUPLICATE, duplicate_of=first)
    report = await a_report(database)
    await embedding.embed(database, NOW, POLICY)
    assert [line.known.id for line in await lines_of(database, report)] == [first.id]


async def test_sentences_of_one_document_are_not_compared(database: Database, embedding: Embedding) -> None:
    async with database.write() as ledger:
        document = await a_document(ledger)
        await a_claim(ledger, ENGLISH, document=document)
        report = await a_claim(ledger, BENGALI, document=document, position=1, language="bn")
    await embedding.embed(database, NOW, POLICY)
    assert await lines_of(database, report.id) == []


@pytest.mark.parametrize("language", ["und", "en"])
async def test_of_an_unknown_language_or_the_same_one_the_words_decide(
    database: Database, embedding: Embedding, language: str
) -> None:
    await known_desk(database)
    report = await a_report(database, language)
    await embedding.embed(database, NOW, POLICY)
    assert await lines_of(database, report) == []


@pytest.mark.parametrize("policy", [replace(POLICY, match_min_words=14), replace(POLICY, match_shown=0)])
async def test_the_policy_can_ask_for_more_words_or_for_nothing(
    database: Database, embedding: Embedding, policy: Policy
) -> None:
    await known_desk(database)
    report = await a_report(database)
    assert await embedding.embed(database, NOW, policy) == 5
    assert await lines_of(database, report) == []


async def test_a_claim_in_quite_other_words_of_the_same_language_is_similar(
    database: Database, embedding: Embedding
) -> None:
    story = "Drinking hot water with lemon every morning cures cancer, a hospital director is said to have written."
    other = "A clinic's head allegedly claims tumours vanish if you sip warm citrus juice at breakfast."
    async with database.write() as ledger:
        known = await a_claim(ledger, story)
        for number in range(12):
            await a_claim(ledger, f"The bridge number {number} over the river was opened by minister {number}.")
        again = await a_claim(ledger, other, state=ClaimState.QUEUED)
    await embedding.embed(database, NOW, POLICY)
    (line,) = await lines_of(database, again.id)
    assert (line.known.id, line.match.method) == (known.id, MatchMethod.MEANING)
    assert "language" not in line.match.parts


async def test_the_bengali_article_is_matched_with_the_english_one_sentence_by_sentence(
    database: Database, embedding: Embedding
) -> None:
    places = {}
    for name in ("munitions.en.txt", "munitions.bn.txt"):
        text = read_article(name)
        async with database.write() as ledger:
            intake = await take_in(ledger, Incoming(DocumentKind.ARTICLE, text), None, NOW, POLICY)
        places[name] = [found.claim.id for found in intake.claims]
        assert len(places[name]) == len(split(text))
    await embedding.embed(database, NOW, POLICY)
    right = 0
    for english, bengali in zip(places["munitions.en.txt"], places["munitions.bn.txt"], strict=True):
        lines = [line for line in await lines_of(database, bengali) if line.match.method is MatchMethod.MEANING]
        assert all(line.known.id == english for line in lines)
        right += len(lines)
        assert not any(line.match.method is MatchMethod.MEANING for line in await lines_of(database, english))
    assert right >= 11


# --- on, off, on again; stopped and started --------------------------------------------------------------------------


async def test_without_the_extra_nothing_is_made_and_with_it_again_it_goes_on(
    database: Database, embedding: Embedding
) -> None:
    await known_desk(database)
    assert (await run_job(database, JOB, NOW), await vectors(database)) == (0, 0)
    assert (await run_job(database, JOB, NOW, embedding), await vectors(database)) == (4, 4)
    report = await a_report(database)
    assert (await run_job(database, JOB, NOW), await vectors(database)) == (0, 4)
    assert await run_job(database, JOB, NOW, embedding) == 1
    assert await run_job(database, JOB, NOW, embedding) == 0
    assert len(await lines_of(database, report)) == 1
    async with database.read() as ledger:
        assert (await embedded(ledger)).ended
        assert [run.failures for run in await ledger.settings.list_job_runs()] == [0]


async def test_after_a_restart_the_known_ones_are_read_and_not_encoded_again(
    database: Database, embedding: Embedding
) -> None:
    known = await known_desk(database)
    assert await embedding.embed(database, NOW, POLICY) == 4
    report = await a_report(database)
    restarted = Embedding()
    assert await restarted.embed(database, NOW, POLICY) == 1
    restarted.close()
    assert [line.known.id for line in await lines_of(database, report)] == [known]


async def test_a_run_leaves_the_rest_to_the_next_one(
    database: Database, embedding: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RUN", 0.0)
    monkeypatch.setattr(room, "STEP", 2)
    known = await known_desk(database)
    report = await a_report(database)
    assert [await embedding.embed(database, NOW, POLICY) for _ in range(4)] == [2, 2, 1, 0]
    assert [line.known.id for line in await lines_of(database, report)] == [known]


async def test_stopped_before_the_vectors_are_kept_it_does_all_of_it_again(
    database: Database, embedding: Embedding
) -> None:
    known = await known_desk(database)
    report = await a_report(database)
    async with database.write() as ledger:
        # Nothing can be written as long as this lasts, so wherever it is when it is stopped, it has kept nothing.
        running = asyncio.create_task(embedding.embed(database, NOW, POLICY))
        await embedding.encoder.encode(["waits its turn in the same thread"])
        assert await Vectors(ledger.session).count() == 0
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert (await vectors(database), await lines_of(database, report)) == (0, [])
    assert await embedding.embed(database, NOW, POLICY) == 5
    assert [line.known.id for line in await lines_of(database, report)] == [known]


async def test_who_has_the_claim_sees_on_their_card_what_it_is_like(database: Database, embedding: Embedding) -> None:
    await known_desk(database)
    async with database.write() as ledger:
        claim = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.QUEUED)
        person = await a_person(ledger, on_duty=True)
        await offer(ledger, claim, person.id, NOW, POLICY)
        (message,) = await ledger.outbox.lease_due(NOW, 10)
        await ledger.outbox.mark_sent(message, [7], NOW)
    await embedding.embed(database, NOW, POLICY)
    async with database.read() as ledger:
        rows = await ledger.session.fetch_all("SELECT chat_id, kind, card FROM outbox WHERE state = 'queued'")
    assert rows == [(person.telegram_id, "work_changed", "work:1")]


async def test_a_reworded_claim_is_encoded_anew_and_found_by_what_it_says_now(
    database: Database, embedding: Embedding
) -> None:
    known = await known_desk(database)
    async with database.write() as ledger:
        vague = (await a_claim(ledger, "তারা অনেককে পাঠিয়েছে।", language="bn", state=ClaimState.QUEUED)).id
        editor = await an_editor(ledger)
    await embedding.embed(database, NOW, POLICY)
    assert known not in {line.known.id for line in await lines_of(database, vague)}
    async with database.write() as ledger:
        await reword(ledger, editor, vague, BENGALI, NOW, POLICY)
    async with database.read() as ledger:
        assert not (await embedded(ledger)).ended
    assert await embedding.embed(database, NOW, POLICY) == 1
    assert [line.known.id for line in await lines_of(database, vague)] == [known]
    # What is asked next is compared with what it says now.
    async with database.write() as ledger:
        later = (await a_claim(ledger, ENGLISH + " It said so.", state=ClaimState.QUEUED)).id
    await embedding.embed(database, NOW, POLICY)
    assert vague in {line.known.id for line in await lines_of(database, later)}


async def test_a_claim_that_is_reworded_while_the_model_reads_it_is_read_again(
    database: Database, embedding: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known_desk(database)
    async with database.write() as ledger:
        claim = (await a_claim(ledger, "তারা অনেককে পাঠিয়েছে।", language="bn", state=ClaimState.QUEUED)).id
        editor = await an_editor(ledger)
    encode, texts = embedding.encoder.encode, []

    async def slowly(given: Sequence[str]) -> Any:
        texts.extend(given)
        done = await encode(given)
        if len(texts) == len(given):
            async with database.write() as ledger:
                await reword(ledger, editor, claim, BENGALI, NOW, POLICY)
        return done

    monkeypatch.setattr(embedding.encoder, "encode", slowly)
    assert await embedding.embed(database, NOW, POLICY) == 6
    assert texts[-1] == BENGALI
    assert await embedding.embed(database, NOW, POLICY) == 0


async def test_claims_come_in_while_the_model_works(database: Database, embedding: Embedding) -> None:
    await known_desk(database)
    working, go_on = threading.Event(), threading.Event()

    def work() -> None:
        working.set()
        go_on.wait()

    held = asyncio.create_task(embedding.encoder.run(work))
    running = asyncio.create_task(embedding.embed(database, NOW, POLICY))
    while not working.is_set():
        await asyncio.sleep(0)
    report = await a_report(database)
    assert not running.done()
    go_on.set()
    await held
    assert await running == 5
    assert len(await lines_of(database, report)) == 1


async def test_the_model_is_not_loaded_where_there_is_nothing_to_encode(
    database: Database, embedding: Embedding
) -> None:
    def models() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if thread.name.startswith("embedding")}

    before = models()
    assert await embedding.embed(database, NOW, POLICY) == 0
    assert models() <= before


async def test_the_check_knows_how_far_each_walk_has_come(database: Database, embedding: Embedding) -> None:
    await known_desk(database)
    async with database.read() as ledger:
        assert [(walk.name, walk.done, walk.total) for walk in await list_walks(ledger)] == [
            (Walk.WORDS, 0, 4),
            (Walk.LINKS, 0, 4),
            (Walk.VECTORS, 0, 4),
        ]
    await index(database, NOW, POLICY)
    await embedding.embed(database, NOW, POLICY)
    async with database.read() as ledger:
        assert all(walk.ended for walk in await list_walks(ledger))
        assert {problem.code for problem in await check(ledger, NOW, serving=False)} == {"no_editor"}
