"""Pacing of sends, judged by a server that counts strictly and by a network that delays each message differently."""

import itertools
import random
from collections import defaultdict, deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ratelimit import Pacer, SendLimits

JITTER = 0.011  # the pacer allows for 12 ms


class StrictServer:
    """Telegram's published limits, counted exactly, written without a look at the pacer."""

    def __init__(self) -> None:
        self.all: deque[float] = deque()
        self.groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self.tokens: dict[int, tuple[float, float]] = {}

    def refuses(self, chat_id: int, at: float) -> str | None:
        while self.all and self.all[0] <= at - 1:
            self.all.popleft()
        self.all.append(at)
        tokens, since = self.tokens.get(chat_id, (3.0, at))
        tokens = min(3.0, tokens + at - since) - 1
        self.tokens[chat_id] = (tokens, at)
        group = self.groups[chat_id] if chat_id < 0 else deque()
        while group and group[0] <= at - 60:
            group.popleft()
        group.append(at)
        if len(self.all) > 30:
            return "30 per second"
        if tokens < -1e-9:
            return "1 per second and chat"
        return "20 per minute and group" if len(group) > 20 else None


def refusals(sent: list[tuple[float, int]], delays: random.Random) -> list[str]:
    arrivals = sorted((at + delays.uniform(0, JITTER), chat_id) for at, chat_id in sent)
    server = StrictServer()
    return [refusal for at, chat_id in arrivals if (refusal := server.refuses(chat_id, at))]


wishes = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, -1, -2]) | st.integers(min_value=10, max_value=60),
        st.sampled_from([0.0, 0.0, 0.001, 0.02, 0.034, 0.3, 1.0, 3.0]),
        st.booleans(),
    ),
    max_size=250,
)


@given(wishes, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_no_sequence_of_wishes_breaks_a_limit(wishes: list[tuple[int, float, bool]], delays: random.Random) -> None:
    pacer = Pacer(SendLimits.telegram())
    now = 1000.0
    sent: list[tuple[float, int]] = []
    for chat_id, wait, patient in wishes:
        now += wait
        ready = pacer.ready_at(chat_id, now)
        if ready > now and not patient:
            continue
        now = ready
        assert pacer.ready_at(chat_id, now) == now, "what was promised is kept"
        pacer.take(chat_id, now)
        sent.append((now, chat_id))
    assert refusals(sent, delays) == []


@pytest.mark.parametrize(("overshoot", "least"), [(0.0, 29.6), (0.002, 29.5), (0.003, 29.45)])
def test_a_minute_of_fan_out_keeps_98_percent_of_the_rate_and_no_refusal(overshoot: float, least: float) -> None:
    pacer = Pacer(SendLimits.telegram())
    delays = random.Random(42)
    now = begin = 5000.0
    sent: list[tuple[float, int]] = []
    for chat_id in itertools.count(1):
        ready = pacer.ready_at(chat_id, now)
        if ready > now:  # a sleep ends up to 3 ms late; a message that is due goes at once
            now = ready + delays.uniform(overshoot / 2, overshoot)
        if now >= begin + 60:
            break
        pacer.take(chat_id, now)
        sent.append((now, chat_id))
    assert len(sent) / 60 >= least
    assert refusals(sent, delays) == []


def test_sends_are_spread_over_the_second() -> None:
    pacer = Pacer(SendLimits.telegram())
    now = 0.0
    times = []
    for chat_id in range(1, 61):
        now = pacer.ready_at(chat_id, now)
        pacer.take(chat_id, now)
        times.append(now)
    assert all(later - earlier > 0.049 for earlier, later in zip(times, times[3:], strict=False))


def test_a_chat_may_have_three_at_once_and_then_one_per_second() -> None:
    pacer = Pacer(SendLimits(overall_per_second=0))
    times = []
    now = 0.0
    for _ in range(6):
        now = pacer.ready_at(7, now)
        pacer.take(7, now)
        times.append(now)
    assert times == pytest.approx([0, 0, 0, 1.012, 2.024, 3.036])
    assert pacer.ready_at(8, now) == now, "other chats do not wait"


def test_a_group_may_have_twenty_per_minute() -> None:
    pacer = Pacer(SendLimits(overall_per_second=0, chat_per_second=0))
    for _ in range(20):
        pacer.take(-100, 5.0)
    assert pacer.ready_at(-100, 6.0) == pytest.approx(65.012)
    assert pacer.ready_at(100, 6.0) == 6.0


def test_asking_uses_up_nothing() -> None:
    pacer = Pacer(SendLimits.telegram())
    assert {pacer.ready_at(1, 9.0) for _ in range(100)} == {9.0}
    assert len(pacer) == 0


def test_a_pause_of_a_chat_leaves_the_others_alone_and_never_shrinks() -> None:
    pacer = Pacer(SendLimits.off())
    pacer.pause(1, 30.0)
    pacer.pause(1, 20.0)
    assert pacer.ready_at(1, 10.0) == 30.0
    assert pacer.ready_at(2, 10.0) == 10.0
    pacer.pause(None, 15.0)
    assert pacer.ready_at(1, 10.0) == 30.0
    assert pacer.ready_at(2, 10.0) == pacer.overall_ready_at(10.0) == 15.0


def test_one_refused_chat_is_paused_alone_a_second_one_stops_all_for_a_short_time() -> None:
    pacer = Pacer(SendLimits.telegram())
    pacer.flooded(1, 100.0, 30)
    pacer.flooded(1, 101.0, 30)
    assert pacer.ready_at(1, 101.0) == pytest.approx(131.012)
    assert pacer.ready_at(3, 101.0) == 101.0
    pacer.flooded(2, 102.0, 30)
    assert pacer.ready_at(3, 102.0) == 107.0
    assert pacer.ready_at(2, 102.0) == pytest.approx(132.012)


def test_refusals_far_apart_have_nothing_to_do_with_each_other() -> None:
    pacer = Pacer(SendLimits.telegram())
    pacer.flooded(1, 100.0, 3)
    pacer.flooded(2, 110.0, 3)
    assert pacer.ready_at(3, 110.0) == 110.0


def test_idle_chats_are_forgotten_and_only_they() -> None:
    pacer = Pacer(SendLimits.telegram())
    pacer.take(1, 0.0)
    pacer.take(-1, 0.0)
    pacer.pause(2, 500.0)
    assert pacer.forget_idle(0.5) == 0
    assert pacer.forget_idle(2.0) == 1
    assert pacer.forget_idle(61.0) == 1
    assert pacer.forget_idle(499.0) == 0
    assert pacer.forget_idle(500.0) == 1
    assert len(pacer) == 0


def test_memory_stays_bounded_without_anyone_asking() -> None:
    pacer = Pacer(SendLimits(overall_per_second=0))
    most = 0
    for number in range(100_000):
        pacer.take(number, number / 30)
        most = max(most, len(pacer))
    assert most <= 1024


def test_off_lets_everything_through_and_remembers_nothing() -> None:
    pacer = Pacer(SendLimits.off())
    for _ in range(10_000):
        assert pacer.ready_at(-5, 1.0) == 1.0
        pacer.take(-5, 1.0)
    assert len(pacer) == 0


@pytest.mark.parametrize("wrong", [{"overall_per_second": -1}, {"chat_burst": 0}, {"margin": -0.1}])
def test_senseless_limits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"limit|chat_burst"):
        SendLimits(**wrong)
