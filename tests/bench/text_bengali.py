"""Is a Bengali claim found again as it comes back in chats: other digits, other code points, words lost and moved?

    .venv/bin/python tests/bench/text_bengali.py PATH

The sentences of `sentences-ntrex/bn.txt` are changed and looked for among themselves and 7,000 other texts, as
`jobs/recognise.py` does it: every other Bengali text of PATH, and made-up ones of four words from here and four from
there (`corpus.py`), which share more with them than strangers would. The figure is the share found first.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus import recombined, texts_of
from text_matching import AT, keep

from jobs.recognise import find_known
from storage.database import Database
from storage.search.terms import words_of

BAR = 0.99
OTHERS = 7_000
ASKED = 956
"""Lines of the sentence set."""

Change = Callable[[str, random.Random], str]

_ASCII = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_NUKTA = {"\u09df": "\u09af\u09bc", "\u09dc": "\u09a1\u09bc", "\u09dd": "\u09a2\u09bc"}
_ENDINGS = ("ের", "ে", "কে", "রা", "টি", "টা", "দের", "গুলো", "য়", "র")


def _digits(text: str, _: random.Random) -> str:
    return text.translate(_ASCII)


def _nukta(text: str, _: random.Random) -> str:
    for one, two in _NUKTA.items():
        text = text.replace(one, two) if one in text else text.replace(two, one)
    return text


def _joiners(text: str, chance: random.Random) -> str:
    return re.sub("\u09cd", lambda found: found[0] + ("\u200c" if chance.random() < 0.5 else ""), text)


def _dropped(text: str, chance: random.Random) -> str:
    words = text.split()
    return " ".join(word for word in words if chance.random() >= 0.3) or words[0]


def _swapped(text: str, _: random.Random) -> str:
    words = text.split()
    return " ".join(words[len(words) // 2 :] + words[: len(words) // 2])


def _inflected(text: str, chance: random.Random) -> str:
    """Take the ending from some words and give one to others."""
    changed = []
    for word in text.split():
        ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) > len(each) + 3), None)
        other = word[: -len(ending)] if ending else word + chance.choice(_ENDINGS)
        changed.append(other if chance.random() < 0.5 else word)
    return " ".join(changed)


def _all(text: str, chance: random.Random) -> str:
    for change in (_digits, _nukta, _joiners, _dropped, _swapped, _inflected):
        text = change(text, chance)
    return text


CHANGES: dict[str, Change] = {
    "digits in ASCII": _digits,
    "nukta otherwise": _nukta,
    "joiners": _joiners,
    "3 in 10 words dropped": _dropped,
    "halves swapped": _swapped,
    "other inflections": _inflected,
    "all of these": _all,
}


def report(data: Path, semantic: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the share found first, for each kind of change."""
    path = data / "sentences-ntrex" / "bn.txt"
    if not path.exists():
        return
    own = path.read_text(encoding="utf-8").splitlines()[:ASKED]
    texts = texts_of(data).get("bn", [])
    made_up = (text for _, text in recombined({"bn": texts}, 2 * OTHERS))
    known = list(dict.fromkeys([*own, *texts, *made_up]))[: len(own) + OTHERS]
    for name, ours, plain in asyncio.run(_found(known, own)):
        yield {
            "bench": "bengali",
            "set": "ntrex",
            "figure": f"recall@1, {name}",
            "value": ours,
            "baselines": {"fts5 unicode61": plain},
            "among": len(known),
            "bar": BAR,
        }


async def _found(known: list[str], own: list[str]) -> list[tuple[str, float, float]]:
    figures = []
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(":memory:")) as raw:
        raw.execute("CREATE VIRTUAL TABLE plain USING fts5 (words)")
        raw.executemany("INSERT INTO plain (rowid, words) VALUES (?, ?)", enumerate(known, 1))
        database = await Database.open(Path(folder) / "desk.db", AT)
        try:
            async with database.write() as ledger:
                await keep(ledger, [(text, "") for text in known])
            for name, change in CHANGES.items():
                chance = random.Random(11)
                changed = [change(text, chance) for text in own]
                hits = 0
                async with database.read() as ledger:
                    for number, text in enumerate(changed, 1):
                        found, _ = await find_known(ledger, words_of(text))
                        hits += bool(found) and found[0].candidate.claim_id == number
                plain = sum(_plainly(raw, text) == number for number, text in enumerate(changed, 1))
                figures.append((name, round(hits / len(own), 4), round(plain / len(own), 4)))
        finally:
            await database.close()
    return figures


def _plainly(raw: sqlite3.Connection, text: str) -> int | None:
    words = dict.fromkeys(word.replace('"', "") for word in text.split())
    query = " OR ".join(f'"{word}"' for word in words if word)
    row = raw.execute("SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 1", (query,)).fetchone()
    return None if row is None else int(row[0])


if __name__ == "__main__":
    for figure in report(Path(sys.argv[1])):
        print(json.dumps(figure, ensure_ascii=False), flush=True)
