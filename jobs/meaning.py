"""Known claims by their meaning: every vector in memory, searched one and all, and joined with what the words say.

The search is exact: at a million claims it takes as long as the encoding of the text (docs/performance.md), and an
approximate index would cost memory, minutes to build, and hits. What only the meaning says is never more than
*similar*: vectors see neither numbers nor a "not".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.embedding import DIMENSIONS, SCALE, VERSION, Encoder, compact
from storage.database import Database
from storage.indexing import Walk
from storage.ledger import Ledger
from storage.model import ClaimId
from storage.vectors import Vectors as Rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jobs.embedding import Floats, Vectors

    Numbers = npt.NDArray[np.int64]

BLOCK = 20_000
"""Vectors read at a time when the desk starts: 8 MB."""

_FIELD = 200
"""Claims among which one in another language is looked for: those in the same language mostly lie nearer."""

_ROW = 256
"""Scores among which the greatest is looked for first, so that a million of them need not be sorted."""


@dataclass(frozen=True, slots=True)
class Near:
    """A known claim and the cosine of its vector with the one looked for: 1 the same, about 0 nothing in common."""

    claim_id: ClaimId
    cosine: float


@dataclass(frozen=True, slots=True)
class Fresh:
    """A claim that was just encoded: the vector of the model, of unit length, and the nearest claims, best first."""

    claim_id: ClaimId
    vector: Floats
    near: list[Near]


class Meanings:
    """The vectors of all claims, 384 bytes each. Grows by doubling, so that adding one costs next to nothing.

    `put` and the searches may run in different threads: a search sees the claims that were there when it began.
    """

    def __init__(self) -> None:
        import numpy as np  # noqa: PLC0415 - only needed with the extra

        self._ids: Numbers = np.empty(0, np.int64)
        self._rows: Vectors = np.empty((0, DIMENSIONS), np.int8)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def newest(self) -> int:
        """The number of the newest claim that is here; 0 if there is none."""
        return int(self._ids[self._size - 1]) if self._size else 0

    def reserve(self, size: int) -> None:
        """Make room for so many claims at once."""
        import numpy as np  # noqa: PLC0415

        if size > len(self._ids):
            ids, rows = np.empty(size, np.int64), np.empty((size, DIMENSIONS), np.int8)
            ids[: self._size], rows[: self._size] = self._ids[: self._size], self._rows[: self._size]
            self._ids, self._rows = ids, rows

    def put(self, claims: Sequence[int], vectors: Vectors) -> None:
        """Add claims, or give them another vector."""
        import numpy as np  # noqa: PLC0415

        ids = np.asarray(claims, np.int64)
        order = np.argsort(ids, kind="stable")
        ids, vectors = ids[order], vectors[order]
        fresh = ids > self.newest
        for claim_id, vector in zip(ids[~fresh], vectors[~fresh], strict=True):
            self._put_among(int(claim_id), vector)
        ids, vectors = ids[fresh], vectors[fresh]
        size = self._size + len(ids)
        if size > len(self._ids):
            self.reserve(max(size, 2 * len(self._ids)))
        self._ids[self._size : size], self._rows[self._size : size] = ids, vectors
        self._size = size

    def _put_among(self, claim_id: int, vector: Vectors) -> None:
        import numpy as np  # noqa: PLC0415

        ids, rows = self._ids[: self._size], self._rows[: self._size]
        at = int(np.searchsorted(ids, claim_id))
        if ids[at] == claim_id:
            rows[at] = vector
        else:  # an old claim that had no vector yet: rare enough to copy everything
            self._ids, self._rows = np.insert(ids, at, claim_id), np.insert(rows, at, vector, axis=0)
            self._size += 1

    def nearest(self, vector: Vectors, limit: int, *, without: Collection[int] = ()) -> list[Near]:
        """Return the claims nearest to a vector, best first, of equals the older one; not those in `without`."""
        import numpy as np  # noqa: PLC0415
        import simsimd  # noqa: PLC0415

        ids, rows = self._ids[: self._size], self._rows[: self._size]
        if not len(ids) or limit < 1:
            return []
        scores = np.asarray(simsimd.cdist(vector.reshape(1, -1), rows, metric="dot"))[0]
        found = _greatest(scores, min(limit + len(without), len(scores)))
        left_out = frozenset(without)
        near = [Near(ClaimId(int(ids[at])), float(scores[at]) / SCALE**2) for at in found if ids[at] not in left_out]
        return near[:limit]

    def cosines(self, vector: Vectors, claims: Sequence[int]) -> dict[int, float]:
        """Return the cosine of a vector with those of some claims; claims that have none are left out."""
        import numpy as np  # noqa: PLC0415

        ids, rows = self._ids[: self._size], self._rows[: self._size]
        asked = np.asarray(claims, np.int64)
        at = np.minimum(np.searchsorted(ids, asked), max(0, len(ids) - 1))
        known = at[ids[at] == asked] if len(ids) else at[:0]
        scores = rows[known].astype(np.int32) @ vector.astype(np.int32)
        return {int(ids[row]): float(score) / SCALE**2 for row, score in zip(known, scores, strict=True)}


def _greatest(scores: npt.NDArray[np.float64], limit: int) -> Numbers:
    """Return where the `limit` greatest scores stand, best first, of equals the first."""
    import numpy as np  # noqa: PLC0415

    whole = len(scores) // _ROW * _ROW
    if whole // _ROW > 4 * limit:
        # The greatest stand in those rows whose own greatest are the greatest.
        tops = scores[:whole].reshape(-1, _ROW).max(axis=1)
        bound = np.partition(tops, len(tops) - limit)[len(tops) - limit]
        rows = np.flatnonzero(tops >= bound)
        among = np.concatenate([(rows[:, None] * _ROW + np.arange(_ROW)).ravel(), np.arange(whole, len(scores))])
    else:
        among = np.arange(len(scores))
    # Cut before sorting, keeping every score that equals the last one.
    some = scores[among]
    if len(some) > limit:
        bound = np.partition(some, len(some) - limit)[len(some) - limit]
        among = among[some >= bound]
    best: Numbers = among[np.lexsort((among, -scores[among]))][:limit]
    return best


async def load(database: Database, meanings: Meanings) -> int:
    """Read from the database the vectors of claims newer than those in memory; returns how many came.

    A block at a time, each in a read transaction of its own: nobody waits for it. Vectors of another model are left.
    """
    import numpy as np  # noqa: PLC0415

    came = 0
    async with database.read() as ledger:
        if await _reached(ledger) is None:
            return 0
        # With room to grow: copying a full matrix takes its memory twice for a moment.
        count = await Rows(ledger.session).count()
        meanings.reserve(count + count // 8)
    while True:
        async with database.read() as ledger:
            block = await Rows(ledger.session).list_block(meanings.newest, BLOCK)
        if block:
            vectors = np.frombuffer(b"".join(vector for _, vector in block), np.int8).reshape(-1, DIMENSIONS)
            meanings.put([claim_id for claim_id, _ in block], vectors)
        came += len(block)
        if len(block) < BLOCK:
            return came


Keep = Callable[[Ledger], Awaitable[None]]
Compare = Callable[[Ledger, "Sequence[Fresh]"], Awaitable[Keep]]
"""Reads what is to be said of claims that were just encoded; gives what keeps it.

Two steps, because the reading takes too long for a transaction that writes."""


async def embed_missing(
    database: Database, encoder: Encoder, meanings: Meanings, limit: int, compare: Compare | None = None
) -> int:
    """Encode the next `limit` claims that have no vector, keep the vectors and put them in memory; how many it did.

    0: every claim has one. The model runs outside of any transaction; the rows are written in a short one with the note
    of how far the walk has come, so that a restart goes on there. Vectors of another model are dropped first.

    Args:
        compare: called for every claim that gets its first vector of this model; what it gives is kept in the same
            transaction as the vector, so that nothing is left out if the desk is stopped half way.

    Raises:
        SemanticMissing: the model cannot run here.
    """
    async with database.read() as ledger:
        upto = await _reached(ledger)
        claims = [] if upto is None else await Rows(ledger.session).list_missing(upto, limit)
        newest = await ledger.indexing.newest(Walk.VECTORS)
    if upto is None:
        async with database.write() as ledger:
            await Rows(ledger.session).purge()
            await ledger.indexing.mark(Walk.VECTORS, VERSION, 0)
        return await embed_missing(database, encoder, meanings, limit, compare)
    if not claims and newest == upto:
        return 0
    raw = await encoder.encode([text for _, text in claims])
    vectors = compact(raw)
    meanings.put([claim_id for claim_id, _ in claims], vectors)
    fresh = await asyncio.to_thread(_fresh, meanings, [claim_id for claim_id, _ in claims], raw, vectors)
    keep = None
    if compare is not None:
        async with database.read() as ledger:
            keep = await compare(ledger, fresh)
    async with database.write() as ledger:
        await Rows(ledger.session).add_many(
            [(claim_id, vector.tobytes()) for (claim_id, _), vector in zip(claims, vectors, strict=True)]
        )
        await ledger.indexing.mark(Walk.VECTORS, VERSION, claims[-1][0] if len(claims) == limit else newest)
        if keep is not None:
            await keep(ledger)
    return len(claims)


def _fresh(meanings: Meanings, claims: Sequence[ClaimId], raw: Floats, vectors: Vectors) -> list[Fresh]:
    return [
        Fresh(claim_id, own, meanings.nearest(vector, _FIELD, without=[claim_id]))
        for claim_id, own, vector in zip(claims, raw, vectors, strict=True)
    ]


async def _reached(ledger: Ledger) -> int | None:
    at = await ledger.indexing.find(Walk.VECTORS)
    return at.upto if at is not None and at.version == VERSION else None
