"""Between records (storage/model.py) and rows: columns are listed, values converted by the field's type."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from storage.engines.base import Row

T = TypeVar("T")

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def instant(at: datetime) -> str:
    """Return an aware instant as UTC text of fixed width, which sorts as it should.

    Raises:
        ValueError: if `at` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("instants must be timezone-aware")
    return _utc_text(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=256)  # one `now` is written dozens of times; only UTC, where equal instants have equal texts
def _utc_text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def maybe_instant(at: datetime | None) -> str | None:
    """`instant`, with None for None."""
    return None if at is None else instant(at)


def to_json(value: object) -> str:
    """Return canonical JSON: sorted keys, no spaces, no escapes; the same value always gives the same text."""
    return _encode(value)


def _unchanged(value: Any) -> Any:
    return value


def _converter(hint: Any) -> Callable[[Any], Any] | None:
    if get_origin(hint) in (types.UnionType,):
        inner = next(arm for arm in get_args(hint) if arm is not type(None))
        convert = _converter(inner)
        if convert is None:
            return None
        return lambda value: None if value is None else convert(value)
    if get_origin(hint) is dict:
        return json.loads
    if get_origin(hint) is list:
        each_of = _converter(get_args(hint)[0]) or _unchanged
        return lambda value: [each_of(each) for each in json.loads(value)]
    if hint is datetime:
        return datetime.fromisoformat
    if hint is bool:
        return bool
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {member.value: member for member in hint}.__getitem__
    return None


class Columns(Generic[T]):
    """The columns of one record type, and the way from a row of them to the record."""

    def __init__(self, record: type[T]) -> None:
        self._record = record
        hints = get_type_hints(record)
        names = [field.name for field in fields(record)]  # type: ignore[arg-type]  # every record is a dataclass
        self.names = tuple(names)
        self.sql = ", ".join(names)
        self._converters = [
            (index, convert) for index, name in enumerate(names) if (convert := _converter(hints[name])) is not None
        ]

    def of(self, alias: str) -> str:
        """Return the column list with a table alias before each name."""
        return ", ".join(f"{alias}.{name}" for name in self.names)

    def record(self, row: Row) -> T:
        """Return the record of one row."""
        values = list(row)
        for index, convert in self._converters:
            values[index] = convert(values[index])
        return self._record(*values)

    def maybe(self, row: Row | None) -> T | None:
        """Return the record, or None for no row."""
        return None if row is None else self.record(row)

    def records(self, rows: Iterable[Row]) -> list[T]:
        """Return the records of many rows."""
        return [self.record(row) for row in rows]
