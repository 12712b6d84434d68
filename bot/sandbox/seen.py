"""Messages as a person sees them, and what goes wrong when one looks for something that is not there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


class NotShownError(TimeoutError):
    """What was waited for did not appear in the chat in time; the message lists what the chat shows."""


class NoSuchButtonError(LookupError):
    """The message has no such button (any more); the message lists those it has."""


class Toast(str):
    """What a person reads after pressing a button; `alert` tells a box to dismiss from a passing line."""

    alert: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A photo or document in a message; a photo has no name."""

    file_id: str
    name: str | None
    size: int


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message at the moment one looked at it. `version` grows with every change in the sandbox."""

    id: int
    chat_id: int
    version: int
    kind: str
    text: str
    html: str
    entities: tuple[dict[str, Any], ...]
    buttons: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...] | None
    by_bot: bool
    sender: str
    sender_id: int | None
    date: datetime
    edited: bool
    reply_to: int | None
    thread: int | None
    forwarded: bool
    reactions: tuple[str, ...]
    file: SeenFile | None

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, row by row."""
        return [button.label for row in self.buttons for button in row]

    def button(self, wanted: str) -> Button:
        """The button with that label or data, or else the only one whose label contains it."""
        flat = [button for row in self.buttons for button in row]
        exact = [button for button in flat if wanted in {button.label, button.data}]
        if exact:
            return exact[0]
        partly = [button for button in flat if wanted in button.label]
        if len(partly) == 1:
            return partly[0]
        problem = "is not unique" if partly else "is not there"
        raise NoSuchButtonError(f"button {wanted!r} {problem}; message {self.id} has {self.labels}")

    def has_button(self, wanted: str) -> bool:
        """Whether `button` would find one."""
        try:
            self.button(wanted)
        except NoSuchButtonError:
            return False
        return True

    @classmethod
    def from_json(cls, shown: dict[str, Any]) -> "SeenMessage":
        """Read what the actions return."""
        fields = dict(shown)
        fields["entities"] = tuple(shown["entities"])
        fields["buttons"] = tuple(
            tuple(Button(button["text"], button["data"], button["url"]) for button in row) for row in shown["buttons"]
        )
        keyboard = shown["keyboard"]
        fields["keyboard"] = None if keyboard is None else tuple(tuple(row) for row in keyboard)
        fields["date"] = datetime.fromtimestamp(shown["date"], UTC)
        fields["reactions"] = tuple(shown["reactions"])
        fields["file"] = SeenFile(**shown["file"]) if shown["file"] else None
        return cls(**fields)
