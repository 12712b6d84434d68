"""One person's phone in the play: what they do and see there goes into the transcript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.callbacks import Press, Verb, decode
from bot.demo.transcript import Transcript
from bot.sandbox import Group, NotShownError, Person, SeenMessage, Toast
from bot.sandbox.seen import Button
from storage.errors import Stale

Wanted = Callable[[SeenMessage], bool]


class Unmet(Exception):
    """Something that the play expects did not happen."""


def buttons_of(message: SeenMessage, verb: Verb, *ending: str) -> list[Button]:
    """Return the buttons of a message that stand for `verb` and whose arguments end like this."""
    found = []
    for row in message.buttons:
        for button in row:
            pressed = _decoded(button)
            if pressed and pressed.verb is verb and pressed.args[len(pressed.args) - len(ending) :] == ending:
                found.append(button)
    return found


def _decoded(button: Button) -> Press | None:
    try:
        return decode(button.data or "")
    except Stale:
        return None


def offers(verb: Verb, *ending: str) -> Wanted:
    """Return the wish for a message with such a button."""
    return lambda message: bool(buttons_of(message, verb, *ending))


def anything(_message: SeenMessage) -> bool:
    """The wish for whatever the bot says next."""
    return True


@dataclass(slots=True)
class Seat:
    """A person, with what of each chat the transcript has shown already."""

    person: Person
    name: str
    transcript: Transcript
    patience: float
    _shown: dict[int, int] = field(default_factory=dict)
    _last: dict[int, SeenMessage] = field(default_factory=dict)

    async def writes(self, text: str, *, chat: Group | None = None) -> None:
        """Write to the bot, or in a group."""
        self.transcript.says(self.name, text, where=chat.title if chat else None)
        await self.person.send(text, chat=chat)

    async def forwards(self, text: str) -> None:
        """Forward a message of somebody else to the bot."""
        self.transcript.says(self.name, text, how="forwards a message")
        await self.person.forward(text)

    async def opens(self, payload: str | None = None) -> None:
        """Press Start, or open a link with a payload."""
        self.transcript.says(self.name, f"/start {payload}" if payload else "/start", how="opens the bot")
        await self.person.start(payload)

    async def sees(
        self, expected: str, wanted: Wanted = anything, *, chat: Group | None = None, count: int = 1
    ) -> SeenMessage:
        """Wait for a message that is wanted, and write down what is new in the chat.

        Args:
            expected: what it is, in words, for the report if it does not come.
            chat: a group or channel; None for the private chat with the bot.
            count: how many messages of the bot must be new, the wanted one included.
        """
        place, where = (chat.id, f"“{chat.title}”") if chat else (self.person.id, self.name)
        before = self._shown.get(place, 0)

        def new(shown: list[SeenMessage]) -> list[SeenMessage]:
            fresh = [message for message in shown if message.by_bot and message.version > before]
            return sorted(fresh, key=lambda message: message.version)

        try:
            found = await self.person.wait(wanted, chat=chat, timeout=self.patience)
            everything = await self.person.wait_until(
                lambda shown: len(new(shown)) >= count, chat=chat, timeout=self.patience
            )
        except NotShownError as error:
            raise Unmet(f"{where} should have shown within {self.patience:g} s: {expected}") from error
        there = {message.id for message in everything}
        for message in new(everything):
            last = self._last.get(place)
            # A card is edited, or sent anew at the end of the chat and the old one removed.
            goes_on = last is not None and (last.id == message.id or last.id not in there)
            self.transcript.shows(where, message, before=last if goes_on else None)
            self._last[place], self._shown[place] = message, message.version
        return found

    async def presses(self, message: SeenMessage, verb: Verb, *ending: str) -> Toast | None:
        """Press the first button of the message, as it is now, that stands for `verb`."""
        current = await self.person.current(message) or message
        found = buttons_of(current, verb, *ending)
        if not found or found[0].data is None:
            raise Unmet(f"Expected under a message to {self.name}: a button to {verb.name.lower()} {' '.join(ending)}")
        toast = await self.person.press_raw(current, found[0].data, timeout=self.patience)
        self.transcript.presses(self.name, found[0].label, toast)
        return toast
