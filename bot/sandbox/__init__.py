"""A Bot API of one's own on loopback, as strict as Telegram's, with people to act as and faults to throw.

    async with SandboxServer(Sandbox()) as server:
        alice = await server.people.user("Alice", language_code="bn")
        await alice.start()

Any client library works against `server.base_url` with `server.token`.
"""

from bot.sandbox.client import People
from bot.sandbox.errors import ActionError, ApiError
from bot.sandbox.faults import Fault
from bot.sandbox.limits import Limits
from bot.sandbox.person import Person
from bot.sandbox.rooms import Group
from bot.sandbox.seen import NoSuchButtonError, NotShownError, SeenMessage, Toast
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import Sandbox
from bot.sandbox.transport import HttpTransport, LocalTransport

__all__ = [
    "ActionError",
    "ApiError",
    "Fault",
    "Group",
    "HttpTransport",
    "Limits",
    "LocalTransport",
    "NoSuchButtonError",
    "NotShownError",
    "People",
    "Person",
    "Sandbox",
    "SandboxServer",
    "SeenMessage",
    "Toast",
]
