from storage.database import Database
from storage.ledger import Ledger
from storage.model import ClaimId
from storage.vectors import Kept, Missing, Vectors
from tests.support.builders import NOW, a_claim, a_document

ONE, OTHER = bytes([1] * 384), bytes([2] * 384)


async def test_vectors_come_back_in_blocks_by_the_number_of_their_claim(ledger: Ledger) -> None:
    vectors = Vectors(ledger.session)
    claims = [(await a_claim(ledger, language="bn")).id for _ in range(5)]
    await vectors.add_many([(claim, bytes([claim] * 384)) for claim in reversed(claims)])
    assert await vectors.count() == 5
    assert await vectors.list_block(0, 2) == [Kept(claim, bytes([claim] * 384), "bn") for claim in claims[:2]]
    assert [kept.claim_id for kept in await vectors.list_block(claims[1], 10)] == claims[2:]
    assert await vectors.list_block(claims[-1], 10) == []


async def test_a_vector_given_again_replaces_the_first(ledger: Ledger) -> None:
    vectors = Vectors(ledger.session)
    claim = (await a_claim(ledger)).id
    await vectors.add_many([(claim, ONE)])
    await vectors.add_many([(claim, OTHER)])
    assert await vectors.list_block(0, 10) == [Kept(claim, OTHER, "en")]


async def test_claims_without_a_vector_are_listed_in_order_with_text_and_the_first_of_their_document(
    ledger: Ledger,
) -> None:
    vectors = Vectors(ledger.session)
    document = await a_document(ledger)
    claims = [await a_claim(ledger, document=document, position=number) for number in range(3)]
    claims.append(await a_claim(ledger))
    await vectors.add_many([(claims[1].id, ONE)])
    assert await vectors.list_missing(0, 2) == [
        Missing(claim.id, claim.text, "en", claims[0].id) for claim in (claims[0], claims[2])
    ]
    assert await vectors.list_missing(claims[2].id, 10) == [Missing(claims[3].id, claims[3].text, "en", claims[3].id)]


async def test_claims_for_practice_get_no_vector(ledger: Ledger) -> None:
    document = await a_document(ledger)
    await ledger.practice.add(
        document_id=document.id,
        key="practice-1",
        text="Water boils at 100 degrees.",
        language="en",
        rating="true",
        summary="It does.",
        sources=[],
        decided_at=NOW,
    )
    assert await Vectors(ledger.session).list_missing(-100, 10) == []


async def test_purging_forgets_every_vector(database: Database) -> None:
    async with database.write() as ledger:
        claims = [(await a_claim(ledger)).id for _ in range(3)]
        await Vectors(ledger.session).add_many([(claim, ONE) for claim in claims])
    async with database.write() as ledger:
        assert await Vectors(ledger.session).purge() == 3
    async with database.read() as ledger:
        vectors = Vectors(ledger.session)
        assert await vectors.count() == 0
        assert [missing.claim_id for missing in await vectors.list_missing(ClaimId(0), 10)] == claims
