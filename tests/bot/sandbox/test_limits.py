"""Flood limits, as a rule and over HTTP."""

import pytest

from bot.sandbox import Limits, Person, SandboxServer
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import FloodGate

from .conftest import Api, StageTime


def refused(gate: FloodGate, chat: int, *, in_group: bool = False, is_edit: bool = False) -> int:
    """The seconds to wait, 0 if the call was let through."""
    try:
        gate.spend(chat, in_group=in_group, is_edit=is_edit)
    except ApiError as error:
        return (error.parameters or {})["retry_after"]
    return 0


def test_never_more_than_30_in_any_second(stage_time: StageTime) -> None:
    gate = FloodGate(Limits(), stage_time.monotonic)
    allowed: list[float] = []
    for step in range(400):
        if refused(gate, step) == 0:
            allowed.append(stage_time.seconds)
        stage_time.forward(0.01)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in zip(allowed, allowed[30:], strict=False))
    assert len(allowed) == 30 * 4


def test_a_chat_takes_a_burst_of_three_then_one_a_second(stage_time: StageTime) -> None:
    gate = FloodGate(Limits(), stage_time.monotonic)
    assert [refused(gate, 1) for _ in range(4)] == [0, 0, 0, 1]
    stage_time.forward(1)
    assert [refused(gate, 1) for _ in range(2)] == [0, 1]
    stage_time.forward(60)
    assert [refused(gate, 1) for _ in range(4)] == [0, 0, 0, 1]
    assert refused(gate, 2) == 0


def test_sending_exactly_once_a_second_is_never_refused(stage_time: StageTime) -> None:
    gate = FloodGate(Limits(chat_burst=1), stage_time.monotonic)
    for _ in range(500):
        assert refused(gate, 1) == 0
        stage_time.forward(1.0)


def test_a_group_takes_20_in_any_minute_and_edits_do_not_count(stage_time: StageTime) -> None:
    gate = FloodGate(Limits(), stage_time.monotonic)
    for _ in range(20):
        assert refused(gate, -1, in_group=True) == 0
        stage_time.forward(1)
    assert refused(gate, -1, in_group=True) == 40
    assert refused(gate, -1, in_group=True, is_edit=True) == 0
    stage_time.forward(40)
    assert refused(gate, -1, in_group=True) == 0


def test_many_chats_do_not_pile_up(stage_time: StageTime) -> None:
    gate = FloodGate(Limits(overall_per_second=100_000), stage_time.monotonic)
    for chat in range(10_000):
        gate.spend(chat, in_group=False)
    stage_time.forward(10)
    gate.spend(10_001, in_group=False)
    assert len(gate._buckets) == 1


async def test_429_names_the_wait_and_has_no_effect(
    api: Api, alice: Person, server: SandboxServer, stage_time: StageTime
) -> None:
    server.limits = Limits()
    for _ in range(3):
        assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 200
    before = await alice.messages()
    reply = await api("sendMessage", chat_id=alice.id, text="x")
    assert reply.error == "Too Many Requests: retry after 1"
    assert reply.body["parameters"] == {"retry_after": 1}
    assert await alice.messages() == before
    edit = await api("editMessageText", chat_id=alice.id, message_id=before[-1].id, text="y")
    assert edit.status == 429
    stage_time.forward(1)
    assert (await api("editMessageText", chat_id=alice.id, message_id=before[-1].id, text="y")).status == 200


async def test_a_call_that_is_wrong_costs_nothing(api: Api, alice: Person, server: SandboxServer) -> None:
    server.limits = Limits()
    for _ in range(5):
        assert (await api("sendMessage", chat_id=alice.id, text="")).status == 400
    assert (await api("sendMessage", chat_id=alice.id, text="x")).status == 200


@pytest.mark.parametrize("method", ["sendChatAction", "answerCallbackQuery", "getChat"])
async def test_what_sends_nothing_is_not_limited(api: Api, alice: Person, server: SandboxServer, method: str) -> None:
    server.limits = Limits()
    for _ in range(40):
        assert (await api(method, chat_id=alice.id, action="typing", callback_query_id="1")).status != 429
