"""What the desk remembers of itself: updates handled, dead letters, settings, runs of jobs."""

import json
from datetime import timedelta

import pytest

from storage.errors import NotFound, Stale
from storage.ledger import Ledger
from tests.support.builders import NOW, an_editor


async def test_handled_updates_are_known(ledger: Ledger) -> None:
    assert await ledger.updates.list_known([]) == set()
    assert await ledger.updates.list_known([1, 2]) == set()
    await ledger.updates.add([1, 2, 900_000_000_000], NOW)
    assert await ledger.updates.list_known([2, 3, 900_000_000_000]) == {2, 900_000_000_000}
    assert await ledger.updates.list_known(list(range(100))) == {1, 2}
    await ledger.updates.add([], NOW)


async def test_an_update_is_noted_once(ledger: Ledger) -> None:
    await ledger.updates.add([1], NOW)
    with pytest.raises(Stale, match="already_exists"):
        await ledger.updates.add([1], NOW)


async def test_old_updates_are_forgotten(ledger: Ledger) -> None:
    await ledger.updates.add([1, 2], NOW - timedelta(days=8))
    await ledger.updates.add([3], NOW)
    assert await ledger.updates.purge(NOW - timedelta(days=7)) == 2
    assert await ledger.updates.list_known([1, 2, 3]) == {3}


async def test_dead_letters_are_listed_the_newest_first(ledger: Ledger) -> None:
    for number in range(3):
        await ledger.updates.add_dead_letter(f"REF{number}", number, {"update_id": number}, "KeyError", NOW)
    await ledger.updates.add_dead_letter("LAST", None, "not even JSON", "ValueError", NOW)
    assert [letter[:3] for letter in await ledger.updates.list_dead_letters(2)] == [
        ("LAST", None, "ValueError"),
        ("REF2", 2, "KeyError"),
    ]


async def test_a_dead_letter_is_kept_once_though_its_batch_comes_again(ledger: Ledger) -> None:
    for error in ("first", "second"):
        await ledger.updates.add_dead_letter("REF", 1, {}, error, NOW)
    assert [letter[2] for letter in await ledger.updates.list_dead_letters()] == ["first"]


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "half a pair: \ud83d"},
        {"number": float("nan"), "more": [float("inf")]},
        {"bytes": b"\x00\xff", "thing": object()},
        {"text": "nul \x00 inside, বাংলা outside"},
        [1, 2**200],
        None,
    ],
)
async def test_any_update_can_be_a_dead_letter(ledger: Ledger, payload: object) -> None:
    """A letter that could not be kept would fail its whole batch again and again."""
    await ledger.updates.add_dead_letter("REF", 1, payload, "UnicodeEncodeError: \ud83d", NOW)
    row = await ledger.session.fetch_one("SELECT payload FROM dead_letters")
    assert row is not None
    json.loads(row[0])
    (letter,) = await ledger.updates.list_dead_letters()
    assert letter[2] == "UnicodeEncodeError: \\ud83d"


async def test_a_setting_is_what_it_was_last_set_to(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    assert await ledger.settings.get_all() == {}
    await ledger.settings.set("quorum", 2, by=editor.id, now=NOW)
    await ledger.settings.set("quorum", 3, by=None, now=NOW)
    await ledger.settings.set("scale", ["true", "সত্য", None], by=editor.id, now=NOW)
    assert await ledger.settings.get_all() == {"quorum": 3, "scale": ["true", "সত্য", None]}


async def test_runs_of_a_job_count_the_failures_in_a_row(ledger: Ledger) -> None:
    for minute, error in enumerate(["KeyError", "OSError", None, "KeyError"]):
        now = NOW + timedelta(minutes=minute)
        await ledger.settings.mark_job_started("tidy", now)
        (run,) = await ledger.settings.list_job_runs()
        assert (run.started_at, run.finished_at) == (now, None)
        await ledger.settings.mark_job_finished("tidy", now + timedelta(seconds=1), error)
        (run,) = await ledger.settings.list_job_runs()
        assert (run.finished_at, run.last_error) == (now + timedelta(seconds=1), error)
        assert run.failures == (1, 2, 0, 1)[minute]
    with pytest.raises(NotFound, match="job_not_found"):
        await ledger.settings.mark_job_finished("never begun", NOW)
