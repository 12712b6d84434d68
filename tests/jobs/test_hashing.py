"""Files given as evidence are fetched once, over HTTP, and only their hash and size stay."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.fetching import fetcher
from bot.request import AiohttpRequest, Endpoint
from bot.sandbox import Fault, Sandbox, SandboxServer
from bot.sandbox.model import StoredFile
from bot.views.decisions import decision_due
from bot.views.words import words_for
from jobs import evidence
from jobs.hashing import ATTEMPTS_MOST, Fetcher, hash_files, pause_after
from jobs.origins import given_twice, likely_copies
from jobs.policy import Policy
from storage.database import Database
from storage.kinds import ClaimState, FileKind
from storage.model import ClaimId
from storage.values import SentFile
from tests.bot.views.facts import a_source, seen
from tests.support.builders import NOW, a_claim, a_lease, a_person

POLICY = Policy()
PAPER = b"%PDF-1.7 The log of the harbour office."


@dataclass
class Office:
    """The embedded Bot API, and a way to fetch its files."""

    server: SandboxServer
    fetch: Fetcher

    def file(self, content: bytes = PAPER, name: str = "log.pdf") -> StoredFile:
        return self.server.sandbox.files.add("documents", name, content)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with SandboxServer(Sandbox()) as server:
        request = AiohttpRequest(Endpoint(f"{server.base_url}/bot", server.token))
        bot = Bot(
            server.token,
            base_url=f"{server.base_url}/bot",
            base_file_url=f"{server.base_url}/file/bot",
            request=request,
            get_updates_request=request,
        )
        await request.initialize()
        yield Office(server, fetcher(bot))
        await request.shutdown()


async def give(database: Database, file: StoredFile, claim: ClaimId | None = None, *, unique: str = "") -> ClaimId:
    """Let a new reviewer give a file as a source; of a claim, or of a new one."""
    async with database.write() as ledger:
        person = await a_person(ledger)
        about = await (a_claim(ledger, state=ClaimState.IN_REVIEW) if claim is None else ledger.claims.get(claim))
        lease = await a_lease(ledger, about, person)
        await ledger.reviews.open_draft(about.id, person.id, NOW)
        sent = SentFile(FileKind.DOCUMENT, file.file_id, unique or file.file_unique_id)
        await evidence.add_file(ledger, person, lease.id, sent, "The log", NOW, POLICY)
        return about.id


async def hashes(database: Database) -> list[tuple[str | None, int | None]]:
    async with database.read() as ledger:
        rows = await ledger.session.fetch_all("SELECT sha256, file_size FROM sources ORDER BY id")
    return [(row[0], row[1]) for row in rows]


async def waiting(database: Database) -> list[tuple[int, str, str | None]]:
    async with database.read() as ledger:
        rows = await ledger.session.fetch_all("SELECT attempts, retry_at, given_up FROM fetches")
    return [(row[0], row[1], row[2]) for row in rows]


async def test_a_file_is_hashed_once_for_every_review_that_gives_it(database: Database, office: Office) -> None:
    file = office.file()
    claim = await give(database, file)
    await give(database, file, claim)
    assert await hash_files(office.fetch, database, NOW, POLICY) == 1
    digest = hashlib.sha256(PAPER).hexdigest()
    assert await hashes(database) == [(digest, len(PAPER))] * 2
    assert await waiting(database) == []
    assert await hash_files(office.fetch, database, NOW, POLICY) == 0
    async with database.read() as ledger:
        entries = [each for each in await ledger.audit.list_of("claim", claim) if each.action == "source.hashed"]
    assert [each.data["sha256"] for each in entries] == [digest] * 2


@pytest.mark.parametrize("fault", [Fault.status(502), Fault.retry_after(3), Fault.drop_before()])
async def test_what_fails_on_the_way_is_tried_again_later(database: Database, office: Office, fault: Fault) -> None:
    await give(database, office.file())
    await office.server.people.add_fault("getFile", fault, times=None)
    assert await hash_files(office.fetch, database, NOW, POLICY) == 0
    ((attempts, retry_at, given_up),) = await waiting(database)
    assert (attempts, datetime.fromisoformat(retry_at), given_up) == (1, NOW + pause_after(0), None)
    await office.server.people.clear_faults()
    assert await hash_files(office.fetch, database, NOW, POLICY) == 0, "not before its time"
    assert await hash_files(office.fetch, database, NOW + pause_after(0), POLICY) == 1


async def test_what_always_fails_is_given_up_in_the_end(database: Database, office: Office) -> None:
    await give(database, office.file())
    await office.server.people.add_fault("getFile", Fault.status(502), times=None)
    now = NOW
    for number in range(ATTEMPTS_MOST):
        assert await hash_files(office.fetch, database, now, POLICY) == 0
        now += pause_after(number)
    ((attempts, _, given_up),) = await waiting(database)
    assert (attempts, given_up) == (ATTEMPTS_MOST, "NetworkError")


async def test_a_file_that_is_too_big_or_gone_is_given_up_at_once_and_holds_up_no_other(
    database: Database, office: Office
) -> None:
    await give(database, office.file(bytes((20 << 20) + 1)))
    await give(database, replace(office.file(b"once"), file_id="gone"))
    await give(database, office.file(PAPER))
    assert await hash_files(office.fetch, database, NOW, POLICY) == 1
    assert [given_up for _, _, given_up in await waiting(database)] == ["BadRequest", "BadRequest"]
    assert await hash_files(office.fetch, database, NOW + timedelta(days=9), POLICY) == 0


async def test_one_file_from_two_reviewers_is_pointed_out_to_editors_as_one_origin(
    database: Database, office: Office
) -> None:
    # Telegram gives a file that was sent anew another unique id: only the bytes tell.
    claim = await give(database, office.file(), unique="one")
    await give(database, office.file(), claim, unique="two")
    assert await hash_files(office.fetch, database, NOW, POLICY) == 2
    async with database.write() as ledger:
        await ledger.session.execute(
            "UPDATE reviews SET state = 'submitted', rating = 'false', explanation = 'So.', submitted_at = updated_at"
        )
        facts = await ledger.figures.decision(claim)
    one, two = (opinion.sources for opinion in facts.opinions)
    assert given_twice([one, two]) == [(one[0], two[0])]
    for language, same in (("en", "are the same file"), ("bn", "একই ফাইল")):
        assert same in seen(decision_due(facts, words_for(language), POLICY))


def test_the_same_file_twice_in_one_review_is_a_likely_copy_and_a_protected_one_is_not_named_to_others() -> None:
    file = {"url": None, "file_kind": FileKind.PHOTO, "file_id": "f"}
    one = a_source(1, title="The gate", file_unique_id="a", sha256="0" * 64, **file)
    two = a_source(2, title="A door", file_unique_id="b", sha256="0" * 64, **file)
    unknown = a_source(3, title="A wall", file_unique_id="c", sha256=None, **file)
    assert likely_copies([one, two, unknown]) == [(two, one)]
    assert given_twice([[one], [unknown], [replace(two, protected=True)]]) == []
    assert given_twice([[replace(one, protected=True)], [two]]) == []


@given(st.integers(0, 1000))
def test_each_pause_is_as_long_as_the_one_before_or_longer_and_none_longer_than_six_hours(attempts: int) -> None:
    assert pause_after(attempts) <= pause_after(attempts + 1) <= timedelta(hours=6)
