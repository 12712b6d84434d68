"""What chats must be told, as SQL. A row is written in the transaction of what it tells, and sent after it.

Order within a chat is (due_at, id). A chat has at most one message on its way, so a retry can never overtake.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import NotFound
from storage.model import ChatId, ClaimId, OutboxId, OutboxMessage, PersonId
from storage.rows import Columns, instant, to_json

_MESSAGE = Columns(OutboxMessage)

# Says again what the index over live messages says, or it would not be used: a scan of all that was ever sent.
_LIVE = "state IN ('queued', 'sending')"


class Outbox:
    """SQL on `outbox` and `sent_messages`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def enqueue(
        self,
        chat_id: ChatId,
        kind: str,
        payload: dict[str, Any],
        now: datetime,
        *,
        person_id: PersonId | None = None,
        thread_id: int | None = None,
        due_at: datetime | None = None,
        card: str | None = None,
        reply_to: int | None = None,
        dedup_key: str | None = None,
    ) -> bool:
        """Put a message.

        Args:
            chat_id: where to.
            kind: what it tells, in the past tense (`claim_offered`); bot/views knows how to say it.
            payload: ids and values it is made of; JSON types, no text in a language.
            now: when it is put.
            person_id: who reads it, if it is one person: decides the language, and is marked when unreachable.
            thread_id: the forum topic.
            due_at: not to be sent before; `now` if None.
            card: a name within the chat. The message that last went out under it is edited instead of a new one
                being sent, and a queued one is replaced: of many edits only the newest is worth sending.
            reply_to: the message it answers.
            dedup_key: the same key is put only once, ever. Not together with `card`.

        Returns:
            False if the dedup key was known, and nothing was put.
        """
        if card is not None and dedup_key is not None:
            raise ValueError("a message has a card or a dedup key, not both")
        # What waits for its hour comes forward with an edit that does not, and no edit pushes it back.
        conflict = (
            "ON CONFLICT (dedup_key) DO NOTHING"
            if card is None
            else """
            ON CONFLICT (chat_id, card) WHERE state = 'queued' AND card IS NOT NULL DO UPDATE
            SET kind = excluded.kind, payload = CASE
                WHEN outbox.kind = excluded.kind AND outbox.payload LIKE '%"fresh":true%' THEN outbox.payload
                ELSE excluded.payload END,
              person_id = excluded.person_id, thread_id = excluded.thread_id, reply_to = excluded.reply_to,
              parts_sent = 0, due_at = min(excluded.due_at, max(outbox.due_at, :now)),
              retry_at = max(min(excluded.due_at, max(outbox.due_at, :now)),
                iif(outbox.retry_at > outbox.due_at, outbox.retry_at, ''))
            """
        )
        changed = await self._session.execute(
            f"""
            INSERT INTO outbox (chat_id, thread_id, person_id, kind, payload, card, reply_to, dedup_key, due_at,
              retry_at, created_at)
            VALUES (:chat_id, :thread_id, :person_id, :kind, :payload, :card, :reply_to, :dedup_key, :due, :due, :now)
            {conflict}
            """,
            {
                "chat_id": chat_id,
                "thread_id": thread_id,
                "person_id": person_id,
                "kind": kind,
                "payload": to_json(payload),
                "card": card,
                "reply_to": reply_to,
                "dedup_key": dedup_key,
                "due": instant(due_at or now),
                "now": instant(now),
            },
        )
        return changed > 0

    async def lease_due(self, now: datetime, limit: int) -> list[OutboxMessage]:
        """Take up to `limit` messages to be sent now: of each chat the first, unless one is on its way.

        They are in state `sending` until marked; after a crash `release_all` makes them due again.
        """
        leased = _MESSAGE.records(
            await self._session.fetch_all(
                f"""
                UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id IN (
                  SELECT o.id FROM outbox o
                  WHERE o.state = 'queued' AND o.due_at <= :now AND o.retry_at <= :now
                    AND NOT EXISTS (
                      SELECT 1 FROM outbox s WHERE s.chat_id = o.chat_id AND s.state = 'sending' AND s.{_LIVE})
                    AND NOT EXISTS (
                      SELECT 1 FROM outbox e WHERE e.chat_id = o.chat_id AND e.state = 'queued' AND e.{_LIVE}
                        AND e.due_at <= o.due_at AND (e.due_at < o.due_at OR e.id < o.id))
                  ORDER BY o.due_at, o.id LIMIT :limit)
                RETURNING {_MESSAGE.sql}
                """,
                {"now": instant(now), "limit": limit},
            )
        )
        return sorted(leased, key=lambda message: (message.due_at, message.id))

    async def release_all(self) -> int:
        """Make every message that was on its way due again (at start, when nothing can be on its way).

        One that a newer edit of the same card waits behind is not sent again: the edit replaces it.
        """
        await self._session.execute(
            f"""
            UPDATE outbox SET state = 'superseded', ended_at = retry_at
            WHERE state = 'sending' AND {_LIVE} AND card IS NOT NULL AND EXISTS (
              SELECT 1 FROM outbox n WHERE n.chat_id = outbox.chat_id AND n.card = outbox.card AND n.{_LIVE}
                AND (n.state = 'queued' OR n.id > outbox.id))
            """
        )
        return await self._session.execute(f"UPDATE outbox SET state = 'queued' WHERE state = 'sending' AND {_LIVE}")

    async def find_next_due(self, now: datetime) -> datetime | None:
        """Return when, after `now`, a queued message may be sent. (`retry_at` is never before `due_at`.)"""
        row = await self._session.fetch_one(
            "SELECT min(retry_at) FROM outbox WHERE state = 'queued' AND retry_at > :now", {"now": instant(now)}
        )
        return None if row is None or row[0] is None else datetime.fromisoformat(row[0])

    async def count_sent_parts(self, message_id: OutboxId) -> int:
        """Return how many parts of a long message went out before it was interrupted."""
        row = await self._session.fetch_one("SELECT parts_sent FROM outbox WHERE id = :id", {"id": message_id})
        return 0 if row is None else int(row[0])

    async def mark_sent(
        self, message: OutboxMessage, telegram_ids: Sequence[int], now: datetime, *, claim_id: ClaimId | None = None
    ) -> None:
        """Note that a message is out, and which Telegram messages show it."""
        await self._end(message.id, "sent", None, now)
        for number, telegram_id in enumerate(telegram_ids):
            await self.remember_message(
                message.chat_id,
                telegram_id,
                message.id,
                now,
                card=message.card if number == len(telegram_ids) - 1 else None,
                claim_id=claim_id,
            )

    async def remember_message(
        self,
        chat_id: ChatId,
        telegram_id: int,
        outbox_id: OutboxId,
        now: datetime,
        *,
        card: str | None,
        claim_id: ClaimId | None,
    ) -> None:
        """Note what a Telegram message shows. (It may name a claim that does not exist: "there is no claim #99".)"""
        await self._session.execute(
            """
            INSERT INTO sent_messages (chat_id, message_id, card, claim_id, outbox_id, sent_at)
            VALUES (:chat_id, :message_id, :card, (SELECT id FROM claims WHERE id = :claim_id), :outbox_id, :now)
            ON CONFLICT (chat_id, message_id) DO UPDATE
            SET card = excluded.card, claim_id = excluded.claim_id, outbox_id = excluded.outbox_id,
              sent_at = excluded.sent_at
            """,
            {
                "chat_id": chat_id,
                "message_id": telegram_id,
                "card": card,
                "claim_id": claim_id,
                "outbox_id": outbox_id,
                "now": instant(now),
            },
        )

    async def mark_deferred(self, message_id: OutboxId, retry_at: datetime, error: str, *, parts_sent: int = 0) -> None:
        """Put a message back, to be tried again at `retry_at`; a newer edit of the same card replaces it.

        Its chat gets nothing before `retry_at` either way.
        """
        params = {"id": message_id, "retry_at": instant(retry_at), "error": error, "parts": parts_sent}
        superseded = await self._session.execute(
            """
            UPDATE outbox SET state = 'superseded', error = :error, ended_at = :retry_at
            WHERE id = :id AND state = 'sending' AND card IS NOT NULL AND EXISTS (
              SELECT 1 FROM outbox n WHERE n.chat_id = outbox.chat_id AND n.card = outbox.card AND n.state = 'queued')
            """,
            {key: params[key] for key in ("id", "error", "retry_at")},
        )
        if superseded:
            await self._session.execute(
                f"""
                UPDATE outbox SET retry_at = :retry_at
                WHERE state = 'queued' AND {_LIVE} AND retry_at < :retry_at
                  AND chat_id = (SELECT m.chat_id FROM outbox m WHERE m.id = :id)
                """,
                {key: params[key] for key in ("id", "retry_at")},
            )
            return
        changed = await self._session.execute(
            """
            UPDATE outbox SET state = 'queued', error = :error, parts_sent = :parts,
              retry_at = CASE WHEN due_at > :retry_at THEN due_at ELSE :retry_at END
            WHERE id = :id AND state = 'sending'
            """,
            params,
        )
        if changed != 1:
            raise NotFound("message_not_found", message=message_id)

    async def mark_dead(self, message_id: OutboxId, error: str, now: datetime) -> None:
        """Give a message up for good."""
        await self._end(message_id, "dead", error, now)

    async def _end(self, message_id: OutboxId, state: str, error: str | None, now: datetime) -> None:
        sql = "UPDATE outbox SET state = :state, error = :error, ended_at = :now WHERE id = :id AND state = 'sending'"
        params = {"id": message_id, "state": state, "error": error, "now": instant(now)}
        changed = await self._session.execute(sql, params)
        if changed != 1:
            raise NotFound("message_not_found", message=message_id)

    async def drop_queued(self, chat_id: ChatId, error: str, now: datetime) -> int:
        """Give up what is queued for a chat that cannot be written to; returns how many messages."""
        return await self._session.execute(
            f"""
            UPDATE outbox SET state = 'dead', error = :error, ended_at = :now
            WHERE chat_id = :chat_id AND state = 'queued' AND {_LIVE}
            """,
            {"chat_id": chat_id, "error": error, "now": instant(now)},
        )

    async def find_card(self, chat_id: ChatId, card: str) -> int | None:
        """Return the Telegram message that shows a card."""
        row = await self._session.fetch_one(
            """
            SELECT message_id FROM sent_messages WHERE chat_id = :chat_id AND card = :card
            ORDER BY message_id DESC LIMIT 1
            """,
            {"chat_id": chat_id, "card": card},
        )
        return None if row is None else int(row[0])

    async def shows(self, chat_id: ChatId, card: str, *, tried_after: datetime | None = None) -> bool:
        """True if a chat shows a card, or is about to; with `tried_after` also if it was given up later than that."""
        row = await self._session.fetch_one(
            """
            SELECT EXISTS (SELECT 1 FROM sent_messages WHERE chat_id = :chat_id AND card = :card)
              OR EXISTS (SELECT 1 FROM outbox
                         WHERE chat_id = :chat_id AND card = :card AND state IN ('queued', 'sending'))
              OR EXISTS (SELECT 1 FROM outbox WHERE ended_at > :tried_after AND state = 'dead'
                           AND chat_id = :chat_id AND card = :card)
            """,
            {"chat_id": chat_id, "card": card, "tried_after": None if tried_after is None else instant(tried_after)},
        )
        return row is not None and bool(row[0])

    async def find_payload(self, chat_id: ChatId, telegram_id: int) -> tuple[str, dict[str, Any]] | None:
        """Return the kind and payload of what a Telegram message of ours last showed (for paging)."""
        row = await self._session.fetch_one(
            """
            SELECT o.kind, o.payload FROM sent_messages m JOIN outbox o ON o.id = m.outbox_id
            WHERE m.chat_id = :chat_id AND m.message_id = :message_id
            """,
            {"chat_id": chat_id, "message_id": telegram_id},
        )
        return None if row is None else (row[0], json.loads(row[1]))

    async def forget_card(self, chat_id: ChatId, card: str) -> None:
        """Let a card's next message be a new one (the old one is far up the chat, or gone)."""
        await self._session.execute(
            "UPDATE sent_messages SET card = NULL WHERE chat_id = :chat_id AND card = :card",
            {"chat_id": chat_id, "card": card},
        )

    async def find_claim(self, chat_id: ChatId, telegram_id: int) -> ClaimId | None:
        """Return the claim that a Telegram message of ours is about."""
        row = await self._session.fetch_one(
            "SELECT claim_id FROM sent_messages WHERE chat_id = :chat_id AND message_id = :message_id",
            {"chat_id": chat_id, "message_id": telegram_id},
        )
        return None if row is None or row[0] is None else ClaimId(row[0])

    async def purge(self, before: datetime) -> int:
        """Delete what ended before an instant, but for messages with a dedup key; returns how many rows."""
        return await self._session.execute(
            "DELETE FROM outbox WHERE ended_at < :before AND dedup_key IS NULL", {"before": instant(before)}
        )
