"""Claim text against public research data: one line of JSON per figure, with the baselines run beside it.

    .venv/bin/python tests/bench/text.py PATH [--semantic] [--only sentences,matching] [--cache FOLDER]

PATH is a folder of data sets laid out as docs/performance.md describes; sets that are not there are left out. With
`--semantic` the figures that need the `semantic` extra are there, too. Libraries are only compared if they are
installed: `pip install -e '.[bench,semantic]'` brings all that are on PyPI.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOMS = ("sentences", "language", "worth", "matching", "bengali", "hostile", "meaning", "search", "scale")
"""Each a file `text_<room>.py` with `report(data, semantic)`; the slow ones last."""

SEMANTIC_ONLY = frozenset({"meaning"})


def figures(data: Path, rooms: Iterable[str], *, semantic: bool, cache: Path | None) -> Iterator[dict[str, Any]]:
    """Yield the figures of some rooms.

    Args:
        data: the folder of the data sets.
        cache: where embeddings are kept from run to run; None for a temporary folder.
    """
    for room in rooms:
        if room in SEMANTIC_ONLY and not semantic:
            continue
        report = import_module(f"text_{room}").report
        keep = {"cache": cache} if room == "meaning" else {}
        yield from report(data, semantic=semantic, **keep)


def main() -> None:
    """Print the figures as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="folder of the data sets")
    parser.add_argument("--semantic", action="store_true", help="also what needs the `semantic` extra")
    parser.add_argument("--only", default=",".join(ROOMS), help=f"rooms, with commas between: {', '.join(ROOMS)}")
    parser.add_argument("--cache", type=Path, help="folder to keep embeddings in")
    given = parser.parse_args()
    if not given.path.is_dir():
        parser.error(f"{given.path} is no folder")
    rooms = [room.strip() for room in given.only.split(",")]
    if unknown := set(rooms) - set(ROOMS):
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    for figure in figures(given.path, rooms, semantic=given.semantic, cache=given.cache):
        print(json.dumps(figure, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    here = Path(__file__).resolve()
    sys.path[:0] = [str(here.parent), str(here.parents[2])]
    main()
