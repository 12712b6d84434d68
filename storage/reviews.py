"""Reviews, their revisions and their sources, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound, Stale
from storage.kinds import ReviewState, SourceKind, Stance
from storage.model import ClaimId, PersonId, Review, ReviewId, Source, SourceId
from storage.rows import Columns, instant, to_json
from storage.values import SentFile

_REVIEW = Columns(Review)
_SOURCE = Columns(Source)


class Reviews:
    """SQL on `reviews`, `review_revisions` and `sources`. Every change of a review adds a revision."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_live(self, claim_id: ClaimId, person_id: PersonId) -> Review | None:
        """Return a person's draft or submitted review of a claim."""
        return _REVIEW.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_REVIEW.sql} FROM reviews
                WHERE claim_id = :claim_id AND person_id = :person_id AND state IN ('draft', 'submitted')
                """,
                {"claim_id": claim_id, "person_id": person_id},
            )
        )

    async def get_live(self, claim_id: ClaimId, person_id: PersonId) -> Review:
        """Return a person's draft or submitted review of a claim; NotFound if there is none."""
        review = await self.find_live(claim_id, person_id)
        if review is None:
            raise NotFound("review_not_found", claim=claim_id)
        return review

    async def open_draft(self, claim_id: ClaimId, person_id: PersonId, now: datetime) -> Review:
        """Return a person's live review of a claim, begun if there is none: a draft survives a hand-back."""
        known = await self.find_live(claim_id, person_id)
        if known is not None:
            return known
        row = await self._session.fetch_one(
            f"""
            INSERT INTO reviews (claim_id, person_id, state, created_at, updated_at)
            VALUES (:claim_id, :person_id, 'draft', :now, :now) RETURNING {_REVIEW.sql}
            """,
            {"claim_id": claim_id, "person_id": person_id, "now": instant(now)},
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _REVIEW.record(row)

    async def list_submitted(self, claim_id: ClaimId) -> list[Review]:
        """Return the reviews of a claim that count, in the order they were submitted."""
        return _REVIEW.records(
            await self._session.fetch_all(
                f"""
                SELECT {_REVIEW.sql} FROM reviews WHERE claim_id = :claim_id AND state = 'submitted'
                ORDER BY submitted_at, id
                """,
                {"claim_id": claim_id},
            )
        )

    async def list_authors(self, claim_id: ClaimId) -> list[PersonId]:
        """Return who has a draft about a claim or has handed in a review of it, by number."""
        rows = await self._session.fetch_all(
            "SELECT person_id FROM reviews WHERE claim_id = :id AND state <> 'withdrawn' ORDER BY person_id",
            {"id": claim_id},
        )
        return [PersonId(row[0]) for row in rows]

    async def mark_rating(self, review: Review, rating: str, now: datetime) -> Review:
        """Set the rating."""
        return await self._change(review, now, rating=rating)

    async def mark_explanation(self, review: Review, explanation: str, now: datetime) -> Review:
        """Set the explanation."""
        return await self._change(review, now, explanation=explanation)

    async def mark_submitted(self, review: Review, now: datetime) -> Review:
        """Hand a draft in."""
        return await self._change(review, now, state=ReviewState.SUBMITTED)

    async def mark_returned(self, review: Review, now: datetime) -> Review:
        """Give a submitted review back to its person, as a draft with everything in it."""
        return await self._change(review, now, state=ReviewState.DRAFT)

    async def mark_withdrawn(self, review: Review, now: datetime) -> Review:
        """Let a review no longer count; its person may begin another one."""
        return await self._change(review, now, state=ReviewState.WITHDRAWN)

    async def _change(
        self,
        review: Review,
        now: datetime,
        *,
        rating: str | None = None,
        explanation: str | None = None,
        state: ReviewState | None = None,
    ) -> Review:
        # The state and its time are named only when they change: that costs the entries of two indexes.
        moved = (
            ""
            if state is None
            else "state = :state, submitted_at = CASE WHEN :state = 'submitted' THEN :now ELSE submitted_at END,"
        )
        values = {
            "id": review.id,
            "revision": review.revision,
            "now": instant(now),
            "rating": rating,
            "explanation": explanation,
        }
        row = await self._session.fetch_one(
            f"""
            UPDATE reviews SET revision = revision + 1, updated_at = :now, {moved}
              rating = coalesce(:rating, rating), explanation = coalesce(:explanation, explanation)
            WHERE id = :id AND revision = :revision RETURNING {_REVIEW.sql}
            """,
            values if state is None else {**values, "state": state},
        )
        if row is None:
            raise Stale("review_changed", claim=review.claim_id)
        changed = _REVIEW.record(row)
        await self._keep_revision(changed)
        return changed

    async def _keep_revision(self, review: Review) -> None:
        sources = [
            {
                "id": source.id,
                "url": source.url,
                "title": source.title,
                "kind": source.kind,
                "stance": source.stance,
                "quote": source.quote,
                "accessed_at": instant(source.accessed_at),
                "archived_url": source.archived_url,
                "origin": source.origin,
                "protected": source.protected,
                "description": source.description,
                "file_kind": source.file_kind,
                "file_id": source.file_id,
                "file_unique_id": source.file_unique_id,
            }
            for source in await self.list_sources(review.id)
        ]
        await self._session.execute(
            """
            INSERT INTO review_revisions (review_id, revision, state, rating, explanation, sources, created_at)
            VALUES (:id, :revision, :state, :rating, :explanation, :sources, :at)
            """,
            {
                "id": review.id,
                "revision": review.revision,
                "state": review.state,
                "rating": review.rating,
                "explanation": review.explanation,
                "sources": to_json(sources),
                "at": instant(review.updated_at),
            },
        )

    async def add_source(
        self, review: Review, *, url: str | None, title: str | None, now: datetime, file: SentFile | None = None
    ) -> tuple[Review, SourceId]:
        """Add a source, its kind and stance still open; returns the review as it is now and the source's id."""
        row = await self._session.fetch_one(
            """
            INSERT INTO sources (review_id, url, title, accessed_at, file_kind, file_id, file_unique_id)
            VALUES (:review_id, :url, :title, :now, :file_kind, :file_id, :file_unique_id) RETURNING id
            """,
            {
                "review_id": review.id,
                "url": url,
                "title": title,
                "now": instant(now),
                "file_kind": None if file is None else file.kind,
                "file_id": None if file is None else file.id,
                "file_unique_id": None if file is None else file.unique_id,
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        return await self._change(review, now), SourceId(row[0])

    async def mark_source(
        self,
        review: Review,
        source_id: SourceId,
        now: datetime,
        *,
        kind: SourceKind | None = None,
        stance: Stance | None = None,
        quote: str | None = None,
        archived_url: str | None = None,
    ) -> Review:
        """Set what is given of a source; NotFound unless it belongs to the review."""
        changed = await self._session.execute(
            """
            UPDATE sources SET kind = coalesce(:kind, kind), stance = coalesce(:stance, stance),
              quote = coalesce(:quote, quote), archived_url = coalesce(:archived_url, archived_url)
            WHERE id = :id AND review_id = :review_id
            """,
            {
                "id": source_id,
                "review_id": review.id,
                "kind": kind,
                "stance": stance,
                "quote": quote,
                "archived_url": archived_url,
            },
        )
        if changed != 1:
            raise NotFound("source_not_found")
        return await self._change(review, now)

    async def mark_protected(
        self, review: Review, source_id: SourceId, now: datetime, *, description: str | None
    ) -> Review:
        """Hide what a source is behind its description, or show it again (None); NotFound unless it is the review's."""
        changed = await self._session.execute(
            """
            UPDATE sources SET protected = :protected, description = :description
            WHERE id = :id AND review_id = :review_id
            """,
            {
                "id": source_id,
                "review_id": review.id,
                "protected": int(description is not None),
                "description": description,
            },
        )
        if changed != 1:
            raise NotFound("source_not_found")
        return await self._change(review, now)

    async def mark_origins(self, review: Review, origins: Mapping[SourceId, int | None], now: datetime) -> Review:
        """Set the origins of some sources of a review."""
        await self._session.execute_many(
            "UPDATE sources SET origin = :origin WHERE id = :id AND review_id = :review_id",
            [{"id": each, "review_id": review.id, "origin": origin} for each, origin in origins.items()],
        )
        return await self._change(review, now)

    async def remove_source(self, review: Review, source_id: SourceId, now: datetime) -> Review:
        """Take a source out of a review (earlier revisions keep it); NotFound unless it belongs to the review."""
        changed = await self._session.execute(
            "DELETE FROM sources WHERE id = :id AND review_id = :review_id", {"id": source_id, "review_id": review.id}
        )
        if changed != 1:
            raise NotFound("source_not_found")
        return await self._change(review, now)

    async def get_source(self, source_id: SourceId) -> tuple[Review, Source]:
        """Return a source and the review it belongs to; NotFound if it is in none."""
        source = _SOURCE.maybe(
            await self._session.fetch_one(f"SELECT {_SOURCE.sql} FROM sources WHERE id = :id", {"id": source_id})
        )
        if source is None:
            raise NotFound("source_not_found")
        row = await self._session.fetch_one(
            f"SELECT {_REVIEW.sql} FROM reviews WHERE id = :id", {"id": source.review_id}
        )
        assert row is not None  # noqa: S101 - a foreign key
        return _REVIEW.record(row), source

    async def list_sources(self, review_id: ReviewId) -> list[Source]:
        """Return the sources of a review, in the order they were added."""
        return _SOURCE.records(
            await self._session.fetch_all(
                f"SELECT {_SOURCE.sql} FROM sources WHERE review_id = :review_id ORDER BY id", {"review_id": review_id}
            )
        )
