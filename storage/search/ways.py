"""The ways that a search can go through the claims, as SQL: by their words, or by a filter that few of them pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storage.model import PersonId
from storage.rows import instant
from storage.search.query import SearchQuery, Term


@dataclass(slots=True)
class Way:
    """Numbers of claims, newest first: `SELECT number sql order`.

    `ordered`: an index gives them so, without sorting. `words`: those that hold the words of the search. `size`: how
    many they are, if that is known. `looked`: how many were looked at, and of these `hits` answer the
    search; `ended`: no others are left.
    """

    number: str
    sql: str
    order: str
    params: dict[str, Any]
    ordered: bool = True
    words: bool = False
    size: int | None = None
    looked: int = 0
    hits: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the claim `c`, and a way through the claims that fulfil it."""

    sql: str
    params: dict[str, Any]
    way: Way


def by_words(terms: Iterable[Term], without: Iterable[Term]) -> Way:
    """Return the way through the claims that hold all of some terms and none of others."""
    match = f"({' AND '.join(map(_quoted, terms))})"
    left_out = " OR ".join(map(_quoted, without))
    if left_out:
        match = f"{match} NOT ({left_out})"
    return Way(
        "w.rowid",
        "FROM claim_words w WHERE claim_words MATCH :match",
        "ORDER BY w.rowid DESC",
        {"match": match},
        words=True,
    )


def _quoted(term: Term) -> str:
    """Return a term for FTS5. Quoted, nothing in it is read as syntax; a word of a query holds no quotation mark."""
    return f'"{" ".join(term.words)}"{"*" if term.begins else ""}'


def newest() -> Way:
    """Return the way through all claims."""
    return Way("n.id", "FROM claims n WHERE n.id > 0", "ORDER BY n.id DESC", {})


def filters_of(query: SearchQuery, people: Sequence[PersonId] | None) -> list[Filter]:
    """Return the filters of a query, the cheapest to check first."""
    return [
        *_by_state(query),
        *_by_language(query),
        *_by_dates(query),
        *_by_tags(query),
        *_by_people(people),
        *_by_rating(query),
    ]


def _by_language(query: SearchQuery) -> Iterable[Filter]:
    if query.language is not None:
        params = {"language": query.language}
        way = Way("n.id", "FROM claims n WHERE n.language = :language", "ORDER BY n.id DESC", params)
        yield Filter("c.language = :language", params, way)


def _by_state(query: SearchQuery) -> Iterable[Filter]:
    if query.state is not None:
        params = {"state": query.state}
        # Said by name: for the sake of the order SQLite would rather read all claims by number.
        sql = "FROM claims n INDEXED BY claims_by_state WHERE n.state = :state"
        yield Filter("c.state = :state", params, Way("n.id", sql, "ORDER BY n.id DESC", params, ordered=False))


def _by_dates(query: SearchQuery) -> Iterable[Filter]:
    params, bounds = {}, []
    if query.after is not None:
        params["after"] = instant(query.after)
        bounds.append("{}.created_at >= :after")
    if query.before is not None:
        params["before"] = instant(query.before)
        bounds.append("{}.created_at < :before")
    if bounds:
        span = " AND ".join(bounds)
        way = Way(
            "n.id", f"FROM claims n WHERE {span.format('n', 'n')}", "ORDER BY n.created_at DESC, n.id DESC", params
        )
        yield Filter(span.format("c", "c"), params, way)


def _by_tags(query: SearchQuery) -> Iterable[Filter]:
    for number, tag in enumerate(query.tags):
        name, params = f"tag{number}", {f"tag{number}": tag}
        way = Way("t.claim_id", f"FROM claim_tags t WHERE t.tag = :{name}", "ORDER BY t.claim_id DESC", params)
        yield Filter(f"EXISTS (SELECT 1 FROM claim_tags t WHERE t.tag = :{name} AND t.claim_id = c.id)", params, way)


def _by_people(people: Sequence[PersonId] | None) -> Iterable[Filter]:
    if people is None:
        return
    names, params = named("person", people)
    way = Way(
        "a.claim_id",
        f"FROM documents d CROSS JOIN appearances a ON a.document_id = d.id WHERE d.submitted_by IN ({names})",
        "ORDER BY a.claim_id DESC",
        params,
        ordered=False,
    )
    sql = f"""EXISTS (SELECT 1 FROM appearances a JOIN documents d ON d.id = a.document_id
                WHERE a.claim_id = c.id AND d.submitted_by IN ({names}))"""
    yield Filter(sql, params, way)


def _by_rating(query: SearchQuery) -> Iterable[Filter]:
    if query.rating is not None:
        params = {"rating": query.rating}
        way = Way(
            "v.claim_id",
            "FROM verdicts v WHERE v.rating = :rating AND v.published_at IS NOT NULL",
            "ORDER BY v.claim_id DESC",
            params,
        )
        sql = """(SELECT v.rating FROM verdicts v WHERE v.claim_id = c.id AND v.published_at IS NOT NULL
                ORDER BY v.version DESC LIMIT 1) = :rating"""
        yield Filter(sql, params, way)


def named(name: str, values: Sequence[int]) -> tuple[str, dict[str, Any]]:
    """Return the names for an IN, and their values."""
    params: dict[str, Any] = {f"{name}{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{each}" for each in params), params
