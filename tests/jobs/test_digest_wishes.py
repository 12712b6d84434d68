"""What an editor wishes of a digest: limits that every number keeps, an intro, the order of its sections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.digest_claims import claims_behind
from jobs.digest_content import SECTIONS, Period, Section, arranged, content_of
from jobs.digest_wishes import (
    LONGEST_INTRO,
    MOST,
    choices,
    in_our_order,
    limit_to,
    move_up,
    read_languages,
    read_topics,
    set_intro,
    switch_language,
    switch_topic,
)
from jobs.policy import Policy
from jobs.subscriptions import end, subscribe
from storage.digest_wishes import DigestWishes, Limit, wishes_of
from storage.errors import NotAllowed, Refused, Stale
from storage.kinds import Audience, Cadence, ClaimState, Role
from storage.ledger import Ledger
from storage.model import AuditId, ChatId, ClaimId, DigestId, Subscription
from storage.values import Marks, Schedule
from tests.support.builders import NOW, a_claim, a_person, a_request, a_verdict, an_editor, an_offer
from tests.support.digests import post_due

DAY = timedelta(days=1)
POLICY = Policy(target=3 * DAY, page_size=2)
TEAM = ChatId(-500)
DAILY = Schedule(Cadence.DAILY, "UTC", 0)


async def a_daily(ledger: Ledger) -> Subscription:
    return await subscribe(ledger, await an_editor(ledger), TEAM, None, DAILY, NOW)


async def one_of_everything(ledger: Ledger, language: str, tag: str) -> None:
    """A claim for each section, all in one language and with one tag."""
    claims = []
    for version in (1, 2):
        claims.append(claim := await a_claim(ledger, state=ClaimState.PUBLISHED, language=language))
        for number in range(1, version + 1):
            await a_verdict(ledger, claim, rating="false")
            await ledger.audit.append("claim.publish", "claim", claim.id, NOW, data={"version": number})
    claims.append(agreed := await a_claim(ledger, state=ClaimState.AGREED, language=language))
    await ledger.audit.append("verdict.decided", "claim", agreed.id, NOW, data={"rating": "false"})
    claims.append(await a_claim(ledger, state=ClaimState.DISPUTED, language=language))
    claims.append(old := await a_claim(ledger, state=ClaimState.QUEUED, language=language, now=NOW - 5 * DAY))
    await a_request(ledger, old)
    await ledger.audit.append("claim.merge", "claim", old.id, NOW)
    for claim in claims:
        await ledger.tags.add(claim.id, [tag])


async def test_every_number_and_the_list_behind_it_keep_the_limit(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    daily = await a_daily(ledger)
    for language, tag in (("en", "health"), ("bn", "health"), ("bn", "flood")):
        await one_of_everything(ledger, language, tag)
    await limit_to(ledger, editor, daily.id, NOW, languages=["bn"], topics=["health", "election"])
    await post_due(ledger, daily.next_at, POLICY)
    digest = await ledger.subscriptions.get_digest(DigestId(1))
    told = digest.content["sections"]
    assert {section: told[section]["total"] for section in told} == {
        "published": 2,
        "corrected": 1,
        "new": 5,
        "decided": 1,
        "disputed": 1,
        "demanded": 1,
        "waiting": 1,
        "absorbed": 1,
    }
    assert sum(told["waiting"]["ages"]) == 1
    # The list is that of the number, whatever becomes of the tags.
    for claim_id in told["new"]["ids"]:
        await ledger.tags.remove(claim_id, ["health"])
    for section, part in told.items():
        page = await claims_behind(ledger, digest.id, Section(section), 0, POLICY)
        assert page.total == part["total"]
        assert {line.claim.language for line in page.lines} == {"bn"}


async def test_a_limited_digest_tells_nothing_of_the_desk_as_a_whole(ledger: Ledger) -> None:
    period = Period(NOW - DAY, NOW + DAY, Marks(AuditId(0), ClaimId(0)), await ledger.news.marks(), "UTC")
    limited = await content_of(ledger, period, POLICY, wishes=DigestWishes(Limit(("bn",))))
    assert not {"agreement", "undelivered"} & set(limited["order"])
    assert limited["only"] == {"languages": ["bn"], "topics": []}


async def test_what_is_with_a_reviewer_keeps_the_limit_too(ledger: Ledger) -> None:
    me = await a_person(ledger)
    await an_offer(ledger, await a_claim(ledger, language="en"), person=me)
    await an_offer(ledger, await a_claim(ledger, language="bn"), person=me)
    period = Period(NOW - DAY, NOW + DAY, Marks(AuditId(0), ClaimId(0)), await ledger.news.marks(), "UTC")
    wishes = DigestWishes(Limit(("bn",)))
    content = await content_of(ledger, period, POLICY, chat_id=ChatId(me.telegram_id), wishes=wishes)
    assert content["sections"]["mine"]["total"] == 1


async def test_languages_and_topics_are_switched_one_by_one_and_cleared(ledger: Ledger) -> None:
    editor, daily = await an_editor(ledger), await a_daily(ledger)
    await switch_language(ledger, editor, daily.id, "bn", NOW, on=True)
    for on in (True, True, False, True):
        known = await switch_language(ledger, editor, daily.id, "en", NOW, on=on)
    assert known.languages == ["bn", "en"]
    known = await switch_topic(ledger, editor, daily.id, "বন্যা", NOW, on=True)
    assert (known.languages, known.topics) == (["bn", "en"], ["বন্যা"])
    assert not wishes_of(await limit_to(ledger, editor, daily.id, NOW, languages=(), topics=())).only
    noted = await ledger.session.fetch_all("SELECT 1 FROM audit WHERE action = 'subscription.wished'")
    assert len(noted) == 6, "what changed nothing is not noted"
    for press in (switch_language, switch_topic):
        with pytest.raises(Stale):
            await press(ledger, editor, daily.id, "two words", NOW, on=True)


async def test_who_is_no_editor_wishes_nothing_and_nobody_of_what_has_ended(ledger: Ledger) -> None:
    editor, daily = await an_editor(ledger), await a_daily(ledger)
    with pytest.raises(NotAllowed):
        await set_intro(ledger, await a_person(ledger, role=Role.REVIEWER), daily.id, "x", NOW)
    await end(ledger, editor, daily.id, NOW)
    with pytest.raises(Stale):
        await limit_to(ledger, editor, daily.id, NOW, languages=["bn"])
    assert not wishes_of(await ledger.subscriptions.get(daily.id)).only


def test_languages_are_typed_as_codes_or_names_and_topics_with_or_without_a_sign() -> None:
    names = {"bengali": "bn"}.get
    assert read_languages(["BN", "en-GB", "Bengali"], names) == ("bn", "en")
    assert read_topics(["#Health", "health", "বন্যা"]) == ("health", "বন্যা")
    for refused, code in (
        (lambda: read_languages(["Klingonese"], names), "digest_language_unknown"),
        (lambda: read_topics(["42"]), "digest_topic_invalid"),
        (lambda: read_topics([f"t{number}x" for number in range(MOST + 1)]), "digest_limit_too_many"),
    ):
        with pytest.raises(Refused, match=code):
            refused()


async def test_the_topics_of_the_newest_claims_are_offered_those_chosen_first(ledger: Ledger) -> None:
    editor, daily = await an_editor(ledger), await a_daily(ledger)
    for tags in (["flood"], ["flood", "dhaka"]):
        await ledger.tags.add((await a_claim(ledger)).id, tags)
    known = await limit_to(ledger, editor, daily.id, NOW, languages=["hi"], topics=["dhaka", "rare"])
    offered = await choices(ledger, known, ("en", "bn"))
    assert (offered.languages, offered.topics) == (["hi", "en", "bn"], ["dhaka", "rare", "flood"])


async def test_an_intro_is_frozen_with_the_digest_and_has_a_length(ledger: Ledger) -> None:
    editor, daily = await an_editor(ledger), await a_daily(ledger)
    await set_intro(ledger, editor, daily.id, "  Good morning!\nAll of it: ", NOW)
    await post_due(ledger, daily.next_at, POLICY)
    with pytest.raises(Refused, match="digest_intro_too_long"):
        await set_intro(ledger, editor, daily.id, "x" * (LONGEST_INTRO + 1), NOW)
    assert (await set_intro(ledger, editor, daily.id, " ", NOW)).intro is None
    assert (await ledger.subscriptions.get_digest(DigestId(1))).content["intro"] == "Good morning!\nAll of it:"


async def test_a_section_moves_up_one_place_and_a_second_tap_does_nothing(ledger: Ledger) -> None:
    editor, daily = await an_editor(ledger), await a_daily(ledger)
    assert daily.audience is Audience.REVIEWERS
    await move_up(ledger, editor, daily.id, Section.CORRECTED, 2, NOW)
    with pytest.raises(Stale, match="digest_changed"):
        await move_up(ledger, editor, daily.id, Section.CORRECTED, 2, NOW)
    with pytest.raises(Stale, match="digest_changed"):
        await move_up(ledger, editor, daily.id, Section.MINE, 0, NOW)
    await post_due(ledger, daily.next_at, POLICY)
    order = (await ledger.subscriptions.get_digest(DigestId(1))).content["order"]
    assert order[:2] == ["corrected", "published"]
    assert (await in_our_order(ledger, editor, daily.id, NOW)).arranged == []


@given(st.lists(st.sampled_from([*Section, "gone"])), st.sampled_from(Audience))
def test_an_order_holds_each_section_of_the_audience_once(first: list[str], audience: Audience) -> None:
    order = arranged(SECTIONS[audience], first)
    assert sorted(order) == sorted(SECTIONS[audience])
    rest = [each for each in SECTIONS[audience] if each not in first]
    assert order[len(order) - len(rest) :] == rest


async def test_wishes_outlive_a_clock_that_was_set_back(ledger: Ledger) -> None:
    editor, daily = await an_editor(ledger), await a_daily(ledger)
    await limit_to(ledger, editor, daily.id, NOW, languages=["bn"], topics=["flood"])
    known = await set_intro(ledger, editor, daily.id, "Hello", NOW)
    await post_due(ledger, NOW + 30 * DAY, POLICY)
    await post_due(ledger, NOW, POLICY)
    [fresh] = await ledger.subscriptions.list_of_chat(TEAM, None)
    assert fresh.id != daily.id
    assert wishes_of(fresh) == wishes_of(known)
