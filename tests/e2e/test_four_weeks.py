"""Four weeks of a team with habits, in a real process over real HTTP, with kills: nothing is lost, stuck or told twice.

The default run is short. The whole of it, 30 reviewers and 2,000 claims:

    WEEKS_CLAIMS=2000 WEEKS_REVIEWERS=30 pytest tests/e2e/test_four_weeks.py --timeout=0
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.callbacks import Verb
from bot.sandbox import Person
from tests.support.crew import CREW, sentence
from tests.support.newsroom import Newsroom, a_newsroom, find_data
from tests.support.weeks import Weeks

CLAIMS = int(os.environ.get("WEEKS_CLAIMS", "60"))
REVIEWERS = int(os.environ.get("WEEKS_REVIEWERS", "8"))
SEED = int(os.environ.get("WEEKS_SEED", "1"))
HOURS = 4 * 7 * 24 if CLAIMS >= 2000 else max(24, CLAIMS // 2)
KILLS = 3

NOT_TOLD = """
SELECT count(*) FROM requests r JOIN claims c ON c.id = r.claim_id JOIN verdicts v ON v.claim_id = c.id
WHERE r.state <> 'withdrawn' AND c.state = 'published'
  AND v.version = (SELECT max(version) FROM verdicts WHERE claim_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.person_id = r.person_id AND a.verdict_id = v.id)
"""
"""Requests whose claim is published in a version that who asked was not told."""


async def test_four_weeks_of_a_team_with_habits_leave_nothing_undone(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path, start=False) as room:
        weeks = Weeks(room, SEED)
        await weeks.start()
        await room.open()
        weeks.editors = [weeks.phone(room.admin)]
        weeks.editors += [weeks.phone(await room.hire(f"Editor {n}", "editor", duty=False)) for n in range(2)]
        for number in range(REVIEWERS):
            language = ("en", "bn")[number % 2]
            person = await room.hire(f"Reviewer {number}", language=language)
            weeks.reviewers.append(weeks.phone(person, CREW[number % len(CREW)]))
        askers = [await room.person(f"Asker {number}", language=("bn", "en")[number % 2]) for number in range(10)]
        # Some of the team ask, too, and must then not be the ones to check it.
        weeks.askers = [weeks.phone(each) for each in askers]
        askers += [each.person for each in weeks.reviewers[:2]]
        kills = {HOURS * (n + 1) // (KILLS + 1) for n in range(KILLS)}
        asked = 0
        for hour in range(HOURS):
            while asked < CLAIMS * (hour + 1) // HOURS:
                asker = weeks.random.choice(askers)
                if weeks.reviewers[0].blocked_until is None and weeks.reviewers[1].blocked_until is None:
                    await asker.send(f"/submit {sentence(asked)}")
                    if weeks.random.random() < 0.2:
                        await weeks.random.choice(askers[:10]).send(f"/submit {sentence(asked)}")
                    asked += 1
            await weeks.settle()
            if hour in kills:
                await weeks.kill()
            await weeks.pass_hour()
        weeks.calm = True
        unfinished = "SELECT count(*) FROM claims WHERE state NOT IN ('published', 'closed', 'duplicate')"
        for _ in range(10 * 24):
            if not room.desk.value(unfinished):
                break
            await weeks.pass_hour()

        desk = room.desk
        assert desk.value("SELECT count(*) FROM claims") == CLAIMS
        assert desk.value(unfinished) == 0
        assert desk.value("SELECT count(*) FROM dead_letters") == 0
        code, out, err = await desk.command("check")
        assert code == 0, out + err
        assert desk.value(NOT_TOLD) == 0
        # What stands in the chats is the proof: each version once, but for the one that a kill may have caught halfway.
        told = await answers_seen(room, askers)
        wanted = Counter(
            desk.rows("SELECT p.telegram_id, a.verdict_id FROM answers a JOIN people p ON p.id = a.person_id")
        )
        assert told.keys() == wanted.keys()
        assert told.total() - wanted.total() <= KILLS
        # The weeks were no idle ones: each of these happened, and was survived.
        assert not [what for what, times in happened(room).items() if not times]


def happened(room: Newsroom) -> dict[str, int]:
    """Return how often the desk did what the weeks are to show, by its audit."""
    return {
        action: room.desk.value("SELECT count(*) FROM audit WHERE action = ?", action)
        for action in (
            "assignment.recused",
            "claim.merge",
            "claim.unmerge",
            "correction.released",
            "evidence.accepted",
        )
    }


async def answers_seen(room: Newsroom, askers: Iterable[Person]) -> Counter[tuple[int, int]]:
    """Count the answers in each asker's chat, by person and verdict: the question below each names it."""
    found: Counter[tuple[int, int]] = Counter()
    for asker in askers:
        for message in await asker.messages():
            asked = find_data(message, Verb.HELPED) if message.by_bot else None
            if asked is not None:
                found[asker.id, int(asked.split(":")[2])] += 1
    return found
