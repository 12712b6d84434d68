"""Command menus per scope and language."""

import pytest

from bot.sandbox import Person, SandboxServer

from .conftest import Api


def menu(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"does {name}"} for name in names]


async def test_menus_are_kept_per_scope_and_language(api: Api, alice: Person) -> None:
    scope = {"type": "chat", "chat_id": alice.id}
    await api("setMyCommands", commands=menu("start"))
    await api("setMyCommands", commands=menu("duty"), scope=scope, language_code="bn")
    assert (await api("getMyCommands")).result == menu("start")
    assert (await api("getMyCommands", scope=scope, language_code="bn")).result == menu("duty")
    assert (await api("getMyCommands", scope=scope)).result == []
    await api("deleteMyCommands", scope=scope, language_code="bn")
    assert (await api("getMyCommands", scope=scope, language_code="bn")).result == []


async def test_a_person_sees_the_narrowest_menu_in_their_language(
    api: Api, alice: Person, server: SandboxServer
) -> None:
    group = await server.people.group("Team", [alice])
    assert await alice.menu() == {}
    await api("setMyCommands", commands=menu("a"))
    await api("setMyCommands", commands=menu("b"), language_code="bn")
    assert list(await alice.menu()) == ["b"]
    await api("setMyCommands", commands=menu("c"), scope={"type": "all_private_chats"})
    assert list(await alice.menu()) == ["c"]
    await api("setMyCommands", commands=menu("d"), scope={"type": "chat", "chat_id": alice.id}, language_code="en")
    assert list(await alice.menu()) == ["c"]
    await api("setMyCommands", commands=menu("e"), scope={"type": "all_chat_administrators"})
    assert list(await alice.menu(group)) == ["e"]


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        (menu("Bad Name"), "BOT_COMMAND_INVALID"),
        (menu("x" * 33), "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        (menu(*[f"c{n}" for n in range(101)]), "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_commands_are_checked(api: Api, commands: list[dict[str, str]], reason: str) -> None:
    assert (await api("setMyCommands", commands=commands)).error == f"Bad Request: {reason}"


async def test_a_scope_for_an_unknown_chat_is_refused(api: Api) -> None:
    reply = await api("setMyCommands", commands=menu("a"), scope={"type": "chat", "chat_id": 999})
    assert reply.error == "Bad Request: chat not found"
