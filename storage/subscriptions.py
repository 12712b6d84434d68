"""Subscriptions and the digests made for them, as SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import Cadence
from storage.model import AuditId, ChatId, Digest, DigestId, PersonId, Subscription, SubscriptionId
from storage.rows import Columns, instant, to_json

_SUBSCRIPTION = Columns(Subscription)
_DIGEST = Columns(Digest)


class Subscriptions:
    """SQL on `subscriptions` and `digests`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, subscription_id: SubscriptionId) -> Subscription:
        """Return a subscription; NotFound if there is none."""
        row = await self._session.fetch_one(
            f"SELECT {_SUBSCRIPTION.sql} FROM subscriptions WHERE id = :id", {"id": subscription_id}
        )
        if row is None:
            raise NotFound("subscription_not_found")
        return _SUBSCRIPTION.record(row)

    async def add(
        self,
        *,
        chat_id: ChatId,
        thread_id: int | None,
        cadence: Cadence,
        local_minute: int,
        weekday: int | None,
        zone: str,
        covered_until: datetime,
        next_at: datetime,
        created_by: PersonId | None,
        now: datetime,
    ) -> Subscription:
        """Keep a new subscription; Stale if the chat has an active one of this cadence."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO subscriptions
              (chat_id, thread_id, cadence, local_minute, weekday, zone, covered_until, next_at, created_by, created_at)
            VALUES (:chat_id, :thread_id, :cadence, :local_minute, :weekday, :zone, :covered_until, :next_at,
              :created_by, :now)
            RETURNING {_SUBSCRIPTION.sql}
            """,
            {
                "chat_id": chat_id,
                "thread_id": thread_id,
                "cadence": cadence,
                "local_minute": local_minute,
                "weekday": weekday,
                "zone": zone,
                "covered_until": instant(covered_until),
                "next_at": instant(next_at),
                "created_by": created_by,
                "now": instant(now),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING
        return _SUBSCRIPTION.record(row)

    async def list_of_chat(self, chat_id: ChatId, thread_id: int | None) -> list[Subscription]:
        """Return a chat's active subscriptions."""
        return _SUBSCRIPTION.records(
            await self._session.fetch_all(
                f"""
                SELECT {_SUBSCRIPTION.sql} FROM subscriptions
                WHERE chat_id = :chat_id AND coalesce(thread_id, 0) = coalesce(:thread_id, 0) AND active = 1 ORDER BY id
                """,
                {"chat_id": chat_id, "thread_id": thread_id},
            )
        )

    async def end(self, subscription_id: SubscriptionId) -> None:
        """Stop a subscription; the digests made for it stay."""
        changed = await self._session.execute(
            "UPDATE subscriptions SET active = 0 WHERE id = :id AND active = 1", {"id": subscription_id}
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def end_of_chat(self, chat_id: ChatId) -> int:
        """Stop every subscription of a chat that is gone; returns how many."""
        return await self._session.execute(
            "UPDATE subscriptions SET active = 0 WHERE chat_id = :chat_id AND active = 1", {"chat_id": chat_id}
        )

    async def list_due(self, now: datetime) -> list[Subscription]:
        """Return the active subscriptions whose time has come, the most overdue first."""
        return _SUBSCRIPTION.records(
            await self._session.fetch_all(
                f"""
                SELECT {_SUBSCRIPTION.sql} FROM subscriptions WHERE active = 1 AND next_at <= :now ORDER BY next_at, id
                """,
                {"now": instant(now)},
            )
        )

    async def find_next(self) -> datetime | None:
        """Return when the next digest is due."""
        row = await self._session.fetch_one("SELECT min(next_at) FROM subscriptions WHERE active = 1")
        return None if row is None or row[0] is None else datetime.fromisoformat(row[0])

    async def mark_covered(self, subscription_id: SubscriptionId, until: datetime, next_at: datetime) -> None:
        """Note up to when a subscription is served and when it is due again."""
        changed = await self._session.execute(
            "UPDATE subscriptions SET covered_until = :until, next_at = :next_at WHERE id = :id",
            {"id": subscription_id, "until": instant(until), "next_at": instant(next_at)},
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def add_digest(
        self,
        subscription_id: SubscriptionId,
        period_start: datetime,
        period_end: datetime,
        content: dict[str, Any],
        last_event: AuditId,
        now: datetime,
    ) -> DigestId | None:
        """Freeze a digest; None if this period of this subscription has one."""
        row = await self._session.fetch_one(
            """
            INSERT INTO digests (subscription_id, period_start, period_end, content, last_event, made_at)
            VALUES (:subscription_id, :period_start, :period_end, :content, :last_event, :now)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            {
                "subscription_id": subscription_id,
                "period_start": instant(period_start),
                "period_end": instant(period_end),
                "content": to_json(content),
                "last_event": last_event,
                "now": instant(now),
            },
        )
        return None if row is None else DigestId(row[0])

    async def get_digest(self, digest_id: DigestId) -> Digest:
        """Return a digest; NotFound if there is none."""
        row = await self._session.fetch_one(f"SELECT {_DIGEST.sql} FROM digests WHERE id = :id", {"id": digest_id})
        if row is None:
            raise NotFound("digest_not_found")
        return _DIGEST.record(row)
