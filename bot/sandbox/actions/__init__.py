"""What can be done to the sandbox from outside the Bot API: act as people, look at chats, set the stage.

One table serves the client in the same process and the control interface over HTTP. Every action takes the sandbox and
keyword arguments that JSON can carry, and returns what JSON can carry.
"""

from collections.abc import Callable
from inspect import isawaitable, signature
from typing import Any

from bot.sandbox.actions import chats, look, process, stage, talk
from bot.sandbox.errors import ActionError
from bot.sandbox.state import Sandbox

ACTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        chats.user,
        chats.group,
        chats.join,
        chats.leave,
        chats.migrate,
        chats.set_bot_status,
        chats.block,
        chats.unblock,
        chats.deactivate,
        talk.send,
        talk.send_file,
        talk.forward,
        talk.edit,
        talk.press,
        talk.inline,
        talk.react,
        look.chat_list,
        look.messages,
        look.changes,
        look.menu,
        look.calls,
        look.wait_call,
        look.file_content,
        stage.info,
        stage.add_fault,
        stage.clear_faults,
        stage.set_limits,
        stage.raw_update,
        process.bot_status,
        process.kill_bot,
        process.start_bot,
        process.restart_bot,
        process.move_clock,
    )
}


async def perform(box: Sandbox, action: str, arguments: Any) -> Any:
    """Carry out one action; ActionError if it does not exist, is called wrongly or cannot be done."""
    function = ACTIONS.get(action)
    if function is None:
        raise ActionError(f"there is no action {action!r}")
    if not isinstance(arguments, dict):
        raise ActionError(f"{action}: the arguments must be a JSON object")
    try:
        signature(function).bind(box, **arguments)
    except TypeError as error:
        raise ActionError(f"{action}: {error}") from None
    result = function(box, **arguments)
    return await result if isawaitable(result) else result
