"""The background job of the `semantic` extra: claims get vectors, and what says the same in quite other words is found.

What it holds in memory comes from rows and is read again after a restart. Switched off, the vectors that are there
stay, and it goes on from them when it is switched on again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from jobs.embedding import VERSION, Encoder
from jobs.fusion import FIELD
from jobs.indexing import Progress, progress
from jobs.intake.worth import score
from jobs.intake.worth_meaning import by_meaning
from jobs.lifecycle import OPEN_STATES
from jobs.meaning import Around, Fresh, Keep, Meanings, embed_missing, load
from jobs.notify import private_chat, show_decision, show_work
from jobs.policy import Policy
from jobs.relate import alike
from storage.database import Database
from storage.indexing import Walk
from storage.ledger import Ledger
from storage.matches import Match
from storage.model import ClaimId

STEP = 16
"""Claims of one transaction: half a second of work that a stop may undo."""

RUN = 15.0
"""Seconds after which a run leaves the rest to the next one: with a great deal to do, a quarter of the time is others',
and a desk that encodes for hours still notes every run."""

LOOKED_AT = 5 * FIELD
"""Nearest claims, in the same language and in others, that are looked at: some were merged into others."""


class Embedding:
    """The model and the vectors of one database, in the memory of the process that serves it."""

    def __init__(self) -> None:
        self.encoder = Encoder()
        self._meanings: Meanings | None = None

    async def embed(self, database: Database, now: datetime, policy: Policy) -> int:
        """Encode claims that have no vector, and keep it with what it tells of them; returns how many it did.

        Raises:
            SemanticMissing: the model cannot run here, and there is something to encode.
        """
        async with database.read() as ledger:
            if (await embedded(ledger)).ended:
                return 0
        # Only now: a desk into which nothing comes loads neither the vectors nor the model.
        if self._meanings is None:
            meanings = Meanings()
            await load(database, meanings)
            self._meanings = meanings
        known = self._meanings

        async def compare(fresh: Sequence[Fresh]) -> Keep:
            around = await self.encoder.run(_around, known, fresh)
            matches: list[Match] = []
            worth: dict[ClaimId, float] = {}
            async with database.read() as ledger:
                claims = await ledger.claims.find_many([each.claim.claim_id for each in fresh])
                for each, near in zip(fresh, around, strict=True):
                    claim = claims[each.claim.claim_id]
                    if claim.state in OPEN_STATES:
                        # Not with the value that is kept: the meaning may have had its say there, before another model.
                        worth[claim.id] = by_meaning(each.raw, score(claim.text, claim.language).value)
                        matches += await alike(ledger, claim, each, near, known, now, policy)
            return partial(_keep, matches, worth, now)

        clock = asyncio.get_running_loop().time
        done, until = 0, clock() + RUN
        while step := await embed_missing(database, self.encoder, known, STEP, compare):
            done += step
            if clock() >= until:
                break
        return done

    def close(self) -> None:
        """End the model's thread, after the text that it is at."""
        self.encoder.close()


async def embedded(ledger: Ledger) -> Progress:
    """Return how far the encoding has come."""
    return await progress(ledger, Walk.VECTORS, VERSION)


def _around(meanings: Meanings, fresh: Sequence[Fresh]) -> list[Around]:
    """Return what each claim is near to, without what came with it or after it."""
    return [meanings.around(each.vector, each.claim.language, LOOKED_AT, each.claim.first) for each in fresh]


async def _keep(matches: Sequence[Match], worth: Mapping[ClaimId, float], now: datetime, ledger: Ledger) -> None:
    for claim_id, value in worth.items():
        await ledger.claims.mark_worth(claim_id, value)
    told = set()
    for each in matches:
        is_new = await ledger.matches.add(
            each.claim_id, each.known_id, each.level, each.score, each.method, each.parts, each.found_at
        )
        if is_new:
            told.add(each.claim_id)
    for claim_id in sorted(told):
        await _show(ledger, claim_id, now)


async def _show(ledger: Ledger, claim_id: ClaimId, now: datetime) -> None:
    """Let the cards of a claim show what it is like; nobody gets a new message for it."""
    for each in await ledger.assignments.list_for_claim(claim_id):
        person = await ledger.people.get(each.person_id)
        if each.ended_at is None and await ledger.outbox.shows(private_chat(person), f"work:{each.id}"):
            await show_work(ledger, person, each.id, now)
    await show_decision(ledger, claim_id, now, only_shown=True)
