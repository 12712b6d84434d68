"""Setting the stage: faults, limits, hand-made updates."""

import dataclasses
import math
from typing import Any

from bot.sandbox.errors import ActionError
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import JsonObject
from bot.sandbox.state import Sandbox


def info(box: Sandbox) -> JsonObject:
    """The bot, its token, what is pending, whether a poll waits, and the number of the last event."""
    return {
        "bot": box.bot.api(),
        "token": box.token,
        "pending_updates": len(box.updates),
        "is_polled": box.updates.is_polled,
        "last_event": box.journal.last_number,
    }


def add_fault(
    box: Sandbox,
    *,
    method: str,
    kind: str,
    amount: float = 0.0,
    times: int | None = 1,
    chat_id: int | None = None,
    skip: int = 0,
) -> None:
    """Switch a fault on."""
    if kind not in list(FaultKind):
        raise ActionError(f"there is no fault {kind!r}, only {', '.join(FaultKind)}")
    if not isinstance(amount, int | float) or not math.isfinite(amount):
        raise ActionError(f"a fault's amount is a number, not {amount!r}")
    box.faults.add(method, Fault(FaultKind(kind), amount), times=times, chat_id=chat_id, skip=skip)


def clear_faults(box: Sandbox) -> None:
    """Switch all faults off."""
    box.faults.clear()


def set_limits(box: Sandbox, **limits: Any) -> JsonObject:
    """Change some of the flood limits; the result has all."""
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in limits.values()):
        raise ActionError("set_limits: a limit is a number")
    try:
        box.flood.limits = dataclasses.replace(box.flood.limits, **limits)
    except TypeError as error:
        raise ActionError(f"set_limits: {error}") from None
    return dataclasses.asdict(box.flood.limits)


def raw_update(box: Sandbox, *, body: JsonObject, lane: int = 0) -> int:
    """Queue an update made by hand, well-formed or not; it gets the next update_id, which is the result."""
    return box.put_raw_update(body, lane, next(iter(body), "empty"))
