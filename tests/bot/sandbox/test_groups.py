"""Groups, channels, privacy mode, membership, migration."""

import pytest

from bot.sandbox import ActionError, Person, SandboxServer

from .conftest import Api


async def heard(api: Api) -> list[str]:
    updates = (await api("getUpdates")).result
    if updates:
        await api("getUpdates", offset=updates[-1]["update_id"] + 1)
    return [
        next(iter(u.values())).get("text", "")
        for u in ({k: v for k, v in u.items() if k != "update_id"} for u in updates)
    ]


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ("/digest", True),
        ("/digest@factdesk_bot now", True),
        ("/digest@FactDesk_Bot now", True),
        ("/digest@other_bot now", False),
        ("what does @factdesk_bot say", True),
        ("just talking", False),
        ("see https://example.com/digest", False),
    ],
)
async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(
    api: Api, alice: Person, server: SandboxServer, text: str, is_heard: bool
) -> None:
    group = await server.people.group("Team", [alice])
    await heard(api)
    await alice.send(text, chat=group)
    assert await heard(api) == ([text] if is_heard else [])


async def test_privacy_mode_lets_replies_to_the_bot_through(api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice])
    await api("sendMessage", chat_id=group.id, text="card 42")
    await heard(api)
    await alice.reply(await group.wait("card 42"), "too old?")
    assert await heard(api) == ["too old?"]


async def test_an_administrator_hears_everything(api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice], bot="administrator")
    await heard(api)
    await alice.send("just talking", chat=group)
    assert await heard(api) == ["just talking"]


async def test_adding_and_removing_the_bot_is_told_and_removal_is_403(
    api: Api, alice: Person, server: SandboxServer
) -> None:
    group = await server.people.group("Team", [alice], kind="supergroup")
    added = (await api("getUpdates")).result[0]["my_chat_member"]
    assert (added["old_chat_member"]["status"], added["new_chat_member"]["status"]) == ("left", "member")
    await group.set_bot_status("kicked")
    removed = (await api("getUpdates")).result[-1]["my_chat_member"]
    assert removed["new_chat_member"]["status"] == "kicked"
    reply = await api("sendMessage", chat_id=group.id, text="x")
    assert reply.error == "Forbidden: bot was kicked from the supergroup chat"


async def test_a_group_the_bot_is_not_in_is_403(api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice], kind="supergroup", bot="left")
    reply = await api("sendMessage", chat_id=group.id, text="x")
    assert reply.error == "Forbidden: bot is not a member of the supergroup chat"


async def test_an_upgraded_group_names_its_successor(api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice])
    new = await group.migrate()
    reply = await api("sendMessage", chat_id=group.id, text="x")
    assert reply.error == "Bad Request: group chat was upgraded to a supergroup chat"
    assert reply.body["parameters"] == {"migrate_to_chat_id": new.id}
    services = [u["message"] for u in (await api("getUpdates")).result if "message" in u]
    assert services[-2]["migrate_to_chat_id"] == new.id
    assert services[-1]["migrate_from_chat_id"] == group.id
    assert (await api("sendMessage", chat_id=new.id, text="x")).status == 200


async def test_a_channel_shows_posts_and_can_be_named(api: Api, server: SandboxServer) -> None:
    channel = await server.people.channel("Public", username="factdesk_public")
    reply = await api("sendMessage", chat_id="@factdesk_public", text="verdict")
    assert reply.result["sender_chat"]["id"] == channel.id
    assert [m.text for m in await channel.messages()] == ["verdict"]
    assert (await channel.wait("verdict")).by_bot
    edited = await api("editMessageText", chat_id=channel.id, message_id=reply.result["message_id"], text="corrected")
    assert edited.status == 200


async def test_a_channel_needs_the_bot_as_administrator(api: Api, server: SandboxServer) -> None:
    channel = await server.people.channel("Public", bot="member")
    reply = await api("sendMessage", chat_id=channel.id, text="x")
    assert reply.error == "Bad Request: need administrator rights in the channel chat"


async def test_a_post_by_the_channel_is_a_channel_post(api: Api, server: SandboxServer) -> None:
    channel = await server.people.channel("Public")
    await channel.post("by hand")
    assert (await api("getUpdates")).result[-1]["channel_post"]["text"] == "by hand"


async def test_topics_are_kept_in_forums_and_refused_elsewhere(api: Api, alice: Person, server: SandboxServer) -> None:
    forum = await server.people.group("Desk", [alice], kind="supergroup", forum=True)
    reply = await api("sendMessage", chat_id=forum.id, text="x", message_thread_id=7)
    assert reply.result["message_thread_id"] == 7
    reply = await api("sendMessage", chat_id=alice.id, text="x", message_thread_id=7)
    assert reply.error == "Bad Request: message thread not found"


async def test_joining_and_leaving_are_service_messages(api: Api, alice: Person, server: SandboxServer) -> None:
    group = await server.people.group("Team", [alice])
    bob = await server.people.user("Bob")
    with pytest.raises(ActionError, match="not a member"):
        await bob.send("/x", chat=group)
    await bob.join(group)
    await bob.leave(group)
    messages = [u["message"] for u in (await api("getUpdates")).result if "message" in u]
    assert "new_chat_members" in messages[-2]
    assert "left_chat_member" in messages[-1]


async def test_the_bot_cannot_delete_what_others_said_unless_it_leads(
    api: Api, alice: Person, server: SandboxServer
) -> None:
    group = await server.people.group("Team", [alice])
    said = await alice.send("/x", chat=group)
    reply = await api("deleteMessage", chat_id=group.id, message_id=said.id)
    assert reply.error == "Bad Request: message can't be deleted"
    await group.set_bot_status("administrator")
    assert (await api("deleteMessage", chat_id=group.id, message_id=said.id)).result is True
