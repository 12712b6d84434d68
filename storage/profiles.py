"""What reviewers say about their work, and those of whom nothing is heard any more, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.model import Person, PersonId
from storage.rows import Columns, instant

_PERSON = Columns(Person)
_SAID = "languages, topics, capacity, work_days, work_from, work_until"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a reviewer says about their work; an empty one of who never said anything.

    `languages` are ISO codes they read and `topics` tags they know, both empty for any. `capacity` is how many claims
    they want at once, None for as many as the policy allows. `days` (0 is Monday) and the minutes since midnight from
    `start` on and before `end` are when they work, on the clocks of their zone: no days for always, the same minute
    twice for the whole day.
    """

    languages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    capacity: int | None = None
    days: frozenset[int] = frozenset()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """When somebody who does nothing was asked, taken off duty, and invited back."""

    asked_at: datetime
    left_at: datetime | None = None
    invited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """A reviewer, how many offers and leases of theirs ran out since they last did anything, and the spell if any."""

    person: Person
    run_out: int
    spell: Spell | None


class Profiles:
    """SQL on `profiles` and `idle_spells`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, person_id: PersonId) -> Profile:
        """Return what a person said."""
        row = await self._session.fetch_one(
            f"SELECT {_SAID} FROM profiles WHERE person_id = :person_id", {"person_id": person_id}
        )
        return Profile() if row is None else _profile(*row)

    async def of_those_on_duty(self) -> dict[PersonId, Profile]:
        """Return what those on duty said, as far as they said anything."""
        rows = await self._session.fetch_all(
            f"""
            SELECT person_id, {_SAID} FROM profiles
            WHERE person_id IN (SELECT id FROM people WHERE on_duty = 1 AND reachable = 1)
            """
        )
        return {PersonId(row[0]): _profile(*row[1:]) for row in rows}

    async def mark(self, person_id: PersonId, profile: Profile) -> None:
        """Keep what a person says."""
        await self._session.execute(
            f"""
            INSERT INTO profiles (person_id, {_SAID})
            VALUES (:person_id, :languages, :topics, :capacity, :work_days, :work_from, :work_until)
            ON CONFLICT (person_id) DO UPDATE SET languages = excluded.languages, topics = excluded.topics,
              capacity = excluded.capacity, work_days = excluded.work_days, work_from = excluded.work_from,
              work_until = excluded.work_until
            """,
            {
                "person_id": person_id,
                "languages": " ".join(sorted(profile.languages)),
                "topics": " ".join(sorted(profile.topics)),
                "capacity": profile.capacity,
                "work_days": "".join(map(str, sorted(profile.days))) or None,
                "work_from": profile.start if profile.days else None,
                "work_until": profile.end if profile.days else None,
            },
        )

    async def list_quiet(self, least: int) -> list[Quiet]:
        """Return those on duty who let at least so many offers run out since they last did anything, and all asked."""
        rows = await self._session.fetch_all(
            f"""
            SELECT * FROM (
              SELECT {_PERSON.of("p")}, s.asked_at, s.left_at, s.invited_at,
                (SELECT count(*) FROM assignments a WHERE a.person_id = p.id AND a.state = 'expired'
                 AND a.claim_id > 0 AND a.ended_at > p.seen_at) AS run_out
              FROM people p LEFT JOIN idle_spells s ON s.person_id = p.id
              WHERE p.id IN (
                SELECT id FROM people WHERE on_duty = 1 AND reachable = 1 UNION SELECT person_id FROM idle_spells))
            WHERE asked_at IS NOT NULL OR run_out >= :least ORDER BY id
            """,
            {"least": least},
        )
        return [Quiet(_PERSON.record(row[:-4]), row[-1], _spell(*row[-4:-1])) for row in rows]

    async def mark_asked(self, person_id: PersonId, now: datetime) -> None:
        """Begin a spell."""
        await self._session.execute(
            "INSERT INTO idle_spells (person_id, asked_at) VALUES (:person_id, :now)",
            {"person_id": person_id, "now": instant(now)},
        )

    async def mark_left(self, person_id: PersonId, now: datetime) -> None:
        """Note that a person was taken off duty."""
        await self._session.execute(
            "UPDATE idle_spells SET left_at = :now WHERE person_id = :person_id",
            {"person_id": person_id, "now": instant(now)},
        )

    async def mark_invited(self, person_id: PersonId, now: datetime) -> None:
        """Note that a person was invited back."""
        await self._session.execute(
            "UPDATE idle_spells SET invited_at = :now WHERE person_id = :person_id",
            {"person_id": person_id, "now": instant(now)},
        )

    async def end_spell(self, person_id: PersonId) -> bool:
        """Forget the spell of a person who is back; False if there is none."""
        return await self._session.execute("DELETE FROM idle_spells WHERE person_id = :id", {"id": person_id}) > 0


def _profile(
    languages: str, topics: str, capacity: int | None, days: str | None, start: int | None, end: int | None
) -> Profile:
    return Profile(
        frozenset(languages.split()),
        frozenset(topics.split()),
        capacity,
        frozenset(map(int, days or "")),
        start or 0,
        end or 0,
    )


def _spell(asked: str | None, left: str | None, invited: str | None) -> Spell | None:
    if asked is None:
        return None
    at = [None if each is None else datetime.fromisoformat(each) for each in (left, invited)]
    return Spell(datetime.fromisoformat(asked), *at)
