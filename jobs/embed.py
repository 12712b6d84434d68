"""The background job of the `semantic` extra: claims get vectors, and what says the same in another language is found.

Without the extra, or where it is switched off, it does nothing; the vectors that are there stay, and it goes on from
them when it is switched on again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from jobs.embedding import VERSION, Encoder, missing
from jobs.fusion import lead, similar_by_meaning
from jobs.indexing import Progress, progress
from jobs.lifecycle import OPEN_STATES
from jobs.meaning import Meanings, Near, embed_missing, load
from jobs.policy import Policy
from jobs.requests import canonical
from storage.database import Database
from storage.indexing import Walk
from storage.ledger import Ledger
from storage.matches import MatchLevel, MatchMethod
from storage.model import Claim, ClaimId

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
    """Encode claims that have no vector, and keep what they are like in other languages; returns how many it did."""
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

    async def relate(ledger: Ledger, near: Sequence[tuple[ClaimId, list[Near]]]) -> None:
        for claim_id, others in near:
            await _relate(ledger, claim_id, others, now, policy)

    done = 0
    while done < MOST and (step := await embed_missing(database, known.encoder, known.meanings, STEP, relate)):
        done += step
    return done


async def embedded(ledger: Ledger) -> Progress:
    """Return how far the encoding has come."""
    return await progress(ledger, Walk.VECTORS, VERSION)


async def _relate(ledger: Ledger, claim_id: ClaimId, near: Sequence[Near], now: datetime, policy: Policy) -> None:
    """Keep which known claim in another language says what an open claim says, if one stands out.

    In its own language the words have to agree, and were compared when it came in.
    """
    claim = await ledger.claims.get(claim_id)
    if claim.state not in OPEN_STATES or not policy.match_shown:
        return
    known_before = await ledger.claims.find_many([each.claim_id for each in near if each.claim_id < claim.id])
    # A claim and those merged into it are one: they are no rivals of each other.
    others: dict[ClaimId, tuple[float, Claim]] = {}
    for each in near:
        other = known_before.get(each.claim_id)
        if other is not None and other.language != claim.language and other.document_id != claim.document_id:
            others.setdefault(other.duplicate_of or other.id, (each.cosine, other))
    cosines = [cosine for cosine, _ in others.values()]
    if not similar_by_meaning(cosines):
        return
    nearest = next(iter(others.values()))[1]
    known = await canonical(ledger, nearest)
    if known.id == claim.id:
        return
    parts = {"cosine": round(cosines[0], 3), "lead": round(lead(cosines), 3), "language": nearest.language}
    await ledger.matches.add(
        claim.id, known.id, MatchLevel.SIMILAR, round(min(1.0, cosines[0]), 4), MatchMethod.MEANING, parts, now
    )
