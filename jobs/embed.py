"""The background job of the `semantic` extra: claims get vectors, and what says the same in quite other words is found.

Without the extra, or where it is switched off, it does nothing; the vectors that are there stay, and it goes on from
them when it is switched on again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from jobs.embedding import VERSION, Encoder, missing
from jobs.fusion import Evidence, fuse, lead, similar_by_meaning, stands_out
from jobs.indexing import Progress, progress
from jobs.intake.worth_meaning import by_meaning
from jobs.lifecycle import OPEN_STATES
from jobs.meaning import Fresh, Keep, Meanings, embed_missing, load
from jobs.policy import Policy
from jobs.recognise import find_known
from jobs.requests import canonical
from storage.database import Database
from storage.indexing import Walk
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim, ClaimId
from storage.search.terms import words_of

STEP = 16
"""Claims that are encoded before their vectors are kept: half a second of work that a stop may undo."""

MOST = 1_000
"""Claims of one run: half a minute. The next run goes on, and the check sees that the job still runs."""


class _Known:
    """What a process holds in memory of one database: all from its rows, and read again after a restart."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self.meanings = Meanings()
        self.loaded = False


_KNOWN: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


async def embed(database: Database, now: datetime, policy: Policy) -> int:
    """Encode claims that have no vector, and keep what they are like; returns how many it did."""
    if not policy.semantic or missing() is not None:
        return 0
    async with database.read() as ledger:
        waiting = await embedded(ledger)
    if waiting.ended:
        return 0
    # Only now: a desk into which nothing comes never loads the model.
    known = _KNOWN.setdefault(database, _Known())
    if not known.loaded:
        await load(database, known.meanings)
        known.loaded = True

    async def compare(ledger: Ledger, fresh: Sequence[Fresh]) -> Keep:
        claims = await ledger.claims.find_many([each.claim_id for each in fresh])
        undecided = [each for each in fresh if claims[each.claim_id].state in OPEN_STATES]
        found = [match for each in undecided for match in await _matches(ledger, claims[each.claim_id], each, policy)]
        worth = {each.claim_id: by_meaning(each.vector, claims[each.claim_id].worth) for each in undecided}

        async def keep(ledger: Ledger) -> None:
            for claim_id, value in worth.items():
                await ledger.claims.mark_worth(claim_id, value)
            for claim_id, known_id, score, parts in found:
                await ledger.matches.add(claim_id, known_id, MatchLevel.SIMILAR, score, MatchMethod.MEANING, parts, now)

        return keep

    done = 0
    while done < MOST and (step := await embed_missing(database, known.encoder, known.meanings, STEP, compare)):
        done += step
    return done


async def embedded(ledger: Ledger) -> Progress:
    """Return how far the encoding has come."""
    return await progress(ledger, Walk.VECTORS, VERSION)


_Match = tuple[ClaimId, ClaimId, float, dict[str, Any]]
"""A claim, the known one, the score and the evidence."""


async def _matches(ledger: Ledger, claim: Claim, fresh: Fresh, policy: Policy) -> list[_Match]:
    """Return what a claim is like: by meaning alone in another language, by meaning and words in its own."""
    if not policy.match_shown:
        return []
    first = await ledger.documents.first_claim(claim.document_id)
    ranked, _ = await find_known(ledger, words_of(claim.text), before=first)
    words = {each.candidate.claim_id: each.score for each in ranked}
    cosines = {each.claim_id: each.cosine for each in fresh.near if first is None or each.claim_id < first}
    known = await ledger.claims.find_many(list(words.keys() | cosines.keys()))
    found: list[tuple[ClaimId, float, dict[str, Any]]] = []
    at_home = {number: claim_of for number, claim_of in known.items() if claim_of.language == claim.language}
    evidence = [Evidence(number, words.get(number, 0.0), cosines.get(number, 0.0)) for number in sorted(at_home)]
    fused = _apart(fuse(evidence), at_home)
    if stands_out(fused):
        parts = {"lead": round(lead([each.score for each in fused]), 3)}
        found.append((fused[0].claim_id, fused[0].score, parts))
    abroad = [each for each in fresh.near if each.claim_id in known and each.claim_id not in at_home]
    one_each = _apart(abroad, known)
    if similar_by_meaning([each.cosine for each in one_each]):
        best = one_each[0]
        found.append((best.claim_id, best.cosine, {"language": known[best.claim_id].language}))
    matches = []
    for number, score, parts in found:
        meant = await canonical(ledger, known[number])
        if meant.id != claim.id:
            matches.append((claim.id, meant.id, round(min(1.0, score), 4), parts))
    return matches


class _Numbered(Protocol):
    @property
    def claim_id(self) -> ClaimId: ...


_T = TypeVar("_T", bound=_Numbered)


def _apart(ranked: Sequence[_T], known: Mapping[ClaimId, Claim]) -> list[_T]:
    """Leave of a claim and those merged into it only the best: they are no rivals of each other."""
    kept: dict[ClaimId, _T] = {}
    for each in ranked:
        claim = known[each.claim_id]
        kept.setdefault(claim.duplicate_of or claim.id, each)
    return list(kept.values())
