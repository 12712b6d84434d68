"""The later acts: reviewers join and review, the editor approves, everybody is told."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.callbacks import Verb
from bot.demo.performance import ADMIN, REQUESTER, STRANGER, Play
from bot.demo.seat import Unmet, buttons_of, offers
from bot.demo.stage import ZONE
from bot.sandbox import Group, SeenMessage
from bot.views.labels import rating_label
from bot.views.words import words_for
from storage.kinds import AssignmentState, Awaiting, ClaimState
from storage.ledger import Ledger
from storage.model import ChatId, ClaimId, Person


async def go_on_duty(play: Play, claim: ClaimId) -> list[SeenMessage]:
    """The reviewers go on duty; returns the cards of what they are offered."""
    play.begin("The reviewers go on duty", minutes=10)
    for seed in play.demo["reviews"]:
        await play.seat(seed["person"]).writes("/duty on")
    cards = [await play.seat(seed["person"]).sees("an offer", offers(Verb.TAKE)) for seed in play.demo["reviews"]]

    async def are_offered(ledger: Ledger) -> bool:
        offered = {
            assignment.person_id
            for assignment in await ledger.assignments.list_for_claim(claim)
            if assignment.state is AssignmentState.OFFERED
        }
        return offered == {person.id for person in await _reviewers(play, ledger)}

    await play.holds(f"of all claims, both are offered #{claim} first: somebody waits for it", are_offered)
    return cards


async def _reviewers(play: Play, ledger: Ledger) -> list[Person]:
    people = [await ledger.people.find_by_telegram(review["person"]) for review in play.demo["reviews"]]
    return [person for person in people if person is not None]


async def review(play: Play, claim: ClaimId, cards: list[SeenMessage]) -> None:
    """Both take the claim, rate it, give a source and an explanation, look at the preview and submit."""
    play.begin("Both review it, neither sees what the other says", minutes=8)
    pairs = [(play.seat(seed["person"]), seed, seed["sources"][0]) for seed in play.demo["reviews"]]
    for (reviewer, _, _), card in zip(pairs, cards, strict=True):
        await reviewer.presses(card, Verb.TAKE)
    for reviewer, seed, _ in pairs:
        card = await reviewer.sees("the ratings to choose from", offers(Verb.RATE, seed["rating"]))
        await reviewer.presses(card, Verb.RATE, seed["rating"])
    await _cut_power(play, claim)
    for reviewer, _, source in pairs:
        await reviewer.writes(f"{source['title']}\n{source['url']}")
    play.transcript.tell("$ factdesk run")
    await play.stage.desk.start()
    for reviewer, _, source in pairs:
        card = await reviewer.sees("what kind of source it is", offers(Verb.SOURCE_KIND, source["kind"]))
        await reviewer.presses(card, Verb.SOURCE_KIND, source["kind"])
    for reviewer, _, source in pairs:
        card = await reviewer.sees("what it says of the claim", offers(Verb.SOURCE_STANCE, source["stance"]))
        await reviewer.presses(card, Verb.SOURCE_STANCE, source["stance"])
    play.transcript.check("both drafts went on where they were, and what was sent meanwhile came in")
    play.begin("Both explain themselves and hand in", minutes=6)
    for reviewer, _, _ in pairs:
        card = await reviewer.sees("how to go on", offers(Verb.STEP, Awaiting.EXPLANATION))
        await reviewer.presses(card, Verb.STEP, Awaiting.EXPLANATION)
    for reviewer, seed, _ in pairs:
        await reviewer.sees("the question for an explanation")
        await reviewer.writes(seed["explanation"])
    for reviewer, _, _ in pairs:
        card = await reviewer.sees("a preview", offers(Verb.SUBMIT))
        await reviewer.presses(card, Verb.SUBMIT)
    for reviewer, _, _ in pairs:
        await reviewer.sees("that the review is in", lambda message: not buttons_of(message, Verb.SUBMIT))

    async def agree(ledger: Ledger) -> bool:
        return (await ledger.claims.get(claim)).state is ClaimState.AGREED

    await play.holds("two reviews with the same rating: agreed", agree)


async def _cut_power(play: Play, claim: ClaimId) -> None:
    """Kill the bot in the middle of two drafts."""

    async def are_rated(ledger: Ledger) -> bool:
        reviewers = await _reviewers(play, ledger)
        drafts = [await ledger.reviews.find_live(claim, reviewer.id) for reviewer in reviewers]
        return [draft.rating for draft in drafts if draft] == [seed["rating"] for seed in play.demo["reviews"]]

    await play.until("both ratings are kept", are_rated)
    await play.stage.desk.kill()
    play.transcript.tell("The power fails: the bot's process is killed (kill -9). The reviewers notice nothing.")


async def approve(play: Play, claim: ClaimId, channel: Group) -> None:
    """The editor approves; who asked is answered, the channel has it."""
    play.begin("The editor approves", minutes=4)
    admin, asker = play.seat(ADMIN), play.seat(REQUESTER)
    card = await admin.sees("the reviews side by side", offers(Verb.APPROVE))
    await admin.presses(card, Verb.APPROVE)
    bengali = play.demo["reviews"][0]["explanation"]
    label = rating_label(words_for("bn", ZONE), play.demo["reviews"][0]["rating"])
    await asker.sees(
        f"the answer in Bengali: “{label}”, with the explanation",
        lambda message: bengali in message.text and label in message.text,
    )
    play.transcript.check("who asked is answered in Bengali")
    await asker.sees("the verdict, with the explanation", lambda message: bengali in message.text, chat=channel)
    play.transcript.check("the channel has the verdict")

    async def is_published(ledger: Ledger) -> bool:
        facts = await ledger.figures.status(claim)
        verdict = facts.verdict
        return (
            facts.claim.state is ClaimState.PUBLISHED
            and verdict is not None
            and verdict.rating == play.demo["reviews"][0]["rating"]
            and not await ledger.requests.list_unanswered(claim, verdict.version)
        )

    await play.holds(f"claim #{claim} is published, and nobody who asked is left without an answer", is_published)


async def look_up(play: Play, claim: ClaimId) -> None:
    """Anybody can ask where a claim stands."""
    play.begin("Anybody may look it up", minutes=2)
    stranger = play.seat(STRANGER)
    await stranger.writes(f"/status {claim}")
    shown = await stranger.sees("where the claim stands")
    if play.demo["reviews"][0]["sources"][0]["url"] not in shown.text + shown.html:
        raise Unmet(f"Expected the source under the verdict, got: {shown.text}")
    play.transcript.check("/status shows the verdict with its sources")


async def pass_the_hour(play: Play, claim: ClaimId, team: Group) -> None:
    """The hour of the digest comes while the bot is down; it is posted all the same, once."""
    play.begin("Nine o'clock", minutes=0.5)
    admin = play.seat(ADMIN)
    before = max((message.version for message in await team.messages()), default=0)
    if not await play.stage.desk.stop():
        raise Unmet("The bot should have stopped in order on SIGTERM; it had to be killed")
    play.transcript.tell("The bot is stopped (SIGTERM) for half a minute, and misses the hour.")
    play.stage.clock.move_to(play.digest_at + timedelta(seconds=5))
    play.transcript.tell("$ factdesk run")
    await play.stage.desk.start()
    digest = await admin.sees("the daily digest", lambda message: message.version > before, chat=team)
    if not {int(digits) for digits in re.findall(r"\d+", digest.text)} >= {claim, 14}:
        raise Unmet(f"Expected #{claim} and 14 new claims in the digest, got: {digest.text}")

    async def is_covered(ledger: Ledger) -> bool:
        (subscription,) = await ledger.subscriptions.list_of_chat(ChatId(team.id), None)
        return (subscription.covered_until, subscription.next_at) == (
            play.digest_at,
            play.digest_at + timedelta(days=1),
        )

    await play.holds("the schedule has made up for it: covered up to nine, the next digest is due tomorrow", is_covered)


async def look_over(play: Play, team: Group) -> None:
    """`factdesk check` finds nothing wrong, and the team has its digest once."""
    play.begin("Is everything in order?", minutes=0)
    play.transcript.tell("$ factdesk check")
    for line in (await play.stage.run("check")).splitlines():
        play.transcript.tell(f"  {line}")
    play.transcript.check("`factdesk check` finds nothing wrong")
    posts = [message for message in await team.messages() if message.by_bot]
    texts, charts = ([post.text for post in posts if (post.kind == "photo") is photo] for photo in (False, True))
    # The chart is drawn after the text was sent, and not at all where there is no font: it may be on its way.
    if len(texts) != 2 or len(charts) > 1:
        raise Unmet(
            f"Expected that the digest is set, the digest, and its chart at most, in “{team.title}”; "
            f"there are: {[*texts, *charts]}"
        )
    play.transcript.check("the digest was posted once")
