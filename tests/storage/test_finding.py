"""The search over rows: words, phrases and filters, on both ways, the same as reading every claim would find."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from storage import finding
from storage.kinds import ClaimState
from storage.ledger import Ledger
from storage.model import Claim, ClaimId, PersonId
from storage.search.query import SearchQuery, Term, words_of
from tests.support.builders import NOW, a_claim, a_document, a_person, a_request, a_verdict

DAY = timedelta(days=1)


def words(*typed: str, begins: bool = True) -> tuple[Term, ...]:
    return tuple(Term(tuple(each.split()), begins=begins) for each in typed)


async def found(
    ledger: Ledger, query: SearchQuery, people: list[PersonId] | None = None, window: int = 50
) -> list[ClaimId]:
    return [each.claim_id for each in (await ledger.finding.find(query, people, window)).candidates]


@pytest.mark.parametrize(
    ("text", "terms", "there"),
    [
        ("নিহত হয়েছেন পাঁচজন শ্রমিক", words("শ্রমিক"), True),
        ("নিহত হয়েছেন পাঁচজন শ্রমিক", words("শ্র", begins=False), False),
        ("নিহত হয়েছেন পাঁচজন শ্রমিক", words("শ্র"), True),
        ("नदी ऊपर बहती है", words("बहती"), True),
        ("नदी ऊपर बहती है", words("बहत", begins=False), False),
        ("Prices rose 3.5 % in May", words("prices", "may"), True),
        ("Prices rose 3.5 % in May", words("prices", "june"), False),
        ("Prices rose 3.5 % in May", words("3 5", begins=False), True),
        ("Prices rose 3.5 % in May", words("rose prices", begins=False), False),
        ("Prices rose in Mayland", words("in may"), True),
        ("Prices rose in Mayland", words("in may", begins=False), False),
        ("The bridge fell", words("br"), False),
        ("大雨が降った", words("大"), True),
        ('A "NEAR" AND OR NOT', words("near", "and", "or", "not"), True),
    ],
)
async def test_words_of_any_script_are_found(ledger: Ledger, text: str, terms: tuple[Term, ...], there: bool) -> None:
    claim = await a_claim(ledger, text)
    await a_claim(ledger, "Something else altogether.")
    for language in (None, "en"):
        assert await found(ledger, SearchQuery(terms, language=language)) == ([claim.id] if there else [])


async def test_duplicates_and_what_is_to_be_left_out_are_not_found(ledger: Ledger) -> None:
    best = await a_claim(ledger, "River one.")
    other = await a_claim(ledger, "River of the old days.")
    await a_claim(ledger, "River twin.", state=ClaimState.DUPLICATE, duplicate_of=best)
    assert await found(ledger, SearchQuery(words("river"))) == [other.id, best.id]
    for left_out in ("old", "the old", "old days"):
        query = SearchQuery(words("river"), words(left_out, begins=False))
        assert await found(ledger, query) == [best.id]
    assert await found(ledger, SearchQuery(without=words("one", begins=False), language="en")) == [other.id]
    assert await found(ledger, SearchQuery(words("river"), words("ol", begins=False))) == [other.id, best.id]


async def test_each_filter_finds_its_own(ledger: Ledger) -> None:
    me, other = await a_person(ledger), await a_person(ledger)
    mine = await a_claim(ledger, "River one.", document=await a_document(ledger, submitted_by=me), now=NOW - DAY)
    theirs = await a_claim(
        ledger,
        "River two.",
        document=await a_document(ledger, language="bn", submitted_by=other),
        language="bn",
        state=ClaimState.DISPUTED,
    )
    # A known claim in a second person's text is theirs, too.
    again = await a_document(ledger, submitted_by=me)
    await ledger.documents.add_appearance(again.id, 0, theirs.id, "River two.")
    await ledger.tags.add(mine.id, ["flood", "dhaka"])
    await ledger.tags.add(theirs.id, ["flood"])
    await a_verdict(ledger, mine, rating="true")
    await a_verdict(ledger, mine, rating="false")
    await a_verdict(ledger, mine, rating="mixed", published=False)
    for terms in ((), words("river")):
        for expected, changes in (
            ([theirs.id], {"language": "bn"}),
            ([theirs.id], {"state": ClaimState.DISPUTED}),
            ([mine.id], {"rating": "false"}),
            ([], {"rating": "true"}),
            ([], {"rating": "mixed"}),
            ([theirs.id, mine.id], {"tags": ("flood",)}),
            ([mine.id], {"tags": ("flood", "dhaka")}),
            ([theirs.id], {"after": NOW}),
            ([mine.id], {"before": NOW}),
            ([mine.id], {"after": NOW - DAY, "before": NOW, "rating": "false", "language": "en"}),
            ([], {"after": NOW - 2 * DAY, "before": NOW - DAY}),
        ):
            assert await found(ledger, SearchQuery(terms, **changes)) == expected, changes
        assert await found(ledger, SearchQuery(terms), [other.id]) == [theirs.id]
        assert await found(ledger, SearchQuery(terms), [me.id]) == [theirs.id, mine.id]
        assert await found(ledger, SearchQuery(terms), [PersonId(99)]) == []


async def test_the_newest_are_found_and_it_is_said_that_there_are_more(ledger: Ledger) -> None:
    claims = [await a_claim(ledger, f"River number {number}.") for number in range(6)]
    for query in (SearchQuery(words("river")), SearchQuery(words("river"), language="en"), SearchQuery(language="en")):
        few = await ledger.finding.find(query, None, 5)
        assert ([each.claim_id for each in few.candidates], few.more) == (
            [claim.id for claim in reversed(claims[1:])],
            True,
        )
        assert not (await ledger.finding.find(query, None, 6)).more


async def test_the_very_words_keep_their_place_before_newer_ones_that_begin_so(ledger: Ledger) -> None:
    exact = await a_claim(ledger, "A bridge fell.")
    newer = [await a_claim(ledger, f"Bridges {number} fell.") for number in range(5)]
    few = await ledger.finding.find(SearchQuery(words("bridge")), None, 3)
    assert {each.claim_id for each in few.candidates} == {exact.id, newer[-1].id, newer[-2].id}
    assert few.more


async def test_a_word_in_very_many_claims_finds_itself_only(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = [await a_claim(ledger, f"A bridge {number} fell.") for number in range(3)]
    other = await a_claim(ledger, "Bridges fell.")
    assert other.id in await found(ledger, SearchQuery(words("bridge")))
    monkeypatch.setattr(finding, "COMMON", 2)
    assert await found(ledger, SearchQuery(words("bridge"))) == [claim.id for claim in reversed(exact)]


async def test_lines_come_in_the_order_that_is_asked_for(ledger: Ledger) -> None:
    one, two = await a_claim(ledger), await a_claim(ledger)
    await a_request(ledger, two)
    lines = await ledger.finding.list_lines([two.id, ClaimId(99), one.id])
    assert [(line.claim, line.requests) for line in lines] == [(two, 1), (one, 0)]
    assert await ledger.finding.list_lines([]) == []


class Shelf:
    """Claims with their tags and ratings, read one by one to know what a search should find."""

    def __init__(self) -> None:
        self.claims: list[tuple[Claim, set[str], str | None]] = []

    def answers(self, query: SearchQuery) -> Iterable[ClaimId]:
        for claim, tags, rating in reversed(self.claims):
            held = words_of(claim.text.lower().replace(".", ""))
            if (
                all(term.places(held) for term in query.terms)
                and not any(term.places(held) for term in query.without)
                and query.language in {None, claim.language}
                and query.state in {None, claim.state}
                and query.rating in {None, rating}
                and set(query.tags) <= tags
                and (query.after is None or claim.created_at >= query.after)
                and (query.before is None or claim.created_at < query.before)
            ):
                yield claim.id


async def test_any_search_finds_what_reading_every_claim_finds(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    # Small steps, so that both ways are gone, in parts and to the end.
    monkeypatch.setattr(finding, "_FIRST", 2)
    monkeypatch.setattr(finding, "COSTLY", 10_000)
    chance, shelf = random.Random(4), Shelf()
    for number in range(120):
        text = " ".join(chance.choices(["river", "rivers", "bank", "flood", "old", "rise", f"word{number}"], k=6))
        state = chance.choice([ClaimState.QUEUED, ClaimState.DISPUTED, ClaimState.PUBLISHED])
        claim = await a_claim(
            ledger,
            f"{text} n{number}.",
            language=chance.choice(["en", "en", "bn"]),
            state=state,
            now=NOW + number * DAY / 10,
        )
        tags = set(chance.sample(["a", "b", "c"], k=chance.randint(0, 2)))
        await ledger.tags.add(claim.id, sorted(tags))
        rating = chance.choice(["true", "false"]) if state is ClaimState.PUBLISHED else None
        if rating is not None:
            await a_verdict(ledger, claim, rating=rating)
        shelf.claims.append((claim, tags, rating))
    for narrow in (0, 3, 10_000):
        monkeypatch.setattr(finding, "NARROW", narrow)
        for _ in range(60):
            changes: dict[str, Any] = {}
            if chance.random() < 0.4:
                changes["language"] = chance.choice(["en", "bn", "hi"])
            if chance.random() < 0.3:
                changes["state"] = chance.choice([ClaimState.QUEUED, ClaimState.PUBLISHED])
            if chance.random() < 0.2:
                changes["rating"] = chance.choice(["true", "false", "mixed"])
            if chance.random() < 0.3:
                changes["tags"] = tuple(chance.sample(["a", "b", "c"], k=chance.randint(1, 2)))
            if chance.random() < 0.3:
                changes["after"] = NOW + chance.randint(0, 12) * DAY
            if chance.random() < 0.3:
                changes["before"] = NOW + chance.randint(0, 12) * DAY
            asked = ["river", "bank", "flood", "bank river", "ris", "word7"]
            terms = words(*chance.sample(asked, k=chance.randint(0, 2)))
            left_out = words(*chance.sample(["old", "flood rise"], k=chance.randint(0, 1)), begins=False)
            query = SearchQuery(terms, left_out, **changes)
            assert await found(ledger, query, window=200) == list(shelf.answers(query)), query


async def test_a_costly_search_ends_once_it_has_found_enough(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_FIRST", 2)
    monkeypatch.setattr(finding, "COSTLY", 8)
    monkeypatch.setattr(finding, "ENOUGH", 2)
    for number in range(60):
        await a_claim(ledger, f"River {number}.", language="bn" if number % 3 else "en")
    query = SearchQuery(words("river"), language="en")
    few = await ledger.finding.find(query, None, 50)
    assert few.more
    assert 2 <= len(few.candidates) < 20
    monkeypatch.setattr(finding, "ENOUGH", 50)
    assert len(await found(ledger, query)) == 20, "it never gives up before it has enough"
