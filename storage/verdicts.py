"""Verdicts, their sources, and where they were published, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import Method, SourceKind, Stance
from storage.model import ChatId, ClaimId, PersonId, Source, Verdict, VerdictId
from storage.rows import Columns, instant, maybe_instant

_VERDICT = Columns(Verdict)


@dataclass(frozen=True, slots=True)
class VerdictSource:
    """A source as the verdict took it over from a review; of a `protected` one only the description, as `title`."""

    url: str | None
    title: str | None
    kind: SourceKind
    stance: Stance
    accessed_at: datetime
    archived_url: str | None
    protected: bool = False
    quote: str | None = None


_SOURCE = Columns(VerdictSource)


class Verdicts:
    """SQL on `verdicts`, `verdict_sources` and `publications`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(
        self,
        *,
        claim_id: ClaimId,
        rating: str,
        summary: str,
        summary_language: str,
        method: Method,
        reason: str | None,
        decided_by: PersonId | None,
        decided_at: datetime,
        sources: Sequence[Source | VerdictSource],
        by_reviewer: bool = False,
    ) -> Verdict:
        """Keep the next version of a claim's verdict, with copies of its sources."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO verdicts (claim_id, version, rating, summary, summary_language, method, reason, decided_by,
              decided_at, by_reviewer)
            VALUES (:claim_id, (SELECT count(*) + 1 FROM verdicts WHERE claim_id = :claim_id), :rating, :summary,
              :summary_language, :method, :reason, :decided_by, :decided_at, :by_reviewer)
            RETURNING {_VERDICT.sql}
            """,
            {
                "claim_id": claim_id,
                "rating": rating,
                "summary": summary,
                "summary_language": summary_language,
                "method": method,
                "reason": reason,
                "decided_by": decided_by,
                "decided_at": instant(decided_at),
                "by_reviewer": int(by_reviewer),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        verdict = _VERDICT.record(row)
        await self._session.execute_many(
            """
            INSERT INTO verdict_sources (verdict_id, position, url, title, kind, stance, accessed_at, archived_url,
              protected, quote)
            VALUES (:verdict_id, :position, :url, :title, :kind, :stance, :accessed_at, :archived_url, :protected,
              :quote)
            """,
            [
                {
                    "verdict_id": verdict.id,
                    "position": position,
                    "url": None if source.protected else source.url,
                    "title": source.description if isinstance(source, Source) and source.protected else source.title,
                    "kind": source.kind,
                    "stance": source.stance,
                    "accessed_at": instant(source.accessed_at),
                    "archived_url": None if source.protected else source.archived_url,
                    "protected": int(source.protected),
                    "quote": None if source.protected else source.quote,
                }
                for position, source in enumerate(sources)
            ],
        )
        return verdict

    async def drop(self, verdict_id: VerdictId) -> None:
        """Take back a verdict that nobody has seen; NotFound if there is none, or it was published."""
        await self._session.execute(
            "DELETE FROM verdict_sources WHERE verdict_id = (SELECT id FROM verdicts WHERE id = :id "
            "AND published_at IS NULL)",
            {"id": verdict_id},
        )
        sql = "DELETE FROM verdicts WHERE id = :id AND published_at IS NULL"
        if await self._session.execute(sql, {"id": verdict_id}) != 1:
            raise NotFound("verdict_not_found")

    async def get(self, verdict_id: VerdictId) -> Verdict:
        """Return a verdict; NotFound if there is none."""
        row = await self._session.fetch_one(f"SELECT {_VERDICT.sql} FROM verdicts WHERE id = :id", {"id": verdict_id})
        if row is None:
            raise NotFound("verdict_not_found")
        return _VERDICT.record(row)

    async def find_latest(self, claim_id: ClaimId) -> Verdict | None:
        """Return the newest version of a claim's verdict."""
        return _VERDICT.maybe(
            await self._session.fetch_one(
                f"SELECT {_VERDICT.sql} FROM verdicts WHERE claim_id = :claim_id ORDER BY version DESC LIMIT 1",
                {"claim_id": claim_id},
            )
        )

    async def find_published(self, claim_id: ClaimId) -> Verdict | None:
        """Return the newest version of a claim's verdict that is public."""
        return _VERDICT.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_VERDICT.sql} FROM verdicts WHERE claim_id = :claim_id AND published_at IS NOT NULL
                ORDER BY version DESC LIMIT 1
                """,
                {"claim_id": claim_id},
            )
        )

    async def find_version(self, claim_id: ClaimId, version: int) -> Verdict | None:
        """Return one version of a claim's verdict."""
        return _VERDICT.maybe(
            await self._session.fetch_one(
                f"SELECT {_VERDICT.sql} FROM verdicts WHERE claim_id = :claim_id AND version = :version",
                {"claim_id": claim_id, "version": version},
            )
        )

    async def list_versions(self, claim_id: ClaimId) -> list[Verdict]:
        """Return every version of a claim's verdict, oldest first."""
        return _VERDICT.records(
            await self._session.fetch_all(
                f"SELECT {_VERDICT.sql} FROM verdicts WHERE claim_id = :claim_id ORDER BY version",
                {"claim_id": claim_id},
            )
        )

    async def list_sources(self, verdict_id: VerdictId) -> list[VerdictSource]:
        """Return a verdict's sources."""
        return _SOURCE.records(
            await self._session.fetch_all(
                f"SELECT {_SOURCE.sql} FROM verdict_sources WHERE verdict_id = :id ORDER BY position",
                {"id": verdict_id},
            )
        )

    async def mark_published(self, verdict_id: VerdictId, now: datetime) -> None:
        """Note that a verdict is public from now on; NotFound if it is already."""
        changed = await self._session.execute(
            "UPDATE verdicts SET published_at = :now WHERE id = :id AND published_at IS NULL",
            {"id": verdict_id, "now": maybe_instant(now)},
        )
        if changed != 1:
            raise NotFound("verdict_not_found")

    async def add_publication(self, verdict_id: VerdictId, chat_id: ChatId, now: datetime) -> bool:
        """Note that a verdict goes to a chat; False if it was noted before."""
        return (
            await self._session.execute(
                """
                INSERT INTO publications (verdict_id, chat_id, published_at) VALUES (:verdict_id, :chat_id, :now)
                ON CONFLICT (verdict_id, chat_id) DO NOTHING
                """,
                {"verdict_id": verdict_id, "chat_id": chat_id, "now": instant(now)},
            )
            > 0
        )
