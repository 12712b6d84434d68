"""With the `semantic` extra a claim is found in another language; without it the desk works, and says what it lacks."""

from dataclasses import replace
from itertools import pairwise

import pytest

from jobs import embed as room
from jobs.checking import BACKLOG, check
from jobs.embed import embed, embedded
from jobs.indexing import index
from jobs.intake.sentences import split
from jobs.intake.submit import Incoming, take_in
from jobs.policy import Policy
from jobs.seeding import read_article
from storage.database import Database
from storage.integrity import Problem
from storage.matches import MatchLevel, MatchMethod
from storage.model import ClaimId, ClaimState, DocumentKind
from storage.vectors import Vectors
from tests.support.builders import NOW, a_claim, a_verdict, an_editor

POLICY = Policy()
ENGLISH = "According to South Korean intelligence, North Korea has sent about 15,000 troops to Russia."
BENGALI = "দক্ষিণ কোরিয়ার গোয়েন্দা সংস্থার মতে, উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে।"
OTHERS = (
    "The price of rice rose again in the markets of Dhaka this week.",
    "A new bridge over the Padma was opened by the prime minister.",
    "Doctors advise drinking boiled water during the floods.",
)


async def known_desk(database: Database) -> ClaimId:
    async with database.write() as ledger:
        known = await a_claim(ledger, ENGLISH)
        for text in OTHERS:
            await a_claim(ledger, text)
    return known.id


async def vectors(database: Database) -> int:
    async with database.read() as ledger:
        return await Vectors(ledger.session).count()


async def test_a_bengali_report_of_an_english_claim_is_similar_and_never_the_same(database: Database) -> None:
    known = await known_desk(database)
    async with database.write() as ledger:
        report = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.QUEUED)
    assert await embed(database, NOW, POLICY) == 5
    async with database.read() as ledger:
        (line,) = await ledger.matches.list_lines(report.id)
        assert (line.known.id, line.match.level, line.match.method) == (known, MatchLevel.SIMILAR, MatchMethod.MEANING)
        assert line.match.parts["language"] == "en"
        assert (await ledger.claims.get(report.id)).state is ClaimState.QUEUED
        assert await ledger.matches.list_lines(known) == []


async def test_what_came_in_before_the_known_one_or_is_decided_is_left(database: Database) -> None:
    async with database.write() as ledger:
        await a_claim(ledger, ENGLISH)
        decided = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.PUBLISHED)
        await a_verdict(ledger, decided, by=await an_editor(ledger))
    await embed(database, NOW, POLICY)
    async with database.read() as ledger:
        assert await ledger.matches.list_lines(decided.id) == []


async def test_a_claim_that_was_merged_stands_for_the_one_it_became(database: Database) -> None:
    async with database.write() as ledger:
        first = await a_claim(ledger, "Seoul says that fifteen thousand soldiers of the North are in Russia")
        await a_claim(ledger, ENGLISH, state=ClaimState.DUPLICATE, duplicate_of=first)
        report = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.QUEUED)
    await embed(database, NOW, POLICY)
    async with database.read() as ledger:
        assert [line.known.id for line in await ledger.matches.list_lines(report.id)] == [first.id]


async def test_switched_off_it_does_nothing_and_switched_on_again_it_goes_on(database: Database) -> None:
    await known_desk(database)
    assert await embed(database, NOW, replace(POLICY, semantic=False)) == 0
    assert await vectors(database) == 0
    assert await embed(database, NOW, POLICY) == 4
    async with database.write() as ledger:
        report = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.QUEUED)
    assert await embed(database, NOW, replace(POLICY, semantic=False)) == 0
    assert await vectors(database) == 4
    assert await embed(database, NOW, POLICY) == 1
    assert await embed(database, NOW, POLICY) == 0
    async with database.read() as ledger:
        assert len(await ledger.matches.list_lines(report.id)) == 1
        assert (await embedded(ledger)).ended


async def test_after_a_restart_the_known_ones_are_read_and_not_encoded_again(database: Database) -> None:
    known = await known_desk(database)
    assert await embed(database, NOW, POLICY) == 4
    room._KNOWN.clear()  # what a process holds in memory
    async with database.write() as ledger:
        report = await a_claim(ledger, BENGALI, language="bn", state=ClaimState.QUEUED)
    assert await embed(database, NOW, POLICY) == 1
    async with database.read() as ledger:
        assert [line.known.id for line in await ledger.matches.list_lines(report.id)] == [known]


@pytest.mark.parametrize("why", ["not_installed", "processor_too_old"])
async def test_without_the_extra_the_check_says_what_it_would_add(
    database: Database, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    await known_desk(database)
    monkeypatch.setattr("jobs.embed.missing", lambda: why)
    monkeypatch.setattr("jobs.checking.missing", lambda: why)
    assert await embed(database, NOW, POLICY) == 0
    await index(database, NOW, POLICY)
    async with database.read() as ledger:
        told = {problem.code: problem for problem in await check(ledger, NOW, serving=False)}
        assert "another language" in told["no_semantic_extra"].sentence
        assert told["no_semantic_extra"].note
        assert "indexing_vectors" not in told
    async with database.write() as ledger:
        await ledger.settings.set("semantic", False, by=None, now=NOW)
    async with database.read() as ledger:
        assert "no_semantic_extra" not in {problem.code for problem in await check(ledger, NOW, serving=False)}


async def indexing_notes(database: Database) -> dict[str, Problem]:
    async with database.read() as ledger:
        problems = await check(ledger, NOW, serving=False)
    return {problem.code: problem for problem in problems if problem.code.startswith("indexing")}


async def test_the_check_says_how_far_the_background_work_has_come(database: Database) -> None:
    async with database.write() as ledger:
        for number in range(BACKLOG):
            await a_claim(ledger, f"Claim {number}.")
    assert await indexing_notes(database) == {}, "what a minute brings in"
    async with database.write() as ledger:
        await a_claim(ledger, "One more.")
    told = await indexing_notes(database)
    assert set(told) == {"indexing_words", "indexing_links", "indexing_vectors"}
    assert told["indexing_vectors"].sample == (f"0 of {BACKLOG + 1} done",)
    assert all(problem.note for problem in told.values())
    await index(database, NOW, POLICY)
    await embed(database, NOW, POLICY)
    assert await indexing_notes(database) == {}


async def test_the_bengali_article_is_matched_with_the_english_one_sentence_by_sentence(database: Database) -> None:
    places = {}
    for name in ("munitions.en.txt", "munitions.bn.txt"):
        text = read_article(name)
        async with database.write() as ledger:
            intake = await take_in(ledger, Incoming(DocumentKind.ARTICLE, text), None, NOW, POLICY)
        places[name] = [found.claim.id for found in intake.claims]
        assert len(places[name]) == len(split(text))
    await embed(database, NOW, POLICY)
    right = 0
    async with database.read() as ledger:
        for english, bengali in zip(places["munitions.en.txt"], places["munitions.bn.txt"], strict=True):
            lines = await ledger.matches.list_lines(bengali)
            assert all(line.known.id in places["munitions.en.txt"] for line in lines)
            right += any(line.known.id == english for line in lines)
            assert all(one.match.score >= other.match.score for one, other in pairwise(lines))
    assert right >= 11


async def test_a_claim_in_quite_other_words_of_the_same_language_is_similar(database: Database) -> None:
    story = "Drinking hot water with lemon every morning cures cancer, a hospital director is said to have written."
    other = "A clinic's head allegedly claims tumours vanish if you sip warm citrus juice at breakfast."
    async with database.write() as ledger:
        known = await a_claim(ledger, story)
        for number in range(12):
            await a_claim(ledger, f"The bridge number {number} over the river was opened by minister {number}.")
        again = await a_claim(ledger, other, state=ClaimState.QUEUED)
    await embed(database, NOW, POLICY)
    async with database.read() as ledger:
        (line,) = await ledger.matches.list_lines(again.id)
    assert (line.known.id, line.match.method) == (known.id, MatchMethod.MEANING)
    assert "language" not in line.match.parts
