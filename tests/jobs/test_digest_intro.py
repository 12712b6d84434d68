"""An editor is asked for the first words of a digest, and their next text there is the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.digest_intro import ask_intro
from jobs.digest_wishes import LONGEST_INTRO
from jobs.listen import ANSWER_WITHIN, hear, hear_reply
from jobs.policy import Policy
from jobs.subscriptions import end
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import Awaiting, Role
from storage.ledger import Ledger
from storage.model import ChatId, Person, Subscription
from tests.support.builders import NOW, a_message_on_its_way, a_person, a_review, a_subscription, an_editor

TEAM, CARD = ChatId(-500), 7
POLICY = Policy()


def home(person: Person) -> ChatId:
    return ChatId(person.telegram_id)


async def say(
    ledger: Ledger, person: Person, text: str, *, forwarded: bool = False, after: timedelta | None = None
) -> None:
    await hear(ledger, person, text, None, NOW + (after or timedelta(0)), POLICY, forwarded=forwarded)


async def intro(ledger: Ledger, of: Subscription) -> str | None:
    return (await ledger.subscriptions.get(of.id)).intro


async def submissions(ledger: Ledger) -> int:
    rows = await ledger.session.fetch_all("SELECT count(*) FROM submissions")
    return int(rows[0][0])


async def asked(ledger: Ledger, chat: ChatId | None = None) -> tuple[Person, Subscription]:
    editor, daily = await an_editor(ledger), await a_subscription(ledger, TEAM)
    await ask_intro(ledger, editor, daily.id, (chat or home(editor), CARD), None, NOW)
    return editor, daily


async def test_the_next_text_in_private_is_the_intro_and_the_one_after_is_not(ledger: Ledger) -> None:
    editor, daily = await asked(ledger)
    await say(ledger, editor, "  Good morning!\n<b>a & b</b> ")
    assert await intro(ledger, daily) == "Good morning!\n<b>a & b</b>"
    rows = await ledger.session.fetch_all("SELECT chat_id, kind FROM outbox")
    assert rows == [(editor.telegram_id, "digest_intro")]
    await say(ledger, editor, "The bridge over the river was closed for 30 days.")
    assert await intro(ledger, daily) == "Good morning!\n<b>a & b</b>"
    assert await submissions(ledger) == 1


async def test_nobody_else_is_asked_and_nobody_but_an_editor(ledger: Ledger) -> None:
    _, daily = await asked(ledger)
    other, reviewer = await an_editor(ledger), await a_person(ledger)
    await say(ledger, other, "Good morning!")
    assert await intro(ledger, daily) is None
    with pytest.raises(NotAllowed):
        await ask_intro(ledger, reviewer, daily.id, (home(reviewer), CARD), None, NOW)


async def test_a_text_that_is_too_long_or_a_forward_changes_nothing_and_the_question_stands(ledger: Ledger) -> None:
    editor, daily = await asked(ledger)
    with pytest.raises(Refused, match="digest_intro_too_long"):
        await say(ledger, editor, "a" * (LONGEST_INTRO + 1))
    with pytest.raises(Refused, match="intro_waiting"):
        await say(ledger, editor, "Good morning!", forwarded=True)
    assert await intro(ledger, daily) is None
    await say(ledger, editor, "a" * LONGEST_INTRO)
    assert await intro(ledger, daily) == "a" * LONGEST_INTRO


async def test_what_is_said_long_afterwards_is_no_intro(ledger: Ledger) -> None:
    editor, daily = await asked(ledger)
    late = ANSWER_WITHIN + timedelta(seconds=1)
    await say(ledger, editor, "Is this so?", after=late)
    assert (await intro(ledger, daily), await submissions(ledger)) == (None, 1)
    assert await ledger.intros.find(editor.id) is None


async def test_a_step_of_a_review_waits_meanwhile_and_going_on_with_it_ends_the_question(ledger: Ledger) -> None:
    editor, daily = await asked(ledger)
    draft = await a_review(ledger, person=editor, submitted=False)
    await ledger.people.mark_focus(editor.id, draft.claim_id, Awaiting.EXPLANATION, NOW)
    await ask_intro(ledger, editor, daily.id, (home(editor), CARD), None, NOW)
    await say(ledger, editor, "Good morning!")
    assert await intro(ledger, daily) == "Good morning!"
    focus = await ledger.people.find_focus(editor.id)
    assert focus is not None
    assert focus.awaiting is Awaiting.EXPLANATION

    await ask_intro(ledger, editor, daily.id, (home(editor), CARD), None, NOW)
    await ledger.people.mark_focus(editor.id, draft.claim_id, Awaiting.SOURCE, NOW)
    await say(ledger, editor, "https://example.org/log the road office's log")
    assert await intro(ledger, daily) == "Good morning!"


@pytest.mark.parametrize("change", ["ended", "demoted"])
async def test_a_digest_that_has_ended_and_an_editor_who_is_none_any_more_get_no_intro(
    ledger: Ledger, change: str
) -> None:
    editor, daily = await asked(ledger)
    if change == "ended":
        await end(ledger, editor, daily.id, NOW)
    else:
        await ledger.people.mark_role(editor.id, Role.REVIEWER)
    editor = await ledger.people.get(editor.id)
    await say(ledger, editor, "Good morning!")
    assert await intro(ledger, daily) is None
    assert await ledger.intros.find(editor.id) is None
    told = await ledger.session.fetch_all("SELECT payload ->> 'code' FROM outbox WHERE kind = 'notice'")
    assert told == ([("digest_ended",)] if change == "ended" else [])
    if change == "ended":
        with pytest.raises(Stale, match="digest_ended"):
            await ask_intro(ledger, editor, daily.id, (home(editor), CARD), None, NOW)


async def test_in_a_group_only_a_reply_of_who_was_asked_to_what_asked_them_is_the_intro(ledger: Ledger) -> None:
    editor, daily = await asked(ledger, TEAM)
    other = await an_editor(ledger)

    async def answer(person: Person, to: int = CARD, chat: ChatId = TEAM) -> None:
        await hear_reply(ledger, person, chat, to, "Good morning!", NOW)

    await answer(other)
    await answer(editor, CARD + 1)
    await answer(editor, CARD, ChatId(-501))
    await say(ledger, editor, "Is this so?")
    assert await intro(ledger, daily) is None
    await answer(editor)
    assert await intro(ledger, daily) == "Good morning!"
    rows = await ledger.session.fetch_all("SELECT kind FROM outbox WHERE chat_id = :team", {"team": TEAM})
    assert rows == [("digest_intro",)]


async def test_a_question_that_was_sent_anew_is_answered_there(ledger: Ledger) -> None:
    editor, daily = await asked(ledger, TEAM)
    row = await a_message_on_its_way(ledger, TEAM, "digest_intro_asked", card=f"message:{CARD}")
    await ledger.outbox.mark_sent(row, [CARD + 9], NOW)
    await hear_reply(ledger, editor, TEAM, CARD + 9, "Good morning!", NOW)
    assert await intro(ledger, daily) == "Good morning!"
