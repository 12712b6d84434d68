"""Seeing that a new claim is one that the desk knows, in other words."""

from __future__ import annotations

from datetime import datetime

from jobs.likeness import Likeness, Thresholds, best
from jobs.policy import Policy
from jobs.requests import canonical
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim
from storage.search.terms import query_terms, words_of

CANDIDATES = 50
"""Known claims that are compared with a new one."""


async def recognise(ledger: Ledger, claim: Claim, now: datetime, policy: Policy) -> Claim | None:
    """Keep what a new claim is like; returns the known claim that it is, if the policy lets the desk merge them.

    Sentences of one document are not compared with each other: whoever wrote them meant several things.
    """
    thresholds = Thresholds(policy.match_same, policy.match_similar, policy.match_min_words)
    found = await ledger.index.candidates(query_terms(words_of(claim.text)), CANDIDATES)
    top = max((each.weight for each in found.found), default=0.0) or 1.0
    alike: dict[int, tuple[float, Claim, Likeness]] = {}
    for each in found.found:
        known = await ledger.claims.find(each.claim_id)
        if known is None or known.id == claim.id or known.document_id == claim.document_id:
            continue
        likeness = best(claim.text, known.text, thresholds, found.weights)
        if likeness.level is None:
            continue
        rank = each.weight / top + likeness.score
        known = await canonical(ledger, known)
        if known.id != claim.id and (known.id not in alike or alike[known.id][0] < rank):
            alike[known.id] = (rank, known, likeness)
    ranked = sorted(alike.values(), key=lambda each: (each[2].level is not MatchLevel.SAME, -each[0], each[1].id))
    for _, known, likeness in ranked[: policy.match_shown]:
        assert likeness.level is not None  # noqa: S101 - left out above
        await ledger.matches.add(
            claim.id, known.id, likeness.level, likeness.score, MatchMethod.WORDS, likeness.parts(), now
        )
    if policy.match_merges and ranked and ranked[0][2].level is MatchLevel.SAME:
        return ranked[0][1]
    return None
