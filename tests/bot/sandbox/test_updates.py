"""getUpdates: order, confirmation, long poll, conflicts."""

import asyncio

from bot.sandbox import Person, SandboxServer

from .conftest import Api, Polled


async def test_updates_come_in_order_and_stay_until_confirmed(api: Api, alice: Person) -> None:
    for word in ("one", "two", "three"):
        await alice.send(word)
    first = (await api("getUpdates")).result
    assert [u["message"]["text"] for u in first] == ["one", "two", "three"]
    assert (await api("getUpdates")).result == first
    rest = (await api("getUpdates", offset=first[1]["update_id"])).result
    assert rest == first[1:]
    assert (await api("getUpdates", offset=first[2]["update_id"] + 1)).result == []
    assert (await api("getUpdates", offset=first[0]["update_id"])).result == []


async def test_limit_bounds_a_batch(api: Api, alice: Person) -> None:
    for number in range(105):
        await alice.send(str(number))
    assert len((await api("getUpdates", limit=2)).result) == 2
    assert len((await api("getUpdates", limit=1000)).result) == 100


async def test_a_negative_offset_forgets_all_but_the_newest(api: Api, alice: Person) -> None:
    for number in range(5):
        await alice.send(str(number))
    assert [u["message"]["text"] for u in (await api("getUpdates", offset=-2)).result] == ["3", "4"]
    assert len((await api("getUpdates")).result) == 2


async def test_a_long_poll_answers_as_soon_as_something_comes(api: Api, alice: Person, polled: Polled) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await polled()
    await alice.send("now")
    assert [u["message"]["text"] for u in (await poll).result] == ["now"]


async def test_a_second_poll_ends_the_first_with_409(api: Api, alice: Person, polled: Polled) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=50))
    await polled()
    second = asyncio.create_task(api("getUpdates", timeout=50))
    assert (await first).error == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await alice.send("x")
    assert len((await second).result) == 1


async def test_allowed_updates_filters_what_comes_later_and_is_remembered(api: Api, alice: Person) -> None:
    await alice.send("before")
    await api("getUpdates", allowed_updates=["callback_query"])
    await alice.send("unheard")
    assert [u["message"]["text"] for u in (await api("getUpdates")).result] == ["before"]
    await api("getUpdates", allowed_updates=[])
    await alice.send("heard")
    assert len((await api("getUpdates")).result) == 2


async def test_reactions_come_only_on_request(api: Api, alice: Person) -> None:
    said = await alice.send("x")
    await alice.react(said, "👍")
    assert len((await api("getUpdates", allowed_updates=["message", "message_reaction"])).result) == 1
    await alice.react(said, "🔥")
    reaction = (await api("getUpdates")).result[1]["message_reaction"]
    assert reaction["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_a_deep_link_is_a_start_command_with_its_payload(api: Api, server: SandboxServer) -> None:
    bob = await server.people.user("Bob", language_code="bn")
    await bob.start("inv_123")
    (update,) = (await api("getUpdates")).result
    message = update["message"]
    assert (message["text"], message["from"]["language_code"]) == ("/start inv_123", "bn")
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]


async def test_a_forward_carries_its_origin(api: Api, alice: Person, server: SandboxServer) -> None:
    channel = await server.people.channel("News")
    await alice.forward("rumour", "Uncle")
    await alice.forward("rumour", channel)
    origins = [u["message"]["forward_origin"] for u in (await api("getUpdates")).result if "message" in u]
    assert [o["type"] for o in origins] == ["hidden_user", "channel"]


async def test_an_edit_by_a_person_is_an_edited_message(api: Api, alice: Person) -> None:
    await alice.edit(await alice.send("teh"), "the")
    assert (await api("getUpdates")).result[1]["edited_message"]["text"] == "the"


async def test_blocking_and_unblocking_are_told(api: Api, alice: Person) -> None:
    await alice.block()
    await alice.block()
    await alice.unblock()
    changes = [u["my_chat_member"] for u in (await api("getUpdates")).result]
    assert [c["new_chat_member"]["status"] for c in changes] == ["kicked", "member"]
    assert changes[0]["chat"]["id"] == alice.id


async def test_hand_made_updates_reach_the_bot_as_they_are(api: Api, server: SandboxServer) -> None:
    number = await server.people.raw_update({"brand_new_kind": {"odd": [1]}})
    assert (await api("getUpdates")).result == [{"update_id": number, "brand_new_kind": {"odd": [1]}}]
