"""What a command comes to: what it prints and its exit code; and errors as one line that says what to do."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.errors import Refused, StorageError

DONE, WRONG, UNUSABLE = 0, 1, 2
"""Exit codes: done; found something wrong; used in a wrong way, or with settings that cannot work."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`out` goes to stdout, `remark` to stderr."""

    out: str = ""
    code: int = DONE
    remark: str = ""


class CommandError(Exception):
    """A command cannot do what it was asked; the text says what to do instead."""

    def __init__(self, text: str, code: int = WRONG) -> None:
        super().__init__(text)
        self.text = text
        self.code = code


def as_json(value: Any) -> str:
    """Return a value as JSON for people and programs: indented, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def readable(argument: str | None) -> str | None:
    """Return an argument that is text; the shell may hand over any bytes."""
    try:
        (argument or "").encode()
    except UnicodeEncodeError:
        raise CommandError("an argument is not UTF-8 text", UNUSABLE) from None
    return argument


_STORAGE: dict[str, tuple[str, int]] = {
    "database_missing": (
        "there is no database at {path}; set FACTDESK_DATABASE, or let `factdesk ingest` or `factdesk run` make one",
        UNUSABLE,
    ),
    "not_a_factdesk_database": ("{path} is not a Factdesk database; name another file", UNUSABLE),
    "SQLITE_NOTADB": (
        "{path} is no database; name another file, or if it was one, stop the desk and `factdesk restore` a backup",
        UNUSABLE,
    ),
    "database_damaged": ("{path} is damaged; stop the desk and run `factdesk restore` with the newest backup", WRONG),
    "database_too_new": (
        "{path} was written by a newer Factdesk (schema {found}, this one knows {known}); upgrade Factdesk",
        UNUSABLE,
    ),
    "database_too_old": (
        "{path} has schema {found} and this Factdesk needs {known}; stop the desk and run `factdesk migrate`",
        UNUSABLE,
    ),
    "database_in_use": ("another process serves {path}; stop it first", WRONG),
    "database_busy": ("another process kept {path} locked for too long; try again", WRONG),
    "database_unwritable": (
        "{path} cannot be opened or written ({cause}); check the path, its rights and the free space",
        UNUSABLE,
    ),
    "sqlite_too_old": ("this Python has SQLite {found}, and Factdesk needs {needed}; use a newer Python", UNUSABLE),
}

_REFUSED: dict[str, tuple[str, int]] = {
    "claim_not_found": ("there is no claim #{claim}; `factdesk search` and `factdesk queue` show the numbers", WRONG),
    "status_usage": ("that is no claim number; write it as 42, #42 or FC-42", UNUSABLE),
    "search_usage": ("there is no word to search for", UNUSABLE),
    "search_too_long": ("a search has at most {longest} characters", UNUSABLE),
    "search_too_many": ("a search has at most {most} words", UNUSABLE),
    "search_unclosed": ("a quotation mark is not closed: {piece}", UNUSABLE),
    "search_filter_unknown": (
        "`{filter}:` is no filter; there are lang, rating, state, by, after, before and tag, as in lang:bn",
        UNUSABLE,
    ),
    "search_value_missing": ("what should stand behind `{filter}:` is missing; no space between: lang:bn", UNUSABLE),
    "search_twice": ("`{filter}:` stands there twice, and a claim has only one", UNUSABLE),
    "search_not_filter": ("`{piece}` is not possible; a minus leaves out words and phrases only", UNUSABLE),
    "search_only_not": ("this says only what to leave out; add what to look for", UNUSABLE),
    "search_language_unknown": ("there is no language `{value}`; write its code: lang:bn", UNUSABLE),
    "search_rating_unknown": ("`{value}` is not on the desk's scale; write it like rating:false", UNUSABLE),
    "search_state_unknown": ("no claim is ever `{value}`; write it like state:disputed", UNUSABLE),
    "search_date_unknown": ("`{value}` is no date; write it like after:2025-05-01 or before:2026", UNUSABLE),
    "search_dates_crossed": (
        "no day lies between these dates; after is the first day that counts, before the first that does not",
        UNUSABLE,
    ),
    "search_person_unknown": ('nobody is called `{name}`; write by:@username or by:"Full Name"', WRONG),
    "text_empty": ("the text is empty", WRONG),
    "no_claim_in_text": ("there is no sentence in the text", WRONG),
    "policy_invalid": ("the policy setting `{setting}` in the database is not valid ({reason})", WRONG),
}


def explain_storage(error: StorageError, path: Path) -> CommandError:
    """Return an error of storage as a line about the file at `path`."""
    cause = str(error.data.get("cause"))
    text, code = _STORAGE.get(
        cause if cause in _STORAGE else error.code, (f"the database at {{path}} cannot be used: {error}", WRONG)
    )
    return CommandError(text.format_map({"cause": "unknown", **error.data, "path": path}), code)


def explain_os(error: OSError, path: Path) -> CommandError:
    """Return an error of the operating system as a line about the file it names, or the one at `path`."""
    why = os.strerror(error.errno).lower() if error.errno else str(error)
    return CommandError(f"{error.filename or path} cannot be used: {why}", UNUSABLE)


def explain_refusal(error: Refused) -> CommandError:
    """Return a refusal of the rules as a line."""
    text, code = _REFUSED.get(error.code, (str(error), WRONG))
    return CommandError(text.format_map(error.data) if error.code in _REFUSED else text, code)
