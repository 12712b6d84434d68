"""What a request carries: parameters as JSON, or as a form together with files."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from aiohttp import FormData
from telegram.request import RequestData

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Part:
    """A file that goes along with a call: its name, content and media type."""

    name: str
    content: bytes
    media_type: str


def json_body(parameters: Mapping[str, object]) -> bytes:
    """Return parameters as JSON."""
    try:
        return orjson.dumps(parameters)
    except TypeError:
        # A lone surrogate (half an emoji, cut by someone else) has no UTF-8. A "?" in its place loses less than a
        # message that can never be sent and blocks its chat.
        return _encode(parameters).encode("utf-8", "replace")


def form(parameters: Mapping[str, object], files: Mapping[str, Part]) -> FormData:
    """Return parameters and files as a form; what is nested stays JSON."""
    form = FormData(quote_fields=False)
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else json_body({"": value})[4:-1].decode())
    for name, part in files.items():
        form.add_field(name, io.BytesIO(part.content), filename=part.name, content_type=part.media_type)
    return form


def multipart_body(request_data: RequestData) -> tuple[FormData, int | None]:
    """The form with its files, and their size if it is known (an open file's is not)."""
    form = FormData(quote_fields=False)  # file names stay readable UTF-8 instead of %E0%A6…
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    size: int | None = 0
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        source: object = content
        if isinstance(content, bytes):
            size = None if size is None else size + len(content)
            source = io.BytesIO(content)  # sent in pieces: aiohttp writes plain bytes in one go and warns above 1 MiB
        else:
            size = None
        form.add_field(name, source, filename=filename.replace('"', "%22"), content_type=content_type)
    return form, size
