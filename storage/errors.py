"""Errors of the desk. A class, a code and data; the words for them live in `bot/locales`.

FactdeskError
 ├─ Refused            the rules say no; nothing was changed. `code` names the rule, `data` fills the sentence
 │   ├─ NotFound       nothing with that id (or nothing this person may see)
 │   ├─ NotAllowed     the person's role does not permit it
 │   └─ Stale          somebody was faster, or the button is of another day
 └─ StorageError       the database cannot be used; an operator has to act
     ├─ DatabaseInUse  another process holds the file
     ├─ DatabaseTooNew the file was written by a newer Factdesk
     └─ DatabaseBroken the file is no Factdesk database, or is damaged
"""

from __future__ import annotations

from typing import Any


class FactdeskError(Exception):
    """Root of the tree.

    Args:
        code: stable identifier in snake_case, unique per sentence shown to a person.
        data: values for that sentence; plain JSON types only.
    """

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value!r}" for key, value in self.data.items())
        return f"{self.code}({details})" if details else self.code


class Refused(FactdeskError):
    """The rules say no. The caller rolls back and tells the person why."""


class NotFound(Refused):
    """There is no such record, or none that this person may see."""


class NotAllowed(Refused):
    """The person's role does not permit this."""


class Stale(Refused):
    """What the person saw is no longer so."""


class StorageError(FactdeskError):
    """The database cannot be used as it is."""


class DatabaseInUse(StorageError):
    """Another process holds the database."""


class DatabaseTooNew(StorageError):
    """The database was written by a newer version of the code."""


class DatabaseBroken(StorageError):
    """The file is not a Factdesk database, or it is damaged."""
