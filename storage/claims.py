"""Claims, as SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from storage.engines.base import Session
from storage.errors import NotFound, Stale
from storage.kinds import ClaimState, ClosingReason, Severity
from storage.model import Claim, ClaimId, DocumentId
from storage.rows import Columns, instant
from storage.search.index import Index

_CLAIM = Columns(Claim)


class Claims:
    """SQL on `claims` and the index of their words."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, claim_id: ClaimId) -> Claim:
        """Return a claim; NotFound if there is none."""
        claim = await self.find(claim_id)
        if claim is None:
            raise NotFound("claim_not_found", claim=claim_id)
        return claim

    async def find(self, claim_id: ClaimId) -> Claim | None:
        """Return a claim, if there is one with this number."""
        return _CLAIM.maybe(
            await self._session.fetch_one(f"SELECT {_CLAIM.sql} FROM claims WHERE id = :id", {"id": claim_id})
        )

    async def find_many(self, numbers: Sequence[ClaimId]) -> dict[ClaimId, Claim]:
        """Return claims by their numbers; those that nobody has are left out."""
        rows = await self._session.fetch_all(
            f"SELECT {_CLAIM.of('c')} FROM json_each(:numbers) JOIN claims c ON c.id = value",
            {"numbers": json.dumps(list(numbers))},
        )
        return {claim.id: claim for claim in _CLAIM.records(rows)}

    async def find_by_key(self, key: str) -> Claim | None:
        """Return the claim whose normal form has this hash."""
        return _CLAIM.maybe(
            await self._session.fetch_one(f"SELECT {_CLAIM.sql} FROM claims WHERE key = :key", {"key": key})
        )

    async def add(
        self,
        *,
        document_id: DocumentId,
        position: int,
        quote: str,
        text: str,
        key: str,
        words: str,
        language: str,
        worth: float | None,
        now: datetime,
        about: str = "",
        severity: Severity = Severity.NORMAL,
    ) -> Claim:
        """Keep a new claim in state `new`; Stale if the key is known.

        `words` is the normal form to be searched; by `about` it is found as well (a title, the body of a fact-check).
        """
        row = await self._session.fetch_one(
            f"""
            INSERT INTO claims
              (document_id, position, quote, text, key, language, worth, severity, state, created_at, state_at,
               owed_since)
            VALUES (:document_id, :position, :quote, :text, :key, :language, :worth, :severity, 'new', :now, :now, :now)
            RETURNING {_CLAIM.sql}
            """,
            {
                "document_id": document_id,
                "position": position,
                "quote": quote,
                "text": text,
                "key": key,
                "language": language,
                "worth": worth,
                "severity": severity,
                "now": instant(now),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        claim = _CLAIM.record(row)
        await self._session.execute(
            "INSERT INTO claim_words (rowid, words) VALUES (:id, :words)", {"id": claim.id, "words": words}
        )
        await Index(self._session).add(claim.id, text, about)
        return claim

    async def mark_state(
        self,
        claim: Claim,
        state: ClaimState,
        now: datetime,
        *,
        closing_reason: ClosingReason | None = None,
        duplicate_of: ClaimId | None = None,
        reopened: bool = False,
    ) -> Claim:
        """Move a claim to a state; Stale if it changed since `claim` was read. Returns the claim as it is now.

        `reopened`: it had ended, and is owed a decision from now on.
        """
        row = await self._session.fetch_one(
            f"""
            UPDATE claims SET state = :state, state_at = :now, revision = revision + 1,
              closing_reason = :closing_reason, duplicate_of = :duplicate_of,
              owed_since = iif(:reopened, :now, owed_since)
            WHERE id = :id AND revision = :revision RETURNING {_CLAIM.sql}
            """,
            {
                "id": claim.id,
                "revision": claim.revision,
                "state": state,
                "now": instant(now),
                "closing_reason": closing_reason,
                "duplicate_of": duplicate_of,
                "reopened": int(reopened),
            },
        )
        if row is None:
            raise Stale("claim_changed", claim=claim.id)
        return _CLAIM.record(row)

    async def mark_restored(self, claim: Claim, state: ClaimState, since: datetime) -> Claim:
        """Put a claim back where it was, since when it was there; Stale if it changed since `claim` was read."""
        row = await self._session.fetch_one(
            f"""
            UPDATE claims SET state = :state, state_at = :since, revision = revision + 1, closing_reason = NULL
            WHERE id = :id AND revision = :revision RETURNING {_CLAIM.sql}
            """,
            {"id": claim.id, "revision": claim.revision, "state": state, "since": instant(since)},
        )
        if row is None:
            raise Stale("claim_changed", claim=claim.id)
        return _CLAIM.record(row)

    async def mark_since(self, claim_id: ClaimId, since: datetime) -> None:
        """Say since when a claim is in the state it is in."""
        params = {"id": claim_id, "since": instant(since)}
        await self._session.execute("UPDATE claims SET state_at = :since WHERE id = :id", params)

    async def mark_touched(self, claim_id: ClaimId) -> None:
        """Count a change that an editor's button must notice, although the state stays (a review was submitted)."""
        if (
            await self._session.execute("UPDATE claims SET revision = revision + 1 WHERE id = :id", {"id": claim_id})
            != 1
        ):
            raise NotFound("claim_not_found", claim=claim_id)

    async def mark_words(self, claim_id: ClaimId, words: str, key: str | None) -> None:
        """Change the normal form by which a claim is searched, and its hash unless None; Stale if the hash is known."""
        params = {"id": claim_id, "words": words, "key": key}
        await self._session.execute("UPDATE claims SET key = :key WHERE id = :id AND key <> :key", params)
        await self._session.execute(
            "UPDATE claim_words SET words = :words WHERE rowid = :id AND words <> :words", params
        )

    async def mark_text(self, claim: Claim, text: str, words: str, about: str) -> Claim:
        """Give a claim another text; Stale if it changed since `claim` was read. Returns the claim as it is now.

        Its quote and its key stay. `words` is the new normal form, `about` what is written about the claim.
        """
        params = {"id": claim.id, "revision": claim.revision, "text": text}
        row = await self._session.fetch_one(
            f"""
            UPDATE claims SET text = :text, revision = revision + 1
            WHERE id = :id AND revision = :revision RETURNING {_CLAIM.sql}
            """,
            params,
        )
        if row is None:
            raise Stale("claim_changed", claim=claim.id)
        await self.mark_words(claim.id, words, None)
        index = Index(self._session)
        # One that the walk has not reached yet is added by it, with the text that it has then.
        if await index.has(claim.id):
            await index.remove(claim.id, claim.text, about)
            await index.add(claim.id, text, about)
        return _CLAIM.record(row)

    async def mark_language(self, claim_id: ClaimId, language: str) -> None:
        """Note in which language a claim is; NotFound if there is no such claim."""
        params = {"id": claim_id, "language": language}
        if await self._session.execute("UPDATE claims SET language = :language WHERE id = :id", params) != 1:
            raise NotFound("claim_not_found", claim=claim_id)

    async def mark_worth(self, claim_id: ClaimId, worth: float) -> None:
        """Note how much a claim looks worth checking, 0–1; NotFound if there is no such claim."""
        params = {"id": claim_id, "worth": worth}
        if await self._session.execute("UPDATE claims SET worth = :worth WHERE id = :id", params) != 1:
            raise NotFound("claim_not_found", claim=claim_id)

    async def mark_severity(self, claim_id: ClaimId, severity: Severity) -> None:
        """Note how much harm a claim can do; NotFound if there is no such claim."""
        params = {"id": claim_id, "severity": severity}
        if await self._session.execute("UPDATE claims SET severity = :severity WHERE id = :id", params) != 1:
            raise NotFound("claim_not_found", claim=claim_id)

    async def list_in(self, states: tuple[ClaimState, ...]) -> list[Claim]:
        """Return the claims in any of some states, by number; those for practice are not among them."""
        found: list[Claim] = []
        for state in states:
            found += _CLAIM.records(
                await self._session.fetch_all(
                    f"SELECT {_CLAIM.sql} FROM claims WHERE state = :state AND practice = 0 ORDER BY id",
                    {"state": state},
                )
            )
        return sorted(found, key=lambda claim: claim.id)

    async def list_merged(self, claim_id: ClaimId) -> list[ClaimId]:
        """Return the claims that were merged into one, by number."""
        rows = await self._session.fetch_all(
            "SELECT id FROM claims WHERE duplicate_of = :id ORDER BY id", {"id": claim_id}
        )
        return [ClaimId(row[0]) for row in rows]
