"""Claims by their words and by what they are: the SQL of the search.

Nothing here sorts or counts all that fits a common word. The index of words gives its claims by number, newest first,
at next to no cost, so the newest that fit are taken, as many as there are places in the `window`, and ranked by the
caller. A search that finds no more than that knows them all. For one that finds more, the oldest are left out: what
helps then is another word or a filter, not another page.

There are two ways to walk, and each is tried in part before either is gone to its end: through the claims that hold
the words, looking whether the filters fit, and through the claims of the narrowest filter, looking whether the words
are there. A word in every third claim and a filter that fits one in a thousand are thus cheap together, in any order
of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.engines.base import Session
from storage.figures import LINE, ClaimLine, line_of
from storage.model import ClaimId, PersonId
from storage.search.query import SearchQuery, Term
from storage.search.ways import Filter, Way, by_words, filters_of, named, newest

COMMON = 10_000
"""A word in more claims than this finds itself only, not what begins with it: putting the lists of all such words
together costs 60 ms for “the” at a million claims, and who types a common word has found enough."""

BEGINS_FROM = 3
"""Letters from which on a word finds what begins with it, for the same reason. Scripts that do not part words by spaces
(from Thai on, in the order of Unicode) need it for each letter."""
_UNSPACED = "\u0e00"

ENOUGH = 20
"""Claims with which a search that has become costly may end, and say that there are more."""

NARROW = 20_000
"""Claims that fit a filter which is worth going through to the end, and sorting by number if need be."""

COSTLY = 5_000
"""Claims looked at after which a search has become costly: some ten milliseconds."""

_FIRST, _GROWTH = 250, 2
"""Claims looked at first on each way, and how many times those so far at most when that was not enough."""

_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that answers a search: its number, its normal form, and when it came in."""

    claim_id: ClaimId
    words: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Claims that answer a search, newest first; `more`: these are not all."""

    candidates: list[Candidate]
    more: bool


class Finding:
    """SQL over claims, their words, tags and ratings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, query: SearchQuery, people: Sequence[PersonId] | None, window: int) -> Found:
        """Return the newest claims that answer a query, at most `window` of them.

        `people` are those whom the query's `by` means. Claims that are the same as another one are left out.
        """
        search = _Search(self._session, filters_of(query, people), query, window)
        held: set[ClaimId] = set()
        if query.terms:
            held = await search.through_words()
        else:
            await search.through_filter()
        chosen = sorted(search.found, key=lambda number: (number in held, number), reverse=True)[:window]
        return Found(await self._candidates(chosen), more=search.more or search.filled)

    async def list_lines(self, numbers: Sequence[ClaimId]) -> list[ClaimLine]:
        """Return claims as lines of a list, in the order of the numbers."""
        if not numbers:
            return []
        names, params = named("id", numbers)
        rows = await self._session.fetch_all(f"SELECT {LINE} FROM claims c WHERE c.id IN ({names})", params)
        lines = {line.claim.id: line for line in map(line_of, rows)}
        return [lines[number] for number in numbers if number in lines]

    async def _candidates(self, numbers: Sequence[ClaimId]) -> list[Candidate]:
        if not numbers:
            return []
        names, params = named("id", numbers)
        rows = await self._session.fetch_all(
            f"""
            SELECT c.id, w.words, c.created_at FROM claims c JOIN claim_words w ON w.rowid = c.id
            WHERE c.id IN ({names}) ORDER BY c.id DESC
            """,
            params,
        )
        return [Candidate(row[0], row[1], datetime.fromisoformat(row[2])) for row in rows]


class _Search:
    """One search: the numbers found so far."""

    def __init__(self, session: Session, filters: Sequence[Filter], query: SearchQuery, window: int) -> None:
        self._session = session
        self._filters = filters
        self._query = query
        self._window = window
        self._terms: Sequence[Term] = query.terms
        self.found: set[ClaimId] = set()
        self.more = False

    @property
    def filled(self) -> bool:
        """True once there is one more than wanted, so that it is known that there are more."""
        return len(self.found) > self._window

    async def through_words(self) -> set[ClaimId]:
        """Find the claims that hold the terms; returns those among them that are known to hold the very words."""
        typed, self._terms = self._terms, [replace(term, begins=False) for term in self._terms]
        way = by_words(self._terms, self._query.without)
        await self._step(way)
        held = set(self.found)
        if self.filled:
            return held
        begun = [replace(term, begins=await self._may_begin(term)) for term in typed]
        if begun != self._terms:
            self._terms = begun
            way = by_words(begun, self._query.without)
            await self._step(way)
        narrow = None if way.ended or self.filled else await self._narrowest()
        await self._to_the_end([way] if narrow is None else [way, narrow])
        return held

    async def through_filter(self) -> None:
        """Find the claims that pass every filter."""
        await self._to_the_end([await self._narrowest() or newest()])

    async def _may_begin(self, term: Term) -> bool:
        """True if a term finds what begins with it, too."""
        last = term.words[-1]
        if not term.begins or (len(last) < BEGINS_FROM and last[0] < _UNSPACED):
            return False
        return len(term.words) > 1 or await self._count(by_words([Term(term.words)], []), COMMON + 1) <= COMMON

    async def _narrowest(self) -> Way | None:
        """Return the way through the filter that fits the fewest claims; None if there is none to go through."""
        ways = []
        for way in (each.way for each in self._filters):
            size = await self._count(way, NARROW + 1)
            if size <= NARROW:
                ways.append(replace(way, size=size))
            elif way.ordered:
                ways.append(way)
        return min(ways, key=lambda way: NARROW + 1 if way.size is None else way.size, default=None)

    async def _count(self, way: Way, most: int) -> int:
        row = await self._session.fetch_one(
            f"SELECT count(*) FROM (SELECT 1 {way.sql} LIMIT :most)", {**way.params, "most": most}
        )
        return 0 if row is None else int(row[0])

    async def _to_the_end(self, ways: list[Way]) -> None:
        """Go on, each time on the way that brought most for what it cost, until there is enough or nothing left."""
        while not (self.filled or any(way.ended for way in ways)):
            if sum(way.looked for way in ways) >= COSTLY and len(self.found) >= ENOUGH:
                self.more = True
                return
            await self._step(max(ways, key=lambda way: (way.hits + 1) / (way.looked + 1)))

    async def _step(self, way: Way) -> None:
        """Look at the next claims of a way."""
        # As many as it should take to fill what is still empty, by what was found so far.
        wanted = (self._window + 1 - len(self.found)) * (way.looked + 1) // (way.hits + 1)
        most = max(_FIRST, min(wanted, way.looked * _GROWTH))
        fits = " AND ".join(["c.state <> 'duplicate'", "c.id > 0", *(each.sql for each in self._filters)])
        params = {name: value for each in self._filters for name, value in each.params.items()}
        rows = await self._session.fetch_all(
            f"""
            SELECT c.id, {fits} FROM
              (SELECT {way.number} AS id {way.sql} {way.order} LIMIT :most OFFSET :offset) few
              CROSS JOIN claims c ON c.id = few.id
            """,
            {**params, **way.params, "most": most, "offset": way.looked},
        )
        way.looked += most
        way.ended = len(rows) < most
        numbers = [row[0] for row in rows if row[1]]
        if not way.words and (self._terms or self._query.without):
            numbers = await self._with_words(numbers)
        way.hits += len(numbers)
        self.found.update(numbers)

    async def _with_words(self, numbers: Sequence[ClaimId]) -> list[ClaimId]:
        """Return those of some claims that hold every term, and none that is to be left out."""
        found: list[ClaimId] = []
        for start in range(0, len(numbers), _AT_ONCE):
            names, params = named("id", numbers[start : start + _AT_ONCE])
            rows = await self._session.fetch_all(
                f"SELECT w.rowid, w.words FROM claim_words w WHERE w.rowid IN ({names})", params
            )
            found += (
                number
                for number, form in rows
                if all(term.stands_in(form) for term in self._terms)
                and not any(term.stands_in(form) for term in self._query.without)
            )
            if len(found) + len(self.found) > self._window:
                break
        return found
