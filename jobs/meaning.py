"""Known claims by their meaning: every vector in memory, searched one and all, and joined with what the words say.

The search is exact: at a million claims it takes as long as the encoding of the text (docs/performance.md), and an
approximate index would cost memory, minutes to build, and hits. What only the meaning says is never more than
*similar*: vectors see neither numbers nor a "not".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from jobs.embedding import DIMENSIONS, SCALE, VERSION, Encoder, compact
from storage.database import Database
from storage.indexing import Walk
from storage.ledger import Ledger
from storage.model import ClaimId
from storage.vectors import Missing
from storage.vectors import Vectors as Rows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jobs.embedding import Floats, Vectors

    Numbers = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int16]

BLOCK = 5_000
"""Vectors read at a time before the first search: 2 MB, put in their place in a few milliseconds."""

UNKNOWN = "und"
"""The language of a text that could not be told."""

_ROW = 256
"""Scores among which the greatest is looked for first, so that a million of them need not be sorted."""


@dataclass(frozen=True, slots=True)
class Near:
    """A known claim and the cosine of its vector with the one looked for: 1 the same, about 0 nothing in common."""

    claim_id: ClaimId
    cosine: float


@dataclass(frozen=True, slots=True)
class Around:
    """The claims nearest to one, best first: in its own language, and in others."""

    home: list[Near]
    abroad: list[Near]


class Meanings:
    """The vectors of all claims with their languages, 386 bytes each. Grows by doubling, so adding one costs little.

    `put` and the searches may run in different threads: a search sees the claims that were there when it began.
    """

    def __init__(self) -> None:
        import numpy as np  # noqa: PLC0415 - only needed with the extra

        self._ids: Numbers = np.empty(0, np.int64)
        self._rows: Vectors = np.empty((0, DIMENSIONS), np.int8)
        self._codes: Codes = np.empty(0, np.int16)
        self._languages = {UNKNOWN: 0}
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
            ids, rows, codes = np.empty(size, np.int64), np.empty((size, DIMENSIONS), np.int8), np.empty(size, np.int16)
            for new, old in ((ids, self._ids), (rows, self._rows), (codes, self._codes)):
                new[: self._size] = old[: self._size]
            self._ids, self._rows, self._codes = ids, rows, codes

    def put(self, claims: Sequence[int], vectors: Vectors, languages: Sequence[str] | None = None) -> None:
        """Add claims, or give them another vector and language. Without languages they are in an unknown one."""
        import numpy as np  # noqa: PLC0415

        ids = np.asarray(claims, np.int64)
        told = [UNKNOWN] * len(ids) if languages is None else languages
        codes = np.array([self._languages.setdefault(each, len(self._languages)) for each in told], np.int16)
        order = np.argsort(ids, kind="stable")
        ids, vectors, codes = ids[order], vectors[order], codes[order]
        fresh = ids > self.newest
        for claim_id, vector, code in zip(ids[~fresh], vectors[~fresh], codes[~fresh], strict=True):
            self._put_among(int(claim_id), vector, int(code))
        ids, vectors, codes = ids[fresh], vectors[fresh], codes[fresh]
        size = self._size + len(ids)
        if size > len(self._ids):
            self.reserve(max(size, 2 * len(self._ids)))
        part = slice(self._size, size)
        self._ids[part], self._rows[part], self._codes[part] = ids, vectors, codes
        self._size = size

    def _put_among(self, claim_id: int, vector: Vectors, code: int) -> None:
        import numpy as np  # noqa: PLC0415

        ids, rows, codes = self._ids[: self._size], self._rows[: self._size], self._codes[: self._size]
        at = int(np.searchsorted(ids, claim_id))
        if ids[at] == claim_id:
            rows[at], codes[at] = vector, code
        else:  # an old claim that had no vector yet: rare enough to copy everything
            self._ids, self._rows = np.insert(ids, at, claim_id), np.insert(rows, at, vector, axis=0)
            self._codes = np.insert(codes, at, code)
            self._size += 1

    def nearest(self, vector: Vectors, limit: int, *, without: Collection[int] = ()) -> list[Near]:
        """Return the claims nearest to a vector, best first, of equals the older one; not those in `without`."""
        left_out = frozenset(without)
        scores = self._scores(vector, self._size)
        near = self._best(scores, limit + len(left_out))
        return [each for each in near if each.claim_id not in left_out][:limit]

    def around(self, vector: Vectors, language: str, limit: int, before: int) -> Around:
        """Return the nearest claims numbered below `before`, those in a language and those in others apart.

        Of an unknown language nothing is in the same one, nor in another.
        """
        import numpy as np  # noqa: PLC0415

        size = int(np.searchsorted(self._ids[: self._size], before))
        code, codes = self._languages.get(language, -1), self._codes[:size]
        scores = self._scores(vector, size)
        known = (codes != 0) & (code != 0)
        home, abroad = (np.where(known & part, scores, -np.inf) for part in (codes == code, codes != code))
        return Around(self._best(home, limit), self._best(abroad, limit))

    def _scores(self, vector: Vectors, size: int) -> npt.NDArray[np.float64]:
        import numpy as np  # noqa: PLC0415
        import simsimd  # noqa: PLC0415

        if not size:
            return np.empty(0, np.float64)
        scores: npt.NDArray[np.float64] = np.asarray(
            simsimd.cdist(vector.reshape(1, -1), self._rows[:size], metric="dot")
        )[0]
        return scores

    def _best(self, scores: npt.NDArray[np.float64], limit: int) -> list[Near]:
        if limit < 1 or not len(scores):
            return []
        found = _greatest(scores, min(limit, len(scores)))
        return [Near(ClaimId(int(self._ids[at])), float(scores[at]) / SCALE**2) for at in found if scores[at] > -inf]

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
            vectors = np.frombuffer(b"".join(each.vector for each in block), np.int8).reshape(-1, DIMENSIONS)
            meanings.put([each.claim_id for each in block], vectors, [each.language for each in block])
        came += len(block)
        if len(block) < BLOCK:
            return came


@dataclass(frozen=True, slots=True)
class Fresh:
    """A claim that was just encoded: the model's own vector, of unit length, and the one that is kept."""

    claim: Missing
    raw: Floats
    vector: Vectors


Keep = Callable[[Ledger], Awaitable[None]]
Compare = Callable[[Sequence[Fresh]], Awaitable[Keep]]
"""Finds what is to be said of claims just encoded, which are in memory with all before them; gives what keeps it.

Two steps: the finding takes too long for a transaction that writes."""


async def embed_missing(
    database: Database, encoder: Encoder, meanings: Meanings, limit: int, compare: Compare | None = None
) -> int:
    """Encode the next `limit` claims that have no vector, keep the vectors and put them in memory; how many it did.

    0: every claim has one. Model, search and comparison run before the transaction; vectors and what `compare` found
    are written in one short one, with the note of how far the walk has come. So a stop anywhere loses neither: what is
    not written is done again. Vectors of another model are dropped first.

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
    numbers = [claim.claim_id for claim in claims]
    raw = await encoder.encode([claim.text for claim in claims])
    vectors = compact(raw)
    meanings.put(numbers, vectors, [claim.language for claim in claims])
    keep = None
    if compare is not None:
        keep = await compare([Fresh(*each) for each in zip(claims, raw, vectors, strict=True)])
    async with database.write() as ledger:
        await Rows(ledger.session).add_many(
            [(claim_id, vector.tobytes()) for claim_id, vector in zip(numbers, vectors, strict=True)]
        )
        if keep is not None:
            await keep(ledger)
        await ledger.indexing.mark(Walk.VECTORS, VERSION, numbers[-1] if len(numbers) == limit else newest)
        now_said = await ledger.claims.find_many(numbers)
        for claim in claims:
            # It was reworded while the model was at its old text.
            if now_said[claim.claim_id].text != claim.text:
                await Rows(ledger.session).drop(claim.claim_id)
                await _go_back(ledger, claim.claim_id)
    return len(claims)


async def forget_meaning(ledger: Ledger, claim_id: ClaimId) -> None:
    """Let a claim be encoded anew: it has another text. The vectors in memory follow once it is."""
    if await Rows(ledger.session).drop(claim_id):
        await _go_back(ledger, claim_id)


async def _go_back(ledger: Ledger, claim_id: ClaimId) -> None:
    upto = await _reached(ledger)
    if upto is not None and claim_id <= upto:
        await ledger.indexing.mark(Walk.VECTORS, VERSION, claim_id - 1)


async def _reached(ledger: Ledger) -> int | None:
    at = await ledger.indexing.find(Walk.VECTORS)
    return at.upto if at is not None and at.version == VERSION else None
