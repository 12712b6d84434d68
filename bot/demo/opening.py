"""The first acts: the desk opens, an article comes in, somebody asks."""

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from importlib.resources import as_file, files

from bot.callbacks import Verb
from bot.demo.performance import ADMIN, DIGEST_AT, REQUESTER, Play
from bot.demo.seat import Unmet, Wanted, buttons_of, offers
from bot.demo.stage import ZONE
from bot.sandbox import Group, SeenMessage
from jobs.rules import policy_now
from jobs.seeding import load_seeds, read_seed
from storage.kinds import ClaimState, Role
from storage.ledger import Ledger
from storage.model import ChatId, ClaimId

_LINK = re.compile(r"[?&]start=([\w-]{20,64})")
_SENTENCES = 14
_DAY = timedelta(days=1)


async def open_desk(play: Play) -> None:
    """The bot starts, and its first admin with it."""
    play.begin("The desk opens", minutes=15)
    async with play.stage.database.write() as ledger:
        loaded = await load_seeds(ledger, play.stage.clock(), await policy_now(ledger))
        # Nobody in the play takes anything back, and its spectators would wait for nothing.
        await ledger.settings.set("undo_within", 0, by=None, now=play.stage.clock())
    play.transcript.tell(f"$ factdesk run    ({loaded.verdicts} past fact-checks are loaded)")
    await play.stage.desk.start()
    admin = play.seat(ADMIN)
    await admin.opens()
    await admin.sees("a welcome")
    await play.holds(f"{admin.name}, named in FACTDESK_ADMINS, is the admin", play.has_role(ADMIN, Role.ADMIN))


async def invite(play: Play) -> None:
    """Two reviewers join by one-time links and choose their languages."""
    play.begin("Two reviewers join by one-time links", minutes=14.5)
    admin = play.seat(ADMIN)
    for seed in play.demo["reviews"]:
        reviewer = play.seat(seed["person"])
        await admin.writes("/invite reviewer")
        link = await admin.sees("a one-time link", lambda message: _secret(message) is not None)
        await reviewer.opens(_secret(link))
        card = await reviewer.sees("a welcome", offers(Verb.LANGUAGE, seed["language"]), count=2)
        await reviewer.presses(card, Verb.LANGUAGE, seed["language"])
        await reviewer.sees("that the desk speaks the language chosen")
        await play.holds(f"{reviewer.name} is a reviewer", play.has_role(seed["person"], Role.REVIEWER))


def _secret(message: SeenMessage) -> str | None:
    found = _LINK.search(message.html) or _LINK.search(message.text)
    return found[1] if found else None


async def set_digest(play: Play) -> Group:
    """The team's group gets a daily digest."""
    play.begin("The team wants a digest every morning", minutes=14)
    admin, team = play.seat(ADMIN), await play.stage.group()
    await admin.writes(f"/digest@factdesk_bot daily {DIGEST_AT:%H:%M} {ZONE}", chat=team)
    await admin.sees("that the digest is set", chat=team)

    async def is_due(ledger: Ledger) -> bool:
        active = await ledger.subscriptions.list_of_chat(ChatId(team.id), None)
        return [subscription.next_at for subscription in active] == [play.digest_at]

    await play.holds(f"the next digest is due at {DIGEST_AT:%H:%M} in {ZONE}", is_due)
    return team


async def add_channel(play: Play) -> Group:
    """The bot is added to a channel and asks the admin what it is for."""
    play.begin("The bot is added to the public channel", minutes=13)
    admin, channel = play.seat(ADMIN), await play.stage.channel()
    card = await admin.sees("the question whether to publish there", offers(Verb.CHANNEL, "1"))
    await admin.presses(card, Verb.CHANNEL, "1")
    await admin.sees("that verdicts go there")

    async def publishes(ledger: Ledger) -> bool:
        return [chat.id for chat in await ledger.chats.list_publishing()] == [channel.id]

    await play.holds(f"verdicts go to “{channel.title}” from now on", publishes)
    return channel


async def take_article_in(play: Play) -> ClaimId:
    """The seed article becomes claims; returns the one that the rest of the play is about."""
    play.begin("A Bengali article is taken in", minutes=12)
    name = play.demo["document"]
    seed = next(seed for seed in read_seed("documents.json") if seed["file"] == name)
    about = [part for key in ("title", "publisher", "url") for part in (f"--{key}", seed[key])]
    play.transcript.tell(f"$ factdesk ingest {shlex.join([name, *about])} --json")
    with as_file(files("seeds").joinpath("articles", name)) as path:
        printed = await play.stage.run("ingest", str(path), *about, "--json")
    claims = json.loads(printed)["claims"]
    for claim in claims:
        play.transcript.tell(f"  #{claim['id']} {claim['text']}")
    numbers = {claim["id"] for claim in claims}
    if len(claims) != _SENTENCES or len(numbers) != _SENTENCES:
        raise Unmet(f"Expected {_SENTENCES} claims from the {_SENTENCES} sentences of {name}, got {len(numbers)}")
    chosen = claims[play.demo["sentence"] - 1]
    if chosen["text"] != play.demo["quote"]:
        raise Unmet(f"Expected sentence {play.demo['sentence']} word for word: {play.demo['quote']}")
    play.transcript.check(f"{_SENTENCES} sentences became {_SENTENCES} claims, word for word")
    return ClaimId(chosen["id"])


async def sort(play: Play, claim: ClaimId) -> None:
    """The editor looks at the article's sentences and sends those to the queue that look worth checking."""
    play.begin("The editor sorts its sentences", minutes=11.5)
    admin = play.seat(ADMIN)
    card = await admin.sees("the list of documents to sort", offers(Verb.TRIAGE))
    await admin.presses(card, Verb.TRIAGE)
    card = await admin.sees("the article's sentences, some chosen", offers(Verb.TRIAGE_SEND))
    await admin.presses(card, Verb.TRIAGE_SEND)

    async def is_sorted(ledger: Ledger) -> bool:
        waiting = [heap.waiting for heap in await ledger.triage.list_heaps()]
        return (await ledger.claims.get(claim)).state is ClaimState.QUEUED and sum(waiting) < _SENTENCES

    await play.holds(f"what was chosen is in the queue, #{claim} with it; the rest waits", is_sorted)


async def ask(play: Play, claim: ClaimId) -> None:
    """A member of the public forwards a rumour that is one of the article's sentences."""
    play.begin("Somebody asks whether it is true", minutes=11)
    asker = play.seat(REQUESTER)
    await asker.opens()
    card = await asker.sees("a welcome", offers(Verb.LANGUAGE, "bn"))
    await asker.presses(card, Verb.LANGUAGE, "bn")
    await asker.sees("that the desk speaks Bengali")
    await asker.forwards(play.demo["request"]["text"])

    async def is_heard(ledger: Ledger) -> bool:
        person = await ledger.people.find_by_telegram(REQUESTER)
        return (
            person is not None and await ledger.submissions.find_gathering(person.id, play.digest_at - _DAY) is not None
        )

    await play.until("the forwarded message", is_heard)
    # The desk waits some seconds whether more messages follow; by the play's clock they are over at once.
    play.stage.clock.move_to(play.stage.clock() + timedelta(seconds=5))
    card = await asker.sees("the question whether to send it in", offers(Verb.SEND))
    await asker.presses(card, Verb.SEND)
    await asker.sees(f"the number #{claim} and a promise", _confirms(claim), count=2)

    async def counts(ledger: Ledger) -> bool:
        return await ledger.requests.count(claim) == 1

    await play.holds(f"it is the article's claim #{claim}, found by its words; one person waits for the answer", counts)


def _confirms(claim: ClaimId) -> Wanted:
    def is_it(message: SeenMessage) -> bool:
        # The number may be written in Bengali digits: \d and int() know them.
        found = {int(digits) for digits in re.findall(r"\d+", message.text)}
        return claim in found and not buttons_of(message, Verb.SEND)

    return is_it
