"""Sentence ends on whole documents, beside the libraries that are installed.

    .venv/bin/python tests/bench/text_sentences.py PATH

A document is its lines joined by single spaces. F1 is taken over the places where a sentence ends, all documents of a
language together (micro), with the end of the document, which anything finds; `inner` is the figure without it.
`boundary_f1` leaves out the lines that do not end in a stop, most of them headings: joined by a space, nothing in the
text shows where one ends. `boundary_f1_all_lines` keeps them.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.intake.sentences import split

BARS = {"bn": 0.985, "hi": 0.98, "en": 0.994, "ar": 0.99, "es": 0.985, "ur": 0.982}
"""Least `boundary_f1` on sentences-ntrex; MB_PER_SECOND is the least speed."""

MB_PER_SECOND = 1.0

ROUNDS = 5
TIMED = ("bn", "en")

Ends = Callable[[str], list[int]]
Document = tuple[str, list[int]]

# What lines end in, before closing marks; the colon and the semicolon before what they announce.
_STOP_AT_END = re.compile(r"[.!?…।॥۔؟。！？．။|:;][\s\"'”’»›)\]}」』】）》〉］]*$")

# pysbd has no rules for these; Hindi's know the danda.
_PYSBD_AS = {"bn": "hi", "ne": "hi", "pa": "hi"}


def ours(language: str) -> Ends:
    """Return the desk's own splitter."""
    return lambda text: [sentence.end for sentence in split(text)]


def of_sentencex(language: str) -> Ends:
    """Return sentencex (Wikimedia)."""
    import sentencex

    return lambda text: _ends(text, sentencex.segment(language, text))


def of_pysbd(language: str) -> Ends:
    """Return pysbd, with the rules of English for languages it does not know."""
    import pysbd
    from pysbd.languages import LANGUAGE_CODES

    known = _PYSBD_AS.get(language, language)
    segmenter = pysbd.Segmenter(language=known if known in LANGUAGE_CODES else "en", clean=False)
    return lambda text: _ends(text, segmenter.segment(text))


def of_icu(language: str) -> Ends:
    """Return ICU's sentence breaks."""
    from icu4py.breakers import SentenceBreaker

    return lambda text: _ends(text, list(SentenceBreaker(text, language)))


def of_spacy(language: str) -> Ends:
    """Return spaCy's rule-based sentencizer, on the tokens of the language where spaCy has it."""
    import spacy

    try:
        model = spacy.blank(language)
    except ImportError:
        model = spacy.blank("xx")
    model.add_pipe("sentencizer")
    return lambda text: [each.start_char + len(each.text.rstrip()) for each in model(text).sents if each.text.strip()]


LIBRARIES: dict[str, Callable[[str], Ends]] = {
    "sentencex": of_sentencex,
    "pysbd": of_pysbd,
    "icu": of_icu,
    "spacy": of_spacy,
}


def report(data: Path, semantic: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the figures of sentences-ntrex and sentences-ud in the folder `data`, as far as they are there."""
    libraries, missing = _installed()
    note = {"note": f"not installed: {', '.join(missing)}"} if missing else {}
    for source, name, language, documents in _sets(data):
        common = {"bench": "sentences", "set": name, "language": language}
        splitters = {"ours": ours(language)} | {library: make(language) for library, make in libraries.items()}
        with_stop = [[line for line in lines if _STOP_AT_END.search(line)] for lines in documents]
        kinds = {"boundary_f1": with_stop, "boundary_f1_all_lines": documents}
        for figure, chosen in kinds.items() if source == "ntrex" else [("boundary_f1", documents)]:
            joined = [_joined(lines) for lines in chosen if lines]
            scores = {who: _f1(ends, joined) for who, ends in splitters.items()}
            bar = BARS.get(language) if (source, figure) == ("ntrex", "boundary_f1") else None
            yield {
                **common,
                "figure": figure,
                "value": scores.pop("ours"),
                "inner": _f1(splitters["ours"], joined, inner=True),
                "baselines": scores,
                "bar": bar,
                **note,
            }
        if source == "ntrex" and language in TIMED:
            texts = [_joined(lines)[0] for lines in documents]
            speeds = {who: _speed(ends, texts) for who, ends in splitters.items()}
            mine = speeds.pop("ours")
            yield {
                **common,
                "figure": "mb_per_second",
                "value": mine,
                "baselines": speeds,
                "bar": MB_PER_SECOND,
                **({"to_fastest": round(mine / max(speeds.values()), 2)} if speeds else {}),
                **note,
            }


def _installed() -> tuple[dict[str, Callable[[str], Ends]], list[str]]:
    there: dict[str, Callable[[str], Ends]] = {}
    missing: list[str] = []
    for library, make in LIBRARIES.items():
        try:
            make("en")
        except ImportError:
            missing.append(library)
        else:
            there[library] = make
    return there, missing


def _sets(data: Path) -> Iterator[tuple[str, str, str, list[list[str]]]]:
    """Yield source, name of the set, language and the lines of each document, of `bn.txt` and `bn.test.txt` alike."""
    for path in sorted((data / "sentences-ntrex").glob("*.txt")):
        language, _, part = path.stem.partition(".")
        ids = path.with_name(f"document_ids.{part}.txt" if part else "document_ids.txt")
        if language != "document_ids" and ids.exists():
            lines = path.read_text(encoding="utf-8").split("\n")
            rows = zip(ids.read_text(encoding="utf-8").splitlines(), lines, strict=False)
            yield "ntrex", ".".join(filter(None, ("ntrex", part))), language, _grouped(rows)
    for path in sorted((data / "sentences-ud").glob("*.jsonl")):
        language, _, part = path.stem.partition(".")
        read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        number = 0
        numbered: list[tuple[str, str]] = []
        for row in read:
            number += "br" in row
            numbered.append((str(number), row.get("text", "")))
        yield "ud", ".".join(filter(None, ("ud", part))), language, _grouped(iter(numbered))


def _grouped(rows: Iterator[tuple[str, str]]) -> list[list[str]]:
    documents = ([line.strip() for _, line in group if line.strip()] for _, group in groupby(rows, lambda row: row[0]))
    return [lines for lines in documents if lines]


def _joined(lines: Sequence[str]) -> Document:
    ends: list[int] = []
    position = -1
    for line in lines:
        position += 1 + len(line)
        ends.append(position)
    return " ".join(lines), ends


def _ends(text: str, pieces: Sequence[str]) -> list[int]:
    """Return where the pieces a library returned end in the text; a piece it changed is passed over."""
    ends: list[int] = []
    position = 0
    for piece in filter(None, map(str.strip, pieces)):
        found = text.find(piece, position)
        if found >= 0:
            position = found + len(piece)
            ends.append(position)
    return ends


def _f1(ends: Ends, documents: Sequence[Document], *, inner: bool = False) -> float:
    right = wrong = missed = 0
    for text, gold in documents:
        last = {len(text)} if inner else set()
        found, wanted = set(ends(text)) - last, set(gold) - last
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    return round(2 * right / max(1, 2 * right + wrong + missed), 4)


def _speed(ends: Ends, texts: Sequence[str]) -> float:
    """Return megabytes of UTF-8 a second of processor time, the median of some rounds."""
    size = sum(len(text.encode()) for text in texts)
    rounds: list[float] = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for text in texts:
            ends(text)
        rounds.append(time.process_time() - begun)
    return round(size / 1e6 / median(rounds), 2)


if __name__ == "__main__":
    for line in report(Path(sys.argv[1])):
        print(json.dumps(line, ensure_ascii=False), flush=True)
