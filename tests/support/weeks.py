"""Weeks in the life of a desk: reviewers, editors and askers with habits, a real process, a clock that jumps ahead.

Everybody acts on what their chat shows them, by the buttons that it offers; nobody waits for anybody. After each round
the conductor waits until the desk has taken in everything and sent everything that is due.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.callbacks import VERSION, Verb
from bot.sandbox import Person, SeenMessage
from jobs.clock import utc_now
from tests.support.newsroom import Newsroom

RATINGS = ("true", "mostly_true", "mixed", "mostly_false", "false", "misleading")
"""Those that ask for a source: by its address an answer is known in a chat."""
HOUR = 3600

PLACES = ("Rajshahi", "Khulna", "Sylhet", "Barishal", "Rangpur", "Cumilla", "Jashore", "Bogura", "Pabna", "Noakhali")
THINGS = ("bridges", "wells", "schools", "buses", "clinics", "boats", "markets", "dams", "tents", "pumps")
DEEDS = ("were closed", "were repaired", "burned down", "were sold abroad", "ran dry", "were counted twice")
PLACES_BN = ("রাজশাহীতে", "খুলনায়", "সিলেটে", "বরিশালে", "রংপুরে", "কুমিল্লায়", "যশোরে", "বগুড়ায়", "পাবনায়", "নোয়াখালীতে")
THINGS_BN = ("সেতু", "নলকূপ", "বিদ্যালয়", "বাস", "ক্লিনিক", "নৌকা", "বাজার", "বাঁধ", "তাঁবু", "পাম্প")
DEEDS_BN = ("বন্ধ হয়েছে", "মেরামত হয়েছে", "পুড়ে গেছে", "বিদেশে বিক্রি হয়েছে", "শুকিয়ে গেছে", "দুবার গোনা হয়েছে")


def sentence(number: int) -> str:
    """Return the claim with a number; no two are the same, a third is in Bengali."""
    place, thing, deed = number % 10, number // 10 % 10, number // 100 % 6
    if number % 3 == 0:
        return (
            f"{PLACES_BN[place]} গত মাসে {number + 17} টি {THINGS_BN[thing]} {DEEDS_BN[deed]} বলে {number} জন জানিয়েছেন।"
        )
    return f"In {PLACES[place]} {number + 17} {THINGS[thing]} {DEEDS[deed]} last month, said {number} people there."


@dataclass(frozen=True)
class Habits:
    """How somebody works; shares are of the chances they get."""

    diligence: float = 0.6
    """of the hours in which they look at their phone"""
    doubt: float = 0.12
    """of the reviews in which they see it differently from most"""
    passes: float = 0.03
    double_taps: float = 0.0
    blocks: float = 0.0
    """of the hours in which they block the desk for a day"""


CREW = (
    Habits(),
    Habits(diligence=0.15),
    Habits(double_taps=0.5),
    Habits(blocks=0.004),
    Habits(doubt=0.6),
    Habits(passes=0.3),
)
"""The habits that go round among reviewers."""


@dataclass
class Phone:
    """Somebody's chat with the desk, as they last saw it."""

    person: Person
    random: random.Random
    habits: Habits
    blocked_until: int | None = None
    version: int = 0
    shown: dict[int, SeenMessage] = field(default_factory=dict)
    pressed: set[tuple[int, int, str]] = field(default_factory=set)

    async def look(self, room: Newsroom) -> None:
        """See what is new."""
        new = await room.people.act("messages", chat=self.person.id, since=self.version)
        self.version = new["version"]
        for each in map(SeenMessage.from_json, new["messages"]):
            self.shown[each.id] = each
            if not each.buttons:
                del self.shown[each.id]

    def find(self, *verbs: Verb) -> tuple[SeenMessage, list[str]] | None:
        """Return the newest message with such buttons that were not pressed as they are now, and what they carry."""
        for number in sorted(self.shown, reverse=True):
            message = self.shown[number]
            found = [
                button.data
                for row in message.buttons
                for button in row
                if button.data is not None
                and any(button.data.startswith(f"{VERSION}:{verb}:") for verb in verbs)
                and (number, message.version, button.data) not in self.pressed
            ]
            if found:
                return message, found
        return None

    async def press(self, message: SeenMessage, data: str) -> None:
        """Press, and perhaps press again at once."""
        self.pressed.add((message.id, message.version, data))
        for _ in range(2 if self.random.random() < self.habits.double_taps else 1):
            await self.person.press_raw(message, data, timeout=0)

    async def tap(self, *verbs: Verb, wanted: str = "") -> bool:
        """Press the newest button with one of the verbs (its data ending in `wanted`); False if there is none."""
        found = self.find(*verbs)
        if found is None:
            return False
        message, choices = found
        choices = [data for data in choices if data.endswith(wanted)] or choices
        await self.press(message, self.random.choice(choices))
        return True


class Weeks:
    """The conductor."""

    def __init__(self, room: Newsroom, seed: int) -> None:
        self.room = room
        self.random = random.Random(seed)
        self.hour = 0
        self.reviewers: list[Phone] = []
        self.editors: list[Phone] = []
        self.askers: list[Phone] = []
        self._ticks = 0
        self._steps: dict[int, dict[str, Any]] = {}

    def phone(self, person: Person, habits: Habits | None = None) -> Phone:
        """Return the phone of a person who came into the room."""
        return Phone(person, random.Random(self.random.random()), habits or Habits())

    async def pass_hour(self, *, rounds: int = 12) -> None:
        """Let an hour go by: the clock is put ahead, the jobs run, and people do what they find to do."""
        self.hour += 1
        self.room.desk.move_clock(self.hour * HOUR)
        await self.tick()
        await self.settle()
        awake = [each for each in self.reviewers if each.random.random() < each.habits.diligence]
        for each in self.reviewers:
            await self._sulk(each)
        for _ in range(rounds):
            if not await self.round(awake):
                return

    async def round(self, reviewers: Iterable[Phone]) -> int:
        """Let everybody who is awake do one thing; returns how many did."""
        self._steps = self._read_steps()
        acted = [await self._review(each) for each in reviewers if each.blocked_until is None]
        acted += [await self._edit(each) for each in self.editors]
        await self.settle()
        return sum(acted)

    async def tick(self) -> None:
        """Let the desk run its jobs at the hour that it now is."""
        self._ticks += 1
        ticks = self.room.desk.clock.with_name("ticks")
        ticks.write_text(str(self._ticks))
        done = ticks.with_suffix(".done")
        await self.room.until(lambda: done.exists() and done.read_text() == str(self._ticks))

    async def settle(self) -> None:
        """Wait until the desk has taken in every update and sent everything that is due."""
        box, desk = self.room.server.sandbox, self.room.desk
        quiet = 0
        while quiet < 2:
            await asyncio.sleep(0.004)
            if not desk.running:
                return
            busy = len(box.updates) or desk.value(
                "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' OR (state = 'queued' AND due_at <= ?))",
                self._due(),
            )
            quiet = 0 if busy else quiet + 1

    def _due(self) -> str:
        # What was put a moment ago, by the desk's own clock, counts as due; nothing is meant for the next minutes.
        return (utc_now() + timedelta(hours=self.hour)).isoformat(timespec="microseconds")

    def _read_steps(self) -> dict[int, dict[str, Any]]:
        rows = self.room.desk.rows(
            """
            SELECT p.telegram_id, f.awaiting, f.claim_id, v.rating,
              (SELECT count(*) FROM sources s WHERE s.review_id = v.id),
              (SELECT count(*) FROM sources s WHERE s.review_id = v.id AND s.kind IS NULL),
              (SELECT count(*) FROM sources s WHERE s.review_id = v.id AND s.stance IS NULL)
            FROM focuses f JOIN people p ON p.id = f.person_id
            LEFT JOIN reviews v ON v.claim_id = f.claim_id AND v.person_id = f.person_id AND v.state = 'draft'
            """
        )
        names = ("awaiting", "claim", "rating", "sources", "kindless", "stanceless")
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    async def _sulk(self, phone: Phone) -> None:
        """Block the desk for a day now and then, and come back."""
        if phone.blocked_until is not None and self.hour >= phone.blocked_until:
            phone.blocked_until = None
            await phone.person.start()
            await phone.person.send("/duty on")
        elif phone.blocked_until is None and phone.random.random() < phone.habits.blocks:
            phone.blocked_until = self.hour + 24
            await phone.person.block()

    async def _review(self, phone: Phone) -> bool:
        await phone.look(self.room)
        step = self._steps.get(phone.person.id)
        if step is None:
            verb = Verb.PASS if phone.random.random() < phone.habits.passes else Verb.TAKE
            return await phone.tap(verb)
        if phone.random.random() < 0.003:
            return await phone.tap(Verb.HAND_BACK)
        match step["awaiting"]:
            case "rating":
                return await phone.tap(Verb.RATE, wanted=f":{self._opinion(phone, step['claim'])}")
            case "source" if not step["sources"]:
                await phone.person.send(f"https://example{step['claim']}.org/{phone.person.id} the record")
                return True
            case "source" if step["kindless"]:
                return await phone.tap(Verb.SOURCE_KIND)
            case "source" if step["stanceless"]:
                return await phone.tap(Verb.SOURCE_STANCE)
            case "source":
                return await phone.tap(Verb.STEP, wanted=":explanation")
            case "explanation":
                await phone.person.send(f"The record says so, as {phone.person.first_name} found.")
                return True
            case "preview":
                return await phone.tap(Verb.SUBMIT)
            case _:
                return False

    def _opinion(self, phone: Phone, claim: int) -> str:
        most = RATINGS[claim % len(RATINGS)]
        return phone.random.choice(RATINGS) if phone.random.random() < phone.habits.doubt else most

    async def _edit(self, phone: Phone) -> bool:
        await phone.look(self.room)
        step = self._steps.get(phone.person.id)
        if step is not None and step["awaiting"] == "adjudication":
            await phone.person.send("The record was read again, and it is clear.")
            return True
        return await phone.tap(Verb.APPROVE) or await phone.tap(Verb.ADJUDICATE)

    async def kill(self) -> None:
        """End the desk with SIGKILL in the middle of what it does, and start it again."""
        self._steps = self._read_steps()
        for each in self.reviewers[::2]:
            if each.blocked_until is None:
                await self._review(each)
        await self.room.desk.kill()
        await self.start()
        await self.settle()

    async def start(self) -> None:
        """Start the desk with the clock and the jobs in the test's hands."""
        ticks = self.room.desk.clock.with_name("ticks")
        await self.room.desk.start_controlled(ticks=ticks)
