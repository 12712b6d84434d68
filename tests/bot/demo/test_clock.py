from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo.clock import MovableClock
from bot.demo.performance import LEAD, digest_hour
from jobs.clock import utc_now

NINE_IN_DHAKA = 3
"""The hour of 09:00 in Dhaka, in UTC."""


def test_it_starts_where_it_is_set_and_runs_on(tmp_path: Path) -> None:
    at = datetime(2025, 5, 7, 3, 0, tzinfo=UTC)
    clock = MovableClock.starting_at(tmp_path / "clock", at)
    first, second = clock(), clock()
    assert at <= first <= second < at + timedelta(seconds=5)
    assert first.tzinfo is UTC


def test_another_process_reads_the_same_time(tmp_path: Path) -> None:
    at = datetime(2031, 1, 1, tzinfo=UTC)
    MovableClock.starting_at(tmp_path / "clock", at)
    assert at <= MovableClock(tmp_path / "clock")() < at + timedelta(seconds=5)


def test_it_moves_forward_and_never_back(tmp_path: Path) -> None:
    at = datetime(2025, 5, 7, 3, 0, tzinfo=UTC)
    clock = MovableClock.starting_at(tmp_path / "clock", at)
    clock.move_to(at + timedelta(hours=6))
    clock.move_to(at + timedelta(hours=2))
    assert at + timedelta(hours=6) <= clock() < at + timedelta(hours=6, seconds=5)


def test_a_play_is_over_by_the_real_clock_whenever_it_begins() -> None:
    for minutes in range(0, 24 * 60, 7):
        now = datetime(2025, 5, 7, tzinfo=UTC) + timedelta(minutes=minutes)
        hour = digest_hour(now)
        assert (hour.hour, hour.minute) == (NINE_IN_DHAKA, 0)
        assert timedelta(0) < now - hour - LEAD <= timedelta(days=1)
    assert digest_hour(utc_now()) < utc_now()
