"""Many reviewers tap “take” at once: as many get the claim as it needs, everybody gets an answer; over real HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from bot.callbacks import Verb
from bot.views.notices import notice_text
from bot.views.words import words_for
from tests.support.newsroom import PATIENCE, a_newsroom, find_data, offers

CREW = 12
TAKEN = "SELECT claim_id, person_id FROM assignments WHERE state = 'taken'"
CLAIMS = (
    "The bridge over the Padma is 6 km long, said the engineers who measured it last year.",
    "Half of all wells in the district hold arsenic, according to a study of the university.",
)


async def test_of_many_who_tap_at_once_as_many_get_a_claim_as_it_needs(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        crew = [await room.hire(f"R{n}", language=("en", "bn")[n % 2], duty=False) for n in range(CREW)]
        reader = await room.person("Rahim")
        group = await room.people.group("Team", [room.admin, *crew])
        await room.admin.send("/team here", chat=group)
        await room.ask(reader, CLAIMS[0])
        card = await group.wait(offers(Verb.TAKE_CLAIM), timeout=PATIENCE)
        button = find_data(card, Verb.TAKE_CLAIM)
        assert button is not None

        # Each of them twice, as impatient people on bad networks do.
        taps = [each.press_raw(card, button, timeout=PATIENCE) for each in (*crew, *crew)]
        told = Counter(map(str, await asyncio.gather(*taps)))
        assert len(room.desk.rows(TAKEN)) == 2
        yours = {notice_text("taken_in_room", {}, words_for(language)) for language in ("en", "bn")}
        assert sum(told[words] for words in yours) == 2
        assert sum(told.values()) == 2 * CREW
        assert "None" not in told, "everybody got an answer"
        (first, second) = (person for _, person in room.desk.rows(TAKEN))
        assert first != second

        # Killed in the middle of the same, and started again: what was tapped counts once.
        await room.ask(reader, CLAIMS[1])
        card = await group.wait(offers(Verb.TAKE_CLAIM, "2"), timeout=PATIENCE)
        button = find_data(card, Verb.TAKE_CLAIM, "2")
        assert button is not None
        taps = [each.press_raw(card, button, timeout=0) for each in (*crew, *crew)]
        await asyncio.gather(*taps, room.desk.kill())
        await room.desk.start()
        await room.until(lambda: sum(claim == 2 for claim, _ in room.desk.rows(TAKEN)) == 2)
        assert len(set(room.desk.rows(TAKEN))) == 4
        await room.until(lambda: room.desk.value("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0)
        assert len(room.desk.rows(TAKEN)) == 4
        code, out, _ = await room.desk.command("check")
        assert code == 0, out


async def test_an_offer_is_taken_by_whom_it_was_made_to_and_by_nobody_else(tmp_path: Path) -> None:
    async with a_newsroom(tmp_path) as room:
        crew = [await room.hire(f"R{n}", language=("en", "bn")[n % 2]) for n in range(CREW)]
        await room.ask(await room.person("Rahim"), CLAIMS[0])
        await room.until(lambda: room.desk.value("SELECT count(*) FROM assignments WHERE state = 'offered'") == 2)
        holders = {
            telegram
            for (telegram,) in room.desk.rows(
                "SELECT p.telegram_id FROM assignments a JOIN people p ON p.id = a.person_id WHERE a.state = 'offered'"
            )
        }
        cards = [await room.see(each, offers(Verb.TAKE)) for each in crew if each.id in holders]
        # Everybody presses both buttons, their own and the other's: those were copied from somebody's phone.
        taps = [
            each.press_raw(card, data, timeout=PATIENCE)
            for card in cards
            if (data := find_data(card, Verb.TAKE)) is not None
            for each in (*crew, *crew)
        ]
        told = [str(each) for each in await asyncio.gather(*taps)]
        taken = room.desk.rows(
            "SELECT p.telegram_id FROM assignments a JOIN people p ON p.id = a.person_id WHERE a.state = 'taken'"
        )
        assert {telegram for (telegram,) in taken} == holders
        assert len(taken) == 2
        assert "None" not in told
