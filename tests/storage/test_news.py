"""What lies between two marks, whatever the clock says."""

from __future__ import annotations

from datetime import timedelta

from storage.kinds import ClaimState
from storage.ledger import Ledger
from storage.model import AuditId, ClaimId
from storage.values import Marks
from tests.support.builders import NOW, a_claim, a_verdict

HOUR = timedelta(hours=1)
NOTHING = Marks(AuditId(0), ClaimId(0))


async def test_new_claims_come_newest_first_with_their_number(ledger: Ledger) -> None:
    await a_claim(ledger)
    before = await ledger.news.marks()
    # The clock was set back, forth and back again; the order in which they came is what counts.
    inside = [await a_claim(ledger, now=NOW + hours * HOUR) for hours in (-5, 90, 1)]
    upto = await ledger.news.marks()
    await a_claim(ledger)
    assert await ledger.news.list_claims(before, upto, limit=2) == ([inside[2], inside[1]], 3)
    assert await ledger.news.list_claims(before, before, limit=2) == ([], 0)


async def test_what_is_brought_along_from_elsewhere_is_no_news(ledger: Ledger) -> None:
    claim = await a_claim(ledger)
    await ledger.milestones.forget(claim.id)
    await ledger.audit.append("claim.imported", "claim", claim.id, NOW)
    assert await ledger.news.list_claims(NOTHING, await ledger.news.marks(), limit=9) == ([], 0)


async def test_decisions_and_publications_are_told_in_their_order(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
    verdicts = [await a_verdict(ledger, claim, rating=rating) for rating in ("true", "false")]
    steps = [await ledger.news.marks()]
    for verdict in verdicts:
        decided = {"rating": verdict.rating, "version": verdict.version}
        await ledger.audit.append("verdict.decided", "claim", claim.id, NOW, data=decided)
        steps.append(await ledger.news.marks())
    # Published later than decided, and the clock was set back in between.
    await ledger.audit.append("claim.publish", "claim", claim.id, NOW - HOUR, data={"version": 2})
    steps.append(await ledger.news.marks())
    news = ledger.news
    assert await news.list_decided(steps[0], steps[1], limit=9) == ([(claim.id, "true")], 1)
    assert await news.list_decided(steps[0], steps[2], limit=1) == ([(claim.id, "false")], 2)
    assert await news.list_decided(steps[1], steps[3], limit=9) == ([], 0), "published within the period"
    assert await news.list_published(steps[0], steps[2], corrections=True, limit=9) == ([], 0)
    assert await news.list_published(steps[2], steps[3], corrections=True, limit=9) == ([verdicts[1]], 1)
    assert await news.list_published(steps[2], steps[3], corrections=False, limit=9) == ([], 0)
    assert await news.count("verdict.decided", steps[0], steps[3]) == 2
    assert await news.list_subjects("verdict.decided", steps[0], steps[3], limit=1) == [claim.id]


async def test_a_period_stops_before_what_is_dated_after_its_end(ledger: Ledger) -> None:
    marks = [await ledger.news.marks()]
    for hours in (0, 1, 2, 1):
        await ledger.audit.append("person.duty", "person", 1, NOW + hours * HOUR)
        await a_claim(ledger, now=NOW + hours * HOUR)
        marks.append(await ledger.news.marks())
    late = NOW + 9 * HOUR
    assert await ledger.news.marks_at(marks[0], NOW + HOUR, late) == marks[1]
    assert await ledger.news.marks_at(marks[0], NOW + 2 * HOUR, late) == marks[2]
    # Behind what is dated later nothing was taken yet, though it is dated before the end.
    assert await ledger.news.marks_at(marks[3], NOW + 2 * HOUR, late) == marks[4]
    assert await ledger.news.marks_at(marks[4], NOW, late) == marks[4]
    # What is dated after this very moment was written under a wrong clock.
    assert await ledger.news.marks_at(marks[0], NOW + HOUR, NOW + HOUR / 2) == marks[4]


async def test_a_span_of_the_clock_begins_before_the_first_that_is_dated_in_it(ledger: Ledger) -> None:
    assert await ledger.news.marks_before(NOW) == NOTHING
    marks = [NOTHING]
    for hours in (0, 1, 2):
        await ledger.audit.append("person.duty", "person", 1, NOW + hours * HOUR)
        await a_claim(ledger, now=NOW + hours * HOUR)
        marks.append(await ledger.news.marks())
    found = [await ledger.news.marks_before(NOW + hours * HOUR) for hours in (-1, 0, 1, 2, 3)]
    assert found == [marks[0], marks[0], marks[1], marks[2], marks[3]]
