"""sendMessage and its relatives: one test per rule."""

import pytest

from bot.sandbox import Person, SandboxServer

from .conftest import Api, StageTime


async def test_a_message_comes_back_whole_and_the_person_sees_it(
    api: Api, alice: Person, stage_time: StageTime
) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="<b>নমস্কার</b>", parse_mode="HTML")
    assert reply.result["text"] == "নমস্কার"
    assert reply.result["entities"] == [{"type": "bold", "offset": 0, "length": 7}]
    assert reply.result["date"] == int(stage_time.now.timestamp())
    assert (await alice.messages())[-1].html == "<b>নমস্কার</b>"


async def test_text_of_4096_utf16_units_passes_and_4097_do_not(api: Api, alice: Person) -> None:
    assert (await api("sendMessage", chat_id=alice.id, text="😀" * 2048)).status == 200
    reply = await api("sendMessage", chat_id=alice.id, text="😀" * 2048 + "x")
    assert reply.error == "Bad Request: message is too long"


async def test_length_counts_after_entity_parsing(api: Api, alice: Person) -> None:
    text = "<b>" + "x" * 4096 + "</b>"
    assert (await api("sendMessage", chat_id=alice.id, text=text, parse_mode="HTML")).status == 200


@pytest.mark.parametrize("text", ["", "  \n ", "<b> </b>"])
async def test_empty_text_is_refused(api: Api, alice: Person, text: str) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text=text, parse_mode="HTML")
    assert reply.error == "Bad Request: message text is empty"


async def test_html_that_does_not_parse_is_refused(api: Api, alice: Person) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="<b>x", parse_mode="html")
    assert reply.error.startswith("Bad Request: can't parse entities: ")
    assert len(await alice.messages()) == 1


async def test_other_parse_modes_are_unsupported(api: Api, alice: Person) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="x", parse_mode="Wiki")
    assert reply.error == "Bad Request: unsupported parse_mode"


async def test_only_the_first_hundred_entities_are_kept(api: Api, alice: Person) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="<b>x</b> " * 150, parse_mode="HTML")
    assert len(reply.result["entities"]) == 100


async def test_entities_can_be_given_instead_of_html(api: Api, alice: Person) -> None:
    given = [{"type": "bold", "offset": 0, "length": 2}, {"type": "bold", "offset": 1, "length": 9}]
    reply = await api("sendMessage", chat_id=alice.id, text="ab c", entities=given)
    assert reply.result["entities"] == given[:1]


async def test_half_a_surrogate_pair_is_refused(api: Api, alice: Person) -> None:
    reply = await api("sendMessage", chat_id=alice.id, text="x\ud800")
    assert reply.error == "Bad Request: strings must be encoded in UTF-8"


async def test_a_link_to_a_person_becomes_a_mention(api: Api, alice: Person) -> None:
    text = f'<a href="tg://user?id={alice.id}">A</a> <a href="tg://user?id=9">B</a>'
    reply = await api("sendMessage", chat_id=alice.id, text=text, parse_mode="HTML")
    assert [(e["type"], e["user"]["id"]) for e in reply.result["entities"]] == [("text_mention", alice.id)]


async def test_unknown_chat_is_400(api: Api) -> None:
    assert (await api("sendMessage", chat_id=999, text="x")).error == "Bad Request: chat not found"
    assert (await api("sendMessage", chat_id="@nobody", text="x")).error == "Bad Request: chat not found"
    assert (await api("sendMessage", text="x")).error == "Bad Request: chat_id is empty"


async def test_a_person_who_never_started_the_bot_is_403(api: Api, server: SandboxServer) -> None:
    bob = await server.people.user("Bob")
    reply = await api("sendMessage", chat_id=bob.id, text="x")
    assert reply.error == "Forbidden: bot can't initiate conversation with a user"


async def test_a_person_who_blocked_the_bot_is_403(api: Api, alice: Person) -> None:
    await alice.block()
    assert (await api("sendMessage", chat_id=alice.id, text="x")).error == "Forbidden: bot was blocked by the user"
    await alice.unblock()
    assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 200


async def test_a_deactivated_person_is_403(api: Api, alice: Person) -> None:
    await alice.deactivate()
    assert (await api("sendMessage", chat_id=alice.id, text="x")).error == "Forbidden: user is deactivated"


async def test_reply_to_a_missing_message_is_400_unless_allowed(api: Api, alice: Person) -> None:
    missing = {"message_id": 77}
    reply = await api("sendMessage", chat_id=alice.id, text="x", reply_parameters=missing)
    assert reply.error == "Bad Request: message to be replied not found"
    lenient = {**missing, "allow_sending_without_reply": True}
    reply = await api("sendMessage", chat_id=alice.id, text="x", reply_parameters=lenient)
    assert "reply_to_message" not in reply.result


async def test_reply_shows_what_it_answers(api: Api, alice: Person) -> None:
    asked = await alice.send("?")
    reply = await api("sendMessage", chat_id=alice.id, text="!", reply_parameters={"message_id": asked.id})
    assert reply.result["reply_to_message"]["text"] == "?"
    assert (await alice.messages())[-1].reply_to == asked.id


async def test_deleting_removes_and_a_second_time_finds_nothing(api: Api, alice: Person) -> None:
    sent = (await api("sendMessage", chat_id=alice.id, text="x")).result
    call = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert (await api("deleteMessage", **call)).result is True
    assert (await api("deleteMessage", **call)).error == "Bad Request: message to delete not found"


async def test_a_message_older_than_two_days_cannot_be_deleted(api: Api, alice: Person, stage_time: StageTime) -> None:
    sent = (await api("sendMessage", chat_id=alice.id, text="x")).result
    stage_time.forward(48 * 3600 + 1)
    reply = await api("deleteMessage", chat_id=alice.id, message_id=sent["message_id"])
    assert reply.error == "Bad Request: message can't be deleted for everyone"


async def test_several_messages_are_deleted_at_once(api: Api, alice: Person) -> None:
    ids = [(await api("sendMessage", chat_id=alice.id, text=str(n))).result["message_id"] for n in range(3)]
    assert (await api("deleteMessages", chat_id=alice.id, message_ids=[*ids, 9999])).result is True
    assert not [m for m in await alice.messages() if m.by_bot]


async def test_a_forward_names_its_origin(api: Api, alice: Person) -> None:
    said = await alice.send("rumour")
    reply = await api("forwardMessage", chat_id=alice.id, from_chat_id=alice.id, message_id=said.id)
    assert reply.result["forward_origin"]["sender_user"]["id"] == alice.id


async def test_chat_action_must_be_known(api: Api, alice: Person) -> None:
    assert (await api("sendChatAction", chat_id=alice.id, action="typing")).result is True
    reply = await api("sendChatAction", chat_id=alice.id, action="dancing")
    assert reply.error == "Bad Request: wrong parameter action in request"


async def test_reactions_are_one_known_emoji(api: Api, alice: Person) -> None:
    said = await alice.send("hi")
    call = {"chat_id": alice.id, "message_id": said.id}
    assert (await api("setMessageReaction", **call, reaction=[{"type": "emoji", "emoji": "👍"}])).result is True
    assert (await alice.messages())[-1].reactions == ("👍",)
    reply = await api("setMessageReaction", **call, reaction=[{"type": "emoji", "emoji": "🫠"}])
    assert reply.error == "Bad Request: REACTION_INVALID"
    reply = await api("setMessageReaction", chat_id=alice.id, message_id=99, reaction=[])
    assert reply.error == "Bad Request: message to react not found"


async def test_getchat_and_member(api: Api, alice: Person, server: SandboxServer) -> None:
    assert (await api("getChat", chat_id=alice.id)).result["first_name"] == "Alice"
    group = await server.people.group("Team", [alice])
    assert (await api("getChatMember", chat_id=group.id, user_id=alice.id)).result["status"] == "creator"
    bob = await server.people.user("Bob")
    assert (await api("getChatMember", chat_id=group.id, user_id=bob.id)).result["status"] == "left"
    assert (await api("getChatMember", chat_id=group.id, user_id=4)).error == "Bad Request: member not found"
    assert (await api("getChatMemberCount", chat_id=group.id)).result == 2


async def test_reply_keyboards_are_shown_and_taken_away(api: Api, alice: Person) -> None:
    await api("sendMessage", chat_id=alice.id, text="?", reply_markup={"keyboard": [["Yes", {"text": "No"}]]})
    assert (await alice.messages())[-1].keyboard == (("Yes", "No"),)
    await api("sendMessage", chat_id=alice.id, text="ok", reply_markup={"remove_keyboard": True})
    assert (await alice.messages())[-1].keyboard == ()
