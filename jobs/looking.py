"""Which source of a draft a reviewer looks at, and what about it they are asked for, as their focus keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from storage.kinds import Awaiting
from storage.model import SourceId


class LookAt(StrEnum):
    """What about a source. The menu asks for nothing."""

    MENU = "menu"
    QUOTE = "quote"
    ARCHIVE = "archive"
    PROTECTION = "protect"


_STEPS = {LookAt.QUOTE: Awaiting.QUOTE, LookAt.ARCHIVE: Awaiting.ARCHIVE}


@dataclass(frozen=True, slots=True)
class Look:
    """A source, and what about it."""

    source: SourceId
    at: LookAt = LookAt.MENU

    @property
    def focus(self) -> tuple[Awaiting, str]:
        """The step and the detail of the focus that say so."""
        return _STEPS.get(self.at, Awaiting.SOURCE), f"{self.source} {self.at}"

    @classmethod
    def read(cls, awaiting: Awaiting | None, detail: str | None) -> Self | None:
        """Return what a focus says; None if it is not about one source."""
        if awaiting not in (Awaiting.SOURCE, Awaiting.QUOTE, Awaiting.ARCHIVE) or detail is None:
            return None
        number, _, at = detail.partition(" ")
        return cls(SourceId(int(number)), LookAt(at))
