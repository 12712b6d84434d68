"""Posts of verdicts in channels, and who was told which version, as SQL: what a correction has to reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.model import ChatId, ClaimId, PersonId, Verdict, VerdictId
from storage.rows import Columns, instant


@dataclass(frozen=True, slots=True)
class Post:
    """A whole verdict in a chat; `message_id` is where it begins there, None until it went out."""

    id: int
    verdict_id: VerdictId
    chat_id: ChatId
    message_id: int | None


@dataclass(frozen=True, slots=True)
class PostedAt:
    """Where what is told of a verdict can be read, for a link; `username` is the name of a public chat."""

    chat_id: ChatId
    username: str | None
    message_id: int


_POST = Columns(Post)
_POSTED_AT = Columns(PostedAt)

# A post of several parts begins at the first: there stands the rating, and there a reader has to see the correction.
_POSTS = """
  SELECT p.id, p.verdict_id, p.chat_id, coalesce(p.message_id, (
    SELECT min(m.message_id) FROM sent_messages m WHERE m.outbox_id = o.id AND m.chat_id = p.chat_id))
  FROM publications p JOIN verdicts v ON v.id = p.verdict_id
  JOIN outbox o ON o.dedup_key = 'publication:' || p.verdict_id || ':' || p.chat_id AND o.kind = 'verdict_published'
"""


class Posts:
    """SQL on `publications` and `answers`, seen from a correction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_of(self, claim_id: ClaimId) -> list[Post]:
        """Return the posts of every version of a claim's verdict, oldest first."""
        return _POST.records(
            await self._session.fetch_all(
                f"{_POSTS} WHERE v.claim_id = :claim_id ORDER BY p.id", {"claim_id": claim_id}
            )
        )

    async def find_linked(
        self, verdict_id: VerdictId, reader: ChatId | None = None, *, inside: bool = False
    ) -> PostedAt | None:
        """Return the post of a verdict, or the note of its correction, that can be linked to; None if there is none.

        Args:
            reader: the chat in which the link will stand: its own post is the first choice, then one in a public chat.
            inside: the readers are of the team, who may be in chats without a public name. Others could not follow.
        """
        return _POSTED_AT.maybe(
            await self._session.fetch_one(
                """
                SELECT c.id, c.username, coalesce(p.message_id, (
                  SELECT min(m.message_id) FROM sent_messages m WHERE m.outbox_id = o.id AND m.chat_id = p.chat_id)
                ) AS shown_id
                FROM publications p JOIN chats c ON c.id = p.chat_id
                JOIN outbox o ON o.dedup_key = 'publication:' || p.verdict_id || ':' || p.chat_id
                WHERE p.verdict_id = :verdict_id AND c.present = 1 AND c.kind IN ('supergroup', 'channel')
                  AND shown_id IS NOT NULL AND (c.username IS NOT NULL OR c.id IS :reader OR :inside)
                ORDER BY c.id IS :reader DESC, c.username IS NULL, p.id LIMIT 1
                """,
                {"verdict_id": verdict_id, "reader": reader, "inside": int(inside)},
            )
        )

    async def list_unamended(self) -> list[ClaimId]:
        """Return the claims with a post that went out only after what it says was replaced or taken back."""
        rows = await self._session.fetch_all(
            """
            SELECT DISTINCT v.claim_id FROM publications p JOIN verdicts v ON v.id = p.verdict_id
            JOIN claims c ON c.id = v.claim_id
            JOIN outbox o ON o.dedup_key = 'publication:' || p.verdict_id || ':' || p.chat_id
            WHERE p.message_id IS NULL AND o.kind = 'verdict_published' AND o.state = 'sent'
              AND EXISTS (SELECT 1 FROM sent_messages m WHERE m.outbox_id = o.id)
              AND (c.state = 'retracted' OR EXISTS (
                SELECT 1 FROM verdicts n
                WHERE n.claim_id = v.claim_id AND n.version > v.version AND n.published_at IS NOT NULL))
            ORDER BY v.claim_id
            """
        )
        return [ClaimId(row[0]) for row in rows]

    async def mark_message(self, post: Post) -> None:
        """Keep where a post begins: an edit of it is another message of the outbox."""
        await self._session.execute(
            "UPDATE publications SET message_id = :message_id WHERE id = :id",
            {"id": post.id, "message_id": post.message_id},
        )

    async def list_told(self, claim_id: ClaimId, *, but: VerdictId | None = None) -> list[PersonId]:
        """Return who was told any version of a claim's verdict, without those who were told the version `but`."""
        rows = await self._session.fetch_all(
            """
            SELECT DISTINCT a.person_id FROM answers a JOIN verdicts v ON v.id = a.verdict_id
            WHERE v.claim_id = :claim_id AND NOT EXISTS (
              SELECT 1 FROM answers b WHERE b.person_id = a.person_id AND b.verdict_id = :but)
            ORDER BY a.person_id
            """,
            {"claim_id": claim_id, "but": but},
        )
        return [PersonId(row[0]) for row in rows]

    async def find_told_before(self, verdict: Verdict, person_id: PersonId) -> str | None:
        """Return the rating of the newest earlier version that a person was told; None if they were told none."""
        row = await self._session.fetch_one(
            """
            SELECT v.rating FROM answers a JOIN verdicts v ON v.id = a.verdict_id
            WHERE v.claim_id = :claim_id AND v.version < :version AND a.person_id = :person_id
            ORDER BY v.version DESC LIMIT 1
            """,
            {"claim_id": verdict.claim_id, "version": verdict.version, "person_id": person_id},
        )
        return None if row is None else str(row[0])

    async def add_answer(self, person_id: PersonId, verdict_id: VerdictId, now: datetime) -> None:
        """Note that somebody is told a verdict who has no request there any more."""
        await self._session.execute(
            "INSERT INTO answers (person_id, verdict_id, answered_at) VALUES (:person_id, :verdict_id, :now)",
            {"person_id": person_id, "verdict_id": verdict_id, "now": instant(now)},
        )

    async def revive_answers(self, person_id: PersonId, now: datetime) -> int:
        """Queue again what a person was to be told of verdicts and could not be delivered; returns how many messages.

        Of each claim what was said last: the newest version, or that it was taken back.
        """
        return await self._session.execute(
            """
            UPDATE outbox
            SET state = 'queued', attempts = 0, error = NULL, ended_at = NULL, due_at = :now, retry_at = :now
            WHERE state = 'dead' AND dedup_key IN (
              SELECT coalesce(
                (SELECT o.dedup_key FROM outbox o
                 WHERE o.dedup_key = 'retraction:' || v.id || ':' || a.person_id),
                'answer:' || v.id || ':' || a.person_id)
              FROM answers a JOIN verdicts v ON v.id = a.verdict_id
              WHERE a.person_id = :person_id AND NOT EXISTS (
                SELECT 1 FROM answers b JOIN verdicts n ON n.id = b.verdict_id
                WHERE b.person_id = a.person_id AND n.claim_id = v.claim_id AND n.version > v.version))
            """,
            {"person_id": person_id, "now": instant(now)},
        )
