"""What a digest tells, for whom, and the claims behind its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.views.digests import digest
from bot.views.words import words_for
from jobs.agreement import FEWEST
from jobs.digest_claims import claims_behind
from jobs.digest_content import SECTIONS, Period, Section, content_of, is_empty
from jobs.policy import Policy
from jobs.subscriptions import set_audience, subscribe, switch_section
from storage.digest_wishes import DigestWishes, Limit
from storage.errors import Stale
from storage.kinds import AssignmentState, Audience, Cadence, ClaimState, Role
from storage.ledger import Ledger
from storage.model import AuditId, ChatId, ClaimId, DigestId
from storage.values import Marks, Schedule
from tests.bot.views.facts import seen
from tests.support.builders import NOW, a_claim, a_lease, a_person, a_request, a_review, a_verdict, an_editor, an_offer
from tests.support.digests import post_due

DAY = timedelta(days=1)
POLICY = Policy(target=3 * DAY, page_size=2)
TEAM = ChatId(-500)


async def a_period(ledger: Ledger) -> Period:
    return Period(NOW - DAY, NOW + DAY, Marks(AuditId(0), ClaimId(0)), await ledger.news.marks(), "UTC")


async def a_busy_desk(ledger: Ledger) -> None:
    """Two published, one of them corrected; a disputed, two waiting (one for long, asked for by two), one merged."""
    for version in (1, 2):
        claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
        for number in range(1, version + 1):
            await a_verdict(ledger, claim, rating="false")
            await ledger.audit.append("verdict.decided", "claim", claim.id, NOW, data={"rating": "false"})
            await ledger.audit.append("claim.publish", "claim", claim.id, NOW, data={"version": number})
    await a_claim(ledger, state=ClaimState.DISPUTED)
    await a_claim(ledger, state=ClaimState.IN_REVIEW)
    for state in (ClaimState.TRIAGE, ClaimState.TRIAGE, ClaimState.AGREED):
        await a_claim(ledger, state=state)
    old = await a_claim(ledger, state=ClaimState.QUEUED, now=NOW - 5 * DAY)
    for _ in range(2):
        await a_request(ledger, old)
    await ledger.audit.append("claim.merge", "claim", old.id, NOW)


async def test_editors_are_told_everything_that_happened_and_waits(ledger: Ledger) -> None:
    await a_busy_desk(ledger)
    content = await content_of(ledger, await a_period(ledger), POLICY)
    told = content["sections"]
    assert {section: told[section]["total"] for section in told} == {
        "published": 2,
        "corrected": 1,
        "new": 8,
        "decided": 0,
        "disputed": 1,
        "demanded": 1,
        "waiting": 2,
        "pending": 3,
        "overdue": 1,
        "absorbed": 1,
        "agreement": 0,
        "undelivered": 0,
    }
    assert told["waiting"]["ages"] == [1, 0, 1, 0]
    assert (told["pending"]["to_approve"], told["pending"]["to_sort"], len(told["pending"]["ids"])) == (1, 2, 3)
    assert told["demanded"]["lines"][0]["asked"] == 2
    assert told["overdue"]["ids"] == [told["waiting"]["oldest"]["id"]] == [told["demanded"]["ids"][0]]
    assert told["published"]["lines"][0]["rating"] == "false"
    assert not is_empty(content)


@pytest.mark.parametrize("audience", list(Audience))
async def test_each_audience_sees_its_own_sections_only(ledger: Ledger, audience: Audience) -> None:
    await a_busy_desk(ledger)
    content = await content_of(ledger, await a_period(ledger), POLICY, audience)
    assert content["order"] == [each for each in SECTIONS[audience] if each not in {Section.MINE, Section.CHART}]
    assert content["chart"] is (Section.CHART in SECTIONS[audience])
    assert set(content["sections"]) == set(content["order"])
    fewer = await content_of(ledger, await a_period(ledger), POLICY, audience, left_out=["published"])
    assert set(content["order"]) - set(fewer["order"]) == {"published"}


async def test_a_person_in_private_sees_no_more_than_their_role_may(ledger: Ledger) -> None:
    period = await a_period(ledger)
    for role, most in ((Role.PUBLIC, "public"), (Role.REVIEWER, "reviewers"), (Role.ADMIN, "editors")):
        person = await a_person(ledger, role=role)
        content = await content_of(ledger, period, POLICY, Audience.EDITORS, chat_id=ChatId(person.telegram_id))
        assert content["audience"] == most
        modest = await content_of(ledger, period, POLICY, Audience.PUBLIC, chat_id=ChatId(person.telegram_id))
        assert modest["audience"] == "public"


async def test_a_reviewer_in_private_is_told_what_is_with_them(ledger: Ledger) -> None:
    me = await a_person(ledger)
    lease = await a_lease(ledger, person=me)
    await an_offer(ledger, person=me)
    await an_offer(ledger)
    assert lease.state is AssignmentState.TAKEN
    content = await content_of(
        ledger, await a_period(ledger), POLICY, Audience.REVIEWERS, chat_id=ChatId(me.telegram_id)
    )
    mine = content["sections"]["mine"]
    assert (mine["total"], mine["taken"], mine["offered"]) == (2, 1, 1)
    assert mine["due"]["id"] == lease.claim_id


async def test_a_backlog_alone_is_no_news(ledger: Ledger) -> None:
    await a_claim(ledger, state=ClaimState.QUEUED)
    marks = await ledger.news.marks()
    quiet = await content_of(ledger, Period(NOW, NOW + DAY, marks, marks, "UTC"), POLICY)
    assert quiet["sections"]["waiting"]["total"] == 1
    assert is_empty(quiet)


async def test_the_claims_behind_each_number_are_shown_page_by_page(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    subscription = await subscribe(ledger, editor, TEAM, None, Schedule(Cadence.DAILY, "UTC", 0), NOW)
    await set_audience(ledger, editor, subscription.id, Audience.EDITORS, NOW)
    await a_busy_desk(ledger)
    assert await post_due(ledger, subscription.next_at, POLICY) == 1
    await a_claim(ledger, now=subscription.next_at + DAY)
    digest = await ledger.subscriptions.get_digest(DigestId(1))
    for section, told in digest.content["sections"].items():
        if section in {"agreement", "undelivered"}:
            continue
        found: list[int] = []
        while len(found) < told["total"]:
            page = await claims_behind(ledger, digest.id, Section(section), len(found), POLICY)
            assert page.total == told["total"]
            assert 0 < len(page.lines) <= POLICY.page_size
            found += [line.claim.id for line in page.lines]
        assert len(found) == told["total"]
        assert found[:1] == [line["id"] for line in told.get("lines", ())][:1] or "lines" not in told
    with pytest.raises(Stale):
        await claims_behind(ledger, digest.id, Section.MINE, 0, POLICY)


async def test_numbers_are_beside_those_of_the_digest_before(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    daily = await subscribe(ledger, editor, TEAM, None, Schedule(Cadence.DAILY, "UTC", 0), NOW)
    await a_claim(ledger)
    await post_due(ledger, daily.next_at, POLICY)
    await switch_section(ledger, editor, daily.id, Section.DECIDED, daily.next_at, on=False)
    await post_due(ledger, daily.next_at + DAY, POLICY)
    first, second = [await ledger.subscriptions.get_digest(DigestId(number)) for number in (1, 2)]
    assert first.content["before"] is None
    assert second.content["before"]["new"] == 1
    assert "decided" in first.content["order"]
    assert "decided" not in second.content["order"]


async def test_agreement_is_told_to_editors_once_there_is_enough_of_it(ledger: Ledger) -> None:
    for number in range(FEWEST):
        told = (await content_of(ledger, await a_period(ledger), POLICY))["sections"]["agreement"]
        assert told == {"total": 0}, "of fewer it says next to nothing"
        claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
        await a_verdict(ledger, claim, rating="false")
        ratings = "false false" if number % 4 else "false true"
        at = {"id": claim.id, "ratings": ratings, "at": NOW.timestamp()}
        await ledger.session.execute(
            "UPDATE milestones SET decided_at = :at, ratings = :ratings WHERE claim_id = :id", at
        )
    content = await content_of(ledger, await a_period(ledger), POLICY)
    told = content["sections"]["agreement"]
    assert (told["total"], told["same"]) == (FEWEST, 0.75)
    assert told["nominal"]["low"] <= told["nominal"]["value"] <= told["nominal"]["high"]
    reviewers = await content_of(ledger, await a_period(ledger), POLICY, Audience.REVIEWERS)
    assert "agreement" not in reviewers["sections"]


async def test_editors_are_told_who_is_asked_to_decide_a_dispute(ledger: Ledger) -> None:
    judge, party = await an_editor(ledger, name="Judge"), await an_editor(ledger, name="Party")
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await a_review(ledger, claim, party)
    for audience, names in ((Audience.EDITORS, ["Judge"]), (Audience.REVIEWERS, [])):
        content = await content_of(ledger, await a_period(ledger), POLICY, audience)
        assert content["sections"]["disputed"]["lines"][0]["asked"] == names
    await a_review(ledger, claim, judge)
    content = await content_of(ledger, await a_period(ledger), POLICY)
    assert content["sections"]["disputed"]["lines"][0]["asked"] == ["Judge", "Party"], "better one of them than nobody"


async def test_a_verdict_is_told_with_its_summary_and_best_source(ledger: Ledger) -> None:
    await a_busy_desk(ledger)
    line = (await content_of(ledger, await a_period(ledger), POLICY))["sections"]["published"]["lines"][0]
    assert line["summary"]


@pytest.mark.parametrize("only", [Limit(), Limit(languages=("en",))])
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.EDITORS])
async def test_what_was_taken_back_is_told_among_the_corrections_and_stands_nowhere_else(
    ledger: Ledger, audience: Audience, only: Limit
) -> None:
    before = await ledger.news.marks()
    claims = [await a_claim(ledger, state=ClaimState.PUBLISHED) for _ in range(3)]
    for claim in claims:
        await a_verdict(ledger, claim, rating="false")
        await ledger.audit.append("claim.publish", "claim", claim.id, NOW, data={"version": 1})
    first, again, stands = claims
    await a_verdict(ledger, again, rating="true")
    await ledger.audit.append("claim.publish", "claim", again.id, NOW, data={"version": 2})
    for claim in (first, again):
        await ledger.audit.append("claim.retract", "claim", claim.id, NOW, data={"reason": "The record was <forged>."})
    period = Period(NOW - DAY, NOW + DAY, before, await ledger.news.marks(), "UTC")
    content = await content_of(ledger, period, POLICY, audience, wishes=DigestWishes(only=only))
    told = content["sections"]
    assert (told["published"]["total"], told["corrected"]["total"]) == (1, 2)
    assert [each["id"] for each in told["published"]["lines"]] == [stands.id]
    assert [(each["id"], each["rating"], each["retracted"]) for each in told["corrected"]["lines"]] == [
        (again.id, "true", "The record was <forged>."),
        (first.id, "false", "The record was <forged>."),
    ]
    shown = seen(digest({**content, "order": ["corrected"]}, words_for("en")))
    assert "Taken back: The record was <forged>." in shown
    later = Period(NOW, NOW + DAY, period.upto, await ledger.news.marks(), "UTC")
    assert (await content_of(ledger, later, POLICY, audience))["sections"]["corrected"]["total"] == 0


async def test_a_rating_that_the_scale_lost_does_not_stop_a_digest(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.DISPUTED)
    await a_review(ledger, claim, rating="true")
    await a_review(ledger, claim, rating="satire")
    policy = replace(POLICY, scale=tuple(each for each in POLICY.scale if each.key != "satire"))
    content = await content_of(ledger, await a_period(ledger), policy)
    assert [each["major"] for each in content["sections"]["disputed"]["lines"]] == [False]
