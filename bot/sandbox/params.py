"""The parameters of one call, from whichever of the four ways they came in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.model import JsonObject


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart body."""

    name: str
    content: bytes
    mime_type: str | None = None


class Params:
    """Typed reading of parameters; as in the Bot API a value may be JSON or the text of that JSON."""

    __slots__ = ("_uploads", "_values")

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self._values = values
        self._uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "") or name in self._uploads

    def raw(self, name: str) -> Any:
        """The value as it came."""
        return self._values.get(name)

    def text(self, name: str) -> str:
        """A string, empty if absent; half a surrogate pair is refused because no UTF-8 can hold it."""
        value = self._values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = value if isinstance(value, str) else str(value)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, the default if absent or none."""
        value = self._values.get(name)
        if isinstance(value, int):
            return int(value)
        try:
            return int(str(value))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A Boolean, false if absent."""
        value = self._values.get(name)
        return value is True or (value is not None and str(value).lower() in {"true", "yes", "1"})

    def json(self, name: str, what: str) -> Any:
        """A JSON value, None if absent; `what` names it in the error."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {what} JSON object") from None

    def json_object(self, name: str, what: str) -> JsonObject | None:
        """A JSON object, None if absent."""
        value = self.json(name, what)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {what}")
        return value

    def json_list(self, name: str, what: str) -> list[Any] | None:
        """A JSON array, None if absent."""
        value = self.json(name, what)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"expected an Array of {what}")
        return value

    def upload(self, name: str) -> Upload | None:
        """The file sent under that name, or under the name that `attach://` points to."""
        value = self._values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self._uploads.get(value.removeprefix("attach://"))
        return self._uploads.get(name)

    def summary(self) -> JsonObject:
        """The parameters as the log shows them: JSON opened up, files by name and size."""
        shown = {name: _opened(value) for name, value in self._values.items()}
        for name, upload in self._uploads.items():
            shown[name] = f"<file {upload.name}, {len(upload.content)} bytes>"
        return shown


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
