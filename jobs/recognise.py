"""Seeing that a new claim is one that the desk knows, in other words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobs.likeness import Likeness, Thresholds, best
from jobs.policy import Policy
from jobs.ranking import Ranked, Rarity, looked_for, rank
from jobs.requests import canonical
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim
from storage.search.terms import query_terms, words_of

CANDIDATES = 50
"""Known claims that are put in order for a new one."""

COMPARED = 6
"""How many of them, the likeliest first, are compared with it word by word."""


async def recognise(ledger: Ledger, claim: Claim, now: datetime, policy: Policy) -> Claim | None:
    """Keep what a new claim is like; returns the known claim that it is, if the policy lets the desk merge them.

    Sentences of one document are not compared with each other: whoever wrote them meant several things.
    """
    thresholds = Thresholds(policy.match_same, policy.match_similar, policy.match_min_words)
    words = words_of(claim.text)
    found, rarity = await find_known(ledger, words)
    ranked = [each for each in found if claim.document_id != each.candidate.document_id]
    weights = {term: rarity.says(term) for term in rarity.stems}
    alike: dict[int, tuple[float, Claim, Likeness]] = {}
    for each in ranked[:COMPARED]:
        likeness = best(claim.text, each.candidate.text, thresholds, weights, each.candidate.words)
        if likeness.level is None:
            continue
        known = await canonical(ledger, await ledger.claims.get(each.candidate.claim_id))
        if known.id != claim.id and (known.id not in alike or alike[known.id][0] < each.score):
            alike[known.id] = (each.score, known, likeness)
    told = sorted(alike.values(), key=lambda each: (each[2].level is not MatchLevel.SAME, -each[0], each[1].id))
    for _, known, likeness in told[: policy.match_shown]:
        assert likeness.level is not None  # noqa: S101 - left out above
        await ledger.matches.add(
            claim.id, known.id, likeness.level, likeness.score, MatchMethod.WORDS, likeness.parts(), now
        )
    if policy.match_merges and told and told[0][2].level is MatchLevel.SAME:
        return told[0][1]
    return None


async def find_known(ledger: Ledger, words: Sequence[str]) -> tuple[list[Ranked], Rarity]:
    """Return the known claims that share words with a text, likeliest first, and how rare its stems and runs are."""
    stems, grams = looked_for(words)
    rarity = Rarity(
        await ledger.index.size(), await ledger.index.count("stem", stems), await ledger.index.count("gram", grams)
    )
    telling = {term: rarity.stems[term] for term in query_terms(words) if term in rarity.stems}
    candidates = await ledger.index.candidates(telling, CANDIDATES)
    return rank(words, candidates, rarity), rarity
