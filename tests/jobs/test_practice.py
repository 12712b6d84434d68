"""Practice goes through the real steps, and leaves the desk as if it had not been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jobs import evidence, practice, review
from jobs.dispatch import expire
from jobs.intake.submit import request_text
from jobs.listen import hear
from jobs.lookup import find_claim, mine_page, queue_page, search_page
from jobs.policy import Policy, Rating
from jobs.practice import Agreement, compare
from jobs.publish import approve
from jobs.search_query import parse
from jobs.seeding import load_seeds
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.kinds import AssignmentState, Awaiting, ClaimState, Role, SourceKind, Stance
from storage.ledger import Ledger
from storage.model import Assignment, ClaimId, Person
from tests.support.builders import NOW, a_claim, a_person, an_editor

POLICY = Policy()
CASES = len(list(practice.read_cases()))


async def begin(ledger: Ledger, person: Person) -> Assignment:
    """Ask for practice and get the next claim."""
    await practice.show(ledger, person, NOW, POLICY)
    return await another(ledger, person)


async def another(ledger: Ledger, person: Person) -> Assignment:
    mark = (await ledger.practice.progress(person.id)).mark
    await practice.go_on(ledger, person, person.id, mark, NOW, POLICY)
    opened = (await ledger.practice.progress(person.id)).open
    assert opened is not None
    return opened


async def work(ledger: Ledger, person: Person, offer: Assignment, rating: str, *, hand_in: bool = True) -> None:
    """Do every step of a review."""
    at = (ledger, person, offer.id)
    await review.take(*at, NOW, POLICY)
    await review.rate(*at, rating, NOW, POLICY)
    await evidence.add_source(*at, "https://example.org/report", NOW, POLICY)
    draft = await ledger.reviews.get_live(offer.claim_id, person.id)
    (source,) = await ledger.reviews.list_sources(draft.id)
    await evidence.describe_source(*at, source.id, NOW, POLICY, kind=SourceKind.NEWS, stance=Stance.REFUTES)
    await review.explain(*at, "The report says so.", NOW, POLICY)
    if hand_in:
        draft = await ledger.reviews.get_live(offer.claim_id, person.id)
        await review.submit(*at, draft.revision, NOW, POLICY)


async def every_row(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    names = await ledger.session.fetch_all(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'claim_words%'"
    )
    return {name: await ledger.session.fetch_all(f"SELECT * FROM {name} ORDER BY 1") for (name,) in names}


async def kinds(ledger: Ledger, person: Person) -> list[str]:
    rows = await ledger.session.fetch_all(
        "SELECT kind FROM outbox WHERE person_id = :me ORDER BY id", {"me": person.id}
    )
    return [row[0] for row in rows]


# The claims


async def test_the_claims_are_loaded_once_and_quietly(ledger: Ledger) -> None:
    person = await a_person(ledger)
    await a_person(ledger, on_duty=True)
    for _ in range(2):
        await practice.show(ledger, person, NOW, POLICY)
        assert (await ledger.practice.progress(person.id)).cases == CASES
    assert await ledger.session.fetch_all("SELECT DISTINCT kind FROM outbox") == [("practice_shown",)]
    assert await ledger.session.fetch_all("SELECT * FROM audit") == []
    assert await ledger.session.fetch_all("SELECT * FROM assignments") == []


def test_there_are_enough_claims_in_both_languages_and_of_many_ratings() -> None:
    cases = list(practice.read_cases())
    assert 8 <= len(cases) <= 10
    assert len({case["name"] for case in cases}) == len({case["claim"] for case in cases}) == len(cases)
    assert sorted(case["language"] for case in cases) == ["bn"] * 5 + ["en"] * 5
    assert len({case["rating"] for case in cases}) >= 5
    for case in cases:
        assert case["sources"]
        assert len(case["sources"]) >= POLICY.rating(case["rating"]).sources


async def test_a_claim_rated_off_the_desks_scale_is_left_out(ledger: Ledger) -> None:
    person = await a_person(ledger)
    small = Policy(scale=(Rating("true", 2, 1), Rating("false", 1, 1)))
    await practice.show(ledger, person, NOW, small)
    known = sum(case["rating"] in {"true", "false"} for case in practice.read_cases())
    assert (await ledger.practice.progress(person.id)).cases == known
    await practice.show(ledger, person, NOW, POLICY)
    assert (await ledger.practice.progress(person.id)).cases == CASES


async def test_the_same_text_can_still_come_in_and_be_past_and_be_asked_about(ledger: Ledger) -> None:
    person, public = await a_person(ledger), await a_person(ledger, role=Role.PUBLIC)
    await practice.show(ledger, person, NOW, POLICY)
    loaded = await load_seeds(ledger, NOW, POLICY)
    assert loaded.verdicts == 6, "the past fact-checks are real claims beside"
    case = next(case for case in practice.read_cases() if case["name"] == "lightning")
    assert (await search_page(ledger, parse("lightning twice", POLICY, "UTC"), None, NOW, POLICY, 0)).total == 0
    await request_text(ledger, public, case["claim"], None, NOW, POLICY)
    (line,) = (await search_page(ledger, parse("lightning twice", POLICY, "UTC"), None, NOW, POLICY, 0)).lines
    assert line.claim.id == 7, "no public number was spent on practice"
    assert not line.claim.practice


async def test_whoever_reads_a_language_gets_its_claims_first(ledger: Ledger) -> None:
    for language in ("bn", "en"):
        offer = await begin(ledger, await a_person(ledger, language=language))
        assert (await ledger.claims.get(offer.claim_id)).language == language


# The comparison


@pytest.mark.parametrize(
    ("rating", "desks", "how"),
    [
        ("false", "false", Agreement.SAME),
        ("satire", "satire", Agreement.SAME),
        ("mostly_false", "false", Agreement.NEXT),
        ("true", "mostly_true", Agreement.NEXT),
        ("mixed", "false", Agreement.FAR),
        ("true", "false", Agreement.FAR),
        ("misleading", "false", Agreement.APART),
        ("false", "satire", Agreement.APART),
        ("gone_from_the_scale", "false", Agreement.APART),
    ],
)
def test_how_a_rating_stands_to_the_desks(rating: str, desks: str, how: Agreement) -> None:
    assert compare(rating, desks, POLICY) is how


async def test_a_round_is_counted_and_can_be_begun_again(ledger: Ledger) -> None:
    person = await a_person(ledger)
    seen = []
    offer = await begin(ledger, person)
    for number in range(CASES):
        case = await ledger.practice.get(offer.claim_id)
        rating = case.rating if number < 3 else "mixed" if case.rating != "mixed" else "true"
        await work(ledger, person, offer, rating)
        seen.append(offer.claim_id)
        if number < CASES - 1:
            offer = await another(ledger, person)
    progress = await ledger.practice.progress(person.id)
    assert (progress.done, progress.agreeing, progress.open) == (CASES, 3, None)
    assert len(set(seen)) == CASES
    with pytest.raises(Refused, match="practice_done"):
        await another(ledger, person)
    await practice.start_over(ledger, person, person.id, progress.mark, NOW, POLICY)
    with pytest.raises(Stale, match="practice_moved_on"):
        await practice.start_over(ledger, person, person.id, progress.mark, NOW, POLICY)
    again = await ledger.practice.progress(person.id)
    assert (again.done, again.agreeing) == (0, 0)
    assert again.open is not None
    assert again.open.claim_id == seen[0]
    await work(ledger, person, again.open, "true")
    assert (await ledger.practice.progress(person.id)).done == 1


async def test_what_was_left_comes_first_and_what_was_passed_on_last(ledger: Ledger) -> None:
    person = await a_person(ledger)
    passed = await begin(ledger, person)
    await review.pass_on(ledger, person, passed.id, NOW, POLICY)
    left = await another(ledger, person)
    assert left.claim_id != passed.claim_id
    await work(ledger, person, left, "true", hand_in=False)
    await practice.stop(ledger, person, person.id, NOW)
    assert await ledger.people.find_focus(person.id) is None
    again = await another(ledger, person)
    assert again.claim_id == left.claim_id
    await review.take(ledger, person, again.id, NOW, POLICY)
    draft = await ledger.reviews.get_live(again.claim_id, person.id)
    assert draft.explanation == "The report says so."
    await review.submit(ledger, person, again.id, draft.revision, NOW, POLICY)
    for _ in range(CASES - 2):
        offer = await another(ledger, person)
        assert offer.claim_id != passed.claim_id
        await work(ledger, person, offer, "true")
    assert (await another(ledger, person)).claim_id == passed.claim_id


async def test_people_practise_apart_from_each_other(ledger: Ledger) -> None:
    one, two = [await a_person(ledger, language="en") for _ in range(2)]
    first, second = await begin(ledger, one), await begin(ledger, two)
    assert first.claim_id == second.claim_id
    await work(ledger, one, first, "true")
    assert (await ledger.practice.progress(one.id)).done == 1
    assert (await ledger.practice.progress(two.id)).done == 0
    await work(ledger, two, second, "false")
    assert (await ledger.claims.get(first.claim_id)).revision == 0


# Buttons of before, and of others


async def test_only_the_team_practises(ledger: Ledger) -> None:
    public = await a_person(ledger, role=Role.PUBLIC)
    before = await every_row(ledger)
    with pytest.raises(NotAllowed):
        await practice.show(ledger, public, NOW, POLICY)
    assert await every_row(ledger) == before
    await begin(ledger, await an_editor(ledger))


async def test_stale_and_foreign_buttons_and_double_taps_change_nothing(ledger: Ledger) -> None:
    person, other = await a_person(ledger), await a_person(ledger)
    offer = await begin(ledger, person)
    before = await every_row(ledger)
    for owner, presser, mark, error in (
        (person, person, 0, "practice_moved_on"),
        (person, person, offer.id, "practice_moved_on"),
        (person, person, 999, "practice_moved_on"),
        (person, other, offer.id, "offer_not_yours"),
        (other, person, offer.id, "offer_not_yours"),
    ):
        with pytest.raises(Refused, match=error):
            await practice.go_on(ledger, presser, owner.id, type(offer.id)(mark), NOW, POLICY)
        with pytest.raises(Refused, match=error):
            await practice.start_over(ledger, presser, owner.id, type(offer.id)(mark), NOW, POLICY)
    with pytest.raises(NotAllowed):
        await practice.stop(ledger, other, person.id, NOW)
    with pytest.raises(NotAllowed):
        await review.take(ledger, other, offer.id, NOW, POLICY)
    assert await every_row(ledger) == before
    await work(ledger, person, offer, "true")
    before = await every_row(ledger)
    with pytest.raises(Stale, match="review_submitted"):
        await review.submit(ledger, person, offer.id, 5, NOW, POLICY)
    with pytest.raises(Stale):
        await review.take(ledger, person, offer.id, NOW, POLICY)
    assert await every_row(ledger) == before


async def test_stopping_twice_is_stopping_once(ledger: Ledger) -> None:
    person = await a_person(ledger)
    await review.take(ledger, person, (await begin(ledger, person)).id, NOW, POLICY)
    await practice.stop(ledger, person, person.id, NOW)
    before = await every_row(ledger)
    await practice.stop(ledger, person, person.id, NOW)
    assert await every_row(ledger) == before


# Beside real work


async def test_practice_takes_nobody_from_real_claims(ledger: Ledger) -> None:
    person, public = await a_person(ledger, on_duty=True), await a_person(ledger, role=Role.PUBLIC)
    offer = await begin(ledger, person)
    await review.take(ledger, person, offer.id, NOW, POLICY)
    assert [(each.live, each.open_offers, each.last_offered_at) for each in await ledger.people.list_on_duty()] == [
        (0, 0, None)
    ]
    await request_text(ledger, public, "The bridge was closed for 30 days.", None, NOW, POLICY)
    (real,) = await ledger.assignments.list_live_of(person.id)
    await review.take(ledger, person, real.id, NOW, POLICY)
    assert POLICY.capacity == 1


async def test_free_text_goes_to_the_claim_in_focus_and_to_no_other(ledger: Ledger) -> None:
    person, public = await a_person(ledger, on_duty=True), await a_person(ledger, role=Role.PUBLIC)
    await request_text(ledger, public, "The bridge was closed for 30 days.", None, NOW, POLICY)
    (real,) = await ledger.assignments.list_live_of(person.id)
    await review.take(ledger, person, real.id, NOW, POLICY)
    await review.rate(ledger, person, real.id, "false", NOW, POLICY)
    offer = await begin(ledger, person)
    await say(ledger, person, "https://example.org/real")
    await review.take(ledger, person, offer.id, NOW, POLICY)
    with pytest.raises(Refused, match="draft_waiting"):
        await say(ledger, person, "https://example.org/neither")
    await review.rate(ledger, person, offer.id, "false", NOW, POLICY)
    await say(ledger, person, "https://example.org/practice")
    await review.go_to(ledger, person, real.id, Awaiting.SOURCE, NOW, POLICY)
    await say(ledger, person, "https://example.org/real-again")
    assert await review.leave(ledger, person, NOW) == real.claim_id
    drafts = [await ledger.reviews.get_live(each.claim_id, person.id) for each in (real, offer)]
    found = [[source.url for source in await ledger.reviews.list_sources(draft.id)] for draft in drafts]
    assert found == [
        ["https://example.org/real", "https://example.org/real-again"],
        ["https://example.org/practice"],
    ]
    assert await ledger.session.fetch_all("SELECT * FROM submissions") == []


async def say(ledger: Ledger, person: Person, text: str) -> None:
    await hear(ledger, person, text, None, NOW, POLICY, forwarded=False)


async def test_ones_own_list_has_the_open_practice_claim_and_no_other_list_has(ledger: Ledger) -> None:
    person = await a_person(ledger)
    offer = await begin(ledger, person)
    (line,) = (await mine_page(ledger, person, 0, POLICY)).lines
    assert (line.claim.practice, line.assignment_id) == (True, offer.id)
    assert (await queue_page(ledger, NOW, POLICY, 0)).total == 0
    claim = await ledger.claims.get(offer.claim_id)
    assert (await search_page(ledger, parse(claim.text, POLICY, "UTC"), None, NOW, POLICY, 0)).total == 0
    for number in (offer.claim_id, ClaimId(-offer.claim_id)):
        with pytest.raises(NotFound):
            await find_claim(ledger, number)
        with pytest.raises(NotFound):
            await ledger.figures.status(number)
        with pytest.raises(NotFound):
            await ledger.figures.decision(number)
    await work(ledger, person, offer, "true")
    assert (await mine_page(ledger, person, 0, POLICY)).total == 0


async def test_no_editors_button_works_on_a_practice_claim(ledger: Ledger) -> None:
    person, editor = await a_person(ledger), await an_editor(ledger)
    offer = await begin(ledger, person)
    before = await every_row(ledger)
    with pytest.raises(NotFound):
        await approve(ledger, editor, offer.claim_id, 0, NOW, POLICY)
    assert await every_row(ledger) == before


@pytest.mark.parametrize("taken", [True, False])
async def test_time_runs_out_as_in_real_work_and_the_draft_is_kept(ledger: Ledger, taken: bool) -> None:
    person = await a_person(ledger)
    offer = await begin(ledger, person)
    if taken:
        await work(ledger, person, offer, "true", hand_in=False)
    later = NOW + timedelta(days=2)
    if taken:
        with pytest.raises(Stale, match="lease_expired"):
            await review.rate(ledger, person, offer.id, "false", later, POLICY)
    assert await expire(ledger, later, POLICY) == 1
    assert (await ledger.assignments.get(offer.id)).state is AssignmentState.EXPIRED
    assert await ledger.people.find_focus(person.id) is None
    await practice.go_on(ledger, person, person.id, offer.id, later, POLICY)
    again = (await ledger.practice.progress(person.id)).open
    assert again is not None
    assert (again.claim_id == offer.claim_id) is taken


async def test_the_end_of_a_practice_claim_offers_nothing_to_anybody(ledger: Ledger) -> None:
    await begin(ledger, await a_person(ledger))
    await a_person(ledger, on_duty=True)
    await a_claim(ledger, state=ClaimState.QUEUED)
    assert await expire(ledger, NOW + timedelta(days=2), POLICY) == 1
    assert await ledger.session.fetch_all("SELECT id FROM assignments WHERE claim_id > 0") == []


async def test_who_goes_on_before_the_clock_has_come_by_gets_the_next_claim(ledger: Ledger) -> None:
    person = await a_person(ledger)
    offer = await begin(ledger, person)
    await practice.go_on(ledger, person, person.id, offer.id, NOW + timedelta(days=2), POLICY)
    assert (await ledger.assignments.get(offer.id)).state is AssignmentState.EXPIRED


async def test_after_the_last_claim_the_person_hears_how_it_went(ledger: Ledger) -> None:
    person = await a_person(ledger)
    offer = await begin(ledger, person)
    for number in range(CASES):
        await work(ledger, person, offer, "true")
        if number < CASES - 1:
            offer = await another(ledger, person)
        if number == CASES - 2:
            for message in await ledger.outbox.lease_due(NOW, 100):
                await ledger.outbox.mark_sent(message, [message.id], NOW)
    assert (await kinds(ledger, person))[-1] == "practice_shown"
    assert set(await kinds(ledger, person)) == {"practice_shown", "work_changed"}


async def test_a_draft_stays_first_also_when_its_next_offer_was_stopped_untaken(ledger: Ledger) -> None:
    person = await a_person(ledger)
    begun = await begin(ledger, person)
    await work(ledger, person, begun, "false", hand_in=False)
    for _ in range(2):
        await practice.stop(ledger, person, person.id, NOW)
        assert (await another(ledger, person)).claim_id == begun.claim_id
