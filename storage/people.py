"""People and what each is busy with, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.engines.base import Session
from storage.errors import NotFound
from storage.kinds import Awaiting, Role
from storage.model import ClaimId, Focus, Person, PersonId
from storage.rows import Columns, instant

_PERSON = Columns(Person)
_FOCUS = Columns(Focus)

# Says again what the index over live assignments says, or it would not be used. Practice is no load.
_LIVE = "a.state IN ('offered', 'taken') AND a.claim_id > 0"

SEEN_EVERY = timedelta(hours=1)
"""`seen_at` is kept this coarse, so that a tap does not cost a write of the person's row."""


@dataclass(frozen=True, slots=True)
class Workload:
    """A person on duty and the work they have: live leases, open offers, and when they were last offered one."""

    person: Person
    live: int
    open_offers: int
    last_offered_at: datetime | None


class People:
    """SQL on `people` and `focuses`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, person_id: PersonId) -> Person:
        """Return a person; NotFound if there is none."""
        row = await self._session.fetch_one(f"SELECT {_PERSON.sql} FROM people WHERE id = :id", {"id": person_id})
        if row is None:
            raise NotFound("person_not_found", person=person_id)
        return _PERSON.record(row)

    async def find_by_telegram(self, telegram_id: int) -> Person | None:
        """Return the person with a Telegram id, if known."""
        return _PERSON.maybe(
            await self._session.fetch_one(
                f"SELECT {_PERSON.sql} FROM people WHERE telegram_id = :telegram_id", {"telegram_id": telegram_id}
            )
        )

    async def find_by_username(self, username: str) -> Person | None:
        """Return the person with a username (without @, any case), if known."""
        return _PERSON.maybe(
            await self._session.fetch_one(
                f"SELECT {_PERSON.sql} FROM people WHERE lower(username) = lower(:username) ORDER BY seen_at DESC",
                {"username": username},
            )
        )

    async def list_called(self, name: str) -> list[Person]:
        """Return the people with a username (any case; with @ or without) or, without @, with exactly this name."""
        rows = await self._session.fetch_all(
            f"""
            SELECT {_PERSON.sql} FROM people WHERE lower(username) = lower(:username)
            UNION SELECT {_PERSON.sql} FROM people WHERE name = :name
            ORDER BY id LIMIT 50
            """,
            {"username": name.removeprefix("@"), "name": name},
        )
        return _PERSON.records(rows)

    async def meet(
        self,
        telegram_id: int,
        name: str,
        username: str | None,
        now: datetime,
        *,
        role: Role = Role.PUBLIC,
        language: str | None = None,
    ) -> Person:
        """Return the person behind a Telegram id, added (with `role`, `language`) or brought up to date if need be."""
        known = await self.find_by_telegram(telegram_id)
        if known is not None and known.name == name and known.username == username and now - known.seen_at < SEEN_EVERY:
            return known
        row = await self._session.fetch_one(
            f"""
            INSERT INTO people (telegram_id, name, username, language, role, joined_at, seen_at)
            VALUES (:telegram_id, :name, :username, :language, :role, :now, :now)
            ON CONFLICT (telegram_id) DO UPDATE
            SET name = excluded.name, username = excluded.username, seen_at = excluded.seen_at
            RETURNING {_PERSON.sql}
            """,
            {
                "telegram_id": telegram_id,
                "name": name,
                "username": username,
                "language": language,
                "role": role,
                "now": instant(now),
            },
        )
        assert row is not None  # noqa: S101 - RETURNING after an upsert always has a row
        return _PERSON.record(row)

    async def mark_role(self, person_id: PersonId, role: Role) -> None:
        """Give a role; who is public again goes off duty. A suspension ends, and with a role so does a pseudonym."""
        changed = await self._session.execute(
            """
            UPDATE people SET role = :role, on_duty = CASE WHEN :role = 'public' THEN 0 ELSE on_duty END,
              suspended_role = NULL, alias = CASE WHEN :role = 'public' THEN alias END
            WHERE id = :id
            """,
            {"id": person_id, "role": role},
        )
        _one(changed, person_id)

    async def mark_language(self, person_id: PersonId, language: str) -> None:
        """Keep the language a person chose."""
        changed = await self._session.execute(
            "UPDATE people SET language = :language WHERE id = :id", {"id": person_id, "language": language}
        )
        _one(changed, person_id)

    async def mark_duty(self, person_id: PersonId, *, on_duty: bool) -> None:
        """Put a person on or off duty."""
        changed = await self._session.execute(
            "UPDATE people SET on_duty = :on_duty WHERE id = :id", {"id": person_id, "on_duty": int(on_duty)}
        )
        _one(changed, person_id)

    async def mark_unreachable(self, person_id: PersonId) -> bool:
        """Note that Telegram refuses messages to a person; they go off duty. False if that was known."""
        return (
            await self._session.execute(
                "UPDATE people SET reachable = 0, on_duty = 0 WHERE id = :id AND reachable = 1", {"id": person_id}
            )
            > 0
        )

    async def mark_reachable(self, person_id: PersonId) -> None:
        """Note that a person who could not be reached can be written to again. They stay off duty."""
        _one(
            await self._session.execute("UPDATE people SET reachable = 1 WHERE id = :id", {"id": person_id}), person_id
        )

    async def list_with_role(self, least: Role, *, reachable: bool = True) -> list[Person]:
        """Return those who have at least a role, by id; only those who can be written to unless told otherwise."""
        rows = await self._session.fetch_all(
            f"SELECT {_PERSON.sql} FROM people WHERE role <> 'public' AND (reachable = 1 OR :all = 1) ORDER BY id",
            {"all": int(not reachable)},
        )
        return [person for person in _PERSON.records(rows) if person.role.covers(least)]

    async def list_on_duty(self) -> list[Workload]:
        """Return everybody on duty who can be written to and wants offers when they are made, with their work."""
        rows = await self._session.fetch_all(
            f"""
            SELECT {_PERSON.of("p")},
              (SELECT count(*) FROM assignments a WHERE a.person_id = p.id AND a.state = 'taken' AND {_LIVE}),
              (SELECT count(*) FROM assignments a WHERE a.person_id = p.id AND a.state = 'offered' AND {_LIVE}),
              (SELECT a.offered_at FROM assignments a WHERE a.person_id = p.id AND a.claim_id > 0
               ORDER BY a.id DESC LIMIT 1)
            FROM people p WHERE p.on_duty = 1 AND p.reachable = 1 AND NOT EXISTS (
              SELECT 1 FROM wishes w WHERE w.person_id = p.id AND w.subject = 'offers' AND w.manner <> 'at_once')
            ORDER BY p.id
            """
        )
        return [
            Workload(
                _PERSON.record(row[:-3]), row[-3], row[-2], None if row[-1] is None else datetime.fromisoformat(row[-1])
            )
            for row in rows
        ]

    async def find_focus(self, person_id: PersonId) -> Focus | None:
        """Return what a person is busy with."""
        return _FOCUS.maybe(
            await self._session.fetch_one(
                f"SELECT {_FOCUS.sql} FROM focuses WHERE person_id = :person_id", {"person_id": person_id}
            )
        )

    async def list_focused(self, claim_id: ClaimId) -> list[Focus]:
        """Return who is busy with a claim, and how."""
        return _FOCUS.records(
            await self._session.fetch_all(
                f"SELECT {_FOCUS.sql} FROM focuses WHERE claim_id = :claim_id ORDER BY person_id",
                {"claim_id": claim_id},
            )
        )

    async def mark_focus(
        self,
        person_id: PersonId,
        claim_id: ClaimId,
        awaiting: Awaiting,
        now: datetime,
        *,
        rating: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Set what a person is busy with; `rating` goes with `adjudication` and `correction` only."""
        # What they were asked for before is not what they write next.
        await self._session.execute("DELETE FROM intros_asked WHERE person_id = :id", {"id": person_id})
        await self._session.execute(
            """
            INSERT INTO focuses (person_id, claim_id, awaiting, rating, detail, since)
            VALUES (:person_id, :claim_id, :awaiting, :rating, :detail, :since)
            ON CONFLICT (person_id) DO UPDATE SET claim_id = excluded.claim_id, awaiting = excluded.awaiting,
              rating = excluded.rating, detail = excluded.detail, since = excluded.since
            """,
            {
                "person_id": person_id,
                "claim_id": claim_id,
                "awaiting": awaiting,
                "rating": rating,
                "detail": detail,
                "since": instant(now),
            },
        )

    async def clear_focus(self, person_id: PersonId, claim_id: ClaimId) -> None:
        """End a person's focus if it is on this claim."""
        await self._session.execute(
            "DELETE FROM focuses WHERE person_id = :person_id AND claim_id = :claim_id",
            {"person_id": person_id, "claim_id": claim_id},
        )


def _one(changed: int, person_id: PersonId) -> None:
    if changed != 1:
        raise NotFound("person_not_found", person=person_id)
