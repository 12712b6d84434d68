"""What editors sort with: the documents that wait, the card of one, and the closing of a claim."""

from __future__ import annotations

from functools import partial

from bot.loaders.base import Delivery, Loader, Render
from bot.views import closing, desk_rules, triage
from jobs.desk_ruling import trials
from jobs.triage import sorting_of
from storage.desk_rules import RuleId
from storage.errors import NotFound
from storage.kinds import ClosingReason
from storage.model import ClaimId, DocumentId


async def _listed(it: Delivery) -> Render:
    return partial(triage.triage_listed, await it.ledger.triage.list_heaps(), it.words)


async def _shown(it: Delivery) -> Render:
    document = DocumentId(it.number("document"))
    sorting = await sorting_of(it.ledger, document, it.reader.id, it.now, it.deps.policy)
    return partial(triage.triage_shown, sorting, it.words)


async def _closing(it: Delivery) -> Render:
    facts = await it.ledger.figures.status(ClaimId(it.number("claim")))
    held = await it.ledger.holds.find(facts.claim.id) is not None
    return partial(closing.closing_shown, facts, it.words, held=held)


async def _closed(it: Delivery) -> Render:
    claims = [await it.ledger.claims.get(ClaimId(number)) for number in it.row.payload["claims"]]
    return partial(closing.claims_closed, claims, ClosingReason(it.row.payload["reason"]), it.words)


async def _rules(it: Delivery) -> Render:
    return partial(desk_rules.rules_shown, await it.ledger.desk_rules.list_all(), it.words)


async def _tested(it: Delivery) -> Render:
    claim = await it.ledger.claims.get(ClaimId(it.number("claim")))
    return partial(desk_rules.rules_tested, claim, await trials(it.ledger, claim), it.words)


async def _acted(it: Delivery) -> Render:
    rule = await it.ledger.desk_rules.find(RuleId(it.number("rule")))
    if rule is None:
        raise NotFound("rule_not_found", rule=it.number("rule"))
    claims = [await it.ledger.claims.get(ClaimId(number)) for number in it.row.payload["claims"]]
    return partial(desk_rules.rule_acted, rule, claims, it.words)


TRIAGE: dict[str, Loader] = {
    "triage_listed": _listed,
    "triage_shown": _shown,
    "closing_shown": _closing,
    "claims_closed": _closed,
    "rules_shown": _rules,
    "rules_tested": _tested,
    "rule_acted": _acted,
}
