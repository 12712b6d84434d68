"""Write jobs/embedding_axes.py: the mean of e5's vectors and the directions in which any two texts differ most.

    .venv/bin/python tests/bench/train_axes.py PATH

PATH is the folder of data sets; only `worth-claimbuster/train.jsonl` is read (ClaimBuster, CC BY 4.0): 5,000 of its
sentences, the same ones each time. Takes about two minutes.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import sys
import textwrap
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))

from jobs.embedding import Encoder  # noqa: E402

SENTENCES = 5_000
DIRECTIONS = 16

HEAD = '''"""The mean of e5's vectors and {directions} principal directions, made by tests/bench/train_axes.py.

From {sentences:,} sentences of ClaimBuster (Arslan, Hassan, Li, Tremayne, "A Benchmark Dataset of Check-Worthy Factual
Claims", ICWSM 2020, CC BY 4.0).
"""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_STEPS = {steps}
"""int8 steps per unit."""

_DIRECTIONS = {directions}


@cache
def axes() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the mean, (384,), and the directions, ({directions}, 384), which are orthonormal."""
    import numpy as np  # noqa: PLC0415 - only needed with the extra

    rows = np.frombuffer(base64.b64decode(_BYTES), np.int8).reshape(_DIRECTIONS + 1, -1).astype(np.float32) / _STEPS
    # Rounding has bent them a little: QR makes them orthonormal again.
    return rows[0], np.ascontiguousarray(np.linalg.qr(rows[1:].T)[0].T)


_BYTES = """
{data}
"""
'''

STEPS = 600
"""int8 steps per unit: the greatest component is 0.206."""


def main(data: Path) -> None:
    """Encode, decompose, write."""
    lines = (data / "worth-claimbuster" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    random.Random(1).shuffle(texts)
    encoder = Encoder()
    vectors = asyncio.run(encoder.encode(texts[:SENTENCES])).astype(np.float64)
    encoder.close()
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    directions = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :DIRECTIONS].T
    write(mean, directions)


def write(mean: np.ndarray, directions: np.ndarray) -> None:
    """Write the room."""
    rows = np.clip(np.rint(np.vstack([mean, directions]) * STEPS), -127, 127).astype(np.int8)
    body = "\n".join(textwrap.wrap(base64.b64encode(rows.tobytes()).decode(), 112))
    path = HERE.parents[2] / "jobs" / "embedding_axes.py"
    path.write_text(HEAD.format(data=body, sentences=SENTENCES, directions=DIRECTIONS, steps=STEPS), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
