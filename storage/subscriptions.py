"""Subscriptions and the digests made for them, as SQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storage.digest_wishes import DigestWishes
from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import Audience
from storage.model import ChatId, Digest, DigestId, PersonId, Subscription, SubscriptionId
from storage.rows import Columns, instant, to_json
from storage.values import Marks, Schedule

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
        chat_id: ChatId,
        thread_id: int | None,
        schedule: Schedule,
        *,
        covered_until: datetime,
        next_at: datetime,
        seen: Marks,
        audience: Audience,
        left_out: Iterable[str] = (),
        created_by: PersonId | None,
        now: datetime,
    ) -> Subscription:
        """Keep a new subscription, whose first period begins at `covered_until`, behind `seen`."""
        row = await self._session.fetch_one(
            f"""
            INSERT INTO subscriptions (chat_id, thread_id, cadence, zone, local_minute, day, cron, covered_until,
              next_at, seen_event, seen_claim, audience, left_out, created_by, created_at)
            VALUES (:chat_id, :thread_id, :cadence, :zone, :local_minute, :day, :cron, :covered_until, :next_at,
              :seen_event, :seen_claim, :audience, :left_out, :created_by, :now)
            RETURNING {_SUBSCRIPTION.sql}
            """,
            {
                "chat_id": chat_id,
                "thread_id": thread_id,
                "cadence": schedule.cadence,
                "zone": schedule.zone,
                "local_minute": schedule.local_minute,
                "day": schedule.day,
                "cron": schedule.cron,
                "covered_until": instant(covered_until),
                "next_at": instant(next_at),
                "seen_event": seen.event,
                "seen_claim": seen.claim,
                "audience": audience,
                "left_out": to_json(list(left_out)),
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

    async def list_due(self, now: datetime, *, limit: int) -> list[Subscription]:
        """Return the subscriptions whose time has come and that are not paused, the most overdue first."""
        return _SUBSCRIPTION.records(
            await self._session.fetch_all(
                f"""
                SELECT {_SUBSCRIPTION.sql} FROM subscriptions
                WHERE active = 1 AND paused = 0 AND next_at <= :now ORDER BY next_at, id LIMIT :limit
                """,
                {"now": instant(now), "limit": limit},
            )
        )

    async def list_ahead(self, of: datetime) -> list[Subscription]:
        """Return the active subscriptions that are covered beyond an instant."""
        return _SUBSCRIPTION.records(
            await self._session.fetch_all(
                # What is covered so far is due later still, which the index knows.
                f"""
                SELECT {_SUBSCRIPTION.sql} FROM subscriptions
                WHERE active = 1 AND paused = 0 AND next_at > :of AND covered_until > :of ORDER BY next_at, id
                """,
                {"of": instant(of)},
            )
        )

    async def find_next(self) -> datetime | None:
        """Return when the next digest is due."""
        row = await self._session.fetch_one("SELECT min(next_at) FROM subscriptions WHERE active = 1 AND paused = 0")
        return None if row is None or row[0] is None else datetime.fromisoformat(row[0])

    async def mark_covered(
        self, subscription_id: SubscriptionId, until: datetime, next_at: datetime, seen: Marks
    ) -> None:
        """Note up to when, and up to which marks, a subscription is served, and when it is due again."""
        changed = await self._session.execute(
            """
            UPDATE subscriptions SET covered_until = :until, next_at = :next_at, seen_event = :event,
              seen_claim = :claim
            WHERE id = :id
            """,
            {
                "id": subscription_id,
                "until": instant(until),
                "next_at": instant(next_at),
                "event": seen.event,
                "claim": seen.claim,
            },
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def mark_schedule(self, subscription_id: SubscriptionId, schedule: Schedule, next_at: datetime) -> None:
        """Set when an active subscription is due; its running period goes on."""
        changed = await self._session.execute(
            """
            UPDATE subscriptions SET cadence = :cadence, zone = :zone, local_minute = :local_minute, day = :day,
              cron = :cron, next_at = :next_at
            WHERE id = :id AND active = 1
            """,
            {
                "id": subscription_id,
                "cadence": schedule.cadence,
                "zone": schedule.zone,
                "local_minute": schedule.local_minute,
                "day": schedule.day,
                "cron": schedule.cron,
                "next_at": instant(next_at),
            },
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def mark_told(self, subscription_id: SubscriptionId, audience: Audience, left_out: Iterable[str]) -> None:
        """Set for whom an active subscription is, and which sections it leaves out."""
        changed = await self._session.execute(
            "UPDATE subscriptions SET audience = :audience, left_out = :left_out WHERE id = :id AND active = 1",
            {"id": subscription_id, "audience": audience, "left_out": to_json(list(left_out))},
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def mark_wishes(self, subscription_id: SubscriptionId, wishes: DigestWishes) -> None:
        """Set of which claims an active subscription tells, how it begins, and in which order."""
        changed = await self._session.execute(
            """
            UPDATE subscriptions SET languages = :languages, topics = :topics, intro = :intro, arranged = :arranged
            WHERE id = :id AND active = 1
            """,
            {
                "id": subscription_id,
                "languages": to_json(list(wishes.only.languages)),
                "topics": to_json(list(wishes.only.topics)),
                "intro": wishes.intro,
                "arranged": to_json(list(wishes.arranged)),
            },
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def mark_paused(self, subscription_id: SubscriptionId, next_at: datetime, *, paused: bool) -> None:
        """Pause an active subscription or let it go on, due at `next_at`."""
        changed = await self._session.execute(
            "UPDATE subscriptions SET paused = :paused, next_at = :next_at WHERE id = :id AND active = 1",
            {"id": subscription_id, "paused": int(paused), "next_at": instant(next_at)},
        )
        if changed != 1:
            raise NotFound("subscription_not_found")

    async def revive_lost(self, subscription_id: SubscriptionId, now: datetime) -> int:
        """Queue again, with their pictures, the digests after the last that arrived, which the chat did not let in.

        Returns how many messages these are.
        """
        return await self._session.execute(
            """
            UPDATE outbox
            SET state = 'queued', attempts = 0, error = NULL, ended_at = NULL, due_at = :now, retry_at = :now
            WHERE state = 'dead' AND dedup_key IN (
              SELECT 'digest:' || d.id || part.value FROM digests d, json_each('["", ":chart"]') part
              WHERE d.subscription_id = :id AND d.id > coalesce((
                SELECT max(s.id) FROM digests s JOIN outbox o ON o.dedup_key = 'digest:' || s.id
                WHERE s.subscription_id = :id AND o.state = 'sent'), 0))
            """,
            {"id": subscription_id, "now": instant(now)},
        )

    async def add_digest(
        self,
        subscription_id: SubscriptionId,
        period_start: datetime,
        period_end: datetime,
        content: dict[str, Any],
        upto: Marks,
        now: datetime,
    ) -> DigestId | None:
        """Freeze a digest; None if this period of this subscription has one."""
        row = await self._session.fetch_one(
            """
            INSERT INTO digests (subscription_id, period_start, period_end, content, last_event, last_claim, made_at)
            VALUES (:subscription_id, :period_start, :period_end, :content, :event, :claim, :now)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            {
                "subscription_id": subscription_id,
                "period_start": instant(period_start),
                "period_end": instant(period_end),
                "content": to_json(content),
                "event": upto.event,
                "claim": upto.claim,
                "now": instant(now),
            },
        )
        return None if row is None else DigestId(row[0])

    async def find_last_digest(self, subscription_id: SubscriptionId) -> Digest | None:
        """Return the newest digest of a subscription."""
        return _DIGEST.maybe(
            await self._session.fetch_one(
                f"""
                SELECT {_DIGEST.sql} FROM digests WHERE subscription_id = :id ORDER BY period_start DESC LIMIT 1
                """,
                {"id": subscription_id},
            )
        )

    async def get_digest(self, digest_id: DigestId) -> Digest:
        """Return a digest; NotFound if there is none."""
        row = await self._session.fetch_one(f"SELECT {_DIGEST.sql} FROM digests WHERE id = :id", {"id": digest_id})
        if row is None:
            raise NotFound("digest_not_found")
        return _DIGEST.record(row)
