"""How often the language of a sentence is recognised, and of its first four words.

    .venv/bin/python tests/bench/text_language.py PATH

PATH holds `sentences-ntrex`: a file for each language, named by its code, a sentence a line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.intake import language

Detector = Callable[[str], str]

BARS = {"sentences": 0.99, "four words": 0.93}
MOST_MS = 1.0


def report(data: Path, semantic: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the share of texts whose language is named rightly, by language and over all, and the time of one."""
    texts = dict(_texts(data / "sentences-ntrex"))
    if not texts:
        return
    language.warm()
    detectors = _detectors()
    for what, cut in (("sentences", None), ("four words", 4)):
        shares: dict[str, dict[str, float]] = {}
        seconds: list[float] = []
        for name, detect in detectors.items():
            shares[name] = {}
            for code, lines in texts.items():
                right = 0
                for line in lines:
                    text = line if cut is None else " ".join(line.split()[:cut])
                    start = time.perf_counter()
                    found = detect(text)
                    if name == "ours":
                        seconds.append(time.perf_counter() - start)
                    right += found == code
                shares[name][code] = right / len(lines)
        for code in texts:
            yield _figure("accuracy", what, code, {name: each[code] for name, each in shares.items()})
        yield _figure(
            "accuracy", what, "all", {name: sum(each.values()) / len(each) for name, each in shares.items()}
        ) | {"bar": BARS[what]}
        cuts = quantiles(seconds, n=100)
        yield {
            "bench": "language",
            "set": what,
            "figure": "ms",
            "value": round(1000 * median(seconds), 3),
            "p99": round(1000 * cuts[98], 3),
            "max": round(1000 * max(seconds), 3),
            "bar": MOST_MS,
        }


def _texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for path in sorted(folder.glob("*.txt")):
        if path.stem != "document_ids":
            yield path.stem, [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _figure(figure: str, of: str, code: str, values: dict[str, float]) -> dict[str, Any]:
    rounded = {name: round(value, 4) for name, value in values.items()}
    return {
        "bench": "language",
        "set": of,
        "language": code,
        "figure": figure,
        "value": rounded.pop("ours"),
        "baselines": rounded,
    }


def _detectors() -> dict[str, Detector]:
    found: dict[str, Detector] = {"ours": language.detect, "script rule": _by_script}
    from py3langid import langid

    plain = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    found["py3langid"] = lambda text: str(plain.classify(text)[0])
    return found


_SCRIPTS = (
    ("bn", "\u0980", "\u09ff"),
    ("hi", "\u0900", "\u097f"),
    ("pa", "\u0a00", "\u0a7f"),
    ("ta", "\u0b80", "\u0bff"),
    ("th", "\u0e00", "\u0e7f"),
    ("my", "\u1000", "\u109f"),
    ("ja", "\u3040", "\u30ff"),
    ("zh", "\u4e00", "\u9fff"),
    ("ar", "\u0600", "\u06ff"),
    ("ru", "\u0400", "\u04ff"),
)


def _by_script(text: str) -> str:
    """Return the commonest language of the script with the most letters: all that a table of scripts can tell."""
    counts = {code: sum(first <= char <= last for char in text) for code, first, last in _SCRIPTS}
    code = max(counts, key=lambda each: counts[each])
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return code if counts[code] * 2 > latin else "en"


if __name__ == "__main__":
    for figure in report(Path(sys.argv[1])):
        print(json.dumps(figure, ensure_ascii=False), flush=True)
