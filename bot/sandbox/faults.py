"""Fault switches: make chosen calls slow, refused, cut off or unreadable."""

from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What can go wrong with a call; "after" means that the call has taken effect by then."""

    DELAY = "delay"
    DELAY_AFTER = "delay_after"
    RETRY_AFTER = "retry_after"
    STATUS = "status"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    MALFORMED_JSON = "malformed_json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of failure with its amount (seconds or HTTP status)."""

    kind: FaultKind
    amount: float = 0.0

    @classmethod
    def delay(cls, seconds: float) -> "Fault":
        """The call waits, then works."""
        return cls(FaultKind.DELAY, seconds)

    @classmethod
    def delay_after(cls, seconds: float) -> "Fault":
        """The call works at once, its answer comes late: time to kill the bot in between."""
        return cls(FaultKind.DELAY_AFTER, seconds)

    @classmethod
    def retry_after(cls, seconds: int) -> "Fault":
        """429 without effect."""
        return cls(FaultKind.RETRY_AFTER, seconds)

    @classmethod
    def status(cls, code: int) -> "Fault":
        """That HTTP status (502, say) without effect."""
        return cls(FaultKind.STATUS, code)

    @classmethod
    def drop_before(cls) -> "Fault":
        """The connection closes and nothing happened."""
        return cls(FaultKind.DROP_BEFORE)

    @classmethod
    def drop_after(cls) -> "Fault":
        """The call takes effect and the connection closes without an answer."""
        return cls(FaultKind.DROP_AFTER)

    @classmethod
    def malformed_json(cls) -> "Fault":
        """The call takes effect and its answer, status 200, is cut in the middle."""
        return cls(FaultKind.MALFORMED_JSON)


@dataclass(slots=True)
class Switch:
    """A fault that waits for its call."""

    fault: Fault
    method: str
    chat_id: int | None
    skip: int
    times: int | None


@dataclass(slots=True)
class Faults:
    """All switches that are on, in the order in which they were added; a call meets at most one."""

    switches: list[Switch] = field(default_factory=list)

    def add(
        self, method: str, fault: Fault, *, times: int | None = 1, chat_id: int | None = None, skip: int = 0
    ) -> Switch:
        """Let `fault` hit the next `times` calls of `method` ("*": any), or all (None), after `skip` others."""
        switch = Switch(fault, method.lower(), chat_id, skip, times)
        self.switches.append(switch)
        return switch

    def remove(self, switch: Switch) -> None:
        """Switch one off; no error if it has run out by itself."""
        self.switches = [kept for kept in self.switches if kept is not switch]

    def clear(self) -> None:
        """Switch everything off."""
        self.switches.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that this call meets, counted as used."""
        for switch in self.switches:
            if switch.method not in {"*", method} or switch.chat_id not in {None, chat_id}:
                continue
            if switch.skip > 0:
                switch.skip -= 1
                continue
            if switch.times is not None:
                switch.times -= 1
                if switch.times <= 0:
                    self.remove(switch)
            return switch.fault
        return None
