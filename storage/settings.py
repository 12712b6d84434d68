"""Values set at run time, and the runs of jobs, as SQL."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import NotFound
from storage.model import PersonId
from storage.rows import Columns, instant, to_json


@dataclass(frozen=True, slots=True)
class JobRun:
    """The last run of a job."""

    name: str
    started_at: datetime
    finished_at: datetime | None
    failures: int
    last_error: str | None


_RUN = Columns(JobRun)


class Settings:
    """SQL on `settings` and `job_runs`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get_all(self) -> dict[str, Any]:
        """Return every setting that was changed, decoded."""
        rows = await self._session.fetch_all("SELECT name, value FROM settings")
        return {name: json.loads(value) for name, value in rows}

    async def set(self, name: str, value: object, *, by: PersonId | None, now: datetime) -> None:
        """Keep a setting's value."""
        await self._session.execute(
            """
            INSERT INTO settings (name, value, changed_by, changed_at) VALUES (:name, :value, :by, :now)
            ON CONFLICT (name) DO UPDATE
            SET value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """,
            {"name": name, "value": to_json(value), "by": by, "now": instant(now)},
        )

    async def remove(self, name: str) -> None:
        """Forget a setting's value, so that its default holds again; nothing to forget is no error."""
        await self._session.execute("DELETE FROM settings WHERE name = :name", {"name": name})

    async def mark_job_started(self, name: str, now: datetime) -> None:
        """Note that a job begins."""
        await self._session.execute(
            """
            INSERT INTO job_runs (name, started_at) VALUES (:name, :now)
            ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, finished_at = NULL
            """,
            {"name": name, "now": instant(now)},
        )

    async def mark_job_finished(self, name: str, now: datetime, error: str | None = None) -> None:
        """Note that a begun job ended, well or with an error; failures in a row are counted."""
        changed = await self._session.execute(
            """
            UPDATE job_runs SET finished_at = :now, last_error = :error,
              failures = CASE WHEN :error IS NULL THEN 0 ELSE failures + 1 END
            WHERE name = :name
            """,
            {"name": name, "now": instant(now), "error": error},
        )
        if changed != 1:
            raise NotFound("job_not_found", job=name)

    async def list_job_runs(self) -> list[JobRun]:
        """Return the last run of each job."""
        return _RUN.records(await self._session.fetch_all(f"SELECT {_RUN.sql} FROM job_runs ORDER BY name"))
