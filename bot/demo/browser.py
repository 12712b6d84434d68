"""Opening the page in the visitor's browser, where there is one."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from contextlib import suppress


def open_page(url: str) -> None:
    """Show the page, without waiting for it; where there is no screen or no browser, nothing happens.

    Without a screen the library would take the terminal for a text browser, in which the page cannot work.
    """
    if has_screen():
        threading.Thread(target=_open, args=(url,), daemon=True).start()


def has_screen() -> bool:
    """Whether a browser's window could be seen."""
    if os.name != "posix" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(url: str) -> None:
    # Whatever a system's browser may get wrong, the address stands in the terminal.
    with suppress(Exception):
        webbrowser.open(url)
