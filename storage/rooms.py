"""Where the team works together, as SQL: the review room, the room for disputes, and the cards in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.engines.base import Session
from storage.kinds import ClaimState, RoomKind
from storage.model import ChatId, Claim, ClaimId, Document, Person, PersonId
from storage.rows import Columns, instant

_CLAIM = Columns(Claim)
_DOCUMENT = Columns(Document)


@dataclass(frozen=True, slots=True)
class Room:
    """A group, or a topic in one, and what it is for."""

    kind: RoomKind
    chat_id: ChatId
    thread_id: int | None
    set_by: PersonId | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the work on a claim is: who has it and who is done, in the order of taking and of handing in."""

    state: ClaimState
    taken: list[Person]
    submitted: list[Person]

    @property
    def mark(self) -> str:
        """What changes when a card has to be changed."""
        return "|".join((self.state, _named(self.taken), _named(self.submitted)))


@dataclass(frozen=True, slots=True)
class RoomCard:
    """What the card of a claim in the review room shows; `rating` is that of a published verdict."""

    claim: Claim
    document: Document
    requests: int
    standing: Standing
    rating: str | None


def _named(people: Sequence[Person]) -> str:
    return ",".join(each.name if each.alias is None else f"#{each.alias}" for each in people)


_ROOM = Columns(Room)
_PERSON = Columns(Person)

_OVER = "over:"
"""Begins the name of a card that is in no room any more."""


class Rooms:
    """SQL on `rooms` and `room_cards`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_all(self) -> list[Room]:
        """Return the rooms there are."""
        return _ROOM.records(await self._session.fetch_all(f"SELECT {_ROOM.sql} FROM rooms ORDER BY kind"))

    async def find(self, kind: RoomKind) -> Room | None:
        """Return the room of a kind."""
        return _ROOM.maybe(
            await self._session.fetch_one(f"SELECT {_ROOM.sql} FROM rooms WHERE kind = :kind", {"kind": kind})
        )

    async def put(self, kind: RoomKind, chat_id: ChatId, thread_id: int | None, now: datetime, *, by: PersonId) -> None:
        """Make a group or topic the room of a kind, instead of the one that was; its cards begin anew."""
        await self.end(kind)
        await self._session.execute(
            """
            INSERT INTO rooms (kind, chat_id, thread_id, set_by, set_at)
            VALUES (:kind, :chat_id, :thread_id, :by, :now)
            """,
            {"kind": kind, "chat_id": chat_id, "thread_id": thread_id, "by": by, "now": instant(now)},
        )

    async def end(self, kind: RoomKind) -> bool:
        """End the room of a kind; False if there was none."""
        return await self._session.execute("DELETE FROM rooms WHERE kind = :kind", {"kind": kind}) > 0

    async def set_aside(self, room: Room, states: tuple[ClaimState, ...]) -> list[tuple[ClaimId, str]]:
        """Give the cards of a room that ends other names, so that a new room in its chat begins with cards of its own.

        Returns:
            The claims in these states with a card there, and the name of each card now.
        """
        await self._session.execute(
            f"""
            UPDATE sent_messages SET card = '{_OVER}' || card WHERE chat_id = :chat_id
              AND card IN (SELECT :kind || ':' || claim_id FROM room_cards WHERE kind = :kind)
            """,
            {"chat_id": room.chat_id, "kind": room.kind},
        )
        return [(claim, f"{_OVER}{room.kind}:{claim}") for claim in await self.list_waiting(room.kind, states)]

    async def find_shown(self, kind: RoomKind, claim_id: ClaimId) -> str | None:
        """Return what the card of a claim was last told to show; None if it has none in that room."""
        row = await self._session.fetch_one(
            "SELECT shown FROM room_cards WHERE kind = :kind AND claim_id = :claim_id",
            {"kind": kind, "claim_id": claim_id},
        )
        return None if row is None else str(row[0])

    async def mark_shown(self, kind: RoomKind, claim_id: ClaimId, shown: str) -> None:
        """Note that a claim has a card in a room, and what it is told to show."""
        await self._session.execute(
            """
            INSERT INTO room_cards (kind, claim_id, shown) VALUES (:kind, :claim_id, :shown)
            ON CONFLICT (kind, claim_id) DO UPDATE SET shown = excluded.shown
            """,
            {"kind": kind, "claim_id": claim_id, "shown": shown},
        )

    async def forget_shown(self, claim_id: ClaimId) -> None:
        """Let a claim get new cards in the rooms."""
        await self._session.execute("DELETE FROM room_cards WHERE claim_id = :id", {"id": claim_id})

    async def list_waiting(self, kind: RoomKind, states: tuple[ClaimState, ...]) -> list[ClaimId]:
        """Return the claims in these states that have a card in a room, by number."""
        names = ", ".join(f"'{state}'" for state in states)
        rows = await self._session.fetch_all(
            f"""
            SELECT c.id FROM claims c JOIN room_cards r ON r.claim_id = c.id AND r.kind = :kind
            WHERE c.state IN ({names}) ORDER BY c.id
            """,
            {"kind": kind},
        )
        return [ClaimId(row[0]) for row in rows]

    async def standing(self, claim: Claim) -> Standing:
        """Return how far the work on a claim is."""
        taken = await self._session.fetch_all(
            f"""
            SELECT {_PERSON.of("p")} FROM assignments a JOIN people p ON p.id = a.person_id
            WHERE a.claim_id = :id AND a.state = 'taken' ORDER BY a.taken_at, a.id
            """,
            {"id": claim.id},
        )
        submitted = await self._session.fetch_all(
            f"""
            SELECT {_PERSON.of("p")} FROM reviews r JOIN people p ON p.id = r.person_id
            WHERE r.claim_id = :id AND r.state = 'submitted' ORDER BY r.submitted_at, r.id
            """,
            {"id": claim.id},
        )
        return Standing(claim.state, _PERSON.records(taken), _PERSON.records(submitted))

    async def card(self, claim_id: ClaimId) -> RoomCard | None:
        """Return what the card of a claim shows; None if there is no such claim."""
        row = await self._session.fetch_one(
            f"""
            SELECT {_CLAIM.of("c")}, {_DOCUMENT.of("d")},
              (SELECT count(*) FROM requests r WHERE r.claim_id = c.id AND r.state <> 'withdrawn'),
              (SELECT v.rating FROM verdicts v WHERE v.claim_id = c.id AND v.published_at IS NOT NULL
               ORDER BY v.version DESC LIMIT 1)
            FROM claims c JOIN documents d ON d.id = c.document_id WHERE c.id = :id AND c.practice = 0
            """,
            {"id": claim_id},
        )
        if row is None:
            return None
        width = len(_CLAIM.names)
        claim = _CLAIM.record(row[:width])
        return RoomCard(claim, _DOCUMENT.record(row[width:-2]), row[-2], await self.standing(claim), row[-1])
