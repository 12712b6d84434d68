"""Messages on their way to becoming a request, as SQL."""

from __future__ import annotations

from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import SubmissionState
from storage.model import ChatId, PersonId, Submission, SubmissionId
from storage.rows import Columns, instant

_SUBMISSION = Columns(Submission)


class Submissions:
    """SQL on `submissions`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, submission_id: SubmissionId) -> Submission:
        """Return a submission; NotFound if there is none."""
        row = await self._session.fetch_one(
            f"SELECT {_SUBMISSION.sql} FROM submissions WHERE id = :id", {"id": submission_id}
        )
        if row is None:
            raise NotFound("submission_not_found")
        return _SUBMISSION.record(row)

    async def find_gathering(self, person_id: PersonId, since: datetime) -> Submission | None:
        """Return the person's submission that was still growing at `since` or later."""
        return _SUBMISSION.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_SUBMISSION.sql} FROM submissions
                WHERE person_id = :person_id AND state = 'gathering' AND updated_at >= :since
                ORDER BY updated_at DESC LIMIT 1
                """,
                {"person_id": person_id, "since": instant(since)},
            )
        )

    async def add(
        self, person_id: PersonId, chat_id: ChatId, text: str, source: str | None, now: datetime
    ) -> Submission:
        """Keep a new submission."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO submissions (person_id, chat_id, state, text, source, created_at, updated_at)
            VALUES (:person_id, :chat_id, 'gathering', :text, :source, :now, :now) RETURNING {_SUBMISSION.sql}
            """,
            {"person_id": person_id, "chat_id": chat_id, "text": text, "source": source, "now": instant(now)},
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _SUBMISSION.record(row)

    async def mark_text(self, submission_id: SubmissionId, text: str, source: str | None, now: datetime) -> None:
        """Replace the text of a growing submission."""
        await self._one(
            """
            UPDATE submissions SET text = :text, source = coalesce(source, :source), updated_at = :now
            WHERE id = :id AND state = 'gathering'
            """,
            {"id": submission_id, "text": text, "source": source, "now": instant(now)},
        )

    async def mark_state(self, submission_id: SubmissionId, state: SubmissionState, now: datetime) -> None:
        """End a growing submission."""
        await self._one(
            "UPDATE submissions SET state = :state, updated_at = :now WHERE id = :id AND state = 'gathering'",
            {"id": submission_id, "state": state, "now": instant(now)},
        )

    async def _one(self, sql: str, params: dict[str, object]) -> None:
        if await self._session.execute(sql, params) != 1:
            raise NotFound("submission_not_found")

    async def mark_stale(self, before: datetime, now: datetime) -> int:
        """Discard what nobody confirmed since `before`; returns how many."""
        return await self._session.execute(
            """
            UPDATE submissions SET state = 'discarded', updated_at = :now
            WHERE state = 'gathering' AND updated_at < :before
            """,
            {"before": instant(before), "now": instant(now)},
        )
