"""Rules that editors make: how they are read, what they fit, and that each acts once."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.desk_rules import REASONS
from bot.views.words import words_for
from jobs import review
from jobs.desk_rules import LONGEST, Act, Asks, Condition, Does, Spec, read_rule
from jobs.desk_ruling import MOST, add_rule, carry_out, show_rules, switch_rule, trials, try_rules
from jobs.lifecycle import Action
from jobs.policy import Policy
from jobs.requests import ask
from jobs.transitions import advance
from storage.desk_rules import DeskRule
from storage.errors import NotAllowed, NotFound, Refused, Stale
from storage.integrity import find_broken_invariants
from storage.kinds import ClaimState, ClosingReason, Role, RuleState, Severity
from storage.ledger import Ledger
from storage.model import Claim, Person
from storage.search import normal_form
from tests.support.builders import NOW, a_claim, a_document, a_person, a_request, an_editor

POLICY = Policy()
OFF, ON, REMOVED = RuleState


async def queued(ledger: Ledger, text: str | None = None, **changes: Any) -> Claim:
    return await advance(ledger, await a_claim(ledger, text, **changes), Action.QUEUE, NOW)


async def a_rule(ledger: Ledger, editor: Person, text: str) -> DeskRule:
    """A rule that is on."""
    rule = await add_rule(ledger, editor, text, NOW)
    await switch_rule(ledger, editor, rule.id, OFF, ON, NOW, POLICY)
    return rule


async def entries(ledger: Ledger, action: str) -> list[dict[str, Any]]:
    rows = await ledger.session.fetch_all(
        "SELECT data FROM audit WHERE action = :action ORDER BY id", {"action": action}
    )
    return [json.loads(row[0]) for row in rows]


@pytest.mark.parametrize(
    ("typed", "spec"),
    [
        (
            "text contains flood and requests >= 3 then severity high and notify",
            Spec(
                (Condition(Asks.TEXT, "flood"), Condition(Asks.REQUESTS, "3")),
                (Act(Does.SEVERITY, "high"), Act(Does.NOTIFY)),
            ),
        ),
        (
            "লেখা আছে বন্যা এবং প্রশ্ন ≥ ৩ তাহলে ক্ষতি বেশি ও জানাও",
            Spec(
                (Condition(Asks.TEXT, "বন্যা"), Condition(Asks.REQUESTS, "3")),
                (Act(Does.SEVERITY, "high"), Act(Does.NOTIFY)),
            ),
        ),
        (
            'SOURCE contains "Rumours and then" AND language is Bangla -> tag #health and close "out of scope"',
            Spec(
                (Condition(Asks.SOURCE, "rumours and then"), Condition(Asks.LANGUAGE, "bn")),
                (Act(Does.TAG, "health"), Act(Does.CLOSE, "out_of_scope")),
            ),
        ),
    ],
)
def test_a_rule_is_read_in_both_languages(typed: str, spec: Spec) -> None:
    assert read_rule(typed) == spec


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("reason", list(ClosingReason))
def test_every_reason_is_read_as_the_button_calls_it(reason: ClosingReason, language: str) -> None:
    label = words_for(language).text(REASONS[reason])
    for typed in (label, unicodedata.normalize("NFD", label), label.upper(), f'"{label}"'):
        assert read_rule(f"text contains a then close {typed} and notify").find(Does.CLOSE) == [reason]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "rule_unfinished"),
        ("text contains flood", "rule_unfinished"),
        ("then notify", "rule_unfinished"),
        ("text contains flood then", "rule_unfinished"),
        ("text contains then notify", "rule_unfinished"),
        ("text contains flood and then notify", "rule_unfinished"),
        ("text contains !!! then notify", "rule_unreadable"),
        ("text is flood then notify", "rule_unreadable"),
        ("words contains flood then notify", "rule_unreadable"),
        ("requests >= many then notify", "rule_unreadable"),
        ("requests >= 0 then notify", "rule_unreadable"),
        ("language is nobody's then notify", "rule_unreadable"),
        ("text contains a then severity terrible", "rule_unreadable"),
        ("text contains a then close boring", "rule_unreadable"),
        ("text contains a then severity low and severity high", "rule_unreadable"),
        ("text contains a then notify then notify", "rule_unreadable"),
        ("text contains a then notify me", "rule_unreadable"),
        ("text contains a then tag 2025", "rule_unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_rule(typed)


values = st.text("abc যকলand then", min_size=1, max_size=12).map(normal_form).filter(bool)
conditions = st.one_of(
    st.builds(Condition, st.sampled_from((Asks.TEXT, Asks.SOURCE)), values),
    st.builds(Condition, st.just(Asks.REQUESTS), st.integers(1, 999).map(str)),
    st.builds(Condition, st.just(Asks.LANGUAGE), st.sampled_from(("bn", "en", "hi"))),
)
acts = st.tuples(st.sampled_from(Severity), st.sampled_from(ClosingReason)).map(
    lambda each: (Act(Does.SEVERITY, str(each[0])), Act(Does.CLOSE, str(each[1])), Act(Does.NOTIFY))
)


@given(asked=st.lists(conditions, min_size=1, max_size=3, unique=True), done=acts, first=st.integers(0, 2))
def test_what_is_kept_is_read_as_the_same_rule(asked: list[Condition], done: tuple[Act, ...], first: int) -> None:
    spec = Spec(tuple(asked), done[first:])
    assert read_rule(spec.typed()) == spec


async def test_a_rule_acts_once_when_it_fits_and_says_so_in_the_audit_log(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim, other = await queued(ledger, "Floods hit the north."), await queued(ledger, "The flooded south is dry.")
    rule = await add_rule(
        ledger, editor, "text contains flood and requests >= 2 then severity high and tag water and notify", NOW
    )
    for _ in range(2):
        await ask(ledger, await a_person(ledger, role=Role.PUBLIC), claim, NOW)
    assert await carry_out(ledger, NOW, POLICY) == 0, "it is off until it is switched on"
    await switch_rule(ledger, editor, rule.id, OFF, ON, NOW, POLICY)
    assert await carry_out(ledger, NOW, POLICY) == 0, "it acts when it is switched on, and once"
    assert (await ledger.claims.get(claim.id)).severity is Severity.HIGH
    assert (await ledger.claims.get(other.id)).severity is Severity.NORMAL
    assert await ledger.tags.list_of(claim.id) == ["water"]
    assert await entries(ledger, "claim.severity") == [{"was": "normal", "severity": "high", "rule": rule.id}]
    assert [each["rule"] for each in await entries(ledger, "claim.tagged")] == [rule.id]
    told = await ledger.session.fetch_all("SELECT chat_id, payload FROM outbox WHERE kind = 'rule_acted'")
    assert [(row[0], json.loads(row[1])) for row in told] == [
        (editor.telegram_id, {"rule": rule.id, "claims": [claim.id]})
    ]
    await ledger.claims.mark_severity(claim.id, Severity.LOW)
    assert await carry_out(ledger, NOW, POLICY) == 0, "an editor's own judgement stays"
    assert (await ledger.claims.get(claim.id)).severity is Severity.LOW
    await ask(ledger, await a_person(ledger, role=Role.PUBLIC), other, NOW)
    assert await carry_out(ledger, NOW, POLICY) == 0
    await ask(ledger, await a_person(ledger, role=Role.PUBLIC), other, NOW)
    assert await carry_out(ledger, NOW, POLICY) == 1


async def test_a_rule_closes_by_source_and_who_asked_is_told(ledger: Ledger) -> None:
    editor, asker = await an_editor(ledger), await a_person(ledger, role=Role.PUBLIC)
    satire = await a_document(ledger, title=None, publisher=None, url="https://www.daily-joke.example/today")
    joke = await queued(ledger, "Cows may now vote.", document=satire)
    plain = await queued(ledger, "Cows may now be milked.")
    agreed = await a_claim(ledger, "Cows may fly.", document=satire, position=1, state=ClaimState.AGREED)
    await ask(ledger, asker, joke, NOW)
    await a_rule(ledger, editor, 'source contains "daily-joke.example" then close out_of_scope')
    closed = await ledger.claims.get(joke.id)
    assert (closed.state, closed.closing_reason) == (ClaimState.CLOSED, ClosingReason.OUT_OF_SCOPE)
    for each in (plain, agreed):
        assert (await ledger.claims.get(each.id)).state is each.state
    told = await ledger.session.fetch_all("SELECT chat_id FROM outbox WHERE kind = 'claims_closed'")
    assert told == [(asker.telegram_id,)]
    assert (await entries(ledger, "claim.close"))[0]["rule"] == 1


async def test_the_language_counts_and_a_test_changes_nothing(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    claim = await queued(ledger, "ঢাকায় বন্যা।", language="bn")
    fits = await add_rule(ledger, editor, "language is bn then severity critical", NOW)
    other = await add_rule(ledger, editor, "language is en then severity low", NOW)
    counted = "SELECT (SELECT count(*) FROM audit), (SELECT group_concat(severity) FROM claims)"
    before = await ledger.session.fetch_all(counted)
    await try_rules(ledger, editor, claim.id, NOW)
    found = await trials(ledger, await ledger.claims.get(claim.id))
    assert [(each.rule.id, each.fits, each.acted) for each in found] == [
        (fits.id, True, False),
        (other.id, False, False),
    ]
    assert await ledger.session.fetch_all(counted) == before
    await switch_rule(ledger, editor, fits.id, OFF, ON, NOW, POLICY)
    await carry_out(ledger, NOW, POLICY)
    assert [each.acted for each in await trials(ledger, await ledger.claims.get(claim.id))] == [True, False]
    assert await find_broken_invariants(ledger, quorum=POLICY.quorum) == []


async def test_switching_twice_is_switching_once_and_the_slower_editor_is_told(ledger: Ledger) -> None:
    one, two = await an_editor(ledger), await an_editor(ledger)
    rule = await add_rule(ledger, one, "text contains flood then notify", NOW)
    for _ in range(2):
        await switch_rule(ledger, one, rule.id, OFF, ON, NOW, POLICY)
    await switch_rule(ledger, one, rule.id, ON, REMOVED, NOW, POLICY)
    with pytest.raises(Stale, match="rule_changed"):
        await switch_rule(ledger, two, rule.id, OFF, ON, NOW, POLICY)
    assert [each["state"] for each in await entries(ledger, "rule.switched")] == ["on", "removed"]
    assert await ledger.desk_rules.list_all() == []
    await queued(ledger, "A flood came.")
    assert await carry_out(ledger, NOW, POLICY) == 0


async def test_only_editors_make_rules_and_not_without_end(ledger: Ledger) -> None:
    editor, reviewer = await an_editor(ledger), await a_person(ledger)
    rule = await add_rule(ledger, editor, "text contains flood then notify", NOW)
    claim = await queued(ledger)
    for act in (
        lambda: add_rule(ledger, reviewer, "text contains rain then notify", NOW),
        lambda: switch_rule(ledger, reviewer, rule.id, OFF, ON, NOW, POLICY),
        lambda: show_rules(ledger, reviewer, NOW),
        lambda: try_rules(ledger, reviewer, claim.id, NOW),
    ):
        with pytest.raises(NotAllowed):
            await act()
    with pytest.raises(Refused, match="rule_too_long"):
        await add_rule(ledger, editor, "text contains " + "a" * LONGEST + " then notify", NOW)
    with pytest.raises(Refused, match="rule_known"):
        await add_rule(ledger, editor, 'TEXT contains "Flood" → notify', NOW)
    for number in range(MOST - 1):
        await add_rule(ledger, editor, f"requests >= {number + 1} then notify", NOW)
    with pytest.raises(Refused, match="rule_too_many"):
        await add_rule(ledger, editor, "text contains rain then notify", NOW)


# Assigning


async def test_a_rule_offers_what_fits_to_whom_it_names_one_at_a_time(ledger: Ledger) -> None:
    editor, expert = await an_editor(ledger), await a_person(ledger, on_duty=True, username="expert")
    first, second = [await a_claim(ledger, f"The flood took bridge {n} away.", state=ClaimState.QUEUED) for n in (1, 2)]
    waiting = await a_claim(ledger, "The flood of tomorrow.", state=ClaimState.TRIAGE)
    rule = await add_rule(ledger, editor, "text contains flood then assign @Expert and tag water", NOW)
    assert rule.text == f'text contains "flood" then assign "№{expert.id}" and tag "water"', "names change"
    await switch_rule(ledger, editor, rule.id, OFF, ON, NOW, POLICY)
    live = [each.claim_id for each in await ledger.assignments.list_live_of(expert.id)]
    assert len(live) == 1
    for each in (first, second, waiting):
        assert await ledger.tags.list_of(each.id) == ["water"], "the rest of the rule waits for nobody"
    assert await carry_out(ledger, NOW, POLICY) == 0, "the next one comes when they have answered"
    (offer,) = await ledger.assignments.list_live_of(expert.id)
    await review.pass_on(ledger, expert, offer.id, NOW, POLICY)
    for each in await ledger.assignments.list_live_of(expert.id):
        await review.pass_on(ledger, expert, each.id, NOW, POLICY)
    await carry_out(ledger, NOW, POLICY)
    history = {claim.id for claim in (first, second) if await ledger.assignments.list_for_claim(claim.id)}
    assert history == {first.id, second.id}
    assert await ledger.assignments.list_for_claim(waiting.id) == []
    for each in await ledger.assignments.list_live_of(expert.id):
        await review.pass_on(ledger, expert, each.id, NOW, POLICY)
    await advance(ledger, waiting, Action.QUEUE, NOW)
    assert await carry_out(ledger, NOW, POLICY) == 1
    assert await ledger.assignments.find_live(waiting.id, expert.id) is not None
    assert await carry_out(ledger, NOW, POLICY) == 0


async def test_editors_are_told_what_a_rule_could_not_give_and_it_is_done_with_it(ledger: Ledger) -> None:
    editor, expert = await an_editor(ledger), await a_person(ledger, on_duty=True, username="expert")
    claim = await a_claim(ledger, "The flood took the bridge.", state=ClaimState.QUEUED)
    await a_request(ledger, claim, expert)
    rule = await add_rule(ledger, editor, "text contains flood then assign @expert", NOW)
    await switch_rule(ledger, editor, rule.id, OFF, ON, NOW, POLICY)
    assert await ledger.assignments.list_live_of(expert.id) == []
    rows = await ledger.session.fetch_all("SELECT payload FROM outbox WHERE kind = 'notice'")
    assert [json.loads(payload)["code"] for (payload,) in rows] == ["assign_own"]
    assert await carry_out(ledger, NOW, POLICY) == 0


async def test_only_a_reviewer_can_be_named(ledger: Ledger) -> None:
    editor = await an_editor(ledger)
    await a_person(ledger, role=Role.PUBLIC, username="reader")
    with pytest.raises(Refused, match="assign_no_reviewer"):
        await add_rule(ledger, editor, "text contains flood then assign @reader", NOW)
    with pytest.raises(NotFound, match="person_unknown"):
        await add_rule(ledger, editor, "text contains flood then assign @nobody", NOW)
    with pytest.raises(Refused, match="rule_unfinished"):
        await add_rule(ledger, editor, "text contains flood then assign", NOW)
