"""Reading a request's parameters: query, JSON, urlencoded form or multipart form."""

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params, Upload

MAX_BODY = 52 << 20


async def read_params(request: web.Request) -> Params:
    """All parameters of a call; the body wins over the query."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.can_read_body:
        return Params(values)
    kind = request.content_type
    if kind == "multipart/form-data":
        uploads = await _read_parts(request, values)
        return Params(values, uploads)
    body = await request.read()
    if kind == "application/json":
        try:
            given = json.loads(body) if body else {}
        except (ValueError, RecursionError):
            raise bad_request("can't parse request: Bad JSON") from None
        if not isinstance(given, dict):
            raise bad_request("can't parse request: JSON object expected")
        values.update(given)
    elif kind == "application/x-www-form-urlencoded":
        # Bytes that are no UTF-8 become half surrogates here, which Params refuses by name.
        text = body.decode("ascii", "surrogateescape")
        values.update(parse_qsl(text, keep_blank_values=True, errors="surrogateescape"))
    return Params(values)


async def _read_parts(request: web.Request, values: dict[str, Any]) -> dict[str, Upload]:
    uploads: dict[str, Upload] = {}
    size = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        size += len(content)
        if size > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, size)
        if part.filename is not None:
            uploads[part.name] = Upload(part.filename, content, part.headers.get("Content-Type"))
        else:
            values[part.name] = content.decode("utf-8", "surrogateescape")
    return uploads
