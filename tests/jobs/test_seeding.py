import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jobs.intake.submit import Incoming, ingest
from jobs.lookup import search_page
from jobs.policy import Policy
from jobs.requests import ask
from jobs.search_query import parse
from jobs.seeding import Loaded, load_seeds, read_seed
from storage.database import Database
from storage.integrity import find_broken_invariants
from storage.kinds import ClaimState, DocumentKind, Role
from storage.model import AuditId, ClaimId
from storage.values import Marks

NOW = datetime(2025, 6, 1, 3, 0, tzinfo=UTC)
POLICY = Policy()
ARTICLE = "munitions.bn.txt"


async def load(database: Database, now: datetime = NOW, **wanted: Any) -> Loaded:
    async with database.write() as ledger:
        return await load_seeds(ledger, now, POLICY, **wanted)


def everything_in(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    raw = sqlite3.connect(database.path)
    try:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: raw.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    finally:
        raw.close()


async def test_loading_twice_changes_nothing_in_any_table(database: Database) -> None:
    wanted: dict[str, Any] = {"articles": [ARTICLE], "people": True}
    assert await load(database, **wanted) == Loaded(verdicts=6, articles=1, people=5, chats=2)
    before = everything_in(database)
    assert await load(database, NOW + timedelta(days=3), **wanted) == Loaded(0, 0, 0, 0)
    assert everything_in(database) == before


async def test_past_fact_checks_are_published_claims_dated_as_they_were(database: Database) -> None:
    await load(database)
    async with database.read() as ledger:
        claims = await ledger.claims.list_in((ClaimState.PUBLISHED,))
        assert [claim.text for claim in claims] == [seed["claim"] for seed in read_seed("verdicts.json")]
        for claim, seed in zip(claims, read_seed("verdicts.json"), strict=True):
            decided_at = datetime.fromisoformat(seed["decided_at"])
            facts = await ledger.figures.status(claim.id)
            assert facts.document.kind is DocumentKind.SEED
            assert facts.verdict is not None
            assert (facts.verdict.version, facts.verdict.rating) == (1, seed["rating"])
            assert facts.verdict.decided_at == facts.verdict.published_at == claim.created_at == decided_at
            assert [source.url for source in facts.sources] == [source["url"] for source in seed["sources"]]
            assert {source.accessed_at for source in facts.sources} == {decided_at}
            assert facts.submitted == 0


async def test_the_audit_log_says_that_they_were_imported_and_when(database: Database) -> None:
    await load(database)
    async with database.read() as ledger:
        for claim in await ledger.claims.list_in((ClaimState.PUBLISHED,)):
            (entry,) = await ledger.audit.list_of("claim", claim.id)
            assert (entry.action, entry.at, entry.actor) == ("claim.imported", NOW, None)
        assert await ledger.audit.find_break() is None


async def test_past_fact_checks_are_found_and_answer_who_asks(database: Database) -> None:
    await load(database)
    async with database.write() as ledger:
        person = await ledger.people.meet(1, "Somebody", None, NOW)
        page = await search_page(ledger, parse("মহাপ্রাচীর", POLICY, "UTC"), None, NOW, POLICY, 0)
        assert page.total == 1
        assert await ask(ledger, person, page.lines[0].claim, NOW)
        assert await ledger.requests.list_requesters(page.lines[0].claim.id) == [person.id]
        assert await ledger.requests.list_unanswered(page.lines[0].claim.id, 1) == []


async def test_past_fact_checks_are_no_news_in_a_digest_of_today(database: Database) -> None:
    await load(database)
    async with database.read() as ledger:
        nothing, upto = Marks(AuditId(0), ClaimId(0)), await ledger.news.marks()
        assert await ledger.news.list_claims(nothing, upto, limit=5) == ([], 0)
        for corrections in (False, True):
            found = await ledger.news.list_published(nothing, upto, corrections=corrections, limit=5)
            assert found == ([], 0)


async def test_a_claim_that_the_desk_knows_keeps_its_own_life(database: Database) -> None:
    text = read_seed("verdicts.json")[0]["claim"]
    async with database.write() as ledger:
        known = await ingest(ledger, Incoming(DocumentKind.MESSAGE, text, whole=True), None, NOW, POLICY)
    assert (await load(database)).verdicts == 5
    async with database.read() as ledger:
        assert await ledger.claims.get(known.claims[0].claim.id) == known.claims[0].claim
        assert await ledger.verdicts.find_latest(known.claims[0].claim.id) is None


async def test_an_article_brings_its_claims_and_its_origin(database: Database) -> None:
    await load(database, verdicts=False, articles=[ARTICLE])
    async with database.read() as ledger:
        claims = await ledger.claims.list_in((ClaimState.TRIAGE,))
        assert len(claims) == 14
        document = await ledger.documents.get(claims[0].document_id)
    assert (document.kind, document.publisher, document.language) == (DocumentKind.ARTICLE, "নমুনা বার্তা (sample)", "bn")
    assert document.published_at == datetime(2025, 5, 7, 9, 30, tzinfo=UTC)


async def test_people_come_with_role_language_and_duty_and_get_offers(database: Database) -> None:
    async with database.write() as ledger:
        await load_seeds(ledger, NOW, replace(POLICY, queue_from_documents=True), articles=[ARTICLE], people=True)
    async with database.read() as ledger:
        admin = await ledger.people.find_by_telegram(7001)
        assert admin is not None
        assert (admin.role, admin.language, admin.on_duty) == (Role.ADMIN, "en", False)
        on_duty = await ledger.people.list_on_duty()
        assert [load.person.telegram_id for load in on_duty] == [7002, 7003]
        assert [load.open_offers for load in on_duty] == [1, 1]
        assert [chat.id for chat in await ledger.chats.list_publishing()] == [-1001000004001]


async def test_the_desk_is_in_order_afterwards(database: Database) -> None:
    await load(database, articles=[ARTICLE], people=True)
    async with database.read() as ledger:
        assert await find_broken_invariants(ledger, quorum=POLICY.quorum) == []
