"""Two ways to the sandbox's actions: directly, in the same process, and over HTTP from another."""

import io
import json
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp

from bot.sandbox.actions import perform
from bot.sandbox.control import TOKEN_HEADER
from bot.sandbox.errors import ActionError
from bot.sandbox.state import Sandbox


class Transport(Protocol):
    """Carries out an action with keyword arguments and returns its result; ActionError if it cannot be done."""

    async def act(self, action: str, /, **arguments: Any) -> Any:
        """Carry out one action."""
        ...


class LocalTransport:
    """Calls the actions of a sandbox in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def act(self, action: str, /, **arguments: Any) -> Any:
        """Carry out one action."""
        return await perform(self._sandbox, action, arguments)


class HttpTransport:
    """Calls the actions over the control interface; an async context manager, because it holds connections."""

    def __init__(self, base_url: str, control_token: str) -> None:
        self._base_url = base_url
        self._token = control_token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            # Waiting actions end by themselves; a limit here would cut them.
            timeout=aiohttp.ClientTimeout(total=None),
            connector=aiohttp.TCPConnector(limit=0),
            headers={TOKEN_HEADER: self._token},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def act(self, action: str, /, **arguments: Any) -> Any:
        """Carry out one action."""
        if self._session is None:
            raise RuntimeError("use HttpTransport as an async context manager")
        # A stream, because a file in one piece is something the HTTP client warns about.
        body = io.BytesIO(json.dumps(arguments).encode())
        async with self._session.post(f"{self._base_url}/control/{action}", data=body) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise ActionError(answer["error"])
        return answer["result"]
