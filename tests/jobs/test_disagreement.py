"""What reviewers thought who did not agree with the verdict."""

from __future__ import annotations

from datetime import timedelta

from bot.views.status import status_shown
from bot.views.words import words_for
from jobs.policy import Policy
from storage.kinds import ClaimState, Role
from storage.ledger import Ledger
from tests.bot.views.facts import seen
from tests.support.builders import NOW, a_claim, a_review, a_verdict


async def test_who_thought_otherwise_is_told_without_names_until_the_verdict_is_corrected(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
    for rating in ("false", "false", "mixed"):
        await a_review(ledger, claim, rating=rating)
    await a_review(ledger, claim, rating="true", submitted=False)
    await a_verdict(ledger, claim, rating="false")
    facts = await ledger.figures.status(claim.id)
    assert facts.otherwise == (("mixed", 1),)
    shown = seen(status_shown(facts, Role.PUBLIC, words_for("en"), Policy(), asked=False))
    assert "1 reviewer thought otherwise: \N{LARGE YELLOW CIRCLE} Partly true" in shown
    assert "Person" not in shown
    await a_verdict(ledger, claim, rating="mixed")
    assert (await ledger.figures.status(claim.id)).otherwise == ()


async def test_who_thought_otherwise_when_a_claim_was_reviewed_anew_is_told(ledger: Ledger) -> None:
    claim = await a_claim(ledger, state=ClaimState.PUBLISHED)
    await a_review(ledger, claim, rating="mixed")
    await a_verdict(ledger, claim, rating="false")
    later = NOW + timedelta(days=1)
    for rating in ("true", "true", "satire"):
        await a_review(ledger, claim, rating=rating, now=later)
    await a_verdict(ledger, claim, rating="true", now=later + timedelta(hours=1))
    assert (await ledger.figures.status(claim.id)).otherwise == (("satire", 1),)
