"""Who works in the weeks of a desk: people with habits, each with a phone that shows what their chat shows."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bot.callbacks import VERSION, Verb
from bot.sandbox import Person, SeenMessage
from tests.support.newsroom import Newsroom

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
    recuses: float = 0.03
    """of the offers after which they say that they are too close to it"""
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
    Habits(recuses=0.3),
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

    def happens(self, share: float) -> bool:
        """Throw a die: true in this share of the times."""
        return self.random.random() < share
