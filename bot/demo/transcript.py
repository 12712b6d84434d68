"""What a reader of the demo sees: who said, saw or pressed what, in order, and what of it was checked."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.sandbox import SeenMessage, Toast

_WIDTH = 78
_EDGE = "    │ "
_SAME = "⋮"


class Transcript:
    """Writes the play down as it happens."""

    def __init__(self, out: TextIO, zone: ZoneInfo) -> None:
        self._out = out
        self._zone = zone
        self._began = time.monotonic()
        self._steps = 0
        self.step = "the stage is set"
        self.checked = 0

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._began

    def line(self, text: str = "") -> None:
        """Write a line."""
        self._out.write(f"{text}\n")
        self._out.flush()

    def begin(self, title: str, at: datetime) -> None:
        """Open a step; what goes wrong from here on is reported under its title."""
        self._steps += 1
        self.step = title
        head, tail = f"── {self._steps}. {title} ", f" {at.astimezone(self._zone):%H:%M} ──"
        self.line()
        self.line(head + "─" * max(2, _WIDTH - len(head) - len(tail)) + tail)

    def tell(self, text: str) -> None:
        """Write a line of narration."""
        self.line(f"  {text}")

    def says(self, who: str, text: str, *, how: str = "writes", where: str | None = None) -> None:
        """Somebody writes or forwards something."""
        self.line(f"  {who} {how}{f' in “{where}”' if where else ''}:")
        self._block(text.splitlines())

    def shows(self, where: str, message: SeenMessage, *, before: SeenMessage | None = None) -> None:
        """Factdesk's message, with its buttons. What stood in the one `before`, whose place it takes, is left out."""
        known = frozenset() if before is None else frozenset(before.text.splitlines())
        shown: list[str] = []
        for line in message.text.splitlines():
            if line not in known:
                shown.append(line)
            elif shown[-1:] != [_SAME]:
                shown.append(_SAME)
        self.line(f"  {where} sees:")
        self._block(shown)
        for row in message.buttons:
            self.line(_EDGE + " ".join(f"[ {button.label} ]" for button in row))

    def presses(self, who: str, label: str, toast: Toast | None) -> None:
        """Somebody presses a button; the toast is what it says at once."""
        self.line(f"  {who} presses [ {label} ]{f'  → “{toast}”' if toast else ''}")

    def check(self, text: str) -> None:
        """Something was verified."""
        self.checked += 1
        self.line(f"  ✓ {text}")

    def fail(self, expected: str, seen: Iterable[str], log: Iterable[str]) -> None:
        """Write down which step did not happen, what was expected of it, what there is instead, and the bot's log."""
        self.line()
        self.line(f"  ✗ This step did not happen: {self.step}")
        self._block(expected.splitlines())
        for title, lines in (("What the chats show:", seen), ("The end of the bot's log:", log)):
            held = list(lines)
            if held:
                self.line(f"  {title}")
                self._block(held)

    def _block(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.line((_EDGE + line).rstrip())
