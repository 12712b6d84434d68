"""What the ledger needs from an engine: one open transaction that runs statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Params = Mapping[str, Any]
Row = tuple[Any, ...]


class Session(Protocol):
    """One open transaction. Statements use named parameters (`:name`) and list their columns."""

    async def fetch_all(self, sql: str, params: Params = ...) -> list[Row]:
        """Run a statement and return every row."""
        ...

    async def fetch_one(self, sql: str, params: Params = ...) -> Row | None:
        """Run a statement and return its first row, or None."""
        ...

    async def execute(self, sql: str, params: Params = ...) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    async def execute_many(self, sql: str, params: Iterable[Params]) -> None:
        """Run one statement for each set of parameters."""
        ...
