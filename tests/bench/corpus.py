"""A desk with a million claims, for measuring: pieces of real sentences, put together anew at random.

Words keep their frequencies ("the" stands in most claims, a name in a few), no claim is anybody's sentence, and the
same seed gives the same desk. Built once and kept at the path it is told; about a minute and a half for a million.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.migrate import migrate
from storage.rows import instant
from storage.search import normal_form

NEWEST = datetime(2025, 3, 9, 9, 30, tzinfo=UTC)
"""When the youngest claim came in; the others are spread evenly over the `YEARS` before."""

YEARS = 5
PIECE = 4
"""Words that stay together: a phrase of two words has a neighbour of its own in most claims."""

PIECES = (3, 5)
"""Pieces of a claim, at least and at most: 12 to 20 words."""

_STATES = ("published",) * 70 + ("closed",) * 12 + ("queued",) * 8 + ("duplicate",) * 5 + ("triage",) * 5
_RATINGS = ("false",) * 50 + ("misleading",) * 20 + ("true",) * 15 + ("mixed",) * 14 + ("satire",)
_RARE_EVERY = 5_000
"""One claim in so many is disputed, in Swahili and tagged `rare`: filters that few claims pass."""

_PEOPLE = 1_000
_CLAIMS_OF_A_DOCUMENT = 5
_BATCH = 20_000


def texts_of(data: Path) -> dict[str, list[str]]:
    """Return sentences in English and Bengali from the folder of measuring sticks, as far as they are there."""
    found: dict[str, list[str]] = {"en": [], "bn": []}
    for name in ("matching-clef2020", "matching-clef2022"):
        path = data / name / "vclaims.jsonl"
        if path.exists():
            lines = path.read_text(encoding="utf-8").splitlines()
            found["en"] += [text for line in lines if (text := json.loads(line).get("vclaim"))]
    for language in found:
        path = data / "sentences-ntrex" / f"{language}.txt"
        if path.exists():
            found[language] += path.read_text(encoding="utf-8").splitlines()
    for path in sorted((data / "spans-xclaim").glob("*-en2bn.jsonl")):
        found["bn"] += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    return {language: texts for language, texts in found.items() if texts}


def recombined(texts: dict[str, list[str]], count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield (language, text) of so many claims; three in five English, the rest Bengali."""
    chance = random.Random(seed)
    pieces = {}
    for language, whole in texts.items():
        words = [text.split() for text in whole]
        pieces[language] = [
            " ".join(each[start : start + PIECE]) for each in words for start in range(0, len(each), PIECE)
        ]
    languages = [language for language in ("en", "en", "en", "bn", "bn") if language in pieces]
    for _ in range(count):
        language = chance.choice(languages)
        yield language, " ".join(chance.choices(pieces[language], k=chance.randint(*PIECES)))


def build(path: Path, texts: dict[str, list[str]], count: int, seed: int = 1) -> None:
    """Make the desk's database at a path; one that is there and has as many claims is kept."""
    if path.exists() and _size(path) == count:
        return
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        migrate(raw, NEWEST)
        raw.execute("PRAGMA journal_mode = OFF")
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA cache_size = -500000")
        raw.execute("BEGIN")
        _people(raw)
        batch = []
        for number, (language, text) in enumerate(recombined(texts, count, seed), 1):
            batch.append((number, language, text))
            if len(batch) == _BATCH or number == count:
                _add(raw, batch, count)
                batch.clear()
        raw.execute("COMMIT")
        raw.execute("INSERT INTO claim_words (claim_words) VALUES ('optimize')")
        raw.execute("PRAGMA journal_mode = WAL")


def _size(path: Path) -> int:
    with closing(sqlite3.connect(path)) as raw:
        try:
            return int(raw.execute("SELECT count(*) FROM claims").fetchone()[0])
        except sqlite3.Error:
            return -1


def _people(raw: sqlite3.Connection) -> None:
    at = instant(NEWEST - timedelta(days=365 * YEARS))
    raw.executemany(
        "INSERT INTO people (id, telegram_id, name, username, role, joined_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(n, 1000 + n, f"Person {n}", f"person{n}", "public", at, at) for n in range(1, _PEOPLE + 1)],
    )


def _add(raw: sqlite3.Connection, batch: list[tuple[int, str, str]], count: int) -> None:
    documents, claims, words, appearances, verdicts, tags = [], [], [], [], [], []
    step = timedelta(days=365 * YEARS) / count
    for number, language, text in batch:
        at = instant(NEWEST - step * (count - number))
        document = (number - 1) // _CLAIMS_OF_A_DOCUMENT + 1
        if number % _CLAIMS_OF_A_DOCUMENT == 1:
            documents.append((document, f"{document:064x}", "en", document * 7919 % _PEOPLE + 1, at))
        rare = number % _RARE_EVERY == 0
        draw = number * 2654435761 % 2**32 >> 8  # spread, and the same each time
        state = "disputed" if rare else _STATES[draw % 100]
        claims.append(
            (
                number,
                document,
                number % _CLAIMS_OF_A_DOCUMENT,
                text,
                text,
                f"{number:064x}",
                "sw" if rare else language,
                state,
                "opinion" if state == "closed" else None,
                number - 1 if state == "duplicate" else None,
                at,
                at,
            )
        )
        words.append((number, normal_form(text)))
        appearances.append((document, number % _CLAIMS_OF_A_DOCUMENT, number, text))
        if state == "published":
            verdicts.append((number, number, _RATINGS[draw // 100 % 100], at, at))
        if rare:
            tags.append((number, "rare"))
        elif draw % 10 == 0:
            tags.append((number, f"tag{draw % 100}"))
    raw.executemany(
        "INSERT INTO documents (id, kind, content_hash, text, language, submitted_by, created_at)"
        " VALUES (?, 'message', ?, '', ?, ?, ?)",
        documents,
    )
    raw.executemany(
        "INSERT INTO claims (id, document_id, position, quote, text, key, language, state, closing_reason,"
        " duplicate_of, created_at, state_at, owed_since)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?11)",
        claims,
    )
    raw.executemany("INSERT INTO claim_words (rowid, words) VALUES (?, ?)", words)
    raw.executemany("INSERT INTO appearances (document_id, position, claim_id, quote) VALUES (?, ?, ?, ?)", appearances)
    raw.executemany(
        "INSERT INTO verdicts (id, claim_id, version, rating, summary, summary_language, method, decided_at,"
        " published_at) VALUES (?, ?, 1, ?, '', 'en', 'consensus', ?, ?)",
        verdicts,
    )
    raw.executemany("INSERT INTO claim_tags (claim_id, tag) VALUES (?, ?)", tags)
