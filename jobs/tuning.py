"""The settings as editors read and change them in chat: how a value is typed, and what a change does."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from jobs.access import require
from jobs.notify import tell_editors
from jobs.policy import Policy
from jobs.rules import DEFAULT
from storage.errors import Refused, Stale
from storage.kinds import Role
from storage.ledger import Ledger
from storage.model import Person

BACK = "default"
"""What is typed for a setting to be as in a new desk."""

OF_RATINGS = ("sources", "origins")
"""With a low line and the key of a rating behind it: how many sources that rating needs, and of how many origins. The
rest of the scale is not for changing in chat: verdicts in the file are named by it."""

_SCALE = "scale"
_ON = frozenset({"on", "yes", "true", "1", "চালু", "হ্যাঁ"})
_OFF = frozenset({"off", "no", "false", "0", "বন্ধ", "না"})
_UNITS = {
    name: seconds
    for seconds, names in (
        (1, "s sec secs second seconds সেকেন্ড"),
        (60, "m min mins minute minutes মিনিট"),
        (3_600, "h hour hours ঘণ্টা ঘন্টা"),
        (86_400, "d day days দিন"),
        (604_800, "w week weeks সপ্তাহ"),
    )
    for name in names.split()
}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d_][\w\u09be-\u09cd]*)")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its values as they are typed; `low` and `high` are None where there is no range."""

    name: str
    value: str
    default: str
    is_switch: bool

    @property
    def is_changed(self) -> bool:
        """True if it is not as in a new desk."""
        return self.value != self.default


def list_settings(policy: Policy) -> list[Setting]:
    """Return every setting that editors can change, in the order of the policy."""
    return [_setting(name, policy) for name in _names(policy)]


def find_setting(name: str, policy: Policy) -> Setting:
    """Return a setting by its name (any case, with spaces for low lines); Refused `setting_unknown`."""
    name = "_".join(name.lower().split())
    if name not in _names(policy):
        raise Refused("setting_unknown", setting=name)
    return _setting(name, policy)


def _names(policy: Policy) -> list[str]:
    names: list[str] = []
    for field in fields(policy):
        if field.name == _SCALE:
            names += [f"{part}_{rating.key}" for part in OF_RATINGS for rating in policy.scale]
        else:
            names.append(field.name)
    return names


def _setting(name: str, policy: Policy) -> Setting:
    value = _value(name, policy)
    known = name in _names(DEFAULT)
    return Setting(name, typed(value), typed(_value(name, DEFAULT)) if known else typed(value), isinstance(value, bool))


def _value(name: str, policy: Policy) -> object:
    found = of_rating(name)
    if found is None:
        return getattr(policy, name)
    part, key = found
    return getattr(policy.rating(key), part)


def of_rating(name: str) -> tuple[str, str] | None:
    """Return the part of `OF_RATINGS` and the rating's key of a setting about one rating; None for any other."""
    part, _, key = name.partition("_")
    return (part, key) if part in OF_RATINGS else None


def typed(value: object) -> str:
    """Return a value as one types it: `on`, `3`, `0.85`, `12h`."""
    match value:
        case bool():
            return "on" if value else "off"
        case timedelta():
            seconds = value.total_seconds()
            for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
                # 24 hours are a lease's length to everybody, not a day.
                if seconds and seconds % size == 0 and (size < 86_400 or seconds >= 2 * size):
                    return f"{_plain(seconds / size)}{unit}"
            return f"{_plain(seconds)}s"
        case float():
            return _plain(value)
        case _:
            return str(value)


def _plain(number: float) -> str:
    # `:g` would shorten a million seconds to 1e+06.
    return str(int(number)) if number.is_integer() else repr(number)


def read(name: str, text: str, policy: Policy) -> object:
    """Return the JSON value that `text` means for a setting; digits of any script.

    Raises:
        Refused: `setting_switch`, `setting_number` or `setting_duration`: it is not typed like one.
    """
    text = "".join(str(unicodedata.decimal(char, char)) for char in text.strip().lower())
    match _value(name, policy):
        case bool():
            if text not in _ON | _OFF:
                raise Refused("setting_switch", setting=name)
            return text in _ON
        case timedelta():
            found = _DURATION.fullmatch(text)
            if found is None or found[2] not in _UNITS:
                raise Refused("setting_duration", setting=name)
            return float(found[1]) * _UNITS[found[2]]
        case value:
            number = text.removesuffix("%").strip() if isinstance(value, float) else text
            if _NUMBER.fullmatch(number) is None or (isinstance(value, int) and "." in number):
                raise Refused("setting_number", setting=name)
            if isinstance(value, int):
                return int(number)
            return float(number) / 100 if text.endswith("%") else float(number)


async def change(
    ledger: Ledger, editor: Person, name: str, text: str, now: datetime, policy: Policy, *, seen: str | None = None
) -> Setting:
    """Change a setting, or with `default` put it back; it holds from the next update on.

    Args:
        text: the value as it was typed.
        seen: the value on the card whose button was pressed; None if it was typed.

    Returns:
        the setting as it is then.

    Raises:
        Refused: `setting_unknown`, what `read` refuses, `setting_range` with what is possible, or a
            `setting_…` that says which other setting stands against it. Stale: `setting_changed_since`.
    """
    require(editor, Role.EDITOR)
    before = find_setting(name, policy)
    if seen is not None and seen != before.value:
        raise Stale("setting_changed_since")
    back = text.strip().lower() == BACK
    changes = await ledger.settings.get_all()
    if of_rating(before.name) is not None:
        stored, value = _SCALE, _scale_with(before.name, text if not back else before.default, policy)
    else:
        stored, value = before.name, None if back else read(before.name, text, policy)
    if value is None:
        changes.pop(stored, None)
    else:
        changes[stored] = value
    try:
        changed = DEFAULT.with_changes(changes)
    except Refused as refused:
        raise _explained(before, refused, policy) from refused
    after = _setting(before.name, changed)
    if after.value == before.value:
        return after
    if value is None:
        await ledger.settings.remove(stored)
    else:
        await ledger.settings.set(stored, value, by=editor.id, now=now)
    data = {"setting": after.name, "from": before.value, "to": after.value}
    await ledger.audit.append("setting.changed", "person", editor.id, now, actor=editor.id, data=data)
    # All of them work by it, so none should have to wonder.
    await tell_editors(
        ledger, "notice", now, code="setting_changed", setting=after.name, before=before.value, after=after.value,
        name=editor.name,
    )  # fmt: skip
    return after


def _scale_with(name: str, text: str, policy: Policy) -> object:
    part, _, key = name.partition("_")
    number = read(name, text, policy)
    scale = policy.to_json(_SCALE)
    assert isinstance(scale, list)  # noqa: S101 - the scale's JSON is a list
    return [{**rating, part: number} if rating["key"] == key else rating for rating in scale]


def _explained(before: Setting, refused: Refused, policy: Policy) -> Refused:
    reason = str(refused.data.get("reason"))
    if reason != "out_of_range":
        return Refused(f"setting_{reason}", setting=before.name)
    low, high = refused.data["low"], refused.data["high"]
    if isinstance(_value(before.name, policy), timedelta):
        low, high = typed(timedelta(seconds=low)), typed(timedelta(seconds=high))
    return Refused("setting_range", setting=before.name, low=low, high=high)
