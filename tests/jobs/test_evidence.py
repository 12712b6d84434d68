"""The sources of a draft: copies, quotes, archives, protection; and what the public gets of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.views.decisions import decision_due
from bot.views.verdicts import verdict_published
from bot.views.words import words_for
from jobs import evidence, review
from jobs.listen import hear, hear_file, takes_files
from jobs.looking import Look, LookAt
from jobs.policy import Policy, Rating
from jobs.publish import approve
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import Awaiting, ClaimState, FileKind, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import Assignment, ClaimId, Person, Source, SourceId
from storage.values import SentFile
from tests.bot.views.facts import seen
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_review, an_editor

POLICY = Policy(quorum=1, max_reviews=1, scale=(Rating("false", 1, 2, 2), Rating("true", 2, 1, 1)))


async def draft(ledger: Ledger, *addresses: str) -> tuple[Person, Assignment, list[Source]]:
    """A draft with a rating, an explanation, and sources that are described."""
    person = await a_person(ledger, on_duty=True)
    lease = await a_lease(ledger, await a_claim(ledger, state=ClaimState.IN_REVIEW), person)
    await ledger.reviews.open_draft(lease.claim_id, person.id, NOW)
    at = (ledger, person, lease.id)
    await review.rate(*at, "false", NOW, POLICY)
    for address in addresses:
        await evidence.add_source(*at, address, NOW, POLICY)
    for source in await sources_of(ledger, lease, person):
        await evidence.describe_source(*at, source.id, NOW, POLICY, kind=SourceKind.NEWS, stance=Stance.REFUTES)
    await review.explain(*at, "Both say so.", NOW, POLICY)
    return person, lease, await sources_of(ledger, lease, person)


async def sources_of(ledger: Ledger, lease: Assignment, person: Person) -> list[Source]:
    return await ledger.reviews.list_sources((await ledger.reviews.get_live(lease.claim_id, person.id)).id)


async def hand_in(ledger: Ledger, person: Person, lease: Assignment) -> None:
    revision = (await ledger.reviews.get_live(lease.claim_id, person.id)).revision
    await review.submit(ledger, person, lease.id, revision, NOW, POLICY)


async def actions(ledger: Ledger, claim: ClaimId) -> list[str]:
    return [entry.action for entry in await ledger.audit.list_of("claim", claim)]


async def test_copies_count_once_until_they_are_taken_apart_again(ledger: Ledger) -> None:
    person, lease, (one, two) = await draft(ledger, "https://a.example/1", "https://b.example/1")
    at = (ledger, person, lease.id)
    await evidence.mark_copy(*at, two.id, one.id, NOW, POLICY)
    before = await ledger.reviews.get_live(lease.claim_id, person.id)
    await evidence.mark_copy(*at, two.id, one.id, NOW, POLICY)
    assert await ledger.reviews.get_live(lease.claim_id, person.id) == before, "a second tap changes nothing"
    with pytest.raises(Refused, match="origins_missing") as refused:
        await hand_in(ledger, person, lease)
    assert refused.value.data == {"needed": 2, "have": 1, "sources": 2}
    await evidence.mark_apart(*at, two.id, NOW, POLICY)
    await hand_in(ledger, person, lease)
    assert [each for each in await actions(ledger, lease.claim_id) if "source_c" in each or "source_p" in each] == [
        "review.source_copied",
        "review.source_parted",
    ]


async def test_copies_of_a_source_that_is_taken_out_stay_together_and_its_number_means_nobody(ledger: Ledger) -> None:
    addresses = [f"https://{each}.example/1" for each in "abc"]
    person, lease, (one, two, three) = await draft(ledger, *addresses)
    at = (ledger, person, lease.id)
    for each in (one, two):
        await evidence.mark_copy(*at, each.id, three.id, NOW, POLICY)
    await evidence.remove_source(*at, three.id, NOW, POLICY)
    await evidence.add_source(*at, "https://d.example/1", NOW, POLICY)
    await evidence.describe_source(
        *at, (await sources_of(ledger, lease, person))[-1].id, NOW, POLICY, kind=SourceKind.NEWS, stance=Stance.CONTEXT
    )
    kept = await sources_of(ledger, lease, person)
    assert [each.origin for each in kept] == [None, one.id, None] or [each.origin for each in kept] == [
        two.id,
        None,
        None,
    ]
    await hand_in(ledger, person, lease)


async def test_a_quote_and_an_archive_are_asked_for_and_taken_from_the_next_text(ledger: Ledger) -> None:
    person, lease, (one, two) = await draft(ledger, "https://a.example/1", "https://b.example/1")
    at = (ledger, person, lease.id)
    await evidence.look_at(*at, Look(two.id, LookAt.QUOTE), NOW, POLICY)
    focus = await ledger.people.find_focus(person.id)
    assert focus is not None
    assert focus.awaiting is Awaiting.QUOTE
    await hear(ledger, person, " It was open: https://b.example/1 ", None, NOW, POLICY, forwarded=True)
    await evidence.look_at(*at, Look(two.id, LookAt.ARCHIVE), NOW, POLICY)
    with pytest.raises(Refused, match="archive_not_address"):
        await hear(ledger, person, "at the archive", None, NOW, POLICY, forwarded=False)
    await hear(ledger, person, "https://archive.example/1", None, NOW, POLICY, forwarded=False)
    # Back at the menu: a text is a new source.
    await hear(ledger, person, "https://c.example/1", None, NOW, POLICY, forwarded=False)
    kept = await sources_of(ledger, lease, person)
    assert [(each.quote, each.archived_url, each.accessed_at) for each in kept[:2]] == [
        (None, None, NOW),
        ("It was open: https://b.example/1", "https://archive.example/1", NOW),
    ]
    assert kept[0] == one
    assert kept[2].url == "https://c.example/1"


async def test_a_protected_source_is_published_by_its_description_alone(ledger: Ledger) -> None:
    person, lease, (one, two) = await draft(ledger, "https://a.example/1", "https://b.example/secret")
    at = (ledger, person, lease.id)
    await evidence.archive_source(*at, two.id, "https://archive.example/secret", NOW, POLICY)
    await evidence.look_at(*at, Look(two.id, LookAt.PROTECTION), NOW, POLICY)
    with pytest.raises(Refused, match="description_has_address"):
        await hear(ledger, person, "the clerk of https://b.example", None, NOW, POLICY, forwarded=False)
    await hear(ledger, person, "A clerk of the port", None, NOW, POLICY, forwarded=False)
    await hand_in(ledger, person, lease)
    claim = await ledger.claims.get(lease.claim_id)
    verdict = await approve(ledger, await an_editor(ledger), claim.id, claim.revision, NOW, POLICY)
    shown = await ledger.verdicts.list_sources(verdict.id)
    assert [(each.url, each.title, each.archived_url, each.protected) for each in shown] == [
        (one.url, None, None, False),
        (None, "A clerk of the port", None, True),
    ]
    outbox = await ledger.session.fetch_all("SELECT payload FROM outbox")
    audit = await ledger.session.fetch_all("SELECT data FROM audit WHERE action = 'review.source_protected'")
    assert "secret" not in json.dumps(outbox)
    assert "secret" not in json.dumps(audit)


async def test_who_changes_their_mind_shows_a_source_again(ledger: Ledger) -> None:
    person, lease, (one, two) = await draft(ledger, "https://a.example/1", "https://b.example/1")
    at = (ledger, person, lease.id)
    await evidence.protect_source(*at, two.id, "A clerk", NOW, POLICY)
    for _ in range(2):
        await evidence.unprotect_source(*at, two.id, NOW, POLICY)
    assert await sources_of(ledger, lease, person) == [one, two]


async def test_nobody_touches_the_sources_of_another_or_of_a_review_that_is_handed_in(ledger: Ledger) -> None:
    person, lease, (one, two) = await draft(ledger, "https://a.example/1", "https://b.example/1")
    other = await a_person(ledger)
    foreign = await ledger.reviews.list_sources((await a_review(ledger)).id)
    at = (ledger, person, lease.id)
    with pytest.raises(NotAllowed, match="offer_not_yours"):
        await evidence.mark_copy(ledger, other, lease.id, two.id, one.id, NOW, POLICY)
    for source in (foreign[0].id, SourceId(999)):
        with pytest.raises(NotFound, match="source_not_found"):
            await evidence.look_at(*at, Look(source), NOW, POLICY)
        with pytest.raises(NotFound, match="source_not_found"):
            await evidence.mark_copy(*at, one.id, source, NOW, POLICY)
    await hand_in(ledger, person, lease)
    with pytest.raises(Stale, match="review_submitted"):
        await evidence.mark_apart(*at, one.id, NOW, POLICY)
    assert replace(one, origin=None) in await sources_of(ledger, lease, person)


PHOTO = SentFile(FileKind.PHOTO, "id of today", "the photo")


async def test_a_file_is_a_source_once_and_reviewers_and_then_editors_can_see_it(ledger: Ledger) -> None:
    person, lease, _ = await draft(ledger, "https://a.example/1")
    editor, other = await an_editor(ledger), await a_person(ledger)
    at = (ledger, person, lease.id)
    await review.go_to(*at, Awaiting.RATING, NOW, POLICY)
    assert not await takes_files(ledger, person)
    await review.go_to(*at, Awaiting.SOURCE, NOW, POLICY)
    assert await takes_files(ledger, person)
    await hear_file(ledger, person, PHOTO, "The closed gate", NOW, POLICY)
    with pytest.raises(Refused, match="source_known"):
        await hear_file(ledger, person, replace(PHOTO, id="id of tomorrow"), "Again", NOW, POLICY)
    photo = (await sources_of(ledger, lease, person))[-1]
    assert (photo.title, photo.file_kind, photo.file_id, photo.url) == (
        "The closed gate",
        FileKind.PHOTO,
        "id of today",
        None,
    )
    await evidence.show_file(ledger, person, photo.id, NOW)
    for each in (editor, other):
        with pytest.raises(NotAllowed, match="file_not_yours"):
            await evidence.show_file(ledger, each, photo.id, NOW)
    await evidence.describe_source(*at, photo.id, NOW, POLICY, kind=SourceKind.PRIMARY, stance=Stance.REFUTES)
    await hand_in(ledger, person, lease)
    await evidence.show_file(ledger, editor, photo.id, NOW)
    with pytest.raises(NotAllowed, match="file_not_yours"):
        await evidence.show_file(ledger, other, photo.id, NOW)
    told = await ledger.session.fetch_all("SELECT person_id FROM outbox WHERE kind = 'file_shown' ORDER BY id")
    assert [row[0] for row in told] == [person.id, editor.id]


async def test_a_protected_file_is_shown_to_its_reviewer_alone(ledger: Ledger) -> None:
    person, lease, (one,) = await draft(ledger, "https://a.example/1")
    at = (ledger, person, lease.id)
    await evidence.add_file(*at, PHOTO, "Rahima's log", NOW, POLICY)
    photo = (await sources_of(ledger, lease, person))[-1]
    await evidence.protect_source(*at, photo.id, "A clerk's log", NOW, POLICY)
    await evidence.describe_source(*at, photo.id, NOW, POLICY, kind=SourceKind.PRIMARY, stance=Stance.REFUTES)
    await hand_in(ledger, person, lease)
    with pytest.raises(NotAllowed, match="file_not_yours"):
        await evidence.show_file(ledger, await an_editor(ledger), photo.id, NOW)
    with pytest.raises(NotFound, match="source_not_found"):
        await evidence.show_file(ledger, person, one.id, NOW)
    await evidence.show_file(ledger, person, photo.id, NOW)


async def test_what_a_source_says_is_on_the_editors_card_and_in_the_verdict_unless_it_is_protected(
    ledger: Ledger,
) -> None:
    person, lease, (one, two) = await draft(ledger, "https://a.example/1", "https://b.example/1")
    at = (ledger, person, lease.id)
    for source, said in ((one, "The gate stood open."), (two, "I held the key.")):
        await evidence.quote_source(*at, source.id, said, NOW, POLICY)
    await evidence.protect_source(*at, two.id, "A clerk of the harbour", NOW, POLICY)
    await hand_in(ledger, person, lease)
    facts = await ledger.figures.decision(lease.claim_id)
    await approve(ledger, await an_editor(ledger), lease.claim_id, facts.claim.revision, NOW, POLICY)
    verdict = await ledger.verdicts.find_latest(lease.claim_id)
    assert verdict is not None
    sources = await ledger.verdicts.list_sources(verdict.id)
    assert [each.quote for each in sources] == ["The gate stood open.", None]
    for language in ("en", "bn"):
        words = words_for(language)
        for shown in (
            seen(decision_due(facts, words, POLICY)),
            seen(verdict_published(verdict, sources, facts.claim, facts.document, words)),
        ):
            assert "“The gate stood open.”" in shown
            assert "I held the key." not in shown
            assert "A clerk of the harbour" in shown
