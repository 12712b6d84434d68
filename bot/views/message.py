"""What a view makes: a message in Telegram's HTML with buttons, a plain call of the Bot API, or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape as escape_html
from typing import Any, Literal

from storage.model import ClaimId


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: `data` (bot/callbacks.py) or `url`."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `html` may be longer than Telegram allows: the courier splits it, buttons under the last part."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    preview: bool = False
    claim_id: ClaimId | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of another kind than a text: a person's command menu; a file, which is paced like a text."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    shows: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file made for its reader. `make` runs in a thread when it is sent; None if there is nothing to send."""

    kind: Literal["photo", "document"]
    name: str
    media_type: str
    make: Callable[[], bytes | None]
    caption: str = ""


def escape(text: str) -> str:
    """Return text safe inside Telegram's HTML. Every text that is not ours goes through here."""
    return escape_html(text, quote=False)
