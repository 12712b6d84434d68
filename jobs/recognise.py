"""Seeing that a new claim is one that the desk knows, in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jobs.likeness import Likeness, Thresholds, best
from jobs.policy import Policy
from jobs.ranking import Ranked, Rarity, looked_for, rank, stands_out
from jobs.requests import canonical
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim, ClaimId
from storage.search.index import EVERY
from storage.search.terms import query_terms, words_of

CANDIDATES = 50
"""Known claims that are put in order for a new one."""

COMPARED = 6
"""How many of them, the likeliest first, are compared with it word by word."""

LEAST = 0.1
"""The likeness that a claim must have, however far it is ahead of all others."""


async def recognise(ledger: Ledger, claim: Claim, now: datetime, policy: Policy) -> Claim | None:
    """Keep what a new claim is like; returns the known claim that it is, if the policy lets the desk merge them.

    Sentences of one document are not compared with each other: whoever wrote them meant several things.
    """
    first = await ledger.documents.first_claim(claim.document_id)
    ranked, rarity = await find_known(ledger, words_of(claim.text), before=first)
    weights = {term: rarity.says(term) for term in rarity.stems}
    ahead = stands_out(ranked, policy.match_lead)
    alike: dict[ClaimId, _Alike] = {}
    for each in ranked[:COMPARED]:
        enough = LEAST if ahead and each is ranked[0] else policy.match_similar
        thresholds = Thresholds(policy.match_same, min(enough, policy.match_similar), policy.match_min_words)
        likeness = best(claim.text, each.candidate.text, thresholds, weights, each.candidate.words)
        if likeness.level is None:
            continue
        known = await canonical(ledger, await ledger.claims.get(each.candidate.claim_id))
        found = _Alike(known, each.candidate.claim_id == known.id, each.score, likeness.level, likeness)
        if known.id != claim.id and (known.id not in alike or alike[known.id].weight < found.weight):
            alike[known.id] = found
    told = sorted(alike.values(), key=lambda found: (found.level is not MatchLevel.SAME, -found.score, found.known.id))
    for found in told[: policy.match_shown]:
        parts = found.likeness.parts()
        await ledger.matches.add(
            claim.id, found.known.id, found.level, found.likeness.score, MatchMethod.WORDS, parts, now
        )
    return told[0].known if policy.match_merges and told and told[0].level is MatchLevel.SAME else None


@dataclass(frozen=True, slots=True)
class _Alike:
    """A known claim with the evidence; `own` if that is about its own text, and not that of one merged into it."""

    known: Claim
    own: bool
    score: float
    level: MatchLevel
    likeness: Likeness

    @property
    def weight(self) -> tuple[bool, bool, float]:
        """Greater for what is told of a claim met several times: people see its own text, so the rest is about that."""
        return self.level is MatchLevel.SAME, self.own, self.score


async def find_known(
    ledger: Ledger, words: Sequence[str], *, before: ClaimId | None = None
) -> tuple[list[Ranked], Rarity]:
    """Return known claims that share words with a text, likeliest first, and how rare its stems and runs are.

    Args:
        before: only claims with a smaller number; None for all.
    """
    stems, grams = looked_for(words)
    counts = await ledger.index.count("stem", [EVERY, *stems])
    rarity = Rarity(counts.pop(EVERY, 0), counts, await ledger.index.count("gram", grams))
    telling = {term: rarity.stems[term] for term in query_terms(words) if term in rarity.stems}
    candidates = await ledger.index.candidates(telling, CANDIDATES, before=before)
    return rank(words, candidates, rarity), rarity
