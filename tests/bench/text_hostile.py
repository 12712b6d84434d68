"""How the time for a text made of stumbling blocks grows with its length: linearly, or one message stops the desk.

    .venv/bin/python tests/bench/text_hostile.py

The peer is the same rule on the same text at a sixteenth of the length.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.longtext import split_html
from jobs.intake.sentences import split
from storage.search import normal_form

SHORT, LONG = 40_000, 640_000
MOST = 5.0
"""Times the linear growth; a rule that is quadratic has sixteen."""

RULES: dict[str, tuple[Callable[[str], object], tuple[str, ...]]] = {
    "normal form": (
        normal_form,
        (
            "1,",
            "12,",
            "\u0301\u0316",
            "+1 22 ",
            "https://a.b/)",
            "-",
            "1.-",
            "'\u0301",
            "১,০০০,",
            "½",
            "\u0301",
            ".",
            " -5",
            "ﷺ",
        ),
    ),
    "sentences": (
        split,
        (".", ". ", "a. ", "A.B.", "।", '."', "  .", "\n", "a\n", "1. ", "( ", "\u00a0»", ".\u00a0", "' ", "। ”", "|"),
    ),
    "long messages": (
        split_html,
        (
            "word ",
            "প্রতিবেদন।",
            "<b>x</b> ",
            "<a",
            "<a '",
            "&",
            "🇧🇩",
            "\u0301",
            "<b>",
            "</b>",
            " ",
            "\u00a0",
            "x\n\n",
            "<a\"'",
        ),
    ),
}


def report(_data: Path | None = None, semantic: bool = False) -> Iterator[dict[str, Any]]:
    """Yield for each rule how much longer than linear its worst text takes, and which one that is."""
    for rule, (work, units) in RULES.items():
        growth = {unit: _seconds(work, unit, LONG) / _seconds(work, unit, SHORT) * SHORT / LONG for unit in units}
        worst = max(growth, key=growth.__getitem__)
        yield {
            "bench": "hostile",
            "set": rule,
            "figure": "growth of time, times linear",
            "value": round(growth[worst], 2),
            "text": worst,
            "peer": "the same text at a sixteenth of the length",
            "bar": MOST,
        }


def _seconds(work: Callable[[str], object], unit: str, length: int) -> float:
    text = unit * (length // len(unit))

    def once() -> float:
        # Of this process alone: others may be busy.
        start = time.process_time()
        work(text)
        return time.process_time() - start

    return max(min(once() for _ in range(3)), 1e-6)


if __name__ == "__main__":
    for figure in report():
        print(json.dumps(figure, ensure_ascii=False), flush=True)
