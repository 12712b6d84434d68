"""Weeks in the life of a desk: reviewers, editors and askers with habits, a real process, a clock that jumps ahead.

Everybody acts on what their chat shows them, by the buttons that it offers; nobody waits for anybody. After each round
the conductor waits until the desk has taken in everything and sent everything that is due.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.callbacks import Verb
from bot.sandbox import Person
from jobs.clock import utc_now
from tests.support.crew import Habits, Phone
from tests.support.newsroom import Newsroom

RATINGS = ("true", "mostly_true", "mixed", "mostly_false", "false", "misleading")
"""Those that ask for a source: by its address an answer is known in a chat."""
HOUR = 3600

CORRECTS = 0.05
"""Share of an editor's looks at the phone with nothing to decide, after which they correct something published."""
MERGES = 0.05
"""The same for saying that two claims are the same."""
PARTS = 0.2
"""Share of the merges that are taken apart when an editor sees the card again."""
SAYS = 0.1
"""Share of an asker's hours in which they say whether an answer helped, or bring new evidence."""


class Weeks:
    """The conductor."""

    def __init__(self, room: Newsroom, seed: int) -> None:
        self.room = room
        self.random = random.Random(seed)
        self.hour = 0
        self.reviewers: list[Phone] = []
        self.editors: list[Phone] = []
        self.askers: list[Phone] = []
        self.calm = False
        """Nobody begins anything new any more."""
        self._ticks = 0
        self._steps: dict[int, dict[str, Any]] = {}

    def phone(self, person: Person, habits: Habits | None = None) -> Phone:
        """Return the phone of a person who came into the room."""
        return Phone(person, random.Random(self.random.random()), habits or Habits())

    async def pass_hour(self, *, rounds: int = 12) -> None:
        """Let an hour go by: the clock is put ahead, the jobs run, and people do what they find to do."""
        self.hour += 1
        self.room.desk.move_clock(self.hour * HOUR)
        await self.tick()
        await self.settle()
        awake = [each for each in self.reviewers if each.random.random() < each.habits.diligence]
        for each in self.reviewers:
            await self._sulk(each)
        for _ in range(rounds):
            if not await self.round(awake):
                return

    async def round(self, reviewers: Iterable[Phone]) -> int:
        """Let everybody who is awake do one thing; returns how many did."""
        self._steps = self._read_steps()
        acted = [await self._review(each) for each in reviewers if each.blocked_until is None]
        acted += [await self._edit(each) for each in self.editors]
        acted += [await self._reply(each) for each in self.askers]
        await self.settle()
        return sum(acted)

    async def tick(self) -> None:
        """Let the desk run its jobs at the hour that it now is."""
        self._ticks += 1
        ticks = self.room.desk.clock.with_name("ticks")
        ticks.write_text(str(self._ticks))
        done = ticks.with_suffix(".done")
        await self.room.until(lambda: done.exists() and done.read_text() == str(self._ticks))

    async def settle(self) -> None:
        """Wait until the desk has taken in every update and sent everything that is due."""
        box, desk = self.room.server.sandbox, self.room.desk
        quiet = 0
        while quiet < 2:
            await asyncio.sleep(0.004)
            if not desk.running:
                return
            busy = len(box.updates) or desk.value(
                "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' OR (state = 'queued' AND due_at <= ?))",
                self._due(),
            )
            quiet = 0 if busy else quiet + 1

    def _due(self) -> str:
        # What was put a moment ago, by the desk's own clock, counts as due; nothing is meant for the next minutes.
        return (utc_now() + timedelta(hours=self.hour)).isoformat(timespec="microseconds")

    def _read_steps(self) -> dict[int, dict[str, Any]]:
        rows = self.room.desk.rows(
            """
            SELECT p.telegram_id, f.awaiting, f.claim_id, v.rating,
              (SELECT count(*) FROM sources s WHERE s.review_id = v.id),
              (SELECT count(*) FROM sources s WHERE s.review_id = v.id AND s.kind IS NULL),
              (SELECT count(*) FROM sources s WHERE s.review_id = v.id AND s.stance IS NULL)
            FROM focuses f JOIN people p ON p.id = f.person_id
            LEFT JOIN reviews v ON v.claim_id = f.claim_id AND v.person_id = f.person_id AND v.state = 'draft'
            """
        )
        names = ("awaiting", "claim", "rating", "sources", "kindless", "stanceless")
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    async def _sulk(self, phone: Phone) -> None:
        """Block the desk for a day now and then, and come back."""
        if phone.blocked_until is not None and self.hour >= phone.blocked_until:
            phone.blocked_until = None
            await phone.person.start()
            await phone.person.send("/duty on")
        elif phone.blocked_until is None and phone.random.random() < phone.habits.blocks:
            phone.blocked_until = self.hour + 24
            await phone.person.block()

    async def _review(self, phone: Phone) -> bool:
        await phone.look(self.room)
        step = self._steps.get(phone.person.id)
        if step is None:
            offered = phone.find(Verb.TAKE)
            if offered is not None and not self.calm and phone.happens(phone.habits.recuses):
                phone.pressed.add((offered[0].id, offered[0].version, offered[1][0]))
                number = re.search(r"#(\d+)", offered[0].html)
                assert number is not None
                await phone.person.send(f"/recuse {number.group(1)} I know the people there.")
                return True
            return await phone.tap(Verb.PASS if phone.happens(phone.habits.passes) else Verb.TAKE)
        if phone.happens(0.003):
            return await phone.tap(Verb.HAND_BACK)
        if phone.happens(0.5) and await phone.tap(Verb.RENEW):
            return True
        match step["awaiting"]:
            case "rating":
                return await phone.tap(Verb.RATE, wanted=f":{self._opinion(phone, step['claim'])}")
            case "source" if not step["sources"]:
                await phone.person.send(f"https://example{step['claim']}.org/{phone.person.id} the record")
                return True
            case "source" if step["kindless"]:
                return await phone.tap(Verb.SOURCE_KIND)
            case "source" if step["stanceless"]:
                return await phone.tap(Verb.SOURCE_STANCE)
            case "source":
                return await phone.tap(Verb.STEP, wanted=":explanation")
            case "explanation":
                await phone.person.send(f"The record says so, as {phone.person.first_name} found.")
                return True
            case "preview":
                return await phone.tap(Verb.SUBMIT)
            case _:
                return False

    def _opinion(self, phone: Phone, claim: int) -> str:
        most = RATINGS[claim % len(RATINGS)]
        return phone.random.choice(RATINGS) if phone.random.random() < phone.habits.doubt else most

    async def _edit(self, phone: Phone) -> bool:
        await phone.look(self.room)
        step = self._steps.get(phone.person.id)
        if step is not None and step["awaiting"] in ("adjudication", "correction", "new_evidence"):
            await phone.person.send("The record was read again, and it is clear.")
            return True
        for verbs in (
            (Verb.APPROVE,),
            (Verb.ADJUDICATE,),
            (Verb.CORRECT,),
            (Verb.PROPOSE,),
            (Verb.RELEASE,),
            (Verb.REOPEN, Verb.DECLINE),
            (Verb.MERGE,),
        ):
            if await phone.tap(*verbs):
                return True
        return not self.calm and await self._stir(phone)

    async def _stir(self, editor: Phone) -> bool:
        """Let an editor correct what is published, or say that two claims are the same, or are not after all."""
        if editor.happens(CORRECTS):
            published = self.room.desk.rows("SELECT id FROM claims WHERE state = 'published' ORDER BY id DESC LIMIT 20")
            if published:
                await editor.person.send(f"/correct {editor.random.choice(published)[0]}")
                return True
        if editor.happens(MERGES):
            open_states = "('queued', 'in_review', 'agreed', 'disputed', 'published')"
            claims = self.room.desk.rows(
                f"SELECT id FROM claims WHERE state IN {open_states} ORDER BY id DESC LIMIT 20"
            )
            if len(claims) > 1:
                one, other = editor.random.sample(claims, 2)
                await editor.person.send(f"/merge {one[0]} {other[0]}")
                return True
        return editor.happens(PARTS) and await editor.tap(Verb.UNMERGE)

    async def _reply(self, asker: Phone) -> bool:
        """Let an asker say whether an answer helped, or bring new evidence."""
        step = self._steps.get(asker.person.id)
        if step is not None and step["awaiting"] == "new_evidence":
            await asker.person.send("A newer record is at https://records.example.net/2025")
            return True
        if self.calm or asker.blocked_until is not None or not asker.happens(SAYS):
            return False
        await asker.look(self.room)
        return await asker.tap(Verb.EVIDENCE if asker.happens(0.3) else Verb.HELPED)

    async def kill(self) -> None:
        """End the desk with SIGKILL in the middle of what it does, and start it again."""
        self._steps = self._read_steps()
        for each in self.reviewers[::2]:
            if each.blocked_until is None:
                await self._review(each)
        await self.room.desk.kill()
        await self.start()
        await self.settle()

    async def start(self) -> None:
        """Start the desk with the clock and the jobs in the test's hands."""
        ticks = self.room.desk.clock.with_name("ticks")
        await self.room.desk.start_controlled(ticks=ticks)
