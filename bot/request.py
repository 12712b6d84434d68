"""The way out to the Bot API: python-telegram-bot's ``BaseRequest`` over one aiohttp session.

Two doors lead through the same session. ``telegram.Bot`` uses ``do_request`` by way of the library, and gets its
objects back. The courier uses ``call``: parameters in, decoded JSON out, nothing built that nobody looks at. Both raise
the library's own errors, because both pass through its own ``post``, where answers become errors.

**The token is part of every URL**, and aiohttp puts URLs into its exceptions. So no exception of aiohttp leaves this
file: errors are raised anew with a text that cannot hold the URL, outside the ``except`` block (``raise … from None``
only hides the old exception in ``__context__``; a log of the whole chain would still show it). The payload of a failed
call is cleaned as well, since a proxy's error page likes to repeat the address.

**Stale connections.** The server may close a kept-alive connection at the very moment it is used again. aiohttp repeats
a GET by itself; a POST it rightly does not, because nobody knows whether it took effect. Such a call is a
``NetworkError``, and the caller decides: the courier sends again (messages are delivered at least once).
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import quote

import orjson
from aiohttp import (
    ClientConnectorError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.bodies import Part, form, json_body, multipart_body
from bot.travel import environment_proxy, timeouts, tls_context, total_timeout

_UNSET: Final = BaseRequest.DEFAULT_NONE
_JSON: Final = {"Content-Type": "application/json"}

_TOKEN_IN_URL: Final = re.compile(r"/bot(\d+(?::|%3A)[^/?#]+)", re.IGNORECASE)
_OK: Final = re.compile(rb'\s*\{\s*"ok"\s*:\s*true')
_DONE: Final = b'{"ok":true,"result":true}'
_NOT_OK: Final = re.compile(rb'"ok"\s*:\s*false')

_KEEP_ALIVE: Final = 30.0  # seconds; below the 60–75 s of common servers, so that we are the one who lets go
_SLOWEST_UPLOAD: Final = 32 * 1024  # bytes per second; anything slower counts as stalled


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one bot's methods are called; its ``repr`` keeps the token to itself."""

    base_url: str  # as in telegram.Bot: up to and including "/bot"
    token: str = field(repr=False)

    def url(self, method: str) -> str:
        """The address of one method of the Bot API."""
        return f"{self.base_url}{self.token}/{method}"


@dataclass(frozen=True, slots=True)
class _ReadyBody:
    """What ``call`` hands to ``do_request`` through the library, which passes it on without looking inside."""

    body: bytes | FormData
    timeout: ClientTimeout
    answered: bool


class AiohttpRequest(BaseRequest):
    """One session with its pool of connections; opened by ``initialize`` or by the first request.

    The defaults of the timeouts are those of the stock layer. Each request is bounded as a whole by their sum, so a
    long poll lasts as long as its ``read_timeout`` says; a download is bounded by silence only, an upload by its size.
    """

    __slots__ = ("_closed", "_defaults", "_endpoint", "_media_write", "_pool_size", "_proxies", "_session")

    def __init__(
        self,
        endpoint: Endpoint | None = None,
        *,
        connection_pool_size: int = 64,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        # The library's RetryAfter warns when it is merely created, unless durations as timedelta are chosen.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self._endpoint = endpoint
        self._pool_size = connection_pool_size
        self._defaults = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        self._media_write = media_write_timeout
        self._session: ClientSession | None = None
        self._closed = False
        self._proxies: dict[str, URL | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """The default read timeout, as the library wants to know it."""
        return self._defaults[0]

    async def initialize(self) -> None:
        """Open the session in the running loop; again after ``shutdown``, if so wished."""
        self._closed = False
        if self._session is None:
            self._open()

    async def shutdown(self) -> None:
        """Close the session and its connections. A second time does nothing."""
        self._closed = True
        self._proxies.clear()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(
        self,
        method: str,
        params: Mapping[str, object],
        *,
        timeout: float = 20.0,  # noqa: ASYNC109 - handed on to aiohttp, which keeps it
        result: bool = True,
        files: Mapping[str, Part] | None = None,
    ) -> Any:
        """Call a method of the Bot API and return its ``result`` as decoded JSON.

        Parameters that are None are left out; nested ones (a keyboard, a list of entities) stay nested JSON. Raises
        what ``telegram.Bot`` raises for the same answer. ``timeout`` covers everything from the wait for a connection
        to the last byte. With ``result=False`` only success matters, and a result that nobody reads is not decoded.
        ``files`` go along by the names of their parameters, and get more time by their size.
        """
        if self._endpoint is None:
            raise RuntimeError("call() needs an Endpoint: AiohttpRequest(Endpoint(base_url, token))")
        given = {name: value for name, value in params.items() if value is not None}
        body: bytes | FormData = form(given, files) if files else json_body(given)
        timeout += sum(len(part.content) for part in (files or {}).values()) / _SLOWEST_UPLOAD
        ready = _ReadyBody(body, total_timeout(timeout), result)
        return await self.post(self._endpoint.url(method), cast("RequestData", ready))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | _ReadyBody | None = None,
        read_timeout: Any = _UNSET,
        write_timeout: Any = _UNSET,
        connect_timeout: Any = _UNSET,
        pool_timeout: Any = _UNSET,
    ) -> tuple[int, bytes]:
        """Make one HTTP request: its status and payload, or ``TimedOut`` or ``NetworkError``."""
        session = self._session or self._open()
        data: bytes | FormData | None = None
        headers: Mapping[str, str] | None = None
        if isinstance(request_data, _ReadyBody):
            data, timeout = request_data.body, request_data.timeout
            headers = _JSON if isinstance(data, bytes) else None
        else:
            size: int | None = 0
            media = request_data is not None and request_data.contains_files
            if request_data is not None and media:
                data, size = multipart_body(request_data)
            elif request_data is not None and request_data.parameters:
                data, headers = json_body(request_data.parameters), _JSON
            read, write, connect, pool = self._defaults
            timeout = timeouts(
                read if read_timeout is _UNSET else read_timeout,
                (self._media_write if media else write) if write_timeout is _UNSET else write_timeout,
                connect if connect_timeout is _UNSET else connect_timeout,
                pool if pool_timeout is _UNSET else pool_timeout,
                None if size is None else size // _SLOWEST_UPLOAD,
                bounded=method == "POST",
            )
        try:
            # No redirects: they would turn the POST into a GET and carry the token to a place nobody named.
            async with session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy_for(url),
                allow_redirects=False,
            ) as response:
                status, payload = response.status, await response.read()
        except TelegramError:
            raise
        except Exception as error:  # whatever it is, its text may hold the token
            problem = _translated(error)
        else:
            if method == "POST" and status < 300:
                if isinstance(request_data, _ReadyBody) and not request_data.answered and _OK.match(payload):
                    return status, _DONE
                status = _honest_status(status, payload)
            return (status, payload) if status < 300 else (status, self._without_token(payload, url))
        raise problem

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict, or ``TelegramError`` as in the library, but without a log line that holds all of it."""
        answer = _decoded(payload)
        if answer is None:
            raise TelegramError("Invalid server response")
        return answer

    def _open(self) -> ClientSession:
        if self._closed:
            raise RuntimeError("This AiohttpRequest is shut down")
        plain = self._endpoint is not None and self._endpoint.base_url.startswith("http://")
        self._session = ClientSession(
            connector=TCPConnector(
                limit=self._pool_size,
                keepalive_timeout=_KEEP_ALIVE,
                ttl_dns_cache=300,
                ssl=True if plain else tls_context(),
            ),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )
        return self._session

    def _proxy_for(self, url: str) -> URL | None:
        """The environment's proxy for this address, looked up once per origin.

        aiohttp's own ``trust_env`` looks it up for every request, together with ``.netrc``, in two trips through a
        thread pool; that costs more than the request.
        """
        origin = url[: url.find("/", 8)]
        try:
            return self._proxies[origin]
        except KeyError:
            proxy = self._proxies[origin] = environment_proxy(origin)
            return proxy

    def _without_token(self, payload: bytes, url: str) -> bytes:
        secrets = {self._endpoint.token} if self._endpoint is not None else set()
        secrets.update(_TOKEN_IN_URL.findall(url))
        for secret in secrets:
            for spelling in (secret, quote(secret, safe="")):
                payload = payload.replace(spelling.encode(), b"<token>")
        return payload


def retry_seconds(error: RetryAfter) -> float:
    """How long a 429 asks to wait, whichever of its two types the library was told to use."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def _translated(error: Exception) -> NetworkError:
    """The library's error for one of aiohttp's; with its text only where that cannot hold the URL."""
    if isinstance(error, ConnectionTimeoutError):
        return TimedOut("Timed out waiting for a connection: the request was not sent")
    if isinstance(error, TimeoutError):
        return TimedOut()
    name = type(error).__name__
    if isinstance(error, ClientConnectorError):  # "Cannot connect to host api.telegram.org:443 ssl:default [reason]"
        return NetworkError(f"aiohttp.{name}: {error}")
    return NetworkError(f"aiohttp.{name}")


def _honest_status(status: int, payload: bytes) -> int:
    """The status that a 2xx answer means: some Bot API servers say ``ok: false`` with HTTP 200."""
    if b'"result"' in payload and _NOT_OK.search(payload, 0, 64) is None:
        return status
    answer = _decoded(payload)
    if answer is None or answer.get("ok") is not False:
        if answer is not None and "result" in answer:
            return status
        raise TelegramError("Invalid server response")
    code = answer.get("error_code")
    return code if isinstance(code, int) and 400 <= code <= 599 else 400


def _decoded(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = orjson.loads(payload)
    except ValueError:
        # Stricter than some servers: half an emoji, a broken byte.
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
    return answer if isinstance(answer, dict) else None
